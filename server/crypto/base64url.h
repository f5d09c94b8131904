/* Base64url without padding (RFC 4648 §5), for opaque texts in addresses. Any thread. */
#ifndef AMPHI_CRYPTO_BASE64URL_H
#define AMPHI_CRYPTO_BASE64URL_H

#include <stdbool.h>
#include <stddef.h>

#define BASE64URL_SIZE(bytes) (((bytes)*4 + 2) / 3 + 1)

/* text has room for BASE64URL_SIZE(len). Returns text. */
const char *base64url(char *text, const void *bytes, size_t len);
/* False unless text (text_len characters) is exactly len bytes. */
bool base64url_parse(const char *text, size_t text_len, void *bytes, size_t len);

/* False unless text is base64url of at most size bytes, which are *len then. */
bool base64url_read(const char *text, size_t text_len, void *bytes, size_t size, size_t *len);

#endif
