#include "blob/blob.h"
#include "base/log.h"
#include "base/mem.h"
#include "blob/cache.h"
#include "crypto/sha256.h"
#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* <folder>/ab/abcd… (hex of the hash); unfinished files are in <folder>/tmp and belong to nobody
 * after a crash. */

#define GET_MAX_BYTES (64u << 20) /* larger ones are read through blob_open() */

struct blob_store {
    char *folder;
    struct blob_cache *cache;
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
    s->cache = blob_cache_new(cache_bytes);
    return s;
}

void blob_store_close(struct blob_store *s)
{
    if (!s)
        return;
    blob_cache_free(s->cache);
    free(s->folder);
    free(s);
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

static bool write_all(int fd, const uint8_t *bytes, size_t len)
{
    while (len > 0) {
        ssize_t n = write(fd, bytes, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        bytes += n;
        len -= (size_t)n;
    }
    return true;
}

/* Copies memory or the rest of a descriptor (from >= 0) to fd, hashing on the way. */
static enum err copy_hashed(int fd, int from, const uint8_t *bytes, size_t *len, uint8_t *hash)
{
    struct sha256 state;
    sha256_init(&state);
    if (from < 0) {
        sha256_add(&state, bytes, *len);
        if (!write_all(fd, bytes, *len))
            return disk_err("write");
    } else {
        uint8_t chunk[65536];
        ssize_t n;
        *len = 0;
        while ((n = read(from, chunk, sizeof chunk)) != 0) {
            if (n < 0 && errno == EINTR)
                continue;
            if (n < 0)
                return disk_err("read");
            sha256_add(&state, chunk, (size_t)n);
            if (!write_all(fd, chunk, (size_t)n))
                return disk_err("write");
            *len += (size_t)n;
        }
    }
    sha256_end(&state, hash);
    return ERR_OK;
}

static enum err put(struct blob_store *s, int from, const void *bytes, size_t *len, uint8_t *hash)
{
    char tmp[PATH_MAX];
    snprintf(tmp, sizeof tmp, "%s/tmp/XXXXXX", s->folder);
    int fd = mkostemp(tmp, O_CLOEXEC);
    if (fd < 0)
        return disk_err("create");
    enum err err = copy_hashed(fd, from, bytes, len, hash);
    if (!err && fsync(fd) != 0)
        err = disk_err("sync");
    if (close(fd) != 0 && !err)
        err = disk_err("close");
    if (!err)
        err = publish(s, tmp, hash);
    if (err)
        unlink(tmp);
    return err;
}

enum err blob_put(struct blob_store *s, const void *bytes, size_t len,
                  uint8_t hash[static BLOB_HASH_SIZE])
{
    return put(s, -1, bytes, &len, hash);
}

enum err blob_put_fd(struct blob_store *s, int fd, uint8_t hash[static BLOB_HASH_SIZE], size_t *len)
{
    assert(fd >= 0);
    size_t unused;
    return put(s, fd, NULL, len ? len : &unused, hash);
}

int blob_open(struct blob_store *s, const uint8_t hash[static BLOB_HASH_SIZE])
{
    char path[PATH_MAX];
    blob_path(s, hash, true, path);
    return open(path, O_RDONLY | O_CLOEXEC);
}

static bool read_all(int fd, uint8_t *bytes, size_t len)
{
    while (len > 0) {
        ssize_t n = read(fd, bytes, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        bytes += n;
        len -= (size_t)n;
    }
    return true;
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
        if (read_all(fd, p->bytes, p->len))
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
