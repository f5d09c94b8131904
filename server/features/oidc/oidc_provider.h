/* What is known of the provider: its metadata and its keys, kept for an hour. Workers of
 * DB_PROVIDER. */
#ifndef AMPHI_FEATURES_OIDC_PROVIDER_H
#define AMPHI_FEATURES_OIDC_PROVIDER_H

#include "base/err.h"
#include "features/oidc/oidc.h"

struct oidc;
/* Takes what the settings own. */
struct oidc *oidc_new(struct oidc_settings *s);
void oidc_free(struct oidc *o);
const struct oidc_settings *oidc_settings(const struct oidc *o);

/* mono: the monotonic clock in us. ERR_BUSY: the provider is away; ERR_INVALID: it is not what it
 * should be. */
enum err oidc_metadata(struct oidc *o, int64_t mono, struct oidc_metadata *out) MUST_CHECK;
/* The key set, a new reference. newer: a token names a key that is not in what is known; asked at
 * most once a minute. */
enum err oidc_keys(struct oidc *o, const struct oidc_metadata *m, int64_t mono, bool newer,
                   json_t **out) MUST_CHECK;

#endif
