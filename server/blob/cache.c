#include "blob/cache.h"
#include "base/list.h"
#include "base/map.h"
#include "base/mem.h"
#include "blob/blob.h"
#include <assert.h>
#include <pthread.h>
#include <stdbool.h>

struct entry {
    struct list node; /* in lru once loaded; else alone */
    uint8_t hash[BLOB_HASH_SIZE];
    struct payload *payload;
    enum err err;
    bool loading, indexed; /* indexed: reachable by the map */
    unsigned users;        /* threads that hold a pointer to it */
};

struct blob_cache {
    pthread_mutex_t lock;
    pthread_cond_t loaded;
    struct map entries; /* by the first half of the hash, which is collision-free enough to index */
    struct list lru;    /* oldest first */
    size_t bytes, max_bytes;
};

struct blob_cache *blob_cache_new(size_t max_bytes)
{
    struct blob_cache *c = mem_new(sizeof *c);
    pthread_mutex_init(&c->lock, NULL);
    pthread_cond_init(&c->loaded, NULL);
    map_init(&c->entries);
    list_init(&c->lru);
    c->max_bytes = max_bytes;
    return c;
}

static struct id key_of(const uint8_t *hash)
{
    struct id key;
    memcpy(key.bytes, hash, sizeof key.bytes);
    return key;
}

static void entry_free_unused(struct entry *e)
{
    if (e->indexed || e->users > 0)
        return;
    payload_unref(e->payload);
    free(e);
}

/* Under the lock. Users of the entry keep it until they are done. */
static void entry_drop(struct blob_cache *c, struct entry *e)
{
    struct id key = key_of(e->hash);
    map_remove(&c->entries, &key);
    e->indexed = false;
    if (!list_empty(&e->node)) {
        list_remove(&e->node);
        c->bytes -= e->payload->len;
    }
    entry_free_unused(e);
}

void blob_cache_free(struct blob_cache *c)
{
    while (!list_empty(&c->lru))
        entry_drop(c, container_of(c->lru.next, struct entry, node));
    map_release(&c->entries);
    pthread_cond_destroy(&c->loaded);
    pthread_mutex_destroy(&c->lock);
    free(c);
}

static struct entry *entry_new(struct blob_cache *c, const uint8_t *hash)
{
    struct entry *e = mem_new(sizeof *e);
    list_init(&e->node);
    memcpy(e->hash, hash, sizeof e->hash);
    e->loading = e->indexed = true;
    struct id key = key_of(hash);
    map_put(&c->entries, &key, e);
    return e;
}

/* Under the lock again: the one who loads keeps or drops the entry, and makes room. */
static void entry_loaded(struct blob_cache *c, struct entry *e)
{
    e->loading = false;
    if (e->err) {
        entry_drop(c, e);
    } else {
        list_append(&c->lru, &e->node);
        c->bytes += e->payload->len;
        while (c->bytes > c->max_bytes)
            entry_drop(c, container_of(c->lru.next, struct entry, node));
    }
    pthread_cond_broadcast(&c->loaded);
}

enum err blob_cache_get(struct blob_cache *c, const uint8_t *hash, blob_load *load, void *arg,
                        struct payload **out)
{
    struct id key = key_of(hash);
    pthread_mutex_lock(&c->lock);
    struct entry *e = map_get(&c->entries, &key);
    if (e && memcmp(e->hash, hash, sizeof e->hash) != 0) {
        pthread_mutex_unlock(&c->lock);
        return load(arg, hash, out);
    }
    if (!e) {
        e = entry_new(c, hash);
        e->users++;
        pthread_mutex_unlock(&c->lock);
        struct payload *payload = NULL;
        enum err err = load(arg, hash, &payload);
        pthread_mutex_lock(&c->lock);
        assert(e->users > 0); /* ours: nobody frees it before we are done */
        e->payload = payload;
        e->err = err;
        entry_loaded(c, e);
    } else {
        e->users++;
        while (e->loading)
            pthread_cond_wait(&c->loaded, &c->lock);
        if (!list_empty(&e->node)) {
            list_remove(&e->node);
            list_append(&c->lru, &e->node);
        }
    }
    enum err err = e->err;
    *out = err ? NULL : payload_ref(e->payload);
    e->users--;
    entry_free_unused(e);
    pthread_mutex_unlock(&c->lock);
    return err;
}
