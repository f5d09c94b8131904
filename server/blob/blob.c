#include "blob/blob.h"
#include "base/log.h"
#include "base/mem.h"
#include "blob/cache.h"
#include "blob/disk.h"
#include "crypto/sha256.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* <folder>/ab/abcd… (hex of the hash); unfinished files are in <folder>/tmp and belong to nobody
 * after a crash. */

#define GET_MAX_BYTES (64u << 20) /* larger ones are read through blob_open() */

struct blob_store {
    char *folder, *temp;
    struct blob_cache *cache;
};

struct blob_draft {
    struct blob_store *store;
    int fd;
    size_t len;
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

static enum err disk_err(const char *doing)
{
    int why = errno;
    log_error("blob.disk", "{s:s,s:s}", "doing", doing, "why", strerror(why));
    bool later = why == ENOSPC || why == EDQUOT || why == EMFILE || why == ENFILE;
    return later ? ERR_BUSY : ERR_INTERNAL;
}

/* The path of a blob, or of its folder. */
static void blob_path(const struct blob_store *s, const uint8_t *hash, bool file,
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

struct blob_store *blob_store_open(const char *folder, size_t cache_bytes)
{
    if (strlen(folder) > PATH_MAX - 128) {
        errno = ENAMETOOLONG;
        return NULL;
    }
    char tmp[PATH_MAX];
    snprintf(tmp, sizeof tmp, "%s/tmp", folder);
    if (!make_folder(folder) || !make_folder(tmp) || access(tmp, W_OK | X_OK) != 0)
        return NULL;
    remove_leftovers(tmp);
    struct blob_store *s = mem_new(sizeof *s);
    s->folder = mem_strdup(folder);
    s->temp = mem_strdup(tmp);
    s->cache = blob_cache_new(cache_bytes);
    return s;
}

void blob_store_close(struct blob_store *s)
{
    if (!s)
        return;
    blob_cache_free(s->cache);
    free(s->folder);
    free(s->temp);
    free(s);
}

const char *blob_temp_folder(const struct blob_store *s)
{
    return s->temp;
}

bool blob_has_room(const struct blob_store *s, uint64_t bytes)
{
    struct statvfs disk;
    if (statvfs(s->temp, &disk) != 0)
        return false;
    uint64_t free_bytes = (uint64_t)disk.f_bavail * disk.f_frsize;
    return free_bytes > BLOB_FLOOR_BYTES && free_bytes - BLOB_FLOOR_BYTES >= bytes;
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
static enum err publish(struct blob_store *s, const char *tmp, const uint8_t *hash)
{
    char folder[PATH_MAX], path[PATH_MAX];
    blob_path(s, hash, false, folder);
    blob_path(s, hash, true, path);
    if (mkdir(folder, 0700) == 0) {
        if (!sync_folder(s->folder))
            return disk_err("sync");
    } else if (errno != EEXIST) {
        return disk_err("mkdir");
    }
    if (rename(tmp, path) != 0)
        return disk_err("rename");
    return sync_folder(folder) ? ERR_OK : disk_err("sync");
}

struct blob_draft *blob_begin(struct blob_store *s, size_t expected)
{
    if (!blob_has_room(s, expected)) {
        errno = ENOSPC;
        return NULL;
    }
    size_t size = strlen(s->temp) + sizeof "/XXXXXX";
    struct blob_draft *d = mem_new(sizeof *d + size);
    d->store = s;
    snprintf(d->path, size, "%s/XXXXXX", s->temp);
    d->fd = mkostemp(d->path, O_CLOEXEC);
    if (d->fd < 0) {
        free(d);
        return NULL;
    }
    sha256_init(&d->hash);
    return d;
}

enum err blob_append(struct blob_draft *d, const void *bytes, size_t len)
{
    sha256_add(&d->hash, bytes, len);
    d->len += len;
    return disk_write(d->fd, bytes, len) ? ERR_OK : disk_err("write");
}

size_t blob_peek(const struct blob_draft *d, void *out, size_t max)
{
    ssize_t n = pread(d->fd, out, max, 0);
    return n > 0 ? (size_t)n : 0;
}

void blob_discard(struct blob_draft *d)
{
    if (!d)
        return;
    unlink(d->path);
    close(d->fd);
    free(d);
}

enum err blob_keep(struct blob_draft *d, uint8_t hash[static BLOB_HASH_SIZE], size_t *len)
{
    *len = d->len;
    sha256_end(&d->hash, hash);
    enum err err = fsync(d->fd) == 0 ? ERR_OK : disk_err("sync");
    if (!err)
        err = publish(d->store, d->path, hash);
    if (err) {
        blob_discard(d);
        return err;
    }
    close(d->fd);
    free(d);
    return ERR_OK;
}

enum err blob_put(struct blob_store *s, const void *bytes, size_t len,
                  uint8_t hash[static BLOB_HASH_SIZE])
{
    struct blob_draft *d = blob_begin(s, len);
    if (!d)
        return disk_err("create");
    enum err err = blob_append(d, bytes, len);
    if (!err)
        return blob_keep(d, hash, &len);
    blob_discard(d);
    return err;
}

int blob_open(struct blob_store *s, const uint8_t hash[static BLOB_HASH_SIZE])
{
    char path[PATH_MAX];
    blob_path(s, hash, true, path);
    return open(path, O_RDONLY | O_CLOEXEC);
}

/* The whole content, checked against its name: a disk that lies is noticed here. */
static enum err load(void *store, const uint8_t *hash, struct payload **out)
{
    int fd = blob_open(store, hash);
    if (fd < 0)
        return errno == ENOENT ? ERR_NOT_FOUND : disk_err("open");
    struct stat st;
    enum err err = ERR_INTERNAL;
    struct payload *p = NULL;
    if (fstat(fd, &st) != 0) {
        err = disk_err("stat");
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
