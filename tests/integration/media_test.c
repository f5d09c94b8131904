/* Live media over real sockets: a synthetic stream of one publisher to many members, what slow ones
 * cost, and what is refused at the door. */
#include "base/mem.h"
#include "harness/studio.h"
#include "media/record.h"
#include "net/budget.h"
#include "room/tell.h"
#include "unit/run.h"
#include <malloc.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define MEMBERS 30
#define SLOW    20
#define VOICES  100
#define IMAGES  (VOICES / 2)
#define STEP    4
#define PICTURE 9000

/* --- the publisher --- */

static struct stream {
    uint16_t sequence;
    uint32_t timestamp;
} streams[3];

static size_t record(unsigned char *out, enum media_type type, unsigned stream, uint8_t flags,
                     size_t len)
{
    struct media_record r = {.type = type,
                             .flags = flags,
                             .stream = (uint16_t)stream,
                             .sequence = streams[stream].sequence++,
                             .timestamp = streams[stream].timestamp += 960,
                             .len = len};
    media_write_head(&r, out);
    memset(out + MEDIA_RECORD_HEAD, (unsigned char)r.sequence, len);
    return MEDIA_RECORD_HEAD + len;
}

static size_t frame_of(unsigned char *out, enum media_type type, unsigned stream, uint8_t flags,
                       size_t len)
{
    memcpy(out, (unsigned char[]){MEDIA_FRAME_KIND, MEDIA_FRAME_VERSION, 0, 0}, MEDIA_FRAME_HEAD);
    return MEDIA_FRAME_HEAD + record(out + MEDIA_FRAME_HEAD, type, stream, flags, len);
}

static void send_record(struct peer *c, enum media_type type, unsigned stream, uint8_t flags,
                        size_t len)
{
    unsigned char *frame = mem_new(MEDIA_FRAME_HEAD + MEDIA_RECORD_HEAD + len);
    ws_send(c, WS_BINARY, frame, frame_of(frame, type, stream, flags, len));
    free(frame);
}

static void publisher(struct studio *s, struct peer *c)
{
    memset(streams, 0, sizeof streams);
    ck_assert_int_eq(studio_door(s, c, 'P'), 101);
    ck_assert_str_eq(studio_publish(s, c), "");
}

/* --- members --- */

struct member {
    struct peer peer;
    int next[2];    /* sequence of the next record, by stream */
    size_t part[2]; /* of a record in pieces, of each: a voice may come between two of a picture */
};

static void see(struct member *m, const struct media_record *r)
{
    ck_assert_uint_lt(r->stream, 2);
    ck_assert_uint_eq(r->sequence, m->next[r->stream]);
    for (size_t i = 0; i < r->len; i++)
        if (r->bytes[i] != (unsigned char)r->sequence)
            ck_abort_msg("a byte of another record");
    m->part[r->stream] += r->len;
    if (r->flags & MEDIA_MORE)
        return;
    ck_assert_uint_eq(m->part[r->stream], r->stream ? PICTURE : 60);
    m->next[r->stream]++;
    m->part[r->stream] = 0;
}

static void see_frame(struct member *m, const unsigned char *b, size_t len)
{
    struct media_record r;
    size_t at = MEDIA_FRAME_HEAD + (size_t)(b[2] << 8 | b[3]), size;
    ck_assert(b[0] == MEDIA_FRAME_KIND && b[1] == MEDIA_FRAME_VERSION);
    for (; (size = media_own(b + at, len - at, &r)) > 0; at += size)
        see(m, &r);
    ck_assert_uint_eq(at, len);
}

/* What is there, to the end of its last frame. */
static void read_some(struct member *m)
{
    int opcode;
    char *bytes;
    size_t len;
    do {
        ck_assert(ws_read(&m->peer, &opcode, &bytes, &len, CLIENT_LIMIT_MS));
        if (opcode == WS_BINARY)
            see_frame(m, (unsigned char *)bytes, len);
        ck_assert_int_ne(opcode, WS_CLOSE);
        free(bytes);
    } while (m->peer.len > 0 || (m->peer.ssl && SSL_pending(m->peer.ssl)));
}

static bool have(const struct member *members, int voices, int images)
{
    for (int i = 0; i < MEMBERS; i++)
        if (members[i].next[0] < voices || members[i].next[1] < images)
            return false;
    return true;
}

static void read_until(struct member *members, int voices, int images)
{
    int64_t limit = test_now_ms() + CLIENT_LIMIT_MS;
    for (int64_t now; (now = test_now_ms()) < limit && !have(members, voices, images);) {
        struct pollfd fds[MEMBERS];
        for (int i = 0; i < MEMBERS; i++)
            fds[i] = (struct pollfd){.fd = members[i].peer.fd, .events = POLLIN};
        if (poll(fds, MEMBERS, (int)(limit - now)) <= 0)
            continue;
        for (int i = 0; i < MEMBERS; i++)
            if (fds[i].revents)
                read_some(&members[i]);
    }
    ck_assert(have(members, voices, images));
}

/* No faster than members read, however busy the machine is: the slow ones hold up nobody. */
static void publish_all(struct peer *c, struct member *members)
{
    for (int i = 0; i < VOICES; i += STEP) {
        for (int k = 0; k < STEP; k++) {
            send_record(c, MEDIA_VOICE, 0, 0, 60);
            if (k % 2 == 0)
                send_record(c, MEDIA_CAMERA, 1, (i + k) % 20 == 0 ? MEDIA_KEY : 0, PICTURE);
        }
        read_until(members, i + STEP, (i + STEP) / 2);
    }
}

/* Reads nothing, and its kernel takes little. */
static void slow_member(struct studio *s, struct peer *c, char letter)
{
    int size = 4096;
    peer_open(c, s->port, s->tls);
    setsockopt(c->fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
    studio_member(s, c, letter);
}

static void everybody_sees_everything(bool tls)
{
    struct studio *s = studio_open(tls, true);
    static struct member members[MEMBERS];
    static struct peer slow[SLOW];
    struct peer p;
    memset(members, 0, sizeof members);
    memset(slow, 0, sizeof slow);
    for (int i = 0; i < MEMBERS; i++)
        studio_member(s, &members[i].peer, i == 0 ? 'S' : (char)('a' + i % 26));
    for (int i = 0; i < SLOW; i++)
        slow_member(s, &slow[i], (char)('a' + i % 26));
    publisher(s, &p);
    size_t before = mallinfo2().uordblks;
    publish_all(&p, members);
    /* 450 KB of picture went by: nothing of it is kept for any of them but what was begun. */
    ck_assert_uint_lt(mallinfo2().uordblks, before + IMAGES * PICTURE * 8 + SLOW * 80000);
    peer_close(&p);
    for (int i = 0; i < MEMBERS; i++)
        peer_close(&members[i].peer);
    for (int i = 0; i < SLOW; i++)
        peer_close(&slow[i]);
    studio_close(s);
}

START_TEST(every_member_gets_every_frame_in_order)
{
    everybody_sees_everything(false);
}
END_TEST

START_TEST(every_member_gets_every_frame_in_order_over_tls)
{
    everybody_sees_everything(true);
}
END_TEST

/* --- the door --- */

START_TEST(nobody_publishes_where_no_feature_lets_them)
{
    struct studio *s = studio_open(false, false);
    struct peer member = {0}, p;
    studio_member(s, &member, 'S');
    ck_assert_int_eq(studio_door(s, &p, 'P'), 101);
    ck_assert_str_eq(studio_publish(s, &p), "auth.forbidden");
    peer_close(&p);
    peer_close(&member);
    studio_close(s);
}
END_TEST

START_TEST(only_who_may_and_only_where_somebody_is)
{
    struct studio *s = studio_open(false, true);
    struct peer member = {0}, p;
    ck_assert_int_eq(studio_door(s, &p, 'P'), 101);
    ck_assert_str_eq(studio_publish(s, &p), "server.busy"); /* nobody is there */
    studio_member(s, &member, 'S');
    ck_assert_str_eq(studio_publish(s, &p), "");
    peer_close(&p);
    ck_assert_int_eq(studio_door(s, &p, 'h'), 101);
    ck_assert_str_eq(studio_publish(s, &p), "auth.forbidden"); /* an HCP */
    peer_close(&p);
    peer_close(&member);
    studio_close(s);
}
END_TEST

START_TEST(the_doors_are_not_mistaken_for_each_other)
{
    struct studio *s = studio_open(false, true);
    static const char cookie[] =
        "Cookie: __Host-amphi=PPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPP\r\n";
    static const struct {
        const char *path, *protocol;
    } wrong[] = {
        {"/publish", "amphi.2"}, {"/live", "amphi-media.1"}, {"/publish", "amphi-media.2"}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char headers[256];
        struct peer c;
        snprintf(headers, sizeof headers, "Sec-WebSocket-Protocol: %s\r\n%s", wrong[i].protocol,
                 cookie);
        peer_open(&c, s->port, false);
        ck_assert_int_eq(peer_upgrade_at(&c, wrong[i].path, s->port, net_base_url(s->net), headers),
                         400);
        peer_close(&c);
    }
    struct peer p, member = {0};
    studio_member(s, &member, 'S');
    ck_assert_int_eq(studio_door(s, &p, 'P'), 101);
    ws_send(&p, WS_BINARY, "media", 5); /* before session.publish */
    ck_assert_int_eq(ws_close_code(&p, CLIENT_LIMIT_MS), 1008);
    peer_close(&p);
    ck_assert_int_eq(studio_door(s, &p, 'P'), 101);
    static const char join[] = "{\"id\":1,\"command\":\"session.leave\",\"data\":{}}";
    ws_send(&p, WS_TEXT, join, sizeof join - 1);
    ck_assert_int_eq(ws_close_code(&p, CLIENT_LIMIT_MS), 1008);
    peer_close(&p);
    peer_close(&member);
    studio_close(s);
}
END_TEST

/* --- what is refused --- */

static void too_large(struct peer *c)
{
    unsigned char *bytes = mem_new(MEDIA_FRAME_MOST + 1);
    ws_send(c, WS_BINARY, bytes, MEDIA_FRAME_MOST + 1);
    free(bytes);
}

static void announces_too_much(struct peer *c)
{
    static const unsigned char head[] = {0x82, 0xff, 0x3f, 0xff, 0xff, 0xff, 0xff, 0xff,
                                         0xff, 0xff, 1,    2,    3,    4,    5,    6};
    peer_send(c, head, sizeof head);
}

static void endless_fragments(struct peer *c)
{
    ws_send_raw(c, WS_BINARY, "x", 1, true);
    for (int i = 0; i < 200; i++)
        ws_send_raw(c, 0, "x", i % 2 ? 1 : 0, true);
}

static void endless_large_fragments(struct peer *c)
{
    static const char bytes[30000];
    ws_send_raw(c, WS_BINARY, bytes, sizeof bytes, true);
    for (int i = 0; i < 20; i++)
        ws_send_raw(c, 0, bytes, sizeof bytes, true);
}

static void flood_of_records(struct peer *c)
{
    for (int i = 0; i < 1000; i++)
        send_record(c, MEDIA_VOICE, 0, 0, 60);
}

static void flood_of_bytes(struct peer *c)
{
    for (int i = 0; i < 20; i++)
        send_record(c, MEDIA_CAMERA, 1, i ? 0 : MEDIA_KEY, 100000);
}

static void flood_of_empty_frames(struct peer *c)
{
    static const unsigned char empty[] = {MEDIA_FRAME_KIND, MEDIA_FRAME_VERSION, 0, 0};
    for (int i = 0; i < 3000; i++)
        ws_send(c, WS_BINARY, empty, sizeof empty);
}

static void forged(struct peer *c)
{
    ws_send(c, WS_BINARY, "\x02\x01\x00\x05{\"a\"}", 9);
}

static void out_of_order(struct peer *c)
{
    send_record(c, MEDIA_VOICE, 0, 0, 60);
    streams[0].sequence++;
    send_record(c, MEDIA_VOICE, 0, 0, 60);
}

static void back_in_time(struct peer *c)
{
    send_record(c, MEDIA_VOICE, 0, 0, 60);
    streams[0].timestamp -= 2000;
    send_record(c, MEDIA_VOICE, 0, 0, 60);
}

static void without_a_key_frame(struct peer *c)
{
    send_record(c, MEDIA_CAMERA, 1, 0, 60);
}

static void another_stream_in_its_place(struct peer *c)
{
    send_record(c, MEDIA_VOICE, 0, 0, 60);
    send_record(c, MEDIA_CAMERA, 0, MEDIA_KEY, 60);
}

static void publishes_twice(struct peer *c)
{
    static const char again[] = "{\"id\":2,\"command\":\"session.publish\",\"data\":{}}";
    ws_send(c, WS_TEXT, again, sizeof again - 1);
}

START_TEST(what_breaks_the_rules_is_closed_with_its_code_and_the_rest_goes_on)
{
    static const struct {
        void (*play)(struct peer *c);
        int code;
    } acts[] = {{too_large, 1009},
                {announces_too_much, 1009},
                {endless_large_fragments, 1009},
                {endless_fragments, 1008},
                {flood_of_records, 4429},
                {flood_of_bytes, 4429},
                {flood_of_empty_frames, 4429},
                {forged, 1008},
                {out_of_order, 1008},
                {back_in_time, 1008},
                {without_a_key_frame, 1008},
                {another_stream_in_its_place, 1008},
                {publishes_twice, 1008}};
    struct studio *s = studio_open(false, true);
    struct peer member = {0}, p;
    studio_member(s, &member, 'S');
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++) {
        publisher(s, &p);
        acts[i].play(&p);
        int code = ws_close_code(&p, CLIENT_LIMIT_MS);
        ck_assert_msg(code == acts[i].code, "act %zu: %d", i, code);
        peer_close(&p);
    }
    publisher(s, &p); /* all places of publishers are free again */
    send_record(&p, MEDIA_VOICE, 0, 0, 60);
    peer_close(&p);
    peer_close(&member);
    studio_close(s);
}
END_TEST

/* --- both doors --- */

START_TEST(signing_out_closes_both_doors)
{
    struct studio *s = studio_open(false, true);
    struct peer member = {0}, p;
    char id[ID_TEXT_SIZE];
    struct id person = studio_person('P');
    studio_member(s, &member, 'P');
    publisher(s, &p);
    tell(&s->app, scope_person(&person), "revoked",
         json_pack("{s:s}", "person", id_text(&person, id)));
    ck_assert_int_eq(ws_close_code(&p, CLIENT_LIMIT_MS), 4401);
    ck_assert_int_eq(ws_close_code(&member, CLIENT_LIMIT_MS), 4401);
    peer_close(&p);
    peer_close(&member);
    studio_close(s);
}
END_TEST

START_TEST(both_doors_count_against_one_person)
{
    struct studio *s = studio_open(false, true);
    static struct peer tabs[LIVE_PER_PERSON];
    struct peer p;
    memset(tabs, 0, sizeof tabs);
    for (int i = 0; i < LIVE_PER_PERSON - 1; i++)
        studio_member(s, &tabs[i], 'P');
    publisher(s, &tabs[LIVE_PER_PERSON - 1]);
    ck_assert_int_eq(studio_door(s, &p, 'P'), 101);
    static const char ask[] = "{\"id\":1,\"command\":\"session.publish\",\"data\":{\"session\":"
                              "\"73747564-696f-2773-2069-647320616c03\"}}";
    ws_send(&p, WS_TEXT, ask, sizeof ask - 1);
    ck_assert_int_eq(ws_close_code(&p, CLIENT_LIMIT_MS), 1008);
    peer_close(&p);
    for (int i = 0; i < LIVE_PER_PERSON; i++)
        peer_close(&tabs[i]);
    studio_close(s);
}
END_TEST

START_TEST(draining_closes_both_doors)
{
    struct studio *s = studio_open(false, true);
    struct peer member = {0}, p;
    studio_member(s, &member, 'S');
    publisher(s, &p);
    studio_drain(s);
    ck_assert_int_eq(ws_close_code(&p, CLIENT_LIMIT_MS), 1001);
    ck_assert_int_eq(ws_close_code(&member, CLIENT_LIMIT_MS), 1001);
    peer_close(&p);
    peer_close(&member);
    studio_close(s);
}
END_TEST

RUN_TESTS("media over sockets", every_member_gets_every_frame_in_order,
          every_member_gets_every_frame_in_order_over_tls,
          nobody_publishes_where_no_feature_lets_them, only_who_may_and_only_where_somebody_is,
          the_doors_are_not_mistaken_for_each_other,
          what_breaks_the_rules_is_closed_with_its_code_and_the_rest_goes_on,
          signing_out_closes_both_doors, both_doors_count_against_one_person,
          draining_closes_both_doors)
