/* The ID token that a provider signed (OpenID Connect Core 3.1.3.7). Any thread. */
#ifndef AMPHI_FEATURES_OIDC_TOKEN_H
#define AMPHI_FEATURES_OIDC_TOKEN_H

#include "crypto/jws.h"
#include <stdint.h>

struct id_token_wanted {
    const char *issuer, *client_id, *nonce;
    const char *acr_values; /* of which one it is, where it says; "": any */
    int64_t now;            /* Unix us */
};

/* JWS_GOOD with *claims, a new reference, and *fault NULL; else *fault is what is wrong, a word for
 * the log. JWS_NO_KEY: newer keys may help. */
enum jws_verdict id_token_check(const char *token, const json_t *keys,
                                const struct id_token_wanted *wanted, json_t **claims,
                                const char **fault);

#endif
