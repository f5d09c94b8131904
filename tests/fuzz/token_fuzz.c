/* Tokens of links and cookies, and the text they are written in: what is accepted is what we would
 * have written. */
#include "crypto/base64url.h"
#include "crypto/crypto.h"
#include "fuzz/fuzz.h"
#include <string.h>

#define BYTES_MOST 64

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1), again[BASE64URL_SIZE(BYTES_MOST)];
    uint8_t bytes[BYTES_MOST], hash[TOKEN_HASH_SIZE];
    MUST(text);
    memcpy(text, data, size);
    text[size] = '\0';
    if (token_hash(text, hash))
        MUST(strlen(text) == TOKEN_TEXT_SIZE - 1);
    for (size_t len = 0; len <= BYTES_MOST; len++)
        if (base64url_parse(text, size, bytes, len)) {
            base64url(again, bytes, len);
            MUST(strlen(again) == size && memcmp(again, text, size) == 0);
        }
    free(text);
    return 0;
}
