/* The sender: one thread, one connection. A row is locked, delivered, and marked in the same
 * transaction. A crash between delivery and commit sends the message again with the same Message-ID
 * (at least once, never lost); a file is then replaced by itself. */
#include "base/address.h"
#include "base/buf.h"
#include "base/log.h"
#include "base/mem.h"
#include "db/db.h"
#include "db/query.h"
#include "mail/deliver.h"
#include "mail/mail.h"
#include "mail/mime.h"
#include "mail/outbox_store.h"
#include <curl/curl.h>
#include <pthread.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define RETRY_FIRST_US (30 * US_PER_S)
#define RETRY_MAX_US   (4 * 3600 * US_PER_S)
#define PAUSE_FIRST_US (5 * US_PER_S)
#define PAUSE_MAX_US   (300 * US_PER_S)
#define LOOK_EVERY_MS  2000 /* what other processes queued is found without a wake */
#define DB_TIMEOUT_MS  10000
#define STOP_GRACE_MS  3000

struct mail_sender {
    char *url, *folder, *smtp_url, *user, *password, *smtp_ca;
    char from_name[256], from[256];
    struct clock *clock;
    struct smtp *smtp;
    struct db_conn *conn;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t woken;
    bool stopping, wake, ended;
    atomic_bool abort;
    int64_t pause_us, pause_until; /* while the way out is closed */
};

static const char *field(const struct outbox_row *row, const char *name)
{
    return json_string_value(json_object_get(row->message, name));
}

static enum delivery deliver(struct mail_sender *s, const struct outbox_row *row,
                             char why[static WHY_SIZE])
{
    const char *subject = field(row, "subject"), *text = field(row, "text");
    const char *method = field(row, "method");
    struct mime mime = {.id = row->id,
                        .at = row->created_at,
                        .from_name = *row->from_name ? row->from_name : s->from_name,
                        .reply_to = address_valid(row->reply_to) ? row->reply_to : NULL,
                        .from = s->from,
                        .to = row->to,
                        .subject = subject ? subject : "",
                        .text = text ? text : "",
                        .html = field(row, "html"),
                        .calendar = field(row, "calendar"),
                        .calendar_method = method ? method : "REQUEST",
                        .language = row->language};
    struct buf b;
    buf_init(&b, MIME_MAX);
    mime_write(&b, &mime);
    enum delivery result = REFUSED;
    if (buf_failed(&b) || !address_valid(row->to))
        snprintf(why, WHY_SIZE, "the message is too large or its address is not valid");
    else if (s->smtp)
        result = smtp_deliver(s->smtp, s->from, row->to, b.data, b.len, why);
    else
        result = file_deliver(s->folder, &row->id, row->created_at, b.data, b.len, why);
    buf_release(&b);
    return result;
}

/* 30 s, 1 min, 2 min … 4 h, for three days. */
static int64_t next_try(const struct outbox_row *row, int64_t now)
{
    int64_t delay = RETRY_FIRST_US;
    for (int i = 0; i < row->attempts && delay < RETRY_MAX_US; i++)
        delay *= 2;
    if (now - row->created_at >= OUTBOX_FOR_US)
        return DB_NULL_TIME;
    return now + (delay < RETRY_MAX_US ? delay : RETRY_MAX_US);
}

/* Nobody there: the outbox waits as a whole. This mail comes after the others then, in case it is
 * the one that upsets the server. */
static int64_t pause_all(struct mail_sender *s, int64_t now)
{
    s->pause_us = s->pause_us ? s->pause_us * 2 : PAUSE_FIRST_US;
    if (s->pause_us > PAUSE_MAX_US)
        s->pause_us = PAUSE_MAX_US;
    s->pause_until = now + s->pause_us;
    return s->pause_until;
}

static enum err settle(struct mail_sender *s, const struct outbox_row *row, enum delivery result,
                       const char *why)
{
    char id[ID_TEXT_SIZE];
    int64_t now = clock_now_us(s->clock);
    id_text(&row->id, id);
    if (result == DELIVERED) {
        s->pause_us = s->pause_until = 0;
        log_info("mail.sent", "{s:s}", "mail", id);
        return outbox_sent(s->conn, &row->id, now);
    }
    int64_t due = next_try(row, now);
    bool late = due == DB_NULL_TIME;
    /* The reply may name the address: it goes into the row, not into the log. */
    log_warn(late ? "mail.failed" : "mail.delayed", "{s:s,s:i,s:b}", "mail", id, "attempts",
             row->attempts + 1, "no_service", result == NO_SERVICE);
    if (result == NO_SERVICE) {
        int64_t again = pause_all(s, now);
        due = late ? due : again;
    }
    return outbox_retry(s->conn, &row->id, now, due, why);
}

/* ERR_OK: one row was worked on; ERR_NOT_FOUND: nothing is due. */
static enum err send_one(struct mail_sender *s)
{
    struct outbox_row row;
    char why[WHY_SIZE] = "";
    enum err err = db_begin(s->conn);
    if (err == ERR_OK)
        err = outbox_take(s->conn, clock_now_us(s->clock), &row);
    if (err == ERR_OK) {
        enum delivery result = deliver(s, &row, why);
        err = settle(s, &row, result, why);
        outbox_row_release(&row);
        if (err == ERR_OK)
            err = db_commit(s->conn);
    }
    db_rollback(s->conn);
    return err;
}

static bool stopping(struct mail_sender *s)
{
    pthread_mutex_lock(&s->lock);
    bool stop = s->stopping;
    pthread_mutex_unlock(&s->lock);
    return stop;
}

static void wait_wake(struct mail_sender *s, int ms)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    ts.tv_sec += ms / 1000;
    ts.tv_nsec += ms % 1000 * 1000000L;
    if (ts.tv_nsec >= 1000000000L) {
        ts.tv_sec++;
        ts.tv_nsec -= 1000000000L;
    }
    pthread_mutex_lock(&s->lock);
    while (!s->stopping && !s->wake && pthread_cond_timedwait(&s->woken, &s->lock, &ts) == 0)
        ;
    s->wake = false;
    pthread_mutex_unlock(&s->lock);
}

static bool connected(struct mail_sender *s)
{
    const char *why = "";
    if (s->conn)
        return true;
    s->conn = db_connect(s->url, &why);
    if (s->conn && db_set_timeout(s->conn, DB_TIMEOUT_MS) == ERR_OK)
        return true;
    log_warn("mail.database", "{s:s}", "why", why);
    db_disconnect(s->conn);
    s->conn = NULL;
    return false;
}

/* Everything that is due, unless the way out is closed. */
static void send_due(struct mail_sender *s)
{
    enum err err = ERR_OK;
    while (err == ERR_OK && !stopping(s) && clock_now_us(s->clock) >= s->pause_until)
        err = send_one(s);
    if (s->smtp)
        smtp_hang_up(s->smtp);
    if (err != ERR_OK && err != ERR_NOT_FOUND) {
        db_disconnect(s->conn);
        s->conn = NULL;
    }
}

static void *run(void *arg)
{
    struct mail_sender *s = arg;
    while (!stopping(s)) {
        if (connected(s))
            send_due(s);
        if (!stopping(s))
            wait_wake(s, LOOK_EVERY_MS);
    }
    pthread_mutex_lock(&s->lock);
    s->ended = true;
    pthread_cond_broadcast(&s->woken);
    pthread_mutex_unlock(&s->lock);
    return NULL;
}

static char *copy(const char *text)
{
    return text && *text ? mem_strdup(text) : NULL;
}

static void sender_free(struct mail_sender *s)
{
    smtp_free(s->smtp);
    db_disconnect(s->conn);
    pthread_mutex_destroy(&s->lock);
    pthread_cond_destroy(&s->woken);
    free(s->url);
    free(s->folder);
    free(s->smtp_url);
    free(s->user);
    free(s->smtp_ca);
    if (s->password)
        explicit_bzero(s->password, strlen(s->password));
    free(s->password);
    free(s);
}

static bool prepare(struct mail_sender *s, const struct mail_config *config)
{
    if (!mime_split_from(config->from, s->from_name, sizeof s->from_name, s->from,
                         sizeof s->from)) {
        log_error("mail.config", "{s:s}", "why", "mail_from is not \"Name <address>\"");
        return false;
    }
    if (s->smtp_ca && access(s->smtp_ca, R_OK) != 0) {
        log_error("mail.config", "{s:s}", "why", "smtp_ca cannot be read");
        return false;
    }
    if (s->smtp_url) {
        if (curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK)
            s->smtp = smtp_new(s->smtp_url, s->user, s->password, s->smtp_ca, &s->abort);
        if (!s->smtp)
            log_error("mail.config", "{s:s}", "why", "smtp_url cannot be used");
        return s->smtp != NULL;
    }
    return s->folder != NULL;
}

struct mail_sender *mail_sender_start(const char *database_url, const struct mail_config *config,
                                      struct clock *clock)
{
    struct mail_sender *s = mem_new(sizeof *s);
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&s->lock, NULL);
    pthread_cond_init(&s->woken, &monotonic);
    pthread_condattr_destroy(&monotonic);
    s->url = mem_strdup(database_url);
    s->folder = copy(config->folder);
    s->smtp_url = copy(config->smtp_url);
    s->user = copy(config->smtp_user);
    s->password = copy(config->smtp_password);
    s->smtp_ca = copy(config->smtp_ca);
    s->clock = clock;
    if (prepare(s, config) && pthread_create(&s->thread, NULL, run, s) == 0)
        return s;
    sender_free(s);
    return NULL;
}

void mail_sender_wake(struct mail_sender *s)
{
    pthread_mutex_lock(&s->lock);
    s->wake = true;
    pthread_cond_signal(&s->woken);
    pthread_mutex_unlock(&s->lock);
}

/* A message under way gets a moment to finish; then the connection is cut and it is sent again by
 * the next run. */
void mail_sender_stop(struct mail_sender *s)
{
    if (!s)
        return;
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    ts.tv_sec += STOP_GRACE_MS / 1000;
    pthread_mutex_lock(&s->lock);
    s->stopping = true;
    pthread_cond_broadcast(&s->woken);
    while (!s->ended && pthread_cond_timedwait(&s->woken, &s->lock, &ts) == 0)
        ;
    pthread_mutex_unlock(&s->lock);
    atomic_store(&s->abort, true);
    pthread_join(s->thread, NULL);
    sender_free(s);
}

enum err mail_forget(const struct mail_sender *s, const char *address)
{
    if (file_forget(s->folder, address))
        return ERR_OK;
    log_error("mail.forget", "{s:s}", "folder", s->folder);
    return ERR_INTERNAL;
}
