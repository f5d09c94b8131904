/* What the loop decides before a worker or the database hears of a request. */
#include "base/mem.h"
#include "http/server.h"
#include "unit/run.h"
#include <string.h>

#define COOKIE     "__Host-amphi="
#define COOKIE_HCP "__Host-amphi-hcp="

static struct {
    struct clock clock;
    struct http_server *server;
    int submitted, looked_up;
    bool done;
} at;

/* Of "g…": a good one. The hash is the text. */
static bool hash_of(const char *text, uint8_t hash[TOKEN_HASH_SIZE])
{
    memset(hash, 0, TOKEN_HASH_SIZE);
    memcpy(hash, text, strlen(text) < TOKEN_HASH_SIZE ? strlen(text) : TOKEN_HASH_SIZE);
    return text[0] != '!';
}

static enum err check(struct db_conn *db, const char *kind, struct grants_check *const *checks,
                      size_t n, int64_t now)
{
    (void)db, (void)kind, (void)now;
    at.looked_up++;
    for (size_t i = 0; i < n; i++) {
        bool good = checks[i]->token[0] == 'g';
        checks[i]->err = good ? ERR_OK : ERR_UNAUTHENTICATED;
        checks[i]->who.roles = good ? ROLE_HOST : 0;
        memcpy(&checks[i]->who.person, checks[i]->token + 1, good); /* by the second character */
    }
    return ERR_OK;
}

static enum err submit(struct db *db, enum db_pool pool, struct db_job *job)
{
    (void)db, (void)pool;
    at.submitted++;
    job->run(job, NULL);
    job->done.deliver(&job->done);
    return ERR_OK;
}

static void handle(struct http_exchange *x)
{
    http_reply_empty(x, 204);
}

static bool only_json(struct http_exchange *x)
{
    if (strcmp(x->content_type, "application/json") == 0)
        return true;
    http_problem(x, 415, "request.content_type", NULL);
    return false;
}

/* The secret is the content type: "gA" is good, and A's; "once" can be used only once. */
static void handle_secret(struct http_exchange *x)
{
    struct id holder = {0};
    memcpy(&holder, x->content_type, 2);
    bool once = strcmp(x->content_type, "once") == 0;
    if (x->content_type[0] != 'g' && !once)
        http_reply_empty(x, 410);
    else if (http_vouch(x, once ? NULL : &holder))
        http_reply_empty(x, 204);
}

/* "h…" shows whose it is. */
static bool by_content_type(struct http_exchange *x, struct id *out)
{
    *out = (struct id){0};
    memcpy(out, x->content_type, 2);
    return x->content_type[0] == 'h';
}

static void on_done(struct http_wire *w)
{
    (void)w;
    at.done = true;
}

static const struct http_route routes[] = {
    {.method = "GET", .pattern = "/a", .handle = handle},
    {.method = "GET", .pattern = "/gated", .handle = handle, .gate = only_json},
    {.method = "GET", .pattern = "/secret", .handle = handle_secret},
    {.method = "GET", .pattern = "/held", .handle = handle, .holder = by_content_type},
    {0}};

static void open_server(int burst)
{
    static const struct http_route *const tables[] = {routes, NULL};
    clock_init_fake(&at.clock, 1795293000000000);
    at.submitted = at.looked_up = 0;
    at.server = http_server_new(&(struct http_hooks){.clock = &at.clock,
                                                     .check = check,
                                                     .token_hash = hash_of,
                                                     .submit = submit,
                                                     .tables = tables,
                                                     .default_rate = {burst, 1}},
                                "https://amphi.test");
}

static int ask(const struct http_request *request)
{
    struct route_hit hit;
    const char *path = request->path;
    ck_assert_int_eq(router_find(http_server_router(at.server), "GET", path, &hit), ROUTE_OK);
    struct http_wire *w = http_wire_new(at.server, &hit, request);
    at.done = false;
    w->on_done = on_done;
    ck_assert_int_eq(http_wire_submit(w), ERR_OK);
    ck_assert(at.done);
    int status = w->status;
    http_wire_release(w);
    return status;
}

static int get(const char *path, const char *address, const char *cookie)
{
    return ask(&(struct http_request){.method = "GET",
                                      .path = path,
                                      .address = address,
                                      .host = "amphi.test",
                                      .cookie = cookie,
                                      .x_amphi = ""});
}

static int with_type(const char *path, const char *secret, const char *cookie)
{
    return ask(&(struct http_request){.method = "GET",
                                      .path = path,
                                      .address = "192.0.2.1",
                                      .host = "amphi.test",
                                      .cookie = cookie,
                                      .content_type = secret,
                                      .x_amphi = ""});
}

static int with_secret(const char *secret, const char *cookie)
{
    return with_type("/secret", secret, cookie);
}

START_TEST(who_asks_too_often_is_refused_before_any_worker)
{
    open_server(3);
    for (int i = 0; i < 10; i++)
        ck_assert_int_eq(get("/a", "192.0.2.1", ""), i < 3 ? 204 : 429);
    ck_assert_int_eq(at.submitted, 3);
    ck_assert_int_eq(get("/a", "192.0.2.2", ""), 204);
    http_server_free(at.server);
}
END_TEST

START_TEST(made_up_cookies_do_not_reach_the_database_for_ever)
{
    char cookie[40];
    open_server(3);
    for (int i = 0; i < 10; i++) {
        snprintf(cookie, sizeof cookie, COOKIE "x%d", i);
        ck_assert_int_eq(get("/a", "192.0.2.1", cookie), i < 3 ? 204 : 429);
    }
    ck_assert_int_eq(at.looked_up, 3);
    http_server_free(at.server);
}
END_TEST

START_TEST(a_person_has_a_bucket_wherever_they_are)
{
    open_server(3);
    const char *addresses[] = {"192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4"};
    for (int i = 0; i < 4; i++)
        ck_assert_int_eq(get("/a", addresses[i], COOKIE "gA"), i < 3 ? 204 : 429);
    ck_assert_int_eq(get("/a", addresses[0], COOKIE "gAnother"), 429); /* the same person */
    http_server_free(at.server);
}
END_TEST

START_TEST(good_cookies_do_not_spend_what_their_address_has)
{
    char cookie[40];
    open_server(3);
    for (char who = 'A'; who < 'Z'; who++) { /* a whole hospital behind one address */
        snprintf(cookie, sizeof cookie, COOKIE "g%c", who);
        ck_assert_int_eq(get("/a", "192.0.2.1", cookie), 204);
    }
    for (int i = 0; i < 4; i++) /* and somebody there who is not signed in takes nothing from it */
        ck_assert_int_eq(get("/a", "192.0.2.1", ""), i < 3 ? 204 : 429);
    ck_assert_int_eq(get("/a", "192.0.2.1", COOKIE "g1"), 204);
    http_server_free(at.server);
}
END_TEST

/* Somebody of staff whose sign-in ended long ago, who is an HCP now. */
START_TEST(a_browser_is_known_by_either_of_its_sign_ins)
{
    char cookies[80];
    open_server(3);
    ck_assert_int_eq(get("/a", "192.0.2.1", COOKIE "xA; " COOKIE_HCP "gA"), 204);
    for (int i = 0; i < 3; i++)
        ck_assert_int_eq(get("/a", "192.0.2.1", COOKIE "x"), 204); /* the address has no more */
    for (int i = 0; i < 5; i++) {
        snprintf(cookies, sizeof cookies, COOKIE "x%d; " COOKIE_HCP "gA", i);
        ck_assert_int_eq(get("/a", "192.0.2.1", cookies), i < 2 ? 204 : 429);
    }
    ck_assert_int_eq(at.looked_up, 1 + 3 + 2);
    http_server_free(at.server);
}
END_TEST

START_TEST(a_gate_refuses_on_the_loop)
{
    open_server(3);
    ck_assert_int_eq(get("/gated", "192.0.2.1", ""), 415);
    ck_assert_int_eq(at.submitted, 0);
    http_server_free(at.server);
}
END_TEST

START_TEST(a_request_that_shows_its_holder_takes_from_theirs)
{
    open_server(3);
    for (int i = 0; i < 5; i++)
        ck_assert_int_eq(with_type("/held", "nobody", ""), i < 3 ? 204 : 429);
    for (int i = 0; i < 5; i++) /* the address has none left */
        ck_assert_int_eq(with_type("/held", "hA", COOKIE "x1"), i < 3 ? 204 : 429);
    ck_assert_int_eq(with_type("/held", "hB", ""), 204);
    http_server_free(at.server);
}
END_TEST

START_TEST(a_cookie_that_is_there_twice_is_refused)
{
    open_server(3);
    ck_assert_int_eq(get("/a", "192.0.2.1", COOKIE "gA; " COOKIE "gB"), 400);
    ck_assert_int_eq(get("/a", "192.0.2.1", COOKIE_HCP "gA; " COOKIE_HCP "gB"), 400);
    ck_assert_int_eq(at.submitted, 0);
    http_server_free(at.server);
}
END_TEST

START_TEST(good_secrets_do_not_spend_what_their_address_has)
{
    char secret[3] = "g";
    open_server(3);
    for (char who = 'A'; who < 'Z'; who++) {
        secret[1] = who;
        ck_assert_int_eq(with_secret(secret, ""), 204);
        ck_assert_int_eq(with_secret("once", ""), 204);
        ck_assert_int_eq(with_secret(secret, COOKIE "x1"), 204); /* beside a cookie that is old */
    }
    for (int i = 0; i < 5; i++) /* whoever guesses there has no more tries for it */
        ck_assert_int_eq(with_secret("wrong", ""), i < 3 ? 410 : 429);
    ck_assert_int_eq(with_secret("gA", ""), 429); /* they are not known before the look-up */
    http_server_free(at.server);
}
END_TEST

START_TEST(one_good_secret_is_no_free_pass)
{
    open_server(3);
    for (int i = 0; i < 6;
         i++) /* its holder's share, then refused without touching the address's */
        ck_assert_int_eq(with_secret("gA", ""), i < 3 ? 204 : 429);
    for (int i = 0; i < 4; i++) {
        with_secret("gA", "");
        ck_assert_int_eq(with_secret("wrong", ""), i < 3 ? 410 : 429);
    }
    http_server_free(at.server);
}
END_TEST

RUN_TESTS("limits", who_asks_too_often_is_refused_before_any_worker,
          made_up_cookies_do_not_reach_the_database_for_ever,
          a_person_has_a_bucket_wherever_they_are, good_cookies_do_not_spend_what_their_address_has,
          good_secrets_do_not_spend_what_their_address_has, one_good_secret_is_no_free_pass,
          a_browser_is_known_by_either_of_its_sign_ins, a_gate_refuses_on_the_loop,
          a_request_that_shows_its_holder_takes_from_theirs,
          a_cookie_that_is_there_twice_is_refused)
