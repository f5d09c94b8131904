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

/* A session, or a congress as a whole. */
static struct grants_check question_of(const struct sign_in_check *check)
{
    static const struct id nothing;
    bool session = !id_equal(&check->session, &nothing);
    struct grants_check question = {.kind = session ? "session" : "congress",
                                    .thing = session ? check->session : check->congress};
    memcpy(question.token, check->token, TOKEN_HASH_SIZE);
    return question;
}

/* Takes the name. Without a role at the place itself there is no such place. */
static void answer_from(struct sign_in_check *check, const struct grants_check *found)
{
    check->who = found->who;
    check->until = found->until;
    check->name = found->name;
    answer(check, found->err == ERR_OK && !found->who.roles ? ERR_NOT_FOUND : found->err);
}

static void run(struct db_job *job, struct db_conn *conn)
{
    struct lookup_job *j = container_of(job, struct lookup_job, job);
    struct sign_in_check *batch[GRANTS_BATCH];
    struct grants_check found[GRANTS_BATCH], *asked[GRANTS_BATCH];
    size_t n = take(batch, GRANTS_BATCH);
    for (size_t i = 0; i < n; i++) {
        found[i] = question_of(batch[i]);
        asked[i] = &found[i];
    }
    enum err err = n ? grants_check(conn, asked, n, clock_now_us(j->app->clock)) : ERR_OK;
    for (size_t i = 0; i < n; i++) {
        if (err == ERR_OK)
            answer_from(batch[i], &found[i]);
        else
            answer(batch[i], err);
    }
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
