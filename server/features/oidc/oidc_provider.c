#include "features/oidc/oidc_provider.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"
#include "base/mem.h"
#include "features/oidc/oidc_http.h"
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define KEPT_US (3600 * US_PER_S)
#define AWAY_US                                                                                    \
    (2 * US_PER_S) /* after a failure nobody asks, so that workers do not queue up there */
#define NEWER_US (60 * US_PER_S)

struct oidc {
    struct oidc_settings settings;
    pthread_mutex_t lock; /* of all below; never held while the provider is asked */
    bool known;
    struct oidc_metadata metadata;
    char *keys; /* as text; NULL: not known */
    int64_t metadata_at, keys_at, away_until;
};

struct oidc *oidc_new(struct oidc_settings *s)
{
    struct oidc *o = mem_new(sizeof *o);
    o->settings = *s;
    *s = (struct oidc_settings){0};
    pthread_mutex_init(&o->lock, NULL);
    return o;
}

void oidc_free(struct oidc *o)
{
    if (!o)
        return;
    oidc_settings_release(&o->settings);
    pthread_mutex_destroy(&o->lock);
    free(o->keys);
    free(o);
}

const struct oidc_settings *oidc_settings(const struct oidc *o)
{
    return &o->settings;
}

/* --- metadata --- */

/* True: *err and *out are the answer. */
static bool recall_metadata(struct oidc *o, int64_t mono, struct oidc_metadata *out, enum err *err)
{
    pthread_mutex_lock(&o->lock);
    bool fresh = o->known && mono - o->metadata_at < KEPT_US;
    bool away = mono < o->away_until;
    if (fresh || (away && o->known))
        *out = o->metadata;
    *err = fresh || (away && o->known) ? ERR_OK : ERR_BUSY;
    pthread_mutex_unlock(&o->lock);
    return fresh || away;
}

static void keep_metadata(struct oidc *o, int64_t mono, const struct oidc_metadata *m, bool good)
{
    pthread_mutex_lock(&o->lock);
    if (good) {
        o->metadata = *m;
        o->metadata_at = mono;
        o->known = true;
    }
    o->away_until = good ? 0 : mono + AWAY_US;
    pthread_mutex_unlock(&o->lock);
}

static enum err ask_metadata(struct oidc *o, struct oidc_metadata *out)
{
    struct buf url;
    json_t *said = NULL;
    const char *issuer = o->settings.config->oidc_issuer, *fault = "answer";
    size_t len = strlen(issuer);
    buf_init(&url, OIDC_URL_MAX + 64);
    buf_add(&url, issuer, len - (issuer[len - 1] == '/'));
    buf_adds(&url, "/.well-known/openid-configuration");
    enum err err = oidc_call(&(struct oidc_call){.settings = &o->settings, .url = url.data}, &said);
    if (err == ERR_OK && (fault = oidc_metadata_read(said, &o->settings, out)))
        err = ERR_INVALID;
    if (err != ERR_OK)
        log_warn("oidc.metadata", "{s:s,s:s}", "why", err == ERR_BUSY ? "away" : fault, "issuer",
                 issuer);
    json_decref(said);
    buf_release(&url);
    return err;
}

enum err oidc_metadata(struct oidc *o, int64_t mono, struct oidc_metadata *out)
{
    enum err err;
    if (recall_metadata(o, mono, out, &err))
        return err;
    err = ask_metadata(o, out);
    keep_metadata(o, mono, out, err == ERR_OK);
    return err;
}

/* --- keys --- */

/* NULL: they are to be asked for. */
static json_t *recall_keys(struct oidc *o, int64_t mono, bool newer)
{
    pthread_mutex_lock(&o->lock);
    int64_t age = mono - o->keys_at;
    bool good = o->keys && age < (newer ? NEWER_US : KEPT_US);
    json_t *keys = good ? json_parse(o->keys, strlen(o->keys)) : NULL;
    pthread_mutex_unlock(&o->lock);
    return keys;
}

static void keep_keys(struct oidc *o, int64_t mono, const json_t *keys)
{
    char *text = json_dumps(keys, JSON_COMPACT);
    pthread_mutex_lock(&o->lock);
    char *before = o->keys;
    o->keys = text;
    o->keys_at = mono;
    pthread_mutex_unlock(&o->lock);
    free(before);
}

enum err oidc_keys(struct oidc *o, const struct oidc_metadata *m, int64_t mono, bool newer,
                   json_t **out)
{
    *out = recall_keys(o, mono, newer);
    if (*out)
        return ERR_OK;
    enum err err = oidc_call(&(struct oidc_call){.settings = &o->settings, .url = m->keys}, out);
    if (err == ERR_OK)
        keep_keys(o, mono, *out);
    return err;
}
