/* The colour and the logo of an organisation's own pages: registration, personal links, /my. */
#ifndef AMPHI_FEATURES_ACCOUNTS_BRANDING_H
#define AMPHI_FEATURES_ACCOUNTS_BRANDING_H

#include "http/http.h"

#define LOGO_MAX (200 * 1024)

struct payload;

/* "image/png", "image/jpeg" or "image/webp", by how it begins; NULL: none of them. */
const char *logo_type(const void *bytes, size_t len);

/* Worker; each is its own transaction, audited, within the organisation of `who`. */
/* {"accent": "#rrggbb" or null, "logo": path or null}, a new reference. */
enum err branding_get(struct db_conn *c, const struct identity *who, json_t **out) MUST_CHECK;
/* accent: "#rrggbb" in lower case; NULL: the product's own. */
enum err branding_set_accent(struct db_conn *c, const struct identity *who, const char *accent,
                             int64_t now) MUST_CHECK;
/* 1 to LOGO_MAX bytes of a logo_type(). */
enum err branding_set_logo(struct db_conn *c, const struct identity *who, const void *bytes,
                           size_t len, int64_t now) MUST_CHECK;
enum err branding_remove_logo(struct db_conn *c, const struct identity *who,
                              int64_t now) MUST_CHECK;
/* *bytes: a new reference; *type is static. ERR_NOT_FOUND. */
enum err logo_get(struct db_conn *c, const struct id *logo, struct payload **bytes,
                  const char **type) MUST_CHECK;

/* branding_routes.c */
http_handler get_branding, patch_branding, post_logo, delete_logo, get_logo;

#endif
