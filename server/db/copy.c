#include "db/copy.h"

#include "db/conn.h"
#include <poll.h>
#include <string.h>

enum err db_copy_begin(struct db_conn *c, const char *sql)
{
    if (!c->pg || c->lost)
        return ERR_BUSY;
    if (!PQsendQuery(c->pg, sql))
        c->lost = true;
    PGresult *result = c->lost ? NULL : conn_next_result(c);
    c->streaming = PQresultStatus(result) == PGRES_COPY_IN;
    enum err err = c->streaming ? ERR_OK : conn_classify(c, result, sql);
    PQclear(result);
    for (PGresult *more; !c->streaming && !c->lost && (more = conn_next_result(c));)
        PQclear(more);
    return err;
}

/* What libpq holds goes out; what the server says meanwhile is read, or neither would go on. */
static bool flush(struct db_conn *c)
{
    for (;;) {
        int left = PQflush(c->pg);
        if (left <= 0)
            return left == 0;
        if (!conn_wait(c, POLLIN | POLLOUT, 0) || !PQconsumeInput(c->pg))
            return false;
    }
}

enum err db_copy_put(struct db_conn *c, const char *bytes, size_t len)
{
    if (c->lost || PQputCopyData(c->pg, bytes, (int)len) != 1 || !flush(c))
        c->lost = true;
    return c->lost ? ERR_BUSY : ERR_OK;
}

enum err db_copy_end(struct db_conn *c, enum err err)
{
    PGresult *result = NULL, *more;
    if (c->lost || PQputCopyEnd(c->pg, err ? "given up" : NULL) != 1)
        c->lost = true;
    c->streaming = false;
    while (!c->lost && (more = conn_next_result(c))) {
        PQclear(result);
        result = more;
    }
    if (!err || c->lost)
        err = conn_classify(c, result, "COPY");
    PQclear(result);
    return err;
}

/* --- rows --- */

static void separate(struct copy_rows *rows)
{
    if (rows->inside)
        buf_add(rows->out, "\t", 1);
    rows->inside = true;
}

void copy_text(struct copy_rows *rows, const char *text)
{
    static const char special[] = "\\\t\n\r", letters[] = "\\tnr";
    separate(rows);
    if (!text)
        text = "\\N";
    else
        for (size_t n; text[n = strcspn(text, special)]; text += n + 1) {
            char escape[2] = {'\\', letters[strchr(special, text[n]) - special]};
            buf_add(rows->out, text, n);
            buf_add(rows->out, escape, 2);
        }
    buf_adds(rows->out, text);
}

void copy_int(struct copy_rows *rows, int64_t value)
{
    separate(rows);
    buf_addf(rows->out, "%lld", (long long)value);
}

void copy_end_row(struct copy_rows *rows)
{
    buf_add(rows->out, "\n", 1);
    rows->inside = false;
}
