#include "crypto/secrets.h"
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define CONTEXT "amphi-01" /* of the derived keys */

#define NONCE crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG   crypto_aead_xchacha20poly1305_ietf_ABYTES
_Static_assert(SEAL_EXTRA == NONCE + TAG, "seal");
_Static_assert(SECRET_KEY_SIZE == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "key");
_Static_assert(SECRET_KEY_SIZE == crypto_kdf_KEYBYTES && SECRET_KEY_SIZE == crypto_auth_KEYBYTES,
               "key");

static void derive(const uint8_t master[static SECRET_KEY_SIZE], struct secrets *out)
{
    crypto_kdf_derive_from_key(out->devices, sizeof out->devices, 1, CONTEXT, master);
    crypto_kdf_derive_from_key(out->sealing, sizeof out->sealing, 2, CONTEXT, master);
    crypto_kdf_derive_from_key(out->codes, sizeof out->codes, 3, CONTEXT, master);
    crypto_kdf_derive_from_key(out->rates, sizeof out->rates, 4, CONTEXT, master);
    crypto_kdf_derive_from_key(out->links, sizeof out->links, 5, CONTEXT, master);
}

/* False: it is not there, or not such a file. */
static bool read_key(const char *path, uint8_t master[static SECRET_KEY_SIZE + 1])
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool good = fd >= 0 && read(fd, master, SECRET_KEY_SIZE + 1) == SECRET_KEY_SIZE;
    if (fd >= 0)
        close(fd);
    return good;
}

/* It appears whole, and once, though several servers of one installation start together. */
static void make(const char *path)
{
    char *made;
    uint8_t master[SECRET_KEY_SIZE];
    if (access(path, F_OK) == 0 || asprintf(&made, "%s.XXXXXX", path) < 0)
        return;
    int fd = mkostemp(made, O_CLOEXEC); /* mode 0600 */
    if (fd >= 0) {
        randombytes_buf(master, sizeof master);
        if (write(fd, master, sizeof master) == sizeof master && fsync(fd) == 0)
            (void)!link(made, path);
        close(fd);
        unlink(made);
    }
    sodium_memzero(master, sizeof master);
    free(made);
}

enum err secrets_open(const char *path, struct secrets *out)
{
    uint8_t master[SECRET_KEY_SIZE + 1];
    make(path);
    bool good = read_key(path, master);
    if (good)
        derive(master, out);
    sodium_memzero(master, sizeof master);
    return good ? ERR_OK : ERR_INTERNAL;
}

void mac_sign(const uint8_t key[static SECRET_KEY_SIZE], const void *bytes, size_t len,
              uint8_t mac[static MAC_SIZE])
{
    crypto_auth_hmacsha256(mac, bytes, len, key);
}

bool mac_good(const uint8_t key[static SECRET_KEY_SIZE], const void *bytes, size_t len,
              const uint8_t mac[static MAC_SIZE])
{
    return crypto_auth_hmacsha256_verify(mac, bytes, len, key) == 0;
}

void secret_seal(const uint8_t key[static SECRET_KEY_SIZE], const void *about, size_t about_len,
                 const void *bytes, size_t len, uint8_t *sealed)
{
    randombytes_buf(sealed, NONCE);
    crypto_aead_xchacha20poly1305_ietf_encrypt(sealed + NONCE, NULL, bytes, len, about, about_len,
                                               NULL, sealed, key);
}

bool secret_unseal(const uint8_t key[static SECRET_KEY_SIZE], const void *about, size_t about_len,
                   const uint8_t *sealed, size_t sealed_len, void *bytes, size_t len)
{
    return sealed_len == len + SEAL_EXTRA &&
           crypto_aead_xchacha20poly1305_ietf_decrypt(bytes, NULL, NULL, sealed + NONCE,
                                                      sealed_len - NONCE, about, about_len, sealed,
                                                      key) == 0;
}
