#include "features/questions/questions_room.h"
#include "base/mem.h"
#include "db/lane.h"
#include "features/questions/questions_store.h"
#include "room/load.h"
#include <string.h>

#define RETRY_US (1000 * 1000)

struct questions_room *questions_room_of(const struct room *room)
{
    return room_get(room, &questions_feature);
}

/* --- reading again --- */

/* Takes loaded. */
static void replace(struct questions_room *s, struct questions *loaded)
{
    questions_release(&s->all);
    s->all = *loaded;
    /* Moving the struct moves the list's head. */
    list_init(&s->all.changed);
    list_splice(&s->all.changed, &loaded->changed);
}

void questions_read_again(struct room *room)
{
    struct questions_room *s = questions_room_of(room);
    if (!s->reload && !s->reading)
        s->missed_after = room->seq;
    s->reload = true;
}

void questions_room_votes_end(struct room *room, struct question *q)
{
    char key[ID_TEXT_SIZE];
    list_remove(&q->changed);
    room_drop_state(room, "question.votes", id_text(&q->id, key));
}

/* before: as the room knows it, NULL when it does not; q: as it is stored. Only what changes what
 * the readers have is told, so an event that was published already is not told twice. */
static void publish_one(struct room *room, const struct question *before, const struct question *q,
                        const char *type, int64_t seq, int64_t at)
{
    enum question_state was = before ? before->state : QUESTION_ASKED;
    bool was_shown = question_visible(was), shown = question_visible(q->state);
    if (strcmp(type, "question.asked") == 0 && !before)
        room_publish_to(room, seq, at, type, &q->person, ROLE_STAFF,
                        json_pack("{s:o}", "question", question_json(q, ROLE_STAFF)));
    else if (strcmp(type, "question.changed") == 0 && was != q->state)
        room_publish_to(room, seq, at, type, &q->person, ROLE_STAFF, question_changed_json(q));
    else if ((strcmp(type, "question.shown") == 0 && !was_shown && shown) ||
             (strcmp(type, "question.closed") == 0 && was == QUESTION_APPROVED &&
              q->state == QUESTION_ANSWERED) ||
             (strcmp(type, "question.hidden") == 0 && was_shown && !shown))
        room_publish(room, seq, at, type, ROLE_HCP, question_hcp_event_json(q, type));
}

/* What was committed without an answer is told now, as what it was. */
static void publish_missed(struct room *room, const struct question_reload_item *reload)
{
    const struct questions *known = &questions_room_of(room)->all;
    size_t i;
    json_t *event;
    json_array_foreach(reload->missed, i, event)
    {
        const json_t *data = json_object_get(event, "data");
        const char *type = json_string_value(json_object_get(event, "type"));
        const char *text = json_string_value(json_object_get(data, "question"));
        struct id id;
        if (!text)
            text = json_string_value(json_object_get(data, "id"));
        const struct question *q =
            text && id_parse(text, &id) ? questions_find(&reload->questions, &id) : NULL;
        if (q)
            publish_one(room, questions_find(known, &id), q, type,
                        json_integer_value(json_object_get(event, "seq")),
                        json_integer_value(json_object_get(event, "at")));
    }
}

/* Only votes that the readers do not have are pushed; what was counted may still wait to be told.
 */
static void compare_votes(struct room *room, const struct questions *loaded)
{
    const struct questions *known = &questions_room_of(room)->all;
    for (size_t i = 0; i < loaded->n; i++) {
        struct question *q = loaded->items[i];
        const struct question *before = questions_find(known, &q->id);
        if (before && before->state == QUESTION_APPROVED && q->state != QUESTION_APPROVED)
            questions_room_votes_end(room, q);
        else if (before && before->votes == q->votes && list_empty(&before->changed))
            list_remove(&q->changed);
    }
}

static void on_reload_done(struct lane_item *item)
{
    struct question_reload_item *reload = container_of(item, struct question_reload_item, item);
    struct room *room = reload->room;
    struct questions_room *s = questions_room_of(room);
    s->reading = false;
    if (item->err) {
        s->reload = true;
        s->retry_at = room_now(room) + RETRY_US;
        questions_release(&reload->questions);
    } else {
        publish_missed(room, reload);
        compare_votes(room, &reload->questions);
        replace(s, &reload->questions);
        room_touch(room);
    }
    json_decref(reload->missed);
    free(reload);
    room_let_go(room);
}

static void submit_reload(struct room *room, struct questions_room *s)
{
    struct question_reload_item *reload = mem_new(sizeof *reload);
    questions_init(&reload->questions);
    reload->item.kind = &question_reload_kind;
    reload->item.done = on_reload_done;
    reload->room = room;
    reload->session = room->session;
    reload->missed_after = s->missed_after;
    if (lane_submit(room->lane, &reload->item) != ERR_OK) {
        free(reload);
        return; /* the next tick tries again */
    }
    s->reload = false;
    s->reading = true;
    room_hold(room);
}

/* --- the room's life --- */

struct opening {
    struct room_load load;
    struct questions all;
};

static enum err read_all(struct room_load *load, struct db_conn *c)
{
    struct opening *o = container_of(load, struct opening, load);
    return questions_load(c, &load->session, &o->all);
}

static void take_all(struct room_load *load, enum err err)
{
    struct opening *o = container_of(load, struct opening, load);
    questions_pushed(&o->all); /* the first snapshot has all votes */
    if (err)
        questions_release(&o->all);
    else
        replace(questions_room_of(load->room), &o->all);
}

static void on_room_open(struct room *room)
{
    struct questions_room *s = mem_new(sizeof *s);
    questions_init(&s->all);
    room_set(room, &questions_feature, s);
    struct opening *o = mem_new(sizeof *o);
    questions_init(&o->all);
    o->load.read = read_all;
    o->load.take = take_all;
    room_load(room, &o->load);
}

static void on_room_close(struct room *room)
{
    struct questions_room *s = questions_room_of(room);
    questions_release(&s->all);
    free(s);
    room_set(room, &questions_feature, NULL);
}

static void push_votes(struct room *room, struct questions *all)
{
    int64_t now = room_now(room);
    list_for_each_safe(node, &all->changed)
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

static void on_room_tick(struct room *room)
{
    struct questions_room *s = questions_room_of(room);
    if (!s)
        return;
    push_votes(room, &s->all);
    if (s->reload && !s->reading && room_now(room) >= s->retry_at)
        submit_reload(room, s);
}

/* An erased person's name must not be shown to those who join from here on. */
static void on_changed(struct room *room, const char *topic, const json_t *data)
{
    struct questions_room *s = questions_room_of(room);
    struct id person;
    const char *text = json_string_value(json_object_get(data, "registration"));
    if (strcmp(topic, "registration") != 0 || !text || !id_parse(text, &person))
        return;
    const struct asker *known = questions_person(&s->all, &person);
    if (known && known->asked_n > 0)
        questions_read_again(room);
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
    .room_open = on_room_open,
    .room_close = on_room_close,
    .room_tick = on_room_tick,
    .snapshot = on_snapshot,
    .snapshot_own = on_snapshot_own,
    .changed = on_changed,
};
