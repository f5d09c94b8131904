/* CSV cells, between them 0x1f: whatever people typed comes back out of a reader as it was, but for
 * an apostrophe before what a spreadsheet would take for a formula. */
#include "base/csv.h"
#include "base/json.h"
#include "fuzz/fuzz.h"
#include <string.h>

#define CELLS_MOST 8
#define FORMULA    "=+-@\t\r"

/* RFC 4180: the next cell into out; where the next one begins, NULL at the end of the row. */
static const char *read_cell(const char *at, char *out)
{
    bool quoted = *at == '"';
    for (at += quoted;; at++) {
        if (quoted && at[0] == '"' && at[1] == '"') {
            *out++ = *at++;
        } else if (quoted ? at[0] == '"' : at[0] == ',' || at[0] == '\r') {
            break;
        } else {
            MUST(*at && (quoted || (*at != '"' && *at != '\n')));
            *out++ = *at;
        }
    }
    *out = '\0';
    at += quoted;
    MUST(*at == ',' || strcmp(at, "\r\n") == 0);
    return *at == ',' ? at + 1 : NULL;
}

static void compare(const char *typed, const char *read)
{
    MUST(!*read || !strchr(FORMULA, *read));
    if (*typed && strchr(FORMULA, *typed)) {
        MUST(read[0] == '\'');
        read++;
    }
    MUST(strcmp(typed, read) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1), *cell = malloc(size + 2), *cells[CELLS_MOST];
    size_t n = 0;
    MUST(text && cell);
    memcpy(text, data, size);
    text[size] = '\0';
    if (utf8_valid(text, strlen(text))) { /* as everything is by then */
        for (char *rest = text; rest && n < CELLS_MOST;)
            cells[n++] = strsep(&rest, "\x1f");
        struct buf out;
        buf_init(&out, 4 * size + 1024);
        struct csv c = csv_begin(&out, false);
        for (size_t i = 0; i < n; i++)
            csv_text(&c, cells[i]);
        csv_end_row(&c);
        MUST(!buf_failed(&out));
        const char *at = out.data;
        for (size_t i = 0; i < n; i++) {
            MUST(at);
            at = read_cell(at, cell);
            compare(cells[i], cell);
        }
        MUST(!at);
        buf_release(&out);
    }
    free(text);
    free(cell);
    return 0;
}
