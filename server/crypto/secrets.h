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
    uint8_t codes[SECRET_KEY_SIZE];   /* of the codes that are mailed */
    uint8_t rates[SECRET_KEY_SIZE];   /* keys of what one client may ask for: nobody aims at one */
    uint8_t links[SECRET_KEY_SIZE];   /* makes the links of invitations, which are kept as hashes */
    uint8_t sealing[SECRET_KEY_SIZE]; /* encrypts what the database keeps and must be read again */
};

/* From the file, which is made (mode 0600, synced) where there is none. ERR_INTERNAL: it cannot be
 * read or written, or is not such a file. Main thread, at start. */
enum err secrets_open(const char *path, struct secrets *out) MUST_CHECK;

/* HMAC-SHA-256. */
void mac_sign(const uint8_t key[static SECRET_KEY_SIZE], const void *bytes, size_t len,
              uint8_t mac[static MAC_SIZE]);
bool mac_good(const uint8_t key[static SECRET_KEY_SIZE], const void *bytes, size_t len,
              const uint8_t mac[static MAC_SIZE]);

/* Encrypted and bound to `about` (whose it is): a sealed text that is put into another row does not
 * open. XChaCha20-Poly1305. */
#define SEAL_EXTRA 40
void secret_seal(const uint8_t key[static SECRET_KEY_SIZE], const void *about, size_t about_len,
                 const void *bytes, size_t len, uint8_t *sealed); /* of len + SEAL_EXTRA */
/* False unless it was sealed so, and holds exactly len bytes. */
bool secret_unseal(const uint8_t key[static SECRET_KEY_SIZE], const void *about, size_t about_len,
                   const uint8_t *sealed, size_t sealed_len, void *bytes, size_t len);

#endif
