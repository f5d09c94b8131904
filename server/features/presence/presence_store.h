/* Spans and leases in the database. Worker threads. */
#ifndef AMPHI_FEATURES_PRESENCE_STORE_H
#define AMPHI_FEATURES_PRESENCE_STORE_H

#include "db/lane.h"
#include "db/query.h"
#include <stdbool.h>

/* A span as it is to be in the database. */
struct span_row {
    struct id id, organisation, session, node, connection, person;
    bool staff, attentive;
    int64_t joined_at, left_at; /* Unix us; left_at DB_NULL_TIME: still there */
    int64_t gone_at;            /* when it was known to be gone; DB_NULL_TIME with left_at */
    bool on_purpose;            /* it ended by a command: no gap after it is bridged */
};

#define SPAN_ROWS_MOST 3

/* Rows that are written in one transaction. Writing the same again changes nothing, so whatever is
 * not known to be committed is written again. */
struct span_write {
    struct lane_item item;
    struct span_row rows[SPAN_ROWS_MOST];
    int n;
};
extern const struct lane_kind span_write_kind;

/* The newest lease of any run, 0 when there was none. */
enum err presence_last_lease(struct db_conn *c, int64_t *lease_at) MUST_CHECK;
/* Ends what earlier runs of this name, and runs that are dead by now, left open, at their leases,
 * and begins a run. */
enum err presence_begin_node(struct db_conn *c, const struct id *node, const char *name,
                             int64_t now) MUST_CHECK;
/* Ends what runs that are dead by now left open, too. */
enum err presence_renew_lease(struct db_conn *c, const struct id *node, int64_t now) MUST_CHECK;
/* The last lease; spans that are still open end with it. */
enum err presence_stop_node(struct db_conn *c, const struct id *node, int64_t now) MUST_CHECK;

#endif
