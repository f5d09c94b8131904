#include "features/slides/slides_render.h"
#include "base/log.h"
#include "base/map.h"
#include "base/mem.h"
#include "features/slides/slides_store.h"
#include "features/slides/slides_sync.h"
#include "render/client.h"
#include "room/tell.h"
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#define LOOK_EVERY_US (5 * US_PER_S)

/* A deck's entry in the table; a deck that ends while the database is looked through may still be
 * found there as one that waits, so it stays until that look is over. */
enum { ACTIVE = 1, ENDED };

/* One per process. The job is the main thread's, but for run() on a worker. */
static struct {
    struct db_job job;
    bool looking;
    int64_t look_at; /* monotonic */
    struct deck_work found[DECK_WORK_MAX];
    size_t found_count;
    struct mailbox mailbox;
    struct app *app;
    atomic_bool wanted;
    pthread_mutex_t lock;
    struct map decks; /* under the lock: deck → ACTIVE or ENDED, as a number in the pointer */
} desk = {.lock = PTHREAD_MUTEX_INITIALIZER};

struct rendering {
    struct render_job job;
    struct app *app;
    struct deck_work work;
    int page_count;
    int64_t told_at; /* progress; monotonic */
};

void slides_render_wanted(void)
{
    atomic_store(&desk.wanted, true);
}

/* --- on the render thread --- */

static void tell_progress(struct rendering *r, int done, bool last)
{
    char text[ID_TEXT_SIZE];
    int64_t now = clock_mono_us(r->app->clock);
    if (!last && r->told_at && now - r->told_at < DECK_PROGRESS_US)
        return;
    r->told_at = now;
    tell(r->app, scope_session(&r->work.session), "deck.progress",
         json_pack("{s:s,s:i,s:i}", "deck", id_text(&r->work.deck, text), "pages_done", done,
                   "page_count", r->page_count));
}

static enum err write_page_count(struct db_conn *c, void *arg)
{
    struct rendering *r = arg;
    return deck_set_page_count(c, &r->work.deck, r->page_count);
}

static bool on_opened(struct render_job *job, int page_count)
{
    struct rendering *r = container_of(job, struct rendering, job);
    r->page_count = page_count;
    if (slides_db(r->app->db, write_page_count, r) != ERR_OK)
        return false;
    tell_progress(r, r->work.first_page - 1, false);
    return true;
}

static enum err write_page(struct db_conn *c, void *arg)
{
    return deck_add_page(c, arg);
}

static bool on_page(struct render_job *job, int page_count, const struct render_page *page)
{
    struct rendering *r = container_of(job, struct rendering, job);
    bool failed = page->error != RENDER_OK;
    struct page_row row = {.deck = r->work.deck,
                           .page = page->page,
                           .error = failed ? render_code_text(page->error) : NULL};
    if (!failed) {
        row.width = page->width;
        row.height = page->height;
        row.text = page->text;
        for (size_t i = 0; i < page->image_count && i < SLIDE_IMAGES_MAX; i++) {
            const struct render_image *image = &page->images[i];
            row.images[i].width = image->width;
            row.images[i].height = image->height;
            row.images[i].bytes = (int64_t)image->len;
            if (blob_put(r->app->blobs, image->bytes, image->len, row.images[i].blob) != ERR_OK)
                return false;
            row.image_count++;
        }
    }
    if (slides_db(r->app->db, write_page, &row) != ERR_OK)
        return false;
    tell_progress(r, page->page, page->page == page_count);
    return true;
}

static enum err finish(struct app *app, struct db_conn *c, const struct deck_work *work,
                       const char *error)
{
    struct change change;
    change_init(&change, app, NULL, clock_now_us(app->clock));
    return deck_finish(c, &change, &work->session, &work->deck, error);
}

struct ending {
    const struct rendering *rendering;
    const char *error;
};

static enum err write_end(struct db_conn *c, void *arg)
{
    const struct ending *end = arg;
    return finish(end->rendering->app, c, &end->rendering->work, end->error);
}

static void leave_desk(const struct id *deck)
{
    pthread_mutex_lock(&desk.lock);
    map_put(&desk.decks, deck, (void *)(uintptr_t)ENDED);
    pthread_mutex_unlock(&desk.lock);
}

/* What could not be written, or was stopped, stays `rendering` and is looked for again. */
static void on_document(struct render_job *job, enum render_outcome outcome, enum render_code code)
{
    struct rendering *r = container_of(job, struct rendering, job);
    char text[ID_TEXT_SIZE];
    struct ending end = {r, outcome == RENDER_FAILED ? render_code_text(code) : NULL};
    enum err err = outcome != RENDER_STOPPED ? slides_db(r->app->db, write_end, &end) : ERR_OK;
    if (err)
        log_warn("deck.unwritten", "{s:s,s:s}", "deck", id_text(&r->work.deck, text), "code",
                 err_code(err));
    log_info("deck.rendered", "{s:s, s:i, s:s}", "deck", id_text(&r->work.deck, text), "pages",
             r->page_count, "outcome",
             outcome == RENDER_FINISHED ? "finished"
             : outcome == RENDER_FAILED ? render_code_text(code)
                                        : "stopped");
    leave_desk(&r->work.deck);
    free(r);
}

/* --- looking for decks that wait --- */

static bool at_desk(const struct id *deck)
{
    pthread_mutex_lock(&desk.lock);
    bool there = map_get(&desk.decks, deck) != NULL;
    pthread_mutex_unlock(&desk.lock);
    return there;
}

static bool file_lost(const struct deck_work *work)
{
    int fd = blob_open(desk.app->blobs, work->pdf);
    if (fd >= 0)
        close(fd);
    return fd < 0 && errno == ENOENT;
}

/* Worker. What needs no rendering any more is finished here: all pages of a deck may be there and
 * only its end missing, or its file is gone, from a restored backup for example. */
static void look(struct db_job *job, struct db_conn *c)
{
    job->err = deck_work_list(c, desk.found, &desk.found_count);
    for (size_t i = 0; !job->err && i < desk.found_count; i++) {
        struct deck_work *w = &desk.found[i];
        bool whole = w->page_count && w->first_page > w->page_count;
        if (at_desk(&w->deck) || (!whole && !file_lost(w)))
            continue;
        job->err = finish(desk.app, c, w, whole ? NULL : "pdf.lost");
    }
}

static bool enter_desk(const struct id *deck)
{
    pthread_mutex_lock(&desk.lock);
    bool fresh = !map_get(&desk.decks, deck);
    if (fresh)
        map_put(&desk.decks, deck, (void *)(uintptr_t)ACTIVE);
    pthread_mutex_unlock(&desk.lock);
    return fresh;
}

static void submit(struct app *app, const struct deck_work *work)
{
    if (work->page_count && work->first_page > work->page_count)
        return; /* was finished by the look */
    if (!enter_desk(&work->deck))
        return;
    struct rendering *r = mem_new(sizeof *r);
    r->app = app;
    r->work = *work;
    r->job = (struct render_job){.fd = blob_open(app->blobs, work->pdf),
                                 .first_page = work->first_page,
                                 .opened = on_opened,
                                 .page_done = on_page,
                                 .document_done = on_document};
    list_init(&r->job.node);
    if (r->job.fd >= 0 && render_submit(app->render, &r->job) == ERR_OK)
        return;
    if (r->job.fd >= 0)
        close(r->job.fd);
    leave_desk(&work->deck); /* tried again later */
    free(r);
}

static void forget_ended(void)
{
    struct map kept;
    map_init(&kept);
    pthread_mutex_lock(&desk.lock);
    for (size_t i = 0; i < desk.decks.cap; i++)
        if (desk.decks.slots[i].value == (void *)(uintptr_t)ACTIVE)
            map_put(&kept, &desk.decks.slots[i].key, (void *)(uintptr_t)ACTIVE);
    map_release(&desk.decks);
    desk.decks = kept;
    pthread_mutex_unlock(&desk.lock);
}

/* Main thread, like render_free(): nothing is submitted to a renderer that is gone. */
static void on_looked(struct message *message)
{
    (void)message;
    desk.looking = false;
    for (size_t i = 0; !desk.job.err && i < desk.found_count; i++)
        submit(desk.app, &desk.found[i]);
    forget_ended();
}

void slides_render_tick(struct app *app)
{
    mailbox_drain(&desk.mailbox);
    int64_t now = clock_mono_us(app->clock);
    if (desk.looking || (now < desk.look_at && !atomic_load(&desk.wanted)))
        return;
    atomic_store(&desk.wanted, false);
    desk.look_at = now + LOOK_EVERY_US;
    desk.found_count = 0;
    desk.job =
        (struct db_job){.run = look, .reply_to = &desk.mailbox, .done = {.deliver = on_looked}};
    desk.looking = db_submit(app->db, DB_SHORT, &desk.job) == ERR_OK;
}

enum err slides_render_start(struct app *app, struct db_conn *conn)
{
    (void)conn;
    desk.app = app;
    desk.look_at = 0;
    mailbox_init(&desk.mailbox, 1, NULL, NULL);
    map_init(&desk.decks);
    return ERR_OK;
}

/* A look may be under way: db_free(), next, answers it into the mailbox, which nobody reads then.
 */
void slides_render_stop(struct app *app)
{
    (void)app;
    pthread_mutex_lock(&desk.lock);
    map_release(&desk.decks);
    map_init(&desk.decks);
    pthread_mutex_unlock(&desk.lock);
}
