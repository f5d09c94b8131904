#include "crypto/cbor_reader.h"
#include <cbor.h>

#define DEPTH_MAX 8

/* --- what libcbor says of a head --- */

struct seen {
    struct cbor_value *value;
    bool refused; /* of a length that is not definite */
};

static void number(void *arg, enum cbor_kind kind, uint64_t n)
{
    struct seen *seen = arg;
    *seen->value = (struct cbor_value){.kind = kind, .number = n};
}

static void on_uint8(void *arg, uint8_t n)
{
    number(arg, CBOR_KIND_POSITIVE, n);
}

static void on_uint16(void *arg, uint16_t n)
{
    number(arg, CBOR_KIND_POSITIVE, n);
}

static void on_uint32(void *arg, uint32_t n)
{
    number(arg, CBOR_KIND_POSITIVE, n);
}

static void on_uint64(void *arg, uint64_t n)
{
    number(arg, CBOR_KIND_POSITIVE, n);
}

static void on_negative8(void *arg, uint8_t n)
{
    number(arg, CBOR_KIND_NEGATIVE, n);
}

static void on_negative16(void *arg, uint16_t n)
{
    number(arg, CBOR_KIND_NEGATIVE, n);
}

static void on_negative32(void *arg, uint32_t n)
{
    number(arg, CBOR_KIND_NEGATIVE, n);
}

static void on_negative64(void *arg, uint64_t n)
{
    number(arg, CBOR_KIND_NEGATIVE, n);
}

static void content(void *arg, enum cbor_kind kind, const uint8_t *bytes, size_t len)
{
    struct seen *seen = arg;
    *seen->value = (struct cbor_value){.kind = kind, .bytes = bytes, .len = len};
}

static void on_bytes(void *arg, cbor_data bytes, size_t len)
{
    content(arg, CBOR_KIND_BYTES, bytes, len);
}

static void on_text(void *arg, cbor_data bytes, size_t len)
{
    content(arg, CBOR_KIND_TEXT, bytes, len);
}

static void on_array(void *arg, size_t n)
{
    number(arg, CBOR_KIND_ARRAY, n);
}

static void on_map(void *arg, size_t n)
{
    number(arg, CBOR_KIND_MAP, n);
}

static void on_tag(void *arg, uint64_t tag)
{
    struct seen *seen = arg;
    *seen->value = (struct cbor_value){.kind = CBOR_KIND_OTHER, .tag = true, .number = tag};
}

static void on_indefinite(void *arg)
{
    struct seen *seen = arg;
    seen->refused = true;
}

/* What is not named leaves the value as it was: CBOR_KIND_OTHER. */
static struct cbor_callbacks callbacks(void)
{
    struct cbor_callbacks c = cbor_empty_callbacks;
    c.uint8 = on_uint8;
    c.uint16 = on_uint16;
    c.uint32 = on_uint32;
    c.uint64 = on_uint64;
    c.negint8 = on_negative8;
    c.negint16 = on_negative16;
    c.negint32 = on_negative32;
    c.negint64 = on_negative64;
    c.byte_string = on_bytes;
    c.string = on_text;
    c.array_start = on_array;
    c.map_start = on_map;
    c.tag = on_tag;
    c.byte_string_start = on_indefinite;
    c.string_start = on_indefinite;
    c.indef_array_start = on_indefinite;
    c.indef_map_start = on_indefinite;
    c.indef_break = on_indefinite;
    return c;
}

/* --- */

bool cbor_read(struct cbor_reader *r, struct cbor_value *out)
{
    struct cbor_callbacks c = callbacks();
    struct seen seen = {.value = out};
    *out = (struct cbor_value){.kind = CBOR_KIND_OTHER};
    if (r->at >= r->end)
        return false;
    struct cbor_decoder_result got = cbor_stream_decode(r->at, (size_t)(r->end - r->at), &c, &seen);
    if (got.status != CBOR_DECODER_FINISHED || got.read == 0 || seen.refused)
        return false;
    r->at += got.read;
    return true;
}

static bool pass(struct cbor_reader *r, int depth)
{
    struct cbor_value v;
    if (depth > DEPTH_MAX || !cbor_read(r, &v))
        return false;
    if (v.tag)
        return pass(r, depth + 1);
    if (v.kind != CBOR_KIND_ARRAY && v.kind != CBOR_KIND_MAP)
        return true;
    size_t left = (size_t)(r->end - r->at); /* each item is a byte at least */
    uint64_t items = v.number;
    if (items > left)
        return false;
    for (uint64_t i = 0; i < (v.kind == CBOR_KIND_MAP ? 2 * items : items); i++)
        if (!pass(r, depth + 1))
            return false;
    return true;
}

bool cbor_pass(struct cbor_reader *r)
{
    return pass(r, 0);
}

bool cbor_int(const struct cbor_value *v, int64_t *out)
{
    if ((v->kind != CBOR_KIND_POSITIVE && v->kind != CBOR_KIND_NEGATIVE) || v->number > INT64_MAX)
        return false;
    *out = v->kind == CBOR_KIND_POSITIVE ? (int64_t)v->number : -1 - (int64_t)v->number;
    return true;
}
