#include "base/json.h"
#include "crypto/crypto.h"
#include <sodium.h>
#include <stdio.h>
#include <string.h>

/* A hash reads "$argon2id$v=19$m=65536,t=3,p=1$SALT$HASH", as argon2's own tools write it. */
#define COST_OPERATIONS 3
#define COST_BYTES      (64ULL << 20)
#define SALT            crypto_pwhash_SALTBYTES
#define HASH            32
#define BASE64          sodium_base64_VARIANT_ORIGINAL_NO_PADDING
#define HEAD            "$argon2id$v=19$m=65536,t=3,p=1$"

_Static_assert(COST_BYTES >> 10 == 65536, "as in HEAD");

/* The salt in a hash of today's cost. */
static bool salt_of(const char *hash, uint8_t salt[static SALT])
{
    size_t head = sizeof HEAD - 1, len = 0;
    if (strncmp(hash, HEAD, head) != 0)
        return false;
    return sodium_base642bin(salt, SALT, hash + head, strcspn(hash + head, "$"), NULL, &len, NULL,
                             BASE64) == 0 &&
           len == SALT;
}

static enum err compute(const char *password, const uint8_t salt[static SALT],
                        char out[static PASSWORD_HASH_SIZE])
{
    uint8_t hash[HASH];
    char salt_text[sodium_base64_ENCODED_LEN(SALT, BASE64)];
    char hash_text[sodium_base64_ENCODED_LEN(HASH, BASE64)];
    if (crypto_pwhash(hash, sizeof hash, password, strlen(password), salt, COST_OPERATIONS,
                      COST_BYTES, crypto_pwhash_ALG_ARGON2ID13) != 0)
        return ERR_BUSY; /* the only cause is memory */
    sodium_bin2base64(salt_text, sizeof salt_text, salt, SALT, BASE64);
    sodium_bin2base64(hash_text, sizeof hash_text, hash, sizeof hash, BASE64);
    snprintf(out, PASSWORD_HASH_SIZE, HEAD "%s$%s", salt_text, hash_text);
    sodium_memzero(hash, sizeof hash);
    return ERR_OK;
}

enum err password_hash(const char *password, const char *beside,
                       char out[static PASSWORD_HASH_SIZE])
{
    uint8_t salt[SALT];
    if (strlen(password) > PASSWORD_MAX_BYTES || utf8_length(password) < PASSWORD_MIN_CHARS)
        return ERR_INVALID;
    if (!beside || !salt_of(beside, salt))
        randombytes_buf(salt, sizeof salt);
    return compute(password, salt, out);
}

int password_match(const char *const *hashes, int n, const char *password)
{
    uint8_t salt[SALT];
    char mine[PASSWORD_HASH_SIZE] = "";
    int found = -1;
    if (strlen(password) > PASSWORD_MAX_BYTES)
        return -1;
    if (n == 0 || !salt_of(hashes[0], salt))
        randombytes_buf(salt, sizeof salt); /* matches nothing, and costs as much */
    if (compute(password, salt, mine) != ERR_OK)
        return -1;
    for (int i = 0; i < n; i++)
        if (strlen(hashes[i]) == strlen(mine) && sodium_memcmp(hashes[i], mine, strlen(mine)) == 0)
            found = found < 0 ? i : found;
    sodium_memzero(mine, sizeof mine);
    return found;
}
