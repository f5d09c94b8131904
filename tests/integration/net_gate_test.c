/* Requests that net/gate.c refuses before libwebsockets has them: those that two readers may take
 * for two different ones (RFC 9112). */
#include "integration/net_ways.h"

static atomic_int served;

static void handle_echo(struct http_exchange *x)
{
    served++;
    http_reply_json(x, 200, json_pack("{s:I}", "bytes", (json_int_t)x->body_len));
}

static const struct http_route routes[] = {
    {.method = "POST", .pattern = "/api/echo", .handle = handle_echo},
    {.method = "GET", .pattern = "/api/echo", .handle = handle_echo},
    {.method = NULL}};
static const struct http_route *const tables[] = {routes, NULL};

static void serve(void)
{
    test_tables = tables;
    served = 0;
    start();
}

#define HEAD     "POST /api/echo HTTP/1.1\r\nHost: localhost:PORT\r\nX-Amphi: 1\r\n"
#define BODY     "Content-Type: application/json\r\n"
#define GOOD     HEAD BODY "Content-Length: 2\r\n\r\n{}"
#define SMUGGLED "GET /api/echo HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n"

struct odd {
    const char *what, *bytes;
    size_t len; /* 0: up to its NUL */
};

static const struct odd refused[] = {
    {"a blank before the colon", HEAD BODY "Transfer-Encoding : chunked\r\n\r\n" SMUGGLED, 0},
    {"a tab before the colon", HEAD BODY "Content-Length\t: 2\r\n\r\n{}", 0},
    {"a NUL in the length", HEAD BODY "Content-Length: 2\0\r\n\r\n{}",
     sizeof HEAD BODY "Content-Length: 2\0\r\n\r\n{}" - 1},
    {"a NUL in a name", HEAD BODY "Content-Length\0: 2\r\n\r\n{}",
     sizeof HEAD BODY "Content-Length\0: 2\r\n\r\n{}" - 1},
    {"lines that end in LF", "GET /api/echo HTTP/1.1\nHost: localhost:PORT\n\n", 0},
    {"one line that ends in LF",
     HEAD BODY "X-A: b\nTransfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n{}", 0},
    {"an empty line that ends in LF", HEAD BODY "Content-Length: 2\r\n\n{}", 0},
    {"CR without LF", HEAD BODY "X-A: b\rContent-Length: 2\r\n\r\n{}", 0},
    {"a folded line", HEAD BODY "X-A: b\r\n c\r\nContent-Length: 2\r\n\r\n{}", 0},
    {"a folded length", HEAD BODY "Content-Length:\r\n 2\r\n\r\n{}", 0},
    {"two lengths", HEAD BODY "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}", 0},
    {"two lengths that differ", HEAD BODY "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}", 0},
    {"chunks with a length",
     HEAD BODY "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 0},
    {"a length with chunks",
     HEAD BODY "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n0\r\n\r\n", 0},
    {"a blank in a name", HEAD BODY "Content Length: 2\r\n\r\n{}", 0},
    {"a line without a colon", HEAD BODY "nothing\r\nContent-Length: 2\r\n\r\n{}", 0},
    {"a control character in a value", HEAD BODY "X-A: b\vc\r\nContent-Length: 2\r\n\r\n{}", 0},
};

/* PORT is the server's. */
static size_t fill(const struct odd *odd, char *out)
{
    size_t len = odd->len ? odd->len : strlen(odd->bytes), used = 0;
    for (size_t i = 0; i < len;) {
        if (len - i >= 4 && memcmp(odd->bytes + i, "PORT", 4) == 0) {
            used += (size_t)sprintf(out + used, "%d", server.port);
            i += 4;
        } else {
            out[used++] = odd->bytes[i++];
        }
    }
    return used;
}

static int status_of(const struct odd *odd, bool after_another, bool slowly)
{
    struct peer c;
    struct answer a;
    char text[2048];
    open_peer(&c);
    if (after_another) {
        peer_send(&c, text, fill(&(struct odd){"", GOOD, 0}, text));
        peer_answer(&c, &a);
        ck_assert_int_eq(a.status, 200);
        answer_free(&a);
        served--;
    }
    send_as(&c, text, fill(odd, text), slowly);
    peer_answer(&c, &a);
    int status = a.status;
    answer_free(&a);
    if (status != 200)
        ck_assert_msg(peer_ends(&c, 5000), "%s: the connection stays", odd->what);
    peer_close(&c);
    return status;
}

START_TEST(what_two_readers_take_for_two_requests_is_refused)
{
    serve();
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        for (int way = 0; way < 4; way++) {
            int status = status_of(&refused[i], way & 1, way & 2);
            ck_assert_msg(status == 400, "%s: %d", refused[i].what, status);
        }
    ck_assert_int_eq(served, 0);
    server_stop();
}
END_TEST

/* The body of the first one is a request of its own to whoever misses its length. */
START_TEST(a_length_that_lws_misses_hides_no_request)
{
    static const char *const names[] = {"X", "X-A", "T", "Con", "Content-", "Sec-", "A"};
    serve();
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        for (int way = 0; way < 4; way++) {
            char text[512];
            snprintf(text, sizeof text,
                     "GET /api/nowhere HTTP/1.1\r\nHost: localhost:PORT\r\n%s: 1\r\n"
                     "Content-Length: %zu\r\n\r\n" SMUGGLED,
                     names[i], strlen(SMUGGLED) + 1);
            int status = status_of(&(struct odd){names[i], text, 0}, way & 1, way & 2);
            ck_assert_msg(status == 400, "%s: %d", names[i], status);
        }
    ck_assert_int_eq(served, 0);
    server_stop();
}
END_TEST

/* After these the gate no longer looks at what follows, since lws is to refuse them: it has to. */
START_TEST(nothing_is_served_that_ends_the_looking)
{
    static const struct odd odds[] = {
        {"an upgrade that lws misses",
         "GET /api/echo HTTP/1.1\r\nHost: localhost:PORT\r\nX: 1\r\n"
         "Upgrade: websocket\r\n\r\n" SMUGGLED,
         0},
        {"an upgrade to something else, missed",
         HEAD BODY "X: 1\r\nUpgrade: h3\r\n"
                   "Content-Length: 2\r\n\r\n{}" SMUGGLED,
         0},
        {"the first of two lengths is missed",
         HEAD BODY "X: 1\r\nContent-Length: 9\r\nContent-Length: 2\r\n\r\n{}" SMUGGLED, 0},
        {"chunks that lws misses", HEAD BODY "X: 1\r\nTransfer-Encoding: chunked\r\n\r\n" SMUGGLED,
         0},
    };
    serve();
    for (size_t i = 0; i < sizeof odds / sizeof *odds; i++)
        for (int way = 0; way < 4; way++) {
            int status = status_of(&odds[i], way & 1, way & 2);
            ck_assert_msg(status >= 400, "%s: %d", odds[i].what, status);
        }
    ck_assert_int_eq(served, 0);
    server_stop();
}
END_TEST

START_TEST(what_is_well_formed_is_served)
{
    static const struct odd good[] = {
        {"plain", GOOD, 0},
        {"no blank after the colon", HEAD BODY "Content-Length:2\r\n\r\n{}", 0},
        {"blanks around the value", HEAD BODY "Content-Length:   2\r\n\r\n{}", 0},
        {"text that is not ASCII", HEAD BODY "X-Accent: caf\xc3\xa9\r\nContent-Length: 2\r\n\r\n{}",
         0},
        {"an empty value", HEAD BODY "X-Accent:\r\nContent-Length: 2\r\n\r\n{}", 0},
    };
    serve();
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        for (int way = 0; way < 4; way++) {
            int status = status_of(&good[i], way & 1, way & 2);
            ck_assert_msg(status == 200, "%s: %d", good[i].what, status);
        }
    server_stop();
}
END_TEST

static void add_tests(TCase *t)
{
    tcase_add_test(t, what_two_readers_take_for_two_requests_is_refused);
    tcase_add_test(t, a_length_that_lws_misses_hides_no_request);
    tcase_add_test(t, nothing_is_served_that_ends_the_looking);
    tcase_add_test(t, what_is_well_formed_is_served);
}

int main(void)
{
    return run_ways("net_gate", add_tests);
}
