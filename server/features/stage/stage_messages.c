/* The commands of the stage. The rows decide, under the session's lock: what memory knows may be
 * older. */
#include "base/clock.h"
#include "base/json.h"
#include "base/mem.h"
#include "features/stage/heard_store.h"
#include "features/stage/stage_room.h"

static const struct lane_call_kind stage_kind = {
    .lane = {.name = "stage.call", .run_each = lane_call_run, .locks = true},
    .run = stage_call_write,
};

/* r has read everything. ask: act, and what it needs. */
static void submit(struct call *call, struct json_reader *r, const struct stage_ask *ask)
{
    if (!json_reader_end(r)) {
        call_fail_field(call, r->field, r->reason);
        return;
    }
    struct stage_call *stage = mem_new(sizeof *stage);
    stage->ask = *ask;
    stage->ask.who = call->who;
    stage->ask.at = call->at;
    lane_call_submit(call, &stage->lc, &stage_kind);
}

/* Of themselves. */
static void own(struct call *call, enum stage_act act)
{
    struct json_reader r = json_reader(call->data);
    submit(call, &r, &(struct stage_ask){.act = act, .person = call->who.person});
}

void stage_enter_command(struct call *call)
{
    own(call, STAGE_ENTER);
}

void stage_exit_command(struct call *call)
{
    own(call, STAGE_EXIT);
}

void stage_decline_command(struct call *call)
{
    own(call, STAGE_DECLINE);
}

void stage_move_command(struct call *call)
{
    static const char *const places[] = {"backstage", "stage", NULL};
    struct json_reader r = json_reader(call->data);
    bool on = json_read_word(&r, "place", places) == 1;
    submit(call, &r,
           &(struct stage_ask){.act = STAGE_MOVE,
                               .person = call->ids[0],
                               .place = on ? STAGE_ON : STAGE_BACKSTAGE});
}

void stage_remove_command(struct call *call)
{
    struct json_reader r = json_reader(call->data);
    submit(call, &r, &(struct stage_ask){.act = STAGE_REMOVE, .person = call->ids[0]});
}

static void with_flag(struct call *call, enum stage_act act, const char *field,
                      const struct id *person)
{
    struct json_reader r = json_reader(call->data);
    bool yes = json_read_bool(&r, field);
    submit(call, &r, &(struct stage_ask){.act = act, .person = *person, .yes = yes});
}

void stage_mute_command(struct call *call)
{
    with_flag(call, STAGE_MUTE, "muted", &call->ids[0]);
}

void stage_camera_command(struct call *call)
{
    with_flag(call, STAGE_CAMERA, "off", &call->ids[0]);
}

void stage_screen_command(struct call *call)
{
    with_flag(call, STAGE_SHARE, "on", &call->who.person);
}

void stage_spotlight_command(struct call *call)
{
    struct json_reader r = json_reader(call->data);
    submit(call, &r, &(struct stage_ask){.act = STAGE_SPOTLIGHT, .person = call->ids[0]});
}

void stage_layout_command(struct call *call)
{
    struct json_reader r = json_reader(call->data);
    int layout = json_read_word(&r, "layout", stage_layout_words);
    submit(call, &r,
           &(struct stage_ask){.act = STAGE_LAYOUT,
                               .person = call->who.person,
                               .layout = layout < 0 ? STAGE_SLIDE : (enum stage_layout)layout});
}

/* A person who is here: others would not see it. */
static bool is_here(const struct room *room, const struct id *person)
{
    list_for_each(node, &room->members)
    {
        const struct identity *who = &container_of(node, struct member, node)->who;
        if ((who->roles & ROLE_HCP) && id_equal(&who->person, person))
            return true;
    }
    return false;
}

void stage_invite_command(struct call *call)
{
    if (is_here(call->room, &call->ids[0]))
        with_flag(call, STAGE_INVITE, "picture", &call->ids[0]);
    else
        call_fail_err(call, ERR_NOT_FOUND);
}

/* --- hands --- */

static json_t *on_hand(struct lane_call *lc)
{
    const struct stage_hand_call *hand = container_of(lc, struct stage_hand_call, lc);
    char at[TIME_TEXT_SIZE];
    return hand->up ? json_pack("{s:s}", "at", time_text(hand->at, at)) : NULL;
}

static const struct lane_call_kind hand_kind = {
    .lane = {.name = "hand.call", .run_each = lane_call_run, .locks = true},
    .run = stage_hand_write,
    .ok = on_hand,
};

static void submit_hand(struct call *call, bool up, const struct id *person)
{
    struct json_reader r = json_reader(call->data);
    if (!json_reader_end(&r)) {
        call_fail_field(call, r.field, r.reason);
        return;
    }
    struct stage_hand_call *hand = mem_new(sizeof *hand);
    hand->person = *person;
    hand->up = up;
    lane_call_submit(call, &hand->lc, &hand_kind);
}

void hand_raise_command(struct call *call)
{
    submit_hand(call, true, &call->who.person);
}

void hand_lower_command(struct call *call)
{
    static const struct id nobody;
    const struct id *person = &call->ids[0];
    bool named = !id_equal(person, &nobody);
    if (named && !id_equal(person, &call->who.person) && !(call->who.roles & ROLE_STAFF))
        call_fail_err(call, ERR_FORBIDDEN);
    else if (!named && !(call->who.roles & ROLE_HCP))
        call_fail_field(call, "person", "missing");
    else
        submit_hand(call, false, named ? person : &call->who.person);
}

/* --- what a connection is sent, and whether it plays it --- */

void media_watch_command(struct call *call)
{
    static const char *const rungs[] = {"voice", "low", "high", NULL};
    struct json_reader r = json_reader(call->data);
    int rung = json_read_word(&r, "rung", rungs);
    const struct member *member = call_member(call);
    if (!json_reader_end(&r)) {
        call_fail_field(call, r.field, r.reason);
        return;
    }
    if (member)
        room_watch(call->room, member, rung);
    call_ok(call, NULL);
}

static const struct lane_call_kind hearing_kind = {
    .lane = {.name = "media.hearing", .run = hearings_write},
};

void media_hearing_command(struct call *call)
{
    struct json_reader r = json_reader(call->data);
    bool playing = json_read_bool(&r, "playing");
    const struct member *member = call_member(call);
    if (!json_reader_end(&r)) {
        call_fail_field(call, r.field, r.reason);
    } else if (!member || !(call->who.roles & ROLE_HCP)) {
        call_ok(call, NULL);
    } else {
        struct hearing *hearing = mem_new(sizeof *hearing);
        hearing->span = member->span;
        hearing->playing = playing;
        lane_call_submit(call, &hearing->lc, &hearing_kind);
    }
}
