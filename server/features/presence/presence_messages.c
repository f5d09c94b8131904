#include "base/json.h"
#include "base/mem.h"
#include "features/presence/presence.h"
#include "features/presence/presence_room.h"
#include "features/presence/presence_spans.h"

struct presence_room {
    struct crowd crowd;
    struct spans spans;
};

static struct presence_room *state_of(const struct room *room)
{
    return room_get(room, &presence_feature);
}

void presence_open(struct room *room, void *loaded)
{
    (void)loaded; /* nobody is there yet */
    struct presence_room *p = mem_new(sizeof *p);
    crowd_init(&p->crowd);
    spans_init(&p->spans, room);
    room_set(room, &presence_feature, p);
}

void presence_close(struct room *room)
{
    struct presence_room *p = state_of(room);
    spans_release(&p->spans);
    crowd_release(&p->crowd);
    free(p);
}

void presence_tick(struct room *room)
{
    struct presence_room *p = state_of(room);
    spans_tick(&p->spans);
    static const unsigned roles[] = {[TOLD_STAFF] = ROLE_STAFF, [TOLD_HCPS] = ROLE_HCP};
    for (int whom = 0; whom < TOLD; whom++) {
        json_t *count = crowd_tell(&p->crowd, (enum crowd_told)whom, room_now(room));
        if (count)
            room_push_state(room, "presence.count", "", roles[whom], count);
    }
}

void presence_join(struct room *room, struct member *member)
{
    struct presence_room *p = state_of(room);
    if (member->who.roles & ROLE_HCP)
        crowd_enter(&p->crowd, &member->who.person);
    if (member->joined_at)
        spans_begin(&p->spans, member, member->joined_at);
}

void presence_arrive(struct room *room, struct member *member, struct departure *departure)
{
    spans_arrive(&state_of(room)->spans, member, departure);
}

void presence_leave(struct room *room, struct member *member, struct departure *departure)
{
    struct presence_room *p = state_of(room);
    if (member->who.roles & ROLE_HCP)
        crowd_leave(&p->crowd, &member->who.person);
    spans_end(&p->spans, member, departure);
}

void presence_other_enter(struct room *room, const struct other *other)
{
    if (!other->staff)
        crowd_enter(&state_of(room)->crowd, &other->person);
}

void presence_other_leave(struct room *room, const struct other *other)
{
    if (!other->staff)
        crowd_leave(&state_of(room)->crowd, &other->person);
}

void presence_visible_command(struct call *call)
{
    struct json_reader r = json_reader(call->data);
    bool visible = json_read_bool(&r, "visible");
    if (!json_reader_end(&r)) {
        call_fail_field(call, r.field, r.reason);
        return;
    }
    struct member *member = call_member(call);
    if (!member) {
        call_ok(call, NULL);
        return;
    }
    member->visible = visible;
    spans_visible(&state_of(call->room)->spans, member, visible, call);
}
