/* One way to the provider and back. All its secrets come from one, which the browser's cookie alone
 * holds: the database has hashes, so whoever reads it cannot end a trip. Any thread. */
#ifndef AMPHI_FEATURES_OIDC_TRIP_H
#define AMPHI_FEATURES_OIDC_TRIP_H

#include "crypto/crypto.h"

struct oidc_trip {
    char token[TOKEN_TEXT_SIZE]; /* of the cookie */
    char state[TOKEN_TEXT_SIZE], nonce[TOKEN_TEXT_SIZE];
    char verifier[TOKEN_TEXT_SIZE], challenge[TOKEN_TEXT_SIZE]; /* PKCE, S256 (RFC 7636) */
    uint8_t token_hash[TOKEN_HASH_SIZE], state_hash[TOKEN_HASH_SIZE];
};

void oidc_trip_new(struct oidc_trip *t);
/* False: the cookie is none. */
bool oidc_trip_of(struct oidc_trip *t, const char *token);

#endif
