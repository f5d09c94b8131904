/* The states of a room: by type, key and audience the newest value, framed. A change is marked and
 * leaves at the end of the turn, so several changes in one turn are one frame. */
#ifndef AMPHI_ROOM_STATES_H
#define AMPHI_ROOM_STATES_H

#include "base/list.h"
#include "base/payload.h"
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct state {
    struct list node, dirty;
    char *type, *key;
    unsigned audience;
    uint64_t coalesce;     /* the same for the same type and key, never 0 */
    json_t *data;          /* changed, not framed yet; else NULL */
    struct payload *frame; /* the newest that was framed; NULL before */
};

struct states {
    struct list all, dirty;
    const char *place; /* the session's tag, in each frame; borrowed */
    int64_t version; /* of the last frame; starts at the opening's time, so it grows over epochs */
};

void states_init(struct states *s, const char *place, int64_t version);
void states_release(struct states *s);
void states_push(struct states *s, const char *type, const char *key, unsigned audience,
                 json_t *data); /* takes data */
void states_drop(struct states *s, const char *type, const char *key);
/* The next changed state, framed and no longer marked; NULL: none left. Borrowed. */
struct state *states_take_dirty(struct states *s);

#endif
