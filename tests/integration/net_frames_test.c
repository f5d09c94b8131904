/* Websockets and frames that net/gate.c refuses before libwebsockets has them (RFC 6455). */
#include "integration/net_ways.h"

#define PROTOCOL "Sec-WebSocket-Protocol: amphi.2\r\nCookie: __Host-amphi=" TEST_TOKEN "\r\n"
#define MEDIA    "Sec-WebSocket-Protocol: amphi-media.1\r\n"

START_TEST(a_key_is_sixteen_bytes)
{
    static const struct {
        const char *key;
        int status;
    } keys[] = {{"dGhlIHNhbXBsZSBub25jZQ==", 101}, {"", 400},
                {"dGhlIHNhbXBsZQ==", 400},         {"dGhlIHNhbXBsZSBub25jZSBpcyBsb25n", 400},
                {"dGhlIHNhbXBsZSBub25jZQ=", 400},  {"!!!!!!!!!!!!!!!!!!!!!!==", 400},
                {"dGhlIHNhbXBsZSBub25jZR==", 400}, {"dGhlIHNhbXBsZSBub25j ZQ==", 400}};
    start();
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        struct peer c;
        struct answer a;
        char text[1024];
        open_peer(&c);
        int n = snprintf(text, sizeof text,
                         "GET /live HTTP/1.1\r\nHost: localhost:%d\r\nOrigin: %s\r\n"
                         "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                         "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: %s\r\n" PROTOCOL "\r\n",
                         server.port, server_origin(), keys[i].key);
        peer_send(&c, text, (size_t)n);
        peer_answer(&c, &a);
        ck_assert_msg(a.status == keys[i].status, "%s: %d", keys[i].key, a.status);
        answer_free(&a);
        peer_close(&c);
    }
    server_stop();
}
END_TEST

struct frames {
    const char *what, *bytes;
    size_t len;
    int code;
};

/* With a mask of zeros, unless they are without. */
#define M "\0\0\0\0"
#define FRAMES(what, bytes, code)                                                                  \
    {                                                                                              \
        what, bytes, sizeof bytes - 1, code                                                        \
    }
static const struct frames broken[] = {
    FRAMES("an unmasked text", "\x81\x02hi", 1002),
    FRAMES("an unmasked close", "\x88\x02\x03\xe8", 1002),
    FRAMES("an unmasked ping", "\x89\x00", 1002),
    FRAMES("a length of 16 bits that fits 7", "\x81\xfe\x00\x02" M "hi", 1002),
    FRAMES("a length of 64 bits that fits 7", "\x81\xff\0\0\0\0\0\0\0\x02" M "hi", 1002),
    FRAMES("a length of 64 bits that fits 16", "\x81\xff\0\0\0\0\0\0\x01\x00" M, 1002),
    FRAMES("a length of more than 63 bits", "\x81\xff\x80\0\0\0\0\0\0\x02" M "hi", 1002),
    FRAMES("reserved bit 1", "\xc1\x82" M "hi", 1002),
    FRAMES("reserved bit 2", "\xa1\x82" M "hi", 1002),
    FRAMES("reserved bit 3", "\x91\x82" M "hi", 1002),
    FRAMES("opcode 3", "\x83\x80" M, 1002),
    FRAMES("opcode 7", "\x87\x80" M, 1002),
    FRAMES("opcode 11", "\x8b\x80" M, 1002),
    FRAMES("opcode 15", "\x8f\x80" M, 1002),
    FRAMES("a ping in fragments", "\x09\x81" M "a\x80\x81" M "b", 1002),
    FRAMES("a close in fragments", "\x08\x82" M "\x03\xe8", 1002),
    FRAMES("a ping that is too long", "\x89\xfe\x00\x7e" M, 1002),
    FRAMES("a fragment of nothing", "\x80\x82" M "hi", 1002),
    FRAMES("a text within another", "\x01\x82" M "hi\x81\x82" M "ho", 1002),
    FRAMES("a close of one byte", "\x88\x81" M "\x03", 1002),
    FRAMES("code 0", "\x88\x82" M "\x00\x00", 1002),
    FRAMES("code 999", "\x88\x82" M "\x03\xe7", 1002),
    FRAMES("code 1005", "\x88\x82" M "\x03\xed", 1002),
    FRAMES("code 1006", "\x88\x82" M "\x03\xee", 1002),
    FRAMES("code 1015", "\x88\x82" M "\x03\xf7", 1002),
    FRAMES("code 2999", "\x88\x82" M "\x0b\xb7", 1002),
    FRAMES("code 5000", "\x88\x82" M "\x13\x88", 1002),
    FRAMES("code 65535", "\x88\x82" M "\xff\xff", 1002),
    FRAMES("a reason that is not UTF-8", "\x88\x84" M "\x03\xe8\xff\xfe", 1007),
    FRAMES("half a character as the reason", "\x88\x84" M "\x03\xe8\xc3(", 1007),
    FRAMES("a text that is not UTF-8", "\x81\x82" M "\xff\xfe", 1007),
    FRAMES("a surrogate in a text", "\x81\x83" M "\xed\xa0\x80", 1007),
    FRAMES("half a character at the end", "\x81\x81" M "\xc3", 1007),
};
/* What is allowed: a close is answered by itself. */
static const struct frames allowed[] = {
    FRAMES("code 1000", "\x88\x82" M "\x03\xe8", 1000),
    FRAMES("code 1000 and a reason", "\x88\x84" M "\x03\xe8\xc3\xa9", 1000),
    FRAMES("code 1003", "\x88\x82" M "\x03\xeb", 1003),
    FRAMES("code 1007", "\x88\x82" M "\x03\xef", 1007),
    FRAMES("code 1011", "\x88\x82" M "\x03\xf3", 1011),
    FRAMES("code 1012", "\x88\x82" M "\x03\xf4", 1012),
    FRAMES("code 1013 and a reason", "\x88\x84" M "\x03\xf5ok", 1013),
    FRAMES("code 1014", "\x88\x82" M "\x03\xf6", 1014),
    FRAMES("code 3000", "\x88\x82" M "\x0b\xb8", 3000),
    FRAMES("code 4999", "\x88\x82" M "\x13\x87", 4999),
    FRAMES("an empty fragment, a pong, a close",
           "\x01\x80" M "\x8a\x80" M "\x80\x81" M "x\x88\x82" M "\x03\xe8", 1000),
};

static void live_peer(struct peer *c, bool media)
{
    open_peer(c);
    ck_assert_int_eq(peer_upgrade_at(c, media ? "/publish" : "/live", server.port, server_origin(),
                                     media ? MEDIA : PROTOCOL),
                     101);
}

static int code_after(const struct frames *f, bool media, bool slowly)
{
    struct peer c;
    live_peer(&c, media);
    send_as(&c, f->bytes, f->len, slowly);
    int code = ws_close_code(&c, 5000);
    peer_close(&c);
    return code;
}

static void all_close(const struct frames *f, size_t n)
{
    for (; n > 0; n--, f++)
        for (int way = 0; way < 4; way++) {
            int code = code_after(f, way & 1, way & 2);
            ck_assert_msg(code == f->code, "%s, %d: %d, not %d", f->what, way, code, f->code);
        }
}

START_TEST(a_broken_frame_is_answered_as_the_standard_says)
{
    start();
    all_close(broken, sizeof broken / sizeof *broken);
    all_close(allowed, sizeof allowed / sizeof *allowed);
    WAIT_FOR(recorded.closed == recorded.opened);
    server_stop();
}
END_TEST

static int status_of_upgrade_with(const char *frames, size_t len)
{
    struct peer c;
    struct answer a;
    char text[1024];
    open_peer(&c);
    int n = snprintf(text, sizeof text,
                     "GET /live HTTP/1.1\r\nHost: localhost:%d\r\nOrigin: %s\r\n"
                     "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                     "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" PROTOCOL "\r\n",
                     server.port, server_origin());
    memcpy(text + n, frames, len);
    peer_send(&c, text, (size_t)n + len);
    peer_answer(&c, &a);
    int status = a.status;
    answer_free(&a);
    if (status != 101)
        ck_assert(peer_ends(&c, 5000));
    peer_close(&c);
    return status;
}

/* RFC 6455, 4.1: a client waits for the answer. What comes with its question would be read by
 * nobody but lws. */
START_TEST(no_frame_comes_with_the_upgrade)
{
    start();
    ck_assert_int_eq(status_of_upgrade_with("", 0), 101);
    ck_assert_int_eq(status_of_upgrade_with("\x81\x82" M "hi", 8), 400);
    ck_assert_int_eq(status_of_upgrade_with("\x81\x02hi", 4), 400);
    ck_assert_int_eq(status_of_upgrade_with("\x81", 1), 400);
    WAIT_FOR(recorded.closed == recorded.opened);
    ck_assert_int_eq(recorded.messages, 0);
    server_stop();
}
END_TEST

/* The pong that came last. */
static void expect_last_pong(struct peer *c, const char *want)
{
    int opcode;
    char *payload, last[16] = "";
    size_t len;
    while (strcmp(last, want) != 0) {
        ck_assert_msg(ws_read(c, &opcode, &payload, &len, 5000), "no pong for %s", want);
        ck_assert_int_eq(opcode, WS_PONG);
        snprintf(last, sizeof last, "%.*s", (int)len, payload);
        free(payload);
    }
}

START_TEST(a_pong_answers_the_last_ping)
{
    start();
    struct peer c;
    live_peer(&c, false);
    peer_send(&c, "\x89\x81" M "1\x89\x81" M "2\x89\x81" M "3", 21);
    expect_last_pong(&c, "3");
    peer_send(&c, "\x89\x81" M "4", 7);
    expect_last_pong(&c, "4");
    peer_close(&c);
    server_stop();
}
END_TEST

static void add_tests(TCase *t)
{
    tcase_add_test(t, a_key_is_sixteen_bytes);
    tcase_add_test(t, a_broken_frame_is_answered_as_the_standard_says);
    tcase_add_test(t, no_frame_comes_with_the_upgrade);
    tcase_add_test(t, a_pong_answers_the_last_ping);
}

int main(void)
{
    return run_ways("net_frames", add_tests);
}
