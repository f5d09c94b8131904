/* A session in its live room: its state, the events that change it, the host's commands. */
#include "base/json.h"
#include "base/mem.h"
#include "features/sessions/sessions_room.h"
#include "features/sessions/sessions_store.h"
#include "room/feature.h"
#include <string.h>

#define VERSION_MAX (((int64_t)1 << 53) - 1)

struct sessions_room {
    json_t *shown; /* common.session of the snapshot */
};

static struct sessions_room *state_of(const struct room *room)
{
    return room_get(room, &sessions_feature);
}

/* --- opening --- */

enum err sessions_load(struct db_conn *c, const struct id *session, void **loaded)
{
    struct session_row *row = mem_new(sizeof *row);
    enum err err = session_load(c, session, row);
    if (err)
        free(row);
    else
        *loaded = row;
    return err;
}

void sessions_drop(void *loaded)
{
    struct session_row *row = loaded;
    json_decref(row->shown);
    free(row);
}

void sessions_take(struct room *room, void *loaded)
{
    struct sessions_room *s = mem_new(sizeof *s);
    struct session_row *row = loaded;
    s->shown = json_object();
    room_set(room, &sessions_feature, s);
    if (!row)
        return;
    room->organisation = row->organisation;
    session_update(room, s->shown, row->shown);
    sessions_drop(row);
}

void sessions_close(struct room *room)
{
    struct sessions_room *s = state_of(room);
    json_decref(s->shown);
    free(s);
}

/* --- events --- */

void session_apply(struct room *room, struct event *event)
{
    session_update(room, state_of(room)->shown, event->payload);
}

/* The verbs' events say when, not which state follows. */
static void apply_state(struct room *room, const struct event *event, enum session_state state)
{
    json_t *shown = state_of(room)->shown;
    json_object_set_new(shown, "state", json_string(session_state_word(state)));
    session_update(room, shown, event->payload);
}

void session_apply_started(struct room *room, struct event *event)
{
    apply_state(room, event, SESSION_LIVE);
}

void session_apply_ended(struct room *room, struct event *event)
{
    apply_state(room, event, SESSION_ENDED);
}

json_t *session_encode_changed(const struct room *room, const struct event *event)
{
    (void)room;
    return session_changed_data(event->payload);
}

/* What is being prepared is not announced. */
json_t *session_notice_shown(const struct event *event)
{
    const char *state = json_string_value(json_object_get(event->payload, "state"));
    return state && strcmp(state, "draft") != 0 ? session_notice_data(event->payload) : NULL;
}

json_t *session_notice_verb(const struct event *event)
{
    return json_incref(event->payload);
}

/* --- commands --- */

static json_t *on_done(struct lane_call *lc)
{
    struct session_command *command = container_of(lc, struct session_command, lc);
    return json_pack("{s:I}", "version", (json_int_t)command->version + 1);
}

static const struct lane_call_kind command_kind = {
    .lane = {.name = "session.command", .run_each = lane_call_run, .locks = true},
    .run = session_command_write,
    .ok = on_done,
};

static void submit(struct call *call, enum session_verb verb)
{
    struct json_reader r = json_reader(call->data);
    int64_t version = json_read_int(&r, "version", 0, VERSION_MAX);
    int64_t planned =
        verb == SESSION_EXTEND
            ? json_read_int(&r, "planned_minutes", PLANNED_MINUTES_MIN, PLANNED_MINUTES_MAX)
            : 0;
    if (!json_reader_end(&r)) {
        call_fail_field(call, r.field, r.reason);
        return;
    }
    struct session_command *command = mem_new(sizeof *command);
    command->verb = verb;
    command->version = version;
    command->planned_minutes = planned;
    lane_call_submit(call, &command->lc, &command_kind);
}

void session_start_command(struct call *call)
{
    submit(call, SESSION_START);
}

void session_extend_command(struct call *call)
{
    submit(call, SESSION_EXTEND);
}

void session_end_command(struct call *call)
{
    submit(call, SESSION_END);
}

/* --- snapshots --- */

void sessions_snapshot(struct room *room, unsigned audience, json_t *common)
{
    (void)audience;
    json_t *shown = state_of(room)->shown;
    /* Other features' commands count the version up, too. */
    json_object_set_new(shown, "version", json_integer(room->version));
    json_object_set(common, "session", shown);
}

void sessions_snapshot_own(struct room *room, const struct member *member, json_t *own)
{
    (void)room;
    json_object_set_new(own, "me", session_me(&member->who, member->name));
}
