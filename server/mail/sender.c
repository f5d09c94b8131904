/* The sender: one thread, one connection. Rows are locked, delivered, and marked in the same
 * transaction. A crash between delivery and commit sends the message again with the same Message-ID
 * (at least once, never lost); a file is then replaced by itself. So files go many at a time, and
 * mails to a server one by one. Nobody waits for the marks, so their commits do not wait for the
 * disk: a database that crashes may forget those of its last moments. */
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
    const char *admit;
    char *url, *folder, *smtp_url, *user, *password, *smtp_ca;
    char from_name[256], from[256];
    struct clock *clock;
    struct smtp *smtp;
    struct db_conn *conn;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t woken;
    bool stopping, wake, ended;
    struct id last; /* organisation whose mail left */
    atomic_bool abort;
    int64_t pause_us, pause_until;       /* while the way out is closed */
    struct outbox_row rows[OUTBOX_MOST]; /* under way */
    size_t rows_len;
};

static const char *field(const struct outbox_row *row, const char *name)
{
    return json_string_value(json_object_get(row->message, name));
}

static enum delivery deliver(struct mail_sender *s, const struct outbox_row *row,
                             char why[static WHY_SIZE])
{
    if (clock_now_us(s->clock) >= row->expires_at) {
        snprintf(why, WHY_SIZE, "too late");
        return TOO_LATE;
    }
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
                        .unsubscribe = field(row, "unsubscribe"),
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
        result = file_write(s->folder, &(struct mail_file){row->id, row->created_at}, b.data, b.len,
                            why);
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

/* What was not delivered is tried again. */
static enum err put_off(struct mail_sender *s, const struct outbox_row *row, enum delivery result,
                        const char *why)
{
    char id[ID_TEXT_SIZE];
    int64_t now = clock_now_us(s->clock);
    int64_t due = result == TOO_LATE ? DB_NULL_TIME : next_try(row, now);
    bool late = due == DB_NULL_TIME;
    /* The reply may name the address: it goes into the row, not into the log. */
    log_warn(late ? "mail.failed" : "mail.delayed", "{s:s,s:i,s:b}", "mail", id_text(&row->id, id),
             "attempts", row->attempts + 1, "no_service", result == NO_SERVICE);
    if (result == NO_SERVICE) {
        int64_t again = pause_all(s, now);
        due = late ? due : again;
    }
    return outbox_retry(s->conn, &row->id, now, due, why);
}

static enum err mark_sent(struct mail_sender *s, const struct mail_file *sent, size_t n)
{
    struct id ids[OUTBOX_MOST];
    char id[ID_TEXT_SIZE];
    for (size_t i = 0; i < n; i++) {
        ids[i] = sent[i].id;
        log_info("mail.sent", "{s:s}", "mail", id_text(&sent[i].id, id));
    }
    s->pause_us = s->pause_until = 0;
    return outbox_sent(s->conn, ids, n, clock_now_us(s->clock));
}

/* The first n rows were delivered; files are only written so far. */
static enum err settle_sent(struct mail_sender *s, size_t n)
{
    struct mail_file sent[OUTBOX_MOST];
    char why[WHY_SIZE] = "";
    enum err err = ERR_OK;
    if (n == 0)
        return ERR_OK;
    for (size_t i = 0; i < n; i++)
        sent[i] = (struct mail_file){s->rows[i].id, s->rows[i].created_at};
    if (s->smtp || file_name_all(s->folder, sent, n, why) == DELIVERED)
        return mark_sent(s, sent, n);
    for (size_t i = 0; i < n && err == ERR_OK; i++)
        err = put_off(s, &s->rows[i], NO_SERVICE, why);
    return err;
}

/* Up to the first that is not delivered; those behind it are taken again. */
static enum err send_taken(struct mail_sender *s)
{
    char why[WHY_SIZE] = "";
    size_t n = 0;
    enum delivery result = DELIVERED;
    while (n < s->rows_len && (result = deliver(s, &s->rows[n], why)) == DELIVERED)
        n++;
    enum err err = settle_sent(s, n);
    return err == ERR_OK && result != DELIVERED ? put_off(s, &s->rows[n], result, why) : err;
}

/* ERR_NOT_FOUND: nothing is due. */
static enum err take_some(struct mail_sender *s)
{
    int64_t now = clock_now_us(s->clock);
    size_t most = s->smtp ? 1 : OUTBOX_MOST;
    enum err err = ERR_OK;
    while (err == ERR_OK && s->rows_len < most) {
        struct outbox_row *row = &s->rows[s->rows_len];
        err = outbox_take(s->conn, &s->last, now, s->rows, s->rows_len, row);
        if (err == ERR_OK) {
            s->last = row->organisation;
            s->rows_len++;
        }
    }
    return err == ERR_NOT_FOUND && s->rows_len ? ERR_OK : err;
}

/* ERR_OK: rows were worked on; ERR_NOT_FOUND: nothing is due. */
static enum err send_some(struct mail_sender *s)
{
    enum err err = db_begin_brief(s->conn);
    if (err == ERR_OK)
        err = take_some(s);
    if (err == ERR_OK)
        err = send_taken(s);
    for (size_t i = 0; i < s->rows_len; i++)
        outbox_row_release(&s->rows[i]);
    s->rows_len = 0;
    return db_end(s->conn, err);
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
    if (s->conn)
        return true;
    if (db_connect_admitted(s->url, s->admit, &s->conn) == ERR_OK &&
        db_set_timeout(s->conn, DB_TIMEOUT_MS) == ERR_OK &&
        db_exec(s->conn, "SET synchronous_commit = off", "") == ERR_OK)
        return true;
    db_disconnect(s->conn);
    s->conn = NULL;
    return false;
}

/* Everything that is due, unless the way out is closed. */
static void send_due(struct mail_sender *s)
{
    enum err err = ERR_OK;
    while (err == ERR_OK && !stopping(s) && clock_now_us(s->clock) >= s->pause_until)
        err = send_some(s);
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
    s->admit = config->admit;
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
