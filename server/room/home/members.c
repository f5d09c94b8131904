/* A room's members: how they come, what they get then, how they go; and what features may ask of
 * a room at any time. */
#include "base/mem.h"
#include "room/encode.h"
#include "room/home/home.h"
#include "room/meters.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

static const char *const session_words[] = {"draft", "lobby", "live", "ended", "cancelled"};

const char *session_state_word(enum session_state s)
{
    return session_words[s];
}

bool session_state_parse(const char *word, enum session_state *out)
{
    for (size_t i = 0; i < sizeof session_words / sizeof *session_words; i++) {
        if (strcmp(word, session_words[i]) == 0) {
            *out = (enum session_state)i;
            return true;
        }
    }
    return false;
}

int64_t room_now(const struct room *room)
{
    return clock_now_us(room->own->home->config.clock);
}

const char *room_place(const struct room *room)
{
    ASSERT_LOOP(room->own->home);
    return room->own->place;
}

/* Features are few and constant: the place of one is found by looking. */
static void **state_slot(const struct room *room, const struct feature *feature)
{
    const struct feature *const *features = room->own->home->config.features;
    size_t i = 0;
    while (features[i] != feature) {
        assert(features[i]);
        i++;
    }
    return &room->own->states_of[i];
}

void *room_get(const struct room *room, const struct feature *feature)
{
    ASSERT_LOOP(room->own->home);
    return *state_slot(room, feature);
}

void room_set(struct room *room, const struct feature *feature, void *state)
{
    ASSERT_LOOP(room->own->home);
    *state_slot(room, feature) = state;
}

void room_hold(struct room *room)
{
    ASSERT_LOOP(room->own->home);
    room->own->holds++;
}

void room_let_go(struct room *room)
{
    ASSERT_LOOP(room->own->home);
    assert(room->own->holds > 0);
    room->own->holds--;
}

struct member *room_member_by_conn(struct room *room, uint64_t conn)
{
    ASSERT_LOOP(room->own->home);
    struct id key = conn_key(conn);
    struct member_own *own = map_get(&room->own->members, &key);
    return own ? &own->member : NULL;
}

static struct payload *common_snapshot(struct room *room, unsigned roles)
{
    bool staff = roles & ROLE_STAFF;
    struct payload **cached = &room->own->common[staff];
    if (*cached)
        return *cached;
    json_t *common = json_object();
    for (const struct feature *const *f = room->own->home->config.features; *f; f++) {
        if ((*f)->snapshot)
            (*f)->snapshot(room, staff ? ROLE_STAFF : ROLE_HCP, common);
    }
    char *text = json_dumps(common, JSON_COMPACT);
    if (!text)
        abort();
    *cached = payload_copy(text, strlen(text));
    free(text);
    json_decref(common);
    return *cached;
}

/* What a member may resume by: this opening of the room, and the roles for which it was told what
 * it knows. With others it needs a snapshot. */
static const char *epoch_of(const struct room *room, const struct identity *who,
                            char text[static ID_TEXT_SIZE])
{
    struct id epoch = room->own->epoch;
    epoch.bytes[sizeof epoch.bytes - 1] = (uint8_t)who->roles;
    return id_text(&epoch, text);
}

static struct payload *answer_join(struct room *room, const struct join *join, bool resumed,
                                   const struct member *member)
{
    char epoch[ID_TEXT_SIZE];
    struct joined joined = {.request = join->request,
                            .seq = room->seq,
                            .epoch = epoch_of(room, &member->who, epoch),
                            .place = room->own->place};
    if (resumed)
        return encode_joined(&joined);
    json_t *own = json_object();
    for (const struct feature *const *f = room->own->home->config.features; *f; f++) {
        if ((*f)->snapshot_own)
            (*f)->snapshot_own(room, member, own);
    }
    joined.common = common_snapshot(room, member->who.roles);
    joined.own = own;
    struct payload *frame = encode_joined(&joined);
    json_decref(own);
    return frame;
}

/* After the answer: what was missed, then the current states. Those that changed in this turn come
 * to everybody at its end. */
static void catch_up(struct room *room, const struct join *join, bool resumed,
                     const struct member_own *own)
{
    struct out entry = {.kind = OUT_CONN, .loop = own->loop, .conn = own->member.conn};
    size_t cursor = 0;
    const struct ring_event *e;
    while (resumed && (e = ring_next(&room->own->ring, join->seq, &own->member.who, &cursor))) {
        entry.class = FRAME_EVENT;
        entry.frame = payload_ref(e->frame);
        room_out(room, &entry);
    }
    list_for_each(node, &room->own->states.all)
    {
        struct state *state = container_of(node, struct state, node);
        if (state->data || !(state->audience & own->member.who.roles))
            continue;
        entry.class = FRAME_STATE;
        entry.key = state->coalesce;
        entry.frame = payload_ref(state->frame);
        room_out(room, &entry);
    }
}

static void welcome(struct room *room, const struct join *join, const struct member_own *own)
{
    struct room_private *private = room->own;
    char epoch[ID_TEXT_SIZE];
    bool resumed = join->resume &&
                   strcmp(join->epoch, epoch_of(room, &own->member.who, epoch)) == 0 &&
                   ring_covers(&private->ring, join->seq, room->seq);
    struct out joined = {.kind = OUT_JOINED,
                         .class = FRAME_EVENT,
                         .loop = own->loop,
                         .conn = join->conn,
                         .crew = own->crew,
                         .rung = own->rung,
                         .frame = answer_join(room, join, resumed, &own->member)};
    memcpy(joined.place, private->place, PLACE_SIZE);
    room_out(room, &joined);
    catch_up(room, join, resumed, own);
}

static struct member_own *member_new(struct room *room, struct join *join)
{
    struct member_own *own = mem_new(sizeof *own);
    struct id key = conn_key(join->conn);
    own->rung = MEDIA_RUNG_VOICE; /* until it chooses: a thin line is not to begin with a picture */
    list_init(&own->calls);
    own->loop = join->from->index;
    own->member = (struct member){.conn = join->conn,
                                  .who = join->check.who,
                                  .name = join->check.name,
                                  .span = id_random(),
                                  .joined_at = join->moves ? 0 : room_now(room)};
    join->check.name = NULL;
    list_append(&room->members, &own->member.node);
    room->member_count++;
    metric_add(&meter_members, 1);
    room->own->loop_members[own->loop]++;
    map_put(&room->own->members, &key, own);
    return own;
}

void room_admit(struct room *room, struct join *join)
{
    struct member *member = room_member_by_conn(room, join->conn);
    if (member) { /* is here: a fresh snapshot, or what was missed */
        struct member_own *own = container_of(member, struct member_own, member);
        member->who.roles = join->check.who.roles;
        own->crew = room_rights(room, &member->who).crew;
        welcome(room, join, own);
        return;
    }
    struct member_own *own = member_new(room, join);
    for (const struct feature *const *f = room->own->home->config.features; *f; f++) {
        if ((*f)->member_join)
            (*f)->member_join(room, &own->member);
    }
    own->crew = room_rights(room, &own->member.who).crew;
    welcome(room, join, own);
}

void room_arrive(struct room *room, struct member *member, struct departure *departure)
{
    if (member)
        member->joined_at = departure->at;
    for (const struct feature *const *f = room->own->home->config.features; *f; f++) {
        if ((*f)->member_arrive)
            (*f)->member_arrive(room, member, departure);
    }
}

void room_remove(struct room *room, struct member *member, struct departure *departure)
{
    struct member_own *own = container_of(member, struct member_own, member);
    calls_left(room, &own->calls, departure->on_purpose);
    list_remove(&member->node);
    room->member_count--;
    metric_add(&meter_members, -1);
    room->own->loop_members[own->loop]--;
    struct id key = conn_key(member->conn);
    map_remove(&room->own->members, &key);
    for (const struct feature *const *f = room->own->home->config.features; *f; f++) {
        if ((*f)->member_leave)
            (*f)->member_leave(room, member, departure);
    }
    free(member->name);
    free(own);
    if (room->member_count == 0)
        room->own->empty_since = home_mono(room->own->home);
}
