/* The recorder of this process, and its files: chunks that are whole are kept as blobs. One a
 * process: start, tick and stop are the main thread's; look() runs on a database worker,
 * on_failed() on the recorder's thread. */
#include "base/buf.h"
#include "base/config.h"
#include "base/log.h"
#include "base/mem.h"
#include "db/db.h"
#include "features/recording/recording_film_store.h"
#include "features/recording/recording_room.h"
#include "recording/chunk.h"
#include <dirent.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define EVERY_US    (2 * US_PER_S)
#define QUEUE_BYTES (32u << 20)
/* Of several nodes each may be lost with its disk: what is not kept yet is 7.5 s, a look, and what
 * keeping takes. */
#define CHUNK_OF_SEVERAL_US (5 * US_PER_S)

static struct {
    struct recorder *recorder;
    char folder[PATH_MAX];
    struct app *app;
    struct db_job job;
    int64_t next_us; /* monotonic */
    atomic_bool under_way;
} disk;

struct recorder *recording_recorder(void)
{
    return disk.recorder;
}

/* --- something to do on a worker --- */

struct errand {
    struct db_job job;
    struct id id; /* of a session, or a recording */
};

static void errand_done(struct message *message)
{
    free(container_of(message, struct errand, job.done));
}

static void send_errand(const struct id *id, void (*run)(struct db_job *, struct db_conn *))
{
    struct errand *e = mem_new(sizeof *e);
    e->id = *id;
    e->job = (struct db_job){.run = run, .done = {.deliver = errand_done}};
    if (db_submit(disk.app->db, DB_JOB, &e->job) != ERR_OK)
        free(e);
}

static void start_alone(struct db_job *job, struct db_conn *c)
{
    const struct errand *e = container_of(job, struct errand, job);
    job->err = recording_start_alone(c, disk.app, &e->id, clock_now_us(disk.app->clock));
}

void recording_start_soon(struct app *app, const struct id *session)
{
    (void)app;
    if (disk.recorder)
        send_errand(session, start_alone);
}

static void stop_failed(struct db_job *job, struct db_conn *c)
{
    const struct errand *e = container_of(job, struct errand, job);
    job->err =
        recording_fail(c, disk.app, &e->id, RECORDING_STORAGE, clock_now_us(disk.app->clock));
}

static void on_failed(void *arg, const struct id *recording)
{
    (void)arg;
    send_errand(recording, stop_failed);
}

static bool has_room(void *arg, size_t bytes)
{
    (void)arg;
    return blob_has_room(disk.app->blobs, bytes);
}

bool recording_has_room(void)
{
    return disk.recorder && has_room(NULL, RECORDER_ROOM);
}

/* --- chunks that are whole --- */

static int number_in(const json_t *config, const char *key)
{
    json_int_t n = json_integer_value(json_object_get(config, key));
    return n > 0 && n <= 4096 ? (int)n : 0;
}

static void look_at_config(struct recording_piece *piece, const struct media_record *record)
{
    json_t *config = json_loadb((const char *)record->bytes, record->len, 0, NULL);
    int width = number_in(config, "width"), height = number_in(config, "height");
    if (width * height > piece->width * piece->height) {
        piece->width = width;
        piece->height = height;
    }
    json_decref(config);
}

/* When its last record came, and how large its pictures are. */
static enum err look_into(struct recording_piece *piece, const void *bytes, size_t len)
{
    struct chunk_reader r;
    struct chunk_entry entry;
    enum err err = chunk_read(&r, bytes, len);
    piece->to_us = piece->name.from_us;
    while (err == ERR_OK && (err = chunk_next(&r, &entry)) == ERR_OK) {
        piece->to_us = entry.at_us > piece->to_us ? entry.at_us : piece->to_us;
        if (entry.record.type == MEDIA_CONFIG)
            look_at_config(piece, &entry.record);
    }
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum err make_blob(struct recording_piece *piece, const struct buf *bytes)
{
    piece->bytes = bytes->len;
    piece->file = blob_begin(disk.app->blobs, bytes->len);
    enum err err = piece->file ? blob_append(piece->file, bytes->data, bytes->len) : ERR_BUSY;
    return err == ERR_OK ? blob_seal(piece->file, piece->hash, &piece->bytes) : err;
}

/* What it says of the file: ERR_OK and ERR_NOT_FOUND: it may go. */
static enum err keep_file(struct db_conn *c, const char *path, struct recording_piece *piece)
{
    struct buf bytes;
    int64_t now = clock_now_us(disk.app->clock);
    buf_init(&bytes, CHUNK_MOST);
    enum err err = buf_add_file(&bytes, path) ? look_into(piece, bytes.data, bytes.len) : ERR_BUSY;
    if (err == ERR_INVALID)
        err = ERR_NOT_FOUND; /* recovered chunks are whole: it is no chunk */
    if (err == ERR_OK)
        err = make_blob(piece, &bytes);
    if (err == ERR_OK)
        err = recording_keep(c, disk.app, piece, now);
    if (err == ERR_CONFLICT)
        err = recording_fail(c, disk.app, &piece->name.recording, RECORDING_QUOTA, now);
    blob_discard(piece->file);
    buf_release(&bytes);
    return err;
}

static void take_file(struct db_conn *c, const char *name, struct recording_piece *piece)
{
    char path[PATH_MAX];
    if (snprintf(path, sizeof path, "%s/%s", disk.folder, name) >= PATH_MAX)
        return;
    enum err err = keep_file(c, path, piece);
    if (err == ERR_OK || err == ERR_NOT_FOUND)
        unlink(path);
    else
        log_warn("recording.waits", "{s:s,s:s}", "file", name, "why", err_code(err));
}

static void look(struct db_job *job, struct db_conn *c)
{
    DIR *d = opendir(disk.folder);
    job->err = recording_end_all(c, disk.app, clock_now_us(disk.app->clock));
    for (struct dirent *e = d ? readdir(d) : NULL; e; e = readdir(d)) {
        struct recording_piece piece = {0};
        if (tape_name_read(e->d_name, TAPE_WHOLE, &piece.name))
            take_file(c, e->d_name, &piece);
    }
    if (d)
        closedir(d);
}

static void on_done(struct message *message)
{
    (void)message;
    jobs_wake(disk.app->jobs, &recording_film_job);
    jobs_wake(disk.app->jobs, &recording_free_job);
    atomic_store(&disk.under_way, false);
}

/* --- the process --- */

static bool of_several(const struct app *app)
{
    return app->config->nats_url && app->config->nats_url[0];
}

enum err recording_process_start(struct app *app, struct db_conn *conn)
{
    (void)conn;
    disk.app = app;
    snprintf(disk.folder, sizeof disk.folder, "%s/recording", app->config->data);
    if (mkdir(disk.folder, 0700) != 0 && errno != EEXIST) {
        log_error("recording.folder", "{s:s}", "why", strerror(errno));
        return ERR_OK; /* nothing is recorded; everything else goes on */
    }
    struct recorder_config config = {.folder = disk.folder,
                                     .queue_bytes = QUEUE_BYTES,
                                     .chunk_us = of_several(app) ? CHUNK_OF_SEVERAL_US : 0,
                                     .clock = app->clock,
                                     .has_room = has_room,
                                     .failed = on_failed};
    disk.recorder = recorder_new(&config);
    return ERR_OK;
}

void recording_process_tick(struct app *app)
{
    int64_t now = clock_mono_us(app->clock);
    if (!disk.recorder || now < disk.next_us || atomic_exchange(&disk.under_way, true))
        return;
    disk.next_us = now + EVERY_US;
    disk.job = (struct db_job){.run = look, .done = {.deliver = on_done}};
    if (db_submit(app->db, DB_JOB, &disk.job) != ERR_OK)
        atomic_store(&disk.under_way, false);
}

void recording_process_stop(struct app *app)
{
    (void)app;
    recorder_free(disk.recorder);
    disk.recorder = NULL;
}
