#include "mail/outbox_store.h"
#include "base/address.h"
#include "db/query.h"
#include "mail/mail.h"
#include <stdio.h>
#include <string.h>

enum err mail_queue(struct db_conn *c, const struct mail *mail, int64_t now_us)
{
    if (!address_valid(mail->to))
        return ERR_INVALID;
    json_t *message =
        json_pack("{s:s, s:s, s:s?, s:s?, s:s?}", "subject", mail->subject, "text", mail->text,
                  "html", mail->html, "calendar", mail->calendar, "method", mail->calendar_method);
    if (!message)
        return ERR_INVALID; /* not UTF-8 */
    enum err err = db_exec(c,
                           "INSERT INTO outbox (organisation_id, to_address, message, language,"
                           " created_at, due_at) VALUES ($1, $2, $3, $4, $5, $5)",
                           "usjst", mail->organisation, mail->to, message, mail->language, now_us);
    json_decref(message);
    return err;
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

enum err outbox_take(struct db_conn *c, int64_t now, struct outbox_row *row)
{
    struct db_result *r =
        db_query(c,
                 "SELECT m.id, m.created_at, m.attempts, m.to_address, m.language, m.message,"
                 "       o.name, o.contact_email FROM outbox m"
                 "  JOIN organisation o ON o.id = m.organisation_id"
                 " WHERE m.sent_at IS NULL AND m.failed_at IS NULL AND m.due_at <= $1"
                 " ORDER BY m.due_at, m.id LIMIT 1 FOR UPDATE OF m SKIP LOCKED",
                 "t", now);
    enum err err = db_one(r);
    if (err == ERR_OK) {
        *row = (struct outbox_row){.id = db_id(r, 0, 0),
                                   .created_at = db_time(r, 0, 1),
                                   .attempts = (int)db_int(r, 0, 2),
                                   .message = db_json(r, 0, 5)};
        snprintf(row->to, sizeof row->to, "%s", db_text(r, 0, 3));
        snprintf(row->language, sizeof row->language, "%s", db_text(r, 0, 4));
        snprintf(row->from_name, sizeof row->from_name, "%s", db_text(r, 0, 6));
        snprintf(row->reply_to, sizeof row->reply_to, "%s", db_text(r, 0, 7));
    }
    db_result_free(r);
    return err;
}

enum err outbox_sent(struct db_conn *c, const struct id *id, int64_t now)
{
    return db_exec(c,
                   "UPDATE outbox SET sent_at = $2, attempts = attempts + 1, last_error = NULL,"
                   " to_address = NULL, message = NULL WHERE id = $1",
                   "ut", id, now);
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
