#include "base/mem.h"
#include "base/url.h"
#include "mail/deliver.h"
#include <assert.h>
#include <curl/curl.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define CONNECT_TIMEOUT_S 15L
#define TIMEOUT_S         120L

struct smtp {
    CURL *curl; /* NULL: hung up */
    const char *url, *user, *password, *authorities;
    const atomic_bool *abort;
    const char *bytes; /* of the message under way */
    size_t left;
    char error[CURL_ERROR_SIZE];
};

static size_t on_read(char *out, size_t size, size_t n, void *arg)
{
    struct smtp *s = arg;
    size_t len = size * n < s->left ? size * n : s->left;
    memcpy(out, s->bytes, len);
    s->bytes += len;
    s->left -= len;
    return len;
}

static int on_progress(void *arg, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    const struct smtp *s = arg;
    (void)a, (void)b, (void)c, (void)d;
    return atomic_load(s->abort);
}

/* What is sent does not leave the machine. */
static bool is_local(const char *url)
{
    const char *host = strstr(url, "://");
    return url_host_is_here(host ? host + 3 : url);
}

static CURL *handle_new(struct smtp *s)
{
    CURL *c = curl_easy_init();
    bool local = is_local(s->url) && !s->authorities;
    assert(c);
    CURLcode bad = CURLE_OK;
    bad |= curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    bad |= curl_easy_setopt(c, CURLOPT_URL, s->url);
    bad |= curl_easy_setopt(c, CURLOPT_USE_SSL, (long)(local ? CURLUSESSL_TRY : CURLUSESSL_ALL));
    /* A mail server on this machine often has a certificate of another name. */
    bad |= curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, local ? 0L : 1L);
    bad |= curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, local ? 0L : 2L);
    if (s->authorities) {
        bad |= curl_easy_setopt(c, CURLOPT_CAINFO, s->authorities);
        bad |= curl_easy_setopt(c, CURLOPT_CAPATH, NULL);
    }
    bad |= curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    bad |= curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, CONNECT_TIMEOUT_S);
    bad |= curl_easy_setopt(c, CURLOPT_TIMEOUT, TIMEOUT_S);
    bad |= curl_easy_setopt(c, CURLOPT_UPLOAD, 1L);
    bad |= curl_easy_setopt(c, CURLOPT_READFUNCTION, on_read);
    bad |= curl_easy_setopt(c, CURLOPT_READDATA, s);
    bad |= curl_easy_setopt(c, CURLOPT_NOPROGRESS, 0L);
    bad |= curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, on_progress);
    bad |= curl_easy_setopt(c, CURLOPT_XFERINFODATA, s);
    bad |= curl_easy_setopt(c, CURLOPT_ERRORBUFFER, s->error);
    if (s->user) {
        bad |= curl_easy_setopt(c, CURLOPT_USERNAME, s->user);
        bad |= curl_easy_setopt(c, CURLOPT_PASSWORD, s->password ? s->password : "");
    }
    if (bad == CURLE_OK)
        return c;
    curl_easy_cleanup(c);
    return NULL;
}

struct smtp *smtp_new(const char *url, const char *user, const char *password,
                      const char *authorities, const atomic_bool *abort)
{
    struct smtp *s = mem_new(sizeof *s);
    *s = (struct smtp){
        .url = url, .user = user, .password = password, .authorities = authorities, .abort = abort};
    s->curl = handle_new(s);
    if (s->curl)
        return s;
    free(s);
    return NULL;
}

void smtp_hang_up(struct smtp *s)
{
    curl_easy_cleanup(s->curl);
    s->curl = NULL;
}

void smtp_free(struct smtp *s)
{
    if (!s)
        return;
    smtp_hang_up(s);
    free(s);
}

static bool is_about_the_server(CURLcode code)
{
    return code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_COULDNT_RESOLVE_PROXY ||
           code == CURLE_COULDNT_CONNECT || code == CURLE_OPERATION_TIMEDOUT ||
           code == CURLE_LOGIN_DENIED || code == CURLE_USE_SSL_FAILED ||
           code == CURLE_SSL_CONNECT_ERROR || code == CURLE_PEER_FAILED_VERIFICATION ||
           code == CURLE_SSL_CACERT_BADFILE || code == CURLE_ABORTED_BY_CALLBACK ||
           code == CURLE_WEIRD_SERVER_REPLY;
}

enum delivery smtp_deliver(struct smtp *s, const char *from, const char *to, const char *bytes,
                           size_t len, char why[static WHY_SIZE])
{
    char sender[300], receiver[300];
    snprintf(sender, sizeof sender, "<%s>", from);
    snprintf(receiver, sizeof receiver, "<%s>", to);
    struct curl_slist *receivers = curl_slist_append(NULL, receiver);
    assert(receivers);
    if (!s->curl)
        s->curl = handle_new(s);
    assert(s->curl);
    s->bytes = bytes;
    s->left = len;
    s->error[0] = 0;
    curl_easy_setopt(s->curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)len);
    curl_easy_setopt(s->curl, CURLOPT_MAIL_FROM, sender);
    curl_easy_setopt(s->curl, CURLOPT_MAIL_RCPT, receivers);
    CURLcode code = curl_easy_perform(s->curl);
    curl_easy_setopt(s->curl, CURLOPT_MAIL_RCPT, NULL);
    curl_slist_free_all(receivers);
    if (code == CURLE_OK)
        return DELIVERED;
    long reply = 0;
    curl_easy_getinfo(s->curl, CURLINFO_RESPONSE_CODE, &reply);
    snprintf(why, WHY_SIZE, "%.200s (reply %ld)", *s->error ? s->error : curl_easy_strerror(code),
             reply);
    return is_about_the_server(code) ? NO_SERVICE : REFUSED;
}
