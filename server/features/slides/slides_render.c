#include "base/app.h"
#include "base/log.h"
#include "features/slides/slides_jobs.h"
#include "features/slides/slides_store.h"
#include "render/client.h"
#include "room/tell.h"
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#define WARNINGS_SIZE (32 * RENDER_WARNINGS) /* all of them, a comma between */

struct rendering {
    struct render_document document;
    struct job *job;
    struct deck_work work;
    int page_count;
    int64_t told_at; /* progress; monotonic */
    enum err err;    /* why a callback said stop */
};

static void tell_progress(struct rendering *r, int done, bool last)
{
    struct app *app = r->job->app;
    char text[ID_TEXT_SIZE];
    int64_t now = clock_mono_us(app->clock);
    if (!last && r->told_at && now - r->told_at < DECK_PROGRESS_US)
        return;
    r->told_at = now;
    tell(app, scope_session(&r->work.session), "deck.progress",
         json_pack("{s:s,s:i,s:i}", "deck", id_text(&r->job->object, text), "pages_done", done,
                   "page_count", r->page_count));
}

/* --- what the render client reports --- */

static bool on_opened(struct render_document *document, int page_count)
{
    struct rendering *r = container_of(document, struct rendering, document);
    r->page_count = page_count;
    r->err = deck_set_page_count(r->job->db, &r->job->object, page_count);
    if (r->err)
        return false;
    tell_progress(r, r->work.first_page - 1, false);
    return true;
}

/* On the disk, and without a name yet. */
static enum err write_image(struct blob_store *blobs, const struct render_image *image,
                            struct blob_draft **file, uint8_t hash[static BLOB_HASH_SIZE])
{
    size_t len;
    *file = blob_begin(blobs, image->len);
    if (!*file)
        return ERR_BUSY;
    enum err err = blob_append(*file, image->bytes, image->len);
    return err ? err : blob_seal(*file, hash, &len);
}

static enum err write_images(struct blob_store *blobs, const struct render_page *page,
                             struct page_row *row)
{
    enum err err = ERR_OK;
    for (size_t i = 0; !err && i < page->image_count && i < SLIDE_IMAGES_MAX; i++) {
        const struct render_image *image = &page->images[i];
        row->images[i].width = image->width;
        row->images[i].height = image->height;
        row->images[i].bytes = (int64_t)image->len;
        err = write_image(blobs, image, &row->images[i].file, row->blobs[i]);
        row->image_count++;
    }
    return err;
}

static enum err keep_page(const struct rendering *r, const struct render_page *page,
                          struct page_row *row)
{
    struct app *app = r->job->app;
    enum err err = write_images(app->blobs, page, row);
    if (!err)
        err = deck_add_page(r->job->db, app, row);
    for (size_t i = 0; i < SLIDE_IMAGES_MAX; i++)
        blob_discard(row->images[i].file);
    return err;
}

/* "font.missing,image.missing" */
static void join_warnings(unsigned warnings, char out[static WARNINGS_SIZE])
{
    size_t n = 0;
    out[0] = '\0';
    for (int i = 0; i < RENDER_WARNINGS; i++)
        if (warnings >> i & 1)
            n += (size_t)snprintf(out + n, WARNINGS_SIZE - n, "%s%s", n ? "," : "",
                                  render_warning_texts[i]);
}

/* The caller's. */
static json_t *links_of(const struct render_page *page)
{
    json_t *links = json_array();
    for (size_t i = 0; i < page->link_count; i++) {
        const struct render_link *link = &page->links[i];
        json_array_append_new(links, json_pack("{s:i,s:i,s:i,s:i,s:s%}", "x", (int)link->x, "y",
                                               (int)link->y, "width", (int)link->width, "height",
                                               (int)link->height, "url", link->url, link->url_len));
    }
    return links;
}

/* Ever more pages at a time, so that the log keeps little of it: the 1st, 2nd, 4th, 8th … */
static enum err tell_pages(struct rendering *r, int page)
{
    struct change change;
    if ((page & (page - 1)) != 0 || page == r->page_count)
        return ERR_OK;
    change_init(&change, r->job->app, NULL, clock_now_us(r->job->app->clock));
    return deck_tell_pages(r->job->db, &change, &r->work.session, &r->job->object);
}

static bool on_page(struct render_document *document, int page_count,
                    const struct render_page *page)
{
    struct rendering *r = container_of(document, struct rendering, document);
    bool failed = page->error != RENDER_OK;
    char warnings[WARNINGS_SIZE];
    join_warnings(page->warnings, warnings);
    struct page_row row = {.deck = r->job->object,
                           .page = page->page,
                           .error = failed ? render_code_text(page->error) : NULL,
                           .warnings = warnings};
    if (!failed) {
        row.width = page->width;
        row.height = page->height;
        row.text = page->text;
        row.notes = page->notes;
        row.links = links_of(page);
    }
    r->err = keep_page(r, page, &row);
    json_decref(row.links);
    if (!r->err)
        r->err = tell_pages(r, page->page);
    if (!r->err)
        r->err = job_progress(r->job);
    if (r->err)
        return false;
    tell_progress(r, page->page, page->page == page_count);
    return page->page == page_count || !job_gives_way(r->job);
}

/* --- the job --- */

/* error NULL: ready. A deck that was removed meanwhile needs no end. */
static enum err finish(struct job *job, const struct id *session, const char *error)
{
    struct change change;
    change_init(&change, job->app, NULL, clock_now_us(job->app->clock));
    enum err err = deck_finish(job->db, &change, session, &job->object, error);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum job_result finished(const struct rendering *r, const char *error)
{
    return finish(r->job, &r->work.session, error) == ERR_OK ? JOB_DONE : JOB_FAILED;
}

static void log_rendered(const struct rendering *r, const char *outcome)
{
    char text[ID_TEXT_SIZE];
    log_info("deck.rendered", "{s:s, s:i, s:s, s:I}", "deck", id_text(&r->job->object, text),
             "pages", r->page_count, "outcome", outcome, "cpu_ms",
             (json_int_t)r->document.spent_ms);
}

/* A callback stopped it when its deck was removed (ERR_NOT_FOUND), when something could not be
 * written, or to give way. */
static enum job_result stopped(const struct rendering *r)
{
    log_rendered(r, "stopped");
    if (r->err == ERR_NOT_FOUND)
        return JOB_DONE;
    if (r->err == ERR_BUSY && blob_store_away(r->job->app->blobs))
        return JOB_AWAITS;
    return r->err ? JOB_FAILED : JOB_LATER;
}

static enum job_result render_pdf(struct rendering *r)
{
    struct job *job = r->job;
    enum render_code code = RENDER_OK;
    r->document.budget_ms = job_budget_left_ms(job);
    enum render_outcome outcome = render_run(job->app->render, &r->document, &code);
    job->spent_ms += r->document.spent_ms;
    if (outcome == RENDER_STOPPED)
        return stopped(r);
    log_rendered(r, outcome == RENDER_FAILED ? render_code_text(code) : "finished");
    if (outcome == RENDER_FINISHED)
        return finished(r, NULL);
    if (code == RENDER_HELPER_FAILED)
        return JOB_FAILED; /* not the document's fault: another try may do */
    return finished(r, render_code_text(code));
}

/* All pages may be there and only the end missing; or the file is gone, from a restored backup for
 * example. */
enum job_result deck_render_run(struct job *job)
{
    struct rendering r = {.job = job};
    enum err err = deck_work_read(job->db, &job->object, &r.work);
    if (err)
        return err == ERR_NOT_FOUND ? JOB_DONE : JOB_FAILED;
    if (r.work.page_count && r.work.first_page > r.work.page_count)
        return finished(&r, NULL);
    int fd = blob_open(job->app->blobs, r.work.pdf);
    if (fd < 0 && errno == ENOENT)
        return finished(&r, "pdf.lost");
    if (fd < 0)
        return blob_store_away(job->app->blobs) ? JOB_AWAITS : JOB_FAILED;
    r.document = (struct render_document){.fd = fd,
                                          .first_page = r.work.first_page,
                                          .stop_fd = job->stop_fd,
                                          .opened = on_opened,
                                          .page_done = on_page};
    enum job_result result = render_pdf(&r);
    close(fd);
    return result;
}

enum err deck_render_give_up(struct job *job)
{
    struct deck_work work;
    enum err err = deck_work_read(job->db, &job->object, &work);
    if (err)
        return err == ERR_NOT_FOUND ? ERR_OK : err;
    return finish(job, &work.session, render_code_text(RENDER_HELPER_FAILED));
}
