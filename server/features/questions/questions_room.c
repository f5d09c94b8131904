#include "features/questions/questions_room.h"
#include "base/mem.h"
#include "features/questions/questions_store.h"

struct questions_room *questions_room_of(const struct room *room)
{
    return room_get(room, &questions_feature);
}

void questions_room_votes_end(struct room *room, struct question *q)
{
    char key[ID_TEXT_SIZE];
    list_remove(&q->changed);
    room_drop_state(room, "question.votes", id_text(&q->id, key));
}

/* --- opening --- */

static void drop(void *loaded)
{
    struct questions_room *s = loaded;
    questions_release(&s->all);
    free(s);
}

static enum err load(struct db_conn *c, const struct id *session, void **loaded)
{
    struct questions_room *s = mem_new(sizeof *s);
    questions_init(&s->all);
    enum err err = questions_load(c, session, &s->all);
    if (err)
        drop(s);
    else
        *loaded = s;
    return err;
}

static void take(struct room *room, void *loaded)
{
    struct questions_room *s = loaded;
    if (!s) {
        s = mem_new(sizeof *s);
        questions_init(&s->all);
    }
    questions_pushed(&s->all); /* the first snapshot has all votes */
    room_set(room, &questions_feature, s);
}

/* --- votes of an unknown outcome --- */

static void drop_votes(void *loaded)
{
    struct question_votes *votes = loaded;
    free(votes->items);
    free(votes);
}

static enum err load_votes(struct db_conn *c, const struct id *session, void **loaded)
{
    struct question_votes *votes = mem_new(sizeof *votes);
    enum err err = question_votes_read(c, session, votes);
    if (err)
        drop_votes(votes);
    else
        *loaded = votes;
    return err;
}

/* Votes are never taken back: those that are missing are added. */
static void take_votes(struct room *room, void *loaded)
{
    struct questions *all = &questions_room_of(room)->all;
    struct question_votes *votes = loaded;
    for (size_t i = 0; i < votes->n; i++) {
        struct question *q = questions_find(all, &votes->items[i].question);
        if (q)
            questions_count(all, q, &votes->items[i].person);
    }
    drop_votes(votes);
}

/* --- the room's life --- */

static void on_room_close(struct room *room)
{
    drop(questions_room_of(room));
}

static void on_room_tick(struct room *room)
{
    int64_t now = room_now(room);
    list_for_each_safe(node, &questions_room_of(room)->all.changed)
    {
        struct question *q = container_of(node, struct question, changed);
        if (now - q->votes_at < QUESTION_VOTES_US)
            continue;
        char key[ID_TEXT_SIZE];
        list_remove(node);
        q->votes_at = now;
        if (question_visible(q->state))
            room_push_state(room, "question.votes", id_text(&q->id, key), ROLE_ANY,
                            question_votes_json(q));
    }
}

static void on_snapshot(struct room *room, unsigned audience, json_t *common)
{
    json_object_set_new(common, "questions",
                        questions_json(&questions_room_of(room)->all, audience));
}

static void on_snapshot_own(struct room *room, const struct member *member, json_t *own)
{
    json_object_set_new(own, "questions",
                        questions_own_json(&questions_room_of(room)->all, &member->who.person));
}

const struct feature questions_feature = {
    .name = "questions",
    .commands = questions_commands,
    .events = questions_events,
    .opening = {load, take, drop},
    .count = {load_votes, take_votes, drop_votes},
    .room_close = on_room_close,
    .room_tick = on_room_tick,
    .snapshot = on_snapshot,
    .snapshot_own = on_snapshot_own,
    .event = questions_on_event,
};
