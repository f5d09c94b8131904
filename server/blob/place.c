/* Where the configuration puts the blobs. */
#include "base/config.h"
#include "base/log.h"
#include "base/mem.h"
#include "blob/blob.h"
#include "blob/s3.h"
#include "blob/store.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void cannot_use(const char *folder, char *why, size_t why_size)
{
    snprintf(why, why_size, "cannot use the folder of blobs %s: %s", folder, strerror(errno));
}

/* Servers that share a folder each have their own for what is unfinished: who starts clears his
 * alone. */
static struct blob_store *open_shared(const struct config *c, const char *local, size_t cache_bytes,
                                      char *why, size_t why_size)
{
    char drafts[PATH_MAX], temp[PATH_MAX];
    if (strchr(c->node_name, '/') || c->node_name[0] == '.' || !c->node_name[0]) {
        snprintf(why, why_size, "node_name cannot be the name of a folder");
        return NULL;
    }
    snprintf(drafts, sizeof drafts, "%s/tmp/%s", c->blobs, c->node_name);
    snprintf(temp, sizeof temp, "%s/tmp", local);
    struct blob_store *here = store_open(local, NULL, NULL, 0);
    struct blob_store *s = here ? store_open(c->blobs, drafts, temp, cache_bytes) : NULL;
    if (!s)
        cannot_use(here ? c->blobs : local, why, why_size);
    blob_store_close(here);
    if (s)
        store_put_all_back(s);
    return s;
}

/* "s3://bucket/some/prefix/" */
static struct s3 *open_s3(const struct config *c, char *why, size_t why_size)
{
    char *bucket = mem_strdup(c->blobs + strlen("s3://"));
    char *prefix = bucket + strcspn(bucket, "/");
    if (*prefix)
        *prefix++ = '\0';
    for (size_t n = strlen(prefix); n > 0 && prefix[n - 1] == '/'; n--)
        prefix[n - 1] = '\0';
    struct s3_config config = {.bucket = bucket,
                               .prefix = prefix,
                               .endpoint = c->s3_endpoint,
                               .region = c->s3_region,
                               .access_key = c->s3_access_key,
                               .secret_key = c->s3_secret_key,
                               .ca = c->s3_ca};
    struct s3 *s3 = s3_new(&config, why, why_size);
    free(bucket);
    if (!s3)
        return NULL;
    enum err err = s3_check(s3, c->node_name, why, why_size);
    if (err == ERR_BUSY) /* it may come back: rooms go on without new decks */
        log_warn("blob.store.away", "{s:s}", "why", why);
    if (!err || err == ERR_BUSY)
        return s3;
    s3_free(s3);
    return NULL;
}

static struct blob_store *open_remote(const struct config *c, const char *local, size_t cache_bytes,
                                      char *why, size_t why_size)
{
    struct s3 *s3 = open_s3(c, why, why_size);
    struct blob_store *s = s3 ? store_open(local, NULL, NULL, cache_bytes) : NULL;
    if (!s) {
        if (s3)
            cannot_use(local, why, why_size);
        s3_free(s3);
        return NULL;
    }
    s->s3 = s3;
    remote_begin(s, (uint64_t)c->blob_cache_mb << 20);
    store_put_all_back(s);
    return s;
}

struct blob_store *blob_store_open_configured(const struct config *c, const char *local,
                                              size_t cache_bytes, char *why, size_t why_size)
{
    if (strncmp(c->blobs, "s3://", 5) == 0)
        return open_remote(c, local, cache_bytes, why, why_size);
    if (c->blobs[0] == '/')
        return open_shared(c, local, cache_bytes, why, why_size);
    struct blob_store *s = NULL;
    if (c->blobs[0])
        snprintf(why, why_size, "blobs is s3://bucket/prefix or an absolute path");
    else if (!(s = blob_store_open(local, cache_bytes)))
        cannot_use(local, why, why_size);
    return s;
}
