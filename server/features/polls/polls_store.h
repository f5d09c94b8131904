/* SQL of the polls, nothing else. Worker threads. */
#ifndef AMPHI_FEATURES_POLLS_STORE_H
#define AMPHI_FEATURES_POLLS_STORE_H

#include "base/identity.h"
#include "db/lane.h"
#include "features/polls/polls.h"

struct db_conn;

/* All polls of a session with their votes. */
enum err polls_load(struct db_conn *c, const struct id *session, struct polls *all) MUST_CHECK;

/* --- lane items; every item of a lane is of one session --- */

/* A vote. err: ERR_OK, then counted is what the database holds: this vote or an earlier one;
 * ERR_CONFLICT when the poll is not open and there is none. */
struct poll_vote_item {
    struct lane_item item;
    struct call *call;
    struct id session, poll, person;
    uint32_t choices;
    int64_t at;
    uint32_t counted;
};
extern const struct lane_kind poll_vote_kind;

/* Opens, closes, shows, hides. err: ERR_CONFLICT when the state forbids it, ERR_NOT_FOUND. */
struct poll_op_item {
    struct lane_item item;
    struct call *call;
    struct id session, organisation, poll, actor;
    enum poll_op op;
    int64_t at;
    int64_t seq;             /* of the event; 0: it was so already */
    struct poll *poll_after; /* the row afterwards, without votes; owned by the item */
};
extern const struct lane_kind poll_op_kind;

/* Reads polls again that were changed over HTTP, and logs that they changed. */
struct poll_refresh_item {
    struct lane_item item;
    struct room *room;
    struct id session;
    int64_t at;
    struct id ids[POLLS_MAX];
    struct poll *polls[POLLS_MAX]; /* NULL: removed; owned by the item */
    int64_t seqs[POLLS_MAX];
    size_t n;
};
extern const struct lane_kind poll_refresh_kind;

/* Reads all votes again, after an outcome that nobody knows. */
struct poll_recount_item {
    struct lane_item item;
    struct room *room;
    struct id session;
    struct polls polls; /* owned by the item */
};
extern const struct lane_kind poll_recount_kind;

/* --- for the routes. who: staff; everything is bounded by who->organisation --- */
struct poll_ids {
    struct id ids[POLLS_MAX];
    size_t n;
};
enum err polls_list(struct db_conn *c, const struct identity *who, const struct id *session,
                    struct polls *all) MUST_CHECK;
/* ERR_CONFLICT: the session is over, or has POLLS_MAX polls; *why is the wire code. */
enum err polls_create(struct db_conn *c, const struct identity *who, const struct id *session,
                      const struct poll_draft *draft, int64_t at, struct poll **out,
                      const char **why) MUST_CHECK;
/* ERR_CONFLICT: no draft any more. changed: polls that are different or elsewhere now. */
enum err polls_edit(struct db_conn *c, const struct identity *who, const struct id *poll,
                    const struct poll_draft *draft, int64_t at, struct id *session,
                    struct poll_ids *changed, struct poll **out) MUST_CHECK;
enum err polls_delete(struct db_conn *c, const struct identity *who, const struct id *poll,
                      int64_t at, struct id *session) MUST_CHECK;
/* ERR_INVALID: order is not exactly the polls of the session. */
enum err polls_reorder(struct db_conn *c, const struct identity *who, const struct id *session,
                       const struct poll_ids *order, int64_t at,
                       struct poll_ids *changed) MUST_CHECK;

#endif
