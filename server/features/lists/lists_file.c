#include "features/lists/lists_file.h"
#include "base/mem.h"
#include <string.h>

struct list_reader {
    struct list_decoder decoder;
    char delimiter;
    list_take *take;
    void *arg;
    int64_t number; /* of the last line that came */
    /* Lines that wait for the end of a quote, one after the other, each with a line feed. */
    char *text;
    size_t ends[LIST_LINES_MAX]; /* in text, behind the line feed */
    size_t waiting, scanned;     /* lines; those of them that were looked through */
    bool quoted;                 /* after those */
    char *out;                   /* the cells of one */
    const char *cells[LIST_COLUMNS_MAX];
};

const char *list_fault_code(enum list_fault fault)
{
    static const char *const codes[] = {
        [LIST_GOOD] = NULL,
        [LIST_TOO_LONG] = "line.too_long",
        [LIST_ENCODING] = "line.encoding",
        [LIST_NUL] = "line.nul",
        [LIST_QUOTE] = "line.quote",
        [LIST_COLUMN_COUNT] = "line.columns",
    };
    return codes[fault];
}

struct list_reader *list_reader_new(struct list_form form, list_take *take, void *arg)
{
    struct list_reader *r = mem_new(sizeof *r);
    r->delimiter = form.delimiter;
    r->take = take;
    r->arg = arg;
    r->text = mem_new(LIST_LINE_MAX + LIST_LINES_MAX);
    r->out = mem_new(LIST_LINE_MAX + LIST_LINES_MAX + LIST_COLUMNS_MAX);
    list_decoder_init(&r->decoder, form.encoding);
    return r;
}

void list_reader_free(struct list_reader *r)
{
    if (!r)
        return;
    list_decoder_release(&r->decoder);
    free(r->text);
    free(r->out);
    free(r);
}

/* --- the cells of a record --- */

static bool blank(char c)
{
    return (unsigned char)c <= ' ' || c == 0x7f;
}

/* Ends a cell in place: control characters are blanks, no-break spaces too, and those around it go.
 */
static char *finish_cell(char *begin, char *end)
{
    for (char *p = begin; p < end; p++) {
        if (p + 1 < end && memcmp(p, "\xc2\xa0", 2) == 0)
            p[0] = p[1] = ' ';
        if (blank(*p))
            *p = ' ';
    }
    while (begin < end && *begin == ' ')
        begin++;
    while (end > begin && end[-1] == ' ')
        end--;
    *end = '\0';
    return begin;
}

/* One cell from p; its end. A quote counts where a cell begins. */
static const char *read_cell(const struct list_reader *r, const char *p, const char *end,
                             char **out)
{
    bool quoted = p < end && *p == '"';
    for (p += quoted; p < end && (quoted || *p != r->delimiter); p++) {
        if (quoted && *p == '"') {
            if (p + 1 < end && p[1] == '"')
                p++;
            else {
                quoted = false;
                continue;
            }
        }
        *(*out)++ = *p;
    }
    return p;
}

static enum err give_fault(struct list_reader *r, int64_t number, enum list_fault fault)
{
    struct list_line line = {.number = number, .fault = fault};
    return r->take(r->arg, &line);
}

/* text: whole lines, to the end of the last. */
static enum err give_record(struct list_reader *r, int64_t number, size_t len)
{
    const char *p = r->text, *end = p + len - 1; /* without the line feed */
    char *out = r->out;
    struct list_line line = {.number = number, .cells = r->cells};
    bool something = false;
    for (bool more = true; more; p++) {
        char *cell = out;
        p = read_cell(r, p, end, &out);
        more = p < end;
        if (line.cell_count == LIST_COLUMNS_MAX)
            return give_fault(r, number, LIST_COLUMN_COUNT);
        r->cells[line.cell_count] = finish_cell(cell, out);
        something |= *r->cells[line.cell_count++] != '\0';
        out++;
    }
    return something ? r->take(r->arg, &line) : ERR_OK;
}

/* --- records of lines --- */

/* Whether a quote is open after this line. */
static bool scan(const struct list_reader *r, const char *p, const char *end, bool quoted)
{
    for (bool begins = true; p < end; p++) {
        if (quoted && *p == '"') {
            if (p + 1 < end && p[1] == '"')
                p++;
            else
                quoted = false;
        } else if (!quoted) {
            quoted = begins && *p == '"';
            begins = *p == r->delimiter;
        }
    }
    return quoted;
}

static void drop(struct list_reader *r, size_t lines)
{
    size_t end = r->ends[lines - 1], all = r->ends[r->waiting - 1];
    memmove(r->text, r->text + end, all - end);
    for (size_t i = lines; i < r->waiting; i++)
        r->ends[i - lines] = r->ends[i] - end;
    r->waiting -= lines;
    r->scanned = 0;
    r->quoted = false;
}

/* Gives what is whole. A line whose quote does not end in time is given up alone: what follows it
 * is looked at anew. last: nothing comes that could end a quote. */
static enum err settle(struct list_reader *r, int64_t number, bool last)
{
    while (r->waiting > 0) {
        int64_t first = number - (int64_t)r->waiting + 1;
        enum err err = ERR_OK;
        size_t done = 0;
        while (!done && r->scanned < r->waiting) {
            size_t at = r->scanned ? r->ends[r->scanned - 1] : 0;
            r->quoted = scan(r, r->text + at, r->text + r->ends[r->scanned] - 1, r->quoted);
            r->scanned++;
            done = r->quoted ? 0 : r->scanned;
        }
        if (done)
            err = give_record(r, first, r->ends[done - 1]);
        else if (last || r->waiting == LIST_LINES_MAX)
            err = give_fault(r, first, LIST_QUOTE);
        else
            return ERR_OK;
        drop(r, done ? done : 1);
        if (err)
            return err;
    }
    return ERR_OK;
}

/* There is room for another line: what waits is given up, if need be. */
static enum err make_room(struct list_reader *r, size_t len)
{
    enum err err = ERR_OK;
    while (!err && r->waiting && r->ends[r->waiting - 1] + len + 1 > LIST_LINE_MAX) {
        err = give_fault(r, r->number - (int64_t)r->waiting, LIST_QUOTE);
        drop(r, 1);
        if (!err)
            err = settle(r, r->number - 1, false);
    }
    return err;
}

static enum err on_line(struct list_reader *r)
{
    struct list_decoder *d = &r->decoder;
    enum list_fault fault = list_decoder_fault(d);
    const char *line = d->line;
    size_t len = d->len;
    r->number++;
    if (r->number == 1 && len >= 3 && memcmp(line, "\xef\xbb\xbf", 3) == 0) {
        line += 3;
        len -= 3;
    }
    enum err err = fault ? settle(r, r->number - 1, true) : make_room(r, len);
    if (!err && fault)
        err = give_fault(r, r->number, fault);
    if (!err && !fault) {
        size_t at = r->waiting ? r->ends[r->waiting - 1] : 0;
        memcpy(r->text + at, line, len);
        r->text[at + len] = '\n';
        r->ends[r->waiting++] = at + len + 1;
        err = settle(r, r->number, false);
    }
    list_decoder_next(d);
    return err;
}

enum err list_reader_feed(struct list_reader *r, const char *bytes, size_t len)
{
    enum err err = ERR_OK;
    for (size_t i = 0; i < len && !err; i++)
        if (list_decoder_put(&r->decoder, (unsigned char)bytes[i]))
            err = on_line(r);
    return err;
}

enum err list_reader_end(struct list_reader *r)
{
    enum err err = list_decoder_end(&r->decoder) ? on_line(r) : ERR_OK;
    return err ? err : settle(r, r->number, true);
}
