#include "http/csv.h"
#include "base/app.h"
#include "http/disposition.h"
#include <string.h>

#define TITLE_MOST 80 /* bytes of a title in a file's name */
#define CHUNK      (32 * 1024)
#define ROW_MOST   (256 * 1024)
#define FILE_MOST  (512LL << 20)

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

enum err http_csv_open(struct http_csv_file *f, struct http_exchange *x, enum csv_dialect dialect)
{
    *f = (struct http_csv_file){.file = {.fd = -1}};
    buf_init(&f->chunk, CHUNK + ROW_MOST);
    f->csv = csv_begin(&f->chunk, dialect);
    return temp_open(&f->file, x->app->blobs, FILE_MOST);
}

enum err http_csv_end(struct http_csv_file *f)
{
    if (buf_failed(&f->chunk))
        return ERR_TOO_LARGE;
    enum err err = temp_add(&f->file, f->chunk.data, f->chunk.len);
    buf_clear(&f->chunk);
    return err;
}

enum err http_csv_row(struct http_csv_file *f)
{
    return f->chunk.len >= CHUNK || buf_failed(&f->chunk) ? http_csv_end(f) : ERR_OK;
}

void http_csv_close(struct http_csv_file *f)
{
    temp_close(&f->file);
    buf_release(&f->chunk);
}

void http_reply_csv(struct http_exchange *x, struct temp_file *file, enum csv_dialect dialect,
                    const struct http_csv_name *name)
{
    struct buf text;
    buf_init(&text, FILENAME_MAX_BYTES);
    buf_adds(&text, csv_pick(dialect, &name->what));
    buf_adds(&text, " - ");
    filename_add(&text, name->congress, TITLE_MOST);
    if (*name->session) {
        buf_adds(&text, " - ");
        filename_add(&text, name->session, TITLE_MOST);
    }
    buf_addf(&text, " - %s.csv", name->day);
    http_reply_download(x, file, "text/csv; charset=utf-8", text.data);
    buf_release(&text);
}
