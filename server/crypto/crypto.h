/* Randomness, tokens and passwords over libsodium. crypto_start() once before anything else. */
#ifndef AMPHI_CRYPTO_CRYPTO_H
#define AMPHI_CRYPTO_CRYPTO_H

#include "base/err.h"
#include "base/identity.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum err crypto_start(void) MUST_CHECK;

/* A token is 32 random bytes, base64url without padding; only the SHA-256 of the
 * 32 bytes is ever stored. */
#define TOKEN_TEXT_SIZE 44
void token_new(char text[static TOKEN_TEXT_SIZE], uint8_t hash[static TOKEN_HASH_SIZE]);
/* The token that these bytes are: of links that are made again from a key, as they are not stored.
 */
void token_of(const uint8_t bytes[static TOKEN_HASH_SIZE], char text[static TOKEN_TEXT_SIZE],
              uint8_t hash[static TOKEN_HASH_SIZE]);
/* False when text is not the form of a token. */
bool token_hash(const char *text, uint8_t hash[static TOKEN_HASH_SIZE]);
/* Short random code for links that are not secret, [a-z2-9], n characters plus NUL. */
#define CODE_ALPHABET "abcdefghijklmnopqrstuvwxyz23456789"
void code_new(char *text, size_t n);
/* The code of a registration link, as pages and mails have it; whether a text is of its form. */
#define LINK_CODE_LENGTH 12
bool link_code_good(const char *text);
/* A number from 0 to n - 1, each as likely. */
uint32_t random_below(uint32_t n);
/* n digits plus NUL, for people to type; whoever checks them counts the tries. */
void digits_new(char *text, size_t n);

#define PASSWORD_MIN_CHARS 12
#define PASSWORD_MAX_BYTES 256
#define PASSWORD_HASH_SIZE 128
/* argon2id, moderate cost. Blocking, 64 MB each: on workers of DB_PASSWORD only, of which there are
 * few. Call without holding a transaction. beside: NULL, or the hash of another account of the same
 * address, whose salt is used too: one computation tells then which of them a password opens. */
enum err password_hash(const char *password, const char *beside,
                       char out[static PASSWORD_HASH_SIZE]) MUST_CHECK;
/* Which of the n hashes, that have the salt of the first, the password opens; -1: none. One
 * computation, also of none at all. */
int password_match(const char *const *hashes, int n, const char *password);

#endif
