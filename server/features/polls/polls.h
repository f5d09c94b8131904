/* Polls: prepared beforehand, opened and closed live, one final vote per person. What is here is
 * the live copy of committed rows and the rules over it; pure, of the room's home loop. */
#ifndef AMPHI_FEATURES_POLLS_H
#define AMPHI_FEATURES_POLLS_H

#include "base/err.h"
#include "base/id.h"
#include "base/json.h"
#include "base/map.h"
#include "room/room.h"
#include <stdbool.h>
#include <stdint.h>

extern const struct feature polls_feature;

#define POLLS_MAX         100 /* of one session */
#define POLL_OPTIONS_MIN  2
#define POLL_OPTIONS_MAX  20
#define POLL_QUESTION_MAX 500 /* characters */
#define POLL_OPTION_MAX   300
#define POLL_TALLY_US     (200 * 1000) /* between two pushes of one tally */

enum poll_choice { POLL_SINGLE, POLL_MULTIPLE };
enum poll_state { POLL_DRAFT, POLL_OPEN, POLL_CLOSED };
extern const char *const poll_choice_words[]; /* NULL-terminated, as in SQL and JSON */
extern const char *const poll_state_words[];

struct poll {
    struct id id;
    int position;
    char *question;
    enum poll_choice choice;
    enum poll_state state;
    bool results_shown;
    int64_t opened_at, closed_at; /* Unix us, 0: not yet */
    int option_count;
    char *options[POLL_OPTIONS_MAX]; /* options[i] is at position i + 1 */
    /* Committed votes. Choices are bits: bit n-1 is the option at position n. */
    struct map votes; /* person → choices as a number in the pointer; never 0 */
    int64_t voters, counts[POLL_OPTIONS_MAX];
    bool final; /* voters and counts are those of poll.closed: whoever is missing in votes is in */
    bool tally_changed;
    int64_t tally_at; /* of the last push */
};

struct poll *poll_new(void);
void poll_free(struct poll *p); /* NULL is allowed */

/* A committed vote; false when it was counted before, however often it is told. Of a final tally
 * only whose it was is kept. */
bool poll_count(struct poll *p, const struct id *person, uint32_t choices);
uint32_t poll_vote_of(const struct poll *p, const struct id *person); /* 0: none */
/* newer is the same poll as it is now: everything but the votes is taken from it. Frees newer. */
void poll_update(struct poll *p, struct poll *newer);
/* counted is the same poll with the votes as they were read: those that are missing are added, as
 * none is ever taken back. */
void poll_take_votes(struct poll *p, const struct poll *counted);
/* The final tally, from the log: nothing changes it any more. */
void poll_take_tally(struct poll *p, int64_t voters, const int64_t counts[POLL_OPTIONS_MAX]);
/* Whether everybody who voted is known; else the database is asked before anybody is refused. */
bool poll_knows_voters(const struct poll *p);

/* --- rules: NULL when allowed, else the wire code --- */
enum poll_op { POLL_OP_OPEN, POLL_OP_CLOSE, POLL_OP_SHOW, POLL_OP_HIDE };
const char *poll_op_refused(const struct poll *p, enum poll_op op, enum session_state session);
const char *poll_vote_refused(const struct poll *p, uint32_t choices);
bool poll_visible(const struct poll *p, unsigned roles);
unsigned poll_tally_audience(const struct poll *p);
bool poll_tally_due(const struct poll *p, int64_t now);

/* --- the polls of a session, by position --- */
struct polls {
    struct poll **items;
    size_t n;
};
struct poll *polls_find(const struct polls *all, const struct id *id);
void polls_add(struct polls *all, struct poll *p);
void polls_remove(struct polls *all, struct poll *p); /* frees it */
void polls_sort(struct polls *all);
void polls_release(struct polls *all);

/* --- wire forms, as PROTOCOL.md has them (polls_json.c) --- */
json_t *poll_json(const struct poll *p);
json_t *poll_tally_json(const struct poll *p);
json_t *poll_choices_json(uint32_t choices); /* [1,3] */
json_t *polls_json(const struct polls *all, unsigned roles);
json_t *polls_own_json(const struct polls *all, const struct id *person);
struct poll *poll_from_json(const json_t *json); /* what poll_json() wrote; NULL: it is not one */
const char *poll_event_type(enum poll_op op);
json_t *poll_event_json(const struct poll *p, enum poll_op op);
json_t *poll_changed_json(const struct id *id, const struct poll *p); /* NULL: it was removed */
/* Positions, ascending, 1 … POLL_OPTIONS_MAX, as bits; 0 with a fault. */
uint32_t poll_choices_read(struct json_reader *r, const char *name);

/* A poll as a person writes it. Absent parts of an edit are NULL, -1 or 0. */
struct poll_draft {
    const char *question;
    int choice;
    const char *options[POLL_OPTIONS_MAX];
    int option_count;
    int position;
};
/* whole: everything but the position must be there. Strings are borrowed from the object. */
struct poll_draft poll_draft_read(struct json_reader *r, bool whole);

#endif
