/* Requests to every route that takes one without a file: registration forms, personal links,
 * whatever organisers send, queries and path parameters, through the checks of http/ into the
 * handlers, over a real database. An input is four parts, a line each but the last: the method, the
 * target, who sends it
 * ('o' an organiser, 'h' an HCP, else nobody), the body. */
#include "base/clock.h"
#include "base/rate.h"
#include "blob/blob.h"
#include "crypto/crypto.h"
#include "crypto/secrets.h"
#include "db/db.h"
#include "db/query.h"
#include "feature_list.h"
#include "fuzz/fuzz.h"
#include "grants/grants.h"
#include "harness/audience.h"
#include "harness/pg.h"
#include "http/path.h"
#include "http/server.h"
#include "jobs/jobs.h"
#include <string.h>
#include <unistd.h>

#define BASE        "https://amphi.test"
#define FRESH_AFTER 5000 /* inputs until there is a new database */
#define HCP         1    /* registration */

static struct {
    const char *url;
    struct clock clock;
    struct app app;
    struct db_conn *conn;
    struct http_server *server;
    struct mailbox mailbox;
} site;

/* Instead of a worker: at once. Hashing a password takes too long to be tried often. */
static enum err run_here(struct db *db, enum db_pool pool, struct db_job *job)
{
    (void)db;
    if (pool == DB_PASSWORD)
        return ERR_BUSY;
    job->err = ERR_OK;
    job->run(job, site.conn);
    mailbox_post(job->reply_to, &job->done);
    return ERR_OK;
}

static bool read_token(const char *text, uint8_t hash[TOKEN_HASH_SIZE])
{
    memset(hash, text[0], TOKEN_HASH_SIZE);
    return text[0] == 'o' || text[0] == 'h';
}

/* Both are let in whatever became of them before. */
static enum err who_is(struct db_conn *db, const char *kind, struct grants_check *const *checks,
                       size_t n, int64_t now)
{
    enum err err = db_exec(db,
                           "WITH a AS (UPDATE account SET disabled_at = NULL"
                           "            WHERE disabled_at IS NOT NULL),"
                           " r AS (UPDATE registration SET state = 'registered',"
                           "   cancelled_at = NULL WHERE state = 'cancelled')"
                           " UPDATE sign_in SET revoked_at = NULL WHERE revoked_at IS NOT NULL",
                           "");
    return err == ERR_OK ? grants_check(db, kind, checks, n, now) : err;
}

static void begin_afresh(void)
{
    const char *why = "";
    db_disconnect(site.conn);
    site.url = pg_test_database();
    site.conn = db_connect(site.url, &why);
    MUST(site.conn);
    audience_make(site.url);
    pg_sql(site.url,
           "UPDATE session SET state = 'lobby', live_at = NULL,"
           " starts_at = '2027-01-01';"
           "INSERT INTO role_grant (organisation_id, account_id, role, granted_at)"
           " VALUES ('" AUDIENCE_ORG "', '" AUDIENCE_STAFF "', 'organiser', '2026-10-01');"
           "INSERT INTO consent_text VALUES ('" AUDIENCE_ORG
           "', 'participation', 1, 'Oui', 'Yes', '2026-10-01'), ('" AUDIENCE_ORG
           "', 'contact', 1, 'Oui', 'Yes', '2026-10-01')");
    audience_register(site.url, HCP, "10", "SM04", "SA07", "11", "45_54");
    pg_sql(site.url,
           "INSERT INTO sign_in (token_hash, organisation_id, account_id,"
           "  registration_id, created_at, seen_at, proved_at, expires_at)"
           " SELECT repeat('o', 32)::bytea, organisation_id, id, NULL::uuid,"
           "   timestamptz '2026-10-01', timestamptz '2030-01-01', timestamptz '2030-01-01',"
           "   timestamptz '2030-01-01'"
           "  FROM account"
           "  WHERE id = '" AUDIENCE_STAFF "'"
           " UNION ALL SELECT repeat('h', 32)::bytea, organisation_id, NULL, id,"
           "   '2026-10-01', NULL, NULL, '2030-01-01' FROM registration");
}

static void no_wake(void *reader)
{
    (void)reader;
}

static char folder[] = "/tmp/amphi-route-fuzz-XXXXXX";

/* Only files without a name come into it. */
static void remove_folder(void)
{
    char path[64];
    snprintf(path, sizeof path, "%s/tmp", folder);
    rmdir(path);
    rmdir(folder);
}

static void open_blobs(void)
{
    MUST(mkdtemp(folder));
    atexit(remove_folder);
    site.app.blobs = blob_store_open(folder, 0);
    MUST(site.app.blobs);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    static const struct http_route *tables[64]; /* the last one NULL */
    size_t n = 0;
    (void)argc, (void)argv;
    for (const struct feature *const *f = all_features; *f; f++)
        if ((*f)->routes) {
            MUST(n + 1 < sizeof tables / sizeof *tables);
            tables[n++] = (*f)->routes;
        }
    MUST(crypto_start() == ERR_OK);
    clock_init_fake(&site.clock, 1795293000 * US_PER_S);
    mailbox_init(&site.mailbox, 100, no_wake, NULL);
    open_blobs();
    site.app.clock = &site.clock;
    site.app.features = all_features;
    site.app.events = event_catalog_new(all_features);
    site.app.base_url = BASE;
    static const struct secrets secrets;
    site.app.secrets = &secrets;
    site.app.sign_in_rates = rate_table_new();
    struct http_hooks hooks = {.app = &site.app,
                               .clock = &site.clock,
                               .check = who_is,
                               .token_hash = read_token,
                               .submit = run_here,
                               .tables = tables};
    site.server = http_server_new(&hooks, BASE);
    begin_afresh();
    return 0;
}

static void on_done(struct http_wire *w)
{
    MUST(w->status >= 200 && w->status < 600 && w->status != 500);
    *(bool *)w->owner = true;
}

/* body is taken. */
static void call(const char *method, char *target, const char *who, char *body)
{
    char *query = strchr(target, '?'), cookie[96];
    if (query)
        *query++ = '\0';
    struct route_hit hit;
    struct router const *router = http_server_router(site.server);
    if (!path_valid(target, strlen(target)) ||
        router_find(router, method, target, &hit) != ROUTE_OK || hit.route->spool) {
        free(body);
        return;
    }
    snprintf(cookie, sizeof cookie, HTTP_COOKIE "=%.1s; " HTTP_COOKIE_HCP "=%.1s", *who ? who : "x",
             *who ? who + 1 : "x");
    struct http_request request = {.method = method,
                                   .path = target,
                                   .address = "192.0.2.1",
                                   .host = "amphi.test",
                                   .content_type = "application/json",
                                   .accept_language = "",
                                   .if_none_match = "",
                                   .idempotency_key = "",
                                   .cookie = cookie,
                                   .x_amphi = "1",
                                   .args = (const char *const *)&query,
                                   .arg_count = query ? 1 : 0};
    struct http_wire *w = http_wire_new(site.server, &hit, &request);
    bool done = false;
    w->mailbox = &site.mailbox;
    w->on_done = on_done;
    w->owner = &done;
    if (*body)
        http_wire_body(w, body, strlen(body));
    else
        free(body);
    if (http_wire_submit(w) == ERR_OK) {
        while (mailbox_drain(&site.mailbox)) /* an export is admitted first */
            ;
        MUST(done);
    }
    http_wire_release(w);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static unsigned inputs;
    if (++inputs % FRESH_AFTER == 0)
        begin_afresh();
    clock_advance(&site.clock, 60 * US_PER_S); /* fills the buckets of the rates */
    char *text = malloc(size + 1), *rest = text;
    MUST(text);
    memcpy(text, data, size);
    text[size] = '\0';
    const char *method = strsep(&rest, "\n");
    char *target = rest ? strsep(&rest, "\n") : NULL;
    const char *who = rest ? strsep(&rest, "\n") : NULL;
    if (target && who)
        call(method, target, who, strdup(rest ? rest : ""));
    free(text);
    return 0;
}
