#include "crypto/sha256.h"
#include <sodium.h>

_Static_assert(sizeof(struct sha256) >= sizeof(crypto_hash_sha256_state), "sha256 state");

static crypto_hash_sha256_state *state(struct sha256 *s)
{
    return (crypto_hash_sha256_state *)(void *)s->opaque;
}

void sha256(const void *bytes, size_t len, uint8_t hash[static SHA256_SIZE])
{
    crypto_hash_sha256(hash, bytes, len);
}

void sha256_init(struct sha256 *s)
{
    crypto_hash_sha256_init(state(s));
}

void sha256_add(struct sha256 *s, const void *bytes, size_t len)
{
    crypto_hash_sha256_update(state(s), bytes, len);
}

void sha256_end(struct sha256 *s, uint8_t hash[static SHA256_SIZE])
{
    crypto_hash_sha256_final(state(s), hash);
}
