/* Keeping what the recorder wrote, and letting go of it. */
#include "db/query.h"
#include "features/recording/recording_film_store.h"
#include "features/recording/recording_store.h"

/* The recording is locked against its removal. */
static enum err find_owner(struct db_conn *c, const struct recording_piece *piece,
                           struct id *organisation, bool *hcp)
{
    struct db_result *r =
        db_query(c,
                 "SELECT r.organisation_id,"
                 "       EXISTS (SELECT 1 FROM registration g JOIN hcp h ON h.id = g.hcp_id"
                 "                WHERE g.id = $2 AND h.erased_at IS NULL),"
                 "       EXISTS (SELECT 1 FROM account a WHERE a.id = $2)"
                 "  FROM recording r WHERE r.id = $1 AND recording_agreed(r.session_id, $2)"
                 "   FOR SHARE OF r",
                 "uu", &piece->name.recording, &piece->name.person);
    enum err err = db_one(r);
    if (err == ERR_OK) {
        *organisation = db_id(r, 0, 0);
        *hcp = db_bool(r, 0, 1);
        err = *hcp || db_bool(r, 0, 2) ? ERR_OK : ERR_NOT_FOUND;
    }
    db_result_free(r);
    return err;
}

static enum err insert_chunk(struct db_conn *c, const struct recording_piece *p,
                             const struct id *organisation, bool hcp)
{
    return db_exec(c,
                   "INSERT INTO recording_chunk (recording_id, organisation_id, account_id,"
                   " registration_id, from_at, to_at, bytes, width, height, blob)"
                   " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING",
                   "uuuuttiiix", &p->name.recording, organisation, hcp ? NULL : &p->name.person,
                   hcp ? &p->name.person : NULL, p->name.from_us, p->to_us, (int64_t)p->bytes,
                   (int64_t)p->width, (int64_t)p->height, p->hash, (size_t)BLOB_HASH_SIZE);
}

/* A film that was made before this chunk came is made anew. */
static enum err film_again(struct db_conn *c, const struct recording_piece *p,
                           const struct id *organisation, int64_t now)
{
    bool over = false;
    enum err err =
        db_read_bool(c, &over, "SELECT stopped_at IS NOT NULL FROM recording WHERE id = $1", "u",
                     &p->name.recording);
    return err == ERR_OK && over ? recording_film_wanted(c, organisation, &p->name.recording, now)
                                 : err;
}

static enum err write_chunk(struct db_conn *c, struct app *app, struct recording_piece *piece,
                            int64_t now)
{
    struct id organisation;
    bool hcp = false;
    enum err err = storage_hold(c, &piece->hash, 1);
    if (err == ERR_OK)
        err = find_owner(c, piece, &organisation, &hcp);
    if (err == ERR_OK)
        err = storage_admit(c, app->config, &organisation, (int64_t)piece->bytes);
    if (err == ERR_OK)
        err = insert_chunk(c, piece, &organisation, hcp);
    if (err == ERR_OK)
        err = film_again(c, piece, &organisation, now);
    if (err == ERR_OK) {
        err = blob_keep(piece->file);
        piece->file = NULL;
    }
    return err;
}

enum err recording_keep(struct db_conn *c, struct app *app, struct recording_piece *piece,
                        int64_t now)
{
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = write_chunk(c, app, piece, now);
    return db_end(c, err);
}

enum err recording_erase(struct db_conn *c, const struct id *hcp)
{
    struct db_result *r =
        db_query(c,
                 "WITH gone AS (DELETE FROM recording_chunk c USING registration g"
                 "  WHERE g.id = c.registration_id AND g.hcp_id = $1"
                 "  RETURNING c.organisation_id, c.recording_id)"
                 " SELECT DISTINCT organisation_id, recording_id, clock_timestamp() FROM gone",
                 "u", hcp);
    enum err err = db_err(r);
    for (int i = 0; err == ERR_OK && i < db_rows(r); i++) {
        struct id organisation = db_id(r, i, 0), recording = db_id(r, i, 1);
        err = recording_film_wanted(c, &organisation, &recording, db_time(r, i, 2));
    }
    db_result_free(r);
    return err;
}
