#include "base/map.h"
#include "base/mem.h"
#include <assert.h>

/* Linear probing, at most half full; removal shifts back what followed, so there are no tombstones.
 * cap is 0 or a power of two. */

void map_init(struct map *m)
{
    *m = (struct map){0};
}

void map_release(struct map *m)
{
    free(m->slots);
    map_init(m);
}

static size_t home_of(const struct map *m, const struct id *key)
{
    return (size_t)id_hash(key) & (m->cap - 1);
}

/* The slot of key, or the free slot where it belongs. cap > 0. */
static struct map_slot *find(const struct map *m, const struct id *key)
{
    size_t i = home_of(m, key);
    while (m->slots[i].value && !id_equal(&m->slots[i].key, key))
        i = (i + 1) & (m->cap - 1);
    return &m->slots[i];
}

void *map_get(const struct map *m, const struct id *key)
{
    return m->len ? find(m, key)->value : NULL;
}

static void grow(struct map *m)
{
    struct map old = *m;
    m->cap = old.cap ? old.cap * 2 : 16;
    m->slots = mem_new_array(m->cap, sizeof *m->slots);
    for (size_t i = 0; i < old.cap; i++)
        if (old.slots[i].value)
            *find(m, &old.slots[i].key) = old.slots[i];
    free(old.slots);
}

void *map_put(struct map *m, const struct id *key, void *value)
{
    assert(value);
    if ((m->len + 1) * 2 > m->cap)
        grow(m);
    struct map_slot *slot = find(m, key);
    void *replaced = slot->value;
    if (!replaced)
        m->len++;
    *slot = (struct map_slot){*key, value};
    return replaced;
}

void *map_remove(struct map *m, const struct id *key)
{
    if (!m->len)
        return NULL;
    struct map_slot *slot = find(m, key);
    void *removed = slot->value;
    if (!removed)
        return NULL;
    size_t mask = m->cap - 1, hole = (size_t)(slot - m->slots);
    for (size_t i = (hole + 1) & mask; m->slots[i].value; i = (i + 1) & mask) {
        /* Move it into the hole unless that would put it before its home. */
        size_t distance = (i - home_of(m, &m->slots[i].key)) & mask;
        if (distance >= ((i - hole) & mask)) {
            m->slots[hole] = m->slots[i];
            hole = i;
        }
    }
    m->slots[hole].value = NULL;
    m->len--;
    return removed;
}

void *map_next(const struct map *m, size_t *cursor)
{
    while (*cursor < m->cap) {
        void *value = m->slots[(*cursor)++].value;
        if (value)
            return value;
    }
    return NULL;
}
