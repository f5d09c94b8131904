#include "storage/storage.h"
#include "base/mem.h"
#include "base/metrics.h"
#include "db/db.h"
#include "db/query.h"
#include <stdatomic.h>
#include <string.h>

/* Class of the advisory locks; the second key is the beginning of the hash. */
#define BLOB_LOCK "45323"
#define HASH_KEY  "('x' || left(h, 8))::bit(32)::int"
#define ASK_MOST  256 /* hashes of one statement */
#define SWEEP_US  (100 * US_PER_MS)
#define EVERY_US  (24 * 3600 * US_PER_S)

static struct metric blobs_removed =
    METRIC_COUNTER("amphi_blobs_removed_total", "Blobs removed that nothing referred to");

/* --- holding, and removing --- */

struct texts {
    char text[ASK_MOST][BLOB_HASH_TEXT];
    const char *each[ASK_MOST];
};

static const char *const *texts_of(struct texts *t, const blob_hash *hashes, size_t n)
{
    for (size_t i = 0; i < n && i < ASK_MOST; i++) {
        blob_hash_text(hashes[i], t->text[i]);
        t->each[i] = t->text[i];
    }
    return t->each;
}

enum err storage_hold(struct db_conn *c, const blob_hash *hashes, size_t n)
{
    struct texts texts;
    return db_exec(c,
                   "SELECT pg_advisory_xact_lock_shared(" BLOB_LOCK ", " HASH_KEY ")"
                   "  FROM unnest($1) h",
                   "S", texts_of(&texts, hashes, n), n);
}

/* ERR_CONFLICT: it is referred to. */
static enum err still_unused(struct db_conn *c, const uint8_t *hash)
{
    bool used = false;
    enum err err =
        db_read_bool(c, &used, "SELECT blob_used($1)", "x", hash, (size_t)BLOB_HASH_SIZE);
    return !err && used ? ERR_CONFLICT : err;
}

/* Asked once more when it has no name any more: the answer comes over the connection that holds the
 * lock, so that nobody else had it in between. */
static enum err remove_unused(struct db_conn *c, struct blob_store *blobs, const uint8_t *hash)
{
    enum err err = still_unused(c, hash);
    if (!err)
        err = blob_set_aside(blobs, hash);
    if (err)
        return err;
    err = still_unused(c, hash);
    if (!err) {
        metric_add(&blobs_removed, 1);
        return blob_remove_aside(blobs, hash);
    }
    enum err back = blob_put_back(blobs, hash);
    return back ? back : err;
}

/* Whoever holds it is about to refer to it, or fails and collects it himself. */
static enum err collect_one(struct db_conn *c, struct blob_store *blobs, const uint8_t *hash)
{
    char text[BLOB_HASH_TEXT];
    bool alone = false;
    blob_hash_text(hash, text);
    enum err err = db_begin(c);
    if (!err)
        err = db_read_bool(c, &alone,
                           "SELECT pg_try_advisory_xact_lock(" BLOB_LOCK ", " HASH_KEY ")"
                           "  FROM (SELECT $1::text AS h) t",
                           "s", text);
    if (!err && alone)
        err = remove_unused(c, blobs, hash);
    if (err == ERR_CONFLICT || err == ERR_NOT_FOUND) /* it is needed, or not there */
        err = ERR_OK;
    return db_end(c, err);
}

static bool parse_row(const struct db_result *r, int row, uint8_t *hash)
{
    return db_bytes(r, row, 0, hash, BLOB_HASH_SIZE) == BLOB_HASH_SIZE;
}

/* Most are referred to: asked together, and without a lock. */
static enum err collect_some(struct db_conn *c, struct blob_store *blobs, const blob_hash *hashes,
                             size_t n)
{
    struct texts texts;
    struct db_result *r = db_query(c,
                                   "SELECT b.hash FROM unnest($1) h"
                                   " CROSS JOIN LATERAL (SELECT decode(h, 'hex') AS hash) b"
                                   " WHERE NOT blob_used(b.hash)",
                                   "S", texts_of(&texts, hashes, n), n);
    enum err err = db_err(r);
    for (int i = 0; !err && i < db_rows(r); i++) {
        uint8_t hash[BLOB_HASH_SIZE];
        if (parse_row(r, i, hash))
            err = collect_one(c, blobs, hash);
    }
    db_result_free(r);
    return err;
}

enum err storage_collect(struct db_conn *c, struct blob_store *blobs, const blob_hash *hashes,
                         size_t n)
{
    enum err err = ERR_OK;
    for (size_t at = 0; !err && at < n; at += ASK_MOST)
        err = collect_some(c, blobs, hashes + at, n - at < ASK_MOST ? n - at : ASK_MOST);
    return err;
}

/* --- the sweep --- */

struct found {
    blob_hash *hashes;
    size_t n, cap;
};

static void add_found(void *arg, const uint8_t hash[static BLOB_HASH_SIZE])
{
    struct found *f = arg;
    if (f->n == f->cap) {
        f->cap = f->cap ? 2 * f->cap : ASK_MOST;
        f->hashes = mem_resize(f->hashes, f->cap * sizeof *f->hashes);
    }
    memcpy(f->hashes[f->n++], hash, BLOB_HASH_SIZE);
}

enum err storage_sweep(struct db_conn *c, struct blob_store *blobs, const struct clock *clock,
                       int *shelf)
{
    int64_t until = clock_mono_us(clock) + SWEEP_US;
    enum err err = ERR_OK;
    while (!err && *shelf < BLOB_SHELVES && clock_mono_us(clock) < until) {
        struct found found = {0};
        blob_list(blobs, (uint8_t)*shelf, add_found, &found);
        err = storage_collect(c, blobs, found.hashes, found.n);
        free(found.hashes);
        *shelf += !err;
    }
    return err;
}

/* One a process: the tick is the main thread's, look() and on_done() run on a database worker. */
static struct {
    struct db_job job;
    struct app *app;
    int64_t next_us; /* monotonic */
    int shelf;       /* where the sweep goes on */
    atomic_bool under_way;
} sweeping;

static void look(struct db_job *job, struct db_conn *c)
{
    struct app *app = sweeping.app;
    job->err = storage_sweep(c, app->blobs, app->clock, &sweeping.shelf);
}

static void on_done(struct message *message)
{
    (void)message;
    atomic_store(&sweeping.under_way, false);
}

void storage_tick(struct app *app)
{
    int64_t now = clock_mono_us(app->clock);
    if (now < sweeping.next_us || atomic_exchange(&sweeping.under_way, true))
        return;
    if (sweeping.shelf == BLOB_SHELVES) {
        sweeping.shelf = 0;
        sweeping.next_us = now + EVERY_US;
        atomic_store(&sweeping.under_way, false);
        return;
    }
    if (!sweeping.app)
        metric_register(&blobs_removed);
    sweeping.app = app;
    sweeping.job = (struct db_job){.run = look, .done = {.deliver = on_done}};
    if (db_submit(app->db, DB_JOB, &sweeping.job) != ERR_OK)
        atomic_store(&sweeping.under_way, false);
}
