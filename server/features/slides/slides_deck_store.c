#include "base/log.h"
#include "db/query.h"
#include "features/slides/slides_jobs.h"
#include "features/slides/slides_store.h"
#include "jobs/jobs.h"
#include "storage/storage.h"

static json_t *naming(const struct id *deck)
{
    char text[ID_TEXT_SIZE];
    return json_pack("{s:s}", "deck", id_text(deck, text));
}

enum err decks_list(struct db_conn *c, const struct identity *who, const struct id *session,
                    struct decks *all)
{
    enum err err = db_found(c, "SELECT 1 FROM session WHERE id = $1 AND organisation_id = $2", "uu",
                            session, &who->organisation);
    return err ? err : decks_read(c, session, NULL, all);
}

enum err deck_admit(struct db_conn *c, const struct identity *who, const struct id *session,
                    const char **why)
{
    struct db_result *r =
        db_query(c,
                 "SELECT s.state IN ('ended', 'cancelled'), (SELECT count(*) FROM deck d"
                 "         WHERE d.session_id = s.id AND d.removed_at IS NULL)"
                 "  FROM session s WHERE s.id = $1 AND s.organisation_id = $2",
                 "uu", session, &who->organisation);
    enum err err = db_one(r);
    if (err)
        ;
    else if (db_bool(r, 0, 0))
        *why = "session.state", err = ERR_CONFLICT;
    else if (db_int(r, 0, 1) >= DECKS_MAX)
        *why = "deck.limit", err = ERR_CONFLICT;
    db_result_free(r);
    return err;
}

static enum err insert_deck(struct db_conn *c, const struct change *change,
                            const struct deck_upload *up, struct id *deck)
{
    return db_read_id(
        c, deck,
        "INSERT INTO deck (organisation_id, session_id, file_name, pdf, bytes, state, created_at,"
        " created_by) VALUES ($1, $2, $3, $4, $5, 'rendering', $6, $7) RETURNING id",
        "uusxitu", &change->who.organisation, &up->session, up->file_name, up->pdf,
        (size_t)BLOB_HASH_SIZE, (int64_t)up->bytes, change->at, &change->who.person);
}

/* The file gets its name before anything is locked that live sessions wait for. */
static enum err keep_file(struct db_conn *c, struct deck_upload *up)
{
    enum err err = storage_hold(c, &up->pdf, 1);
    if (!err && up->file) {
        err = blob_keep(up->file);
        up->file = NULL;
    }
    return err;
}

static enum err admit_bytes(struct db_conn *c, const struct change *change,
                            const struct deck_upload *up, const char **why)
{
    enum err err =
        storage_admit(c, change->app->config, &change->who.organisation, (int64_t)up->bytes);
    if (err == ERR_CONFLICT)
        *why = "storage.quota";
    return err;
}

static enum err write_deck(struct db_conn *c, struct change *change, const struct deck_upload *up,
                           struct decks *made, const char **why)
{
    struct id deck;
    enum err err = sessions_lock(c, &up->session, 1); /* uploads take turns: the limits hold */
    if (!err)
        err = deck_admit(c, &change->who, &up->session, why);
    if (!err)
        err = admit_bytes(c, change, up, why);
    if (!err)
        err = insert_deck(c, change, up, &deck);
    if (!err)
        err = job_add(c, &deck_render, &change->who.organisation, &deck, change->at);
    if (!err)
        err = change_audit(c, change, "deck.upload", "deck", &deck, NULL);
    if (!err)
        err = decks_read(c, &up->session, &deck, made);
    if (!err && !made->items)
        err = ERR_NOT_FOUND;
    if (!err)
        err = change_event(c, change, &up->session, "deck.changed", naming(&deck));
    return err;
}

enum err deck_create(struct db_conn *c, struct change *change, struct deck_upload *up,
                     struct deck **out, const char **why)
{
    struct decks made = {0};
    bool has_file = up->file;
    enum err err = change_begin(c);
    if (!err)
        err = keep_file(c, up);
    if (!err)
        err = write_deck(c, change, up, &made, why);
    err = change_end(c, change, err);
    bool kept = has_file && !up->file;
    if (err && kept && storage_collect(c, change->app->blobs, &up->pdf, 1) != ERR_OK)
        log_info("deck.left", "{}"); /* the sweep finds it */
    if (!err && made.items) {
        *out = made.items[0];
        made.n = 0;
    }
    decks_release(&made);
    return err;
}

static enum err find_session(struct db_conn *c, const struct change *change, const struct id *deck,
                             struct id *session)
{
    return db_read_id(c, session,
                      "SELECT session_id FROM deck WHERE id = $1 AND organisation_id = $2", "uu",
                      deck, &change->who.organisation);
}

static enum err lock_deck(struct db_conn *c, const struct id *deck)
{
    return db_found(c, "SELECT 1 FROM deck WHERE id = $1 AND removed_at IS NULL FOR UPDATE", "u",
                    deck);
}

/* Asked after the lock: whoever moves to this deck holds its row until the position is committed.
 */
static enum err off_screen(struct db_conn *c, const struct id *deck)
{
    enum err err = db_found(c, "SELECT 1 FROM slide_position WHERE deck_id = $1", "u", deck);
    return !err ? ERR_CONFLICT : err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err deck_remove(struct db_conn *c, struct change *change, const struct id *deck)
{
    struct id session;
    enum err err = change_begin(c);
    if (!err)
        err = find_session(c, change, deck, &session);
    if (!err)
        err = sessions_lock(c, &session, 1);
    if (!err)
        err = lock_deck(c, deck);
    if (!err)
        err = off_screen(c, deck);
    if (!err)
        err = db_exec(c, "UPDATE deck SET removed_at = $2 WHERE id = $1", "ut", deck, change->at);
    if (!err)
        err = job_add(c, &deck_free_files, &change->who.organisation, deck, change->at);
    if (!err)
        err = change_audit(c, change, "deck.remove", "deck", deck, NULL);
    if (!err)
        err = change_event(c, change, &session, "deck.changed", naming(deck));
    return change_end(c, change, err);
}

enum err deck_tell_pages(struct db_conn *c, struct change *change, const struct id *session,
                         const struct id *deck)
{
    enum err err = change_begin(c);
    if (!err)
        err = sessions_lock(c, session, 1);
    if (!err)
        err = change_event(c, change, session, "deck.changed", naming(deck));
    return change_end(c, change, err);
}

static enum err tell_end(struct db_conn *c, struct change *change, const struct id *session,
                         const struct id *deck)
{
    enum err err = change_event(c, change, session, "deck.changed", naming(deck));
    enum err shown = err ? err : off_screen(c, deck);
    if (shown == ERR_CONFLICT)
        return change_event(c, change, session, "slide.deck", naming(deck));
    return shown;
}

enum err deck_finish(struct db_conn *c, struct change *change, const struct id *session,
                     const struct id *deck, const char *error)
{
    enum err err = change_begin(c);
    if (!err)
        err = sessions_lock(c, session, 1);
    struct db_result *r =
        err ? NULL
            : db_query(c,
                       "UPDATE deck SET error = $2,"
                       " state = CASE WHEN $2::text IS NULL THEN 'ready' ELSE 'failed' END"
                       " WHERE id = $1 AND state = 'rendering' AND removed_at IS NULL RETURNING 1",
                       "us", deck, error);
    if (!err)
        err = db_err(r);
    if (!err && db_rows(r) != 1)
        err = ERR_NOT_FOUND;
    db_result_free(r);
    if (!err)
        err = tell_end(c, change, session, deck);
    return change_end(c, change, err);
}

enum err slide_image_find(struct db_conn *c, const struct identity *who, const struct id *deck,
                          int page, int width, uint8_t blob[static BLOB_HASH_SIZE])
{
    bool staff = who->roles & ROLE_STAFF;
    struct db_result *r = db_query(
        c,
        "SELECT i.blob FROM deck d"
        "  JOIN session s ON s.id = d.session_id"
        "  JOIN slide_image i ON i.deck_id = d.id"
        " WHERE d.id = $1 AND d.organisation_id = $2 AND d.removed_at IS NULL"
        "   AND i.page = $3::bigint AND i.width = $4::bigint"
        "   AND ($5 OR (s.state <> 'draft' AND EXISTS (SELECT 1 FROM registration g"
        "                WHERE g.id = $6 AND g.congress_id = s.congress_id"
        "                  AND g.state = 'registered')"
        "           AND (EXISTS (SELECT 1 FROM slide p WHERE p.deck_id = d.id"
        "                 AND p.page = i.page AND p.shown_at IS NOT NULL)"
        "            OR EXISTS (SELECT 1 FROM slide_position o WHERE o.session_id = s.id"
        "                 AND o.deck_id = d.id AND o.page + 1 = i.page))))",
        "uuiibu", deck, &who->organisation, (int64_t)page, (int64_t)width, staff, &who->person);
    enum err err = db_err(r);
    if (!err && (db_rows(r) == 0 || db_bytes(r, 0, 0, blob, BLOB_HASH_SIZE) != BLOB_HASH_SIZE))
        err = ERR_NOT_FOUND;
    db_result_free(r);
    return err;
}

enum err slide_images_read(struct db_conn *c, struct blob_store *blobs,
                           const struct slide_position *page, struct slide_images *out)
{
    struct db_result *r = db_query(c,
                                   "SELECT width::bigint, blob FROM slide_image"
                                   " WHERE deck_id = $1 AND page = $2::bigint ORDER BY width",
                                   "ui", &page->deck, (int64_t)page->page);
    enum err err = db_err(r);
    for (int i = 0; !err && i < db_rows(r) && i < SLIDE_IMAGES_MAX; i++) {
        uint8_t blob[BLOB_HASH_SIZE];
        if (db_bytes(r, i, 1, blob, sizeof blob) != sizeof blob)
            err = ERR_INTERNAL;
        else
            err = blob_get(blobs, blob, &out->payload[i]);
        out->width[i] = (int)db_int(r, i, 0);
        out->n += !err;
    }
    db_result_free(r);
    return err;
}
