#include "features/slides/slides_store.h"
#include "base/mem.h"
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
    deck_set_text(d, s, db_text(r, row, 6), db_bool(r, row, 7));
    add_images(s, db_json(r, row, 8));
    s->warnings = db_json(r, row, 9);
    s->shown = db_bool(r, row, 10);
    deck_set_notes(d, s, db_text(r, row, 11), db_bool(r, row, 12));
    deck_set_links(d, s, db_json(r, row, 13));
}

static enum err read_slides(struct db_conn *c, const struct id *session, const struct id *deck,
                            const struct decks *all)
{
    struct db_result *r = db_query(
        c,
        "SELECT s.deck_id, s.page::bigint, s.state = 'ready', s.error, s.width::bigint,"
        "       s.height::bigint, left(s.text, $3::bigint::int),"
        "       length(s.text) > $3::bigint,"
        "       (SELECT jsonb_agg(jsonb_build_array(i.width, i.height, i.bytes) ORDER BY i.width)"
        "          FROM slide_image i WHERE i.deck_id = s.deck_id AND i.page = s.page),"
        "       CASE WHEN s.warnings <> '{}' THEN to_jsonb(s.warnings) END,"
        "       s.shown_at IS NOT NULL, left(s.notes, $3::bigint::int),"
        "       length(s.notes) > $3::bigint, CASE WHEN s.links <> '[]' THEN s.links END"
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

/* --- moving --- */

/* The row is locked: what is compared is what is changed. */
static enum err compare(struct db_conn *c, struct slide_move *move)
{
    struct lane_call *lc = &move->lc;
    struct db_result *r =
        db_query(c, "SELECT state, version FROM session WHERE id = $1", "u", &lc->session);
    enum err err = db_err(r);
    enum session_state state;
    if (!err && (db_rows(r) != 1 || !session_state_parse(db_text(r, 0, 0), &state)))
        lane_call_refuse(lc, ERR_NOT_FOUND, NULL);
    else if (!err && db_int(r, 0, 1) != move->version)
        lane_call_refuse(lc, ERR_CONFLICT, "session.version");
    else if (!err && !slide_session_allows(state))
        lane_call_refuse(lc, ERR_CONFLICT, "session.state");
    db_result_free(r);
    return err;
}

/* The deck's row stays locked until the commit: it cannot be removed under the new position. */
static enum err find_page(struct db_conn *c, struct slide_move *move)
{
    struct db_result *r =
        db_query(c,
                 "SELECT d.state <> 'failed' AND EXISTS (SELECT 1 FROM slide s"
                 "         WHERE s.deck_id = d.id AND s.page = $3::bigint AND s.state = 'ready'),"
                 "       d.state = 'rendering'"
                 "  FROM deck d WHERE d.id = $1 AND d.session_id = $2 AND d.removed_at IS NULL"
                 "   FOR SHARE OF d",
                 "uui", &move->to.deck, &move->lc.session, (int64_t)move->to.page);
    enum err err = db_err(r);
    if (!err && db_rows(r) == 0)
        lane_call_refuse(&move->lc, ERR_NOT_FOUND, NULL);
    else if (!err && !db_bool(r, 0, 0))
        lane_call_refuse(&move->lc, ERR_CONFLICT, "slide.page");
    if (!err && !move->lc.item.err)
        move->rendering = db_bool(r, 0, 1);
    db_result_free(r);
    return err;
}

/* tell_deck: HCPs do not have it, or not all of its pages. */
static enum err write_move(struct db_conn *c, struct slide_move *move, bool tell_deck)
{
    struct lane_call *lc = &move->lc;
    char deck[ID_TEXT_SIZE];
    enum err err =
        db_exec(c, "UPDATE session SET version = version + 1 WHERE id = $1", "u", &lc->session);
    if (!err)
        err = db_exec(c,
                      "INSERT INTO slide_position (session_id, organisation_id, deck_id, page, at)"
                      " SELECT id, organisation_id, $2, $3::int, $4 FROM session WHERE id = $1"
                      " ON CONFLICT (session_id) DO UPDATE"
                      " SET deck_id = excluded.deck_id, page = excluded.page, at = excluded.at",
                      "uuit", &lc->session, &move->to.deck, (int64_t)move->to.page, lc->change.at);
    if (!err)
        err = db_exec(c,
                      "UPDATE slide SET shown_at = $3 WHERE deck_id = $1 AND page = $2::bigint"
                      " AND shown_at IS NULL",
                      "uit", &move->to.deck, (int64_t)move->to.page, lc->change.at);
    if (!err && tell_deck)
        err = change_event(c, &lc->change, &lc->session, "slide.deck",
                           json_pack("{s:s}", "deck", id_text(&move->to.deck, deck)));
    if (!err)
        err = change_event(c, &lc->change, &lc->session, "slide.moved",
                           slide_moved_json(move->version + 1, &move->to, &move->heard));
    return err;
}

enum err slide_move_write(struct db_conn *c, struct lane_call *lc)
{
    struct slide_move *move = container_of(lc, struct slide_move, lc);
    struct slide_position before;
    enum err err = compare(c, move);
    if (!err && !lc->item.err)
        err = find_page(c, move);
    if (err || lc->item.err)
        return err;
    err = slide_position_read(c, &lc->session, &before);
    if (err)
        return err;
    return write_move(c, move,
                      !before.page || move->rendering || !id_equal(&before.deck, &move->to.deck));
}
