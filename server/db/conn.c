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
#define ANSWER_MARGIN_MS   5000
#define PING_TIMEOUT_MS    5000
#define CONNECT_TIMEOUT_MS 5000

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

/* False when nothing came before the deadline (0: none) or the socket failed. */
static bool wait_socket(struct db_conn *c, short events, int64_t deadline_ms)
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

static void on_notice(void *arg, const PGresult *result)
{
    (void)arg;
    log_debug("db.notice", "{s:s}", "sqlstate",
              PQresultErrorField(result, PG_DIAG_SQLSTATE)
                  ? PQresultErrorField(result, PG_DIAG_SQLSTATE)
                  : "");
}

/* Begins to connect; nothing is sent yet. What the connection string says wins over the first ones,
 * not over those after dbname. sslmode NULL: as the string says. */
static PGconn *begin_connect(const char *url, const char *sslmode)
{
    static const char *const names[] = {"fallback_application_name",
                                        "keepalives",
                                        "keepalives_idle",
                                        "keepalives_interval",
                                        "keepalives_count",
                                        "tcp_user_timeout",
                                        "target_session_attrs",
                                        "dbname",
                                        "client_encoding",
                                        "gssencmode",
                                        "sslmode",
                                        NULL};
    const char *const values[] = {"amphi",      "1", "10",   "5",       "3",     "15000",
                                  "read-write", url, "UTF8", "disable", sslmode, NULL};
    PGconn *pg = PQconnectStartParams(names, values, 1);
    assert(pg);
    PQsetNoticeReceiver(pg, on_notice, NULL); /* else libpq writes to standard error */
    return pg;
}

/* False with why when the connection would be weaker than it must be. */
static bool secure(struct db_conn *c)
{
    enum conn_tls found = conn_tls(c->pg, c->url, c->why, sizeof c->why);
    if (found == CONN_TLS_UNSAID) {
        PQfinish(c->pg);
        c->pg = begin_connect(c->url, CONN_TLS_MODE);
        found = conn_tls(c->pg, c->url, c->why, sizeof c->why);
    }
    return found == CONN_TLS_FINE;
}

/* False when it failed or took too long; a loss of time is told in why. */
static bool finish_connect(struct db_conn *c)
{
    int64_t deadline = now_ms() + CONNECT_TIMEOUT_MS;
    PostgresPollingStatusType next = PGRES_POLLING_WRITING;
    if (PQstatus(c->pg) == CONNECTION_BAD)
        return false;
    while (next != PGRES_POLLING_OK && next != PGRES_POLLING_FAILED) {
        if (!wait_socket(c, next == PGRES_POLLING_READING ? POLLIN : POLLOUT, deadline)) {
            set_why(c, "the server does not answer");
            return false;
        }
        next = PQconnectPoll(c->pg);
    }
    return next == PGRES_POLLING_OK;
}

/* Durable before visible: synchronous_commit is on whatever the server's default is. */
static bool apply_settings(struct db_conn *c)
{
    char sql[512];
    snprintf(sql, sizeof sql,
             "SET synchronous_commit = on; SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD';"
             "SET bytea_output = 'hex'; SET extra_float_digits = 1;"
             "SET standard_conforming_strings = on; SET search_path = public;"
             "SET statement_timeout = %d; SET idle_in_transaction_session_timeout = %d",
             c->statement_timeout_ms,
             c->statement_timeout_ms ? c->statement_timeout_ms + ANSWER_MARGIN_MS : 0);
    PGresult *result = conn_exec(c, sql);
    bool ok = result && PQresultStatus(result) == PGRES_COMMAND_OK;
    if (!ok)
        set_why(c, PQerrorMessage(c->pg));
    PQclear(result);
    return ok;
}

bool conn_open(struct db_conn *c)
{
    conn_close(c);
    c->pg = begin_connect(c->url, NULL);
    c->lost = c->renew = c->streaming = false;
    c->why[0] = 0;
    if (!secure(c)) {
        conn_close(c);
        return false;
    }
    c->why[0] = 0; /* what was not said, is now */
    if (!finish_connect(c)) {
        if (!c->why[0])
            set_why(c, PQerrorMessage(c->pg));
    } else if (conn_version_supported(PQserverVersion(c->pg), c->why, sizeof c->why)) {
        if (PQsetnonblocking(c->pg, 1) == 0 && apply_settings(c)) {
            c->why[0] = 0;
            return true;
        }
    }
    conn_close(c);
    return false;
}

void conn_close(struct db_conn *c)
{
    PQfinish(c->pg);
    c->pg = NULL;
    c->lost = true;
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
            if (PQstatus(c->pg) != CONNECTION_OK)
                c->lost = true;
            return result;
        }
        if (!wait_socket(c, flush ? POLLIN | POLLOUT : POLLIN, deadline_ms) ||
            !PQconsumeInput(c->pg))
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
