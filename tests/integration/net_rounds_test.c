/* Rules: a round of live media gives way to what a turn leads on to, which is a message to the loop
 * itself, so that a command that takes several turns does not wait for a slice of members in each
 * of them; but a round is never held up for long. */
#include "integration/net_server.h"
#include "unit/run.h"

#define PROTOCOL "Sec-WebSocket-Protocol: amphi.2\r\nCookie: __Host-amphi=" TEST_TOKEN "\r\n"
#define HOPS     6 /* messages to the loop itself until a command is answered */

static atomic_int slices[TEST_LOOPS], answered_after, hops;
static atomic_bool endless, running;

/* There is always more to send. */
static int64_t serve_always(struct dispatch *d)
{
    slices[((struct test_room *)d)->index]++;
    return 0;
}

static struct hop {
    struct message message;
    struct test_room *room;
    uint64_t conn;
    int left, before;
} hop;

static void on_hop(struct message *message)
{
    struct hop *h = container_of(message, struct hop, message);
    hops++;
    if (endless || h->left-- > 0) {
        mailbox_post(loop_mailbox(server.loops[h->room->index]), &h->message);
        return;
    }
    answered_after = slices[h->room->index] - h->before;
    struct payload *p = frame_text("done", 4);
    h->room->wire.send(h->room->wire.net, h->conn, FRAME_EVENT, 0, p);
    payload_unref(p);
    running = false;
}

static void on_command(struct dispatch *arg, uint64_t conn, const char *text, size_t len)
{
    (void)text, (void)len;
    struct test_room *d = (struct test_room *)arg;
    hop = (struct hop){.message.deliver = on_hop,
                       .room = d,
                       .conn = conn,
                       .left = HOPS - 1,
                       .before = slices[d->index]};
    running = true;
    mailbox_post(loop_mailbox(server.loops[d->index]), &hop.message);
}

static void begin(struct peer *c)
{
    struct net_rooms rooms = test_rooms;
    static struct net_rooms with_media;
    rooms.message = on_command;
    rooms.serve_media = serve_always;
    with_media = rooms;
    struct net_config config = server_config(false);
    config.rooms = &with_media;
    server_run(&config);
    peer_open(c, server.port, false);
    char origin[64];
    snprintf(origin, sizeof origin, "http://localhost:%d", server.port);
    ck_assert_int_eq(peer_upgrade(c, server.port, origin, PROTOCOL), 101);
    WAIT_FOR(slices[0] > 100 && slices[1] > 100);
}

START_TEST(a_command_of_several_turns_waits_for_no_slice)
{
    struct peer c;
    int opcode;
    char *text;
    size_t len;
    endless = false;
    begin(&c);
    ws_send(&c, WS_TEXT, "go", 2);
    ck_assert(ws_read(&c, &opcode, &text, &len, 5000));
    free(text);
    ck_assert_int_eq(answered_after, 0);
    peer_close(&c);
    server_stop();
}
END_TEST

START_TEST(commands_without_an_end_leave_rounds_their_time)
{
    struct peer c;
    endless = true;
    begin(&c);
    ws_send(&c, WS_TEXT, "go", 2);
    WAIT_FOR(hops > 100);
    int before = slices[hop.room->index], hops_before = hops;
    WAIT_FOR(hops > hops_before + 1000);
    ck_assert_int_gt(slices[hop.room->index], before + 20);
    endless = false;
    WAIT_FOR(!running);
    peer_close(&c);
    server_stop();
}
END_TEST

RUN_TESTS("net_rounds", a_command_of_several_turns_waits_for_no_slice,
          commands_without_an_end_leave_rounds_their_time)
