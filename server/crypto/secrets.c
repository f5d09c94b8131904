#include "crypto/secrets.h"
#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>

#define CONTEXT "amphi-01" /* of the derived keys */
#define NONCE   crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG     crypto_aead_xchacha20poly1305_ietf_ABYTES

_Static_assert(SECRET_KEY_SIZE == crypto_kdf_KEYBYTES && SECRET_KEY_SIZE == crypto_auth_KEYBYTES &&
                   SECRET_KEY_SIZE == crypto_aead_xchacha20poly1305_ietf_KEYBYTES,
               "key");
_Static_assert(SEAL_OVERHEAD == NONCE + TAG, "seal");

static void derive(const uint8_t master[static SECRET_KEY_SIZE], struct secrets *out)
{
    crypto_kdf_derive_from_key(out->devices, sizeof out->devices, 1, CONTEXT, master);
    crypto_kdf_derive_from_key(out->factors, sizeof out->factors, 2, CONTEXT, master);
}

static bool make(const char *path, uint8_t master[static SECRET_KEY_SIZE])
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return false;
    randombytes_buf(master, SECRET_KEY_SIZE);
    bool made = write(fd, master, SECRET_KEY_SIZE) == SECRET_KEY_SIZE && fsync(fd) == 0;
    close(fd);
    if (!made)
        unlink(path);
    return made;
}

enum err secrets_open(const char *path, struct secrets *out)
{
    uint8_t master[SECRET_KEY_SIZE + 1];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool good = fd >= 0 ? read(fd, master, sizeof master) == SECRET_KEY_SIZE : make(path, master);
    if (fd >= 0)
        close(fd);
    if (good)
        derive(master, out);
    sodium_memzero(master, sizeof master);
    return good ? ERR_OK : ERR_INTERNAL;
}

void secrets_random(struct secrets *out)
{
    uint8_t master[SECRET_KEY_SIZE];
    randombytes_buf(master, sizeof master);
    derive(master, out);
    sodium_memzero(master, sizeof master);
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

void seal(const uint8_t key[static SECRET_KEY_SIZE], struct owner_bytes owner, const void *plain,
          size_t len, uint8_t *out)
{
    randombytes_buf(out, NONCE);
    crypto_aead_xchacha20poly1305_ietf_encrypt(out + NONCE, NULL, plain, len, owner.bytes,
                                               owner.len, NULL, out, key);
}

bool unseal(const uint8_t key[static SECRET_KEY_SIZE], struct owner_bytes owner,
            const uint8_t *sealed, size_t sealed_len, uint8_t *out)
{
    return sealed_len >= SEAL_OVERHEAD && crypto_aead_xchacha20poly1305_ietf_decrypt(
                                              out, NULL, NULL, sealed + NONCE, sealed_len - NONCE,
                                              owner.bytes, owner.len, sealed, key) == 0;
}
