/* The jobs of recordings: films are made, files that nobody wants go. */
#include "base/log.h"
#include "base/mem.h"
#include "blob/temp.h"
#include "features/recording/recording_film_store.h"
#include "recording/film.h"
#include <poll.h>
#include <unistd.h>

#define FILM_BYTES (8ULL << 30)
#define STEP_MS    10000
#define COPY_BYTES (1u << 20)

struct making {
    struct job *job;
    struct film_chunks chunks;
    size_t next[FILM_LANES]; /* each lane's next chunk */
    struct payload *chunk[FILM_LANES];
    struct temp_file file;
};

/* Gives a lane its next chunk, from the blobs. */
static enum err give_chunk(void *arg, int lane, const void **bytes, size_t *len)
{
    struct making *m = arg;
    size_t at = m->next[lane];
    payload_unref(m->chunk[lane]);
    m->chunk[lane] = NULL;
    while (at < m->chunks.n && m->chunks.items[at].person != lane)
        at++;
    m->next[lane] = at + 1;
    if (at >= m->chunks.n)
        return ERR_NOT_FOUND;
    enum err err = blob_get(m->job->app->blobs, m->chunks.items[at].hash, &m->chunk[lane]);
    if (err == ERR_NOT_FOUND)
        return ERR_BUSY; /* just deleted: another film is wanted */
    if (err == ERR_OK) {
        *bytes = m->chunk[lane]->bytes;
        *len = m->chunk[lane]->len;
    }
    return err;
}

static enum err add_bytes(void *arg, const void *bytes, size_t len)
{
    return temp_add(&((struct making *)arg)->file, bytes, len);
}

static enum err patch_bytes(void *arg, uint64_t at, const void *bytes, size_t len)
{
    const struct making *m = arg;
    return pwrite(m->file.fd, bytes, len, (off_t)at) == (ssize_t)len ? ERR_OK : ERR_BUSY;
}

/* A film is begun anew when it stops, so it goes on while others wait. */
static bool stops(const struct job *job)
{
    struct pollfd stop = {.fd = job->stop_fd, .events = POLLIN};
    return poll(&stop, 1, 0) > 0;
}

/* ERR_NOT_FOUND: there is nothing in it. */
static enum err make_file(struct making *m, int64_t *duration_ms)
{
    struct film *film;
    struct film_config config = {.lanes = m->chunks.people,
                                 .source = give_chunk,
                                 .arg = m,
                                 .width = m->chunks.width,
                                 .height = m->chunks.height,
                                 .sink = {add_bytes, patch_bytes, m}};
    enum err err = film_begin(&config, &film);
    if (err != ERR_OK)
        return err;
    while (err == ERR_OK)
        err = stops(m->job) ? ERR_RETRY : film_go_on(film, STEP_MS);
    enum err ended = film_end(film, duration_ms);
    return err == ERR_NOT_FOUND ? ended : err;
}

static enum err copy_to_blob(struct making *m, struct film_made *made)
{
    unsigned char *bytes = mem_new(COPY_BYTES);
    size_t len = 0;
    ssize_t n;
    made->bytes = (int64_t)m->file.len;
    made->file = blob_begin(m->job->app->blobs, m->file.len);
    enum err err = made->file ? ERR_OK : ERR_BUSY;
    for (uint64_t at = 0; err == ERR_OK && at < m->file.len; at += (uint64_t)n) {
        n = pread(m->file.fd, bytes, COPY_BYTES, (off_t)at);
        err = n > 0 ? blob_append(made->file, bytes, (size_t)n) : ERR_BUSY;
    }
    free(bytes);
    return err == ERR_OK ? blob_seal(made->file, made->hash, &len) : err;
}

static enum err make_film(struct making *m)
{
    struct app *app = m->job->app;
    struct film_made made = {.version = m->chunks.version};
    enum err err = temp_open(&m->file, app->blobs, FILM_BYTES);
    if (err == ERR_OK)
        err = make_file(m, &made.duration_ms);
    if (err == ERR_OK)
        err = copy_to_blob(m, &made);
    made.at = clock_now_us(app->clock);
    if (err == ERR_OK)
        err = recording_film_keep(m->job->db, app, &m->job->object, &made);
    blob_discard(made.file);
    temp_close(&m->file);
    return err;
}

static enum job_result film_run(struct job *job)
{
    struct making m = {.job = job, .file = {.fd = -1}};
    enum err err = recording_film_chunks(job->db, &job->object, &m.chunks);
    if (err == ERR_OK && m.chunks.people > FILM_LANES)
        m.chunks.people = FILM_LANES;
    if (err == ERR_OK)
        err = make_film(&m);
    for (int i = 0; i < FILM_LANES; i++)
        payload_unref(m.chunk[i]);
    free(m.chunks.items);
    if (err == ERR_RETRY)
        return JOB_LATER;
    if (err == ERR_OK || err == ERR_NOT_FOUND)
        return JOB_DONE;
    return err == ERR_BUSY && blob_store_away(job->app->blobs) ? JOB_AWAITS : JOB_FAILED;
}

static enum err film_give_up(struct job *job)
{
    return recording_film_failed(job->db, &job->object);
}

static enum job_result free_run(struct job *job)
{
    blob_hash hashes[RECORDING_GONE_AT_ONCE];
    enum err err = ERR_OK;
    size_t n = 1;
    while (err == ERR_OK && n > 0) {
        int64_t last = 0;
        err = recording_gone_read(job->db, &job->object, hashes, &n, &last);
        if (err == ERR_OK && n > 0)
            err = storage_collect(job->db, job->app->blobs, hashes, n);
        if (err == ERR_OK && n > 0)
            err = recording_gone_forget(job->db, &job->object, last);
        if (err == ERR_OK && n > 0 && job_gives_way(job))
            return JOB_LATER;
    }
    if (err == ERR_BUSY && blob_store_away(job->app->blobs))
        return JOB_AWAITS;
    return err == ERR_OK ? JOB_DONE : JOB_FAILED;
}

/* Not before it is done: the disk is to be freed. */
static enum err free_give_up(struct job *job)
{
    (void)job;
    return ERR_BUSY;
}

const struct job_kind recording_film_job = {.name = "recording.film",
                                            .pool = DB_RENDER,
                                            .tries = 5,
                                            .run = film_run,
                                            .give_up = film_give_up};
const struct job_kind recording_free_job = {
    .name = "recording.free", .pool = DB_JOB, .tries = 5, .run = free_run, .give_up = free_give_up};
