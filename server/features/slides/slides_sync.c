#include "features/slides/slides_sync.h"
#include <pthread.h>

struct waiter {
    struct db_job job;
    struct mailbox mailbox;
    pthread_mutex_t lock;
    pthread_cond_t arrived;
    bool woken;
    enum err (*work)(struct db_conn *c, void *arg);
    void *arg;
};

static void run(struct db_job *job, struct db_conn *c)
{
    struct waiter *w = container_of(job, struct waiter, job);
    job->err = w->work(c, w->arg);
}

static void on_done(struct message *message)
{
    (void)message; /* the waiter looks at the job itself */
}

static void wake(void *reader)
{
    struct waiter *w = reader;
    pthread_mutex_lock(&w->lock);
    w->woken = true;
    pthread_cond_signal(&w->arrived);
    pthread_mutex_unlock(&w->lock);
}

enum err slides_db(struct db *db, enum err (*work)(struct db_conn *c, void *arg), void *arg)
{
    struct waiter w = {.lock = PTHREAD_MUTEX_INITIALIZER,
                       .arrived = PTHREAD_COND_INITIALIZER,
                       .work = work,
                       .arg = arg};
    mailbox_init(&w.mailbox, 1, wake, &w);
    w.job = (struct db_job){.run = run, .reply_to = &w.mailbox, .done = {.deliver = on_done}};
    enum err err = db_submit(db, DB_SHORT, &w.job);
    if (!err) {
        pthread_mutex_lock(&w.lock);
        while (!w.woken)
            pthread_cond_wait(&w.arrived, &w.lock);
        pthread_mutex_unlock(&w.lock);
        mailbox_drain(&w.mailbox); /* takes the lock that the poster may still hold */
        err = w.job.err;
    }
    mailbox_release(&w.mailbox);
    pthread_cond_destroy(&w.arrived);
    pthread_mutex_destroy(&w.lock);
    return err;
}
