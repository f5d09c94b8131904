/* What is asked of the store; how a request is made is s3_call.c. */
#include "blob/s3.h"
#include "base/buf.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/url.h"
#include "blob/s3_call.h"
#include "blob/s3_sign.h"
#include "crypto/sha256.h"
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define NAME_SIZE  512
#define LIST_MOST  500 /* names of one answer */
#define LIST_BYTES (1u << 20)

static const char empty_hash[] =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"; /* of no bytes */

static bool is_plain(const char *text, const char *also)
{
    for (; *text; text++)
        if (!isalnum((unsigned char)*text) && !strchr(also, *text))
            return false;
    return true;
}

static const char *fault_of(const struct s3_config *c)
{
    size_t bucket = strlen(c->bucket);
    if (bucket < 3 || bucket > 63 || !is_plain(c->bucket, ".-"))
        return "blobs names no bucket: s3://bucket/prefix";
    if (strlen(c->prefix) > 200 || !is_plain(c->prefix, "._-/") || strstr(c->prefix, "//"))
        return "blobs: a prefix has letters, digits and . _ - / only";
    if (!c->access_key[0] || !c->secret_key[0])
        return "blobs is s3://… and s3_access_key or s3_secret_key is not set";
    if (!c->region[0] || strlen(c->region) > 40 || !is_plain(c->region, "-"))
        return "s3_region cannot be that";
    if (strlen(c->access_key) > 128 || !is_plain(c->access_key, "/+=_-") ||
        strlen(c->secret_key) > 200)
        return "s3_access_key or s3_secret_key cannot be that";
    return c->ca[0] && access(c->ca, R_OK) != 0 ? "s3_ca cannot be read" : NULL;
}

struct s3 *s3_new(const struct s3_config *config, char *why, size_t why_size)
{
    char endpoint[300];
    const char *fault = fault_of(config);
    if (config->endpoint[0])
        snprintf(endpoint, sizeof endpoint, "%s", config->endpoint);
    else
        snprintf(endpoint, sizeof endpoint, "https://s3.%s.amazonaws.com", config->region);
    struct s3_account account = {.endpoint = endpoint,
                                 .bucket = config->bucket,
                                 .prefix = config->prefix,
                                 .region = config->region,
                                 .access_key = config->access_key,
                                 .secret_key = config->secret_key,
                                 .ca = config->ca};
    struct s3 *s = fault ? NULL : s3_calls_new(&account, &fault);
    if (!s)
        snprintf(why, why_size, "%s", fault);
    return s;
}

void s3_free(struct s3 *s)
{
    s3_calls_free(s);
}

bool s3_away(const struct s3 *s)
{
    return s3_calls_away(s);
}

enum err s3_put(struct s3 *s, const char *name, int fd, size_t len, const uint8_t *hash)
{
    char hex[S3_HEX_SIZE];
    s3_hex(hash, hex);
    struct s3_call call = {
        .method = "PUT", .name = name, .content = hex, .sends = true, .fd = fd, .len = len};
    return s3_call(s, &call);
}

enum err s3_get(struct s3 *s, const char *name, int fd, s3_room *room, void *arg)
{
    struct s3_call call = {.method = "GET",
                           .name = name,
                           .content = empty_hash,
                           .receives = true,
                           .fd = fd,
                           .room = room,
                           .arg = arg};
    return s3_call(s, &call);
}

enum err s3_head(struct s3 *s, const char *name)
{
    struct s3_call call = {.method = "HEAD", .name = name, .content = empty_hash};
    return s3_call(s, &call);
}

enum err s3_copy(struct s3 *s, const char *from, const char *to)
{
    struct s3_call call = {
        .method = "PUT", .name = to, .source = from, .content = empty_hash, .text_max = 4096};
    enum err err = s3_call(s, &call);
    /* It may begin to answer well and fail afterwards. */
    if (!err && !strstr(call.text, "<CopyObjectResult"))
        err = ERR_BUSY;
    s3_call_release(&call);
    return err;
}

enum err s3_delete(struct s3 *s, const char *name)
{
    struct s3_call call = {.method = "DELETE", .name = name, .content = empty_hash};
    enum err err = s3_call(s, &call);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* --- lists --- */

/* The next <Key>: names of ours need no decoding, others are cut and not ours. */
static const char *next_key(const char *at, char key[static NAME_SIZE])
{
    const char *begin = strstr(at, "<Key>");
    const char *end = begin ? strstr(begin, "</Key>") : NULL;
    if (!end)
        return NULL;
    snprintf(key, NAME_SIZE, "%.*s", (int)(end - begin - 5), begin + 5);
    return end;
}

/* One answer; last: the name to go on after, "" at the end. */
static enum err list_some(struct s3 *s, const char *whole, char last[static NAME_SIZE],
                          s3_seen *seen, void *arg)
{
    struct buf query;
    buf_init(&query, 8 * NAME_SIZE);
    buf_addf(&query, "list-type=2&max-keys=%d&prefix=", LIST_MOST);
    url_escape(&query, whole, URL_UNRESERVED);
    if (last[0]) {
        buf_adds(&query, "&start-after=");
        url_escape(&query, last, URL_UNRESERVED);
    }
    struct s3_call call = {
        .method = "GET", .query = query.data, .content = empty_hash, .text_max = LIST_BYTES};
    enum err err = buf_failed(&query) ? ERR_INTERNAL : s3_call(s, &call);
    buf_release(&query);
    char key[NAME_SIZE];
    int n = 0;
    for (const char *at = call.text; !err && at && (at = next_key(at, key)); n++) {
        if (strncmp(key, whole, strlen(whole)) == 0)
            seen(arg, key + strlen(whole));
        memcpy(last, key, sizeof key);
    }
    if (n < LIST_MOST)
        last[0] = '\0';
    s3_call_release(&call);
    return err;
}

enum err s3_list(struct s3 *s, const char *under, s3_seen *seen, void *arg)
{
    char whole[NAME_SIZE], last[NAME_SIZE] = "";
    s3_whole_name(s, under, whole, sizeof whole);
    enum err err;
    do
        err = list_some(s, whole, last, seen, arg);
    while (!err && last[0]);
    return err;
}

/* --- the start --- */

enum err s3_check(struct s3 *s, const char *node, char *why, size_t why_size)
{
    char name[NAME_SIZE], text[256] = "";
    uint8_t hash[SHA256_SIZE];
    snprintf(name, sizeof name, "probe/%.100s", is_plain(node, "._-") ? node : "node");
    sha256("", 0, hash);
    char hex[S3_HEX_SIZE];
    s3_hex(hash, hex);
    struct s3_call call = {
        .method = "PUT", .name = name, .content = hex, .sends = true, .fd = -1, .why = text};
    call.why_size = sizeof text;
    enum err err = s3_call(s, &call);
    if (!err)
        err = s3_delete(s, name);
    if (err)
        snprintf(why, why_size, "the store of blobs %s: %s",
                 err == ERR_BUSY ? "does not answer" : "refuses", text);
    return err && err != ERR_BUSY ? ERR_INVALID : err;
}
