/* SQL of what was heard. Worker threads. */
#ifndef AMPHI_FEATURES_STAGE_HEARD_STORE_H
#define AMPHI_FEATURES_STAGE_HEARD_STORE_H

#include "room/feature.h"
#include "room/lane_call.h"

/* An HCP's connection plays the stage from now on, or no more. */
struct hearing {
    struct lane_call lc;
    struct id span; /* of the connection's presence */
    bool playing;
};
enum err hearings_write(struct db_conn *c, struct lane_item *const *items, size_t n) MUST_CHECK;

extern const struct export_count heard_exported[];

#endif
