#include "http/gzip.h"
#include <stdbool.h>
#include <stdint.h>
#include <zlib.h>

#define LEVEL       5 /* beyond, JSON grows hardly smaller and takes longer */
#define GZIP_WINDOW (15 + 16)

/* False: it would not be shorter. */
static bool deflate_all(z_stream *z, const struct payload *from, struct payload *to)
{
    z->next_out = to->bytes;
    z->avail_out = (uInt)to->len;
    const unsigned char *bytes;
    size_t at = 0;
    for (size_t n; (n = payload_at(from, at, &bytes)) > 0; at += n) {
        z->next_in = (unsigned char *)bytes;
        z->avail_in = (uInt)n;
        if (deflate(z, at + n == from->len ? Z_FINISH : Z_NO_FLUSH) == Z_STREAM_END)
            return true;
        if (z->avail_in > 0)
            return false;
    }
    return false;
}

struct payload *gzip_payload(struct payload *bytes)
{
    z_stream z = {0};
    if (bytes->len < GZIP_WORTH || bytes->len > UINT32_MAX / 2 ||
        deflateInit2(&z, LEVEL, Z_DEFLATED, GZIP_WINDOW, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return bytes;
    struct payload *packed = payload_new(bytes->len);
    bool shorter = deflate_all(&z, bytes, packed);
    size_t len = z.total_out;
    deflateEnd(&z);
    struct payload *result = shorter ? payload_copy(packed->bytes, len) : payload_ref(bytes);
    payload_unref(packed);
    payload_unref(bytes);
    return result;
}
