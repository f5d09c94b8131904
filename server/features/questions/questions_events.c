/* What happens to questions, as the session's log has it. The log is for ever, so it holds ids and
 * states: a question's text and its author's name stay in rows where they can be erased, and the
 * worker attaches them. */
#include "base/mem.h"
#include "features/questions/questions_room.h"
#include "features/questions/questions_store.h"
#include <string.h>

static bool question_id(const struct event *event, struct id *id)
{
    const char *text = json_string_value(json_object_get(event->payload, "question"));
    return text && id_parse(text, id);
}

static struct question *question_of(const struct room *room, const struct event *event)
{
    struct id id;
    return question_id(event, &id) ? questions_find(&questions_room_of(room)->all, &id) : NULL;
}

struct id question_author_of(const struct room *room, const struct event *event)
{
    const struct question *q = question_of(room, event);
    return q ? q->person : (struct id){0};
}

/* --- question.asked: to staff and its author --- */

enum err question_attach(struct db_conn *c, struct event *event)
{
    struct id id;
    struct question *q = NULL;
    enum err err = question_id(event, &id) ? question_read(c, &event->session, &id, &q) : ERR_OK;
    event->attached = q;
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

void question_release(void *attached)
{
    question_free(attached);
}

void question_apply_asked(struct room *room, struct event *event)
{
    struct question *q = event->attached;
    if (!q || question_of(room, event))
        return;
    event->attached = NULL;
    q->state = QUESTION_ASKED; /* as it was then; what became of it is in later events */
    questions_add(&questions_room_of(room)->all, q);
}

json_t *question_encode_asked(const struct room *room, const struct event *event)
{
    const struct question *q = question_of(room, event);
    return q ? json_pack("{s:o}", "question", question_json(q, ROLE_STAFF)) : NULL;
}

/* --- question.changed: to staff and its author; the others: to HCPs --- */

void question_apply_changed(struct room *room, struct event *event)
{
    struct question *q = question_of(room, event);
    const char *state = json_string_value(json_object_get(event->payload, "state"));
    if (!q || !state || !question_state_parse(state, &q->state))
        return;
    struct questions *all = &questions_room_of(room)->all;
    if (q == all->staged && !question_may_stage(q->state))
        all->staged = NULL;
    if (q->state != QUESTION_APPROVED)
        questions_room_votes_end(room, q);
}

json_t *question_encode_changed(const struct room *room, const struct event *event)
{
    const struct question *q = question_of(room, event);
    return q ? question_changed_json(q) : NULL;
}

json_t *question_encode_for_hcps(const struct room *room, const struct event *event)
{
    const struct question *q = question_of(room, event);
    return q ? question_hcp_event_json(q, event->type->name) : NULL;
}

/* --- question.staged: to everybody --- */

void question_apply_staged(struct room *room, struct event *event)
{
    struct question *q = question_of(room, event);
    questions_room_of(room)->all.staged = q && question_may_stage(q->state) ? q : NULL;
}

/* --- a person was renamed or erased: what readers have of their questions changes --- */

/* The ids of those of a person's questions that these readers have; by_name: only where they see
 * the author's name, as only staff do of anonymous ones. */
static json_t *ids_for(const struct asker *asker, unsigned audience, bool by_name)
{
    json_t *ids = json_array();
    char id[ID_TEXT_SIZE];
    for (size_t i = 0; i < asker->asked_n; i++) {
        const struct question *q = asker->asked[i];
        bool theirs = question_visible(q->state) && !(by_name && q->anonymous);
        if ((audience & ROLE_STAFF) || theirs)
            json_array_append_new(ids, json_string(id_text(&q->id, id)));
    }
    return ids;
}

static void tell_questions(struct room *room, const struct event *event, const struct asker *asker,
                           unsigned audience)
{
    bool erased = !event->attached;
    json_t *ids = ids_for(asker, audience, !erased);
    if (json_array_size(ids) == 0)
        json_decref(ids);
    else if (erased)
        room_tell_event(room, event, "question.erased", audience,
                        json_pack("{s:o}", "questions", ids));
    else
        room_tell_event(room, event, "question.author", audience,
                        json_pack("{s:o,s:s}", "questions", ids, "author", event->attached));
}

static void take_name(struct question *q, const char *name)
{
    free(q->author);
    q->author = name ? mem_strdup(name) : NULL;
    if (!name)
        q->text[0] = '\0';
}

void questions_on_event(struct room *room, const struct event *event)
{
    struct id person;
    const char *name = event->type->name;
    const char *text = json_string_value(json_object_get(event->payload, "registration"));
    if (strncmp(name, "person.", 7) != 0 || !text || !id_parse(text, &person))
        return;
    const struct asker *asker = questions_person(&questions_room_of(room)->all, &person);
    if (!asker || asker->asked_n == 0)
        return;
    for (size_t i = 0; i < asker->asked_n; i++)
        take_name(asker->asked[i], event->attached);
    tell_questions(room, event, asker, ROLE_STAFF);
    tell_questions(room, event, asker, ROLE_HCP);
}
