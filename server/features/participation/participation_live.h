/* The people of a congress in memory, with what is needed to tell the figures at any moment without
 * a query: whom they match and when they were seen. Filled by a database worker, then handed over
 * to the room; one thread at a time. 64 bytes a registration plus their spans. */
#ifndef AMPHI_FEATURES_PARTICIPATION_LIVE_H
#define AMPHI_FEATURES_PARTICIPATION_LIVE_H

#include "base/map.h"
#include "features/participation/participation.h"

struct person {
    struct id id;
    struct times times;
    uint64_t profiles; /* bit i: matches the i-th profile */
    bool other;        /* no HCP */
    bool registered;   /* false: cancelled, or only met as a member so far
                        */
};

struct people {
    struct map index; /* id → position + 1 */
    struct person *list;
    size_t n, cap;
};
void people_init(struct people *p);
void people_release(struct people *p);
struct person *people_get(const struct people *p, const struct id *id); /* NULL: nobody */
/* Borrowed until the next people_put(). */
struct person *people_put(struct people *p, const struct id *id);
/* Takes over from `fresh` who is registered and whom they match; times stay. whole: fresh holds
 * everybody, so who is missing there is not registered. */
void people_update(struct people *p, const struct people *fresh, bool whole);

/* The figures at `now` into all and profiles[].figures. Who is not registered counts only once they
 * attended. */
void people_figures(const struct people *p, const struct span_rules *rules, int64_t now,
                    struct participation *out);

#endif
