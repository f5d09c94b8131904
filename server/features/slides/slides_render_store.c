#include "base/app.h"
#include "base/log.h"
#include "db/query.h"
#include "features/slides/slides_store.h"
#include "storage/storage.h"

enum err deck_work_read(struct db_conn *c, const struct id *deck, struct deck_work *out)
{
    struct db_result *r = db_query(
        c,
        "SELECT d.session_id, d.pdf, d.page_count::bigint, (SELECT coalesce(max(s.page), 0)"
        "         FROM slide s WHERE s.deck_id = d.id)::bigint + 1"
        "  FROM deck d WHERE d.id = $1 AND d.state = 'rendering' AND d.removed_at IS NULL",
        "u", deck);
    enum err err = db_one(r);
    if (!err) {
        out->session = db_id(r, 0, 0);
        db_bytes(r, 0, 1, out->pdf, sizeof out->pdf);
        out->page_count = (int)db_int(r, 0, 2);
        out->first_page = (int)db_int(r, 0, 3);
    }
    db_result_free(r);
    return err;
}

enum err deck_set_page_count(struct db_conn *c, const struct id *deck, int page_count)
{
    return db_found(c,
                    "UPDATE deck SET page_count = $2::bigint WHERE id = $1"
                    " AND state = 'rendering' AND removed_at IS NULL RETURNING 1",
                    "ui", deck, (int64_t)page_count);
}

static enum err insert_page(struct db_conn *c, const struct page_row *p)
{
    int64_t unknown = DB_NULL_INT;
    return db_exec(c,
                   "INSERT INTO slide (deck_id, page, state, error, width, height, text, warnings,"
                   " notes, links)"
                   " VALUES ($1, $2::bigint, CASE WHEN $3::text IS NULL THEN 'ready' ELSE 'failed'"
                   " END, $3, $4::bigint, $5::bigint, $6, string_to_array($7, ','), $8,"
                   " coalesce($9, '[]'))"
                   " ON CONFLICT (deck_id, page) DO NOTHING",
                   "uisnnsssj", &p->deck, (int64_t)p->page, p->error,
                   p->width ? (int64_t)p->width : unknown, p->height ? (int64_t)p->height : unknown,
                   p->text ? p->text : "", p->warnings ? p->warnings : "", p->notes ? p->notes : "",
                   p->links);
}

static enum err insert_image(struct db_conn *c, const struct page_row *p, size_t i)
{
    return db_exec(c,
                   "INSERT INTO slide_image (deck_id, page, width, height, blob, bytes)"
                   " VALUES ($1, $2::bigint, $3::bigint, $4::bigint, $5, $6::bigint)"
                   " ON CONFLICT (deck_id, page, width) DO NOTHING",
                   "uiiixi", &p->deck, (int64_t)p->page, (int64_t)p->images[i].width,
                   (int64_t)p->images[i].height, p->blobs[i], (size_t)BLOB_HASH_SIZE,
                   p->images[i].bytes);
}

/* Before the deck is locked, for which moves wait. */
static enum err keep_images(struct db_conn *c, struct page_row *p)
{
    enum err err = storage_hold(c, p->blobs, p->image_count);
    for (size_t i = 0; !err && i < p->image_count; i++) {
        err = blob_keep(p->images[i].file);
        p->images[i].file = NULL;
    }
    return err;
}

/* Two pages that come at once may both find room for the last one: they are small. */
static enum err check_quota(struct db_conn *c, const struct config *config, struct page_row *p)
{
    struct id organisation;
    struct storage_use use;
    int64_t bytes = 0;
    for (size_t i = 0; i < p->image_count; i++)
        bytes += p->images[i].bytes;
    if (!bytes)
        return ERR_OK;
    enum err err = db_read_id(c, &organisation, "SELECT organisation_id FROM deck WHERE id = $1",
                              "u", &p->deck);
    if (!err)
        err = storage_use_read(c, config, &organisation, &use);
    if (!err && use.quota && use.used + bytes > use.quota) {
        p->error = "storage.quota";
        p->text = p->warnings = p->notes = NULL;
        json_decref(p->links);
        p->links = NULL;
        p->width = p->height = 0;
        p->image_count = 0;
    }
    return err;
}

static enum err write_page(struct db_conn *c, const struct page_row *page)
{
    enum err err = db_found(c,
                            "SELECT 1 FROM deck WHERE id = $1 AND state = 'rendering'"
                            " AND removed_at IS NULL FOR NO KEY UPDATE",
                            "u", &page->deck);
    if (!err)
        err = insert_page(c, page);
    for (size_t i = 0; !err && i < page->image_count; i++)
        err = insert_image(c, page, i);
    return err;
}

enum err deck_add_page(struct db_conn *c, struct app *app, struct page_row *page)
{
    enum err err = check_quota(c, app->config, page);
    if (err)
        return err;
    err = db_begin(c);
    if (!err)
        err = keep_images(c, page);
    if (!err)
        err = write_page(c, page);
    err = db_end(c, err);
    if (err && storage_collect(c, app->blobs, page->blobs, page->image_count) != ERR_OK)
        log_info("page.left", "{}"); /* the sweep finds it */
    return err;
}
