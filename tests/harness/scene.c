#include "harness/scene.h"
#include "base/mem.h"
#include "db/db.h"
#include "features/presence/presence.h"
#include "features/sessions/sessions.h"
#include "harness/audience.h"
#include "harness/pg.h"
#include "harness/run.h"
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
    for (int n = 1; n <= SCENE_PEOPLE; n++)
        audience_register(url, n, "10", "SM04", "SA01", "11", "45_54");
}

struct scene *scene_open(const char *url, int loops)
{
    struct scene *scene = mem_new(sizeof *scene);
    scene->url = mem_strdup(url ? url : pg_test_database());
    if (strcmp(pg_sql(scene->url, "SELECT count(*) FROM session"), "0") == 0)
        fill(scene->url);
    scene->config.node_name = mem_strdup("main");
    scene->config.lease_ms = 50;
    scene->db = db_new(&(struct db_config){.url = pg_application(scene->url),
                                           .hot = 2,
                                           .short_ = 2,
                                           .long_ = 1,
                                           .busy_after_ms = 300,
                                           .statement_timeout_ms = 5000});
    scene->live = live_new(loops, features, scene->db, NULL, NULL);
    scene->live->app.config = &scene->config;
    scene->live->person = person_of;
    scene->live->organisation = audience_id(AUDIENCE_ORG);
    scene->live->congress = audience_id(AUDIENCE_CONGRESS);
    scene->live->session = audience_id(AUDIENCE_SESSION);
    run_begin(&scene->live->app, scene->url);
    return scene;
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

void scene_close(struct scene *scene)
{
    for (int i = 0; i < scene->live->loops; i++)
        dispatch_drain(scene->live->loop[i].d);
    bool drained = live_until(scene->live, all_drained, NULL);
    assert(drained);
    run_end(&scene->live->app);
    db_free(scene->db);
    live_free(scene->live);
    free(scene->config.node_name);
    free(scene->url);
    free(scene);
}

const char *scene_sql(struct scene *scene, const char *sql)
{
    return pg_sql(scene->url, sql);
}

struct awaited {
    struct scene *scene;
    const char *sql, *text;
};

static bool says(struct live *live, void *arg)
{
    (void)live;
    struct awaited *a = arg;
    return strcmp(pg_sql(a->scene->url, a->sql), a->text) == 0;
}

bool scene_until_sql(struct scene *scene, const char *sql, const char *text)
{
    return live_until(scene->live, says, &(struct awaited){scene, sql, text});
}
