/* Keys of this installation, kept in a file beside the database and never in it: whoever copies the
 * database alone can neither sign for the server nor read what is sealed. */
#ifndef AMPHI_CRYPTO_SECRETS_H
#define AMPHI_CRYPTO_SECRETS_H

#include "base/err.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SECRET_KEY_SIZE 32
#define MAC_SIZE        32
#define SEAL_OVERHEAD   40 /* nonce and tag */

/* Constant after the start; any thread. */
struct secrets {
    uint8_t devices[SECRET_KEY_SIZE]; /* signs the cookies of browsers that signed in once */
    uint8_t factors[SECRET_KEY_SIZE]; /* seals second factors */
};

/* From the file, which is made (mode 0600, synced) where there is none. ERR_INTERNAL: it cannot be
 * read or written, or is not such a file. Main thread, at start. */
enum err secrets_open(const char *path, struct secrets *out) MUST_CHECK;
void secrets_random(struct secrets *out); /* for this process only */

/* HMAC-SHA-256. */
void mac_sign(const uint8_t key[static SECRET_KEY_SIZE], const void *bytes, size_t len,
              uint8_t mac[static MAC_SIZE]);
bool mac_good(const uint8_t key[static SECRET_KEY_SIZE], const void *bytes, size_t len,
              const uint8_t mac[static MAC_SIZE]);

/* XChaCha20-Poly1305. `owner` is bound to what is sealed: it opens for no other. out has room for
 * len + SEAL_OVERHEAD, and for len. */
struct owner_bytes {
    const void *bytes;
    size_t len;
};
void seal(const uint8_t key[static SECRET_KEY_SIZE], struct owner_bytes owner, const void *plain,
          size_t len, uint8_t *out);
bool unseal(const uint8_t key[static SECRET_KEY_SIZE], struct owner_bytes owner,
            const uint8_t *sealed, size_t sealed_len, uint8_t *out);

#endif
