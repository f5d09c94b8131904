#include "base/clock.h"
#include "base/identity.h"
#include "base/text.h"
#include "features/questions/questions.h"
#include <string.h>

static json_t *id_json(const struct id *id)
{
    char text[ID_TEXT_SIZE];
    return json_string(id_text(id, text));
}

static json_t *time_json(int64_t at)
{
    char text[TIME_TEXT_SIZE];
    return json_string(time_text(at, text));
}

/* Who asked anonymously is hidden from HCPs, never from staff. */
json_t *question_json(const struct question *q, unsigned roles)
{
    bool named = q->author && (!q->anonymous || (roles & ROLE_STAFF));
    return json_pack("{s:o,s:s,s:s?,s:b,s:o,s:s,s:I}", "id", id_json(&q->id), "text", q->text,
                     "author", named ? q->author : NULL, "anonymous", q->anonymous, "asked_at",
                     time_json(q->asked_at), "state", question_state_words[q->state], "votes",
                     (json_int_t)q->votes);
}

static bool is_shown(const struct question *q, unsigned roles)
{
    return (roles & ROLE_STAFF) || question_visible(q->state);
}

json_t *questions_json(const struct questions *all, unsigned roles)
{
    size_t shown = 0, first = all->n;
    while (first > 0 && shown < QUESTIONS_SHOWN)
        shown += is_shown(all->items[--first], roles);
    json_t *list = json_array(), *staged = NULL;
    for (size_t i = first; i < all->n; i++) {
        if (!is_shown(all->items[i], roles))
            continue;
        json_t *item = question_json(all->items[i], roles);
        json_array_append_new(list, item);
        if (all->items[i] == all->staged)
            staged = item;
    }
    if (all->staged && !staged) { /* older than those */
        staged = question_json(all->staged, roles);
        json_array_insert_new(list, 0, staged);
    }
    if (staged)
        json_object_set_new(staged, "staged", json_true());
    return list;
}

static json_t *asked_json(const struct question *q)
{
    return json_pack("{s:o,s:s,s:s,s:o,s:I}", "id", id_json(&q->id), "text", q->text, "state",
                     question_state_words[q->state], "asked_at", time_json(q->asked_at), "votes",
                     (json_int_t)q->votes);
}

json_t *questions_own_json(const struct questions *all, const struct id *person)
{
    const struct asker *p = questions_person(all, person);
    json_t *asked = json_array(), *voted = json_array();
    for (size_t i = 0; p && i < p->asked_n; i++)
        json_array_append_new(asked, asked_json(p->asked[i]));
    for (size_t i = 0; p && i < p->voted_n; i++)
        json_array_append_new(voted, id_json(&p->voted[i]->id));
    return json_pack("{s:o,s:o}", "asked", asked, "voted", voted);
}

json_t *question_votes_json(const struct question *q)
{
    return json_pack("{s:I}", "votes", (json_int_t)q->votes);
}

json_t *question_changed_json(const struct question *q)
{
    return json_pack("{s:o,s:s,s:I}", "id", id_json(&q->id), "state",
                     question_state_words[q->state], "votes", (json_int_t)q->votes);
}

const char *question_hcp_event_type(enum question_state from, enum question_state to)
{
    if (!question_visible(from))
        return question_visible(to) ? "question.shown" : NULL;
    return question_visible(to) ? "question.closed" : "question.hidden";
}

json_t *question_hcp_event_json(const struct question *q, const char *type)
{
    if (strcmp(type, "question.shown") == 0)
        return json_pack("{s:o}", "question", question_json(q, ROLE_HCP));
    if (strcmp(type, "question.closed") == 0)
        return question_changed_json(q);
    return json_pack("{s:o}", "id", id_json(&q->id));
}

struct question_draft question_draft_read(struct json_reader *r)
{
    struct question_draft draft;
    draft.text = read_text(r, "text", 1, QUESTION_TEXT_MAX);
    draft.anonymous = json_read_bool(r, "anonymous");
    return draft;
}
