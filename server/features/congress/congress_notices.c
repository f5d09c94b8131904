/* Works off the notices about moved and cancelled sessions: one long job at a time, a batch of
 * mails in each transaction, so that memory and locks stay small however many are registered. */
#include "base/log.h"
#include "features/congress/congress.h"
#include "features/congress/congress_store.h"
#include "mail/mail.h"
#include <stdatomic.h>

/* Even without a wish: what another run of the server left. */
#define LOOK_EVERY_US (15 * US_PER_S)

static struct {
    atomic_bool wanted;
    /* main thread */
    bool ready, running;
    int64_t looked_at;
    struct mailbox mailbox;
    struct app *app;
    struct db_job job;
} work = {.wanted = true};

void congress_notices_wanted(void)
{
    atomic_store(&work.wanted, true);
}

static void run(struct db_job *job, struct db_conn *conn)
{
    (void)job;
    bool more = true, any = false;
    enum err err = ERR_OK;
    while (more && err == ERR_OK) {
        err = notice_batch(conn, work.app->base_url, clock_now_us(work.app->clock), &more);
        any |= more;
    }
    if (any && work.app->mail)
        mail_sender_wake(work.app->mail);
    if (err != ERR_OK)
        log_warn("congress.notices_failed", "{s:s}", "code", err_code(err));
}

static void on_done(struct message *message)
{
    (void)message;
    work.running = false;
}

static void on_wake(void *reader)
{
    (void)reader; /* the next tick drains */
}

void congress_notices_tick(struct app *app)
{
    if (!work.ready) {
        mailbox_init(&work.mailbox, 1, on_wake, NULL);
        work.ready = true;
        work.app = app;
    }
    mailbox_drain(&work.mailbox);
    int64_t now = clock_mono_us(app->clock);
    bool wanted = atomic_exchange(&work.wanted, false);
    if (work.running || (!wanted && now - work.looked_at < LOOK_EVERY_US)) {
        if (wanted)
            atomic_store(&work.wanted, true);
        return;
    }
    work.looked_at = now;
    work.job = (struct db_job){.run = run, .reply_to = &work.mailbox, .done = {.deliver = on_done}};
    if (db_submit(app->db, DB_LONG, &work.job) == ERR_OK)
        work.running = true;
    else
        atomic_store(&work.wanted, true);
}

void congress_notices_stop(struct app *app)
{
    (void)app;
    if (work.ready)
        mailbox_drain(&work.mailbox);
}
