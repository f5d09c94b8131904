/* Who is there. A span is written at join and closed with the time of the last byte received; the
 * node's lease ends what a crash left open. Counting people is plain C; spans are kept in
 * presence_spans, their SQL in presence_store. */
#ifndef AMPHI_FEATURES_PRESENCE_H
#define AMPHI_FEATURES_PRESENCE_H

#include "base/map.h"
#include "features/feature.h"
#include <stdbool.h>
#include <stdint.h>

extern const struct feature presence_feature;

#define COUNT_EVERY_US US_PER_S

/* HCPs present, each person once, however many tabs. */
struct crowd {
    struct map tabs; /* person → number of connections */
    bool changed;    /* since it was last told */
    int64_t told_at;
};

void crowd_init(struct crowd *p);
void crowd_release(struct crowd *p);
void crowd_enter(struct crowd *p, const struct id *person);
void crowd_leave(struct crowd *p, const struct id *person);
/* The data of presence.count when it is time to tell it, else NULL. A new reference. */
json_t *crowd_tell(struct crowd *p, int64_t now);

#endif
