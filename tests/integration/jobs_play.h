/* Runs of the server that only run jobs, and a kind of job that a test drives. Included by one test
 * program. */
#ifndef AMPHI_TESTS_JOBS_PLAY_H
#define AMPHI_TESTS_JOBS_PLAY_H

#include "jobs/jobs.h"
#include "unit/run.h"
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define NOW         1800000000LL /* s */
#define ORGS        3
#define OBJECTS_MAX 400
#define ORDER_MAX   64

/* An organisation is 'a', 'b' or 'c'; an object is a number. */
static const char *url;
static struct clock now;

struct node {
    struct id id;
    struct db *db;
    struct jobs *jobs;
};

static const char *sql(const char *format, ...) __attribute__((format(printf, 1, 2)));
static const char *sql(const char *format, ...)
{
    char text[1024];
    va_list ap;
    va_start(ap, format);
    vsnprintf(text, sizeof text, format, ap);
    va_end(ap);
    return pg_sql(url, text);
}

static const char *org_text(char org)
{
    static char text[ID_TEXT_SIZE];
    snprintf(text, sizeof text, "%c%c%c%c%c%c%c%c-0000-4000-8000-000000000000", org, org, org, org,
             org, org, org, org);
    return text;
}

static int object_number(const struct job *job)
{
    return job->object.bytes[14] << 8 | job->object.bytes[15];
}

static void prepare(void)
{
    url = pg_test_database();
    clock_init_fake(&now, NOW * US_PER_S);
    for (char org = 'a'; org < 'a' + ORGS; org++)
        sql("INSERT INTO organisation (id, name, contact_email, created_at)"
            " VALUES ('%s', '%c', 'x@x.test', now())",
            org_text(org), org);
}

static void add_job(const char *kind, char org, int object)
{
    sql("INSERT INTO job (kind, object_id, organisation_id, created_at, due_at)"
        " VALUES ('%s', '00000000-0000-4000-8000-%012x', '%s', to_timestamp(%lld),"
        " to_timestamp(%lld))",
        kind, object, org_text(org), NOW, NOW);
}

static void add_node(const struct id *id, const char *name, int lease_age_s)
{
    char text[ID_TEXT_SIZE];
    sql("INSERT INTO node (id, name, started_at, lease_at) VALUES ('%s', '%s',"
        " to_timestamp(%lld), to_timestamp(%lld))",
        id_text(id, text), name, NOW - 1000, NOW - lease_age_s);
}

/* renderers: workers of DB_RENDER. The first look is done. */
static void start(struct node *n, const struct job_kind *const *kinds, int renderers)
{
    static const struct job_kind *const *tables[2];
    struct db_config config = {.url = pg_application(url),
                               .render = renderers,
                               .busy_after_ms = 5000,
                               .statement_timeout_ms = 10000};
    n->id = id_random();
    add_node(&n->id, "main", 0);
    n->db = db_new(&config);
    tables[0] = kinds;
    n->jobs = jobs_new(NULL, &now, n->db, &n->id, tables);
    jobs_tick(n->jobs);
}

static void stop(struct node *n)
{
    jobs_stop(n->jobs);
    db_free(n->db);
    jobs_free(n->jobs);
}

static bool query_holds(void *text)
{
    return strcmp(pg_sql(url, text), "t") == 0;
}

static void until(char *text)
{
    ck_assert_msg(wait_for(query_holds, text, 20), "never true: %s", text);
}

/* --- a kind of job that a test drives --- */

static struct {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool open; /* else run() waits at the gate */
    enum job_result result;
    int given_up, attempts_seen;
    int running[OBJECTS_MAX], runs[OBJECTS_MAX];
    bool twice;
    char order[ORDER_MAX]; /* the organisations of the jobs that ran */
    size_t order_len;
} play = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

static void play_reset(bool open)
{
    pthread_mutex_lock(&play.lock);
    play.open = open;
    play.result = JOB_DONE;
    play.given_up = 0;
    memset(play.running, 0, sizeof play.running);
    memset(play.runs, 0, sizeof play.runs);
    memset(play.order, 0, sizeof play.order);
    play.order_len = 0;
    play.twice = false;
    pthread_mutex_unlock(&play.lock);
}

static void play_open(void)
{
    pthread_mutex_lock(&play.lock);
    play.open = true;
    pthread_cond_broadcast(&play.changed);
    pthread_mutex_unlock(&play.lock);
}

static enum job_result run(struct job *job)
{
    int object = object_number(job);
    pthread_mutex_lock(&play.lock);
    play.twice |= ++play.running[object] > 1;
    play.runs[object]++;
    if (play.order_len < ORDER_MAX - 1)
        play.order[play.order_len++] = (char)('a' + (job->organisation.bytes[0] & 15) - 10);
    pthread_cond_broadcast(&play.changed);
    while (!play.open)
        pthread_cond_wait(&play.changed, &play.lock);
    play.running[object]--;
    enum job_result result = play.result;
    pthread_mutex_unlock(&play.lock);
    return result;
}

static enum err give_up(struct job *job)
{
    (void)job;
    pthread_mutex_lock(&play.lock);
    play.given_up++;
    pthread_mutex_unlock(&play.lock);
    return ERR_OK;
}

static const struct job_kind played = {
    .name = "played", .pool = DB_JOB, .tries = 3, .run = run, .give_up = give_up};
static const struct job_kind *const played_kinds[] = {&played, NULL};
/* The same in a pool of as many workers as a test wants. */
static const struct job_kind drawn = {
    .name = "drawn", .pool = DB_RENDER, .tries = 3, .run = run, .give_up = give_up};
static const struct job_kind *const drawn_kinds[] = {&drawn, NULL};

static bool has_run(void *object)
{
    pthread_mutex_lock(&play.lock);
    bool has = play.runs[*(int *)object] > 0;
    pthread_mutex_unlock(&play.lock);
    return has;
}

static void until_run(int object)
{
    ck_assert_msg(wait_for(has_run, &object, 20), "job %d never ran", object);
}

static void until_no_job(void)
{
    until("SELECT count(*) = 0 FROM job");
}

#endif
