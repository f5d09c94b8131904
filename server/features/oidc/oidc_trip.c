#include "features/oidc/oidc_trip.h"
#include "crypto/base64url.h"
#include "crypto/hmac.h"
#include <stdio.h>
#include <string.h>

/* What the cookie's secret is under this word. */
static void derive(const uint8_t *secret, const char *word, char text[static TOKEN_TEXT_SIZE],
                   uint8_t hash[static TOKEN_HASH_SIZE])
{
    uint8_t mac[SHA256_SIZE];
    hmac_sha256(secret, TOKEN_HASH_SIZE, word, strlen(word), mac);
    token_of(mac, text, hash);
}

bool oidc_trip_of(struct oidc_trip *t, const char *token)
{
    uint8_t secret[TOKEN_HASH_SIZE], unused[TOKEN_HASH_SIZE], digest[SHA256_SIZE];
    if (!token_hash(token, t->token_hash) ||
        !base64url_parse(token, strlen(token), secret, sizeof secret))
        return false;
    snprintf(t->token, sizeof t->token, "%s", token);
    derive(secret, "state", t->state, t->state_hash);
    derive(secret, "nonce", t->nonce, unused);
    derive(secret, "code verifier", t->verifier, unused);
    sha256(t->verifier, strlen(t->verifier), digest);
    base64url(t->challenge, digest, sizeof digest);
    explicit_bzero(secret, sizeof secret);
    return true;
}

void oidc_trip_new(struct oidc_trip *t)
{
    char token[TOKEN_TEXT_SIZE];
    uint8_t hash[TOKEN_HASH_SIZE];
    token_new(token, hash);
    bool good = oidc_trip_of(t, token);
    (void)good; /* its own token is one */
}
