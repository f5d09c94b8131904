#include "crypto/base64url.h"
#include <sodium.h>

const char *base64url(char *text, const void *bytes, size_t len)
{
    return sodium_bin2base64(text, BASE64URL_SIZE(len), bytes, len,
                             sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

/* libsodium takes some bytes beyond ASCII for digits. */
static bool is_ascii(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)text[i] > 0x7f)
            return false;
    return true;
}

bool base64url_read(const char *text, size_t text_len, void *bytes, size_t size, size_t *len)
{
    return is_ascii(text, text_len) &&
           sodium_base642bin(bytes, size, text, text_len, NULL, len, NULL,
                             sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0;
}

bool base64url_parse(const char *text, size_t text_len, void *bytes, size_t len)
{
    size_t got = 0;
    return base64url_read(text, text_len, bytes, len, &got) && got == len;
}
