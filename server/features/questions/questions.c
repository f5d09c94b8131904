#include "features/questions/questions.h"
#include "base/mem.h"

const char *const question_state_words[] = {"asked", "approved", "answered", "dismissed", NULL};

bool question_state_parse(const char *word, enum question_state *out)
{
    for (int i = 0; question_state_words[i]; i++) {
        if (strcmp(question_state_words[i], word) == 0) {
            *out = (enum question_state)i;
            return true;
        }
    }
    return false;
}

struct question *question_new(void)
{
    struct question *q = mem_new(sizeof *q);
    list_init(&q->changed);
    return q;
}

void question_free(struct question *q)
{
    if (!q)
        return;
    list_remove(&q->changed);
    free(q->text);
    free(q->author);
    free(q);
}

bool question_may_become(enum question_state from, enum question_state to)
{
    switch (from) {
    case QUESTION_ASKED:
        return to != QUESTION_ASKED;
    case QUESTION_APPROVED:
        return to == QUESTION_ANSWERED || to == QUESTION_DISMISSED;
    case QUESTION_DISMISSED:
        return to == QUESTION_APPROVED;
    case QUESTION_ANSWERED:
        break;
    }
    return false;
}

bool question_visible(enum question_state state)
{
    return state == QUESTION_APPROVED || state == QUESTION_ANSWERED;
}

bool question_may_stage(enum question_state state)
{
    return state == QUESTION_APPROVED;
}

const char *question_vote_refused(const struct question *q, const struct id *person)
{
    if (id_equal(&q->person, person))
        return "question.own";
    return q->state == QUESTION_APPROVED ? NULL : "question.state";
}

bool question_may_have_vote(const struct question *q, const struct id *person)
{
    return q->state != QUESTION_ASKED && !id_equal(&q->person, person);
}

const char *question_ask_refused(enum session_state session)
{
    return session == SESSION_LOBBY || session == SESSION_LIVE ? NULL : "session.state";
}

bool question_same(const struct question *q, const struct id *person, const char *text,
                   bool anonymous)
{
    return id_equal(&q->person, person) && q->anonymous == anonymous && strcmp(q->text, text) == 0;
}

void questions_init(struct questions *all)
{
    *all = (struct questions){0};
    map_init(&all->by_id);
    map_init(&all->people);
    list_init(&all->changed);
}

void questions_release(struct questions *all)
{
    for (size_t i = 0; i < all->n; i++)
        question_free(all->items[i]);
    size_t cursor = 0;
    struct asker *person;
    while ((person = map_next(&all->people, &cursor))) {
        free(person->asked);
        free(person->voted);
        free(person);
    }
    free(all->items);
    map_release(&all->by_id);
    map_release(&all->people);
    questions_init(all);
}

struct question *questions_find(const struct questions *all, const struct id *id)
{
    return map_get(&all->by_id, id);
}

const struct asker *questions_person(const struct questions *all, const struct id *id)
{
    return map_get(&all->people, id);
}

static struct asker *person_of(struct questions *all, const struct id *id)
{
    struct asker *person = map_get(&all->people, id);
    if (!person) {
        person = mem_new(sizeof *person);
        person->id = *id;
        map_put(&all->people, id, person);
    }
    return person;
}

static void append(struct question ***list, size_t *n, struct question *q)
{
    if ((*n & (*n - 1)) == 0) /* full at each power of two */
        *list = mem_resize(*list, (*n ? *n * 2 : 1) * sizeof(struct question *));
    (*list)[(*n)++] = q;
}

void questions_add(struct questions *all, struct question *q)
{
    append(&all->items, &all->n, q);
    map_put(&all->by_id, &q->id, q);
    struct asker *person = person_of(all, &q->person);
    append(&person->asked, &person->asked_n, q);
}

bool questions_voted(const struct questions *all, const struct question *q, const struct id *person)
{
    const struct asker *p = questions_person(all, person);
    for (size_t i = 0; p && i < p->voted_n; i++)
        if (p->voted[i] == q)
            return true;
    return false;
}

bool questions_count(struct questions *all, struct question *q, const struct id *person)
{
    if (questions_voted(all, q, person))
        return false;
    struct asker *p = person_of(all, person);
    append(&p->voted, &p->voted_n, q);
    q->votes++;
    list_remove(&q->changed);
    list_append(&all->changed, &q->changed);
    return true;
}

void questions_pushed(struct questions *all)
{
    while (list_take_first(&all->changed))
        ;
}

bool questions_full(const struct questions *all, const struct id *person)
{
    const struct asker *p = questions_person(all, person);
    return all->n >= QUESTIONS_MAX || (p && p->asked_n >= QUESTIONS_PER_PERSON);
}
