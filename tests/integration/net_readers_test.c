/* Hundreds of people who download a file slowly are no burden: neither in memory nor to whoever
 * asks for something small, or waits for an event. */
#include "integration/net_server.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>

#define READERS    500
#define STEP_MS    100
#define STEP_BYTES 6144 /* 60 KB/s each: more than the least rate, five minutes for the file */
#define WINDOW     16384
#define PROBES     40

static void handle_small(struct http_exchange *x)
{
    http_reply_json(x, 200, json_object());
}

#define LARGE_NAME  "amphi-large"
#define LARGE_BYTES (20 << 20)

static char large_path[96];

/* A file on the disk, as a recording or a hand-out would be. */
static void handle_large(struct http_exchange *x)
{
    int fd = open(large_path, O_RDONLY | O_CLOEXEC);
    ck_assert_int_ge(fd, 0);
    http_reply_file(x, &(struct http_file){.fd = fd,
                                           .len = LARGE_BYTES,
                                           .content_type = "application/octet-stream"});
}

static const struct http_route routes[] = {
    {.method = "GET", .pattern = "/api/small", .handle = handle_small},
    {.method = "GET", .pattern = "/api/large", .handle = handle_large},
    {.method = NULL}};
static const struct http_route *const tables[] = {routes, NULL};

struct reader {
    int fd;
    SSL *ssl;
    size_t have;
};

static void reader_open(struct reader *r, SSL_CTX *ctx, int port, const char *request)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    int window = WINDOW;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    r->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(r->fd, SOL_SOCKET, SO_RCVBUF, &window, sizeof window);
    if (connect(r->fd, (struct sockaddr *)&at, sizeof at) != 0)
        _exit(2);
    if (ctx) {
        r->ssl = SSL_new(ctx);
        SSL_set_fd(r->ssl, r->fd);
        if (SSL_connect(r->ssl) != 1 || SSL_write(r->ssl, request, (int)strlen(request)) <= 0)
            _exit(3);
    } else if (send(r->fd, request, strlen(request), MSG_NOSIGNAL) < 0) {
        _exit(4);
    }
    fcntl(r->fd, F_SETFL, O_NONBLOCK);
}

/* False: it was cut off. */
static bool reader_step(struct reader *r)
{
    char bytes[STEP_BYTES];
    for (size_t left = sizeof bytes; left > 0;) {
        ssize_t n = r->ssl ? SSL_read(r->ssl, bytes, (int)left) : recv(r->fd, bytes, left, 0);
        if (n <= 0)
            return r->ssl ? SSL_get_error(r->ssl, (int)n) == SSL_ERROR_WANT_READ
                          : n < 0 && errno == EAGAIN;
        left -= (size_t)n;
        r->have += (size_t)n;
    }
    return true;
}

/* A process of its own. Tells by one byte when all have begun, then reads until it is killed; tells
 * by another when one was cut off. */
static void read_for_ever(int port, bool tls, int tell)
{
    static struct reader readers[READERS];
    SSL_CTX *ctx = tls ? SSL_CTX_new(TLS_client_method()) : NULL;
    char request[128];
    snprintf(request, sizeof request, "GET /api/large HTTP/1.1\r\nHost: localhost:%d\r\n\r\n",
             port);
    for (int i = 0; i < READERS; i++)
        reader_open(&readers[i], ctx, port, request);
    for (bool told = false;; usleep(STEP_MS * 1000)) {
        size_t begun = 0;
        for (int i = 0; i < READERS; i++) {
            if (!reader_step(&readers[i]))
                _exit(write(tell, "x", 1) == 1 ? 5 : 6);
            begun += readers[i].have > STEP_BYTES;
        }
        if (begun == READERS && !told)
            told = write(tell, "b", 1) == 1;
    }
}

struct crowd {
    pid_t pid;
    int port[2], news[2];
};

/* Before the server's threads exist. */
static void crowd_fork(struct crowd *c, bool tls)
{
    int port;
    ck_assert_int_eq(pipe2(c->port, O_CLOEXEC), 0);
    ck_assert_int_eq(pipe2(c->news, O_CLOEXEC), 0);
    c->pid = fork();
    ck_assert_int_ge(c->pid, 0);
    if (c->pid == 0) {
        if (read(c->port[0], &port, sizeof port) == sizeof port)
            read_for_ever(port, tls, c->news[1]);
        _exit(1);
    }
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* The middle of how long a small request took, and an event to come back over the websocket. */
static void probe(struct peer *live, double *request_ms, double *event_ms)
{
    double requests[PROBES], events[PROBES];
    for (int i = 0; i < PROBES; i++) {
        struct answer a;
        double began = now_ms();
        ask("GET /api/small", "", "", &a);
        ck_assert_int_eq(a.status, 200);
        answer_free(&a);
        requests[i] = now_ms() - began;
        began = now_ms();
        int opcode;
        char *payload;
        size_t len;
        ws_send(live, WS_TEXT, "echo:1", 6);
        do {
            ck_assert(ws_read(live, &opcode, &payload, &len, CLIENT_LIMIT_MS));
            free(payload);
        } while (opcode != WS_TEXT);
        events[i] = now_ms() - began;
        usleep(20000);
    }
    qsort(requests, PROBES, sizeof *requests, compare);
    qsort(events, PROBES, sizeof *events, compare);
    *request_ms = requests[PROBES / 2];
    *event_ms = events[PROBES / 2];
}

static long resident_kb(void)
{
    long pages = 0;
    FILE *f = fopen("/proc/self/statm", "r");
    ck_assert_int_eq(fscanf(f, "%*d %ld", &pages), 1);
    fclose(f);
    return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

static double cpu_ms(void)
{
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1e3 +
           (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e3;
}

/* Sanitisers keep what was freed, and more beside what is not. */
static bool sanitised(void)
{
    const char *build = getenv("AMPHI_TEST_BUILD");
    return build && strstr(build, "san-");
}

static void write_large(void)
{
    snprintf(large_path, sizeof large_path, "%s/" LARGE_NAME, server.folder);
    FILE *f = fopen(large_path, "w");
    ck_assert_ptr_nonnull(f);
    for (int i = 0; i < LARGE_BYTES / 4; i++)
        fwrite(&i, sizeof i, 1, f);
    ck_assert_int_eq(fclose(f), 0);
}

START_TEST(five_hundred_slow_readers_starve_nobody)
{
    struct crowd crowd;
    struct peer live;
    double request[2], event[2];
    char news = 0;
    test_tables = tables;
    crowd_fork(&crowd, _i);
    server_start(_i);
    write_large();
    live_open(&live);
    probe(&live, &request[0], &event[0]);
    long before_kb = resident_kb();
    ck_assert_int_eq(write(crowd.port[1], &server.port, sizeof server.port), sizeof server.port);
    ck_assert_int_eq(read(crowd.news[0], &news, 1), 1);
    ck_assert_int_eq(news, 'b');
    ck_assert_int_eq(descriptors_of(LARGE_NAME), READERS);
    double cpu = cpu_ms(), began = now_ms();
    probe(&live, &request[1], &event[1]);
    cpu = (cpu_ms() - cpu) / (now_ms() - began);
    long grew_kb = resident_kb() - before_kb;
    struct answer a;
    ask("GET /api/large", "", "", &a); /* and one who reads quickly */
    ck_assert(a.whole);
    ck_assert_uint_eq(a.body_len, LARGE_BYTES);
    answer_free(&a);
    fprintf(stderr,
            "%s, %d slow readers: request %.2f ms, without %.2f; event %.2f ms, without %.2f; "
            "%.0f %% of a processor; grew by %ld KB\n",
            _i ? "TLS" : "plain", READERS, request[1], request[0], event[1], event[0], cpu * 100,
            grew_kb);
    fcntl(crowd.news[0], F_SETFL, O_NONBLOCK);
    ck_assert_int_eq(read(crowd.news[0], &news, 1), -1); /* none was cut off */
    kill(crowd.pid, SIGKILL);
    waitpid(crowd.pid, NULL, 0);
    ck_assert_double_lt(request[1], 20 + 5 * request[0]);
    ck_assert_double_lt(event[1], 20 + 5 * event[0]);
    ck_assert_int_lt(grew_kb, READERS * (sanitised() ? 512 : 128));
    WAIT_FOR(descriptors_of(LARGE_NAME) == 0);
    peer_close(&live);
    server_stop();
}
END_TEST

int main(void)
{
    Suite *s = suite_create("net_readers");
    TCase *slow = tcase_create("slow");
    tcase_set_timeout(slow, 90);
    tcase_add_loop_test(slow, five_hundred_slow_readers_starve_nobody, 0, 2);
    suite_add_tcase(s, slow);
    SRunner *runner = srunner_create(s);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
