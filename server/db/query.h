/* SQL with parameters. A worker's thread only. Every value is a parameter; `types` names them:
 *
 *   u  const struct id * (NULL: null)         U  const struct id *, size_t        → uuid[]
 *   s  const char * (NULL: null)              S  const char *const *, size_t      → text[]
 *   i  int64_t                                I  const int64_t *, size_t          → bigint[]
 *   b  bool (int)                             T  const int64_t *, size_t (Unix us) → timestamptz[]
 *   t  int64_t Unix us (DB_NULL_TIME: null)   x  const void *, size_t (NULL: null) → bytea
 *   f  double                                 j  json_t * (NULL: null)            → jsonb
 *   I? and the other array types take NULL texts as null (S) and DB_NULL_TIME as null (T).
 *   n  int64_t, DB_NULL_INT: null             N  const int64_t *, size_t with DB_NULL_INT as null
 *
 * Statements are prepared once per connection, keyed by the SQL's address: sql must be a string
 * literal (or otherwise live and stay equal for ever). */
#ifndef AMPHI_DB_QUERY_H
#define AMPHI_DB_QUERY_H

#include "base/err.h"
#include "base/id.h"
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DB_NULL_TIME INT64_MIN
#define DB_NULL_INT  INT64_MIN

struct db_conn;
struct db_result;

/* Never NULL: ask db_err(). Free with db_result_free(). Logs what was not the caller's fault. */
struct db_result *db_query(struct db_conn *c, const char *sql, const char *types, ...);
void db_result_free(struct db_result *r);

/* ERR_OK; ERR_CONFLICT unique or exclusion violation; ERR_RETRY deadlock or serialisation;
 * ERR_NOT_FOUND foreign key;
 * ERR_INVALID check or data exception; ERR_BUSY connection lost, shutting down, out of disk,
 * memory or time; ERR_INTERNAL anything else. SQLSTATE 'AM404' raised by our SQL is ERR_NOT_FOUND,
 * 'AM409' ERR_CONFLICT, 'AM422' ERR_INVALID, 'AM503' ERR_UPGRADING. */
enum err db_err(const struct db_result *r);
const char *db_constraint(const struct db_result *r); /* name of what was violated, or "" */

int db_rows(const struct db_result *r);
/* Columns by position from 0. A null is "", 0, false, all-zero id; ask db_null() where it matters.
 */
bool db_null(const struct db_result *r, int row, int col);
const char *db_text(const struct db_result *r, int row, int col);
size_t db_text_len(const struct db_result *r, int row, int col);
int64_t db_int(const struct db_result *r, int row, int col);
bool db_bool(const struct db_result *r, int row, int col);
struct id db_id(const struct db_result *r, int row, int col);
int64_t db_time(const struct db_result *r, int row, int col); /* timestamptz → Unix us */
size_t db_bytes(const struct db_result *r, int row, int col, void *out, size_t max); /* bytea */
json_t *db_json(const struct db_result *r, int row, int col); /* new reference, NULL for null */

/* For statements without rows: runs and frees; shorthand for query, err, free. */
enum err db_exec(struct db_conn *c, const char *sql, const char *types, ...) MUST_CHECK;
enum err db_begin(struct db_conn *c) MUST_CHECK;
/* For what a crowd does at once. Two things are different in the transaction:
 *  - db_exec() answers ERR_OK at once. Its statement goes out with the next one that has an answer,
 *    or with the commit; a failure is the error of whatever came after it. (So nothing may hang on
 *    which statement failed, but on what the transaction's errors mean.)
 *  - Rows are found by indexes, whatever the sizes of the tables were when this connection first
 *    ran the statement: a plan for a table of one page is kept while a crowd makes it long. */
enum err db_begin_brief(struct db_conn *c) MUST_CHECK;
/* In a brief transaction: as db_query(), but the result is empty, with ERR_BUSY, until a later
 * statement was answered. It may be freed at any time. Elsewhere db_query(). */
struct db_result *db_later(struct db_conn *c, const char *sql, const char *types, ...);
/* ERR_BUSY: the outcome is not known; also when somebody ended the wait for a synchronous standby.
 */
enum err db_commit(struct db_conn *c) MUST_CHECK;
/* Last in a transaction that only read: its commit succeeds when all that it saw is as durable as a
 * commit of one's own. Else what others committed, and a standby has not yet, may be shown and
 * vanish. Whoever locked or wrote a row need not ask. */
enum err db_show_durable(struct db_conn *c) MUST_CHECK;
void db_rollback(struct db_conn *c); /* harmless outside a transaction */
/* Commits when err is ERR_OK, else rolls back. Returns err, or the commit's. */
enum err db_end(struct db_conn *c, enum err err) MUST_CHECK;

/* --- statements of which one row is expected: ERR_NOT_FOUND when there is none --- */
/* For a row of several columns: db_err(r), or ERR_NOT_FOUND. */
enum err db_one(const struct db_result *r) MUST_CHECK;
/* For a row whose content does not matter: what was locked or changed was there. */
enum err db_found(struct db_conn *c, const char *sql, const char *types, ...) MUST_CHECK;
/* For a row of one column. *out is set on success alone; JSON is a new reference, NULL for null. */
enum err db_read_id(struct db_conn *c, struct id *out, const char *sql, const char *types,
                    ...) MUST_CHECK;
enum err db_read_int(struct db_conn *c, int64_t *out, const char *sql, const char *types,
                     ...) MUST_CHECK;
enum err db_read_bool(struct db_conn *c, bool *out, const char *sql, const char *types,
                      ...) MUST_CHECK;
enum err db_read_json(struct db_conn *c, json_t **out, const char *sql, const char *types,
                      ...) MUST_CHECK;

/* Frees r. The text of its one row, cut to size; *there: it is not null, else out stays as it is.
 */
enum err db_take_text(struct db_result *r, char *out, size_t size, bool *there) MUST_CHECK;

/* The first column of up to `most` rows as a new array; more: r has a row beyond. How many rows. */
int db_json_rows(const struct db_result *r, int most, json_t **items, bool *more);

/* A page of rows of JSON and their id: as db_json_rows(), *last is the id of its last row (kept
 * when there is none). Frees r. */
enum err db_id_page(struct db_result *r, int most, json_t **items, bool *more,
                    struct id *last) MUST_CHECK;

/* Streams rows in constant memory; each() returning anything but ERR_OK stops the stream. r holds
 * one row (row 0) and belongs to the stream. */
enum err db_stream(struct db_conn *c, enum err (*each)(void *arg, const struct db_result *r),
                   void *arg, const char *sql, const char *types, ...) MUST_CHECK;

#endif
