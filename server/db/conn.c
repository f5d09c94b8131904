#include "db/conn.h"
#include "base/log.h"
#include "base/mem.h"
#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* How much longer than the server's own statement timeout we wait for its answer. */
#define ANSWER_MARGIN_MS  5000
#define PING_TIMEOUT_MS   5000
#define CONNECT_TIMEOUT_S "5"

static int64_t now_ms(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

bool conn_version_supported(int version, char *why, size_t why_size)
{
    if (version >= DB_OLDEST_VERSION)
        return true;
    if (version >= 100000)
        snprintf(why, why_size, "PostgreSQL %d.%d is too old: 14 or later is needed",
                 version / 10000, version % 10000);
    else
        snprintf(why, why_size, "PostgreSQL %d.%d.%d is too old: 14 or later is needed",
                 version / 10000, version / 100 % 100, version % 100);
    return false;
}

/* libpq's message as one line. It never holds the password. */
static void set_why(struct db_conn *c, const char *text)
{
    size_t n = 0;
    for (; *text && n + 1 < sizeof c->why; text++) {
        char ch = *text == '\n' || *text == '\t' ? ' ' : *text;
        if (ch == ' ' && (n == 0 || c->why[n - 1] == ' '))
            continue;
        c->why[n++] = ch;
    }
    while (n > 0 && c->why[n - 1] == ' ')
        n--;
    c->why[n] = 0;
}

bool conn_wait(struct db_conn *c, short events, int64_t deadline_ms)
{
    struct pollfd p = {.fd = PQsocket(c->pg), .events = events};
    for (;;) {
        int64_t left = deadline_ms ? deadline_ms - now_ms() : -1;
        if (deadline_ms && left <= 0)
            return false;
        int n = poll(&p, 1, (int)left);
        if (n > 0)
            return true;
        if (n < 0 && errno != EINTR)
            return false;
    }
}

static bool has(const char *text, const char *part)
{
    return text && strstr(text, part);
}

/* A commit whose wait for the standby was ended by somebody is there and can vanish with its
 * server. It is told by a warning alone, whose text may be in any language: the function's name is
 * not. */
static bool is_unreplicated(const PGresult *notice)
{
    return has(PQresultErrorField(notice, PG_DIAG_SOURCE_FUNCTION), "SyncRep") ||
           has(PQresultErrorField(notice, PG_DIAG_MESSAGE_PRIMARY), "synchronous replication");
}

static void on_notice(void *arg, const PGresult *result)
{
    struct db_conn *c = arg;
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    if (!is_unreplicated(result)) {
        log_debug("db.notice", "{s:s}", "sqlstate", state ? state : "");
        return;
    }
    c->unreplicated = true;
    log_warn("db.unreplicated", "{s:s}", "sqlstate", state ? state : "");
}

/* What the connection string says wins over the first ones, not over those after dbname. The time
 * to connect is that of each server which the string names; of several, the one that takes writes
 * is meant. sslmode NULL: as the string says. port NULL: likewise. */
#define OPTIONS 13

struct options {
    const char *names[OPTIONS + 1], *values[OPTIONS + 1];
};

static struct options options_of(const char *url, const char *sslmode, const char *port)
{
    return (struct options){{"fallback_application_name", "connect_timeout", "keepalives",
                             "keepalives_idle", "keepalives_interval", "keepalives_count",
                             "tcp_user_timeout", "target_session_attrs", "dbname",
                             "client_encoding", "gssencmode", "sslmode", "port"},
                            {"amphi", CONNECT_TIMEOUT_S, "1", "10", "5", "3", "15000", "read-write",
                             url, "UTF8", "disable", sslmode, port}};
}

/* Whether a connection with this sslmode may be made. No server hears of it: there is no port 0. */
static enum conn_tls weigh(struct db_conn *c, const char *sslmode)
{
    struct options o = options_of(c->url, sslmode, "0");
    PGconn *pg = PQconnectStartParams(o.names, o.values, 1);
    assert(pg);
    PQconninfoOption *options = PQconninfo(pg);
    enum conn_tls found = conn_tls(options, c->url, c->why, sizeof c->why);
    PQconninfoFree(options);
    PQfinish(pg);
    return found;
}

/* False with why when the connection would be weaker than it must be. */
static bool secure(struct db_conn *c, const char **sslmode)
{
    *sslmode = NULL;
    enum conn_tls found = weigh(c, NULL);
    if (found == CONN_TLS_UNSAID)
        found = weigh(c, *sslmode = CONN_TLS_MODE);
    return found == CONN_TLS_FINE;
}

/* libpq goes from one server to the next by itself, which it does in time only while it blocks. */
static bool connect_now(struct db_conn *c, const char *sslmode)
{
    struct options o = options_of(c->url, sslmode, NULL);
    c->pg = PQconnectdbParams(o.names, o.values, 1);
    assert(c->pg);
    PQsetNoticeReceiver(c->pg, on_notice, c); /* else libpq writes to standard error */
    if (PQstatus(c->pg) == CONNECTION_OK)
        return true;
    set_why(c, PQerrorMessage(c->pg));
    return false;
}

static bool take_backend(struct db_conn *c, const PGresult *result)
{
    if (PQntuples(result) != 1)
        return false;
    c->backend.pid = PQbackendPID(c->pg);
    snprintf(c->backend.started, sizeof c->backend.started, "%s", PQgetvalue(result, 0, 0));
    return true;
}

/* Durable before visible: synchronous_commit is on whatever the server's default is. The statement
 * timeout bounds statements: PostgreSQL has ended it when a commit waits for a standby. */
static bool apply_settings(struct db_conn *c)
{
    char sql[640];
    snprintf(sql, sizeof sql,
             "SET synchronous_commit = on; SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD';"
             "SET bytea_output = 'hex'; SET extra_float_digits = 1;"
             "SET standard_conforming_strings = on; SET search_path = public;"
             "SET statement_timeout = %d; SET idle_in_transaction_session_timeout = %d;"
             "SELECT backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid()",
             c->statement_timeout_ms,
             c->statement_timeout_ms ? c->statement_timeout_ms + ANSWER_MARGIN_MS : 0);
    PGresult *result = conn_exec(c, sql);
    bool ok = result && PQresultStatus(result) == PGRES_TUPLES_OK && take_backend(c, result);
    const char *why = PQerrorMessage(c->pg);
    if (!ok)
        set_why(c, *why ? why : "the server does not answer");
    PQclear(result);
    return ok;
}

/* Asks whether who connects may still use the database. */
static bool admitted(struct db_conn *c)
{
    if (!c->admit)
        return true;
    PGresult *result = conn_exec(c, c->admit);
    bool said = result && PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) == 1;
    bool yes = said && PQgetvalue(result, 0, 0)[0] == 't';
    c->refused = said && !yes;
    set_why(c, c->refused ? "this run of the server was ended" : PQerrorMessage(c->pg));
    PQclear(result);
    return yes;
}

bool conn_open(struct db_conn *c)
{
    const char *sslmode;
    conn_close(c);
    c->lost = c->renew = c->streaming = c->unreplicated = c->refused = false;
    c->why[0] = 0;
    if (secure(c, &sslmode) && connect_now(c, sslmode) &&
        conn_version_supported(PQserverVersion(c->pg), c->why, sizeof c->why) &&
        PQsetnonblocking(c->pg, 1) == 0 && apply_settings(c) && admitted(c)) {
        c->why[0] = 0;
        return true;
    }
    conn_close(c);
    return false;
}

void conn_close(struct db_conn *c)
{
    c->lost = true;
    brief_end(c);
    PQfinish(c->pg);
    c->pg = NULL;
    free(c->waiting);
    c->waiting = NULL;
    free(c->prepared);
    c->prepared = NULL;
    c->prepared_len = c->prepared_cap = 0;
}

bool conn_alive(struct db_conn *c)
{
    if (!c->pg || c->lost || c->renew || PQstatus(c->pg) != CONNECTION_OK)
        return false;
    struct pollfd p = {.fd = PQsocket(c->pg), .events = POLLIN};
    /* Readable without having asked: a notice, a parameter's change, or the end, which comes after
     * its own notice. A server that says more than this is not worth keeping. */
    for (int i = 0; i < 16; i++) {
        if (poll(&p, 1, 0) <= 0)
            return true;
        if (!PQconsumeInput(c->pg) || PQstatus(c->pg) != CONNECTION_OK)
            return false;
        PGresult *result = PQisBusy(c->pg) ? NULL : PQgetResult(c->pg);
        PQclear(result);
        if (result || PQstatus(c->pg) != CONNECTION_OK)
            return false;
    }
    return false;
}

static PGresult *next_result_until(struct db_conn *c, int64_t deadline_ms)
{
    while (!c->lost) {
        int flush = PQflush(c->pg);
        if (flush < 0)
            break;
        if (!flush && !PQisBusy(c->pg)) {
            PGresult *result = PQgetResult(c->pg);
            if (PQstatus(c->pg) != CONNECTION_OK || c->unreplicated)
                c->lost = true;
            return result;
        }
        if (!conn_wait(c, flush ? POLLIN | POLLOUT : POLLIN, deadline_ms) || !PQconsumeInput(c->pg))
            break;
    }
    c->lost = true;
    return NULL;
}

PGresult *conn_next_result(struct db_conn *c)
{
    int64_t timeout = c->statement_timeout_ms;
    int64_t until = timeout ? now_ms() + timeout + ANSWER_MARGIN_MS : 0;
    if (c->deadline_ms && (!until || c->deadline_ms < until))
        until = c->deadline_ms;
    return next_result_until(c, until);
}

PGresult *conn_exec(struct db_conn *c, const char *sql)
{
    if (!c->pg || c->lost)
        return NULL;
    if (!PQsendQuery(c->pg, sql)) {
        c->lost = true;
        return NULL;
    }
    PGresult *last = NULL, *result;
    while ((result = conn_next_result(c))) {
        PQclear(last);
        last = result;
        if (PQresultStatus(result) == PGRES_COPY_IN || PQresultStatus(result) == PGRES_COPY_OUT)
            c->lost = true; /* never sent on purpose; the connection is of no more use */
    }
    if (c->lost) {
        PQclear(last);
        return NULL;
    }
    return last;
}

bool conn_waits_for_standby(struct db_conn *c, const struct backend *other, enum err *err)
{
    bool waits = false;
    *err = ERR_OK;
    if (other->pid)
        *err = db_read_bool(c, &waits,
                            "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE pid = $1::bigint"
                            "   AND backend_start = $2::text::timestamptz"
                            "   AND wait_event = 'SyncRep')",
                            "is", (int64_t)other->pid, other->started);
    return waits;
}

bool conn_ping(struct db_conn *c)
{
    if (!conn_alive(c) || !PQsendQuery(c->pg, ""))
        return false;
    int64_t deadline = now_ms() + PING_TIMEOUT_MS;
    PGresult *result;
    while ((result = next_result_until(c, deadline)))
        PQclear(result);
    return !c->lost;
}

struct db_conn *db_connect(const char *url, const char **why)
{
    static _Thread_local char text[sizeof(((struct db_conn *)0)->why)];
    struct db_conn *c = mem_new(sizeof *c);
    c->url = mem_strdup(url);
    if (conn_open(c))
        return c;
    memcpy(text, c->why, sizeof text);
    if (why)
        *why = text;
    db_disconnect(c);
    return NULL;
}

enum err db_connect_admitted(const char *url, const char *admit, struct db_conn **out)
{
    struct db_conn *c = mem_new(sizeof *c);
    c->url = mem_strdup(url);
    c->admit = admit;
    *out = NULL;
    if (conn_open(c)) {
        *out = c;
        return ERR_OK;
    }
    log_warn("db.unreachable", "{s:s}", "why", c->why);
    enum err err = c->refused ? ERR_FORBIDDEN : ERR_BUSY;
    db_disconnect(c);
    return err;
}

void db_disconnect(struct db_conn *c)
{
    if (!c)
        return;
    conn_close(c);
    free((char *)c->url);
    free(c);
}

enum err db_set_timeout(struct db_conn *c, int statement_timeout_ms)
{
    c->statement_timeout_ms = statement_timeout_ms;
    if (!c->pg || c->lost)
        return ERR_BUSY;
    if (apply_settings(c))
        return ERR_OK;
    return c->lost ? ERR_BUSY : ERR_INTERNAL;
}

int db_server_version(struct db_conn *c)
{
    return c->pg ? PQserverVersion(c->pg) : 0;
}
