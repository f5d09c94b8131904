/* Blobs in a store that is not this folder: requests are signed as the documentation of Amazon has
 * it, what the folder keeps is bounded, a store that is away is not one without the blob. */
#include "base/config.h"
#include "blob/blob.h"
#include "blob/s3.h"
#include "blob/s3_sign.h"
#include "blob/store.h"
#include "unit/run.h"
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static char folder[64];

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st, (void)type, (void)ftw;
    return remove(path);
}

static void make_folder(void)
{
    strcpy(folder, "/tmp/amphi-store-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void remove_folder(void)
{
    nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/* --- signing: "Authenticating Requests: Using the Authorization Header", its examples --- */

static const struct s3_signing key = {"AKIAIOSFODNN7EXAMPLE",
                                      "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "us-east-1"};

static void is_signed(const char *query, const char *signature)
{
    char header[S3_SIGNED], expected[S3_SIGNED];
    struct s3_request request = {
        .method = "GET",
        .host = "examplebucket.s3.amazonaws.com",
        .path = "/",
        .query = query,
        .content = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        .date = "20130524T000000Z"};
    snprintf(expected, sizeof expected,
             "Authorization: AWS4-HMAC-SHA256 "
             "Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, "
             "SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature=%s",
             signature);
    ck_assert(s3_sign(&key, &request, header));
    ck_assert_str_eq(header, expected);
}

START_TEST(requests_are_signed_as_documented)
{
    is_signed("lifecycle=", "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
    is_signed("max-keys=2&prefix=J",
              "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
}
END_TEST

START_TEST(what_does_not_fit_is_not_signed)
{
    char header[S3_SIGNED], path[5000];
    memset(path, 'a', sizeof path - 1);
    path[sizeof path - 1] = '\0';
    struct s3_request request = {
        .method = "GET", .host = "h", .path = path, .query = "", .content = "", .date = "2013"};
    ck_assert(!s3_sign(&key, &request, header));
}
END_TEST

/* --- what the configuration may say --- */

static const char *fault(struct s3_config config)
{
    static char why[256];
    why[0] = '\0';
    struct s3 *s = s3_new(&config, why, sizeof why);
    s3_free(s);
    ck_assert_int_eq(s == NULL, why[0] != '\0');
    return why;
}

static struct s3_config good(void)
{
    return (struct s3_config){.bucket = "bucket",
                              .prefix = "some/prefix",
                              .endpoint = "https://store.example.test:9000",
                              .region = "eu-west-3",
                              .access_key = "key",
                              .secret_key = "secret",
                              .ca = ""};
}

#define WITH(field, value)                                                                         \
    ({                                                                                             \
        struct s3_config c = good();                                                               \
        c.field = value;                                                                           \
        fault(c);                                                                                  \
    })

START_TEST(a_place_that_cannot_be_is_refused_by_name)
{
    ck_assert_str_eq(fault(good()), "");
    ck_assert_str_eq(WITH(endpoint, ""), "");
    ck_assert_str_eq(WITH(endpoint, "http://127.0.0.1:9000"), "");
    ck_assert_str_eq(WITH(endpoint, "http://localhost"), "");
    ck_assert_ptr_nonnull(strstr(WITH(endpoint, "http://store.example.test"), "https"));
    ck_assert_ptr_nonnull(strstr(WITH(endpoint, "http://localhost.example.test"), "https"));
    ck_assert_ptr_nonnull(strstr(WITH(endpoint, "http://127.example.test"), "https"));
    ck_assert_ptr_nonnull(strstr(WITH(endpoint, "ftp://store"), "https"));
    ck_assert_ptr_nonnull(strstr(WITH(endpoint, "https://user@store"), "https://host"));
    ck_assert_ptr_nonnull(strstr(WITH(endpoint, "https://store/path"), "https://host"));
    ck_assert_ptr_nonnull(strstr(WITH(bucket, "b/c"), "bucket"));
    ck_assert_ptr_nonnull(strstr(WITH(prefix, "a b"), "prefix"));
    ck_assert_ptr_nonnull(strstr(WITH(secret_key, ""), "s3_secret_key"));
    ck_assert_ptr_nonnull(strstr(WITH(region, "a\nb"), "s3_region"));
    ck_assert_ptr_nonnull(strstr(WITH(ca, "/no/such/file"), "s3_ca"));
}
END_TEST

/* --- what the folder keeps of a store, which nobody answers for here --- */

static struct blob_store *open_away(uint64_t keep_most)
{
    char why[256];
    struct s3_config config = good();
    config.endpoint = "http://127.0.0.1:1";
    struct blob_store *s = store_open(folder, NULL, NULL, 0);
    ck_assert_ptr_nonnull(s);
    s->s3 = s3_new(&config, why, sizeof why);
    ck_assert_ptr_nonnull(s->s3);
    remote_begin(s, keep_most);
    return s;
}

/* As when it came from the store, used so many seconds ago. */
static void keep(uint8_t n, size_t bytes, int ago, uint8_t hash[static BLOB_HASH_SIZE])
{
    char text[4096], path[PATH_MAX];
    struct blob_store *s = blob_store_open(folder, 0);
    memset(text, n, sizeof text);
    ck_assert_int_eq(blob_put(s, text, bytes, hash), ERR_OK);
    store_path(s, hash, true, path);
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    struct timespec times[2] = {{.tv_sec = now.tv_sec - ago}, {.tv_sec = now.tv_sec - ago}};
    ck_assert_int_eq(utimensat(AT_FDCWD, path, times, 0), 0);
    blob_store_close(s);
}

static bool is_kept(const struct blob_store *s, const uint8_t *hash)
{
    char path[PATH_MAX];
    store_path(s, hash, true, path);
    return access(path, R_OK) == 0;
}

START_TEST(what_was_used_last_is_kept)
{
    uint8_t hash[4][BLOB_HASH_SIZE];
    make_folder();
    for (int i = 0; i < 4; i++)
        keep((uint8_t)i, 1000, 1000 - 100 * i, hash[i]);
    struct blob_store *s = open_away(5000);
    int fd = blob_open(s, hash[0]); /* the oldest, used now */
    ck_assert_int_ge(fd, 0);
    remote_added(s, 1500); /* more than there is, as it is counted again */
    for (int i = 0; i < 4; i++)
        ck_assert(is_kept(s, hash[i]));
    blob_store_close(s);
    s = open_away(2500);
    ck_assert(is_kept(s, hash[0]) && is_kept(s, hash[3]));
    ck_assert(!is_kept(s, hash[1]) && !is_kept(s, hash[2]));
    char byte;
    ck_assert_int_eq(pread(fd, &byte, 1, 0), 1);
    close(fd);
    blob_store_close(s);
    remove_folder();
}
END_TEST

START_TEST(a_store_that_is_away_is_not_one_without_it)
{
    uint8_t kept[BLOB_HASH_SIZE], none[BLOB_HASH_SIZE] = {7};
    size_t len;
    make_folder();
    keep(1, 100, 0, kept);
    struct blob_store *s = open_away(1 << 20);
    ck_assert(!blob_store_away(s));
    ck_assert_int_eq(blob_open(s, none), -1);
    ck_assert_int_eq(errno, EAGAIN);
    ck_assert(blob_store_away(s));
    struct payload *p;
    ck_assert_int_eq(blob_get(s, none, &p), ERR_BUSY);
    ck_assert_int_eq(blob_get(s, kept, &p), ERR_OK);
    payload_unref(p);
    struct blob_draft *d = blob_begin(s, 3);
    ck_assert_int_eq(blob_append(d, "abc", 3), ERR_OK);
    ck_assert_int_eq(blob_seal(d, none, &len), ERR_BUSY);
    blob_discard(d);
    ck_assert_int_eq(blob_set_aside(s, kept), ERR_BUSY);
    blob_store_close(s);
    remove_folder();
}
END_TEST

/* --- a folder that servers share --- */

static struct blob_store *open_as(const char *node, const char *shared)
{
    char why[256] = "", local[160];
    struct config c = {.blobs = (char *)shared, .node_name = (char *)node};
    snprintf(local, sizeof local, "%s/%s", folder, node);
    struct blob_store *s = blob_store_open_configured(&c, local, 0, why, sizeof why);
    ck_assert_msg(s, "%s", why);
    return s;
}

START_TEST(who_starts_takes_nothing_from_others)
{
    uint8_t hash[BLOB_HASH_SIZE], other[BLOB_HASH_SIZE];
    char shared[128];
    size_t len;
    make_folder();
    snprintf(shared, sizeof shared, "%s/shared", folder);
    struct blob_store *one = open_as("one", shared);
    struct blob_draft *draft = blob_begin(one, 3);
    ck_assert_int_eq(blob_append(draft, "abc", 3), ERR_OK);
    struct blob_store *two = open_as("two", shared);
    ck_assert_int_eq(blob_seal(draft, hash, &len), ERR_OK);
    ck_assert_int_eq(blob_keep(draft), ERR_OK);
    int fd = blob_open(two, hash);
    ck_assert_int_ge(fd, 0);
    close(fd);
    /* What one has set aside when it dies is found by the other all the same. */
    ck_assert_int_eq(blob_put(one, "xyz", 3, other), ERR_OK);
    ck_assert_int_eq(blob_set_aside(one, other), ERR_OK);
    fd = blob_open(two, other);
    ck_assert_int_ge(fd, 0);
    close(fd);
    blob_store_close(two);
    two = open_as("two", shared); /* and has its name again, whoever starts */
    ck_assert_int_eq(blob_remove_aside(one, other), ERR_NOT_FOUND);
    fd = blob_open(one, other);
    ck_assert_int_ge(fd, 0);
    close(fd);
    blob_store_close(one);
    blob_store_close(two);
    remove_folder();
}
END_TEST

RUN_TESTS("blob_store", requests_are_signed_as_documented, what_does_not_fit_is_not_signed,
          a_place_that_cannot_be_is_refused_by_name, what_was_used_last_is_kept,
          a_store_that_is_away_is_not_one_without_it, who_starts_takes_nothing_from_others)
