#include "harness/live.h"
#include "base/config.h"
#include "base/mem.h"
#include "base/rate.h"
#include "harness/talk.h"
#include "harness/wait.h"
#include "room/home/home.h"
#include <assert.h>
#include <stdio.h>

static struct live_loop *loop_of(struct live *live, uint64_t conn)
{
    return &live->loop[conn >> 32];
}

struct live_conn *live_conn(struct live *live, uint64_t conn)
{
    return &loop_of(live, conn)->conns[conn & 0xffffffff];
}

static void wire_send(void *net, uint64_t conn, enum frame_class class, uint64_t key,
                      struct payload *frame)
{
    struct live_loop *loop = net;
    struct live_conn *c = live_conn(loop->live, conn);
    if (c->closed)
        return;
    if (conn == loop->choked) {
        c->closed = 1013;
        int64_t now = clock_now_us(loop->live->clock);
        dispatch_conn_closed(loop->d, conn, now, now);
        return;
    }
    c->sends++;
    c->last_class = class;
    c->last_key = key;
    payload_unref(c->last);
    c->last = payload_ref(frame);
    live_keep(c, class, frame);
}

static void wire_close(void *net, uint64_t conn, uint16_t code, const char *reason)
{
    struct live_loop *loop = net;
    (void)reason;
    live_conn(loop->live, conn)->closed = code;
}

struct id live_person(int person)
{
    return (struct id){.bytes = {0x70, (uint8_t)(person >> 8), (uint8_t)person, 1}};
}

static struct id by_number(unsigned roles, int n)
{
    (void)roles;
    return live_person(n);
}

struct id live_sign_in(unsigned roles, int person)
{
    return (struct id){.bytes = {1, (uint8_t)roles, (uint8_t)(person >> 8), (uint8_t)person}};
}

static void made_up(struct app *app, struct sign_in_check *check)
{
    struct live *live = container_of(app, struct live, app);
    check->err = live->lookup_err;
    check->until = live->until;
    check->who.roles = live->lookup_roles ? live->lookup_roles : check->token[0];
    int person = check->token[1] << 8 | check->token[2];
    check->who.person = live->person(check->who.roles, person);
    check->who.sign_in = live_sign_in(check->token[0], person);
    char name[30];
    snprintf(name, sizeof name, "Person %d", person);
    check->name = mem_strdup(name);
    check->who.organisation = live->organisation;
    check->who.congress = live->congress;
    if (!check->who.roles)
        check->err = ERR_UNAUTHENTICATED;
    if (live->lookup_later)
        list_append(&live->asked, &check->message.node);
    else
        mailbox_post(check->reply_to, &check->message);
}

void live_answer_lookups(struct live *live)
{
    struct list *node;
    while ((node = list_take_first(&live->asked))) {
        struct message *message = container_of(node, struct message, node);
        struct sign_in_check *check = container_of(message, struct sign_in_check, message);
        mailbox_post(check->reply_to, message);
    }
}

static void no_wake(void *reader)
{
    (void)reader;
}

static struct live *new_live(int loops, const struct feature *const *features, struct db *db,
                             struct clock *clock, sign_in_lookup *lookup,
                             void (*open)(struct room_opening *opening))
{
    static const struct config nothing_set;
    struct live *live = mem_new(sizeof *live);
    live->loops = loops;
    live->app.config = &nothing_set;
    clock_init_fake(&live->own_clock, LIVE_START);
    live->clock = clock ? clock : &live->own_clock;
    live->person = by_number;
    list_init(&live->asked);
    live->organisation = id_random();
    live->congress = id_random();
    live->session = id_random();
    live->other_session = id_random();
    live->app.clock = live->clock;
    live->app.db = db;
    live->app.dispatchers = live->peers;
    live->app.loops = loops;
    live->app.features = features;
    live->rates = rate_table_new();
    live->app.events = live->catalog = event_catalog_new(features);
    struct dispatch_config config = {.app = &live->app,
                                     .clock = live->clock,
                                     .features = features,
                                     .lookup = lookup ? lookup : made_up,
                                     .rates = live->rates,
                                     .db = db,
                                     .open = open,
                                     .lane_waiting = 10000,
                                     .build = "test",
                                     .ping_ms = 20000};
    for (int i = 0; i < loops; i++) {
        struct live_loop *loop = &live->loop[i];
        loop->live = live;
        loop->next = 1;
        loop->choked = UINT64_MAX;
        mailbox_init(&loop->mailbox, 10000, no_wake, loop);
        struct wire wire = {.send = wire_send, .tell = wire_send, .close = wire_close, .net = loop};
        loop->d = live->peers[i] =
            dispatch_new(&config, live->peers, loops, i, &loop->mailbox, &wire);
    }
    return live;
}

struct live *live_new(int loops, const struct feature *const *features, struct db *db,
                      struct clock *clock, sign_in_lookup *lookup)
{
    return new_live(loops, features, db, clock, lookup, db ? NULL : talk_open);
}

struct live *live_new_opened(const struct feature *const *features, struct db *db,
                             void (*open)(struct room_opening *opening))
{
    return new_live(1, features, db, NULL, NULL, open);
}

void live_join_nobody(struct live *live)
{
    uint64_t conn = live_open(live, 0, ROLE_HOST, 0);
    live_ask_join(live, conn, &live->session, NULL, 0);
    live_run(live);
    live_close(live, conn, clock_now_us(live->clock));
    live_run(live);
}

void live_free(struct live *live)
{
    for (int i = 0; i < live->loops; i++) {
        struct live_loop *loop = &live->loop[i];
        mailbox_drain(&loop->mailbox);
        dispatch_free(loop->d);
        for (int n = 0; n < LIVE_CONNS; n++) {
            json_decref(loop->conns[n].frames);
            payload_unref(loop->conns[n].last);
        }
    }
    for (int i = 0; i < live->loops; i++) {
        mailbox_drain(&live->loop[i].mailbox);
        mailbox_release(&live->loop[i].mailbox);
    }
    event_catalog_free(live->catalog);
    rate_table_free(live->rates);
    free(live);
}

static uint64_t greet(struct live *live, int loop, const struct greeting *greeting)
{
    uint64_t conn = (uint64_t)loop << 32 | live->loop[loop].next++;
    assert((conn & 0xffffffff) < LIVE_CONNS);
    live_conn(live, conn)->frames = json_array();
    dispatch_conn_opened(live->loop[loop].d, conn, greeting);
    return conn;
}

uint64_t live_open_with(struct live *live, int loop, const struct sign_ins *sign_ins)
{
    return greet(live, loop, &(struct greeting){.sign_ins = sign_ins});
}

uint64_t live_open_token(struct live *live, int loop, const uint8_t token[TOKEN_HASH_SIZE])
{
    struct sign_ins one = {.held = {token != NULL}};
    if (token)
        memcpy(one.token[SIDE_STAFF], token, TOKEN_HASH_SIZE);
    return live_open_with(live, loop, &one);
}

uint64_t live_open_publisher(struct live *live, int loop, unsigned roles, int person)
{
    struct sign_ins one = {.held = {true}};
    one.token[SIDE_STAFF][0] = (uint8_t)roles;
    one.token[SIDE_STAFF][1] = (uint8_t)(person >> 8);
    one.token[SIDE_STAFF][2] = (uint8_t)person;
    return greet(live, loop, &(struct greeting){.publishes = true, .sign_ins = &one});
}

void live_record(struct live *live, uint64_t conn, const struct media_record *record)
{
    unsigned char frame[2000] = {MEDIA_FRAME_KIND, MEDIA_FRAME_VERSION};
    assert(MEDIA_FRAME_HEAD + MEDIA_RECORD_HEAD + record->len <= sizeof frame);
    media_write_head(record, frame + MEDIA_FRAME_HEAD);
    if (record->bytes)
        memcpy(frame + MEDIA_FRAME_HEAD + MEDIA_RECORD_HEAD, record->bytes, record->len);
    dispatch_conn_media(loop_of(live, conn)->d, conn, frame,
                        MEDIA_FRAME_HEAD + MEDIA_RECORD_HEAD + record->len);
}

uint64_t live_open_outdated(struct live *live, int loop, const uint8_t token[TOKEN_HASH_SIZE])
{
    struct sign_ins one = {.held = {true}};
    memcpy(one.token[SIDE_STAFF], token, TOKEN_HASH_SIZE);
    return greet(live, loop, &(struct greeting){.outdated = true, .sign_ins = &one});
}

uint64_t live_open(struct live *live, int loop, unsigned roles, int person)
{
    uint8_t token[TOKEN_HASH_SIZE] = {(uint8_t)roles, (uint8_t)(person >> 8), (uint8_t)person};
    return live_open_token(live, loop, token);
}

void live_close(struct live *live, uint64_t conn, int64_t last_rx)
{
    int64_t now = clock_now_us(live->clock);
    dispatch_conn_closed(loop_of(live, conn)->d, conn, last_rx, now > last_rx ? now : last_rx);
}

void live_text(struct live *live, uint64_t conn, const char *text)
{
    dispatch_conn_message(loop_of(live, conn)->d, conn, text, strlen(text));
}

int64_t live_command(struct live *live, uint64_t conn, const char *command, const char *data)
{
    return live_command_at(live, conn, live_conn(live, conn)->place, command, data);
}

int64_t live_command_at(struct live *live, uint64_t conn, const char *place, const char *command,
                        const char *data)
{
    char text[COMMAND_MAX_BYTES], tag[PLACE_SIZE + 20] = "";
    int64_t request = ++live->requests;
    if (place && *place)
        snprintf(tag, sizeof tag, "\"place\":\"%s\",", place);
    snprintf(text, sizeof text, "{\"id\":%lld,%s\"command\":\"%s\",\"data\":%s}",
             (long long)request, tag, command, data);
    live_text(live, conn, text);
    return request;
}

int64_t live_ask_join(struct live *live, uint64_t conn, const struct id *session, const char *epoch,
                      int64_t seq)
{
    char id[ID_TEXT_SIZE], data[300];
    if (epoch)
        snprintf(data, sizeof data,
                 "{\"session\":\"%s\",\"resume\":{\"epoch\":\"%s\",\"seq\":%lld}}",
                 id_text(session, id), epoch, (long long)seq);
    else
        snprintf(data, sizeof data, "{\"session\":\"%s\"}", id_text(session, id));
    return live_command(live, conn, "session.join", data);
}

void live_look(struct live *live)
{
    for (int i = 0; i < live->loops; i++) {
        struct room *room = map_get(&live->peers[i]->rooms->by_session, &live->session);
        if (room)
            room_look(room, true);
    }
}

void live_change(struct live *live, struct change *change, const struct identity *who)
{
    change_init(change, &live->app, who, clock_now_us(live->clock));
}

static bool run_once(struct live *live)
{
    bool moved = false;
    for (int i = 0; i < live->loops; i++) {
        dispatch_bind(live->loop[i].d);
        moved |= mailbox_drain(&live->loop[i].mailbox);
        dispatch_turn(live->loop[i].d);
        dispatch_media(live->loop[i].d);
    }
    for (int i = 0; i < live->loops; i++) {
        struct mailbox *m = &live->loop[i].mailbox;
        pthread_mutex_lock(&m->lock);
        moved |= m->len > 0; /* a later loop wrote to an earlier one */
        pthread_mutex_unlock(&m->lock);
    }
    return moved;
}

void live_run(struct live *live)
{
    while (run_once(live))
        ;
}

static void tick(struct live *live)
{
    for (int i = 0; i < live->loops; i++)
        dispatch_tick(live->loop[i].d);
    live_run(live);
}

void live_advance(struct live *live, int64_t us)
{
    clock_advance(live->clock, us);
    tick(live);
}

struct awaited {
    struct live *live;
    bool (*holds)(struct live *live, void *arg);
    void *arg;
};

static bool check_awaited(void *arg)
{
    struct awaited *a = arg;
    live_run(a->live);
    tick(a->live);
    return a->holds(a->live, a->arg);
}

bool live_until(struct live *live, bool (*holds)(struct live *live, void *arg), void *arg)
{
    return wait_for(check_awaited, &(struct awaited){live, holds, arg}, 10);
}

struct awaited_answer {
    uint64_t conn;
    int64_t request;
};

static bool is_answered(struct live *live, void *arg)
{
    struct awaited_answer *a = arg;
    return live_answer(live, a->conn, a->request) || live_conn(live, a->conn)->closed;
}

json_t *live_wait_answer(struct live *live, uint64_t conn, int64_t request)
{
    bool answered = live_until(live, is_answered, &(struct awaited_answer){conn, request});
    assert(answered);
    return live_answer(live, conn, request);
}

uint64_t live_member(struct live *live, int loop, unsigned roles, int person)
{
    uint64_t conn = live_open(live, loop, roles, person);
    int64_t request = live_ask_join(live, conn, &live->session, NULL, 0);
    json_t *answer = live_wait_answer(live, conn, request);
    assert(json_object_get(answer, "ok"));
    live_forget(live, conn);
    return conn;
}

void live_forget(struct live *live, uint64_t conn)
{
    struct live_conn *c = live_conn(live, conn);
    json_array_clear(c->frames);
    c->sends = 0;
}

json_t *live_answer(struct live *live, uint64_t conn, int64_t request)
{
    size_t i;
    json_t *frame;
    json_array_foreach(live_conn(live, conn)->frames, i, frame)
    {
        json_t *id = json_object_get(frame, "id");
        if (id && json_integer_value(id) == request)
            return frame;
    }
    return NULL;
}

json_t *live_ok(struct live *live, uint64_t conn, int64_t request)
{
    return json_object_get(live_answer(live, conn, request), "ok");
}

const char *live_code(struct live *live, uint64_t conn, int64_t request)
{
    json_t *error = json_object_get(live_answer(live, conn, request), "error");
    const char *code = json_string_value(json_object_get(error, "code"));
    return code ? code : "";
}

json_t *live_nth(struct live *live, uint64_t conn, const char *kind, const char *name, size_t n)
{
    size_t i;
    json_t *frame;
    json_array_foreach(live_conn(live, conn)->frames, i, frame)
    {
        const char *found = json_string_value(json_object_get(frame, kind));
        if (found && strcmp(found, name) == 0 && n-- == 0)
            return frame;
    }
    return NULL;
}

size_t live_count(struct live *live, uint64_t conn, const char *kind, const char *name)
{
    size_t n = 0;
    while (live_nth(live, conn, kind, name, n))
        n++;
    return n;
}
