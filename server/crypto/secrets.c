#include "crypto/secrets.h"
#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>

#define CONTEXT "amphi-01" /* of the derived keys */

_Static_assert(SECRET_KEY_SIZE == crypto_kdf_KEYBYTES && SECRET_KEY_SIZE == crypto_auth_KEYBYTES,
               "key");

static void derive(const uint8_t master[static SECRET_KEY_SIZE], struct secrets *out)
{
    crypto_kdf_derive_from_key(out->devices, sizeof out->devices, 1, CONTEXT, master);
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
