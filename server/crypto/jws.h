/* Signed tokens (JWS in its compact form, RFC 7515) of OpenID Connect providers, checked by
 * libcjose. Of all that JOSE can do only two ways to sign are let in, and only with public keys of
 * their own kind: the token's header chooses nothing else. Any thread. */
#ifndef AMPHI_CRYPTO_JWS_H
#define AMPHI_CRYPTO_JWS_H

#include <jansson.h>
#include <stddef.h>

#define JWS_MAX      32768 /* characters of a token */
#define JWS_KEYS_MAX 32    /* of a set that are looked at */

enum jws_verdict {
    JWS_GOOD,
    JWS_MALFORMED,
    JWS_ALGORITHM, /* neither RS256 nor ES256; "none", too */
    JWS_NO_KEY,    /* none in the set that the header can mean: it may be an older set */
    JWS_SIGNATURE,
};

/* keys: a JSON Web Key Set. *payload: what was signed, an object, a new reference; NULL unless
 * good. */
enum jws_verdict jws_verify(const char *compact, const json_t *keys, json_t **payload);

#endif
