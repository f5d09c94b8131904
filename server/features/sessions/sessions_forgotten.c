#include "features/sessions/sessions_forgotten.h"
#include "base/clock.h"
#include "base/config.h"
#include "db/db.h"
#include "features/sessions/sessions_forgotten_store.h"
#include <stdatomic.h>

#define EVERY_US (10 * US_PER_S)

/* One a process: the tick is the main thread's, look() and on_done() run on a database worker. */
static struct {
    struct db_job job;
    struct app *app;
    int64_t next_us; /* monotonic */
    atomic_bool under_way;
} looking;

static void look(struct db_job *job, struct db_conn *c)
{
    struct app *app = looking.app;
    int64_t alone_us = 60 * US_PER_S * app->config->end_alone_minutes;
    job->err = forgotten_end(c, app, alone_us, clock_now_us(app->clock));
}

static void on_done(struct message *message)
{
    (void)message;
    atomic_store(&looking.under_way, false);
}

void forgotten_tick(struct app *app)
{
    int64_t now = clock_mono_us(app->clock);
    if (!app->config->end_alone_minutes || now < looking.next_us ||
        atomic_exchange(&looking.under_way, true))
        return;
    looking.app = app;
    looking.next_us = now + EVERY_US;
    looking.job = (struct db_job){.run = look, .done = {.deliver = on_done}};
    if (db_submit(app->db, DB_SHORT, &looking.job) != ERR_OK)
        atomic_store(&looking.under_way, false);
}
