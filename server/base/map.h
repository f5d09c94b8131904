/* Open-addressing hash map from a struct id to a pointer. One owner thread.
 * Does not own its values. */
#ifndef AMPHI_BASE_MAP_H
#define AMPHI_BASE_MAP_H

#include "base/id.h"

struct map_slot {
    struct id key;
    void *value; /* NULL: free */
};

struct map {
    struct map_slot *slots;
    size_t len, cap;
};

void map_init(struct map *m);
void map_release(struct map *m);
void *map_get(const struct map *m, const struct id *key); /* NULL when absent */
/* value must not be NULL. Returns the value it replaced, or NULL. */
void *map_put(struct map *m, const struct id *key, void *value);
void *map_remove(struct map *m, const struct id *key); /* the removed value, or NULL */
/* Iterates: start with *cursor = 0; NULL at the end. Do not change the map meanwhile. */
void *map_next(const struct map *m, size_t *cursor);

#endif
