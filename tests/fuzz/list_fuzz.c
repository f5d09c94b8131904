/* A file of people from a stranger, the first byte saying in pieces of which size it comes: it
 * gives what it gives in one piece, and cells are short, whole text that nothing ends early. */
#include "base/json.h"
#include "features/lists/lists_file.h"
#include "fuzz/fuzz.h"
#include <string.h>

struct taken {
    int64_t lines, last;
    uint64_t sum;
};

static void check_cell(const char *cell)
{
    size_t len = strlen(cell);
    MUST(len <= LIST_LINE_MAX + LIST_LINES_MAX && utf8_valid(cell, len));
    MUST(!len || (cell[0] != ' ' && cell[len - 1] != ' '));
    for (const char *p = cell; *p; p++)
        MUST((unsigned char)*p >= ' ' && *p != 0x7f);
}

static enum err take(void *arg, const struct list_line *line)
{
    struct taken *t = arg;
    MUST(line->number > t->last);
    MUST((line->fault == LIST_GOOD) == (line->cell_count > 0));
    MUST((line->fault == LIST_GOOD) == (list_fault_code(line->fault) == NULL));
    MUST(line->cell_count <= LIST_COLUMNS_MAX);
    t->last = line->number;
    t->lines++;
    t->sum = t->sum * 31 + (uint64_t)line->fault + (uint64_t)line->number;
    for (size_t i = 0; i < line->cell_count; i++) {
        check_cell(line->cells[i]);
        for (const char *p = line->cells[i]; *p; p++)
            t->sum = t->sum * 31 + (unsigned char)*p;
    }
    return ERR_OK;
}

static bool read_in(const char *text, size_t size, size_t piece, struct list_form *form,
                    struct taken *taken)
{
    const char *code;
    struct list_sniffer s;
    *taken = (struct taken){0};
    list_sniffer_init(&s);
    for (size_t at = 0; at < size; at += piece)
        list_sniffer_feed(&s, text + at, size - at < piece ? size - at : piece);
    if (!list_sniffer_end(&s, form, &code)) {
        MUST(code);
        return false;
    }
    struct list_reader *r = list_reader_new(*form, take, taken);
    for (size_t at = 0; at < size; at += piece)
        MUST(list_reader_feed(r, text + at, size - at < piece ? size - at : piece) == ERR_OK);
    MUST(list_reader_end(r) == ERR_OK);
    list_reader_free(r);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct list_form form, again;
    struct taken first, second;
    if (size < 2)
        return 0;
    const char *text = (const char *)data + 1;
    bool whole = read_in(text, size - 1, size, &form, &first);
    MUST(read_in(text, size - 1, data[0] + 1u, &again, &second) == whole);
    if (!whole)
        return 0;
    MUST(form.encoding == again.encoding && form.delimiter == again.delimiter);
    MUST(first.lines == second.lines && first.sum == second.sum);
    return 0;
}
