/* Between the wire and the handlers: what net fills in of a request, the checks that every request
 * passes on its loop (rate, gate) and on its worker (sign-in, role, CSRF), and what a handler
 * replied. Private to http/ and net/. net owns a http_wire from http_wire_new() until
 * http_wire_release(), on one loop. */
#ifndef AMPHI_HTTP_SERVER_H
#define AMPHI_HTTP_SERVER_H

#include "base/buf.h"
#include "http/cookie.h"
#include "http/http.h"
#include "http/limits.h"
#include "http/router.h"

#define HTTP_JSON_BODY_MAX  (64 * 1024)
#define HTTP_MAX_ARGS       32
#define HTTP_REPLY_HEAD_MAX 8192

struct http_hooks {
    struct app *app;
    struct clock *clock;
    struct db *db;
    /* grants_check(), or a test's own. Runs on a worker. */
    enum err (*check)(struct db_conn *db, const char *kind, struct grants_check *const *checks,
                      size_t n, int64_t now);
    /* grants_seen(); NULL: nothing is written down. */
    enum err (*seen)(struct db_conn *db, const struct id *sign_in, int64_t now);
    /* False unless text has the form of a token. Any thread. */
    bool (*token_hash)(const char *text, uint8_t hash[TOKEN_HASH_SIZE]);
    /* NULL: db_submit(). */
    enum err (*submit)(struct db *db, enum db_pool pool, struct db_job *job);
    const struct http_route *const *tables; /* NULL-terminated */
    struct rate default_rate;
    struct rate_table *rates; /* NULL: its own */
};

struct http_server;
/* Constant afterwards; any thread. base_url is kept by copy. */
struct http_server *http_server_new(const struct http_hooks *hooks, const char *base_url);
void http_server_free(struct http_server *s);
const struct router *http_server_router(const struct http_server *s);
const struct http_hooks *http_server_hooks(const struct http_server *s);
struct limits *http_server_limits(const struct http_server *s);

/* Everything is copied. "" stands for an absent header, NULL only where said. */
struct http_request {
    const char *method, *path, *address, *host;
    const char *content_type, *accept_language, *accept_encoding;
    const char *if_none_match, *idempotency_key;
    const char *origin; /* NULL when absent */
    const char *cookie, *x_amphi;
    const char *person;      /* X-Amphi-Person */
    const char *const *args; /* decoded "name=value" */
    size_t arg_count;
};

enum http_reply_kind { REPLY_NONE, REPLY_BYTES, REPLY_FILE };

struct http_part {
    int fd;
    uint64_t offset, len;
};

struct http_wire {
    struct http_exchange x;
    struct http_server *server;
    struct db_job job;
    struct mailbox *mailbox;
    char request_id[ID_TEXT_SIZE];
    int64_t started_us; /* monotonic */
    struct route_hit hit;
    char *origin, *cookie, *x_amphi;
    char person_text[ID_TEXT_SIZE]; /* for whom the page acts; "": not said there, and */
    bool named;                     /* whether it was said, and is asked for */
    struct id person;
    char *args[HTTP_MAX_ARGS];
    size_t arg_count;
    char *texts[ROUTE_MAX_PARAMS]; /* parameters handed out */
    char *body;
    json_t *json;

    struct limited limited;

    /* the reply; complete when on_done is called */
    enum http_reply_kind kind;
    int status;
    char content_type[96];
    char cache_control[64];
    char etag[96];
    struct buf headers;    /* "Name: value\r\n" … */
    struct payload *bytes; /* net may take it, and */
    struct http_part file; /* the descriptor: -1 then */

    /* loop's thread */
    void (*on_done)(struct http_wire *); /* the handler has returned */
    void *owner;                         /* of net */
    /* Frees x.upload and file.fd, which nobody took, without blocking; NULL: at once. */
    void (*drop_files)(struct http_wire *);
    struct net_loop *loop; /* of net, for drop_files */
    bool submitted, done, released;
    bool let_in;   /* loop: what is decided there was decided */
    bool admitted; /* worker: sign-in, role and CSRF were checked, before the body came */
    bool goes_on;  /* to its pool, once it was admitted */
};

/* sign_in.c, of the checks. Loop: the cookies, and for whom the page acts. Worker: fills in x.who,
 * .side, .beside, .place and .partial; a request without a good sign-in is nobody's, not an error.
 * Each false after having replied. */
bool wire_read_sign_ins(struct http_wire *w);
bool wire_check_sign_in(struct http_wire *w);

struct http_wire *http_wire_new(struct http_server *s, const struct route_hit *hit,
                                const struct http_request *request);
/* The body, NUL-terminated after len bytes, is taken. */
void http_wire_body(struct http_wire *w, char *body, size_t len);
void http_wire_spooled(struct http_wire *w, struct blob_draft *body, size_t len); /* taken */
/* Has a worker check a request of body_len bytes before they are read; on_done follows unless
 * ERR_BUSY, at once when the loop itself refuses. Its kind is REPLY_NONE then when the body may
 * come and http_wire_submit() follow. */
enum err http_wire_admit(struct http_wire *w, size_t body_len) MUST_CHECK;
/* Queues the request for a worker; on_done follows unless ERR_BUSY, at once when the loop itself
 * refuses. */
enum err http_wire_submit(struct http_wire *w) MUST_CHECK;
/* net is done with it: frees it, now or when the worker has let go. */
void http_wire_release(struct http_wire *w);

/* RFC 9457 body for replies that need no exchange. */
struct payload *http_problem_bytes(int status, const char *code, const char *detail,
                                   const char *field, const char *reason);
#define HTTP_PROBLEM_TYPE "application/problem+json"
const char *http_status_text(int status);

#endif
