/* Frames of the live websocket, from a host and from an HCP, through the dispatcher's checks into
 * the features' handlers, over a real database. A frame that is refused never reaches a room; what
 * reaches it must be answered. */
#include "base/config.h"
#include "base/mem.h"
#include "feature_list.h"
#include "features/presence/presence.h"
#include "fuzz/fuzz.h"
#include "harness/pg.h"
#include "harness/run.h"
#include "harness/stage.h"
#include "room/home/home.h"
#include <stdio.h>
#include <string.h>

/* Those of the golden files. */
#define POLL         "5f0c1b1e-6a52-4c39-9d0e-1f1a3c5b7d01"
#define QUESTION     "7d0e1f1a-0c1b-4e6a-8239-5f3c5b7d0100"
#define GOLDEN_PLACE "5b6c7f2e"
#define DECK         "8a1b6f2e-0d4c-4b7a-9e21-3c5d7f9a1b01"

#define FRESH_AFTER 1000 /* inputs until the session is put back to its beginning */

static struct stage stage;
static struct config config = {.node_name = "main", .lease_ms = 50};
static uint64_t host, hcp;
static uint64_t keeper; /* stays, so that the room is not opened anew for each input */

static const char content[] =
    "TRUNCATE poll_vote, poll_option, poll, question_vote, question, slide_position, slide_image,"
    " slide, deck;"
    "UPDATE session SET state = 'live', version = 0, planned_minutes = 60;"
    "INSERT INTO poll (id, organisation_id, session_id, position, question, choice, state,"
    " opened_at, created_at) VALUES ('" POLL "', '" AUDIENCE_ORG "', '" AUDIENCE_SESSION
    "', 1, 'Why?', 'multiple', 'open', '2026-11-01', '2026-11-01');"
    "INSERT INTO poll_option (poll_id, position, text)"
    " SELECT '" POLL "', n, 'Option ' || n FROM generate_series(1, 3) n;"
    "INSERT INTO deck (id, organisation_id, session_id, file_name, pdf, bytes, state, page_count,"
    " created_at, created_by) VALUES ('" DECK "', '" AUDIENCE_ORG "', '" AUDIENCE_SESSION
    "', 'Talk.pdf', decode(repeat('ab', 32), 'hex'), 1000, 'ready', 3, '2026-11-01',"
    " '" AUDIENCE_STAFF "');"
    "INSERT INTO slide (deck_id, page, state, width, height, text)"
    " SELECT '" DECK "', n, 'ready', 720, 405, '' FROM generate_series(1, 3) n;"
    "INSERT INTO question (id, organisation_id, session_id, registration_id, text, asked_at,"
    " state_at) SELECT '" QUESTION "', '" AUDIENCE_ORG "', '" AUDIENCE_SESSION "', id, 'Why?',"
    " '2026-11-01', '2026-11-01' FROM registration LIMIT 1";

static void start_node(void)
{
    stage.live->app.config = &config;
    run_begin(&stage.live->app, stage.url);
}

static bool drained(struct live *live, void *arg)
{
    (void)arg;
    return dispatch_drained(live->loop[0].d);
}

static void begin_afresh(void)
{
    uint64_t conns[] = {host, hcp, keeper};
    for (int i = 0; i < 3; i++)
        if (conns[i])
            live_close(stage.live, conns[i], clock_now_us(stage.live->clock));
    dispatch_drain(stage.live->loop[0].d);
    MUST(live_until(stage.live, drained, NULL));
    run_end(&stage.live->app);
    pg_sql(stage.url, content);
    stage_restart(&stage, all_features);
    start_node();
    host = hcp = 0;
    keeper = live_member(stage.live, 0, ROLE_HCP, 2);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    stage_open(&stage, all_features);
    start_node();
    begin_afresh();
    return 0;
}

/* The slot is used again, so that there is no end to them. */
static void forget(uint64_t conn)
{
    struct live_conn *c = live_conn(stage.live, conn);
    live_close(stage.live, conn, clock_now_us(stage.live->clock));
    live_run(stage.live);
    json_decref(c->frames);
    payload_unref(c->last);
    *c = (struct live_conn){.frames = NULL};
}

/* It may have left, or be closed. */
static bool is_in(uint64_t conn)
{
    struct room *room = map_get(&stage.live->loop[0].d->rooms->by_session, &stage.live->session);
    return !live_conn(stage.live, conn)->closed && room && room_member_by_conn(room, conn);
}

static uint64_t joined(uint64_t conn, unsigned roles)
{
    uint64_t next = stage.live->loop[0].next;
    if (conn && is_in(conn))
        return conn;
    if (conn) {
        forget(conn);
        stage.live->loop[0].next = conn;
    }
    uint64_t again = live_member(stage.live, 0, roles, 1);
    if (conn)
        stage.live->loop[0].next = next;
    return again;
}

/* The inputs name the place of the golden files: the connection's own has the same length. */
static char *placed(uint64_t conn, const uint8_t *data, size_t size)
{
    static const char golden[] = GOLDEN_PLACE;
    char *copy = mem_new(size + 1), *at = copy;
    memcpy(copy, data, size);
    while ((at = memmem(at, size - (size_t)(at - copy), golden, sizeof golden - 1))) {
        memcpy(at, live_conn(stage.live, conn)->place, sizeof golden - 1);
        at += sizeof golden - 1;
    }
    return copy;
}

static void send(uint64_t conn, const uint8_t *data, size_t size)
{
    clock_advance(stage.live->clock, US_PER_S); /* fills the buckets of the rates */
    live_forget(stage.live, conn);
    char *text = placed(conn, data, size);
    dispatch_conn_message(stage.live->loop[0].d, conn, text, size);
    live_run(stage.live);
    json_t *frame = json_loadb(text, size, JSON_REJECT_DUPLICATES, NULL);
    free(text);
    json_t *id = json_object_get(frame, "id");
    if (json_is_integer(id) && json_integer_value(id) > 0 && !live_conn(stage.live, conn)->closed)
        live_wait_answer(stage.live, conn, json_integer_value(id));
    json_decref(frame);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static unsigned inputs;
    if (++inputs % FRESH_AFTER == 0)
        begin_afresh();
    host = joined(host, ROLE_HOST);
    hcp = joined(hcp, ROLE_HCP);
    send(hcp, data, size);
    host = joined(host, ROLE_HOST);
    send(host, data, size);
    live_forget(stage.live, keeper);
    return 0;
}
