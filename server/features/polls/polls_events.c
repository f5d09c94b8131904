/* What happens to polls, as the session's log has it. Every change of a poll but its votes is
 * applied here. */
#include "base/clock.h"
#include "features/polls/polls_room.h"

static struct poll *named(const struct room *room, const json_t *payload)
{
    const char *text = json_string_value(json_object_get(payload, "id"));
    struct id id;
    return text && id_parse(text, &id) ? polls_find(&polls_room_of(room)->all, &id) : NULL;
}

/* Takes now. */
static void put(struct room *room, struct poll *now)
{
    struct polls *all = &polls_room_of(room)->all;
    struct poll *known = now ? polls_find(all, &now->id) : NULL;
    if (known)
        poll_update(known, now);
    else if (now)
        polls_add(all, now);
    polls_sort(all);
}

/* Drafts are staff's; a poll that HCPs have may still move to another place. */
void poll_apply_changed(struct room *room, struct event *event)
{
    struct poll *p = named(room, event->payload);
    if (json_is_true(json_object_get(event->payload, "removed"))) {
        if (p)
            polls_remove(&polls_room_of(room)->all, p);
        return;
    }
    struct poll *now = poll_from_json(json_object_get(event->payload, "poll"));
    bool hcps_have_it = now && now->state != POLL_DRAFT;
    put(room, now);
    if (hcps_have_it)
        room_tell_event(room, event, "poll.changed", ROLE_HCP, json_incref(event->payload));
}

void poll_apply_opened(struct room *room, struct event *event)
{
    struct poll *now = poll_from_json(json_object_get(event->payload, "poll"));
    if (!now)
        return;
    struct id id = now->id;
    put(room, now);
    poll_push_tally_afresh(room, polls_find(&polls_room_of(room)->all, &id));
}

/* The log has the final tally: votes of an unknown outcome are in it, and those whose completions
 * are still to come. */
static void take_tally(struct poll *p, const json_t *tally)
{
    int64_t counts[POLL_OPTIONS_MAX] = {0};
    size_t i;
    json_t *count;
    json_array_foreach(json_object_get(tally, "counts"), i, count)
    {
        if (i < POLL_OPTIONS_MAX)
            counts[i] = json_integer_value(count);
    }
    poll_take_tally(p, json_integer_value(json_object_get(tally, "voters")), counts);
}

void poll_apply_closed(struct room *room, struct event *event)
{
    struct poll *p = named(room, event->payload);
    const char *at = json_string_value(json_object_get(event->payload, "closed_at"));
    if (!p || !at || !time_parse(at, &p->closed_at))
        return;
    p->state = POLL_CLOSED;
    take_tally(p, json_object_get(event->payload, "tally"));
}

/* Who may see the tally is decided by results_shown: poll.closed says only that it is closed. */
json_t *poll_encode_closed(const struct room *room, const struct event *event)
{
    const struct poll *p = named(room, event->payload);
    return p ? poll_event_json(p, POLL_OP_CLOSE) : NULL;
}

static void show(struct room *room, const struct event *event, bool shown)
{
    struct poll *p = named(room, event->payload);
    if (!p)
        return;
    p->results_shown = shown;
    poll_push_tally_afresh(room, p);
}

void poll_apply_shown(struct room *room, struct event *event)
{
    show(room, event, true);
}

void poll_apply_hidden(struct room *room, struct event *event)
{
    show(room, event, false);
}
