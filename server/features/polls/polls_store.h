/* SQL of the polls, nothing else. Worker threads. */
#ifndef AMPHI_FEATURES_POLLS_STORE_H
#define AMPHI_FEATURES_POLLS_STORE_H

#include "features/polls/polls.h"
#include "room/feature.h"
#include "room/lane_call.h"

/* All polls of a session with their votes. */
enum err polls_load(struct db_conn *c, const struct id *session, struct polls *all) MUST_CHECK;

/* --- commands; a run of lane items is of one session --- */

/* A vote. item.err: ERR_OK, then counted is what the database holds: this vote or an earlier one;
 * ERR_CONFLICT when the poll is not open and there is none. */
struct poll_vote {
    struct lane_call lc;
    struct id poll;
    uint32_t choices, counted;
};
extern const struct lane_call_kind poll_vote_kind;
enum err poll_votes_write(struct db_conn *c, struct lane_item *const *items, size_t n) MUST_CHECK;

/* Opens, closes, shows, hides. Showing what is shown already is no event. */
struct poll_change {
    struct lane_call lc;
    struct id poll;
    enum poll_op op;
};
enum err poll_change_write(struct db_conn *c, struct lane_call *lc) MUST_CHECK;

/* --- for the routes. Everything is bounded by the organisation of who asks; what changes begins
 * its transaction and ends it --- */
struct poll_ids {
    struct id ids[POLLS_MAX];
    size_t n;
};
enum err polls_list(struct db_conn *c, const struct identity *who, const struct id *session,
                    struct polls *all) MUST_CHECK;
/* ERR_CONFLICT: the session is over, or has POLLS_MAX polls; *why is the wire code. */
enum err polls_create(struct db_conn *c, struct change *change, const struct id *session,
                      const struct poll_draft *draft, struct poll **out,
                      const char **why) MUST_CHECK;
/* ERR_CONFLICT: no draft any more. */
enum err polls_edit(struct db_conn *c, struct change *change, const struct id *poll,
                    const struct poll_draft *draft, struct poll **out) MUST_CHECK;
enum err polls_delete(struct db_conn *c, struct change *change, const struct id *poll) MUST_CHECK;
/* ERR_INVALID: order is not exactly the polls of the session. */
enum err polls_reorder(struct db_conn *c, struct change *change, const struct id *session,
                       const struct poll_ids *order) MUST_CHECK;

extern const struct export_count polls_exported[];

#endif
