#include "room/home/states.h"
#include "base/mem.h"
#include "room/encode.h"
#include <stdlib.h>
#include <string.h>

void states_init(struct states *s, const char *place, int64_t version)
{
    s->place = place;
    list_init(&s->all);
    list_init(&s->dirty);
    s->version = version;
}

static void state_free(struct state *state)
{
    list_remove(&state->node);
    list_remove(&state->dirty);
    payload_unref(state->frame);
    json_decref(state->data);
    free(state->type);
    free(state->key);
    free(state);
}

void states_release(struct states *s)
{
    list_for_each_safe(node, &s->all) state_free(container_of(node, struct state, node));
}

static bool is_named(const struct state *state, const char *type, const char *key)
{
    return strcmp(state->key, key) == 0 && strcmp(state->type, type) == 0;
}

/* FNV-1a. */
#define HASH_BASIS 14695981039346656037u
#define HASH_PRIME 1099511628211u

static uint64_t coalesce_key(const char *type, const char *key)
{
    uint64_t h = HASH_BASIS;
    for (const char *c = type; *c; c++)
        h = (h ^ (unsigned char)*c) * HASH_PRIME;
    h = (h ^ '/') * HASH_PRIME;
    for (const char *c = key; *c; c++)
        h = (h ^ (unsigned char)*c) * HASH_PRIME;
    return h ? h : 1;
}

static struct state *state_find(struct states *s, const char *type, const char *key,
                                unsigned audience)
{
    uint64_t hash = coalesce_key(type, key);
    list_for_each(node, &s->all)
    {
        struct state *state = container_of(node, struct state, node);
        if (state->coalesce == hash && state->audience == audience && is_named(state, type, key))
            return state;
    }
    struct state *state = mem_new(sizeof *state);
    state->type = mem_strdup(type);
    state->key = mem_strdup(key);
    state->audience = audience;
    state->coalesce = hash;
    list_init(&state->dirty);
    list_append(&s->all, &state->node);
    return state;
}

void states_push(struct states *s, const char *type, const char *key, unsigned audience,
                 json_t *data)
{
    struct state *state = state_find(s, type, key, audience);
    json_decref(state->data);
    state->data = data;
    list_remove(&state->dirty);
    list_append(&s->dirty, &state->dirty);
}

void states_drop(struct states *s, const char *type, const char *key)
{
    list_for_each_safe(node, &s->all)
    {
        struct state *state = container_of(node, struct state, node);
        if (is_named(state, type, key))
            state_free(state);
    }
}

struct state *states_take_dirty(struct states *s)
{
    struct list *first = list_take_first(&s->dirty);
    if (!first)
        return NULL;
    struct state *state = container_of(first, struct state, dirty);
    payload_unref(state->frame);
    state->frame = encode_state(s->place, state->type, state->key, ++s->version, state->data);
    json_decref(state->data);
    state->data = NULL;
    return state;
}
