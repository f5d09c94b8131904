#include "blob/s3_call.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/url.h"
#include "blob/disk.h"
#include "blob/s3_sign.h"
#include <curl/curl.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#define TRIES           3
#define CONNECT_MS      3000L
#define SLOW_BYTES      4096L /* a second; slower for so long is given up: */
#define SLOW_S          10L
#define ANSWER_MS       15000L /* for requests without a file */
#define PAUSE_MS        100    /* before the second try, three times as much before the third */
#define RETRY_WITHIN_MS 5000   /* a worker waits for it: what was slow is not tried again */
#define AWAY_MS         2000 /* after a failure nobody asks, so that workers do not queue up there */
#define HANDLES         16   /* connections that are kept */
#define ERROR_BYTES     4096
#define PATH_SIZE       1024

struct s3 {
    char *host, *base; /* "host:port", "https://host:port" */
    char *bucket, *prefix, *region, *access_key, *secret_key, *ca;
    _Atomic int64_t away_until_ms;
    pthread_mutex_t lock;
    CURL *idle[HANDLES];
    size_t idle_len;
};

static int64_t now_ms(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* As for mails and the database: what leaves this machine is encrypted. */
static const char *host_of(const char *endpoint, const char **fault)
{
    bool tls = strncmp(endpoint, "https://", 8) == 0;
    const char *host = endpoint + (tls ? 8 : 7);
    if (!tls && strncmp(endpoint, "http://", 7) != 0)
        *fault = "s3_endpoint begins with https://";
    else if (!*host || strpbrk(host, "/?#@ "))
        *fault = "s3_endpoint is https://host or https://host:port";
    else if (!tls && !url_host_is_here(host))
        *fault = "s3_endpoint is not this machine: it begins with https://";
    return host;
}

struct s3 *s3_calls_new(const struct s3_account *account, const char **fault)
{
    const char *host = host_of(account->endpoint, fault);
    if (!*fault && curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        *fault = "libcurl cannot start";
    if (*fault)
        return NULL;
    struct s3 *s = mem_new(sizeof *s);
    s->host = mem_strdup(host);
    s->base = mem_strdup(account->endpoint);
    s->bucket = mem_strdup(account->bucket);
    s->prefix = mem_strdup(account->prefix);
    s->region = mem_strdup(account->region);
    s->access_key = mem_strdup(account->access_key);
    s->secret_key = mem_strdup(account->secret_key);
    s->ca = mem_strdup(account->ca);
    pthread_mutex_init(&s->lock, NULL);
    return s;
}

void s3_calls_free(struct s3 *s)
{
    if (!s)
        return;
    while (s->idle_len > 0)
        curl_easy_cleanup(s->idle[--s->idle_len]);
    pthread_mutex_destroy(&s->lock);
    char *texts[] = {s->host,   s->base,       s->bucket,     s->prefix,
                     s->region, s->access_key, s->secret_key, s->ca};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        free(texts[i]);
    free(s);
}

void s3_whole_name(const struct s3 *s, const char *name, char *out, size_t size)
{
    snprintf(out, size, "%s%s%s", s->prefix, s->prefix[0] ? "/" : "", name);
}

/* --- handles, which keep their connections --- */

static CURL *take_handle(struct s3 *s)
{
    pthread_mutex_lock(&s->lock);
    CURL *c = s->idle_len > 0 ? s->idle[--s->idle_len] : NULL;
    pthread_mutex_unlock(&s->lock);
    return c ? c : curl_easy_init();
}

static void give_handle(struct s3 *s, CURL *c)
{
    curl_easy_reset(c); /* not its connections */
    pthread_mutex_lock(&s->lock);
    bool kept = s->idle_len < HANDLES;
    if (kept)
        s->idle[s->idle_len++] = c;
    pthread_mutex_unlock(&s->lock);
    if (!kept)
        curl_easy_cleanup(c);
}

/* --- bytes --- */

static size_t on_read(char *out, size_t size, size_t n, void *arg)
{
    struct s3_call *call = arg;
    size_t left = call->len - call->done;
    size_t most = size * n < left ? size * n : left;
    ssize_t got = most > 0 ? pread(call->fd, out, most, (off_t)call->done) : 0;
    if (got < 0 || (most > 0 && got == 0))
        return CURL_READFUNC_ABORT;
    call->done += (size_t)got;
    return (size_t)got;
}

static int on_seek(void *arg, curl_off_t offset, int origin)
{
    struct s3_call *call = arg;
    if (origin != SEEK_SET)
        return CURL_SEEKFUNC_CANTSEEK;
    call->done = (uint64_t)offset;
    return CURL_SEEKFUNC_OK;
}

static bool has_room(struct s3_call *call)
{
    curl_off_t len = -1;
    curl_easy_getinfo(call->curl, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &len);
    return len >= 0 && (!call->room || call->room(call->arg, (uint64_t)len));
}

static void add_text(struct s3_call *call, const char *bytes, size_t len)
{
    size_t max = call->text_max > ERROR_BYTES ? call->text_max : ERROR_BYTES;
    size_t most = max - call->text_len < len ? max - call->text_len : len;
    call->text = mem_resize(call->text, call->text_len + most + 1);
    memcpy(call->text + call->text_len, bytes, most);
    call->text[call->text_len += most] = '\0';
}

static size_t on_write(char *bytes, size_t size, size_t n, void *arg)
{
    struct s3_call *call = arg;
    long status = 0;
    curl_easy_getinfo(call->curl, CURLINFO_RESPONSE_CODE, &status);
    size_t len = size * n;
    if (!call->receives || status != 200) {
        add_text(call, bytes, len);
        return len;
    }
    if (call->done == 0 && len > 0 && !has_room(call))
        errno = ENOSPC;
    else if (disk_write(call->fd, bytes, len)) {
        call->done += len;
        return len;
    }
    call->refused = true;
    return 0;
}

/* --- one try --- */

static struct curl_slist *add_header(struct curl_slist *list, const char *name, const char *value)
{
    char line[PATH_SIZE + 64];
    snprintf(line, sizeof line, "%s%s", name, value);
    return curl_slist_append(list, line);
}

static void date_now(char date[static S3_DATE_SIZE])
{
    struct tm tm;
    time_t now = time(NULL);
    gmtime_r(&now, &tm);
    strftime(date, S3_DATE_SIZE, "%Y%m%dT%H%M%SZ", &tm);
}

/* Signed for now. NULL: it does not fit. */
static struct curl_slist *headers_of(const struct s3 *s, const struct s3_call *call,
                                     const char *path)
{
    char date[S3_DATE_SIZE], authorization[S3_SIGNED], source[PATH_SIZE] = "", whole[512];
    date_now(date);
    if (call->source) {
        s3_whole_name(s, call->source, whole, sizeof whole);
        snprintf(source, sizeof source, "/%s/%s", s->bucket, whole);
    }
    struct s3_request request = {.method = call->method,
                                 .host = s->host,
                                 .path = path,
                                 .query = call->query ? call->query : "",
                                 .content = call->content,
                                 .source = call->source ? source : NULL,
                                 .date = date};
    struct s3_signing key = {s->access_key, s->secret_key, s->region};
    if (!s3_sign(&key, &request, authorization))
        return NULL;
    struct curl_slist *list = add_header(NULL, "Host: ", s->host);
    list = add_header(list, "x-amz-date: ", date);
    list = add_header(list, "x-amz-content-sha256: ", call->content);
    if (call->source)
        list = add_header(list, "x-amz-copy-source: ", source);
    list = curl_slist_append(list, "Expect:");
    list = curl_slist_append(list, "Content-Type:");
    return curl_slist_append(list, authorization);
}

static bool set_up(const struct s3 *s, struct s3_call *call, const char *url)
{
    CURL *c = call->curl;
    bool bad = false, file = call->sends || call->receives;
    bad |= curl_easy_setopt(c, CURLOPT_URL, url);
    bad |= curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
    bad |= curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    bad |= curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_MS);
    bad |= curl_easy_setopt(c, CURLOPT_LOW_SPEED_LIMIT, SLOW_BYTES);
    bad |= curl_easy_setopt(c, CURLOPT_LOW_SPEED_TIME, SLOW_S);
    bad |= curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, file ? 0L : ANSWER_MS);
    bad |= curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_write);
    bad |= curl_easy_setopt(c, CURLOPT_WRITEDATA, call);
    if (s->ca[0]) {
        bad |= curl_easy_setopt(c, CURLOPT_CAINFO, s->ca);
        bad |= curl_easy_setopt(c, CURLOPT_CAPATH, NULL);
    }
    if (strcmp(call->method, "HEAD") == 0)
        bad |= curl_easy_setopt(c, CURLOPT_NOBODY, 1L);
    if (call->sends || call->source) {
        bad |= curl_easy_setopt(c, CURLOPT_UPLOAD, 1L);
        bad |= curl_easy_setopt(c, CURLOPT_READFUNCTION, on_read);
        bad |= curl_easy_setopt(c, CURLOPT_READDATA, call);
        bad |= curl_easy_setopt(c, CURLOPT_SEEKFUNCTION, on_seek);
        bad |= curl_easy_setopt(c, CURLOPT_SEEKDATA, call);
        bad |= curl_easy_setopt(c, CURLOPT_INFILESIZE_LARGE, (curl_off_t)call->len);
    } else if (!strcmp(call->method, "DELETE")) {
        bad |= curl_easy_setopt(c, CURLOPT_CUSTOMREQUEST, call->method);
    }
    return !bad;
}

/* False: what an earlier try wrote cannot be taken back. */
static bool begin_again(struct s3_call *call)
{
    call->done = 0;
    call->text_len = 0;
    call->refused = false;
    return !call->receives || (ftruncate(call->fd, 0) == 0 && lseek(call->fd, 0, SEEK_SET) == 0);
}

/* The status, or 0 with *code. */
static long try_once(struct s3 *s, struct s3_call *call, CURLcode *code)
{
    char path[PATH_SIZE], url[4 * PATH_SIZE], whole[512] = "";
    long status = 0;
    if (call->name)
        s3_whole_name(s, call->name, whole, sizeof whole);
    snprintf(path, sizeof path, "/%s%s%s", s->bucket, call->name ? "/" : "", whole);
    snprintf(url, sizeof url, "%s%s%s%s", s->base, path, call->query ? "?" : "",
             call->query ? call->query : "");
    struct curl_slist *headers = headers_of(s, call, path);
    *code = CURLE_OUT_OF_MEMORY;
    call->curl = take_handle(s);
    if (call->curl && headers && begin_again(call) && set_up(s, call, url) &&
        curl_easy_setopt(call->curl, CURLOPT_HTTPHEADER, headers) == CURLE_OK) {
        *code = curl_easy_perform(call->curl);
        if (*code == CURLE_OK)
            curl_easy_getinfo(call->curl, CURLINFO_RESPONSE_CODE, &status);
    }
    curl_slist_free_all(headers);
    if (call->curl)
        give_handle(s, call->curl);
    return status;
}

/* --- what came of it --- */

/* The store's own name for it, as <Code>AccessDenied</Code>. */
static void code_of(const struct s3_call *call, char out[static 64])
{
    const char *begin = call->text_len > 0 ? strstr(call->text, "<Code>") : NULL;
    size_t len = begin ? strcspn(begin + 6, "<\n\r") : 0;
    snprintf(out, 64, "%.*s", (int)(len < 63 ? len : 63), begin ? begin + 6 : "");
}

static enum err outcome(const struct s3_call *call, long status, CURLcode code)
{
    if (call->refused)
        return ERR_BUSY;
    if (status == 404 && call->name)
        return ERR_NOT_FOUND;
    if (status >= 200 && status < 300)
        return ERR_OK;
    bool tls = code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE;
    if ((status == 0 && !tls) || status >= 500 || status == 429 || status == 408)
        return ERR_BUSY;
    return ERR_INTERNAL;
}

static void tell(const struct s3_call *call, long status, CURLcode code)
{
    char named[64];
    code_of(call, named);
    const char *why = status ? named : curl_easy_strerror(code);
    log_error("blob.store", "{s:s,s:i,s:s}", "method", call->method, "status", (int)status, "why",
              why);
    if (call->why && status)
        snprintf(call->why, call->why_size, "%s (%ld)", why, status);
    else if (call->why)
        snprintf(call->why, call->why_size, "%s", why);
}

static void pause_before(int tries)
{
    uint32_t dice = 0;
    if (getrandom(&dice, sizeof dice, 0) != sizeof dice)
        dice = (uint32_t)now_ms();
    int64_t ms = PAUSE_MS * (tries > 1 ? 3 : 1);
    ms += dice % ms;
    nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000}, NULL);
}

bool s3_calls_away(const struct s3 *s)
{
    return atomic_load(&s->away_until_ms) != 0;
}

enum err s3_call(struct s3 *s, struct s3_call *call)
{
    if (now_ms() < atomic_load(&s->away_until_ms)) {
        if (call->why)
            snprintf(call->why, call->why_size, "it was away a moment ago");
        return ERR_BUSY;
    }
    CURLcode code;
    int64_t until = now_ms() + RETRY_WITHIN_MS;
    long status = try_once(s, call, &code);
    enum err err = outcome(call, status, code);
    for (int tries = 1; err == ERR_BUSY && !call->refused && tries < TRIES && now_ms() < until;
         tries++) {
        pause_before(tries);
        status = try_once(s, call, &code);
        err = outcome(call, status, code);
    }
    if (!call->refused)
        atomic_store(&s->away_until_ms, err == ERR_BUSY ? now_ms() + AWAY_MS : 0);
    if (err == ERR_BUSY || err == ERR_INTERNAL || (err == ERR_NOT_FOUND && call->why))
        tell(call, status, code);
    if (!call->text_max)
        s3_call_release(call);
    return err;
}

void s3_call_release(struct s3_call *call)
{
    free(call->text);
    call->text = NULL;
}
