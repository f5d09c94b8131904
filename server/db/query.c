#include "db/query.h"
#include "base/log.h"
#include "base/mem.h"
#include "db/conn.h"
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum err sqlstate_err(const char *state)
{
    static const struct {
        const char *prefix;
        enum err err;
    } map[] = {
        {"23505", ERR_CONFLICT}, {"23P01", ERR_CONFLICT},  {"40", ERR_RETRY},
        {"AM409", ERR_CONFLICT}, {"23503", ERR_NOT_FOUND}, {"AM404", ERR_NOT_FOUND},
        {"23514", ERR_INVALID},  {"22", ERR_INVALID},      {"AM422", ERR_INVALID},
        {"08", ERR_BUSY},        {"53", ERR_BUSY},         {"57", ERR_BUSY},
        {"55P03", ERR_BUSY},     {"58030", ERR_BUSY},      {"25006", ERR_BUSY},
        {"25P03", ERR_BUSY},     {"AM503", ERR_UPGRADING},
    };
    for (size_t i = 0; i < sizeof map / sizeof *map; i++)
        if (!strncmp(state, map[i].prefix, strlen(map[i].prefix)))
            return map[i].err;
    return ERR_INTERNAL;
}

/* Parameters and details may hold personal data; the SQL text is ours. */
static void log_failure(const PGresult *result, const char *state, const char *sql)
{
    const char *message = NULL;
    if (result && strncmp(state, "22", 2) != 0 && strncmp(state, "23", 2) != 0)
        message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    log_error("db.failed", "{s:s,s:s,s:s}", "sqlstate", state, "message", message ? message : "",
              "sql", sql);
}

enum err conn_classify(struct db_conn *c, const PGresult *result, const char *sql)
{
    ExecStatusType status = result ? PQresultStatus(result) : PGRES_FATAL_ERROR;
    if (!c->lost && (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK ||
                     status == PGRES_SINGLE_TUPLE || status == PGRES_EMPTY_QUERY))
        return ERR_OK;
    const char *state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
    if (!strncmp(state ? state : "08", "57P", 3) || !strncmp(state ? state : "08", "08", 2))
        c->lost = true;
    if (c->lost) {
        log_warn("db.lost", "{s:s,s:s}", "sqlstate", state ? state : "", "sql", sql);
        return ERR_BUSY;
    }
    if (!state)
        state = "";
    if (!strcmp(state, "0A000")) /* a plan that a migration made stale */
        c->renew = true;
    if (!strcmp(state, "25006")) /* a server that became a standby: nothing was committed */
        c->lost = true;
    enum err err = sqlstate_err(state);
    if (err == ERR_INTERNAL || err == ERR_BUSY)
        log_failure(result, state, sql);
    return err;
}

static struct db_result *result_new(PGresult *pg, enum err err)
{
    struct db_result *r = mem_new(sizeof *r);
    r->pg = pg;
    r->err = err;
    return r;
}

static size_t slot_of(const struct db_conn *c, const char *sql)
{
    size_t i = ((uintptr_t)sql * 0x9e3779b97f4a7c15u >> 20) & (c->prepared_cap - 1);
    while (c->prepared[i].sql && c->prepared[i].sql != sql)
        i = (i + 1) & (c->prepared_cap - 1);
    return i;
}

static void grow(struct db_conn *c)
{
    struct prepared *old = c->prepared;
    size_t old_cap = c->prepared_cap;
    c->prepared_cap = old_cap ? old_cap * 2 : 64;
    c->prepared = mem_new(c->prepared_cap * sizeof *c->prepared);
    for (size_t i = 0; i < old_cap; i++)
        if (old[i].sql)
            c->prepared[slot_of(c, old[i].sql)] = old[i];
    free(old);
}

/* NULL when the statement is ready under *number; else what went wrong. */
static struct db_result *prepare(struct db_conn *c, const char *sql, const char *types,
                                 const struct db_args *args, unsigned *number)
{
    if (2 * (c->prepared_len + 1) > c->prepared_cap)
        grow(c);
    struct prepared *slot = &c->prepared[slot_of(c, sql)];
    if (slot->sql) {
        *number = slot->number;
        assert(!strcmp(slot->types, types)); /* one address, one statement */
        return NULL;
    }
    if (brief_settle(c) != ERR_OK)
        return result_new(NULL, c->failed);
    *number = (unsigned)c->prepared_len;
    char name[16];
    snprintf(name, sizeof name, "s%u", *number);
    PGresult *result = NULL, *more;
    if (!PQsendPrepare(c->pg, name, sql, args->n, args->types))
        c->lost = true;
    else
        while ((more = conn_next_result(c))) {
            PQclear(result);
            result = more;
        }
    enum err err = conn_classify(c, result, sql);
    if (err != ERR_OK)
        return result_new(result, err);
    PQclear(result);
    *slot = (struct prepared){sql, types, *number};
    c->prepared_len++;
    return NULL;
}

/* In a brief transaction into the pipeline. */
static bool send_prepared(struct db_conn *c, unsigned number, const struct db_args *args)
{
    char name[16];
    snprintf(name, sizeof name, "s%u", number);
    if (c->brief && PQpipelineStatus(c->pg) == PQ_PIPELINE_OFF && !PQenterPipelineMode(c->pg))
        return false;
    return PQsendQueryPrepared(c->pg, name, args->n, args->values, args->lengths, args->formats, 0);
}

struct db_result *conn_send(struct db_conn *c, const char *sql, const char *types, va_list ap)
{
    if (!c->pg || c->lost)
        return result_new(NULL, ERR_BUSY);
    struct db_args args;
    bool known = !c->streaming && args_encode(&args, types, ap);
    if (!known) {
        log_error("db.misuse", "{s:s,s:s}", "types", types, "sql", sql);
        if (!c->streaming)
            args_release(&args);
        return result_new(NULL, ERR_INTERNAL);
    }
    unsigned number;
    struct db_result *failed = prepare(c, sql, types, &args, &number);
    if (!failed && !send_prepared(c, number, &args)) {
        c->lost = true;
        failed = result_new(NULL, conn_classify(c, NULL, sql));
    }
    args_release(&args);
    return failed;
}

struct db_result *conn_query(struct db_conn *c, const char *sql, const char *types, va_list ap)
{
    if (c->brief) {
        struct db_result *r = brief_later(c, sql, types, ap);
        brief_settle(c);
        return r;
    }
    struct db_result *failed = conn_send(c, sql, types, ap);
    if (failed)
        return failed;
    PGresult *result = NULL, *more;
    while ((more = conn_next_result(c))) {
        PQclear(result);
        result = more;
    }
    return result_new(result, conn_classify(c, result, sql));
}

struct db_result *db_query(struct db_conn *c, const char *sql, const char *types, ...)
{
    va_list ap;
    va_start(ap, types);
    struct db_result *r = conn_query(c, sql, types, ap);
    va_end(ap);
    return r;
}

enum err db_exec(struct db_conn *c, const char *sql, const char *types, ...)
{
    va_list ap;
    va_start(ap, types);
    struct db_result *r = c->brief ? NULL : conn_query(c, sql, types, ap);
    enum err err = r ? r->err : brief_add(c, NULL, sql, types, ap);
    va_end(ap);
    db_result_free(r);
    return err;
}

/* One word without parameters. */
static enum err command(struct db_conn *c, const char *sql, PGresult **result)
{
    *result = NULL;
    if (!c->pg || c->lost)
        return ERR_BUSY;
    *result = conn_exec(c, sql);
    return conn_classify(c, *result, sql);
}

enum err conn_may_begin(struct db_conn *c)
{
    if (!c->pg || c->lost)
        return ERR_BUSY;
    if (!c->brief && PQtransactionStatus(c->pg) == PQTRANS_IDLE)
        return ERR_OK;
    log_error("db.misuse", "{s:s}", "sql", "BEGIN inside a transaction");
    return ERR_INTERNAL;
}

enum err db_begin(struct db_conn *c)
{
    PGresult *result = NULL;
    enum err err = conn_may_begin(c);
    if (err == ERR_OK)
        err = command(c, "BEGIN", &result);
    PQclear(result);
    return err;
}

/* The server answers ROLLBACK when an earlier statement had failed. */
bool conn_is_committed(PGresult *result)
{
    if (!strcmp(PQcmdStatus(result), "COMMIT"))
        return true;
    log_error("db.misuse", "{s:s}", "sql", "COMMIT of a failed transaction");
    return false;
}

enum err db_commit(struct db_conn *c)
{
    PGresult *result;
    if (c->brief)
        return brief_commit(c);
    enum err err = command(c, "COMMIT", &result);
    if (err == ERR_OK && !conn_is_committed(result))
        err = ERR_INTERNAL;
    PQclear(result);
    return err;
}

enum err db_show_durable(struct db_conn *c)
{
    return db_exec(c, "SELECT pg_logical_emit_message(true, 'amphi', '')", "");
}

void db_rollback(struct db_conn *c)
{
    PGresult *result;
    brief_end(c);
    if (!c->pg || c->lost || PQtransactionStatus(c->pg) == PQTRANS_IDLE)
        return;
    if (command(c, "ROLLBACK", &result) != ERR_OK)
        c->renew = true;
    PQclear(result);
}

enum err db_end(struct db_conn *c, enum err err)
{
    if (err == ERR_OK)
        return db_commit(c);
    db_rollback(c);
    return err;
}

/* Ends a stream before its last row. A cancel request may arrive late and hit a later statement,
 * so the connection serves no further job. */
static void cancel(struct db_conn *c)
{
    char text[256];
    PGcancel *request = PQgetCancel(c->pg);
    if (!request || !PQcancel(request, text, sizeof text))
        log_warn("db.cancel", "{s:b}", "sent", 0);
    PQfreeCancel(request);
    c->renew = true;
}

static enum err stream_rows(struct db_conn *c, const char *sql,
                            enum err (*each)(void *arg, const struct db_result *r), void *arg)
{
    enum err stopped = ERR_OK, err = ERR_OK;
    bool any = false;
    PGresult *result;
    while ((result = conn_next_result(c))) {
        any = true;
        struct db_result row = {.pg = result, .err = ERR_OK};
        if (PQresultStatus(result) == PGRES_SINGLE_TUPLE) {
            if (stopped == ERR_OK && (stopped = each(arg, &row)) != ERR_OK)
                cancel(c);
        } else if (stopped == ERR_OK) {
            err = conn_classify(c, result, sql);
        }
        PQclear(result);
    }
    if (stopped != ERR_OK)
        return stopped;
    return err == ERR_OK && (c->lost || !any) ? conn_classify(c, NULL, sql) : err;
}

enum err db_stream(struct db_conn *c, enum err (*each)(void *arg, const struct db_result *r),
                   void *arg, const char *sql, const char *types, ...)
{
    va_list ap;
    va_start(ap, types);
    struct db_result *failed =
        c->brief ? result_new(NULL, ERR_INTERNAL) : conn_send(c, sql, types, ap);
    va_end(ap);
    if (failed) {
        enum err err = failed->err;
        db_result_free(failed);
        return err;
    }
    if (!PQsetSingleRowMode(c->pg))
        c->renew = true; /* still right, only not in constant memory */
    c->streaming = true;
    enum err err = stream_rows(c, sql, each, arg);
    c->streaming = false;
    return err;
}
