#include "features/slides/slides_store.h"
#include "base/mem.h"
#include "db/event.h"
#include "db/query.h"

/* --- reading --- */

static char *text_or_null(const struct db_result *r, int row, int col)
{
    return db_null(r, row, col) ? NULL : mem_strdup(db_text(r, row, col));
}

static struct deck *deck_from_row(const struct db_result *r, int row)
{
    struct deck *d = deck_new();
    d->id = db_id(r, row, 0);
    d->file_name = mem_strdup(db_text(r, row, 1));
    d->state = deck_state_parse(db_text(r, row, 2));
    d->error = text_or_null(r, row, 3);
    d->page_count = (int)db_int(r, row, 4);
    d->bytes = db_int(r, row, 5);
    d->created_at = db_time(r, row, 6);
    return d;
}

static void add_images(struct slide *s, json_t *images)
{
    size_t i;
    json_t *image;
    json_array_foreach(images, i, image)
    {
        if (i >= SLIDE_IMAGES_MAX)
            break;
        s->images[s->image_count++] = (struct slide_image){
            .width = (int)json_integer_value(json_array_get(image, 0)),
            .height = (int)json_integer_value(json_array_get(image, 1)),
            .bytes = json_integer_value(json_array_get(image, 2)),
        };
    }
    json_decref(images);
}

static void add_slide(const struct decks *all, const struct db_result *r, int row)
{
    struct id deck = db_id(r, row, 0);
    struct deck *d = decks_find(all, &deck);
    if (!d)
        return;
    struct slide *s = deck_add_slide(d, (int)db_int(r, row, 1));
    s->ready = db_bool(r, row, 2);
    s->error = text_or_null(r, row, 3);
    s->width = (int)db_int(r, row, 4);
    s->height = (int)db_int(r, row, 5);
    deck_set_text(d, s, db_text(r, row, 6));
    add_images(s, db_json(r, row, 7));
}

static enum err read_slides(struct db_conn *c, const struct id *session, const struct id *deck,
                            const struct decks *all)
{
    struct db_result *r = db_query(
        c,
        "SELECT s.deck_id, s.page::bigint, s.state = 'ready', s.error, s.width::bigint,"
        "       s.height::bigint, left(s.text, $3::bigint::int),"
        "       (SELECT jsonb_agg(jsonb_build_array(i.width, i.height, i.bytes) ORDER BY i.width)"
        "          FROM slide_image i WHERE i.deck_id = s.deck_id AND i.page = s.page)"
        "  FROM slide s JOIN deck d ON d.id = s.deck_id"
        " WHERE d.session_id = $1 AND ($2::uuid IS NULL OR d.id = $2) AND d.removed_at IS NULL"
        " ORDER BY s.deck_id, s.page",
        "uui", session, deck, (int64_t)SLIDE_TEXT_CHARS);
    enum err err = db_err(r);
    for (int i = 0; !err && i < db_rows(r); i++)
        add_slide(all, r, i);
    db_result_free(r);
    return err;
}

enum err decks_read(struct db_conn *c, const struct id *session, const struct id *deck,
                    struct decks *all)
{
    struct db_result *r =
        db_query(c,
                 "SELECT id, file_name, state, error, page_count::bigint, bytes, created_at"
                 "  FROM deck WHERE session_id = $1 AND ($2::uuid IS NULL OR id = $2)"
                 "   AND removed_at IS NULL ORDER BY created_at, id",
                 "uu", session, deck);
    enum err err = db_err(r);
    for (int i = 0; !err && i < db_rows(r); i++)
        decks_add(all, deck_from_row(r, i));
    db_result_free(r);
    return err || all->n == 0 ? err : read_slides(c, session, deck, all);
}

enum err slide_position_read(struct db_conn *c, const struct id *session, struct slide_position *on)
{
    *on = (struct slide_position){0};
    struct db_result *r = db_query(
        c, "SELECT deck_id, page::bigint FROM slide_position WHERE session_id = $1", "u", session);
    enum err err = db_err(r);
    if (!err && db_rows(r))
        *on = (struct slide_position){.deck = db_id(r, 0, 0), .page = (int)db_int(r, 0, 1)};
    db_result_free(r);
    return err;
}

static enum err read_seq(struct db_conn *c, const struct id *session, int64_t *seq)
{
    struct db_result *r = db_query(c, "SELECT seq FROM session WHERE id = $1", "u", session);
    enum err err = db_err(r);
    if (!err && db_rows(r) == 0)
        err = ERR_NOT_FOUND;
    if (!err)
        *seq = db_int(r, 0, 0);
    db_result_free(r);
    return err;
}

enum err slides_load(struct db_conn *c, const struct id *session, struct decks *all,
                     struct slide_position *on, int64_t *seq)
{
    enum err err = db_begin(c);
    if (!err)
        err = db_exec(c, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY", "");
    if (!err)
        err = read_seq(c, session, seq);
    if (!err)
        err = decks_read(c, session, NULL, all);
    if (!err)
        err = slide_position_read(c, session, on);
    if (!err)
        err = db_commit(c);
    if (err)
        db_rollback(c);
    return err;
}

/* --- moving --- */

static void refuse(struct slide_move_item *move, const char *code)
{
    move->item.err = ERR_CONFLICT;
    move->code = code;
}

/* Locks the row, so that what is compared is what is changed. */
static enum err compare(struct db_conn *c, struct slide_move_item *move)
{
    struct db_result *r = db_query(c,
                                   "SELECT state, version FROM session WHERE id = $1"
                                   " AND organisation_id = $2 FOR NO KEY UPDATE",
                                   "uu", &move->session, &move->organisation);
    enum err err = db_err(r);
    enum session_state state;
    if (err)
        ;
    else if (db_rows(r) != 1 || !session_state_parse(db_text(r, 0, 0), &state))
        move->item.err = ERR_NOT_FOUND;
    else if (db_int(r, 0, 1) != move->version)
        refuse(move, "session.version");
    else if (!slide_session_allows(state))
        refuse(move, "session.state");
    db_result_free(r);
    return err;
}

/* The deck's row stays locked until the commit: it cannot be removed under the new position. */
static enum err find_page(struct db_conn *c, struct slide_move_item *move)
{
    struct db_result *r = db_query(
        c,
        "SELECT d.state = 'ready' AND EXISTS (SELECT 1 FROM slide s"
        "         WHERE s.deck_id = d.id AND s.page = $4::bigint AND s.state = 'ready')"
        "  FROM deck d WHERE d.id = $1 AND d.session_id = $2 AND d.organisation_id = $3"
        "   AND d.removed_at IS NULL FOR SHARE OF d",
        "uuui", &move->to.deck, &move->session, &move->organisation, (int64_t)move->to.page);
    enum err err = db_err(r);
    if (!err && db_rows(r) == 0)
        move->item.err = ERR_NOT_FOUND;
    else if (!err && !db_bool(r, 0, 0))
        refuse(move, "slide.page");
    db_result_free(r);
    return err;
}

static enum err write_move(struct db_conn *c, struct slide_move_item *move, bool new_deck)
{
    char deck[ID_TEXT_SIZE];
    enum err err =
        db_exec(c, "UPDATE session SET version = version + 1 WHERE id = $1", "u", &move->session);
    if (!err)
        err = db_exec(c,
                      "INSERT INTO slide_position (session_id, organisation_id, deck_id, page, at)"
                      " VALUES ($1, $2, $3, $4::bigint, $5) ON CONFLICT (session_id) DO UPDATE"
                      " SET deck_id = excluded.deck_id, page = excluded.page, at = excluded.at",
                      "uuuit", &move->session, &move->organisation, &move->to.deck,
                      (int64_t)move->to.page, move->at);
    /* The log names the deck; its content never changes and is in its own tables. */
    if (!err && new_deck)
        err = db_append_event(c, &move->session, "slide.deck",
                              json_pack("{s:s}", "deck", id_text(&move->to.deck, deck)), move->at,
                              &move->deck_seq);
    if (!err)
        err = db_append_event(c, &move->session, "slide.moved",
                              slide_moved_json(move->version + 1, &move->to), move->at, &move->seq);
    return err;
}

static enum err run_move(struct db_conn *c, struct slide_move_item *move)
{
    struct slide_position before;
    move->item.err = ERR_OK;
    move->code = NULL;
    move->deck_seq = move->seq = 0; /* of a try that was rolled back */
    enum err err = compare(c, move);
    if (!err && !move->item.err)
        err = find_page(c, move);
    if (err || move->item.err)
        return err;
    err = slide_position_read(c, &move->session, &before);
    if (err)
        return err;
    return write_move(c, move, !before.page || !id_equal(&before.deck, &move->to.deck));
}

static enum err run_moves(struct db_conn *c, struct lane_item *const *items, size_t n)
{
    enum err err = ERR_OK;
    for (size_t i = 0; !err && i < n; i++)
        err = run_move(c, container_of(items[i], struct slide_move_item, item));
    return err;
}

const struct lane_kind slide_move_kind = {.name = "slide.move", .run = run_moves};

/* --- reading again --- */

static enum err run_refresh(struct db_conn *c, struct deck_refresh_item *refresh)
{
    char deck[ID_TEXT_SIZE];
    enum err err = ERR_OK;
    for (size_t i = 0; !err && i < refresh->n; i++) {
        decks_release(&refresh->read[i]);
        err = decks_read(c, &refresh->session, &refresh->ids[i], &refresh->read[i]);
        if (!err)
            err = db_append_event(c, &refresh->session, "deck.changed",
                                  json_pack("{s:s}", "deck", id_text(&refresh->ids[i], deck)),
                                  refresh->at, &refresh->seqs[i]);
    }
    return err;
}

static enum err run_refreshes(struct db_conn *c, struct lane_item *const *items, size_t n)
{
    enum err err = ERR_OK;
    for (size_t i = 0; !err && i < n; i++)
        err = run_refresh(c, container_of(items[i], struct deck_refresh_item, item));
    return err;
}

const struct lane_kind deck_refresh_kind = {.name = "deck.refresh", .run = run_refreshes};

static enum err read_missed(struct db_conn *c, struct slides_reread_item *again)
{
    struct db_result *r = db_query(c,
                                   "SELECT seq, at, type, payload FROM session_event"
                                   " WHERE session_id = $1 AND seq > $2"
                                   "   AND type = ANY (ARRAY['slide.deck', 'slide.moved'])"
                                   " ORDER BY seq LIMIT 1000",
                                   "ui", &again->session, again->known_seq);
    enum err err = db_err(r);
    json_decref(again->missed);
    again->missed = json_array();
    for (int i = 0; !err && i < db_rows(r); i++)
        json_array_append_new(again->missed,
                              json_pack("{s:I,s:I,s:s,s:o}", "seq", (json_int_t)db_int(r, i, 0),
                                        "at", (json_int_t)db_time(r, i, 1), "type",
                                        db_text(r, i, 2), "data", db_json(r, i, 3)));
    db_result_free(r);
    return err;
}

static enum err run_reread(struct db_conn *c, struct slides_reread_item *again)
{
    struct db_result *r =
        db_query(c, "SELECT version FROM session WHERE id = $1", "u", &again->session);
    enum err err = db_err(r);
    if (!err)
        again->version = db_rows(r) ? db_int(r, 0, 0) : 0;
    db_result_free(r);
    if (!err)
        err = slide_position_read(c, &again->session, &again->on);
    return err ? err : read_missed(c, again);
}

static enum err run_rereads(struct db_conn *c, struct lane_item *const *items, size_t n)
{
    enum err err = ERR_OK;
    for (size_t i = 0; !err && i < n; i++)
        err = run_reread(c, container_of(items[i], struct slides_reread_item, item));
    return err;
}

const struct lane_kind slides_reread_kind = {.name = "slides.reread", .run = run_rereads};
