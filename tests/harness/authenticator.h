/* A passkey as a phone or a key would hold it, and what a browser sends of it: for tests that sign
 * up and in with it, and that change a part of what is sent. */
#ifndef AMPHI_TESTS_AUTHENTICATOR_H
#define AMPHI_TESTS_AUTHENTICATOR_H

#include "crypto/sha256.h"
#include <openssl/evp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define AUTHENTICATOR_BYTES 2048

struct authenticator {
    EVP_PKEY *key;
    bool rsa;
    const char *rp_id, *origin;
    uint8_t id[16];
    uint32_t counter; /* 0: it does not count */
    uint8_t flags;    /* of its statements: present and verified */
};

void authenticator_init(struct authenticator *a, const char *rp_id, const char *origin, bool rsa);
void authenticator_free(struct authenticator *a);

struct said {
    char client_data[512];
    uint8_t object[AUTHENTICATOR_BYTES]; /* when it was made */
    uint8_t data[AUTHENTICATOR_BYTES];   /* when it is used: */
    uint8_t signature[600];
    size_t client_data_len, object_len, data_len, signature_len;
};
/* navigator.credentials.create() and get(). */
void authenticator_make(struct authenticator *a, const char *challenge, struct said *out);
void authenticator_use(struct authenticator *a, const char *challenge, struct said *out);

#endif
