/* A server in this process for the tests of net and http: real sockets, loops, TLS and pipeline,
 * but a room that only records and echoes, and a database that is a thread per job. Included by one
 * test program each; it defines the functions of dispatch.h and db/job.h that net and http call. */
#ifndef AMPHI_TESTS_NET_SERVER_H
#define AMPHI_TESTS_NET_SERVER_H

#include "base/frame.h"
#include "base/mem.h"
#include "blob/blob.h"
#include "harness/net_client.h"
#include "net/net.h"
#include <check.h>
#include <dirent.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TEST_LOOPS 2
#define TEST_TOKEN "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

/* --- the rooms --- */

struct test_room {
    struct wire wire;
    int index;
    uint64_t conns[4096];
    size_t count;
    bool draining;
};

static struct recorded {
    atomic_int opened, closed, messages, with_token, outdated, closed_twice;
    atomic_int opened_on[TEST_LOOPS];
    _Atomic int64_t last_rx, gone;
    atomic_bool away; /* the database */
    atomic_int burst_frames, burst_size;
} recorded;

/* Called at the end of each turn, on each loop: how a test makes the server send. */
static void (*_Atomic on_room_turn)(struct test_room *d);

static void test_room_opened(struct dispatch *arg, uint64_t conn, const struct greeting *greeting)
{
    struct test_room *d = (struct test_room *)arg;
    ck_assert_int_eq(NET_HANDLE_LOOP(conn), d->index);
    ck_assert(d->count < 4096);
    d->conns[d->count++] = conn;
    recorded.with_token += sign_ins_count(greeting->sign_ins) > 0;
    recorded.outdated += greeting->outdated;
    recorded.opened_on[d->index]++;
    recorded.opened++;
}

/* "echo:…" comes back; "burst" gives recorded.burst_frames frames of recorded.burst_size bytes;
 * "close" is answered by a close with code 4401. */
static void test_room_message(struct dispatch *arg, uint64_t conn, const char *text, size_t len)
{
    struct test_room *d = (struct test_room *)arg;
    if (len >= 5 && memcmp(text, "echo:", 5) == 0) {
        struct payload *p = frame_text(text, len);
        d->wire.send(d->wire.net, conn, FRAME_EVENT, 0, p);
        payload_unref(p);
    } else if (len == 5 && memcmp(text, "burst", 5) == 0) {
        size_t size = (size_t)recorded.burst_size;
        char *bytes = mem_new(size);
        for (int i = 0; i < recorded.burst_frames; i++) {
            memset(bytes, 'a' + i % 26, size);
            struct payload *p = frame_text(bytes, size);
            d->wire.send(d->wire.net, conn, FRAME_EVENT, 0, p);
            payload_unref(p);
        }
        free(bytes);
    } else if (len == 5 && memcmp(text, "close", 5) == 0) {
        d->wire.close(d->wire.net, conn, 4401, "go");
    }
    recorded.messages++;
}

static void test_room_closed(struct dispatch *arg, uint64_t conn, int64_t last_rx, int64_t gone)
{
    struct test_room *d = (struct test_room *)arg;
    bool known = false;
    for (size_t i = 0; i < d->count; i++) {
        if (d->conns[i] != conn)
            continue;
        d->conns[i] = d->conns[--d->count];
        known = true;
        break;
    }
    if (!known)
        recorded.closed_twice++;
    recorded.last_rx = last_rx;
    recorded.gone = gone;
    recorded.closed++;
}

static void test_room_turn(struct dispatch *arg)
{
    struct test_room *d = (struct test_room *)arg;
    void (*hook)(struct test_room *) = on_room_turn;
    if (hook)
        hook(d);
}

static void test_room_tick(struct dispatch *arg)
{
    (void)arg;
}

static void test_room_drain(struct dispatch *arg)
{
    struct test_room *d = (struct test_room *)arg;
    d->draining = true;
    struct payload *bye = frame_text("bye", 3);
    for (size_t i = 0; i < d->count; i++) {
        d->wire.send(d->wire.net, d->conns[i], FRAME_CONTROL, 0, bye);
        d->wire.close(d->wire.net, d->conns[i], 1001, "draining");
    }
    payload_unref(bye);
}

static bool test_room_drained(const struct dispatch *arg)
{
    const struct test_room *d = (const struct test_room *)arg;
    return d->count == 0;
}

static const struct net_rooms test_rooms = {.opened = test_room_opened,
                                            .message = test_room_message,
                                            .closed = test_room_closed,
                                            .turn = test_room_turn,
                                            .tick = test_room_tick,
                                            .drain = test_room_drain,
                                            .drained = test_room_drained};

/* --- the database --- */

static void *run_job(void *arg)
{
    struct db_job *job = arg;
    if (recorded.away)
        job->err = ERR_BUSY;
    else
        job->run(job, NULL);
    mailbox_post(job->reply_to, &job->done);
    return NULL;
}

static enum err test_submit(struct db *db, enum db_pool pool, struct db_job *job)
{
    pthread_t thread;
    (void)db;
    (void)pool;
    job->err = ERR_OK;
    if (pthread_create(&thread, NULL, run_job, job) != 0)
        return ERR_BUSY;
    pthread_detach(thread);
    return ERR_OK;
}

static enum err test_check(struct db_conn *db, const char *kind, struct grants_check *const *checks,
                           size_t n, int64_t now)
{
    (void)db, (void)kind, (void)n, (void)now;
    struct grants_check *check = checks[0];
    check->err = check->token[0] == 'x' ? ERR_UNAUTHENTICATED : ERR_OK;
    if (check->err != ERR_OK)
        return ERR_OK;
    check->who.roles = check->inside = check->token[0] == 'h' ? ROLE_HCP : ROLE_ORGANISER;
    check->who.person.bytes[0] = check->token[0];
    return ERR_OK;
}

/* A token is 43 characters here, too; its first one says who it is. */
static bool test_token_hash(const char *text, uint8_t hash[TOKEN_HASH_SIZE])
{
    if (strlen(text) != 43)
        return false;
    memset(hash, text[0], TOKEN_HASH_SIZE);
    return true;
}

/* --- the server --- */

static struct {
    struct net *net;
    struct loop *loops[TEST_LOOPS];
    struct test_room rooms[TEST_LOOPS];
    struct clock clock;
    struct blob_store *blobs;
    char folder[64], certificate[96], key[96], web[96];
    int loop_count, port;
    bool tls;
} server;

static const struct http_route *const *test_tables; /* set by the test before server_start() */

static void server_folder(void)
{
    if (server.folder[0])
        return;
    snprintf(server.folder, sizeof server.folder, "/tmp/amphi-net-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(server.folder));
    snprintf(server.certificate, sizeof server.certificate, "%s/cert.pem", server.folder);
    snprintf(server.key, sizeof server.key, "%s/key.pem", server.folder);
    snprintf(server.web, sizeof server.web, "%s/web", server.folder);
    mkdir(server.web, 0700);
    server.blobs = blob_store_open(server.folder, 0);
    ck_assert_ptr_nonnull(server.blobs);
    test_certificate(server.certificate, server.key);
}

static struct net_config server_config(bool tls)
{
    server_folder();
    clock_init(&server.clock);
    server.tls = tls;
    server.loop_count = TEST_LOOPS;
    for (int i = 0; i < TEST_LOOPS; i++)
        server.loops[i] = loop_new(i, &server.clock);
    return (struct net_config){.loops = server.loops,
                               .loop_count = TEST_LOOPS,
                               .address = "127.0.0.1",
                               .metrics_port = -1,
                               .tls = tls,
                               .certificate = server.certificate,
                               .key = server.key,
                               .web = server.web,
                               .lock_folder = server.folder,
                               .blobs = server.blobs,
                               .rooms = &test_rooms,
                               .http = {.clock = &server.clock,
                                        .check = test_check,
                                        .submit = test_submit,
                                        .token_hash = test_token_hash,
                                        .tables = test_tables,
                                        .default_rate = {1000, 60000}}};
}

static void server_run(const struct net_config *config)
{
    char why[256] = "";
    memset(&recorded, 0, sizeof recorded);
    on_room_turn = NULL;
    server.net = net_new(config, why, sizeof why);
    ck_assert_msg(server.net, "%s", why);
    server.port = net_port(server.net);
    for (int i = 0; i < TEST_LOOPS; i++) {
        server.rooms[i] = (struct test_room){.wire = net_wire(server.net, i), .index = i};
        net_set_dispatch(server.net, i, (struct dispatch *)&server.rooms[i]);
    }
    ck_assert_msg(net_start(server.net, why, sizeof why) == ERR_OK, "%s", why);
    for (int i = 0; i < TEST_LOOPS; i++)
        ck_assert_int_eq(loop_run_thread(server.loops[i]), ERR_OK);
}

static inline void server_start(bool tls)
{
    struct net_config config = server_config(tls);
    server_run(&config);
}

static inline void server_stop_after(int ms)
{
    net_drain(server.net, ms);
    for (int i = 0; i < TEST_LOOPS; i++) {
        loop_stop(server.loops[i]);
        loop_join(server.loops[i]);
    }
    net_free(server.net);
    for (int i = 0; i < TEST_LOOPS; i++)
        loop_free(server.loops[i]);
    ck_assert_int_eq(recorded.closed_twice, 0);
    ck_assert_int_eq(recorded.opened, recorded.closed);
}

static inline void server_stop(void)
{
    server_stop_after(2000);
}

/* Waits for a condition, at most 10 s. */
#define WAIT_FOR(condition)                                                                        \
    do {                                                                                           \
        int64_t until_ = test_now_ms() + CLIENT_LIMIT_MS;                                          \
        while (!(condition) && test_now_ms() < until_)                                             \
            usleep(2000);                                                                          \
        ck_assert_msg(condition, "never true: %s", #condition);                                    \
    } while (0)

/* How many descriptors this process has of files of that name: those that a reply is sent from. */
static inline int descriptors_of(const char *name)
{
    DIR *dir = opendir("/proc/self/fd");
    char target[256];
    int n = 0;
    ck_assert_ptr_nonnull(dir);
    for (struct dirent *entry; (entry = readdir(dir));) {
        ssize_t len = readlinkat(dirfd(dir), entry->d_name, target, sizeof target);
        n += len > 0 && memmem(target, (size_t)len, name, strlen(name)) != NULL;
    }
    closedir(dir);
    return n;
}

static inline const char *server_origin(void)
{
    return net_base_url(server.net);
}

static inline void live_open(struct peer *c)
{
    peer_open(c, server.port, server.tls);
    ck_assert_int_eq(
        peer_upgrade(c, server.port, server_origin(),
                     "Sec-WebSocket-Protocol: amphi.2\r\nCookie: __Host-amphi=" TEST_TOKEN "\r\n"),
        101);
}

static inline void ask(const char *line, const char *head, const char *body, struct answer *a)
{
    peer_ask(server.port, server.tls, line, head, body, a);
}

#endif
