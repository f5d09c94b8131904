/* Spans in the database. Worker threads. */
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

#endif
