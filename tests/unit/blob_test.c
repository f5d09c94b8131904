#include "base/log.h"
#include "blob/blob.h"
#include "blob/cache.h"
#include "blob/temp.h"
#include "unit/run.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

static char folder[] = "/tmp/amphi-blob-XXXXXX";

static struct blob_store *open_fresh(size_t cache)
{
    strcpy(folder, "/tmp/amphi-blob-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    struct blob_store *s = blob_store_open(folder, cache);
    ck_assert_ptr_nonnull(s);
    return s;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st, (void)type, (void)ftw;
    return remove(path);
}

static void close_and_remove(struct blob_store *s)
{
    blob_store_close(s);
    nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static void path_of(const uint8_t *hash, char path[PATH_MAX])
{
    char text[BLOB_HASH_TEXT];
    blob_hash_text(hash, text);
    snprintf(path, PATH_MAX, "%s/%.2s/%s", folder, text, text);
}

START_TEST(what_was_put_is_got)
{
    struct blob_store *s = open_fresh(1 << 20);
    uint8_t hash[BLOB_HASH_SIZE], twice[BLOB_HASH_SIZE], empty[BLOB_HASH_SIZE];
    char text[BLOB_HASH_TEXT];
    ck_assert_int_eq(blob_put(s, "abc", 3, hash), ERR_OK);
    ck_assert_int_eq(blob_put(s, "abc", 3, twice), ERR_OK);
    ck_assert_int_eq(blob_put(s, "", 0, empty), ERR_OK);
    ck_assert_mem_eq(hash, twice, sizeof hash);
    blob_hash_text(hash, text);
    ck_assert_str_eq(text, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    struct payload *p;
    for (int i = 0; i < 2; i++) { /* from the disk, then from the cache */
        ck_assert_int_eq(blob_get(s, hash, &p), ERR_OK);
        ck_assert_uint_eq(p->len, 3);
        ck_assert_mem_eq(p->bytes, "abc", 3);
        payload_unref(p);
    }
    ck_assert_int_eq(blob_get(s, empty, &p), ERR_OK);
    ck_assert_uint_eq(p->len, 0);
    payload_unref(p);
    hash[0] ^= 1;
    ck_assert_int_eq(blob_get(s, hash, &p), ERR_NOT_FOUND);
    ck_assert_int_eq(blob_open(s, hash), -1);
    close_and_remove(s);
}
END_TEST

static size_t drafts(void)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/tmp", folder);
    DIR *dir = opendir(path);
    ck_assert_ptr_nonnull(dir);
    size_t n = 0;
    for (struct dirent *entry; (entry = readdir(dir));)
        n += entry->d_name[0] != '.';
    closedir(dir);
    return n;
}

START_TEST(what_comes_in_pieces_is_kept_or_discarded)
{
    struct blob_store *s = open_fresh(0);
    static char big[200000];
    memset(big, 'z', sizeof big);
    struct blob_draft *d = blob_begin(s, sizeof big);
    ck_assert_ptr_nonnull(d);
    for (size_t at = 0; at < sizeof big; at += 50000)
        ck_assert_int_eq(blob_append(d, big + at, 50000), ERR_OK);
    char head[8];
    ck_assert_uint_eq(blob_peek(d, head, sizeof head), sizeof head);
    ck_assert_mem_eq(head, "zzzzzzzz", sizeof head);
    uint8_t hash[BLOB_HASH_SIZE], same[BLOB_HASH_SIZE];
    size_t len;
    ck_assert_uint_eq(drafts(), 1);
    ck_assert_int_eq(blob_seal(d, hash, &len), ERR_OK);
    ck_assert_int_eq(blob_keep(d), ERR_OK);
    ck_assert_uint_eq(len, sizeof big);
    ck_assert_uint_eq(drafts(), 0);
    ck_assert_int_eq(blob_put(s, big, sizeof big, same), ERR_OK);
    ck_assert_mem_eq(hash, same, sizeof hash);
    int fd = blob_open(s, hash);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(lseek(fd, 0, SEEK_END), sizeof big);
    ck_assert_int_eq(write(fd, "x", 1), -1);
    close(fd);
    d = blob_begin(s, 3);
    ck_assert_int_eq(blob_append(d, "abc", 3), ERR_OK);
    blob_discard(d);
    ck_assert_uint_eq(drafts(), 0);
    close_and_remove(s);
}
END_TEST

START_TEST(the_disk_is_never_filled)
{
    struct blob_store *s = open_fresh(0);
    ck_assert(blob_has_room(s, 1));
    ck_assert(!blob_has_room(s, 1ULL << 60));
    ck_assert_ptr_null(blob_begin(s, 1ULL << 60));
    ck_assert_int_eq(errno, ENOSPC);
    ck_assert_uint_eq(drafts(), 0);
    close_and_remove(s);
}
END_TEST

static uint64_t free_bytes(void)
{
    struct statvfs disk;
    ck_assert_int_eq(statvfs(folder, &disk), 0);
    return (uint64_t)disk.f_bavail * disk.f_frsize;
}

/* Each of many uploads at once is announced while none has written anything yet. */
START_TEST(room_is_promised_once)
{
    struct blob_store *s = open_fresh(0);
    struct temp_file t;
    uint64_t all = free_bytes();
    const size_t third = all / 4; /* others write to this disk, too */
    blob_store_set_floor(s, all - 5 * third / 2);
    struct blob_draft *a = blob_begin(s, third), *b = blob_begin(s, third);
    ck_assert(a && b);
    ck_assert_ptr_null(blob_begin(s, third));
    ck_assert(!blob_has_room(s, third));
    ck_assert_int_eq(blob_append(a, "abc", 3), ERR_OK);
    blob_discard(a);
    struct blob_draft *c = blob_begin(s, third);
    ck_assert_ptr_nonnull(c);
    uint8_t hash[BLOB_HASH_SIZE];
    size_t len;
    ck_assert_int_eq(blob_append(b, "abc", 3), ERR_OK); /* less came than was announced */
    ck_assert_int_eq(blob_seal(b, hash, &len), ERR_OK);
    ck_assert_int_eq(blob_keep(b), ERR_OK);
    ck_assert(blob_has_room(s, third));
    blob_discard(c);
    blob_store_set_floor(s, UINT64_MAX);
    ck_assert(!blob_has_room(s, 0));
    ck_assert_int_eq(temp_open(&t, s, 10), ERR_OK);
    int quiet = open("/dev/null", O_WRONLY);
    log_set_fd(quiet);
    ck_assert_int_eq(temp_add(&t, "x", 1), ERR_BUSY);
    log_set_fd(1);
    close(quiet);
    temp_close(&t);
    close_and_remove(s);
}
END_TEST

struct shelves {
    int found;
    uint8_t last[BLOB_HASH_SIZE];
};

static void count_blob(void *arg, const uint8_t hash[static BLOB_HASH_SIZE])
{
    struct shelves *shelves = arg;
    shelves->found++;
    memcpy(shelves->last, hash, BLOB_HASH_SIZE);
}

static struct shelves list_all(struct blob_store *s)
{
    struct shelves all = {0};
    for (int shelf = 0; shelf < BLOB_SHELVES; shelf++)
        blob_list(s, (uint8_t)shelf, count_blob, &all);
    return all;
}

START_TEST(what_is_set_aside_is_put_back_or_gone)
{
    struct blob_store *s = open_fresh(0);
    uint8_t hash[BLOB_HASH_SIZE];
    struct payload *p;
    ck_assert_int_eq(blob_put(s, "abc", 3, hash), ERR_OK);
    struct shelves all = list_all(s);
    ck_assert_int_eq(all.found, 1);
    ck_assert_mem_eq(all.last, hash, sizeof hash);
    ck_assert_int_eq(blob_set_aside(s, hash), ERR_OK);
    ck_assert_int_eq(blob_set_aside(s, hash), ERR_NOT_FOUND);
    ck_assert_int_eq(blob_get(s, hash, &p), ERR_NOT_FOUND);
    ck_assert_int_eq(list_all(s).found, 0);
    ck_assert_int_eq(blob_put_back(s, hash), ERR_OK);
    ck_assert_int_eq(blob_get(s, hash, &p), ERR_OK);
    payload_unref(p);
    ck_assert_int_eq(blob_set_aside(s, hash), ERR_OK);
    blob_store_close(s); /* a crash */
    s = blob_store_open(folder, 0);
    ck_assert_int_eq(blob_get(s, hash, &p), ERR_OK);
    payload_unref(p);
    ck_assert_int_eq(blob_set_aside(s, hash), ERR_OK);
    ck_assert_int_eq(blob_remove_aside(s, hash), ERR_OK);
    blob_store_close(s);
    s = blob_store_open(folder, 0);
    ck_assert_int_eq(blob_get(s, hash, &p), ERR_NOT_FOUND);
    close_and_remove(s);
}
END_TEST

START_TEST(a_file_without_a_name_is_bounded_and_leaves_nothing)
{
    struct blob_store *s = open_fresh(0);
    struct temp_file t;
    char back[16];
    ck_assert_int_eq(temp_open(&t, s, 10), ERR_OK);
    ck_assert_int_eq(temp_add(&t, "12345", 5), ERR_OK);
    ck_assert_int_eq(temp_add(&t, "67890", 5), ERR_OK);
    ck_assert_int_eq(temp_add(&t, "x", 1), ERR_TOO_LARGE);
    ck_assert_uint_eq(t.len, 10);
    ck_assert_int_eq(pread(t.fd, back, sizeof back, 0), 10);
    ck_assert_mem_eq(back, "1234567890", 10);
    ck_assert_uint_eq(drafts(), 0);
    temp_close(&t);
    ck_assert_int_eq(t.fd, -1);
    close_and_remove(s);
}
END_TEST

START_TEST(damage_on_the_disk_is_noticed)
{
    struct blob_store *s = open_fresh(0);
    uint8_t hash[BLOB_HASH_SIZE];
    ck_assert_int_eq(blob_put(s, "abc", 3, hash), ERR_OK);
    char path[PATH_MAX];
    path_of(hash, path);
    int fd = open(path, O_WRONLY);
    ck_assert_int_eq(write(fd, "X", 1), 1);
    close(fd);
    struct payload *p;
    int quiet = open("/dev/null", O_WRONLY);
    log_set_fd(quiet);
    ck_assert_int_eq(blob_get(s, hash, &p), ERR_INTERNAL);
    log_set_fd(1);
    close(quiet);
    /* Putting the content again mends it. */
    ck_assert_int_eq(blob_put(s, "abc", 3, hash), ERR_OK);
    ck_assert_int_eq(blob_get(s, hash, &p), ERR_OK);
    payload_unref(p);
    close_and_remove(s);
}
END_TEST

START_TEST(unfinished_files_of_a_crash_are_removed_at_start)
{
    struct blob_store *s = open_fresh(0);
    uint8_t hash[BLOB_HASH_SIZE];
    ck_assert_int_eq(blob_put(s, "abc", 3, hash), ERR_OK);
    char left[PATH_MAX];
    snprintf(left, sizeof left, "%s/tmp/left", folder);
    close(open(left, O_CREAT | O_WRONLY, 0600));
    blob_store_close(s);
    s = blob_store_open(folder, 0);
    ck_assert_int_ne(access(left, F_OK), 0);
    struct payload *p;
    ck_assert_int_eq(blob_get(s, hash, &p), ERR_OK);
    payload_unref(p);
    close_and_remove(s);
}
END_TEST

START_TEST(a_folder_that_cannot_be_made_is_told)
{
    ck_assert_ptr_null(blob_store_open("/proc/no/such", 0));
}
END_TEST

/* --- the cache --- */
static int loads;
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;

static enum err count_load(void *arg, const uint8_t *hash, struct payload **out)
{
    (void)arg;
    pthread_mutex_lock(&gate);
    loads++;
    pthread_mutex_unlock(&gate);
    if (hash[0] == 0xff)
        return ERR_NOT_FOUND;
    *out = payload_new(100);
    memset((*out)->bytes, hash[0], 100);
    return ERR_OK;
}

static void get(struct blob_cache *c, uint8_t which, enum err expected)
{
    uint8_t hash[BLOB_HASH_SIZE] = {which};
    struct payload *p;
    ck_assert_int_eq(blob_cache_get(c, hash, count_load, NULL, &p), expected);
    if (!expected)
        ck_assert_int_eq(p->bytes[99], which);
    payload_unref(p);
}

START_TEST(the_least_recently_used_goes_first)
{
    loads = 0;
    struct blob_cache *c = blob_cache_new(250); /* two of 100 bytes */
    get(c, 1, ERR_OK);
    get(c, 2, ERR_OK);
    get(c, 1, ERR_OK);
    ck_assert_int_eq(loads, 2);
    get(c, 3, ERR_OK); /* 2 goes */
    get(c, 1, ERR_OK);
    ck_assert_int_eq(loads, 3);
    get(c, 2, ERR_OK);
    ck_assert_int_eq(loads, 4);
    get(c, 0xff, ERR_NOT_FOUND);
    get(c, 0xff, ERR_NOT_FOUND); /* failures are not kept */
    ck_assert_int_eq(loads, 6);
    blob_cache_free(c);
}
END_TEST

START_TEST(the_second_half_of_the_hash_counts_too)
{
    loads = 0;
    struct blob_cache *c = blob_cache_new(1000);
    uint8_t a[BLOB_HASH_SIZE] = {5}, b[BLOB_HASH_SIZE] = {5, [31] = 1};
    struct payload *p;
    ck_assert_int_eq(blob_cache_get(c, a, count_load, NULL, &p), ERR_OK);
    payload_unref(p);
    ck_assert_int_eq(blob_cache_get(c, b, count_load, NULL, &p), ERR_OK);
    payload_unref(p);
    ck_assert_int_eq(loads, 2);
    blob_cache_free(c);
}
END_TEST

static void *get_gated(void *arg)
{
    get(arg, 9, ERR_OK);
    return NULL;
}

START_TEST(many_readers_of_one_blob_share_one_read)
{
    loads = 0;
    struct blob_cache *c = blob_cache_new(1000);
    pthread_t threads[8];
    pthread_mutex_lock(&gate); /* whoever reads is held until all have started */
    for (int i = 0; i < 8; i++)
        pthread_create(&threads[i], NULL, get_gated, c);
    pthread_mutex_unlock(&gate);
    for (int i = 0; i < 8; i++)
        pthread_join(threads[i], NULL);
    ck_assert_int_eq(loads, 1);
    blob_cache_free(c);
}
END_TEST

RUN_TESTS("blob", what_was_put_is_got, what_comes_in_pieces_is_kept_or_discarded,
          the_disk_is_never_filled, room_is_promised_once, what_is_set_aside_is_put_back_or_gone,
          a_file_without_a_name_is_bounded_and_leaves_nothing, damage_on_the_disk_is_noticed,
          unfinished_files_of_a_crash_are_removed_at_start, a_folder_that_cannot_be_made_is_told,
          the_least_recently_used_goes_first, the_second_half_of_the_hash_counts_too,
          many_readers_of_one_blob_share_one_read)
