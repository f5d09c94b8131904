#include "features/recording/recording_film_store.h"
#include "base/mem.h"
#include "db/query.h"
#include "room/change.h"
#include <stdio.h>

enum err recording_film_wanted(struct db_conn *c, const struct id *organisation,
                               const struct id *recording, int64_t now)
{
    enum err err = db_exec(
        c,
        "INSERT INTO recording_film (recording_id, organisation_id, state) VALUES ($1, $2, "
        "'making')"
        " ON CONFLICT (recording_id) DO UPDATE SET state = 'making', blob = NULL, bytes = 0,"
        "   version = recording_film.version + 1",
        "uu", recording, organisation);
    if (err == ERR_OK)
        err = recording_freed(c, organisation, now);
    return err == ERR_OK ? job_add(c, &recording_film_job, organisation, recording, now) : err;
}

/* --- files that go --- */

enum err recording_freed(struct db_conn *c, const struct id *organisation, int64_t now)
{
    return job_add(c, &recording_free_job, organisation, organisation, now);
}

enum err recording_gone_read(struct db_conn *c, const struct id *organisation, blob_hash *hashes,
                             size_t *n, int64_t *last)
{
    struct db_result *r = db_query(c,
                                   "SELECT id, blob FROM recording_gone WHERE organisation_id = $1"
                                   " ORDER BY id LIMIT $2",
                                   "ui", organisation, (int64_t)RECORDING_GONE_AT_ONCE);
    enum err err = db_err(r);
    *n = 0;
    for (int i = 0; err == ERR_OK && i < db_rows(r); i++) {
        *last = db_int(r, i, 0);
        if (db_bytes(r, i, 1, hashes[*n], BLOB_HASH_SIZE) == BLOB_HASH_SIZE)
            ++*n;
    }
    db_result_free(r);
    return err;
}

enum err recording_gone_forget(struct db_conn *c, const struct id *organisation, int64_t last)
{
    return db_exec(c, "DELETE FROM recording_gone WHERE organisation_id = $1 AND id <= $2", "ui",
                   organisation, last);
}

/* --- making one --- */

static enum err read_wanted(struct db_conn *c, const struct id *recording, struct film_chunks *out)
{
    struct db_result *r = db_query(
        c,
        "SELECT f.version::bigint, coalesce(max(c.width), 0)::bigint,"
        "       coalesce(max(c.height), 0)::bigint"
        "  FROM recording_film f LEFT JOIN recording_chunk c ON c.recording_id = f.recording_id"
        " WHERE f.recording_id = $1 AND f.state <> 'ready' GROUP BY f.version",
        "u", recording);
    enum err err = db_one(r);
    if (err == ERR_OK) {
        out->version = db_int(r, 0, 0);
        out->width = (int)db_int(r, 0, 1);
        out->height = (int)db_int(r, 0, 2);
    }
    db_result_free(r);
    return err;
}

static void add_chunk(struct film_chunks *out, const struct db_result *r, int row)
{
    struct film_chunk *chunk = &out->items[out->n];
    chunk->person = (int)db_int(r, row, 0);
    if (db_bytes(r, row, 1, chunk->hash, BLOB_HASH_SIZE) != BLOB_HASH_SIZE)
        return;
    out->people = chunk->person + 1 > out->people ? chunk->person + 1 : out->people;
    out->n++;
}

enum err recording_film_chunks(struct db_conn *c, const struct id *recording,
                               struct film_chunks *out)
{
    enum err err = read_wanted(c, recording, out);
    if (err != ERR_OK)
        return err;
    struct db_result *r =
        db_query(c,
                 "SELECT dense_rank() OVER (ORDER BY person_id) - 1, blob FROM recording_chunk"
                 " WHERE recording_id = $1 ORDER BY person_id, from_at",
                 "u", recording);
    err = db_err(r);
    int rows = err == ERR_OK ? db_rows(r) : 0;
    out->items = mem_new_array((size_t)rows, sizeof *out->items);
    for (int i = 0; i < rows; i++)
        add_chunk(out, r, i);
    db_result_free(r);
    return err;
}

static enum err write_film(struct db_conn *c, struct app *app, const struct id *recording,
                           const struct film_made *made)
{
    struct id organisation;
    enum err err = db_read_id(c, &organisation,
                              "SELECT organisation_id FROM recording_film WHERE recording_id = $1"
                              "   AND version = $2 AND state <> 'ready' FOR UPDATE",
                              "ui", recording, made->version);
    if (err == ERR_OK)
        err = storage_admit(c, app->config, &organisation, made->bytes);
    return err == ERR_OK
               ? db_exec(c,
                         "UPDATE recording_film SET state = 'ready', blob = $2, bytes = $3,"
                         "       duration_ms = $4, made_at = $5 WHERE recording_id = $1",
                         "uxiit", recording, made->hash, (size_t)BLOB_HASH_SIZE, made->bytes,
                         made->duration_ms, made->at)
               : err;
}

enum err recording_film_keep(struct db_conn *c, struct app *app, const struct id *recording,
                             struct film_made *made)
{
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = storage_hold(c, &made->hash, 1);
    if (err == ERR_OK)
        err = write_film(c, app, recording, made);
    if (err == ERR_OK) {
        err = blob_keep(made->file);
        made->file = NULL;
    }
    return db_end(c, err);
}

enum err recording_film_failed(struct db_conn *c, const struct id *recording)
{
    return db_exec(c,
                   "UPDATE recording_film SET state = 'failed' WHERE recording_id = $1"
                   "   AND state = 'making'",
                   "u", recording);
}
