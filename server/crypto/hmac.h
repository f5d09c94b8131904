/* HMAC with SHA-256. Any thread. */
#ifndef AMPHI_CRYPTO_HMAC_H
#define AMPHI_CRYPTO_HMAC_H

#include "crypto/sha256.h"

void hmac_sha256(const void *key, size_t key_len, const void *bytes, size_t len,
                 uint8_t mac[static SHA256_SIZE]);

#endif
