/* Who is there. A span is written at join and closed with the time of the last sign of life; the
 * node's lease ends what a crash left open. Counting people is plain C; spans are kept in
 * presence_spans, their SQL in presence_store. */
#ifndef AMPHI_FEATURES_PRESENCE_H
#define AMPHI_FEATURES_PRESENCE_H

#include "base/map.h"
#include "room/feature.h"
#include <stdbool.h>
#include <stdint.h>

extern const struct feature presence_feature;

#define COUNT_EVERY_US      US_PER_S
#define COUNT_PER_PERSON_US 1000 /* a crowd costs 1,000 deliveries a second at most */

enum crowd_told { TOLD_STAFF, TOLD_HCPS, TOLD };

/* HCPs present, each person once, however many tabs. */
struct crowd {
    struct map tabs;    /* person → number of connections */
    bool changed[TOLD]; /* since it was last told to these */
    int64_t told_at[TOLD];
};

void crowd_init(struct crowd *p);
void crowd_release(struct crowd *p);
void crowd_enter(struct crowd *p, const struct id *person);
void crowd_leave(struct crowd *p, const struct id *person);
/* The data of presence.count when it is time to tell these, else NULL. A new reference. */
json_t *crowd_tell(struct crowd *p, enum crowd_told whom, int64_t now);

#endif
