#include "blob/blob.h"
#include "base/log.h"
#include "base/mem.h"
#include "blob/cache.h"
#include "blob/disk.h"
#include "blob/s3.h"
#include "blob/store.h"
#include "crypto/sha256.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define GET_MAX_BYTES (64u << 20) /* larger ones are read through blob_open() */

struct blob_draft {
    struct blob_store *store;
    int fd;
    size_t len, expected;
    uint8_t name[BLOB_HASH_SIZE]; /* once it is sealed */
    struct sha256 hash;
    char path[];
};

_Static_assert(BLOB_HASH_SIZE == SHA256_SIZE, "hash");

void blob_hash_text(const uint8_t hash[static BLOB_HASH_SIZE], char text[static BLOB_HASH_TEXT])
{
    static const char digits[] = "0123456789abcdef";
    for (int i = 0; i < BLOB_HASH_SIZE; i++) {
        text[2 * i] = digits[hash[i] >> 4];
        text[2 * i + 1] = digits[hash[i] & 15];
    }
    text[BLOB_HASH_TEXT - 1] = '\0';
}

enum err store_err(const char *doing)
{
    int why = errno;
    log_error("blob.disk", "{s:s,s:s}", "doing", doing, "why", strerror(why));
    bool later = why == ENOSPC || why == EDQUOT || why == EMFILE || why == ENFILE || why == EAGAIN;
    return later ? ERR_BUSY : ERR_INTERNAL;
}

void store_path(const struct blob_store *s, const uint8_t *hash, bool file,
                char path[static PATH_MAX])
{
    char text[BLOB_HASH_TEXT];
    blob_hash_text(hash, text);
    if (file)
        snprintf(path, PATH_MAX, "%s/%.2s/%s", s->folder, text, text);
    else
        snprintf(path, PATH_MAX, "%s/%.2s", s->folder, text);
}

static void remove_leftovers(const char *folder)
{
    DIR *dir = opendir(folder);
    if (!dir)
        return;
    struct dirent *entry;
    while ((entry = readdir(dir)))
        if (entry->d_name[0] != '.')
            unlinkat(dirfd(dir), entry->d_name, 0);
    closedir(dir);
}

static bool make_folder(const char *path)
{
    return mkdir(path, 0700) == 0 || errno == EEXIST;
}

struct blob_store *store_open(const char *folder, const char *drafts, const char *temp,
                              size_t cache_bytes)
{
    if (strlen(folder) > PATH_MAX - 128) {
        errno = ENAMETOOLONG;
        return NULL;
    }
    char tmp[PATH_MAX], aside[PATH_MAX];
    snprintf(tmp, sizeof tmp, "%s/tmp", folder);
    snprintf(aside, sizeof aside, "%s/aside", folder);
    drafts = drafts ? drafts : tmp;
    if (!make_folder(folder) || !make_folder(tmp) || !make_folder(aside) || !make_folder(drafts) ||
        access(drafts, W_OK | X_OK) != 0)
        return NULL;
    remove_leftovers(drafts);
    struct blob_store *s = mem_new(sizeof *s);
    s->folder = mem_strdup(folder);
    s->drafts = mem_strdup(drafts);
    s->temp = mem_strdup(temp ? temp : tmp);
    s->shared = temp != NULL;
    s->aside = mem_strdup(aside);
    s->cache = blob_cache_new(cache_bytes);
    s->floor = BLOB_FLOOR_BYTES;
    return s;
}

struct blob_store *blob_store_open(const char *folder, size_t cache_bytes)
{
    struct blob_store *s = store_open(folder, NULL, NULL, cache_bytes);
    if (s)
        store_put_all_back(s);
    return s;
}

void blob_store_set_floor(struct blob_store *s, uint64_t bytes)
{
    s->floor = bytes;
}

void blob_store_close(struct blob_store *s)
{
    if (!s)
        return;
    s3_free(s->s3);
    blob_cache_free(s->cache);
    free(s->folder);
    free(s->drafts);
    free(s->temp);
    free(s->aside);
    free(s);
}

const char *blob_temp_folder(const struct blob_store *s)
{
    return s->temp;
}

static bool disk_has_room(const struct blob_store *s, const char *folder, uint64_t bytes,
                          uint64_t promised)
{
    struct statvfs disk;
    if (statvfs(folder, &disk) != 0)
        return false;
    uint64_t free_bytes = (uint64_t)disk.f_bavail * disk.f_frsize;
    return free_bytes > s->floor && free_bytes - s->floor >= promised &&
           free_bytes - s->floor - promised >= bytes;
}

/* Above the floor, with what others were promised taken off: where the blobs come, and on this
 * machine, if that is another disk. */
static bool has_room(struct blob_store *s, uint64_t bytes, uint64_t promised)
{
    return disk_has_room(s, s->drafts, bytes, promised) &&
           (strcmp(s->drafts, s->temp) == 0 || disk_has_room(s, s->temp, bytes, promised));
}

bool blob_has_room(struct blob_store *s, uint64_t bytes)
{
    return has_room(s, bytes, atomic_load(&s->promised));
}

bool store_has_room(void *store, uint64_t bytes)
{
    return blob_has_room(store, bytes);
}

/* What a draft was promised and has not written. */
static void give_promise_back(struct blob_draft *d, size_t bytes)
{
    size_t left = d->expected > d->len ? d->expected - d->len : 0;
    atomic_fetch_sub(&d->store->promised, bytes < left ? bytes : left);
}

static bool sync_folder(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return false;
    bool ok = fsync(fd) == 0;
    close(fd);
    return ok;
}

/* Gives the finished temporary file its name. Also when the name exists already the folder is
 * synced: whoever made it may not have come so far. */
enum err store_publish(struct blob_store *s, const char *tmp, const uint8_t *hash)
{
    char folder[PATH_MAX], path[PATH_MAX];
    store_path(s, hash, false, folder);
    store_path(s, hash, true, path);
    if (mkdir(folder, 0700) == 0) {
        if (!sync_folder(s->folder))
            return store_err("sync");
    } else if (errno != EEXIST) {
        return store_err("mkdir");
    }
    if (rename(tmp, path) != 0)
        return store_err("rename");
    return sync_folder(folder) ? ERR_OK : store_err("sync");
}

static struct blob_draft *open_draft(struct blob_store *s)
{
    size_t size = strlen(s->drafts) + sizeof "/XXXXXX";
    struct blob_draft *d = mem_new(sizeof *d + size);
    d->store = s;
    snprintf(d->path, size, "%s/XXXXXX", s->drafts);
    d->fd = mkostemp(d->path, O_CLOEXEC);
    if (d->fd < 0) {
        free(d);
        return NULL;
    }
    sha256_init(&d->hash);
    return d;
}

struct blob_draft *blob_begin(struct blob_store *s, size_t expected)
{
    bool room = has_room(s, expected, atomic_fetch_add(&s->promised, expected));
    struct blob_draft *d = room ? open_draft(s) : NULL;
    if (d) {
        d->expected = expected;
        return d;
    }
    atomic_fetch_sub(&s->promised, expected);
    if (!room)
        errno = ENOSPC;
    return NULL;
}

enum err blob_append(struct blob_draft *d, const void *bytes, size_t len)
{
    sha256_add(&d->hash, bytes, len);
    if (!disk_write(d->fd, bytes, len))
        return store_err("write");
    give_promise_back(d, len);
    d->len += len;
    return ERR_OK;
}

size_t blob_draft_read(const struct blob_draft *d, size_t at, void *out, size_t max)
{
    ssize_t n = pread(d->fd, out, max, (off_t)at);
    return n > 0 ? (size_t)n : 0;
}

size_t blob_peek(const struct blob_draft *d, void *out, size_t max)
{
    return blob_draft_read(d, 0, out, max);
}

size_t blob_draft_len(const struct blob_draft *d)
{
    return d->len;
}

static void draft_free(struct blob_draft *d)
{
    give_promise_back(d, SIZE_MAX);
    close(d->fd);
    free(d);
}

void blob_discard(struct blob_draft *d)
{
    if (!d)
        return;
    unlink(d->path);
    draft_free(d);
}

enum err blob_seal(struct blob_draft *d, uint8_t hash[static BLOB_HASH_SIZE], size_t *len)
{
    *len = d->len;
    sha256_end(&d->hash, d->name);
    memcpy(hash, d->name, sizeof d->name);
    if (d->store->s3)
        return remote_seal(d->store, d->fd, d->len, d->name);
    return fsync(d->fd) == 0 ? ERR_OK : store_err("sync");
}

enum err blob_keep(struct blob_draft *d)
{
    enum err err = d->store->s3 ? remote_keep(d->store, d->fd, d->len, d->name) : ERR_OK;
    if (!err)
        err = store_publish(d->store, d->path, d->name);
    if (err)
        blob_discard(d);
    else
        draft_free(d);
    return err;
}

enum err blob_put(struct blob_store *s, const void *bytes, size_t len,
                  uint8_t hash[static BLOB_HASH_SIZE])
{
    struct blob_draft *d = blob_begin(s, len);
    if (!d)
        return store_err("create");
    enum err err = blob_append(d, bytes, len);
    if (!err)
        err = blob_seal(d, hash, &len);
    if (!err)
        return blob_keep(d);
    blob_discard(d);
    return err;
}

int blob_open(struct blob_store *s, const uint8_t hash[static BLOB_HASH_SIZE])
{
    char path[PATH_MAX];
    if (s->s3)
        return remote_open(s, hash);
    store_path(s, hash, true, path);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd >= 0 || errno != ENOENT || !s->shared)
        return fd;
    /* A server that set it aside may have died before it was put back. */
    store_aside_path(s, hash, path);
    return open(path, O_RDONLY | O_CLOEXEC);
}

/* The whole content, checked against its name: a disk that lies is noticed here. */
static enum err load(void *store, const uint8_t *hash, struct payload **out)
{
    int fd = blob_open(store, hash);
    if (fd < 0)
        return errno == ENOENT ? ERR_NOT_FOUND : store_err("open");
    struct stat st;
    enum err err = ERR_INTERNAL;
    struct payload *p = NULL;
    if (fstat(fd, &st) != 0) {
        err = store_err("stat");
    } else if (st.st_size > (off_t)GET_MAX_BYTES) {
        err = ERR_TOO_LARGE;
    } else {
        p = payload_new((size_t)st.st_size);
        uint8_t actual[BLOB_HASH_SIZE] = {0};
        if (disk_read(fd, p->bytes, p->len))
            sha256(p->bytes, p->len, actual);
        if (memcmp(actual, hash, BLOB_HASH_SIZE) == 0)
            err = ERR_OK;
        else
            log_error("blob.damaged", "{s:s}", "folder", ((struct blob_store *)store)->folder);
    }
    close(fd);
    if (err) {
        payload_unref(p);
        p = NULL;
    }
    *out = p;
    return err;
}

enum err blob_get(struct blob_store *s, const uint8_t hash[static BLOB_HASH_SIZE],
                  struct payload **out)
{
    return blob_cache_get(s->cache, hash, load, s, out);
}
