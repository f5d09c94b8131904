/* What a file of people is made of: found from all its bytes, as the first accent may come late. */
#include "base/mem.h"
#include "features/lists/lists_file.h"
#include <string.h>

#define LOOKED_AT 1024 /* bytes that show UTF-16 without a mark */
#define RECORDS   20   /* that show a delimiter */

void list_sniffer_init(struct list_sniffer *s)
{
    *s = (struct list_sniffer){.head = mem_new(LIST_HEAD_MAX)};
}

/* The first byte of a character. */
static void begin(struct list_sniffer *s, unsigned char c)
{
    s->least = 0x80;
    s->most = 0xbf;
    s->high |= c >= 0x80;
    s->left = c < 0x80 ? 0 : c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : 1;
    if ((c >= 0x80 && c < 0xc2) || c > 0xf4) {
        s->bad = true;
        s->left = 0;
    } else if (c == 0xe0) {
        s->least = 0xa0;
    } else if (c == 0xed) {
        s->most = 0x9f;
    } else if (c == 0xf0) {
        s->least = 0x90;
    } else if (c == 0xf4) {
        s->most = 0x8f;
    }
}

static void look(struct list_sniffer *s, unsigned char c)
{
    if (s->left && c >= s->least && c <= s->most) {
        s->left--;
        s->least = 0x80;
        s->most = 0xbf;
        return;
    }
    s->bad |= s->left > 0;
    begin(s, c);
    if (c == '\n') {
        s->bad_lines += s->bad;
        s->good_lines += s->high && !s->bad;
        s->high = s->bad = false;
    }
}

void list_sniffer_feed(struct list_sniffer *s, const char *bytes, size_t len)
{
    size_t room = LIST_HEAD_MAX - s->head_len, n = len < room ? len : room;
    memcpy(s->head + s->head_len, bytes, n);
    s->head_len += n;
    s->len += len;
    for (size_t i = 0; i < len; i++)
        look(s, (unsigned char)bytes[i]);
}

/* --- the encoding --- */

static bool begins(const struct list_sniffer *s, const char *with, size_t len)
{
    return s->head_len >= len && memcmp(s->head, with, len) == 0;
}

static enum list_encoding encoding_of(const struct list_sniffer *s)
{
    size_t zeros[2] = {0}, n = s->head_len < LOOKED_AT ? s->head_len : LOOKED_AT;
    for (size_t i = 0; i < n; i++)
        zeros[i % 2] += s->head[i] == 0;
    if (begins(s, "\xff\xfe", 2) || (zeros[1] > n / 4 && zeros[0] == 0))
        return LIST_UTF_16LE;
    if (begins(s, "\xfe\xff", 2) || (zeros[0] > n / 4 && zeros[1] == 0))
        return LIST_UTF_16BE;
    return s->bad_lines > s->good_lines ? LIST_WINDOWS_1252 : LIST_UTF_8;
}

/* --- the delimiter --- */

/* How many of the first records have as many cells as the first of them. */
struct trial {
    int records, alike;
    size_t cells;
};

static enum err count(void *arg, const struct list_line *line)
{
    struct trial *t = arg;
    if (t->records == 0)
        t->cells = line->cell_count;
    t->alike += line->cell_count == t->cells;
    return ++t->records == RECORDS ? ERR_TOO_LARGE : ERR_OK;
}

static char delimiter_of(const struct list_sniffer *s, enum list_encoding encoding)
{
    static const char candidates[] = ";,\t|";
    char best = ',';
    size_t most = 0;
    for (const char *c = candidates; *c; c++) {
        struct trial t = {0};
        struct list_reader *r =
            list_reader_new((struct list_form){encoding, .delimiter = *c}, count, &t);
        enum err err = list_reader_feed(r, s->head, s->head_len);
        if (!err)
            err = list_reader_end(r);
        list_reader_free(r);
        size_t score = t.cells > 1 ? (t.cells - 1) * (size_t)t.alike : 0;
        if (score > most && (!err || err == ERR_TOO_LARGE)) {
            most = score;
            best = *c;
        }
    }
    return best;
}

static bool is_office(const struct list_sniffer *s)
{
    return begins(s, "PK\3\4", 4) || begins(s, "\xd0\xcf\x11\xe0", 4);
}

static bool is_binary(const struct list_sniffer *s, enum list_encoding encoding)
{
    size_t n = s->head_len < LOOKED_AT ? s->head_len : LOOKED_AT, odd = 0;
    if (encoding == LIST_UTF_16LE || encoding == LIST_UTF_16BE)
        return false;
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)s->head[i];
        odd += c < ' ' && c != '\t' && c != '\n' && c != '\r';
    }
    return odd > n / 16;
}

bool list_sniffer_end(struct list_sniffer *s, struct list_form *out, const char **code)
{
    s->bad_lines += s->bad || s->left > 0; /* a last line without an end */
    s->good_lines += s->high && !s->bad && s->left == 0;
    out->encoding = encoding_of(s);
    *code = s->len == 0                   ? "file.empty"
            : is_office(s)                ? "file.spreadsheet"
            : is_binary(s, out->encoding) ? "file.binary"
                                          : NULL;
    if (!*code)
        out->delimiter = delimiter_of(s, out->encoding);
    free(s->head);
    s->head = NULL;
    return !*code;
}
