/* Blobs in an S3-compatible store. The folder keeps copies of what was written or read last; what
 * takes its room goes by age. A name in the store means the whole content there, too: the store
 * checks the hash of what it is sent.
 *
 * A blob has its name in the store from blob_seal() on, before anybody holds it: sealing is slow,
 * and transactions are not to wait for it. So blob_keep() looks, once it is held, whether it is
 * there still. Removing is the same as in a folder, with a copy for a rename: between the copy and
 * the end of the name nobody misses it, since whoever does not find a name looks aside. */
#include "base/log.h"
#include "base/mem.h"
#include "blob/blob.h"
#include "blob/s3.h"
#include "blob/store.h"
#include "crypto/sha256.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME_SIZE (sizeof "aside/" + BLOB_HASH_TEXT)

static const char *name_of(const uint8_t *hash, bool aside, char name[static NAME_SIZE])
{
    char text[BLOB_HASH_TEXT];
    blob_hash_text(hash, text);
    if (aside)
        snprintf(name, NAME_SIZE, "aside/%s", text);
    else
        snprintf(name, NAME_SIZE, "%.2s/%s", text, text);
    return name;
}

/* --- what the folder keeps --- */

struct copy {
    uint8_t hash[BLOB_HASH_SIZE];
    int64_t used_us;
    uint64_t bytes;
};

struct copies {
    struct blob_store *store;
    struct copy *items;
    size_t n, cap;
};

static void add_copy(void *arg, const uint8_t *hash)
{
    struct copies *all = arg;
    struct stat st;
    char path[PATH_MAX];
    store_path(all->store, hash, true, path);
    if (stat(path, &st) != 0)
        return;
    if (all->n == all->cap) {
        all->cap = all->cap ? 2 * all->cap : 256;
        all->items = mem_resize(all->items, all->cap * sizeof *all->items);
    }
    struct copy *copy = &all->items[all->n++];
    memcpy(copy->hash, hash, sizeof copy->hash);
    copy->bytes = (uint64_t)st.st_size;
    copy->used_us = (int64_t)st.st_mtim.tv_sec * 1000000 + st.st_mtim.tv_nsec / 1000;
}

static struct copies copies_of(struct blob_store *s)
{
    struct copies all = {.store = s};
    char folder[PATH_MAX];
    for (int shelf = 0; shelf < BLOB_SHELVES; shelf++) {
        store_path(s, (uint8_t[BLOB_HASH_SIZE]){(uint8_t)shelf}, false, folder);
        store_list_folder(folder, add_copy, &all);
    }
    return all;
}

static int by_use(const void *a, const void *b)
{
    const struct copy *x = a, *y = b;
    return (x->used_us > y->used_us) - (x->used_us < y->used_us);
}

static void forget(struct blob_store *s, const uint8_t *hash)
{
    struct stat st;
    char path[PATH_MAX];
    store_path(s, hash, true, path);
    if (stat(path, &st) != 0 || unlink(path) != 0)
        return;
    uint64_t kept = atomic_load(&s->kept), bytes = (uint64_t)st.st_size;
    while (!atomic_compare_exchange_weak(&s->kept, &kept, kept > bytes ? kept - bytes : 0))
        ;
}

/* The oldest go until a tenth is free; whoever reads one of them has it open. */
static void make_room(struct blob_store *s)
{
    struct copies all = copies_of(s);
    uint64_t kept = 0, goal = s->keep_most - s->keep_most / 10;
    for (size_t i = 0; i < all.n; i++)
        kept += all.items[i].bytes;
    atomic_store(&s->kept, kept);
    if (kept > s->keep_most) {
        qsort(all.items, all.n, sizeof *all.items, by_use);
        for (size_t i = 0; i < all.n && atomic_load(&s->kept) > goal; i++)
            forget(s, all.items[i].hash);
    }
    free(all.items);
}

void remote_begin(struct blob_store *s, uint64_t keep_most)
{
    s->keep_most = keep_most;
    make_room(s);
}

void remote_added(struct blob_store *s, uint64_t bytes)
{
    if (atomic_fetch_add(&s->kept, bytes) + bytes > s->keep_most)
        make_room(s);
}

bool blob_store_away(const struct blob_store *s)
{
    return s->s3 && s3_away(s->s3);
}

/* --- writing --- */

enum err remote_seal(struct blob_store *s, int fd, size_t len, const uint8_t *hash)
{
    char name[NAME_SIZE];
    return s3_put(s->s3, name_of(hash, false, name), fd, len, hash);
}

enum err remote_keep(struct blob_store *s, int fd, size_t len, const uint8_t *hash)
{
    char name[NAME_SIZE];
    enum err err = s3_head(s->s3, name_of(hash, false, name));
    if (err == ERR_NOT_FOUND)
        err = s3_put(s->s3, name, fd, len, hash);
    if (!err)
        remote_added(s, len);
    return err;
}

/* --- reading --- */

static bool is_whole(int fd, const uint8_t *hash)
{
    char bytes[65536];
    uint8_t actual[BLOB_HASH_SIZE];
    struct sha256 sum;
    off_t at = 0;
    ssize_t n;
    sha256_init(&sum);
    for (; (n = pread(fd, bytes, sizeof bytes, at)) > 0; at += n)
        sha256_add(&sum, bytes, (size_t)n);
    sha256_end(&sum, actual);
    return n == 0 && memcmp(actual, hash, sizeof actual) == 0;
}

static enum err fetch(struct blob_store *s, const uint8_t *hash, int fd)
{
    char name[NAME_SIZE];
    enum err err = s3_get(s->s3, name_of(hash, false, name), fd, store_has_room, s);
    if (err == ERR_NOT_FOUND)
        err = s3_get(s->s3, name_of(hash, true, name), fd, store_has_room, s);
    if (!err && !is_whole(fd, hash)) {
        log_error("blob.damaged", "{s:s}", "folder", "s3");
        err = ERR_INTERNAL;
    }
    return err;
}

static int errno_of(enum err err)
{
    return err == ERR_NOT_FOUND ? ENOENT : err == ERR_BUSY ? EAGAIN : EIO;
}

static int fetch_copy(struct blob_store *s, const uint8_t *hash)
{
    char path[PATH_MAX];
    struct stat st;
    snprintf(path, sizeof path, "%s/XXXXXX", s->drafts);
    int fd = mkostemp(path, O_CLOEXEC);
    if (fd < 0)
        return -1;
    enum err err = fetch(s, hash, fd);
    if (!err && fstat(fd, &st) == 0 && lseek(fd, 0, SEEK_SET) == 0) {
        remote_added(s, (uint64_t)st.st_size);
        if (store_publish(s, path, hash) == ERR_OK)
            return fd;
    }
    unlink(path);
    close(fd);
    errno = errno_of(err ? err : ERR_INTERNAL);
    return -1;
}

int remote_open(struct blob_store *s, const uint8_t *hash)
{
    char path[PATH_MAX];
    store_path(s, hash, true, path);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT ? fetch_copy(s, hash) : -1;
    utimensat(AT_FDCWD, path, NULL, 0); /* used now */
    return fd;
}

/* --- removing --- */

enum err remote_set_aside(struct blob_store *s, const uint8_t *hash)
{
    char name[NAME_SIZE], aside[NAME_SIZE];
    forget(s, hash);
    enum err err = s3_copy(s->s3, name_of(hash, false, name), name_of(hash, true, aside));
    return err ? err : s3_delete(s->s3, name);
}

enum err remote_put_back(struct blob_store *s, const uint8_t *hash)
{
    char name[NAME_SIZE], aside[NAME_SIZE];
    enum err err = s3_copy(s->s3, name_of(hash, true, aside), name_of(hash, false, name));
    return err ? err : s3_delete(s->s3, aside);
}

enum err remote_remove_aside(struct blob_store *s, const uint8_t *hash)
{
    char aside[NAME_SIZE];
    return s3_delete(s->s3, name_of(hash, true, aside));
}

struct listing {
    void (*seen)(void *arg, const uint8_t *hash);
    void *arg;
};

static void on_name(void *arg, const char *name)
{
    struct listing *l = arg;
    uint8_t hash[BLOB_HASH_SIZE];
    if (store_parse_hash(name, hash))
        l->seen(l->arg, hash);
}

void remote_list(struct blob_store *s, const char *under,
                 void (*seen)(void *arg, const uint8_t *hash), void *arg)
{
    char name[16];
    struct listing l = {seen, arg};
    snprintf(name, sizeof name, "%s/", under);
    if (s3_list(s->s3, name, on_name, &l) != ERR_OK)
        log_warn("blob.list", "{s:s}", "under", under);
}
