#include "base/mem.h"
#include "db/conn.h"
#include <assert.h>
#include <endian.h>
#include <stdlib.h>
#include <string.h>

/* Types of pg_type, fixed for ever by PostgreSQL. */
enum {
    OID_BOOL = 16,
    OID_BYTEA = 17,
    OID_INT8 = 20,
    OID_TEXT = 25,
    OID_FLOAT8 = 701,
    OID_TEXT_ARRAY = 1009,
    OID_INT8_ARRAY = 1016,
    OID_TIMESTAMPTZ = 1184,
    OID_TIMESTAMPTZ_ARRAY = 1185,
    OID_UUID = 2950,
    OID_UUID_ARRAY = 2951,
    OID_JSONB = 3802,
};

#define PG_EPOCH_US 946684800000000LL /* 2000-01-01 as Unix time */

struct element {
    const void *data; /* NULL: null */
    size_t len;
};

static void set(struct db_args *args, Oid type, const void *value, size_t len, int format)
{
    args->types[args->n] = type;
    args->values[args->n] = value;
    args->lengths[args->n] = (int)len;
    args->formats[args->n] = format;
}

static void set_int64(struct db_args *args, Oid type, int64_t value, bool null)
{
    uint64_t big = htobe64((uint64_t)value);
    memcpy(args->scalars[args->n], &big, sizeof big);
    set(args, type, null ? NULL : args->scalars[args->n], null ? 0 : 8, 1);
}

static int64_t pg_time(int64_t unix_us)
{
    return unix_us - PG_EPOCH_US;
}

static unsigned char *put32(unsigned char *at, uint32_t value)
{
    value = htobe32(value);
    memcpy(at, &value, 4);
    return at + 4;
}

/* One-dimensional array in PostgreSQL's binary form. */
static void set_array(struct db_args *args, Oid array, Oid element,
                      struct element (*get)(const void *items, size_t i, unsigned char scratch[8]),
                      const void *items, size_t n)
{
    unsigned char scratch[8];
    size_t size = 20;
    for (size_t i = 0; i < n; i++)
        size += 4 + get(items, i, scratch).len;
    assert(size <= INT32_MAX); /* a peer's sizes are bounded long before this */
    unsigned char *bytes = mem_new(size), *at = bytes;
    bool nulls = false;
    at = put32(at, n ? 1 : 0);
    at = put32(at, 0);
    at = put32(at, element);
    if (n) {
        at = put32(at, (uint32_t)n);
        at = put32(at, 1);
    }
    for (size_t i = 0; i < n; i++) {
        struct element e = get(items, i, scratch);
        at = put32(at, e.data ? (uint32_t)e.len : UINT32_MAX);
        if (e.data)
            memcpy(at, e.data, e.len);
        at += e.len;
        nulls |= !e.data;
    }
    put32(bytes + 4, nulls);
    args->owned[args->n] = bytes;
    set(args, array, bytes, (size_t)(at - bytes), 1);
}

static struct element get_id(const void *items, size_t i, unsigned char scratch[8])
{
    (void)scratch;
    return (struct element){((const struct id *)items)[i].bytes, 16};
}

static struct element get_text(const void *items, size_t i, unsigned char scratch[8])
{
    (void)scratch;
    const char *text = ((const char *const *)items)[i];
    return (struct element){text, text ? strlen(text) : 0};
}

static struct element get_int(const void *items, size_t i, unsigned char scratch[8])
{
    uint64_t big = htobe64((uint64_t)((const int64_t *)items)[i]);
    memcpy(scratch, &big, 8);
    return (struct element){scratch, 8};
}

static struct element get_nullable_int(const void *items, size_t i, unsigned char scratch[8])
{
    if (((const int64_t *)items)[i] == DB_NULL_INT)
        return (struct element){NULL, 0};
    return get_int(items, i, scratch);
}

static struct element get_time(const void *items, size_t i, unsigned char scratch[8])
{
    int64_t unix_us = ((const int64_t *)items)[i];
    if (unix_us == DB_NULL_TIME)
        return (struct element){NULL, 0};
    uint64_t big = htobe64((uint64_t)pg_time(unix_us));
    memcpy(scratch, &big, 8);
    return (struct element){scratch, 8};
}

static void set_json(struct db_args *args, const json_t *json)
{
    char *text = json ? json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;
    assert(text || !json);
    args->owned[args->n] = text;
    set(args, OID_JSONB, text, 0, 0);
}

static void set_double(struct db_args *args, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    set_int64(args, OID_FLOAT8, (int64_t)bits, false);
}

static void set_bool(struct db_args *args, bool value)
{
    args->scalars[args->n][0] = value;
    set(args, OID_BOOL, args->scalars[args->n], 1, 1);
}

static bool encode_array(struct db_args *args, char type, const void *items, size_t n)
{
    switch (type) {
    case 'U':
        set_array(args, OID_UUID_ARRAY, OID_UUID, get_id, items, n);
        return true;
    case 'S':
        set_array(args, OID_TEXT_ARRAY, OID_TEXT, get_text, items, n);
        return true;
    case 'I':
        set_array(args, OID_INT8_ARRAY, OID_INT8, get_int, items, n);
        return true;
    case 'N':
        set_array(args, OID_INT8_ARRAY, OID_INT8, get_nullable_int, items, n);
        return true;
    case 'T':
        set_array(args, OID_TIMESTAMPTZ_ARRAY, OID_TIMESTAMPTZ, get_time, items, n);
        return true;
    default:
        return false;
    }
}

static bool encode_scalar(struct db_args *args, char type, const void *value)
{
    switch (type) {
    case 'u':
        set(args, OID_UUID, value, value ? 16 : 0, 1);
        return true;
    case 's':
        set(args, OID_TEXT, value, 0, 0);
        return true;
    case 'j':
        set_json(args, value);
        return true;
    default:
        return false;
    }
}

static bool encode_number(struct db_args *args, char type, int64_t value)
{
    switch (type) {
    case 'i':
        set_int64(args, OID_INT8, value, false);
        return true;
    case 'n':
        set_int64(args, OID_INT8, value, value == DB_NULL_INT);
        return true;
    case 't':
        set_int64(args, OID_TIMESTAMPTZ, value == DB_NULL_TIME ? 0 : pg_time(value),
                  value == DB_NULL_TIME);
        return true;
    default:
        return false;
    }
}

bool args_encode(struct db_args *args, const char *types, va_list ap)
{
    args->n = 0;
    for (; *types; types++, args->n++) {
        if (args->n == DB_MAX_PARAMS)
            return false;
        args->owned[args->n] = NULL;
        bool known = true;
        if (*types == 'b') {
            set_bool(args, va_arg(ap, int));
        } else if (*types == 'f') {
            set_double(args, va_arg(ap, double));
        } else if (*types == 'x') {
            const void *bytes = va_arg(ap, const void *);
            size_t len = va_arg(ap, size_t);
            set(args, OID_BYTEA, bytes, bytes ? len : 0, 1);
        } else if (strchr("int", *types)) {
            known = encode_number(args, *types, va_arg(ap, int64_t));
        } else if (strchr("USINT", *types)) {
            const void *items = va_arg(ap, const void *);
            known = encode_array(args, *types, items, va_arg(ap, size_t));
        } else {
            known = encode_scalar(args, *types, va_arg(ap, const void *));
        }
        if (!known)
            return false;
    }
    return true;
}

void args_release(struct db_args *args)
{
    for (int i = 0; i < args->n; i++)
        free(args->owned[i]);
}
