#include "crypto/crypto.h"
#include "crypto/sha256.h"
#include <openssl/crypto.h>
#include <sodium.h>
#include <string.h>

#define TOKEN_BYTES 32
_Static_assert(TOKEN_TEXT_SIZE ==
                   sodium_base64_ENCODED_LEN(TOKEN_BYTES, sodium_base64_VARIANT_URLSAFE_NO_PADDING),
               "token text");
_Static_assert(TOKEN_HASH_SIZE == SHA256_SIZE, "token hash");

enum err crypto_start(void)
{
    /* libnats 3.4.1 frees at exit what OpenSSL then frees again: OpenSSL is to leave it. */
    if (OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, NULL) != 1)
        return ERR_INTERNAL;
    return sodium_init() < 0 ? ERR_INTERNAL : ERR_OK;
}

void token_of(const uint8_t bytes[static TOKEN_HASH_SIZE], char text[static TOKEN_TEXT_SIZE],
              uint8_t hash[static TOKEN_HASH_SIZE])
{
    sodium_bin2base64(text, TOKEN_TEXT_SIZE, bytes, TOKEN_BYTES,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sha256(bytes, TOKEN_BYTES, hash);
}

void token_new(char text[static TOKEN_TEXT_SIZE], uint8_t hash[static TOKEN_HASH_SIZE])
{
    uint8_t bytes[TOKEN_BYTES];
    randombytes_buf(bytes, sizeof bytes);
    token_of(bytes, text, hash);
    sodium_memzero(bytes, sizeof bytes);
}

bool token_hash(const char *text, uint8_t hash[static TOKEN_HASH_SIZE])
{
    size_t text_len = 0;
    while (text_len < TOKEN_TEXT_SIZE && text[text_len])
        text_len++;
    if (text_len != TOKEN_TEXT_SIZE - 1)
        return false;
    uint8_t bytes[TOKEN_BYTES];
    size_t len = 0;
    const char *end = NULL;
    if (sodium_base642bin(bytes, sizeof bytes, text, text_len, NULL, &len, &end,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
        len != sizeof bytes || end != text + text_len)
        return false;
    sha256(bytes, sizeof bytes, hash);
    sodium_memzero(bytes, sizeof bytes);
    return true;
}

uint32_t random_below(uint32_t n)
{
    return randombytes_uniform(n);
}

static void pick(char *text, size_t n, const char *alphabet, uint32_t letters)
{
    for (size_t i = 0; i < n; i++)
        text[i] = alphabet[random_below(letters)];
    text[n] = '\0';
}

void digits_new(char *text, size_t n)
{
    pick(text, n, "0123456789", 10);
}

void code_new(char *text, size_t n)
{
    pick(text, n, CODE_ALPHABET, sizeof CODE_ALPHABET - 1);
}

bool link_code_good(const char *text)
{
    return strlen(text) == LINK_CODE_LENGTH && strspn(text, CODE_ALPHABET) == LINK_CODE_LENGTH;
}
