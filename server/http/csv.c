#include "http/csv.h"
#include "http/disposition.h"
#include <string.h>

#define TITLE_MOST 80 /* bytes of a title in a file's name */

bool http_csv_dialect(struct http_exchange *x, enum csv_dialect *out)
{
    const char *name = http_query(x, "dialect");
    if (!name) {
        *out = strcmp(http_language(x), "fr") ? CSV_EXCEL_EN : CSV_EXCEL_FR;
        return true;
    }
    if (csv_dialect_parse(name, out))
        return true;
    http_problem_field(x, "dialect", "unknown");
    return false;
}

void http_reply_csv(struct http_exchange *x, struct temp_file *file, enum csv_dialect dialect,
                    const struct http_csv_name *name)
{
    struct buf text;
    buf_init(&text, FILENAME_MAX_BYTES);
    buf_adds(&text, csv_pick(dialect, &name->what));
    buf_adds(&text, " - ");
    filename_add(&text, name->congress, TITLE_MOST);
    buf_adds(&text, " - ");
    filename_add(&text, name->session, TITLE_MOST);
    buf_addf(&text, " - %s.csv", name->day);
    http_reply_download(x, file, "text/csv; charset=utf-8", text.data);
    buf_release(&text);
}
