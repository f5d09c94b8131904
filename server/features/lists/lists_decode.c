#include "features/lists/lists_decode.h"
#include "base/json.h"
#include "base/mem.h"
#include <string.h>

#define BYTE_ORDER_MARK 0xfeff

/* 0x80 to 0x9f in Windows-1252; 0: nothing. */
static const uint16_t windows[] = {
    0x20ac, 0,      0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017d, 0,      0,      0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
    0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0,      0x017e, 0x0178,
};

void list_decoder_init(struct list_decoder *d, enum list_encoding encoding)
{
    *d = (struct list_decoder){.encoding = encoding, .line = mem_new(LIST_LINE_MAX)};
}

void list_decoder_release(struct list_decoder *d)
{
    free(d->line);
    d->line = NULL;
}

void list_decoder_next(struct list_decoder *d)
{
    d->len = 0;
    d->fault = LIST_GOOD;
}

static void fail(struct list_decoder *d, enum list_fault fault)
{
    if (d->fault == LIST_GOOD)
        d->fault = fault;
}

static void put_byte(struct list_decoder *d, unsigned char c)
{
    if (c == 0)
        fail(d, LIST_NUL);
    if (d->len == LIST_LINE_MAX)
        d->fault = LIST_TOO_LONG;
    else
        d->line[d->len++] = (char)c;
}

/* A line's end, or what is in it. */
static bool put(struct list_decoder *d, unsigned char c)
{
    bool second = d->after_cr && c == '\n';
    d->after_cr = c == '\r';
    if (c != '\n' && c != '\r')
        put_byte(d, c);
    return (c == '\n' || c == '\r') && !second;
}

static bool put_character(struct list_decoder *d, uint32_t c)
{
    bool first = !d->begun;
    d->begun = true;
    if (first && c == BYTE_ORDER_MARK)
        return false;
    if (c < 0x80)
        return put(d, (unsigned char)c);
    d->after_cr = false;
    if (c >= 0x10000) {
        put_byte(d, (unsigned char)(0xf0 | c >> 18));
        put_byte(d, (unsigned char)(0x80 | (c >> 12 & 0x3f)));
    } else if (c >= 0x800) {
        put_byte(d, (unsigned char)(0xe0 | c >> 12));
    }
    if (c >= 0x800)
        put_byte(d, (unsigned char)(0x80 | (c >> 6 & 0x3f)));
    else
        put_byte(d, (unsigned char)(0xc0 | c >> 6));
    put_byte(d, (unsigned char)(0x80 | (c & 0x3f)));
    return false;
}

static bool put_windows(struct list_decoder *d, unsigned char c)
{
    uint32_t character = c >= 0x80 && c < 0xa0 ? windows[c - 0x80] : c;
    if (!character && c) {
        fail(d, LIST_ENCODING);
        character = '?';
    }
    return put_character(d, character);
}

static bool put_unit(struct list_decoder *d, uint32_t unit)
{
    bool low = unit >= 0xdc00 && unit <= 0xdfff, high = unit >= 0xd800 && unit <= 0xdbff;
    uint32_t before = d->high;
    d->high = high ? unit : 0;
    if ((before != 0) != low)
        fail(d, LIST_ENCODING); /* half a pair */
    if (low && before)
        return put_character(d, 0x10000 + ((before - 0xd800) << 10) + (unit - 0xdc00));
    return !low && !high && put_character(d, unit);
}

bool list_decoder_put(struct list_decoder *d, unsigned char byte)
{
    if (d->encoding == LIST_UTF_8)
        return put(d, byte);
    if (d->encoding == LIST_WINDOWS_1252)
        return put_windows(d, byte);
    d->has_byte = !d->has_byte;
    if (d->has_byte) {
        d->byte = byte;
        return false;
    }
    return put_unit(d, d->encoding == LIST_UTF_16LE ? (uint32_t)byte << 8 | d->byte
                                                    : (uint32_t)d->byte << 8 | byte);
}

bool list_decoder_end(struct list_decoder *d)
{
    if (d->has_byte || d->high)
        fail(d, LIST_ENCODING);
    d->has_byte = false;
    d->high = 0;
    return d->len > 0 || d->fault != LIST_GOOD;
}

enum list_fault list_decoder_fault(const struct list_decoder *d)
{
    if (d->fault == LIST_GOOD && d->encoding == LIST_UTF_8 && !utf8_valid(d->line, d->len))
        return LIST_ENCODING;
    return d->fault;
}
