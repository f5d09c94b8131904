/* Takes an upload: what its file is, and its lines into the tables of imports. */
#include "base/mem.h"
#include "db/copy.h"
#include "features/lists/lists_import_store.h"
#include "features/lists/lists_jobs.h"
#include "room/change.h"
#include <ctype.h>
#include <string.h>

#define PIECE         (64 * 1024)
#define NAME_MOST     200 /* bytes of a column's name that are kept */
#define NUMBER_DIGITS 5   /* no column's name has so many */

struct work {
    struct db_conn *conn;
    const struct blob_draft *file;
    struct id import;
    char id_text[ID_TEXT_SIZE];
    struct list_form form;
    struct buf rows, array; /* array: of one line's cells */
    bool begun, has_header;
    char names[LIST_COLUMNS_MAX][NAME_MOST + 1];
    size_t columns;
    int64_t lines;
    const char *why;
};

/* --- its bytes --- */

static enum err each_piece(struct work *w, enum err (*take)(void *arg, const char *p, size_t n),
                           void *arg)
{
    char *piece = mem_new(PIECE);
    enum err err = ERR_OK;
    size_t len = w->file ? blob_draft_len(w->file) : 0, n;
    for (size_t at = 0; at < len && !err; at += n) {
        n = blob_draft_read(w->file, at, piece, PIECE);
        err = n ? take(arg, piece, n) : ERR_BUSY;
    }
    free(piece);
    return err;
}

static enum err sniff_piece(void *arg, const char *p, size_t n)
{
    list_sniffer_feed(arg, p, n);
    return ERR_OK;
}

static enum err sniff(struct work *w)
{
    struct list_sniffer s;
    list_sniffer_init(&s);
    enum err err = each_piece(w, sniff_piece, &s);
    bool text = list_sniffer_end(&s, &w->form, &w->why);
    return err ? err : text ? ERR_OK : ERR_INVALID;
}

/* --- its columns --- */

/* A person has an address or a number; a column's name has neither. */
static bool is_name(const char *cell)
{
    int digits = 0;
    for (const char *p = cell; *p; p++)
        digits += isdigit((unsigned char)*p) != 0;
    return !strchr(cell, '@') && digits < NUMBER_DIGITS;
}

static void keep_name(char out[static NAME_MOST + 1], const char *name)
{
    size_t n = strlen(name);
    if (n > NAME_MOST)
        for (n = NAME_MOST; n > 0 && ((unsigned char)name[n] & 0xc0) == 0x80;)
            n--;
    memcpy(out, name, n);
    out[n] = '\0';
}

static enum err begin_columns(struct work *w, const struct list_line *line)
{
    size_t n = line->cell_count;
    w->begun = true;
    if (line->fault) {
        w->why = "file.header";
        return ERR_INVALID;
    }
    w->has_header = true;
    for (size_t i = 0; i < n; i++)
        w->has_header &= is_name(line->cells[i]);
    while (w->has_header && n > 0 && !*line->cells[n - 1])
        n--; /* as spreadsheets leave behind */
    w->columns = n;
    for (size_t i = 0; i < n && w->has_header; i++)
        keep_name(w->names[i], line->cells[i]);
    return ERR_OK;
}

/* --- its lines --- */

/* As PostgreSQL writes an array. */
static const char *array_of(struct buf *out, const struct list_line *line, size_t n)
{
    buf_clear(out);
    buf_adds(out, "{");
    for (size_t i = 0; i < n; i++) {
        buf_adds(out, i ? ",\"" : "\"");
        for (const char *p = line->cells[i]; *p; p++) {
            if (*p == '"' || *p == '\\')
                buf_adds(out, "\\");
            buf_add(out, p, 1);
        }
        buf_adds(out, "\"");
    }
    buf_adds(out, "}");
    return out->data;
}

static enum err flush(struct work *w)
{
    enum err err = buf_failed(&w->rows) || buf_failed(&w->array)
                       ? ERR_INTERNAL
                       : db_copy_put(w->conn, w->rows.data, w->rows.len);
    buf_clear(&w->rows);
    return err;
}

static enum err add_line(void *arg, const struct list_line *line)
{
    struct work *w = arg;
    if (!w->begun) {
        enum err err = begin_columns(w, line);
        if (err || w->has_header)
            return err;
    }
    if (w->lines == IMPORT_LINES_MAX) {
        w->why = "file.too_many_lines";
        return ERR_INVALID;
    }
    w->lines++;
    enum list_fault fault = line->fault;
    size_t n = line->cell_count;
    while (n > w->columns && !*line->cells[n - 1])
        n--;
    if (!fault && n != w->columns)
        fault = LIST_COLUMN_COUNT;
    struct copy_rows row = {.out = &w->rows};
    copy_text(&row, w->id_text);
    copy_int(&row, line->number);
    copy_text(&row, array_of(&w->array, line, n));
    copy_text(&row, list_fault_code(fault));
    copy_end_row(&row);
    return w->rows.len >= PIECE ? flush(w) : ERR_OK;
}

static enum err feed_piece(void *arg, const char *p, size_t n)
{
    return list_reader_feed(arg, p, n);
}

static enum err copy_lines(struct work *w)
{
    struct list_reader *r = list_reader_new(w->form, add_line, w);
    buf_init(&w->rows, PIECE + 8 * LIST_LINE_MAX);
    buf_init(&w->array, 4 * LIST_LINE_MAX);
    enum err err = db_copy_begin(
        w->conn, "COPY target_list_import_line (import_id, line, cells, fault) FROM STDIN");
    if (!err) {
        err = each_piece(w, feed_piece, r);
        if (!err)
            err = list_reader_end(r);
        if (!err && w->rows.len)
            err = flush(w);
        err = db_copy_end(w->conn, err);
    }
    if (!err && w->lines == 0) {
        w->why = "file.empty";
        err = ERR_INVALID;
    }
    list_reader_free(r);
    buf_release(&w->rows);
    buf_release(&w->array);
    return err;
}

/* --- the import --- */

/* ERR_CONFLICT: the organisation has more than `most` that wait. */
static enum err not_too_many(struct work *w, const struct identity *who, int most)
{
    bool many = false;
    enum err err = db_read_bool(w->conn, &many,
                                "SELECT count(*) > $2 FROM target_list_import"
                                " WHERE organisation_id = $1 AND state <> 'stored'",
                                "ui", &who->organisation, (int64_t)most);
    if (!err && many) {
        w->why = "import.too_many";
        err = ERR_CONFLICT;
    }
    return err;
}

static enum err insert(struct work *w, const struct identity *who, const struct list_upload *in,
                       int64_t now)
{
    static const char *const encodings[] = {"utf-8", "utf-16le", "utf-16be", "windows-1252"};
    enum err err =
        db_found(w->conn, "SELECT 1 FROM target_list WHERE id = $1 AND organisation_id = $2", "uu",
                 in->list, &who->organisation);
    if (!err)
        err = not_too_many(w, who, IMPORTS_MAX - 1);
    if (!err)
        err = db_read_id(w->conn, &w->import,
                         "INSERT INTO target_list_import (organisation_id, target_list_id, made_by,"
                         " file_name, created_at, state, encoding, delimiter)"
                         " VALUES ($1, $2, $3, $4, $5, 'read', $6, $7) RETURNING id",
                         "uuustss", &who->organisation, in->list, &who->person, in->file_name, now,
                         encodings[w->form.encoding], (char[]){w->form.delimiter, '\0'});
    id_text(&w->import, w->id_text);
    return err;
}

/* Others may have come meanwhile. Last before the commit, as the organisation is locked: with this
 * one it has not too many. */
static enum err count_again(struct work *w, const struct identity *who)
{
    enum err err = db_found(w->conn, "SELECT 1 FROM organisation WHERE id = $1 FOR NO KEY UPDATE",
                            "u", &who->organisation);
    return err ? err : not_too_many(w, who, IMPORTS_MAX);
}

/* Of columns that would be the same field, the first. */
static enum err describe(struct work *w)
{
    const char *names[LIST_COLUMNS_MAX];
    for (size_t i = 0; i < w->columns; i++)
        names[i] = w->names[i];
    return db_exec(
        w->conn,
        "UPDATE target_list_import SET columns = $2, has_header = $3, lines = $4,"
        "       proposed = (SELECT array_agg(CASE WHEN again = 1 THEN field END ORDER BY n)"
        "         FROM (SELECT n, f.field, row_number() OVER (PARTITION BY f.field"
        "                                                     ORDER BY n) AS again"
        "                 FROM unnest($2::text[]) WITH ORDINALITY u (name, n)"
        "                 CROSS JOIN LATERAL (SELECT target_list_field(u.name)) f (field)"
        "              ) x)"
        " WHERE id = $1",
        "uSbi", &w->import, names, w->columns, (int)w->has_header, w->lines);
}

enum err list_import_create(struct db_conn *c, const struct identity *who,
                            const struct list_upload *in, int64_t now, json_t **out,
                            const char **why)
{
    struct work *w = mem_new(sizeof *w);
    w->conn = c;
    w->file = in->file;
    enum err err = sniff(w);
    if (!err && !(err = db_begin(c))) {
        err = insert(w, who, in, now);
        if (!err)
            err = copy_lines(w);
        if (!err)
            err = describe(w);
        if (!err)
            err = job_add_due(c, &target_list_forget, &who->organisation, &w->import, now,
                              now + IMPORT_KEPT_US);
        if (!err)
            err = audit_write(
                c, who, now, "target_list.upload", "target_list", in->list,
                json_pack("{s:s,s:I}", "file", in->file_name, "lines", (json_int_t)w->lines));
        if (!err)
            err = count_again(w, who);
        err = db_end(c, err);
    }
    if (!err)
        err = list_import_read(c, who, &(struct list_import){in->list, &w->import}, out);
    *why = w->why;
    free(w);
    return err;
}
