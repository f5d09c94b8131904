/* SHA-256, at once or in pieces. Any thread. */
#ifndef AMPHI_CRYPTO_SHA256_H
#define AMPHI_CRYPTO_SHA256_H

#include <stddef.h>
#include <stdint.h>

#define SHA256_SIZE 32

void sha256(const void *bytes, size_t len, uint8_t hash[static SHA256_SIZE]);

struct sha256 {
    uint64_t opaque[16];
};
void sha256_init(struct sha256 *s);
void sha256_add(struct sha256 *s, const void *bytes, size_t len);
void sha256_end(struct sha256 *s, uint8_t hash[static SHA256_SIZE]);

#endif
