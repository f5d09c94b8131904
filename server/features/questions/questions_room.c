#include "features/questions/questions_room.h"
#include "base/mem.h"
#include "features/questions/questions_store.h"
#include <string.h>

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

void questions_drop(void *loaded)
{
    struct questions_room *s = loaded;
    questions_release(&s->all);
    free(s);
}

enum err questions_load_room(struct db_conn *c, const struct id *session, void **loaded)
{
    struct questions_room *s = mem_new(sizeof *s);
    questions_init(&s->all);
    enum err err = questions_load(c, session, &s->all);
    if (err)
        questions_drop(s);
    else
        *loaded = s;
    return err;
}

void questions_take(struct room *room, void *loaded)
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

void questions_drop_votes(void *loaded)
{
    struct question_votes *votes = loaded;
    free(votes->items);
    free(votes);
}

enum err questions_load_votes(struct db_conn *c, const struct id *session, void **loaded)
{
    struct question_votes *votes = mem_new(sizeof *votes);
    enum err err = question_votes_read(c, session, votes);
    if (err)
        questions_drop_votes(votes);
    else
        *loaded = votes;
    return err;
}

/* Votes are never taken back: those that are missing are added. */
void questions_take_votes(struct room *room, void *loaded)
{
    struct questions *all = &questions_room_of(room)->all;
    struct question_votes *votes = loaded;
    for (size_t i = 0; i < votes->n; i++) {
        struct question *q = questions_find(all, &votes->items[i].question);
        if (q)
            questions_count(all, q, &votes->items[i].person);
    }
    questions_drop_votes(votes);
}

/* --- votes at other nodes --- */

#define VOTES "question.votes"

void question_share_vote(struct room *room, const struct question *q, const struct id *person)
{
    char question[ID_TEXT_SIZE], voter[ID_TEXT_SIZE];
    room_share(room, VOTES, "[s,s]", id_text(&q->id, question), id_text(person, voter));
}

static void count_other(struct room *room, const json_t *row)
{
    struct questions *all = &questions_room_of(room)->all;
    const char *question, *voter;
    struct id id, person;
    if (json_unpack((json_t *)row, "[s,s!]", &question, &voter) || !id_parse(question, &id) ||
        !id_parse(voter, &person))
        return;
    struct question *q = questions_find(all, &id);
    if (q)
        questions_count(all, q, &person);
    else /* its event is still on the way */
        room_count_again(room);
}

void questions_told(struct room *room, const char *topic, const json_t *data)
{
    const json_t *row;
    size_t i;
    if (strcmp(topic, VOTES) != 0)
        return;
    json_array_foreach(json_object_get(data, "rows"), i, row) count_other(room, row);
}

/* --- the room's life --- */

void questions_close(struct room *room)
{
    questions_drop(questions_room_of(room));
}

void questions_tick(struct room *room)
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

void questions_snapshot(struct room *room, unsigned audience, json_t *common)
{
    json_object_set_new(common, "questions",
                        questions_json(&questions_room_of(room)->all, audience));
}

void questions_snapshot_own(struct room *room, const struct member *member, json_t *own)
{
    json_object_set_new(own, "questions",
                        questions_own_json(&questions_room_of(room)->all, &member->who.person));
}
