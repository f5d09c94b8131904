/* A cluster of many nodes in one process: the bus, the peers, and one node's room, are the server's
 * own code; NATS is memory (nodes_sim_nats.h), and there are no sockets. One node has a room that
 * applies all it hears, the others send what nodes with so many members send, and take what they
 * hear as far as its number. What a node has to read after a gap is read from a real database.
 *
 *     nodes_sim [NODES [MEMBERS of each]]       100 and 10,000
 *
 * Prints one line a figure. */
#include "base/log.h"
#include "base/mem.h"
#include "bench/nodes_sim_gap.h"
#include "bench/nodes_sim_nats.h"
#include "harness/live.h"
#include "harness/pg.h"
#include "nodes/node_private.h"
#include "room/far.h"
#include "room/home/home.h"
#include <fcntl.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define VOTES_AT_ONCE 20 /* of one commit of one node under load */
#define EVENTS        10000
#define SETTLE_MS     1

struct sim_node {
    struct node node;
    struct app app;
    struct live *live; /* NULL: it takes only numbers */
};

static struct sim_node *nodes;
static int nodes_n = 100, members_n = 10000, entered, applied;
static struct live *live;

/* --- the room of the one that applies --- */

static void on_enter(struct room *room, const struct other *other)
{
    (void)room, (void)other;
    entered++;
}

static void on_apply(struct room *room, struct event *event)
{
    (void)room, (void)event;
    applied++;
}

static void on_open(struct room *room, void *loaded)
{
    (void)loaded;
    room->organisation = live->organisation;
    room->congress = live->congress;
}

static void open_now(struct room_opening *opening)
{
    room_opening_done(opening, ERR_OK);
}

static const struct event_type types[] = {{.name = "sim.moved",
                                           .version = 1,
                                           .audience = ROLE_ANY,
                                           .what = "x",
                                           .data = "{deck: id, page: int}",
                                           .apply = on_apply},
                                          {0}};
static const struct feature room_feature = {
    .name = "sim", .events = types, .opening = {.take = on_open}, .other_enter = on_enter};
static const struct feature *const features[] = {&room_feature, NULL};

/* --- a node --- */

/* As a node takes what its bus hands it (nodes/node.c). */
static void on_message(void *arg, const struct bus_message *m)
{
    struct sim_node *s = arg;
    pthread_mutex_lock(&s->node.lock);
    bool fresh = peers_heard(&s->node.peers, &m->from, m->number, clock_mono_us(s->app.clock));
    pthread_mutex_unlock(&s->node.lock);
    if (fresh && s->live)
        far_receive(&s->app, &m->from, m->kind, m->data, m->len);
}

static struct id node_id(int n)
{
    return (struct id){.bytes = {0x6e, (uint8_t)(n >> 8), (uint8_t)n, 1}};
}

static void begin_node(int n)
{
    static const struct id cluster = {{1}};
    char why[256] = "";
    struct sim_node *s = &nodes[n];
    s->app = live->app;
    s->app.node = node_id(n);
    s->node.app = &s->app;
    peers_init(&s->node.peers);
    pthread_mutex_init(&s->node.lock, NULL);
    s->node.bus = bus_start(&(struct bus_config){.url = "nats://memory:1",
                                                 .cluster = cluster,
                                                 .node = s->app.node,
                                                 .waiting_most = 1u << 30,
                                                 .receive = on_message,
                                                 .arg = s},
                            why, sizeof why);
    if (!s->node.bus) {
        fprintf(stderr, "nodes_sim: %s\n", why);
        exit(1);
    }
    s->app.node_here = &s->node;
}

/* --- measuring --- */

static double seconds(clockid_t id)
{
    struct timespec t;
    clock_gettime(id, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

struct reading {
    double cpu, at;
    uint64_t published, published_bytes, delivered, delivered_bytes;
};

static struct reading read_now(void)
{
    return (struct reading){.cpu = seconds(CLOCK_PROCESS_CPUTIME_ID),
                            .at = seconds(CLOCK_MONOTONIC),
                            .published = atomic_load(&sim_published.messages),
                            .published_bytes = atomic_load(&sim_published.bytes),
                            .delivered = atomic_load(&sim_delivered.messages),
                            .delivered_bytes = atomic_load(&sim_delivered.bytes)};
}

/* Until all that was published so far is delivered, and the room has taken it. */
static void settle(uint64_t published)
{
    while (atomic_load(&sim_published.messages) < published)
        nanosleep(&(struct timespec){.tv_nsec = SETTLE_MS * 1000000L}, NULL);
    live_run(live);
}

/* What one node sends and hears of it; what the whole process took, for each delivery. */
static void report(const char *what, const struct reading *from, double units, const char *unit)
{
    struct reading now = read_now();
    double sent = (double)(now.published - from->published),
           heard = (double)(now.delivered - from->delivered);
    printf("%-22s a node sends %9.1f messages %12.0f bytes, hears %9.1f messages %12.0f bytes"
           " %s; %.2f us a delivery, all nodes together\n",
           what, sent / nodes_n / units,
           (double)(now.published_bytes - from->published_bytes) / nodes_n / units,
           heard / nodes_n / units,
           (double)(now.delivered_bytes - from->delivered_bytes) / nodes_n / units, unit,
           (now.cpu - from->cpu) * 1e6 / (heard > 0 ? heard : 1));
    fflush(stdout);
}

static size_t resident(void)
{
    struct mallinfo2 m = mallinfo2();
    return m.uordblks + m.hblkhd;
}

/* --- what nodes say --- */

static void say_beats(void)
{
    struct reading from = read_now();
    for (int second = 0; second < 10; second++)
        for (int n = 0; n < nodes_n; n++)
            node_beat(&nodes[n].node, false);
    settle(from.published + 10 * (uint64_t)nodes_n);
    report("beats", &from, 10, "a second");
}

static void tell_rows(int n, const char *topic, json_t *rows)
{
    tell_others(&nodes[n].app, scope_session(&live->session), topic,
                json_pack("{s:o}", "rows", rows));
}

static json_t *span_row(int n, int member)
{
    char span[ID_TEXT_SIZE], person[ID_TEXT_SIZE];
    struct id s = {.bytes = {0x73, (uint8_t)(n >> 8), (uint8_t)n}}, p = s;
    memcpy(s.bytes + 8, &member, sizeof member);
    p.bytes[0] = 0x70;
    memcpy(p.bytes + 8, &member, sizeof member);
    return json_pack("[s,s,I,I,I,b,b]", id_text(&s, span), id_text(&p, person),
                     (json_int_t)LIVE_START, (json_int_t)0, (json_int_t)0, 0, 0);
}

/* Everybody of every node but the first comes, one at a time; the first node's room knows them all.
 */
static void say_joins(void)
{
    size_t before = resident();
    double cpu = 0;
    struct reading from = read_now();
    uint64_t published = from.published;
    for (int member = 0; member < members_n; member++) {
        for (int n = 1; n < nodes_n; n++) {
            json_t *rows = json_array();
            json_array_append_new(rows, span_row(n, member));
            tell_rows(n, OTHERS, rows);
        }
        settle(published += (uint64_t)nodes_n - 1);
    }
    report("joins", &from, members_n, "a member of each node");
    cpu = seconds(CLOCK_PROCESS_CPUTIME_ID) - from.cpu;
    printf("%-22s the room of one node knows %d others in %.0f MB, %.0f bytes each; %.1f us a "
           "join, of all nodes\n",
           "joins.memory", entered, (double)(resident() - before) / 1e6,
           (double)(resident() - before) / (entered ? entered : 1),
           cpu * 1e6 / (entered ? entered : 1));
}

/* Everybody votes; a message has what one commit added. */
static void say_votes(void)
{
    char poll[ID_TEXT_SIZE], person[ID_TEXT_SIZE];
    struct reading from = read_now();
    struct id id = {{9}};
    uint64_t published = from.published;
    for (int member = 0; member < members_n; member += VOTES_AT_ONCE) {
        for (int n = 0; n < nodes_n; n++) {
            json_t *rows = json_array();
            for (int i = 0; i < VOTES_AT_ONCE; i++)
                json_array_append_new(rows, json_pack("[s,s,I]", id_text(&id, poll),
                                                      id_text(&nodes[n].app.node, person),
                                                      (json_int_t)1));
            tell_rows(n, "polls.votes", rows);
        }
        settle(published += (uint64_t)nodes_n);
    }
    report("votes", &from, 1, "for one poll");
}

static struct event *event_of(int64_t seq)
{
    struct event *e = mem_new(sizeof *e);
    list_init(&e->node);
    *e = (struct event){.type = event_type_find(live->app.events, "sim.moved"),
                        .session = live->session,
                        .congress = live->congress,
                        .seq = seq,
                        .at = LIVE_START,
                        .version = 1,
                        .audience = ROLE_ANY,
                        .payload = json_pack("{s:s,s:i}", "deck",
                                             "00000000-0000-4000-8000-000000000001", "page", 1)};
    list_init(&e->node);
    return e;
}

static void tell_one(int64_t seq)
{
    struct list events;
    struct event *e = event_of(seq);
    list_init(&events);
    list_append(&events, &e->node);
    tell_others_committed(&nodes[1].app, &events);
    events_free(&events);
}

/* One node's host turns slides; the first node's room applies each. */
static void say_events(void)
{
    struct reading from = read_now();
    for (int64_t seq = 1; seq <= EVENTS; seq++) {
        tell_one(seq);
        settle(from.published + (uint64_t)seq);
    }
    report("events", &from, EVENTS, "an event (sent by one node: times the nodes)");
    printf("%-22s %d of %d applied in order by the other node's room\n", "events.applied", applied,
           EVENTS);
}

/* --- a gap --- */

static bool lose_it(int subscription)
{
    return subscription == 0;
}

static void notice_gap(void)
{
    struct sim_node *first = &nodes[0];
    uint64_t published = atomic_load(&sim_published.messages);
    peers_missed(&first->node.peers, 0);
    sim_lose = lose_it;
    tell_one(EVENTS + 1);
    settle(published + 1);
    sim_lose = NULL;
    bool early = peers_missed(&first->node.peers, clock_mono_us(first->app.clock));
    node_beat(&nodes[1].node, false);
    settle(published + 2);
    bool seen = peers_missed(&first->node.peers, clock_mono_us(first->app.clock));
    printf("%-22s %s by the next message of its node, at most %.1f s later: the beat\n",
           "gap.noticed", seen && !early ? "noticed" : "NOT NOTICED",
           (double)NODE_BEAT_US / US_PER_S);
}

/* A node of so many members dies: its share goes. */
static void lose_node(void)
{
    char text[ID_TEXT_SIZE];
    double at = seconds(CLOCK_MONOTONIC);
    tell_here(&nodes[0].app, (struct scope){.kind = SCOPE_ALL}, "nodes.gone",
              json_pack("{s:s,s:I}", "node", id_text(&nodes[1].app.node, text), "lease",
                        (json_int_t)LIVE_START));
    live_run(live);
    printf("%-22s a dead node's %d members are taken off in %.1f ms of the loop\n", "gone",
           members_n, (seconds(CLOCK_MONOTONIC) - at) * 1e3);
}

int main(int argc, char **argv)
{
    log_set_fd(open("/dev/null", O_WRONLY));
    pg_setup();
    if (argc > 1)
        nodes_n = atoi(argv[1]);
    if (argc > 2)
        members_n = atoi(argv[2]);
    live = live_new_opened(features, NULL, open_now);
    live_member(live, 0, ROLE_HOST, 1);
    nodes = mem_new((size_t)nodes_n * sizeof *nodes);
    for (int n = 0; n < nodes_n; n++)
        begin_node(n);
    nodes[0].live = live;
    live->app.node = nodes[0].app.node;
    printf("%d nodes, %d members each, one session\n", nodes_n, members_n);
    say_beats();
    say_events();
    say_joins();
    say_votes();
    lose_node();
    notice_gap();
    gap_read(live->app.events, nodes_n, members_n);
    fflush(stdout);
    _exit(0); /* the buses have threads */
}
