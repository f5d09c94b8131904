#include "features/polls/polls_room.h"
#include "base/mem.h"
#include <string.h>

struct polls_room *polls_room_of(const struct room *room)
{
    return room_get(room, &polls_feature);
}

static void push_tally(struct room *room, struct poll *p)
{
    char key[ID_TEXT_SIZE];
    p->tally_changed = false;
    p->tally_at = room_now(room);
    room_push_state(room, "poll.tally", id_text(&p->id, key), poll_tally_audience(p),
                    poll_tally_json(p));
}

void poll_push_tally_afresh(struct room *room, struct poll *p)
{
    char key[ID_TEXT_SIZE];
    room_drop_state(room, "poll.tally", id_text(&p->id, key));
    push_tally(room, p);
}

/* --- what a worker reads --- */

enum err polls_load_room(struct db_conn *c, const struct id *session, void **loaded)
{
    struct polls_room *s = mem_new(sizeof *s);
    enum err err = polls_load(c, session, &s->all);
    if (err) {
        polls_release(&s->all);
        free(s);
        return err;
    }
    *loaded = s;
    return ERR_OK;
}

void polls_drop(void *loaded)
{
    struct polls_room *s = loaded;
    polls_release(&s->all);
    free(s);
}

void polls_take(struct room *room, void *loaded)
{
    struct polls_room *s = loaded ? loaded : mem_new(sizeof *s);
    room_set(room, &polls_feature, s);
    for (size_t i = 0; i < s->all.n; i++)
        if (s->all.items[i]->state != POLL_DRAFT)
            push_tally(room, s->all.items[i]);
}

void polls_take_count(struct room *room, void *loaded)
{
    struct polls_room *counted = loaded;
    struct polls *all = &polls_room_of(room)->all;
    for (size_t i = 0; i < counted->all.n; i++) {
        struct poll *p = polls_find(all, &counted->all.items[i]->id);
        if (p)
            poll_take_votes(p, counted->all.items[i]);
    }
    polls_drop(counted);
}

/* --- votes at other nodes --- */

#define VOTES "poll.votes"

void poll_share_vote(struct room *room, const struct poll *p, const struct id *person)
{
    char poll[ID_TEXT_SIZE], voter[ID_TEXT_SIZE];
    room_share(room, VOTES, "[s,s,I]", id_text(&p->id, poll), id_text(person, voter),
               (json_int_t)poll_vote_of(p, person));
}

static void count_other(struct room *room, const json_t *row)
{
    const char *poll, *voter;
    json_int_t choices;
    struct id id, person;
    if (json_unpack((json_t *)row, "[s,s,I!]", &poll, &voter, &choices) || !id_parse(poll, &id) ||
        !id_parse(voter, &person))
        return;
    struct poll *p = polls_find(&polls_room_of(room)->all, &id);
    if (p && choices > 0 && choices < 1 << p->option_count)
        poll_count(p, &person, (uint32_t)choices);
    else /* the event that made it, or gave it more options, is still on the way */
        room_count_again(room);
}

void polls_told(struct room *room, const char *topic, const json_t *data)
{
    const json_t *row;
    size_t i;
    if (strcmp(topic, VOTES) != 0)
        return;
    json_array_foreach(json_object_get(data, "rows"), i, row) count_other(room, row);
}

/* --- the room's life --- */

void polls_close(struct room *room)
{
    polls_drop(polls_room_of(room));
}

void polls_tick(struct room *room)
{
    struct polls *all = &polls_room_of(room)->all;
    int64_t now = room_now(room);
    for (size_t i = 0; i < all->n; i++)
        if (poll_tally_due(all->items[i], now))
            push_tally(room, all->items[i]);
}

void polls_snapshot(struct room *room, unsigned audience, json_t *common)
{
    json_object_set_new(common, "polls", polls_json(&polls_room_of(room)->all, audience));
}

void polls_snapshot_own(struct room *room, const struct member *member, json_t *own)
{
    json_object_set_new(own, "polls",
                        polls_own_json(&polls_room_of(room)->all, &member->who.person));
}
