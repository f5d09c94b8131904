#include "http/server.h"
#include "base/mem.h"
#include "base/mix.h"
#include "blob/blob.h"
#include "db/db.h"
#include <unistd.h>

struct http_server {
    struct http_hooks hooks;
    char *base_url;
    struct router *router;
    struct limits *limits;
};

struct http_server *http_server_new(const struct http_hooks *hooks, const char *base_url)
{
    struct http_server *s = mem_new(sizeof *s);
    s->hooks = *hooks;
    if (!s->hooks.submit)
        s->hooks.submit = db_submit;
    s->base_url = mem_strdup(base_url);
    s->router = router_new(hooks->tables);
    s->limits = limits_new(hooks->rates);
    return s;
}

void http_server_free(struct http_server *s)
{
    if (!s)
        return;
    router_free(s->router);
    limits_free(s->limits);
    free(s->base_url);
    free(s);
}

const struct router *http_server_router(const struct http_server *s)
{
    return s->router;
}

const struct http_hooks *http_server_hooks(const struct http_server *s)
{
    return &s->hooks;
}

struct limits *http_server_limits(const struct http_server *s)
{
    return s->limits;
}

/* --- the worker's checks, in the order that http.h promises --- */

static bool is_safe(const char *method)
{
    return strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0;
}

bool http_vouch(struct http_exchange *x, const struct id *holder)
{
    struct http_wire *w = x->wire;
    int retry_s = 1;
    if (limits_vouch(w->server->limits, &w->limited, holder, clock_mono_us(x->clock), &retry_s))
        return true;
    http_problem_rate(x, retry_s);
    return false;
}

static bool check_role(struct http_wire *w)
{
    enum err err = identity_may(&w->x.who, w->x.route->roles);
    if (err != ERR_OK)
        http_problem_err(&w->x, err);
    return err == ERR_OK;
}

static bool check_csrf(struct http_wire *w)
{
    if (is_safe(w->x.method) || w->x.route->foreign)
        return true;
    if (strcmp(w->x_amphi, "1") == 0 && (!w->origin || strcmp(w->origin, w->server->base_url) == 0))
        return true;
    http_problem(&w->x, 403, "auth.csrf", "The request does not come from this site's own pages.");
    return false;
}

bool http_fresh(struct http_exchange *x)
{
    if (clock_now_us(x->clock) - x->proved_at <= HTTP_FRESH_US)
        return true;
    http_problem(x, 403, "auth.fresh", "Show once more that it is you: /api/me/proof.");
    return false;
}

static bool check_fresh(struct http_wire *w)
{
    return !w->x.route->fresh || http_fresh(&w->x);
}

/* A guest has nothing of the kind: their link is the organiser's to give and to take. */
static bool check_guest(struct http_wire *w)
{
    bool may = !w->x.route->own_account || !w->x.who.guest;
    if (!may)
        http_problem_err(&w->x, ERR_FORBIDDEN);
    return may;
}

/* Sign-in, role and CSRF were checked already where the body came in between. */
static bool may_go_on(struct http_wire *w)
{
    return wire_check_sign_in(w) && check_role(w) && check_guest(w) &&
           (w->admitted || check_csrf(w)) && check_fresh(w);
}

static void run(struct db_job *job, struct db_conn *db)
{
    struct http_wire *w = container_of(job, struct http_wire, job);
    w->x.db = db;
    if (may_go_on(w))
        w->x.route->handle(&w->x);
    if (w->kind == REPLY_NONE)
        http_problem_err(&w->x, ERR_INTERNAL);
    blob_discard(w->x.upload); /* the handler did not keep it */
    w->x.upload = NULL;
    w->x.db = NULL;
}

static void run_admission(struct db_job *job, struct db_conn *db)
{
    struct http_wire *w = container_of(job, struct http_wire, job);
    bool (*admit)(struct http_exchange *) = w->x.route->admit;
    w->x.db = db;
    w->admitted = may_go_on(w) && (!admit || admit(&w->x));
    w->x.db = NULL;
}

/* --- a request's life --- */

static char *copy(const char *text)
{
    return mem_strdup(text ? text : "");
}

struct http_wire *http_wire_new(struct http_server *s, const struct route_hit *hit,
                                const struct http_request *request)
{
    struct http_wire *w = mem_new(sizeof *w);
    w->server = s;
    struct id id = id_random();
    w->x.request_id = id_text(&id, w->request_id);
    w->x.method = copy(request->method);
    w->x.path = copy(request->path);
    w->x.address = copy(request->address);
    w->x.host = copy(request->host);
    w->x.content_type = copy(request->content_type);
    w->x.accept_language = copy(request->accept_language);
    w->x.accept_encoding = copy(request->accept_encoding);
    w->x.if_none_match = copy(request->if_none_match);
    w->x.idempotency_key = copy(request->idempotency_key);
    w->origin = request->origin ? mem_strdup(request->origin) : NULL;
    w->cookie = copy(request->cookie);
    w->x_amphi = copy(request->x_amphi);
    snprintf(w->person_text, sizeof w->person_text, "%s", request->person ? request->person : "");
    for (size_t i = 0; i < request->arg_count && i < HTTP_MAX_ARGS; i++)
        w->args[w->arg_count++] = copy(request->args[i]);
    w->hit = *hit;
    for (size_t i = 0; i < hit->param_count; i++)
        w->hit.params[i].value = w->x.path + (hit->params[i].value - request->path);
    w->file.fd = -1;
    w->x.route = hit->route;
    w->x.clock = s->hooks.clock;
    w->x.app = s->hooks.app;
    w->x.wire = w;
    w->started_us = clock_mono_us(s->hooks.clock);
    buf_init(&w->headers, HTTP_REPLY_HEAD_MAX);
    return w;
}

void http_wire_body(struct http_wire *w, char *body, size_t len)
{
    w->body = body;
    w->x.body = body;
    w->x.body_len = len;
}

void http_wire_spooled(struct http_wire *w, struct blob_draft *body, size_t len)
{
    w->x.upload = body;
    w->x.body_len = len;
}

static void drop_files(struct http_wire *w)
{
    if (w->drop_files) {
        w->drop_files(w);
        return;
    }
    blob_discard(w->x.upload);
    if (w->file.fd >= 0)
        close(w->file.fd);
}

static void free_wire(struct http_wire *w)
{
    const char *owned[] = {w->x.method,
                           w->x.path,
                           w->x.address,
                           w->x.host,
                           w->x.content_type,
                           w->x.accept_language,
                           w->x.accept_encoding,
                           w->x.if_none_match,
                           w->origin,
                           w->cookie,
                           w->x.idempotency_key,
                           w->x_amphi,
                           w->body};
    for (size_t i = 0; i < sizeof owned / sizeof *owned; i++)
        free((void *)(uintptr_t)owned[i]);
    for (size_t i = 0; i < w->arg_count; i++)
        free(w->args[i]);
    for (size_t i = 0; i < ROUTE_MAX_PARAMS; i++)
        free(w->texts[i]);
    if (w->x.upload || w->file.fd >= 0)
        drop_files(w);
    json_decref(w->json);
    payload_unref(w->bytes);
    buf_release(&w->headers);
    free(w);
}

/* No worker, or no connection, was to be had. */
static void reply_busy(struct http_wire *w, enum err err)
{
    http_header(&w->x, "Retry-After", "2");
    http_problem_err(&w->x, err == ERR_OK ? ERR_BUSY : err);
}

static void deliver_done(struct message *message)
{
    struct db_job *job = container_of(message, struct db_job, done);
    struct http_wire *w = container_of(job, struct http_wire, job);
    w->done = true;
    if (w->released) {
        free_wire(w);
        return;
    }
    if (w->kind == REPLY_NONE)
        reply_busy(w, job->err);
    w->on_done(w);
}

static enum err give_to_worker(struct http_wire *w, enum db_pool pool,
                               void (*work)(struct db_job *, struct db_conn *),
                               void (*deliver)(struct message *))
{
    w->job.run = work;
    w->job.reply_to = w->mailbox;
    w->job.done.deliver = deliver;
    w->job.owner = w->x.who.organisation; /* known once it was admitted */
    w->job.first = pool == DB_PASSWORD && w->x.returning;
    const struct http_hooks *hooks = &w->server->hooks;
    enum err err = hooks->submit(hooks->db, pool, &w->job);
    w->submitted = err == ERR_OK;
    return err;
}

static enum err give_to_pool(struct http_wire *w)
{
    return give_to_worker(w, w->x.route->pool, run, deliver_done);
}

static void deliver_admission(struct message *message)
{
    struct db_job *job = container_of(message, struct db_job, done);
    struct http_wire *w = container_of(job, struct http_wire, job);
    w->submitted = false;
    if (w->released) {
        free_wire(w);
        return;
    }
    enum err err = ERR_OK;
    if (w->admitted && w->goes_on) {
        err = give_to_pool(w);
        if (err == ERR_OK)
            return;
    }
    if (w->kind == REPLY_NONE && (!w->admitted || err != ERR_OK))
        reply_busy(w, job->err);
    w->on_done(w);
}

static enum err admit(struct http_wire *w)
{
    return give_to_worker(w, DB_SHORT, run_admission, deliver_admission);
}

/* --- what the loop decides by itself, each false after having replied --- */

/* Of a route's bucket: the same in each process. */
static uint64_t name_of(const struct http_route *route)
{
    uint64_t name = mix64((unsigned char)route->method[0] << 8 | (unsigned char)route->method[1]);
    for (const char *c = route->pattern; *c; c++)
        name = mix64(name ^ (unsigned char)*c);
    return name;
}

static bool check_rate(struct http_wire *w)
{
    const struct http_route *route = w->x.route;
    /* Routes with a rate of their own have a bucket of their own; the others share one. */
    bool has_own = route->rate.per_minute > 0;
    int retry_s = 1;
    struct id holder;
    bool shown = route->holder && route->holder(&w->x, &holder);
    w->limited.holder = shown ? &holder : NULL;
    w->limited.what = has_own ? name_of(route) : 0;
    w->limited.rate = has_own ? &route->rate : &w->server->hooks.default_rate;
    w->limited.now_us = w->started_us;
    w->limited.address = w->x.address;
    bool allowed = limits_admit(w->server->limits, &w->limited, &retry_s);
    w->limited.holder = NULL; /* it ends here */
    w->x.returning = w->limited.returning;
    if (!allowed)
        http_problem_rate(&w->x, retry_s);
    return allowed;
}

static bool let_in(struct http_wire *w)
{
    bool (*gate)(struct http_exchange *) = w->x.route->gate;
    if (!w->let_in)
        w->let_in = wire_read_sign_ins(w) && check_rate(w) && (!gate || gate(&w->x));
    if (!w->let_in)
        w->on_done(w);
    return w->let_in;
}

enum err http_wire_admit(struct http_wire *w, size_t body_len)
{
    w->x.body_len = body_len;
    return let_in(w) ? admit(w) : ERR_OK;
}

/* Whose turn it is in a shared pool is not known before somebody has looked who asks. */
enum err http_wire_submit(struct http_wire *w)
{
    if (!let_in(w))
        return ERR_OK;
    if (w->admitted || !db_is_shared_out(w->x.route->pool))
        return give_to_pool(w);
    w->goes_on = true;
    return admit(w);
}

void http_wire_release(struct http_wire *w)
{
    if (!w)
        return;
    w->released = true;
    if (!w->submitted || w->done)
        free_wire(w);
}
