/* What a route handler sees: a whole request, a reply to fill, and a database connection. Handlers
 * run on a worker thread and may block on the database; they never see a socket. The server does,
 * for every request in this order: size, route, holder, rate, gate, sign-in, role, CSRF, proof,
 * handler, reply; the loop decides up to the gate, a worker the rest. A handler never repeats those
 * checks. A body that is spooled is taken after them: nobody fills the disk who may not. */
#ifndef AMPHI_HTTP_HTTP_H
#define AMPHI_HTTP_HTTP_H

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/identity.h"
#include "base/payload.h"
#include "base/rate.h"
#include "db/job.h"
#include "grants/grants.h"
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HTTP_FRESH_US (10 * 60 * US_PER_S)

struct blob_draft;
struct app; /* what main built: handlers reach it through exchange->app; see base/app.h */

struct http_exchange {
    /* request; strings live as long as the exchange */
    const char *request_id;
    const char *method, *path;
    const char *address;         /* of the client, textual, behind a trusted proxy the real one */
    const char *host;            /* Host header, checked against the configuration */
    const char *content_type;    /* "" when absent */
    const char *accept_language; /* "" when absent */
    const char *accept_encoding; /* "" when absent */
    const char *if_none_match;   /* "" when absent */
    const char *idempotency_key; /* "" when absent */
    const char *body;            /* NUL-terminated; NULL when it is in `upload` */
    size_t body_len;
    /* The body of a spool route, in the blob store but without a name. A handler that keeps it
     * with blob_keep() sets this to NULL; else it is discarded. */
    struct blob_draft *upload;
    struct identity who;       /* with the roles that count here; identity_known(): somebody */
    enum side side;            /* which of the browser's sign-ins it is */
    bool beside;               /* the browser holds another one, too */
    struct grants_place place; /* of the route's thing, else the person's own */
    int64_t proved_at;         /* Unix us: when the person last showed that it is them */
    /* Of an `inside` route: who.roles are held for parts of the place only, so the reply shows only
     * what may_see() in SQL lets through. */
    bool partial;
    /* It comes from somebody who was signed in before: a cookie that was good, or what a gate says.
     * Where few can be served (DB_PASSWORD) these come first. */
    bool returning;
    const struct http_route *route;
    struct clock *clock;
    struct app *app;
    struct db_conn *db;
    struct http_wire *wire; /* private to http/ and net/ */
};

typedef void http_handler(struct http_exchange *x);

struct http_route {
    const char *method;  /* "GET" … */
    const char *pattern; /* "/api/congresses/{congress}/sessions"; {name} is one path segment */
    unsigned roles;      /* any of these; ROLE_NONE: anybody */
    /* The {parameter} with the id of the thing whose place decides which roles count, and its kind
     * for grants_check() where that is another word. What is not in the person's organisation,
     * or wholly out of their reach, is 404 before the handler. NULL: the place is the person's own.
     */
    const char *thing, *kind;
    bool inside; /* a role that is held for something inside the place is enough: see x->partial */
    /* The person must have shown that it is them within HTTP_FRESH_US, else 403 auth.fresh: before
     * others' personal data leave, and before rights or credentials change. */
    bool fresh;
    /* About the account that people sign in to by themselves: 403 for guests, who have a link. */
    bool own_account;
    /* Any program may ask, such as a mail's "unsubscribe": the path's secret is what allows it, and
     * no sign-in counts. Else what changes something comes from our own pages alone. */
    bool foreign;
    http_handler *handle;
    /* On the loop, before the rate: whose request this is, where it shows that by itself. It takes
     * from the holder's bucket then, not from its address's, which others share. Replies nothing.
     */
    bool (*holder)(struct http_exchange *x, struct id *out);
    /* On the loop, once the body is there: may refuse at once, must not block. False after having
     * replied. NULL: nothing to say. */
    bool (*gate)(struct http_exchange *x);
    size_t max_body; /* bytes; 0: the default of 64 KiB for JSON */
    bool spool;      /* the body goes into the blob store (x->upload), any content type */
    /* Of spool routes, before any of the body is taken: x->body_len is what was announced. False
     * after having replied. NULL: the checks above are enough. */
    bool (*admit)(struct http_exchange *x);
    /* DB_SHORT unless said. Of pools that are shared out (db/job.h) organisations take turns. */
    enum db_pool pool;
    struct rate rate; /* as in http/limits.h; {0}: the server's default */
};

/* --- request --- */
/* The UUID in the path's {name}; false after having replied 404. */
bool http_path_id(struct http_exchange *x, const char *name, struct id *out);
const char *http_path_text(struct http_exchange *x, const char *name); /* decoded segment */
bool http_path_int(struct http_exchange *x, const char *name, int64_t min, int64_t max,
                   int64_t *out); /* false after having replied 404 */
const char *http_query(struct http_exchange *x, const char *name); /* decoded, or NULL */
/* A filter of a list: of at most max characters, or one of a NULL-terminated list of words. *out is
 * NULL when it is absent or empty; false after having replied 422. */
bool http_query_text(struct http_exchange *x, const char *name, size_t max, const char **out);
bool http_query_word(struct http_exchange *x, const char *name, const char *const *words,
                     const char **out);
/* Page size for cursor paging: ?limit= (1…200, default 50). */
int http_query_limit(struct http_exchange *x);
/* Whether the body is said to be of this type, whatever parameters stand behind it. */
bool http_is_type(const struct http_exchange *x, const char *type);
/* Why ?file_name= is none of at most max characters; NULL: it is one. */
const char *http_file_name_fault(struct http_exchange *x, size_t max);
/* The language of the reader's browser: "fr" when it names French before English, else "en". */
const char *http_language(const struct http_exchange *x);
const char *http_language_of(const char *accept_language);
/* The body as one JSON object, borrowed from the exchange; NULL after having replied 400/415. */
json_t *http_body_json(struct http_exchange *x);
/* The same; NULL without a reply. */
json_t *http_body_peek(struct http_exchange *x);

/* ERR_OK with the cookie of this name in out; ERR_NOT_FOUND, ERR_INVALID (twice), ERR_TOO_LARGE. */
enum err http_cookie(const struct http_exchange *x, const char *name, char *out,
                     size_t size) MUST_CHECK;

/* A secret in the body, such as a link's token, is good, and this one's: the request takes from
 * their share and not from its address's, where a whole hospital may be. Guesses keep taking from
 * the address's. NULL: the secret cannot be used twice. False after having replied 429. */
bool http_vouch(struct http_exchange *x, const struct id *holder);

/* Whether the person has shown within HTTP_FRESH_US that it is them: for routes that want it only
 * sometimes. False after having replied 403 auth.fresh. */
bool http_fresh(struct http_exchange *x);

/* --- reply: exactly one of these per exchange --- */
void http_reply_json(struct http_exchange *x, int status, json_t *body); /* takes the reference */
void http_reply_empty(struct http_exchange *x, int status);
/* 303: the browser goes there, by GET. An address of this server, from its root on. */
void http_reply_go(struct http_exchange *x, const char *to);
/* A page of HTML that is kept nowhere. Takes html's bytes; one that did not fit is answered 500. */
void http_reply_page(struct http_exchange *x, int status, struct buf *html);
/* Private, cached by the browser for max_age seconds, with an ETag when not "". */
void http_reply_payload(struct http_exchange *x, struct payload *bytes, const char *content_type,
                        const char *etag, int max_age); /* takes the reference */
/* Bytes of a file. The handler is done: the loop that owns the connection sends them at the
 * reader's speed, which costs neither a worker nor memory. */
struct http_file {
    int fd; /* taken; readable from anywhere (pread) */
    uint64_t offset, len;
    const char *content_type;
    const char *etag;     /* NULL: none */
    const char *filename; /* NULL: shown in the browser; else saved under this name, in UTF-8 */
    int max_age;          /* seconds that the browser keeps it; 0: not at all */
};
void http_reply_file(struct http_exchange *x, const struct http_file *file);
/* A file that a worker made for this reply, saved by the browser under filename. Takes its
 * descriptor. */
struct temp_file;
void http_reply_download(struct http_exchange *x, struct temp_file *file, const char *content_type,
                         const char *filename);

/* RFC 9457 problem+json; code is stable ("poll.closed"), detail is for people, in English. */
void http_problem(struct http_exchange *x, int status, const char *code, const char *detail);
/* With "reason": the names of what stands in the way. */
void http_problem_reason(struct http_exchange *x, int status, const char *code, const char *detail,
                         const char *reason);
/* 422 request.invalid with "field" and "reason", from a strict reader's fault. */
void http_problem_field(struct http_exchange *x, const char *field, const char *reason);
void http_problem_err(struct http_exchange *x,
                      enum err err); /* the generic problem of an outcome */

/* 429 rate.limited with Retry-After. */
void http_problem_rate(struct http_exchange *x, int retry_s);

/* Extra headers, before the reply. Name and value must not hold CR or LF (asserted). */
void http_header(struct http_exchange *x, const char *name, const char *value);
/* A cookie of this host (Secure, HttpOnly, SameSite=Strict) whose name begins with __Host-, for
 * max_age seconds; NULL value clears it. */
void http_set_cookie(struct http_exchange *x, const char *name, const char *value, int max_age);
/* The same, but the browser sends it also when a page of another site leads here
 * (SameSite=Lax). */
void http_set_lax_cookie(struct http_exchange *x, const char *name, const char *value, int max_age);
/* The cookie of a sign-in of this side. */
void http_set_sign_in(struct http_exchange *x, enum side side, const char *token, int max_age);
/* Clears the cookie of the sign-in that the request was made with. */
void http_clear_sign_in(struct http_exchange *x);

#endif
