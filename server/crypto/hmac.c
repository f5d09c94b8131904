#include "crypto/hmac.h"
#include <sodium.h>

void hmac_sha256(const void *key, size_t key_len, const void *bytes, size_t len,
                 uint8_t mac[static SHA256_SIZE])
{
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, key, key_len);
    crypto_auth_hmacsha256_update(&state, bytes, len);
    crypto_auth_hmacsha256_final(&state, mac);
    sodium_memzero(&state, sizeof state);
}
