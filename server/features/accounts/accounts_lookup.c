#include "features/accounts/accounts_lookup.h"
#include "base/clock.h"
#include "base/mem.h"
#include "db/job.h"
#include "grants/grants.h"
#include "room/feature.h"
#include <pthread.h>
#include <string.h>

#define WAITING_MAX 20000

/* One batch is under way at most; what arrives meanwhile is the next one. */
static struct {
    pthread_mutex_t lock;
    struct list waiting; /* struct sign_in_check by message.node */
    size_t n;
    bool under_way;
} gather = {.lock = PTHREAD_MUTEX_INITIALIZER, .waiting = {&gather.waiting, &gather.waiting}};

struct lookup_job {
    struct db_job job;
    struct app *app;
};

static void answer(struct sign_in_check *check, enum err err)
{
    check->err = err;
    mailbox_post(check->reply_to, &check->message);
}

static struct sign_in_check *check_of(struct list *node)
{
    struct message *message = container_of(node, struct message, node);
    return container_of(message, struct sign_in_check, message);
}

static size_t take(struct sign_in_check **batch, size_t max)
{
    size_t n = 0;
    pthread_mutex_lock(&gather.lock);
    while (n < max && !list_empty(&gather.waiting)) {
        batch[n++] = check_of(list_take_first(&gather.waiting));
        gather.n--;
    }
    pthread_mutex_unlock(&gather.lock);
    return n;
}

static void refuse_waiting(void)
{
    struct sign_in_check *batch[GRANTS_BATCH];
    for (size_t n; (n = take(batch, GRANTS_BATCH)) > 0;)
        for (size_t i = 0; i < n; i++)
            answer(batch[i], ERR_BUSY);
}

/* Takes the name. Without a role at the place itself there is no such place. */
static void answer_from(struct sign_in_check *check, const struct grants_check *found)
{
    check->who = found->who;
    check->until = found->until;
    check->name = found->name;
    answer(check, found->err == ERR_OK && !found->who.roles ? ERR_NOT_FOUND : found->err);
}

/* Whether it asks for a session; else for a congress as a whole. */
static bool asks_session(const struct sign_in_check *check)
{
    static const struct id nothing;
    return !id_equal(&check->session, &nothing);
}

/* All of one kind; an answered check is its asker's. */
static void answer_all(struct lookup_job *j, struct db_conn *conn,
                       struct sign_in_check *const *checks, size_t n)
{
    struct grants_check found[GRANTS_BATCH], *asked[GRANTS_BATCH];
    bool session = n && asks_session(checks[0]);
    for (size_t i = 0; i < n; i++) {
        found[i] =
            (struct grants_check){.thing = session ? checks[i]->session : checks[i]->congress};
        memcpy(found[i].token, checks[i]->token, TOKEN_HASH_SIZE);
        asked[i] = &found[i];
    }
    int64_t now = clock_now_us(j->app->clock);
    enum err err = n ? grants_check(conn, session ? "session" : "congress", asked, n, now) : ERR_OK;
    for (size_t i = 0; i < n; i++) {
        if (err == ERR_OK)
            answer_from(checks[i], &found[i]);
        else
            answer(checks[i], err);
    }
}

static void run(struct db_job *job, struct db_conn *conn)
{
    struct lookup_job *j = container_of(job, struct lookup_job, job);
    struct sign_in_check *batch[GRANTS_BATCH], *sessions[GRANTS_BATCH], *congresses[GRANTS_BATCH];
    size_t n = take(batch, GRANTS_BATCH);
    size_t in_sessions = 0, in_congresses = 0;
    for (size_t i = 0; i < n; i++) {
        if (asks_session(batch[i]))
            sessions[in_sessions++] = batch[i];
        else
            congresses[in_congresses++] = batch[i];
    }
    answer_all(j, conn, sessions, in_sessions);
    answer_all(j, conn, congresses, in_congresses);
}

static void submit(struct lookup_job *j);

/* On the loop that asked first. */
static void on_done(struct message *message)
{
    struct db_job *job = container_of(message, struct db_job, done);
    struct lookup_job *j = container_of(job, struct lookup_job, job);
    if (job->err != ERR_OK)
        refuse_waiting();
    pthread_mutex_lock(&gather.lock);
    bool again = !list_empty(&gather.waiting);
    gather.under_way = again;
    pthread_mutex_unlock(&gather.lock);
    if (again)
        submit(j);
    else
        free(j);
}

static void submit(struct lookup_job *j)
{
    j->job.err = ERR_OK;
    if (db_submit(j->app->db, DB_SHORT, &j->job) == ERR_OK)
        return;
    pthread_mutex_lock(&gather.lock);
    gather.under_way = false;
    pthread_mutex_unlock(&gather.lock);
    refuse_waiting();
    free(j);
}

void accounts_lookup(struct app *app, struct sign_in_check *check)
{
    pthread_mutex_lock(&gather.lock);
    bool full = gather.n >= WAITING_MAX;
    bool start = !full && !gather.under_way;
    if (!full) {
        list_append(&gather.waiting, &check->message.node);
        gather.n++;
        gather.under_way = true;
    }
    pthread_mutex_unlock(&gather.lock);
    if (full)
        answer(check, ERR_BUSY);
    if (!start)
        return;
    struct lookup_job *j = mem_new(sizeof *j);
    j->app = app;
    j->job.run = run;
    j->job.reply_to = check->reply_to;
    j->job.done.deliver = on_done;
    submit(j);
}
