/* Reads CBOR (RFC 8949) that authenticators send, item by item, without allocating: lengths are
 * definite, as CTAP2 wants them, and nothing is read beyond the end. Any thread. */
#ifndef AMPHI_CRYPTO_CBOR_READER_H
#define AMPHI_CRYPTO_CBOR_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cbor_reader {
    const uint8_t *at, *end;
};
enum cbor_kind {
    CBOR_KIND_POSITIVE,
    CBOR_KIND_NEGATIVE, /* -1 - number */
    CBOR_KIND_BYTES,
    CBOR_KIND_TEXT,
    CBOR_KIND_ARRAY, /* number items follow */
    CBOR_KIND_MAP,   /* number pairs follow */
    CBOR_KIND_OTHER, /* a tag before an item, a number with a point, true, null … */
};
struct cbor_value {
    enum cbor_kind kind;
    bool tag; /* CBOR_KIND_OTHER: it is one */
    uint64_t number;
    const uint8_t *bytes; /* borrowed: of bytes and texts */
    size_t len;
};
/* The next head, with the content of bytes and texts. False: malformed, or no more of it. */
bool cbor_read(struct cbor_reader *r, struct cbor_value *out);
/* A whole item, whatever is in it. False: malformed, or nested too deeply. */
bool cbor_pass(struct cbor_reader *r);
/* A number of either sign that fits; false for anything else. */
bool cbor_int(const struct cbor_value *v, int64_t *out);

#endif
