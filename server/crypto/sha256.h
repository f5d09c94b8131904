/* SHA-256 of bytes in memory. Any thread. */
#ifndef AMPHI_CRYPTO_SHA256_H
#define AMPHI_CRYPTO_SHA256_H

#include <stddef.h>
#include <stdint.h>

#define SHA256_SIZE 32
void sha256(const void *bytes, size_t len, uint8_t hash[static SHA256_SIZE]);

#endif
