/* Questions of the audience: asked, moderated, voted for. What is here is the live copy of
 * committed rows and the rules over it; pure, of the room's home loop. */
#ifndef AMPHI_FEATURES_QUESTIONS_H
#define AMPHI_FEATURES_QUESTIONS_H

#include "base/err.h"
#include "base/id.h"
#include "base/json.h"
#include "base/map.h"
#include "room/room.h"
#include <stdbool.h>
#include <stdint.h>

extern const struct feature questions_feature;

#define QUESTION_TEXT_MAX    1000         /* characters */
#define QUESTIONS_PER_PERSON 50           /* in one session; more is rate.limited */
#define QUESTIONS_MAX        20000        /* of one session */
#define QUESTIONS_SHOWN      500          /* in a snapshot: the newest */
#define QUESTION_VOTES_US    (200 * 1000) /* between two pushes of one question's votes */

enum question_state { QUESTION_ASKED, QUESTION_APPROVED, QUESTION_ANSWERED, QUESTION_DISMISSED };
extern const char *const question_state_words[]; /* NULL-terminated, as in SQL and JSON */
bool question_state_parse(const char *word, enum question_state *out);

struct question {
    struct list changed; /* in questions.changed while its votes are to be pushed */
    struct id id, person;
    char *text;   /* "" once the person was erased */
    char *author; /* "First Last"; NULL once the person was erased */
    bool anonymous;
    enum question_state state;
    int64_t asked_at;        /* Unix us */
    int64_t votes, votes_at; /* votes_at: of the last push */
};
struct question *question_new(void);
void question_free(struct question *q); /* NULL is allowed */

/* --- rules --- */
bool question_may_become(enum question_state from, enum question_state to);
bool question_visible(enum question_state state); /* to HCPs */
bool question_may_stage(enum question_state state);
/* NULL when allowed, else the wire code. */
const char *question_vote_refused(const struct question *q, const struct id *person);
/* Whether a vote of the person may be stored that nobody has told of: it was open to votes once. */
bool question_may_have_vote(const struct question *q, const struct id *person);
const char *question_ask_refused(enum session_state session);
bool question_same(const struct question *q, const struct id *person, const char *text,
                   bool anonymous);

/* --- the questions of a session, in the order of asking --- */
struct asker {
    struct id id;
    struct question **asked, **voted;
    size_t asked_n, voted_n;
};
struct questions {
    struct question **items;
    size_t n;
    struct map by_id;    /* id → question */
    struct map people;   /* id → asker */
    struct list changed; /* whose votes changed since they were pushed */
    /* The one that is being answered, large before everybody: approved; NULL: none. */
    struct question *staged;
};
void questions_init(struct questions *all);
void questions_release(struct questions *all);
struct question *questions_find(const struct questions *all, const struct id *id);
void questions_add(struct questions *all, struct question *q);
/* A committed vote; false when it was counted before. */
bool questions_count(struct questions *all, struct question *q, const struct id *person);
void questions_pushed(struct questions *all); /* nothing is left to push */
bool questions_voted(const struct questions *all, const struct question *q,
                     const struct id *person);
const struct asker *questions_person(const struct questions *all, const struct id *id);
/* Has the person, or the session, as many as may be? */
bool questions_full(const struct questions *all, const struct id *person);

/* --- wire forms, as PROTOCOL.md has them (questions_json.c) --- */
json_t *question_json(const struct question *q, unsigned roles);
json_t *questions_json(const struct questions *all, unsigned roles);
json_t *questions_own_json(const struct questions *all, const struct id *person);
json_t *question_votes_json(const struct question *q);
json_t *question_changed_json(const struct question *q); /* {"id","state","votes"} */
/* What HCPs are told when a question passes from one state to another; NULL: nothing. */
const char *question_hcp_event_type(enum question_state from, enum question_state to);
json_t *question_hcp_event_json(const struct question *q, const char *type);

struct question_draft {
    const char *text;
    bool anonymous;
};
struct question_draft question_draft_read(struct json_reader *r);

#endif
