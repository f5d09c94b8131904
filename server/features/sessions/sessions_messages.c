#include "base/json.h"
#include "base/mem.h"
#include "features/sessions/sessions_store.h"
#include "room/load.h"
#include <string.h>

#define CONDUCTORS  (ROLE_ORGANISER | ROLE_HOST)
#define RETRY_US    US_PER_S
#define VERSION_MAX (((int64_t)1 << 53) - 1)

struct sessions_room {
    json_t *shown;
    int64_t known_seq;    /* of the last session.* event published */
    bool reloading;       /* one reload is in the lane */
    bool stale, announce; /* wanted: the next one, and whether it may log session.changed */
    int64_t retry_at;
};

static struct sessions_room *state_of(const struct room *room)
{
    return room_get(room, &sessions_feature);
}

/* --- opening --- */

struct opening {
    struct room_load load;
    struct session_row row;
};

static enum err read_row(struct room_load *load, struct db_conn *c)
{
    struct opening *o = container_of(load, struct opening, load);
    return session_load(c, &load->session, &o->row);
}

static void take_row(struct room *room, const struct session_row *row)
{
    struct sessions_room *s = state_of(room);
    json_decref(s->shown);
    s->shown = json_incref(row->shown);
    room->state = row->state;
    room->version = row->version;
    room->starts_at = row->starts_at;
    room->live_at = row->live_at;
    room->ended_at = row->ended_at;
    room->organisation = row->organisation;
    room->congress = row->congress;
}

static void take_opening(struct room_load *load, enum err err)
{
    struct opening *o = container_of(load, struct opening, load);
    if (err == ERR_OK) {
        take_row(load->room, &o->row);
        load->room->seq = o->row.seq;
        state_of(load->room)->known_seq = o->row.seq;
    }
    json_decref(o->row.shown);
}

static void on_open(struct room *room)
{
    room_set(room, &sessions_feature, mem_new(sizeof(struct sessions_room)));
    struct opening *o = mem_new(sizeof *o);
    o->load.read = read_row;
    o->load.take = take_opening;
    room_load(room, &o->load);
}

static void on_close(struct room *room)
{
    struct sessions_room *s = state_of(room);
    json_decref(s->shown);
    free(s);
}

/* --- reloading: the row was changed by HTTP, or by a commit whose answer was lost --- */

struct reload {
    struct session_reload reload;
    struct room *room;
};

static void reload_free(struct reload *r)
{
    json_decref(r->reload.known);
    json_decref(r->reload.missed);
    json_decref(r->reload.row.shown);
    free(r);
}

static void publish(struct room *room, int64_t seq, int64_t at, const char *type, json_t *data)
{
    struct sessions_room *s = state_of(room);
    session_apply(room, s->shown, type, data);
    s->known_seq = seq;
    room_publish(room, seq, at, type, ROLE_ANY, data);
}

static void publish_missed(struct room *room, const struct session_reload *reload)
{
    struct sessions_room *s = state_of(room);
    size_t i;
    json_t *event;
    json_array_foreach(reload->missed, i, event)
    {
        int64_t seq = json_integer_value(json_object_get(event, "seq"));
        if (seq > s->known_seq)
            publish(room, seq, json_integer_value(json_object_get(event, "at")),
                    json_string_value(json_object_get(event, "type")),
                    json_incref(json_object_get(event, "data")));
    }
}

static void on_reloaded(struct lane_item *item)
{
    struct session_reload *reload = container_of(item, struct session_reload, item);
    struct reload *r = container_of(reload, struct reload, reload);
    struct room *room = r->room;
    struct sessions_room *s = state_of(room);
    s->reloading = false;
    if (item->err == ERR_OK) {
        publish_missed(room, reload);
        if (reload->row.version >= room->version)
            take_row(room, &reload->row);
        room_touch(room);
    } else if (item->err != ERR_NOT_FOUND) {
        s->stale = true;
        s->announce |= reload->announce;
        s->retry_at = room_now(room) + RETRY_US;
    }
    reload_free(r);
    room_let_go(room);
}

static void start_reload(struct room *room)
{
    struct sessions_room *s = state_of(room);
    struct reload *r = mem_new(sizeof *r);
    r->room = room;
    r->reload.item.kind = &session_reload_kind;
    r->reload.item.done = on_reloaded;
    r->reload.session = room->session;
    r->reload.at = room_now(room);
    r->reload.known_seq = s->known_seq;
    r->reload.known = json_deep_copy(s->shown);
    r->reload.announce = s->announce;
    if (lane_submit(room->lane, &r->reload.item) != ERR_OK) {
        s->retry_at = room_now(room) + RETRY_US;
        reload_free(r);
        return;
    }
    room_hold(room);
    s->reloading = true;
    s->stale = s->announce = false;
}

static void want_reload(struct room *room, bool announce)
{
    struct sessions_room *s = state_of(room);
    s->stale = true;
    s->announce |= announce;
    if (!s->reloading)
        start_reload(room);
}

static void on_tick(struct room *room)
{
    struct sessions_room *s = state_of(room);
    if (s->stale && !s->reloading && room_now(room) >= s->retry_at)
        start_reload(room);
}

static void on_changed(struct room *room, const char *topic, const json_t *data)
{
    (void)data;
    if (strcmp(topic, "session") == 0)
        want_reload(room, true);
}

/* --- commands --- */

struct change {
    struct session_change change;
    struct call *call;
};

static void change_free(struct change *c)
{
    json_decref(c->change.data);
    json_decref(c->change.first);
    free(c);
}

static void publish_change(struct room *room, const struct session_change *change)
{
    size_t i;
    json_t *event;
    json_array_foreach(change->first, i, event)
    {
        room_publish(room, json_integer_value(json_object_get(event, "seq")), change->at,
                     json_string_value(json_object_get(event, "type")), ROLE_ANY,
                     json_incref(json_object_get(event, "data")));
    }
    publish(room, change->seq, change->at, session_verb_event(change->verb),
            json_incref(change->data));
}

static void on_changed_row(struct lane_item *item)
{
    struct session_change *change = container_of(item, struct session_change, item);
    struct change *c = container_of(change, struct change, change);
    struct call *call = c->call;
    struct room *room = call->room;
    if (item->err == ERR_OK) {
        publish_change(room, change);
        call_ok(call, json_pack("{s:I}", "version", (json_int_t)change->version + 1));
    } else {
        /* Busy: committed or not, nobody knows. Conflict: somebody was faster. Look. */
        want_reload(room, false);
        if (item->err == ERR_CONFLICT && change->code)
            call_fail(call, change->code);
        else
            call_fail_err(call, item->err);
    }
    change_free(c);
}

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
    struct change *c = mem_new(sizeof *c);
    c->call = call;
    c->change = (struct session_change){
        .item = {.kind = &session_change_kind, .done = on_changed_row},
        .verb = verb,
        .session = call->room->session,
        .organisation = call->room->organisation,
        .actor = call->who.person,
        .at = call->at,
        .version = version,
        .planned_minutes = planned,
    };
    enum err err = lane_submit(call->room->lane, &c->change.item);
    if (err == ERR_OK)
        return;
    change_free(c);
    call_fail_err(call, err);
}

static void on_start(struct call *call)
{
    submit(call, SESSION_START);
}

static void on_extend(struct call *call)
{
    submit(call, SESSION_EXTEND);
}

static void on_end(struct call *call)
{
    submit(call, SESSION_END);
}

/* --- snapshots --- */

static void on_snapshot(struct room *room, unsigned audience, json_t *common)
{
    (void)audience;
    json_t *shown = state_of(room)->shown;
    /* Other features' commands count the version up, too. */
    json_object_set_new(shown, "version", json_integer(room->version));
    json_object_set(common, "session", shown);
}

static void on_snapshot_own(struct room *room, const struct member *member, json_t *own)
{
    (void)room;
    json_object_set_new(own, "me", session_me(&member->who, member->name));
}

static const struct command commands[] = {
    {.name = "session.start", .roles = CONDUCTORS, .handle = on_start},
    {.name = "session.extend", .roles = CONDUCTORS, .handle = on_extend},
    {.name = "session.end", .roles = CONDUCTORS, .handle = on_end},
    {0},
};

const struct feature sessions_feature = {
    .name = "sessions",
    .commands = commands,
    .room_open = on_open,
    .room_close = on_close,
    .room_tick = on_tick,
    .changed = on_changed,
    .snapshot = on_snapshot,
    .snapshot_own = on_snapshot_own,
};
