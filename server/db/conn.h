/* One connection, inside db/ only. A connection that was lost stays lost until conn_open() is
 * called again, so that the second half of a transaction never runs on a fresh connection. */
#ifndef AMPHI_DB_CONN_H
#define AMPHI_DB_CONN_H

#include "db/db.h"
#include "db/query.h"
#include <libpq-fe.h>
#include <stdarg.h>

#define DB_OLDEST_VERSION 140000
#define DB_MAX_PARAMS     48

struct prepared {
    const char *sql, *types; /* sql NULL: free slot; the address is the key */
    unsigned number;
};

/* A statement of a brief transaction that was sent, or is about to be. */
struct waiting {
    const char *sql;
    struct db_result *result; /* to be filled */
};

/* A process of the server, for as long as it lives: pids come again, and another server has its
 * own.
 */
struct backend {
    int pid; /* 0: none */
    char started[40];
};

struct db_conn {
    PGconn *pg;             /* NULL: never opened, or closed */
    struct backend backend; /* that serves it, or did */
    const char *url;
    const char *admit;        /* see db_config; NULL: everybody may */
    bool refused;             /* admit said no when it was opened last */
    int statement_timeout_ms; /* 0: none */
    int64_t deadline_ms;      /* monotonic, for all that is asked until it is 0 again; 0: none */
    bool lost;                /* nothing more may be sent; outcome of what was sent is unknown */
    bool unreplicated;        /* a commit did not wait for the standby to the end: lost, too */
    bool renew;               /* sound, but to be replaced before the next job */
    bool streaming;
    bool brief;              /* inside a brief transaction (brief.c), */
    enum err failed;         /* of which a statement failed: the first failure; and */
    struct waiting *waiting; /* what was not answered yet, waiting_len of it */
    size_t waiting_len;
    struct prepared *prepared;
    size_t prepared_len, prepared_cap;
    char why[512]; /* one line about the last failure to open; no password */
};

struct db_result {
    PGresult *pg; /* NULL when there is none */
    enum err err;
    bool waits, dropped; /* of a brief transaction: not answered yet; freed by its owner already */
};

/* Opens (again): TLS, settings, version check. False with conn->why filled in. */
bool conn_open(struct db_conn *c);
/* Whether what is about to be connected may be. FINE: a server on this machine (unix socket,
 * localhost, 127.0.0.0/8, ::1), or one whose certificate is verified. UNSAID: neither, and nobody
 * said how; ask for CONN_TLS_MODE. WEAK: somebody asked for less, as why says. */
enum conn_tls { CONN_TLS_FINE, CONN_TLS_UNSAID, CONN_TLS_WEAK };
#define CONN_TLS_MODE "verify-full"
/* options: those that the connection will have. */
enum conn_tls conn_tls(const PQconninfoOption *options, const char *url, char *why,
                       size_t why_size);
void conn_close(struct db_conn *c);
/* Whether that process waits in COMMIT for a standby: nothing may end it, or what it committed is
 * seen before it is durable. False with *err ERR_BUSY when that cannot be told. */
bool conn_waits_for_standby(struct db_conn *c, const struct backend *other, enum err *err);
/* Sees a connection that the server closed meanwhile, without a round trip. */
bool conn_alive(struct db_conn *c);
/* A round trip. */
bool conn_ping(struct db_conn *c);
/* Until the socket is ready for any of the events (POLLIN, POLLOUT). False when it was not before
 * the deadline (0: none), or failed. */
bool conn_wait(struct db_conn *c, short events, int64_t deadline_ms);
/* The next result of what was sent, NULL at its end, waiting up to the statement timeout and a
 * margin, or up to the deadline if that is sooner; beyond it the connection counts as lost. */
PGresult *conn_next_result(struct db_conn *c);
/* Sends a text without parameters (several statements allowed), waits, returns the last result;
 * NULL when the connection was lost. */
PGresult *conn_exec(struct db_conn *c, const char *sql);
/* "PostgreSQL 13.4 is too old …" in why, or true. */
bool conn_version_supported(int version, char *why, size_t why_size);

/* Parameters of one statement in libpq's form. */
struct db_args {
    int n;
    Oid types[DB_MAX_PARAMS];
    const char *values[DB_MAX_PARAMS];
    int lengths[DB_MAX_PARAMS], formats[DB_MAX_PARAMS];
    void *owned[DB_MAX_PARAMS]; /* to free, or NULL */
    unsigned char scalars[DB_MAX_PARAMS][8];
};
/* False when types has an unknown letter. */
bool args_encode(struct db_args *args, const char *types, va_list ap);
void args_release(struct db_args *args);

/* db_query() with its parameters in a list. */
struct db_result *conn_query(struct db_conn *c, const char *sql, const char *types, va_list ap);
/* Its first half: NULL when the statement is on its way. */
struct db_result *conn_send(struct db_conn *c, const char *sql, const char *types, va_list ap);
/* ERR_OK when a transaction may begin. */
enum err conn_may_begin(struct db_conn *c);
/* Whether that is the answer to a COMMIT which did commit; else it is logged. */
bool conn_is_committed(PGresult *result);

/* --- brief transactions (brief.c) --- */
/* A statement waits; result (NULL: nobody wants it) is filled when it was answered. */
enum err brief_add(struct db_conn *c, struct db_result *result, const char *sql, const char *types,
                   va_list ap);
struct db_result *brief_later(struct db_conn *c, const char *sql, const char *types, va_list ap);
/* Waits for all answers. The transaction's first failure, or ERR_OK. */
enum err brief_settle(struct db_conn *c);
enum err brief_commit(struct db_conn *c);
/* What is left is a transaction as any other. */
void brief_end(struct db_conn *c);

/* What a failed (or good) result means. c->lost and c->renew are set as a side effect. */
enum err conn_classify(struct db_conn *c, const PGresult *result, const char *sql);
/* Maps an SQLSTATE; any thread. */
enum err sqlstate_err(const char *sqlstate);

#endif
