#include "harness/stage.h"
#include "harness/pg.h"
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

/* The token made by live_open() says roles and person; they are those of the audience. */
static void look_up(struct app *app, struct sign_in_check *check)
{
    (void)app;
    bool hcp = check->token[0] & ROLE_HCP;
    int n = check->token[1] << 8 | check->token[2];
    check->err = ERR_OK;
    check->who = audience_organiser();
    check->who.roles = check->token[0];
    check->who.congress = audience_id(AUDIENCE_CONGRESS);
    if (hcp || n)
        check->who.person = audience_person(n);
    mailbox_post(check->reply_to, &check->message);
}

static void start(struct stage *s, const struct feature *const *features)
{
    struct db_config config = {.url = pg_application(s->url),
                               .hot = 2,
                               .short_ = 2,
                               .long_ = 1,
                               .busy_after_ms = 10000,
                               .statement_timeout_ms = 10000};
    const char *why = NULL;
    s->db = db_new(&config);
    s->conn = db_connect(s->url, &why);
    assert(s->conn);
    s->live = live_new(1, features, s->db, NULL, look_up);
    s->live->organisation = audience_id(AUDIENCE_ORG);
    s->live->congress = audience_id(AUDIENCE_CONGRESS);
    s->live->session = audience_id(AUDIENCE_SESSION);
}

void stage_open(struct stage *s, const struct feature *const *features)
{
    stage_open_in(s, pg_test_database(), features);
}

void stage_open_in(struct stage *s, const char *url, const struct feature *const *features)
{
    s->url = url;
    audience_make(s->url);
    for (int n = 1; n <= STAGE_PEOPLE; n++)
        audience_register(s->url, n, "10", NULL, "SA07", "11", "35_44");
    start(s, features);
}

static void stop(struct stage *s)
{
    db_disconnect(s->conn);
    db_free(s->db);
    live_free(s->live);
}

void stage_restart(struct stage *s, const struct feature *const *features)
{
    stop(s);
    start(s, features);
}

void stage_close(struct stage *s)
{
    stop(s);
}

void stage_change(struct stage *s, struct change *change)
{
    struct identity who = audience_organiser();
    live_change(s->live, change, &who);
}

uint64_t stage_staff(struct stage *s, unsigned roles)
{
    return live_member(s->live, 0, roles, 0);
}

uint64_t stage_hcp(struct stage *s, int person)
{
    return live_member(s->live, 0, ROLE_HCP, person);
}

json_t *stage_snapshot(struct stage *s, unsigned roles, int person)
{
    uint64_t conn = live_open(s->live, 0, roles, person);
    int64_t request = live_ask_join(s->live, conn, &s->live->session, NULL, 0);
    json_t *answer = live_wait_answer(s->live, conn, request);
    return json_object_get(json_object_get(answer, "ok"), "snapshot");
}

const char *stage_code(struct stage *s, uint64_t conn, const char *command, const char *data)
{
    int64_t request = live_command(s->live, conn, command, data);
    live_wait_answer(s->live, conn, request);
    return live_code(s->live, conn, request);
}

json_t *stage_ok(struct stage *s, uint64_t conn, const char *command, const char *data)
{
    int64_t request = live_command(s->live, conn, command, data);
    return json_object_get(live_wait_answer(s->live, conn, request), "ok");
}

void stage_pass(struct stage *s, int ms)
{
    clock_advance(s->live->clock, ms * US_PER_MS);
    live_run(s->live);
    dispatch_tick(s->live->loop[0].d);
    live_run(s->live);
}

struct wanted {
    uint64_t conn;
    const char *kind, *name;
    size_t n;
};

static bool has_frame(struct live *live, void *arg)
{
    struct wanted *w = arg;
    return live_nth(live, w->conn, w->kind, w->name, w->n) != NULL;
}

json_t *stage_frame(struct stage *s, uint64_t conn, const char *kind, const char *name, size_t n)
{
    struct wanted w = {conn, kind, name, n};
    bool there = live_until(s->live, has_frame, &w);
    if (!there)
        fprintf(stderr, "no %s %s number %zu came\n", kind, name, n);
    assert(there);
    return json_object_get(live_nth(s->live, conn, kind, name, n), "data");
}
