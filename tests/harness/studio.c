#include "harness/studio.h"
#include "base/mem.h"
#include "base/rate.h"
#include "media/stage.h"
#include "room/event.h"
#include "room/feature.h"
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char id_bytes[] = "studio's ids all";

static struct id made(char what)
{
    struct id id;
    memcpy(id.bytes, id_bytes, sizeof id.bytes);
    id.bytes[15] = (uint8_t)what;
    return id;
}

static struct id person_of(const uint8_t *token)
{
    struct id id = made((char)token[0]);
    memcpy(id.bytes, token + 1, 4);
    return id;
}

struct id studio_person(char letter)
{
    uint8_t token[5];
    memset(token, letter, sizeof token);
    return person_of(token);
}

/* --- the feature --- */

static struct media_rights rights_of(struct room *room, const struct identity *who)
{
    bool staff = who->roles & ROLE_STAFF;
    (void)room;
    return (struct media_rights){.scope = staff ? MEDIA_TO_ALL : MEDIA_TO_NOBODY,
                                 .voice = true,
                                 .camera = true,
                                 .screen = true,
                                 .crew = staff};
}

static void take(struct room *room, void *loaded)
{
    (void)loaded;
    room->organisation = made(1);
    room->congress = made(2);
    room_hold(room); /* as a session with people in it */
}

static void on_close(struct room *room)
{
    (void)room;
}

/* Everybody is sent everything. */
static void on_join(struct room *room, struct member *member)
{
    room_watch(room, member, MEDIA_RUNG_HIGH);
}

static const struct feature with_stage = {.name = "stage",
                                          .opening = {.take = take},
                                          .room_close = on_close,
                                          .member_join = on_join,
                                          .media_rights = rights_of};
static const struct feature without_stage = {
    .name = "hall", .opening = {.take = take}, .room_close = on_close};
static const struct feature *const on[] = {&with_stage, NULL}, *const off[] = {&without_stage,
                                                                               NULL};

static void look_up(struct app *app, struct sign_in_check *check)
{
    char letter = (char)check->token[0];
    (void)app;
    check->err = ERR_OK;
    check->who = (struct identity){.roles = letter >= 'a' ? ROLE_HCP : ROLE_HOST,
                                   .person = person_of(check->token),
                                   .organisation = made(1),
                                   .congress = made(2)};
    mailbox_post(check->reply_to, &check->message);
}

static void open_room(struct room_opening *opening)
{
    room_opening_done(opening, ERR_OK);
}

static bool token_hash(const char *text, uint8_t hash[TOKEN_HASH_SIZE])
{
    if (strlen(text) != 43)
        return false;
    memcpy(hash, text, TOKEN_HASH_SIZE);
    return true;
}

/* --- the server --- */

/* A benchmark runs it, too, where there is no test that could fail. */
static void give_up(const char *why)
{
    fprintf(stderr, "studio: %s\n", why);
    abort();
}

static void start_net(struct studio *s)
{
    char why[256] = "";
    if (s->tls && !s->certificate[0]) {
        snprintf(s->certificate, sizeof s->certificate, "%s/cert.pem", s->folder);
        snprintf(s->key, sizeof s->key, "%s/key.pem", s->folder);
        test_certificate(s->certificate, s->key);
    }
    s->net = net_new(&(struct net_config){.loops = s->loops,
                                          .loop_count = s->loop_count,
                                          .address = "127.0.0.1",
                                          .metrics_port = -1,
                                          .tls = s->tls,
                                          .certificate = s->certificate,
                                          .key = s->key,
                                          .lock_folder = s->folder,
                                          .http = {.clock = &s->clock, .token_hash = token_hash}},
                     why, sizeof why);
    if (!s->net)
        give_up(why);
    s->port = net_port(s->net);
}

static void start_rooms(struct studio *s, const struct feature *const *features)
{
    char why[256] = "";
    s->app.clock = &s->clock;
    s->app.dispatchers = s->dispatchers;
    s->app.loops = s->loop_count;
    s->app.events = s->catalog = event_catalog_new(features);
    s->rates = rate_table_new();
    struct dispatch_config config = {.app = &s->app,
                                     .clock = &s->clock,
                                     .features = features,
                                     .lookup = look_up,
                                     .rates = s->rates,
                                     .open = open_room,
                                     .lane_waiting = 100,
                                     .build = "test",
                                     .ping_ms = 20000};
    for (int i = 0; i < s->loop_count; i++) {
        struct wire wire = net_wire(s->net, i);
        s->dispatchers[i] = dispatch_new(&config, s->dispatchers, s->loop_count, i,
                                         loop_mailbox(s->loops[i]), &wire);
        net_set_dispatch(s->net, i, s->dispatchers[i]);
    }
    if (net_start(s->net, why, sizeof why) != ERR_OK)
        give_up(why);
}

static struct studio *start(struct studio *s, int loops, bool somebody_may)
{
    s->loop_count = loops;
    s->session = made(3);
    clock_init(&s->clock);
    snprintf(s->folder, sizeof s->folder, "/tmp/amphi-studio-XXXXXX");
    if (!mkdtemp(s->folder))
        give_up("no folder");
    for (int i = 0; i < s->loop_count; i++)
        s->loops[i] = loop_new(i, &s->clock);
    start_net(s);
    start_rooms(s, somebody_may ? on : off);
    for (int i = 0; i < s->loop_count; i++)
        if (loop_run_thread(s->loops[i]) != ERR_OK)
            give_up("no thread");
    return s;
}

struct studio *studio_open(bool tls, bool somebody_may)
{
    struct studio *s = mem_new(sizeof *s);
    s->tls = tls;
    return start(s, STUDIO_LOOPS, somebody_may);
}

struct studio *studio_measured(const char *certificate, const char *key)
{
    struct studio *s = mem_new(sizeof *s);
    s->tls = certificate != NULL;
    snprintf(s->certificate, sizeof s->certificate, "%s", certificate ? certificate : "");
    snprintf(s->key, sizeof s->key, "%s", key ? key : "");
    return start(s, 1, true);
}

void studio_drain(struct studio *s)
{
    if (!s->drained)
        net_drain(s->net, 300);
    s->drained = true;
}

void studio_close(struct studio *s)
{
    char command[96];
    studio_drain(s);
    for (int i = 0; i < s->loop_count; i++) {
        loop_stop(s->loops[i]);
        loop_join(s->loops[i]);
    }
    net_free(s->net);
    for (int i = 0; i < s->loop_count; i++)
        dispatch_free(s->dispatchers[i]);
    rate_table_free(s->rates);
    for (int i = 0; i < s->loop_count; i++)
        loop_free(s->loops[i]);
    event_catalog_free(s->catalog);
    snprintf(command, sizeof command, "rm -r %s", s->folder);
    if (system(command) != 0)
        give_up("the folder stays");
    free(s);
}

/* --- clients --- */

static int upgrade(struct studio *s, struct peer *c, const char *path, const char *protocol,
                   char letter)
{
    char headers[256], token[44];
    memset(token, letter, 43);
    token[43] = '\0';
    snprintf(headers, sizeof headers, "Sec-WebSocket-Protocol: %s\r\nCookie: __Host-amphi=%s\r\n",
             protocol, token);
    return peer_upgrade_at(c, path, s->port, net_base_url(s->net), headers);
}

/* The next text frame; media meanwhile are dropped. */
static char *read_text(struct peer *c)
{
    int opcode = 0;
    char *text;
    size_t len;
    for (;;) {
        ck_assert(ws_read(c, &opcode, &text, &len, CLIENT_LIMIT_MS));
        if (opcode == WS_TEXT)
            return text;
        free(text);
    }
}

static void ask(struct studio *s, struct peer *c, const char *command)
{
    char text[256], id[ID_TEXT_SIZE];
    int len =
        snprintf(text, sizeof text, "{\"id\":1,\"command\":\"%s\",\"data\":{\"session\":\"%s\"}}",
                 command, id_text(&s->session, id));
    ws_send(c, WS_TEXT, text, (size_t)len);
}

void studio_member(struct studio *s, struct peer *c, char letter)
{
    if (!c->fd)
        peer_open(c, s->port, s->tls);
    ck_assert_int_eq(upgrade(s, c, "/live", "amphi.2", letter), 101);
    free(read_text(c));
    ask(s, c, "session.join");
    char *answer = read_text(c);
    ck_assert_msg(strstr(answer, "\"ok\""), "%s", answer);
    free(answer);
}

int studio_door(struct studio *s, struct peer *c, char letter)
{
    peer_open(c, s->port, s->tls);
    int status = upgrade(s, c, "/publish", "amphi-media.1", letter);
    if (status == 101)
        free(read_text(c));
    return status;
}

const char *studio_publish(struct studio *s, struct peer *c)
{
    static char code[64];
    ask(s, c, "session.publish");
    char *answer = read_text(c);
    const char *at = strstr(answer, "\"code\":\"");
    snprintf(code, sizeof code, "%.*s", at ? (int)strcspn(at + 8, "\"") : 0, at ? at + 8 : "");
    free(answer);
    return code;
}
