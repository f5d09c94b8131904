/* COPY … FROM STDIN: many rows in PostgreSQL's text format, in pieces of any size. A worker's
 * thread, or a tool's. */
#ifndef AMPHI_DB_COPY_H
#define AMPHI_DB_COPY_H

#include "base/buf.h"
#include "base/err.h"
#include <stdint.h>

struct db_conn;

/* sql: ours, without parameters. Until db_copy_end() the connection takes nothing else. */
enum err db_copy_begin(struct db_conn *c, const char *sql) MUST_CHECK;
/* Waits until all of it is on its way. A refusal of the server's comes with the end. */
enum err db_copy_put(struct db_conn *c, const char *bytes, size_t len) MUST_CHECK;
/* err other than ERR_OK gives the copy up, with its transaction, and is the answer. */
enum err db_copy_end(struct db_conn *c, enum err err) MUST_CHECK;

/* Rows in that format, into a buffer that the caller empties as it goes. */
struct copy_rows {
    struct buf *out;
    bool inside; /* the row has a column already */
};
void copy_text(struct copy_rows *rows, const char *text); /* NULL: null */
void copy_int(struct copy_rows *rows, int64_t value);
void copy_end_row(struct copy_rows *rows);

#endif
