#include "recording/tape.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "recording/chunk.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#define CHUNK_US      (10 * US_PER_S)
#define NO_PICTURE_US (5 * US_PER_S) /* without a key frame: there is no picture */
#define SYNC_US       US_PER_S
#define SCRATCH       (CHUNK_ENTRY_HEAD + MEDIA_RECORD_HEAD + MEDIA_FRAME_MOST)
#define CONFIGS       (MEDIA_OWN_STREAMS * 2)

static enum err disk_err(const struct tape *t, const char *doing)
{
    char recording[ID_TEXT_SIZE];
    log_error("recording.disk", "{s:s,s:s,s:s}", "recording", id_text(&t->recording, recording),
              "doing", doing, "why", strerror(errno));
    return ERR_BUSY;
}

struct tape *tape_new(const char *folder, const struct id *recording, const struct id *person)
{
    struct tape *t = mem_new(sizeof *t);
    t->fd = -1;
    t->chunk_us = CHUNK_US;
    t->recording = *recording;
    t->person = *person;
    snprintf(t->folder, sizeof t->folder, "%s", folder);
    t->scratch = mem_new(SCRATCH);
    return t;
}

/* --- a chunk --- */

static enum err append(struct tape *t, int64_t at_us, const struct media_record *record)
{
    size_t size = chunk_entry_size(record), done = 0;
    chunk_write(at_us, record, t->scratch);
    while (done < size) {
        ssize_t n = write(t->fd, t->scratch + done, size - done);
        if (n < 0 && errno != EINTR)
            return disk_err(t, "write");
        done += n > 0 ? (size_t)n : 0;
    }
    t->bytes += size;
    t->last_us = at_us;
    return ERR_OK;
}

static enum err begin(struct tape *t, int64_t at_us)
{
    char recording[ID_TEXT_SIZE], person[ID_TEXT_SIZE];
    int n =
        snprintf(t->path, sizeof t->path, "%s/%s.%s.%lld" TAPE_OPEN, t->folder,
                 id_text(&t->recording, recording), id_text(&t->person, person), (long long)at_us);
    if (n < 0 || (size_t)n + sizeof TAPE_WHOLE > sizeof t->path) {
        errno = ENAMETOOLONG;
        return disk_err(t, "name");
    }
    t->fd = open(t->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (t->fd < 0)
        return disk_err(t, "create");
    if (write(t->fd, chunk_head, CHUNK_HEAD) != CHUNK_HEAD)
        return disk_err(t, "begin");
    t->bytes = CHUNK_HEAD;
    t->from_us = t->last_us = t->synced_us = at_us;
    enum err err = ERR_OK;
    for (int i = 0; i < CONFIGS && err == ERR_OK; i++) {
        struct payload *config = t->configs[i / 2][i % 2];
        struct media_record record;
        if (config && media_own(config->bytes, config->len, &record))
            err = append(t, at_us, &record);
    }
    return err;
}

/* A folder's entries are on the disk once it is. */
static bool sync_folder(const char *folder)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool done = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return done;
}

void tape_end(struct tape *t)
{
    char whole[PATH_MAX];
    if (t->fd < 0)
        return;
    size_t stem = strlen(t->path) - strlen(TAPE_OPEN);
    snprintf(whole, sizeof whole, "%.*s%s", (int)stem, t->path, TAPE_WHOLE);
    bool done = ftruncate(t->fd, (off_t)t->bytes) == 0 && fdatasync(t->fd) == 0;
    close(t->fd);
    t->fd = -1;
    if (!done || rename(t->path, whole) != 0 || !sync_folder(t->folder))
        (void)disk_err(t, "end"); /* it is recovered at the next start */
}

void tape_free(struct tape *t)
{
    if (!t)
        return;
    tape_end(t);
    for (int i = 0; i < CONFIGS; i++)
        payload_unref(t->configs[i / 2][i % 2]);
    free(t->scratch);
    free(t);
}

/* --- what comes --- */

static void keep_config(struct tape *t, const struct media_record *record)
{
    struct payload **kept =
        &t->configs[record->stream % MEDIA_OWN_STREAMS][(record->flags & MEDIA_LOW) != 0];
    struct payload *p = payload_new(MEDIA_RECORD_HEAD + record->len);
    media_write_head(record, p->bytes);
    memcpy(p->bytes + MEDIA_RECORD_HEAD, record->bytes, record->len);
    payload_unref(*kept);
    *kept = p;
}

static bool is_full(const struct tape *t, int64_t at_us, bool key)
{
    int64_t age = at_us - t->from_us;
    bool picture = t->key_us && at_us - t->key_us < NO_PICTURE_US;
    /* A picture has no key frame for as long: then without one. */
    return t->bytes > CHUNK_MOST / 2 || age >= t->chunk_us + t->chunk_us / 2 ||
           (age >= t->chunk_us && (key || !picture));
}

enum err tape_put(struct tape *t, int64_t at_us, const struct media_record *record)
{
    bool key = media_is_picture(record->type) && (record->flags & MEDIA_KEY);
    if (record->len > MEDIA_FRAME_MOST)
        return ERR_OK; /* none is */
    if (record->type == MEDIA_CONFIG && record->len)
        keep_config(t, record);
    if (t->fd >= 0 && is_full(t, at_us, key))
        tape_end(t);
    enum err err = t->fd >= 0 ? ERR_OK : begin(t, at_us);
    if (err == ERR_OK)
        err = append(t, at_us, record);
    if (key)
        t->key_us = at_us;
    if (err != ERR_OK)
        tape_end(t);
    return err;
}

enum err tape_sync(struct tape *t, int64_t now_us)
{
    if (t->fd < 0 || t->last_us < t->synced_us || now_us - t->synced_us < SYNC_US)
        return ERR_OK;
    t->synced_us = now_us;
    return fdatasync(t->fd) == 0 ? ERR_OK : disk_err(t, "sync");
}
