#include "mail/outbox_store.h"
#include "base/address.h"
#include "db/query.h"
#include "mail/letter.h"
#include "mail/mail.h"
#include <assert.h>
#include <stdio.h>
#include <string.h>

enum err mail_queue(struct db_conn *c, const struct mail *mail, int64_t now_us)
{
    if (!address_valid(mail->to))
        return ERR_INVALID;
    json_t *message = json_pack("{s:s, s:s, s:s?, s:s?, s:s?, s:s*}", "subject", mail->subject,
                                "text", mail->text, "html", mail->html, "calendar", mail->calendar,
                                "method", mail->calendar_method, "unsubscribe", mail->unsubscribe);
    if (!message)
        return ERR_INVALID; /* not UTF-8 */
    enum err err = db_exec(c,
                           "INSERT INTO outbox (organisation_id, to_address, message, language,"
                           " created_at, due_at, hcp_id, bulk, reminds, expires_at, id)"
                           " VALUES ($1, $2, $3, $4, $5, $5,"
                           " (SELECT hcp_id FROM registration WHERE id = $6), $7,"
                           " nullif($8::uuid[], '{}'), $9, coalesce($10, gen_random_uuid()))",
                           "usjstubUtu", mail->organisation, mail->to, message, mail->language,
                           now_us, mail->registration, mail->bulk, mail->reminds, mail->reminds_len,
                           mail->expires_at ? mail->expires_at : DB_NULL_TIME, mail->id);
    json_decref(message);
    return err;
}

enum err mail_queue_letter(struct db_conn *c, struct mail *mail, const struct letter *letter,
                           int64_t now_us)
{
    if (!letter_ok(letter))
        return ERR_INTERNAL;
    mail->text = letter->text.data;
    mail->html = letter->html.data;
    return mail_queue(c, mail, now_us);
}

enum err mail_spend(struct db_conn *c)
{
    return db_exec(c, "SELECT pg_logical_emit_message(true, 'amphi', repeat('.', 3000))", "");
}

void outbox_row_release(struct outbox_row *row)
{
    json_decref(row->message);
    row->message = NULL;
}

#define NEXT(bulk, after)                                                                          \
    "(SELECT id FROM outbox WHERE sent_at IS NULL AND failed_at IS NULL AND due_at <= $1"          \
    "    AND " bulk " AND organisation_id " after " $2 AND id <> ALL ($3)"                         \
    "  ORDER BY organisation_id, due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)"
#define DIRECT(after) NEXT("NOT bulk", after)
#define BULK(after)   NEXT("bulk", after)

/* coalesce() asks one after the other. */
static const char TAKE[] =
    "SELECT m.id, m.created_at, m.attempts, m.to_address, m.language, m.message, o.name,"
    "       o.contact_email, o.id, m.expires_at FROM outbox m JOIN organisation o ON o.id = "
    "m.organisation_id"
    " WHERE m.id = coalesce(" DIRECT(">") "," DIRECT("<=") "," BULK(">") "," BULK("<=") ")";

enum err outbox_take(struct db_conn *c, const struct id *last, int64_t now,
                     const struct outbox_row *taken, size_t n, struct outbox_row *row)
{
    struct id ids[OUTBOX_MOST];
    assert(n < OUTBOX_MOST);
    for (size_t i = 0; i < n; i++)
        ids[i] = taken[i].id;
    struct db_result *r = db_query(c, TAKE, "tuU", now, last, ids, n);
    enum err err = db_one(r);
    if (err == ERR_OK) {
        *row = (struct outbox_row){.id = db_id(r, 0, 0),
                                   .organisation = db_id(r, 0, 8),
                                   .created_at = db_time(r, 0, 1),
                                   .attempts = (int)db_int(r, 0, 2),
                                   .message = db_json(r, 0, 5),
                                   .expires_at = db_null(r, 0, 9) ? INT64_MAX : db_time(r, 0, 9)};
        snprintf(row->to, sizeof row->to, "%s", db_text(r, 0, 3));
        snprintf(row->language, sizeof row->language, "%s", db_text(r, 0, 4));
        snprintf(row->from_name, sizeof row->from_name, "%s", db_text(r, 0, 6));
        snprintf(row->reply_to, sizeof row->reply_to, "%s", db_text(r, 0, 7));
    }
    db_result_free(r);
    return err;
}

enum err outbox_sent(struct db_conn *c, const struct id *ids, size_t n, int64_t now)
{
    return db_exec(c,
                   "UPDATE outbox SET sent_at = $2, attempts = attempts + 1, last_error = NULL,"
                   " to_address = NULL, message = NULL WHERE id = ANY ($1)",
                   "Ut", ids, n, now);
}

enum err outbox_retry(struct db_conn *c, const struct id *id, int64_t now, int64_t due_at,
                      const char *error)
{
    if (due_at == DB_NULL_TIME)
        return db_exec(c,
                       "UPDATE outbox SET failed_at = $2, attempts = attempts + 1, last_error = $3,"
                       " to_address = NULL, message = NULL WHERE id = $1",
                       "uts", id, now, error);
    return db_exec(c,
                   "UPDATE outbox SET due_at = $2, attempts = attempts + 1, last_error = $3"
                   " WHERE id = $1",
                   "uts", id, due_at, error);
}
