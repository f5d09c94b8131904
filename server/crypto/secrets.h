/* Keys of this installation, kept in a file beside the database and never in it: whoever copies the
 * database alone cannot sign for the server. */
#ifndef AMPHI_CRYPTO_SECRETS_H
#define AMPHI_CRYPTO_SECRETS_H

#include "base/err.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SECRET_KEY_SIZE 32
#define MAC_SIZE        32

/* Constant after the start; any thread. */
struct secrets {
    uint8_t devices[SECRET_KEY_SIZE]; /* signs the cookies of browsers that signed in once */
};

/* From the file, which is made (mode 0600, synced) where there is none. ERR_INTERNAL: it cannot be
 * read or written, or is not such a file. Main thread, at start. */
enum err secrets_open(const char *path, struct secrets *out) MUST_CHECK;

/* HMAC-SHA-256. */
void mac_sign(const uint8_t key[static SECRET_KEY_SIZE], const void *bytes, size_t len,
              uint8_t mac[static MAC_SIZE]);
bool mac_good(const uint8_t key[static SECRET_KEY_SIZE], const void *bytes, size_t len,
              const uint8_t mac[static MAC_SIZE]);

#endif
