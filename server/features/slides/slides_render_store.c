#include "db/query.h"
#include "features/slides/slides_store.h"

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
                   "INSERT INTO slide (deck_id, page, state, error, width, height, text, warnings)"
                   " VALUES ($1, $2::bigint, CASE WHEN $3::text IS NULL THEN 'ready' ELSE 'failed'"
                   " END, $3, $4::bigint, $5::bigint, $6, string_to_array($7, ','))"
                   " ON CONFLICT (deck_id, page) DO NOTHING",
                   "uisnnss", &p->deck, (int64_t)p->page, p->error,
                   p->width ? (int64_t)p->width : unknown, p->height ? (int64_t)p->height : unknown,
                   p->text ? p->text : "", p->warnings ? p->warnings : "");
}

static enum err insert_image(struct db_conn *c, const struct page_row *p, size_t i)
{
    return db_exec(c,
                   "INSERT INTO slide_image (deck_id, page, width, height, blob, bytes)"
                   " VALUES ($1, $2::bigint, $3::bigint, $4::bigint, $5, $6::bigint)"
                   " ON CONFLICT (deck_id, page, width) DO NOTHING",
                   "uiiixi", &p->deck, (int64_t)p->page, (int64_t)p->images[i].width,
                   (int64_t)p->images[i].height, p->images[i].blob, (size_t)BLOB_HASH_SIZE,
                   p->images[i].bytes);
}

enum err deck_add_page(struct db_conn *c, const struct page_row *page)
{
    enum err err = db_begin(c);
    if (!err)
        err = db_found(c,
                       "SELECT 1 FROM deck WHERE id = $1 AND state = 'rendering'"
                       " AND removed_at IS NULL FOR SHARE",
                       "u", &page->deck);
    if (!err)
        err = insert_page(c, page);
    for (size_t i = 0; !err && i < page->image_count; i++)
        err = insert_image(c, page, i);
    return db_end(c, err);
}
