/* Spans and leases in the database. Worker threads. */
#ifndef AMPHI_FEATURES_PRESENCE_STORE_H
#define AMPHI_FEATURES_PRESENCE_STORE_H

#include "db/lane.h"
#include "db/query.h"
#include <stdbool.h>

/* What the spans of a room have in common; constant while any is written. */
struct span_context {
    struct id organisation, session, node;
};

/* A span as it is to be in the database: written at its opening and again at its end. Writing the
 * same again changes nothing, so whatever is not known to be committed is written again. */
struct span_write {
    struct lane_item item;
    const struct span_context *context;
    struct id id, connection, person;
    bool staff, attentive;
    int64_t joined_at, left_at; /* Unix us; left_at DB_NULL_TIME: still there */
};
extern const struct lane_kind span_write_kind;

/* The newest lease of any run, 0 when there was none. */
enum err presence_last_lease(struct db_conn *c, int64_t *lease_at) MUST_CHECK;
/* Ends what earlier runs of this name left open, at their leases, and begins a run. */
enum err presence_begin_node(struct db_conn *c, const struct id *node, const char *name,
                             int64_t now) MUST_CHECK;
enum err presence_renew_lease(struct db_conn *c, const struct id *node, int64_t now) MUST_CHECK;
/* The last lease; spans that are still open end with it. */
enum err presence_stop_node(struct db_conn *c, const struct id *node, int64_t now) MUST_CHECK;

#endif
