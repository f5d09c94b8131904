#include "harness/hall.h"
#include "base/mem.h"
#include "db/db.h"
#include "features/presence/presence.h"
#include "features/sessions/sessions.h"
#include "harness/audience.h"
#include "harness/pg.h"
#include <assert.h>

static const struct feature *const features[] = {&presence_feature, &sessions_feature, NULL};

static struct id person_of(unsigned roles, int n)
{
    return roles & ROLE_HCP ? audience_person(n) : audience_id(AUDIENCE_STAFF);
}

static void fill(const char *url)
{
    audience_make(url);
    pg_sql(url, "UPDATE session SET state = 'lobby', live_at = NULL");
    for (int n = 1; n <= HALL_PEOPLE; n++)
        audience_register(url, n, "10", "SM04", "SA01", "11", "45_54");
}

static void start_node(struct hall *hall)
{
    const char *why = NULL;
    struct db_conn *conn = db_connect(hall->url, &why);
    assert(conn);
    enum err err = presence_feature.start(&hall->live->app, conn);
    assert(err == ERR_OK);
    db_disconnect(conn);
}

struct hall *hall_open(const char *url, int loops)
{
    struct hall *hall = mem_new(sizeof *hall);
    hall->url = mem_strdup(url ? url : pg_test_database());
    if (strcmp(pg_sql(hall->url, "SELECT count(*) FROM session"), "0") == 0)
        fill(hall->url);
    hall->config.node_name = mem_strdup("main");
    hall->db = db_new(&(struct db_config){.url = pg_application(hall->url),
                                          .hot = 2,
                                          .short_ = 2,
                                          .long_ = 1,
                                          .busy_after_ms = 300,
                                          .statement_timeout_ms = 5000});
    hall->live = live_new(loops, features, hall->db, NULL, NULL);
    hall->live->app.config = &hall->config;
    hall->live->person = person_of;
    hall->live->organisation = audience_id(AUDIENCE_ORG);
    hall->live->congress = audience_id(AUDIENCE_CONGRESS);
    hall->live->session = audience_id(AUDIENCE_SESSION);
    start_node(hall);
    return hall;
}

static bool all_drained(struct live *live, void *arg)
{
    (void)arg;
    for (int i = 0; i < live->loops; i++) {
        for (uint64_t n = 1; n < live->loop[i].next; n++)
            live_close(live, (uint64_t)i << 32 | n, clock_now_us(live->clock));
    }
    for (int i = 0; i < live->loops; i++) {
        if (!dispatch_drained(live->loop[i].d))
            return false;
    }
    return true;
}

void hall_close(struct hall *hall)
{
    for (int i = 0; i < hall->live->loops; i++)
        dispatch_drain(hall->live->loop[i].d);
    bool drained = live_until(hall->live, all_drained, NULL);
    assert(drained);
    presence_feature.stop(&hall->live->app);
    db_free(hall->db);
    live_free(hall->live);
    free(hall->config.node_name);
    free(hall->url);
    free(hall);
}

const char *hall_sql(struct hall *hall, const char *sql)
{
    return pg_sql(hall->url, sql);
}

struct awaited {
    struct hall *hall;
    const char *sql, *text;
};

static bool says(struct live *live, void *arg)
{
    (void)live;
    struct awaited *a = arg;
    return strcmp(pg_sql(a->hall->url, a->sql), a->text) == 0;
}

bool hall_until_sql(struct hall *hall, const char *sql, const char *text)
{
    return live_until(hall->live, says, &(struct awaited){hall, sql, text});
}
