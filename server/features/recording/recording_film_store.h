/* SQL of films, and of the chunks that they are made of. Worker threads. */
#ifndef AMPHI_FEATURES_RECORDING_FILM_STORE_H
#define AMPHI_FEATURES_RECORDING_FILM_STORE_H

#include "base/app.h"
#include "jobs/jobs.h"
#include "room/change.h"
#include "storage/storage.h"
#include <jansson.h>

extern const struct job_kind recording_film_job, recording_free_job;

/* Something that has a blob was deleted in this transaction: its file is to go. Wake the job. */
enum err recording_freed(struct db_conn *c, const struct id *organisation, int64_t now) MUST_CHECK;
/* The next blobs that are to go, at most AT_ONCE; `last` for recording_gone_forget(). */
#define RECORDING_GONE_AT_ONCE 64
enum err recording_gone_read(struct db_conn *c, const struct id *organisation, blob_hash *hashes,
                             size_t *n, int64_t *last) MUST_CHECK;
enum err recording_gone_forget(struct db_conn *c, const struct id *organisation,
                               int64_t last) MUST_CHECK;

/* A new film is to be made: there is none, or what it is made of has changed. In a transaction;
 * wake the job afterwards. */
enum err recording_film_wanted(struct db_conn *c, const struct id *organisation,
                               const struct id *recording, int64_t now) MUST_CHECK;

/* What a film is made of: the people of a recording, each with their chunks in order of time. */
struct film_chunks {
    struct film_chunk {
        int person; /* from 0 */
        blob_hash hash;
    } * items;
    size_t n;
    int people, width, height;
    int64_t version; /* of the film that is wanted */
};
/* ERR_NOT_FOUND: no film is wanted. items is the caller's, also after a failure. */
enum err recording_film_chunks(struct db_conn *c, const struct id *recording,
                               struct film_chunks *out) MUST_CHECK;

struct film_made {
    int64_t version, bytes, duration_ms, at;
    blob_hash hash;
    struct blob_draft *file; /* sealed; NULL afterwards */
};
/* ERR_CONFLICT: above the quota; ERR_NOT_FOUND: another one is wanted by now. */
enum err recording_film_keep(struct db_conn *c, struct app *app, const struct id *recording,
                             struct film_made *made) MUST_CHECK;
enum err recording_film_failed(struct db_conn *c, const struct id *recording) MUST_CHECK;

/* --- for pages --- */
enum err recordings_list(struct db_conn *c, const struct identity *who, const struct id *session,
                         json_t **items, bool *automatic) MUST_CHECK;
/* In a transaction of its own. */
enum err recording_set_automatic(struct db_conn *c, struct change *change, const struct id *session,
                                 bool automatic) MUST_CHECK;
/* A film that failed, or was never made, is made. ERR_CONFLICT: the recording still runs. */
enum err recording_film_again(struct db_conn *c, const struct identity *who,
                              const struct id *recording, int64_t now) MUST_CHECK;
/* ERR_CONFLICT: it still runs. Everything of it goes. */
enum err recording_remove(struct db_conn *c, const struct identity *who, const struct id *recording,
                          int64_t now) MUST_CHECK;
/* ERR_NOT_FOUND: there is none yet. Writes that it left into the audit log. */
struct film_ready {
    blob_hash hash;
    int64_t bytes;
    char name[128]; /* of the session */
};
enum err recording_film_read(struct db_conn *c, const struct identity *who,
                             const struct id *recording, struct film_ready *out,
                             int64_t now) MUST_CHECK;

#endif
