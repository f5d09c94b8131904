/* Statements of which one row is expected, and rows as JSON. */
#include "db/conn.h"
#include <stdio.h>

enum err db_one(const struct db_result *r)
{
    return r->err == ERR_OK && db_rows(r) == 0 ? ERR_NOT_FOUND : r->err;
}

enum err db_found(struct db_conn *c, const char *sql, const char *types, ...)
{
    va_list ap;
    va_start(ap, types);
    struct db_result *r = conn_query(c, sql, types, ap);
    va_end(ap);
    enum err err = db_one(r);
    db_result_free(r);
    return err;
}

enum err db_read_id(struct db_conn *c, struct id *out, const char *sql, const char *types, ...)
{
    va_list ap;
    va_start(ap, types);
    struct db_result *r = conn_query(c, sql, types, ap);
    va_end(ap);
    enum err err = db_one(r);
    if (err == ERR_OK)
        *out = db_id(r, 0, 0);
    db_result_free(r);
    return err;
}

enum err db_read_int(struct db_conn *c, int64_t *out, const char *sql, const char *types, ...)
{
    va_list ap;
    va_start(ap, types);
    struct db_result *r = conn_query(c, sql, types, ap);
    va_end(ap);
    enum err err = db_one(r);
    if (err == ERR_OK)
        *out = db_int(r, 0, 0);
    db_result_free(r);
    return err;
}

enum err db_read_bool(struct db_conn *c, bool *out, const char *sql, const char *types, ...)
{
    va_list ap;
    va_start(ap, types);
    struct db_result *r = conn_query(c, sql, types, ap);
    va_end(ap);
    enum err err = db_one(r);
    if (err == ERR_OK)
        *out = db_bool(r, 0, 0);
    db_result_free(r);
    return err;
}

enum err db_read_json(struct db_conn *c, json_t **out, const char *sql, const char *types, ...)
{
    va_list ap;
    va_start(ap, types);
    struct db_result *r = conn_query(c, sql, types, ap);
    va_end(ap);
    enum err err = db_one(r);
    if (err == ERR_OK)
        *out = db_json(r, 0, 0);
    db_result_free(r);
    return err;
}

enum err db_take_text(struct db_result *r, char *out, size_t size, bool *there)
{
    enum err err = db_one(r);
    *there = err == ERR_OK && !db_null(r, 0, 0);
    if (*there)
        snprintf(out, size, "%s", db_text(r, 0, 0));
    db_result_free(r);
    return err;
}

int db_json_rows(const struct db_result *r, int most, json_t **items, bool *more)
{
    int n = db_rows(r);
    *more = n > most;
    n = *more ? most : n;
    *items = json_array();
    for (int i = 0; i < n; i++)
        json_array_append_new(*items, db_json(r, i, 0));
    return n;
}

enum err db_id_page(struct db_result *r, int most, json_t **items, bool *more, struct id *last)
{
    enum err err = db_err(r);
    if (err == ERR_OK) {
        int n = db_json_rows(r, most, items, more);
        if (n)
            *last = db_id(r, n - 1, 1);
    }
    db_result_free(r);
    return err;
}
