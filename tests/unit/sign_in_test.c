/* With which of a browser's two sign-ins a request is made, and for whom. */
#include "base/mem.h"
#include "http/server.h"
#include "unit/run.h"
#include <stdio.h>
#include <string.h>

#define STAFF_COOKIE "__Host-amphi="
#define HCP_COOKIE   "__Host-amphi-hcp="
#define OLGA         "10000000-0000-4000-8000-000000000000" /* of staff */
#define ANNE         "20000000-0000-4000-8000-000000000000" /* an HCP */
#define BRUNO        "30000000-0000-4000-8000-000000000000"

static struct {
    struct clock clock;
    struct http_server *server;
    struct id asked_by, seen;
    enum side side;
    bool beside;
    char headers[400];
} at;

/* "1", "2", "3": of Olga, Anne, Bruno; "0": good no more. */
static bool hash_of(const char *text, uint8_t hash[TOKEN_HASH_SIZE])
{
    memset(hash, 0, TOKEN_HASH_SIZE);
    hash[0] = (uint8_t)text[0];
    return text[0] >= '0' && text[0] <= '3';
}

static enum err check(struct db_conn *db, const char *kind, struct grants_check *const *checks,
                      size_t n, int64_t now)
{
    (void)db, (void)now;
    for (size_t i = 0; i < n; i++) {
        const char *const people[] = {OLGA, ANNE, BRUNO};
        int who = checks[i]->token[0] - '0';
        checks[i]->err = ERR_UNAUTHENTICATED;
        if (!who)
            continue;
        ck_assert(id_parse(people[who - 1], &checks[i]->who.person));
        checks[i]->who.sign_in = checks[i]->who.person;
        checks[i]->who.roles = checks[i]->inside = who == 1 ? ROLE_ORGANISER : ROLE_HCP;
        checks[i]->unseen = who == 1;
        checks[i]->err = kind && who == 1 ? ERR_NOT_FOUND : ERR_OK; /* things are the HCPs' */
        checks[i]->name = mem_strdup("Somebody");
    }
    return ERR_OK;
}

static enum err seen(struct db_conn *db, const struct id *sign_in, int64_t now)
{
    (void)db, (void)now;
    at.seen = *sign_in;
    return ERR_OK;
}

static enum err submit(struct db *db, enum db_pool pool, struct db_job *job)
{
    (void)db, (void)pool;
    job->run(job, NULL);
    job->done.deliver(&job->done);
    return ERR_OK;
}

static void handle(struct http_exchange *x)
{
    at.asked_by = x->who.person;
    at.side = x->side;
    at.beside = x->beside;
    if (identity_known(&x->who))
        http_clear_sign_in(x);
    http_reply_empty(x, 204);
}

static void on_done(struct http_wire *w)
{
    (void)w;
}

static const struct http_route routes[] = {
    {.method = "GET", .pattern = "/anybody", .handle = handle},
    {.method = "GET", .pattern = "/staff", .roles = ROLE_STAFF, .handle = handle},
    {.method = "GET", .pattern = "/hcp", .roles = ROLE_HCP, .handle = handle},
    {.method = "GET", .pattern = "/both", .roles = ROLE_ANY, .handle = handle},
    {.method = "GET",
     .pattern = "/thing/{session}",
     .roles = ROLE_ANY,
     .thing = "session",
     .handle = handle},
    {0}};

static void open_server(void)
{
    static const struct http_route *const tables[] = {routes, NULL};
    clock_init_fake(&at.clock, 1795293000000000);
    at.server =
        http_server_new(&(struct http_hooks){.clock = &at.clock,
                                             .check = check,
                                             .seen = seen,
                                             .token_hash = hash_of,
                                             .submit = submit,
                                             .tables = tables,
                                             .default_rate = {.burst = 1000, .per_minute = 1000}},
                        "https://amphi.test");
}

/* path may end with ?person=…. */
static int get(const char *path, const char *cookie, const char *person)
{
    char plain[100];
    const char *arg = strchr(path, '?');
    snprintf(plain, sizeof plain, "%.*s", (int)strcspn(path, "?"), path);
    if (arg)
        arg++;
    struct http_request request = {.method = "GET",
                                   .path = plain,
                                   .address = "192.0.2.1",
                                   .host = "amphi.test",
                                   .cookie = cookie,
                                   .person = person,
                                   .x_amphi = "",
                                   .args = &arg,
                                   .arg_count = arg != NULL};
    struct route_hit hit;
    ck_assert_int_eq(router_find(http_server_router(at.server), "GET", plain, &hit), ROUTE_OK);
    struct http_wire *w = http_wire_new(at.server, &hit, &request);
    memset(&at.asked_by, 0, sizeof at.asked_by);
    memset(&at.seen, 0, sizeof at.seen);
    w->on_done = on_done;
    ck_assert_int_eq(http_wire_submit(w), ERR_OK);
    snprintf(at.headers, sizeof at.headers, "%s", w->headers.data ? w->headers.data : "");
    int status = w->status;
    http_wire_release(w);
    return status;
}

static bool is(const struct id *id, const char *text)
{
    struct id want;
    return id_parse(text, &want) && id_equal(id, &want);
}

#define BOTH STAFF_COOKIE "1; " HCP_COOKIE "2"

START_TEST(a_route_takes_the_sign_in_that_may)
{
    open_server();
    ck_assert_int_eq(get("/staff", BOTH, ""), 204);
    ck_assert(is(&at.asked_by, OLGA));
    ck_assert_int_eq(get("/hcp", BOTH, ""), 204);
    ck_assert(is(&at.asked_by, ANNE));
    ck_assert_int_eq(get("/both", BOTH, ""), 204);
    ck_assert(is(&at.asked_by, OLGA));
    ck_assert_int_eq(get("/thing/" BRUNO, BOTH, ""), 204); /* which is out of Olga's reach */
    ck_assert(is(&at.asked_by, ANNE));
    ck_assert_int_eq(get("/thing/" BRUNO, STAFF_COOKIE "1", ""), 404);
    ck_assert_int_eq(get("/staff", HCP_COOKIE "2", ""), 403);
    ck_assert_int_eq(get("/hcp", STAFF_COOKIE "1; " HCP_COOKIE "0", ""), 403);
    ck_assert_int_eq(get("/hcp", STAFF_COOKIE "0; " HCP_COOKIE "0", ""), 401);
    http_server_free(at.server);
}
END_TEST

START_TEST(a_page_that_says_for_whom_it_acts_gets_that_person_or_nobody)
{
    static const struct {
        const char *path, *cookie, *person;
        int status;
    } cases[] = {{"/both", BOTH, ANNE, 204},
                 {"/both", BOTH, OLGA, 204},
                 {"/both?person=" ANNE, BOTH, "", 204},
                 {"/both?person=" OLGA, BOTH, ANNE, 204}, /* the header says it */
                 {"/both", BOTH, BRUNO, 409},
                 {"/both?person=" BRUNO, BOTH, "", 409},
                 {"/hcp", HCP_COOKIE "3", ANNE, 409},
                 {"/staff", BOTH, ANNE, 403}, /* though Olga may */
                 {"/hcp", BOTH, OLGA, 403},
                 {"/hcp", HCP_COOKIE "0", ANNE, 401},
                 {"/hcp", "", ANNE, 401},
                 {"/thing/" BRUNO, BOTH, OLGA, 404},
                 {"/hcp", BOTH, "Anne", 400},
                 {"/anybody", BOTH, BRUNO, 204}};
    open_server();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ck_assert_int_eq(get(cases[i].path, cases[i].cookie, cases[i].person), cases[i].status);
        bool names = cases[i].status == 204 && strcmp(cases[i].path, "/anybody") != 0;
        ck_assert(!names || is(&at.asked_by, cases[i].person[0] ? cases[i].person : ANNE));
    }
    http_server_free(at.server);
}
END_TEST

/* From when there was one cookie: whose a sign-in is, its cookie does not say. */
START_TEST(a_new_sign_in_of_an_hcp_counts_before_an_old_one)
{
    open_server();
    ck_assert_int_eq(get("/hcp", STAFF_COOKIE "2", ""), 204);
    ck_assert(is(&at.asked_by, ANNE));
    ck_assert_int_eq(get("/hcp", STAFF_COOKIE "2; " HCP_COOKIE "3", ""), 204);
    ck_assert(is(&at.asked_by, BRUNO));
    http_server_free(at.server);
}
END_TEST

START_TEST(the_cookie_that_is_cleared_is_the_one_that_was_used)
{
    open_server();
    ck_assert_int_eq(get("/hcp", BOTH, ""), 204);
    ck_assert(at.side == SIDE_HCP && at.beside);
    ck_assert(strstr(at.headers, HCP_COOKIE ";") && !strstr(at.headers, STAFF_COOKIE ";"));
    ck_assert_int_eq(get("/hcp", STAFF_COOKIE "2; " HCP_COOKIE "0", ""), 204);
    ck_assert(at.side == SIDE_STAFF && !at.beside);
    ck_assert(strstr(at.headers, STAFF_COOKIE ";") && !strstr(at.headers, HCP_COOKIE ";"));
    http_server_free(at.server);
}
END_TEST

START_TEST(what_an_hcp_s_page_fetches_does_not_keep_staff_signed_in)
{
    open_server();
    ck_assert_int_eq(get("/both", BOTH, ""), 204);
    ck_assert(!is(&at.seen, OLGA));
    ck_assert_int_eq(get("/both", BOTH, OLGA), 204);
    ck_assert(is(&at.seen, OLGA));
    ck_assert_int_eq(get("/both", STAFF_COOKIE "1", ""), 204);
    ck_assert(is(&at.seen, OLGA));
    http_server_free(at.server);
}
END_TEST

RUN_TESTS("sign_in", a_route_takes_the_sign_in_that_may,
          a_page_that_says_for_whom_it_acts_gets_that_person_or_nobody,
          a_new_sign_in_of_an_hcp_counts_before_an_old_one,
          the_cookie_that_is_cleared_is_the_one_that_was_used,
          what_an_hcp_s_page_fetches_does_not_keep_staff_signed_in)
