/* Brief transactions: statements without rows wait, and go out together with the next statement
 * whose answer is needed (libpq's pipeline), so that a transaction of twenty statements costs a
 * few ways to the server and back. The pipeline is on while something waits, and off otherwise. */
#include "base/mem.h"
#include "db/conn.h"
#include <stdlib.h>

#define BRIEF_MOST 64 /* wait at a time */

static PGresult *last_result(struct db_conn *c)
{
    PGresult *result = NULL, *more;
    while ((more = conn_next_result(c))) {
        PQclear(result);
        result = more;
    }
    return result;
}

/* Its own failure, or that of one before it, after which the server passed over the others. */
static void take_answer(struct db_conn *c, const struct waiting *w)
{
    PGresult *result = last_result(c);
    if (c->failed == ERR_OK)
        c->failed = conn_classify(c, result, w->sql);
    if (w->result && !w->result->dropped) {
        *w->result = (struct db_result){.pg = result, .err = c->failed};
        return;
    }
    free(w->result);
    PQclear(result);
}

enum err brief_settle(struct db_conn *c)
{
    if (c->waiting_len == 0)
        return c->failed;
    if (!c->lost && !PQpipelineSync(c->pg))
        c->lost = true;
    for (size_t i = 0; i < c->waiting_len; i++)
        take_answer(c, &c->waiting[i]);
    c->waiting_len = 0;
    if (!c->lost)
        PQclear(conn_next_result(c)); /* of the synchronisation itself */
    if (!c->lost && !PQexitPipelineMode(c->pg))
        c->lost = true;
    if (c->lost && c->failed == ERR_OK)
        c->failed = ERR_BUSY;
    return c->failed;
}

enum err brief_add(struct db_conn *c, struct db_result *result, const char *sql, const char *types,
                   va_list ap)
{
    if (c->waiting_len == BRIEF_MOST)
        brief_settle(c);
    struct db_result *failed = c->failed == ERR_OK ? conn_send(c, sql, types, ap) : NULL;
    if (failed)
        c->failed = failed->err;
    db_result_free(failed);
    if (c->failed != ERR_OK)
        return c->failed;
    if (!c->waiting)
        c->waiting = mem_new_array(BRIEF_MOST, sizeof *c->waiting);
    c->waiting[c->waiting_len++] = (struct waiting){.sql = sql, .result = result};
    return ERR_OK;
}

struct db_result *brief_later(struct db_conn *c, const char *sql, const char *types, va_list ap)
{
    struct db_result *result = mem_new(sizeof *result);
    *result = (struct db_result){.err = ERR_BUSY, .waits = true};
    enum err err = brief_add(c, result, sql, types, ap);
    if (err != ERR_OK)
        *result = (struct db_result){.err = err};
    return result;
}

struct db_result *db_later(struct db_conn *c, const char *sql, const char *types, ...)
{
    va_list ap;
    va_start(ap, types);
    struct db_result *r = c->brief ? brief_later(c, sql, types, ap) : conn_query(c, sql, types, ap);
    va_end(ap);
    return r;
}

/* --- their beginning and end --- */

enum err db_begin_brief(struct db_conn *c)
{
    enum err err = conn_may_begin(c);
    if (err != ERR_OK)
        return err;
    c->brief = true;
    c->failed = ERR_OK;
    err = db_exec(c, "BEGIN", "");
    if (err == ERR_OK)
        err = db_exec(c, "SET LOCAL enable_seqscan = off", "");
    if (err != ERR_OK)
        db_rollback(c);
    return err;
}

void brief_end(struct db_conn *c)
{
    brief_settle(c);
    c->brief = false;
    c->failed = ERR_OK;
}

enum err brief_commit(struct db_conn *c)
{
    struct db_result *r = db_later(c, "COMMIT", "");
    enum err err = brief_settle(c);
    if (err == ERR_OK && !conn_is_committed(r->pg))
        err = ERR_INTERNAL;
    db_result_free(r);
    c->brief = false;
    c->failed = ERR_OK;
    if (err != ERR_OK)
        db_rollback(c); /* a statement before it failed, so it was not reached */
    return err;
}
