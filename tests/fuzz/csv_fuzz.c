/* CSV cells, between them 0x1f: whatever people typed comes back out of a reader as it was; in the
 * dialects of spreadsheets but for an apostrophe before what would be taken for a formula, and
 * ="..." around what would be converted. The dialect is the first byte. */
#include "base/csv.h"
#include "base/json.h"
#include "fuzz/fuzz.h"
#include <stdbool.h>
#include <string.h>

#define CELLS_MOST 8
#define FORMULA    "=+-@"

/* RFC 4180: the next cell into out; where the next one begins, NULL at the end of the row. */
static const char *read_cell(const char *at, char separator, char *out)
{
    bool quoted = *at == '"';
    for (at += quoted;; at++) {
        if (quoted && at[0] == '"' && at[1] == '"') {
            *out++ = *at++;
        } else if (quoted ? at[0] == '"' : at[0] == separator || at[0] == '\r') {
            break;
        } else {
            MUST(*at && (quoted || (*at != '"' && *at != '\n')));
            *out++ = *at;
        }
    }
    *out = '\0';
    at += quoted;
    MUST(*at == separator || strcmp(at, "\r\n") == 0);
    return *at == separator ? at + 1 : NULL;
}

/* Nothing that runs begins a cell, whichever separator the spreadsheet is set to. */
static void compare_shielded(const char *typed, const char *read)
{
    size_t len = strlen(typed);
    if (read[0] == '=' && read[1] == '"') {
        MUST(!strpbrk(typed, "\"=@") && !strncmp(read + 2, typed, len));
        MUST(!strcmp(read + 2 + len, "\""));
        return;
    }
    MUST((*typed != '\t' && *typed != '\r') || *read == '\'');
    for (bool begins = true; *typed; typed++, read++) {
        if (*read == '\'' && *typed != '\'')
            read++;
        else
            MUST(!begins || !strchr(FORMULA, *read));
        MUST(*read == *typed);
        begins = strchr(",;\t\r\n", *typed) || (begins && *typed == ' ');
    }
    MUST(!*read);
}

static void compare(enum csv_dialect dialect, const char *typed, const char *read)
{
    if (dialect == CSV_MACHINE)
        MUST(strcmp(typed, read) == 0);
    else
        compare_shielded(typed, read);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1), *cell = malloc(2 * size + 4), *cells[CELLS_MOST];
    size_t n = 0;
    enum csv_dialect dialect = size ? data[0] % 3 : CSV_MACHINE;
    char separator = dialect == CSV_EXCEL_FR ? ';' : ',';
    MUST(text && cell);
    if (size)
        memcpy(text, data + 1, --size);
    text[size] = '\0';
    if (utf8_valid(text, strlen(text))) { /* as everything is by then */
        for (char *rest = text; rest && n < CELLS_MOST;)
            cells[n++] = strsep(&rest, "\x1f");
        struct buf out;
        buf_init(&out, 4 * size + 1024);
        struct csv c = csv_begin(&out, dialect);
        for (size_t i = 0; i < n; i++)
            csv_text(&c, cells[i]);
        csv_end_row(&c);
        MUST(!buf_failed(&out));
        const char *at = out.data + (dialect == CSV_MACHINE ? 0 : 3);
        for (size_t i = 0; i < n; i++) {
            MUST(at);
            at = read_cell(at, separator, cell);
            compare(dialect, cells[i], cell);
        }
        MUST(!at);
        buf_release(&out);
    }
    free(text);
    free(cell);
    return 0;
}
