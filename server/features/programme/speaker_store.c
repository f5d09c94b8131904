/* The speakers of a congress. A change of one is a change of the programmes that name them. */
#include "base/mem.h"
#include "db/query.h"
#include "features/programme/programme_store.h"

#define SPEAKER                                                                                    \
    "jsonb_build_object('id', p.id, 'name', p.name, 'affiliation', p.affiliation,"                 \
    " 'country', p.country, 'biography', p.biography)"

enum err speakers_list(struct db_conn *c, const struct id *congress, json_t **items)
{
    return db_read_json(c, items,
                        "SELECT coalesce(jsonb_agg(" SPEAKER " ORDER BY p.name, p.id), '[]')"
                        "  FROM speaker p WHERE p.congress_id = $1",
                        "u", congress);
}

/* Ends the transaction; *out is taken over on success. Takes speaker. */
static enum err finish(struct db_conn *c, struct change *change, enum err err, json_t *speaker,
                       json_t **out)
{
    err = change_end(c, change, err);
    if (err == ERR_OK)
        *out = speaker;
    else
        json_decref(speaker);
    return err;
}

static enum err insert(struct db_conn *c, const struct change *change, const struct id *congress,
                       const struct speaker_fields *f, struct id *id, json_t **out)
{
    struct db_result *r =
        db_query(c,
                 "INSERT INTO speaker AS p (organisation_id, congress_id, name, affiliation,"
                 "                          country, biography, created_at)"
                 " SELECT $1, $2, $3, coalesce($4, ''), coalesce($5, ''), coalesce($6, ''), $7"
                 "  WHERE (SELECT count(*) FROM speaker WHERE congress_id = $2) < $8"
                 " RETURNING p.id, " SPEAKER,
                 "uussssti", &change->who.organisation, congress, f->name, f->affiliation,
                 f->country, f->biography, change->at, (int64_t)SPEAKERS_MAX);
    enum err err = db_err(r);
    if (err == ERR_OK && db_rows(r) == 0)
        err = ERR_TOO_LARGE;
    if (err == ERR_OK) {
        *id = db_id(r, 0, 0);
        *out = db_json(r, 0, 1);
    }
    db_result_free(r);
    return err;
}

enum err speaker_add(struct db_conn *c, struct change *change, const struct id *congress,
                     const struct speaker_fields *fields, json_t **out)
{
    struct id id;
    json_t *speaker = NULL;
    enum err err = change_begin(c);
    if (err == ERR_OK)
        err = congress_lock(c, &change->who, congress);
    if (err == ERR_OK)
        err = insert(c, change, congress, fields, &id, &speaker);
    if (err == ERR_OK)
        err = change_audit(c, change, "speaker.create", "speaker", &id, NULL);
    return finish(c, change, err, speaker, out);
}

/* The sessions that name somebody, locked; release with free(). */
struct sessions {
    struct id *ids;
    size_t n;
};

static enum err lock_sessions_of(struct db_conn *c, const struct change *change,
                                 const struct id *congress, const struct id *speaker,
                                 struct sessions *out)
{
    enum err err = congress_lock(c, &change->who, congress);
    if (err != ERR_OK)
        return err;
    struct db_result *r = db_query(
        c, "SELECT DISTINCT session_id FROM session_speaker WHERE speaker_id = $1 ORDER BY 1", "u",
        speaker);
    err = db_err(r);
    out->n = err == ERR_OK ? (size_t)db_rows(r) : 0;
    out->ids = mem_new_array(out->n, sizeof *out->ids);
    for (size_t i = 0; i < out->n; i++)
        out->ids[i] = db_id(r, (int)i, 0);
    db_result_free(r);
    return err == ERR_OK ? sessions_lock(c, out->ids, out->n) : err;
}

static enum err tell_sessions(struct db_conn *c, struct change *change, const struct sessions *of)
{
    enum err err = ERR_OK;
    for (size_t i = 0; i < of->n && err == ERR_OK; i++)
        err = change_event(c, change, &of->ids[i], "programme.changed", json_object());
    return err;
}

enum err speaker_set(struct db_conn *c, struct change *change, const struct id *congress,
                     const struct id *speaker, const struct speaker_fields *f, json_t **out)
{
    struct sessions of = {0};
    json_t *as_it_is = NULL;
    enum err err = change_begin(c);
    if (err == ERR_OK)
        err = lock_sessions_of(c, change, congress, speaker, &of);
    if (err == ERR_OK)
        err = db_read_json(c, &as_it_is,
                           "UPDATE speaker p SET name = coalesce($2, name),"
                           "  affiliation = coalesce($3, affiliation),"
                           "  country = coalesce($4, country),"
                           "  biography = coalesce($5, biography) WHERE id = $1"
                           " RETURNING " SPEAKER,
                           "ussss", speaker, f->name, f->affiliation, f->country, f->biography);
    if (err == ERR_OK)
        err = tell_sessions(c, change, &of);
    if (err == ERR_OK)
        err = change_audit(c, change, "speaker.change", "speaker", speaker, NULL);
    free(of.ids);
    return finish(c, change, err, as_it_is, out);
}

enum err speaker_delete(struct db_conn *c, struct change *change, const struct id *congress,
                        const struct id *speaker)
{
    struct sessions of = {0};
    enum err err = change_begin(c);
    if (err == ERR_OK)
        err = lock_sessions_of(c, change, congress, speaker, &of);
    if (err == ERR_OK)
        err = db_found(c, "DELETE FROM speaker WHERE id = $1 RETURNING 1", "u", speaker);
    if (err == ERR_OK)
        err = tell_sessions(c, change, &of);
    if (err == ERR_OK)
        err = change_audit(c, change, "speaker.delete", "speaker", speaker,
                           json_pack("{s:I}", "sessions", (json_int_t)of.n));
    free(of.ids);
    return change_end(c, change, err);
}
