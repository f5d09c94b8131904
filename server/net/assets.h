/* The built web pages, held in memory with the compressed forms that lie beside them (x.gz, x.br).
 * Constant after loading; any thread. */
#ifndef AMPHI_NET_ASSETS_H
#define AMPHI_NET_ASSETS_H

#include "base/payload.h"
#include <stdbool.h>
#include <stddef.h>

enum asset_coding { ASSET_PLAIN, ASSET_GZIP, ASSET_BROTLI, ASSET_CODINGS };

struct asset {
    char *path; /* "/assets/app-1A2B3C4D.js" */
    const char *content_type;
    bool immutable; /* the name holds a hash of the content */
    struct payload *bytes[ASSET_CODINGS];
    char etag[ASSET_CODINGS][40]; /* quoted */
};

struct assets;

/* An absent folder gives an empty set. Links are not followed. */
struct assets *assets_load(const char *folder);
void assets_free(struct assets *a);
const struct asset *assets_find(const struct assets *a, const char *path); /* NULL: none */
/* The smallest form that the Accept-Encoding header allows. */
enum asset_coding asset_choose(const struct asset *asset, const char *accept_encoding);
/* "gzip"; NULL for the plain form. */
const char *asset_coding_name(enum asset_coding coding);

#endif
