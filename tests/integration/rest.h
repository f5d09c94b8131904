/* REST routes called as a browser would, without a socket: the checks of http/, a real worker pool
 * and a database of the test's own. The clock stands still until rest_advance(). */
#ifndef AMPHI_TESTS_REST_H
#define AMPHI_TESTS_REST_H

#include "base/buf.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/rate.h"
#include "blob/blob.h"
#include "crypto/crypto.h"
#include "crypto/secrets.h"
#include "db/db.h"
#include "feature_list.h"
#include "features/accounts/accounts.h"
#include "grants/grants.h"
#include "harness/pg.h"
#include "http/server.h"
#include "jobs/jobs.h"
#include "unit/run.h"
#include <check.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define REST_BASE "https://amphi.test"
#define REST_NOW  1795293000000000 /* 2026-11-21 */

struct rest {
    const char *url;
    struct clock clock;
    struct app app;
    struct event_catalog *catalog;
    struct secrets secrets;
    struct db_conn *conn; /* for the test itself */
    struct http_server *server;
    struct mailbox mailbox;
    pthread_mutex_t lock;
    pthread_cond_t woken;
    bool mail; /* under lock: the mailbox was filled since the last look */
    int calls;
    char folder[32]; /* of the blobs */
};

struct rest_reply {
    int status;
    json_t *body;     /* NULL: none */
    char cookie[256]; /* set by the reply, as a Cookie header; "" none */
    char headers[8192], etag[96];
};

static struct rest rest;
static const char *rest_if_none_match = ""; /* sent with each call */
static const char *rest_address;            /* of the client; NULL: another one with each call */
/* What the last reply that is a file held; whole when the file had all that was announced. */
static struct buf rest_file;
static bool rest_file_whole;

static void rest_wake(void *reader)
{
    struct rest *r = reader;
    pthread_mutex_lock(&r->lock);
    r->mail = true;
    pthread_cond_signal(&r->woken);
    pthread_mutex_unlock(&r->lock);
}

static void rest_open(const struct http_route *const *tables)
{
    const char *why = "";
    ck_assert_int_eq(crypto_start(), ERR_OK);
    memset(&rest, 0, sizeof rest);
    rest.url = pg_test_database();
    clock_init_fake(&rest.clock, REST_NOW);
    pthread_mutex_init(&rest.lock, NULL);
    pthread_cond_init(&rest.woken, NULL);
    mailbox_init(&rest.mailbox, 100, rest_wake, &rest);
    rest.conn = db_connect(rest.url, &why);
    ck_assert_msg(rest.conn != NULL, "%s", why);
    snprintf(rest.folder, sizeof rest.folder, "/tmp/amphi-rest-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(rest.folder));
    struct db_config config = {.url = pg_application(rest.url),
                               .hot = 1,
                               .short_ = 1,
                               .long_ = 1,
                               .render = 2,
                               .busy_after_ms = 10000,
                               .statement_timeout_ms = 10000};
    rest.catalog = event_catalog_new(all_features);
    rest.app = (struct app){.features = all_features,
                            .clock = &rest.clock,
                            .db = db_new(&config),
                            .events = rest.catalog,
                            .blobs = blob_store_open(rest.folder, 1 << 20),
                            .secrets = &rest.secrets,
                            .sign_in_rates = rate_table_new(),
                            .base_url = REST_BASE};
    char key[64];
    snprintf(key, sizeof key, "%s/secret.key", rest.folder);
    ck_assert_int_eq(secrets_open(key, &rest.secrets), ERR_OK);
    ck_assert_ptr_nonnull(rest.app.blobs);
    struct http_hooks hooks = {.app = &rest.app,
                               .clock = &rest.clock,
                               .db = rest.app.db,
                               .check = grants_check,
                               .seen = grants_seen,
                               .token_hash = token_hash,
                               .tables = tables,
                               .default_rate = {.burst = 10000, .per_minute = 10000}};
    rest.server = http_server_new(&hooks, REST_BASE);
}

static void rest_close(void)
{
    char command[64];
    if (rest.app.jobs)
        jobs_stop(rest.app.jobs);
    db_free(rest.app.db);
    jobs_free(rest.app.jobs);
    mailbox_drain(&rest.mailbox);
    http_server_free(rest.server);
    rate_table_free(rest.app.sign_in_rates);
    buf_release(&rest_file);
    blob_store_close(rest.app.blobs);
    snprintf(command, sizeof command, "rm -rf %s", rest.folder);
    ck_assert_int_eq(system(command), 0);
    db_disconnect(rest.conn);
    event_catalog_free(rest.catalog);
    mailbox_release(&rest.mailbox);
}

static inline void rest_advance(int64_t seconds)
{
    clock_advance(&rest.clock, seconds * US_PER_S);
}

static void rest_done(struct http_wire *w)
{
    *(bool *)w->owner = true;
}

static void rest_read_file(const struct http_part *file)
{
    char bytes[8192];
    ssize_t n;
    while ((n = pread(file->fd, bytes, sizeof bytes, (off_t)(file->offset + rest_file.len))) > 0)
        buf_add(&rest_file, bytes, (size_t)n);
    rest_file_whole = rest_file.len == file->len;
}

/* Runs the jobs of these kinds (NULL-terminated), as the node `main`. */
static inline void rest_start_jobs(const struct job_kind *const *kinds)
{
    static const struct job_kind *const *tables[2];
    char sql[256], id[ID_TEXT_SIZE];
    rest.app.node = id_random();
    snprintf(sql, sizeof sql,
             "INSERT INTO node VALUES ('%s', 'main', to_timestamp(%lld), to_timestamp(%lld))",
             id_text(&rest.app.node, id), (long long)(REST_NOW / US_PER_S),
             (long long)(REST_NOW / US_PER_S));
    pg_sql(rest.url, sql);
    tables[0] = kinds;
    rest.app.jobs = jobs_new(&rest.app, &rest.clock, rest.app.db, &rest.app.node, tables);
    jobs_tick(rest.app.jobs);
}

/* Waits until sql says true. Time passes only by the ticks that are asked for. */
static inline void rest_until(const char *sql, bool ticks)
{
    for (int hundredths = 0; hundredths < 6000; hundredths++) {
        if (strcmp(pg_sql(rest.url, sql), "t") == 0)
            return;
        if (ticks) {
            rest_advance(1);
            jobs_tick(rest.app.jobs);
        }
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
    }
    ck_abort_msg("never true: %s", sql);
}

/* Waits for mail and delivers it. */
static void rest_deliver(void)
{
    struct timespec deadline;
    clock_gettime(CLOCK_REALTIME, &deadline);
    deadline.tv_sec += 30;
    pthread_mutex_lock(&rest.lock);
    while (!rest.mail)
        ck_assert_msg(pthread_cond_timedwait(&rest.woken, &rest.lock, &deadline) == 0,
                      "no reply within the deadline");
    rest.mail = false;
    pthread_mutex_unlock(&rest.lock);
    mailbox_drain(&rest.mailbox);
}

static void rest_wait(const bool *done)
{
    while (!*done)
        rest_deliver();
}

static void rest_read(struct http_wire *w, struct rest_reply *reply)
{
    reply->status = w->status;
    if (w->bytes && w->bytes->len)
        reply->body = json_parse((const char *)w->bytes->bytes, w->bytes->len);
    snprintf(reply->etag, sizeof reply->etag, "%s", w->etag);
    snprintf(reply->headers, sizeof reply->headers, "%s", w->headers.data ? w->headers.data : "");
    const char *set = strstr(reply->headers, HTTP_COOKIE "=");
    if (!set)
        set = strstr(reply->headers, HTTP_COOKIE_HCP "=");
    if (set)
        snprintf(reply->cookie, sizeof reply->cookie, "%.*s", (int)strcspn(set, ";"), set);
}

/* Takes body; path may hold one "?name=value". Each call comes from a network of its own, unless
 * rest_address is set. */
static struct rest_reply rest_call(const char *cookie, const char *method, const char *target,
                                   json_t *body)
{
    struct rest_reply reply = {0};
    char path[512], address[32];
    snprintf(path, sizeof path, "%s", target);
    char *query = strchr(path, '?');
    if (query)
        *query++ = '\0';
    int n = ++rest.calls;
    snprintf(address, sizeof address, "10.%d.%d.%d", n >> 8 & 255, n & 255, n >> 16 & 255);
    struct http_request request = {.method = method,
                                   .path = path,
                                   .address = rest_address ? rest_address : address,
                                   .host = "amphi.test",
                                   .content_type = body ? "application/json" : "",
                                   .cookie = cookie ? cookie : "",
                                   .x_amphi = "1",
                                   .if_none_match = rest_if_none_match,
                                   .args = (const char *const *)&query,
                                   .arg_count = query ? 1 : 0};
    struct route_hit hit;
    ck_assert_int_eq(router_find(http_server_router(rest.server), method, path, &hit), ROUTE_OK);
    struct http_wire *w = http_wire_new(rest.server, &hit, &request);
    bool done = false;
    w->mailbox = &rest.mailbox;
    w->on_done = rest_done;
    buf_release(&rest_file);
    buf_init(&rest_file, 1 << 24);
    rest_file_whole = false;
    w->owner = &done;
    if (body) {
        char *text = json_dumps(body, JSON_COMPACT);
        http_wire_body(w, text, strlen(text));
        json_decref(body);
    }
    ck_assert_int_eq(http_wire_submit(w), ERR_OK);
    rest_wait(&done);
    if (w->kind == REPLY_FILE)
        rest_read_file(&w->file);
    rest_read(w, &reply);
    http_wire_release(w);
    return reply;
}

/* The status of a call whose body does not matter. */
static inline int rest_status(const char *cookie, const char *method, const char *target,
                              json_t *body)
{
    struct rest_reply reply = rest_call(cookie, method, target, body);
    json_decref(reply.body);
    return reply.status;
}

/* The body of a call that must answer `status`; the caller's reference. */
static inline json_t *rest_body(const char *cookie, int status, const char *method,
                                const char *target, json_t *body)
{
    struct rest_reply reply = rest_call(cookie, method, target, body);
    char *text = json_dumps(reply.body, 0);
    ck_assert_msg(reply.status == status, "%s %s: %d %s", method, target, reply.status,
                  text ? text : "");
    free(text);
    return reply.body;
}

static inline const char *rest_text(const json_t *object, const char *field)
{
    const char *text = json_string_value(json_object_get(object, field));
    return text ? text : "";
}

/* The problem code of a call that must fail with `status`. */
static inline void rest_problem(const char *cookie, int status, const char *code,
                                const char *method, const char *target, json_t *body)
{
    json_t *problem = rest_body(cookie, status, method, target, body);
    ck_assert_str_eq(rest_text(problem, "code"), code);
    json_decref(problem);
}

/* A new organisation whose first organiser is signed in; the cookie lives as long as the test. */
static inline void rest_organisation(const char *name, const char *email, char cookie[256])
{
    char link[ACCOUNTS_LINK_SIZE];
    struct id organisation;
    struct accounts_first first = {.name = name,
                                   .contact_email = "contact@labo.test",
                                   .organiser_email = email,
                                   .organiser_name = "Olga Orga",
                                   .language = "fr",
                                   .base_url = REST_BASE};
    ck_assert_int_eq(accounts_create_organisation(rest.conn, &first, clock_now_us(&rest.clock),
                                                  link, &organisation),
                     ERR_OK);
    struct rest_reply reply = rest_call(NULL, "POST", "/api/sign-in/token",
                                        json_pack("{s:s}", "token", strchr(link, '#') + 1));
    ck_assert_int_eq(reply.status, 200);
    snprintf(cookie, 256, "%s", reply.cookie);
    json_decref(reply.body);
}

/* The token in the newest mail to an address, behind "/join#" for example; "" when there is none.
 */
static inline const char *rest_mailed_token(const char *to, const char *before)
{
    static char token[64];
    char sql[512];
    snprintf(sql, sizeof sql,
             "SELECT coalesce((SELECT substring(message->>'text' FROM '%s#([A-Za-z0-9_-]+)')"
             " FROM outbox WHERE to_address = '%s' ORDER BY created_at DESC, ctid DESC LIMIT 1),"
             " '')",
             before, to);
    snprintf(token, sizeof token, "%s", pg_sql(rest.url, sql));
    return token;
}

/* The main() of such a test: all of its forks share one cluster. */
#define REST_TESTS(name, ...)                                                                      \
    int main(void)                                                                                 \
    {                                                                                              \
        pg_setup();                                                                                \
        return run_tests(name, (const TTest *const[]){__VA_ARGS__, NULL});                         \
    }

#endif
