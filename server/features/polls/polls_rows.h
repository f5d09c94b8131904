/* Shared by the two halves of the polls' SQL: lanes and loading (polls_store.c), editing
 * (polls_edit_store.c). Worker threads. */
#ifndef AMPHI_FEATURES_POLLS_ROWS_H
#define AMPHI_FEATURES_POLLS_ROWS_H

#include "features/polls/polls.h"

struct db_conn;
struct db_result;

#define POLL_COLUMNS                                                                               \
    "p.id, p.position, p.question, p.choice, p.state, p.results_shown, p.opened_at, p.closed_at,"  \
    " (SELECT jsonb_agg(o.text ORDER BY o.position) FROM poll_option o WHERE o.poll_id = p.id)"

struct poll *poll_from_row(const struct db_result *r, int row);
enum err poll_read(struct db_conn *c, const struct id *session, const struct id *poll,
                   struct poll **out) MUST_CHECK;
enum err polls_read(struct db_conn *c, const struct id *session, struct polls *all) MUST_CHECK;

#endif
