#include "crypto/sha256.h"
#include <sodium.h>

void sha256(const void *bytes, size_t len, uint8_t hash[static SHA256_SIZE])
{
    crypto_hash_sha256(hash, bytes, len);
}
