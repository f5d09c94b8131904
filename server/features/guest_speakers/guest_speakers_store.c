/* Inviting guest speakers, and taking that back. */
#include "features/guest_speakers/guest_speakers_store.h"
#include "crypto/crypto.h"
#include "db/query.h"
#include "features/guest_speakers/guest_speakers_mail.h"
#include "mail/accent.h"
#include <stdio.h>

#define URL_SIZE    512
#define AGAIN_AFTER (60 * US_PER_S)

enum err guest_speakers_list(struct db_conn *c, const struct id *session, json_t **items)
{
    return db_read_json(c, items,
                        "SELECT coalesce(jsonb_agg(guest_json(account_id)"
                        "                          ORDER BY invited_at, account_id), '[]')"
                        "  FROM guest_speaker WHERE session_id = $1",
                        "u", session);
}

/* --- the link --- */

struct secret {
    char text[TOKEN_TEXT_SIZE];
    uint8_t hash[TOKEN_HASH_SIZE];
    struct id mail;
};

static struct secret secret_new(void)
{
    struct secret secret = {.mail = id_random()};
    token_new(secret.text, secret.hash);
    return secret;
}

static enum err queue_mail(struct db_conn *c, const struct db_result *r, const struct id *guest,
                           const struct secret *secret, const char *url, int64_t now)
{
    return guest_mail_queue(c,
                            &(struct guest_mail){
                                .id = secret->mail,
                                .guest = *guest,
                                .organisation = db_id(r, 0, 0),
                                .organisation_name = db_text(r, 0, 1),
                                .contact_email = db_text(r, 0, 2),
                                .accent = db_text(r, 0, 3),
                                .name = db_text(r, 0, 4),
                                .to = db_text(r, 0, 5),
                                .language = db_text(r, 0, 6),
                                .congress = db_text(r, 0, 7),
                                .time_zone = db_text(r, 0, 8),
                                .session = db_text(r, 0, 9),
                                .description = db_text(r, 0, 10),
                                .local_start = db_text(r, 0, 11),
                                .starts_at = db_time(r, 0, 12),
                                .planned_minutes = (int)db_int(r, 0, 13),
                                .calendar_sequence = (int)db_int(r, 0, 14),
                                .url = url,
                            },
                            now);
}

static enum err mail_secret(struct db_conn *c, const struct id *guest, const struct secret *secret,
                            const char *base_url, int64_t now)
{
    char url[URL_SIZE];
    if (snprintf(url, sizeof url, "%s/speaker#%s", base_url, secret->text) >= URL_SIZE)
        return ERR_INTERNAL;
    struct db_result *r = db_query(
        c,
        "SELECT o.id, o.name, o.contact_email, " ACCENT_SQL ", a.name, t.email, a.language,"
        "       g.title, g.time_zone, s.title, s.description,"
        "       to_char(s.starts_at AT TIME ZONE zone_here(g.time_zone), 'YYYY-MM-DD\"T\"HH24:MI'),"
        "       s.starts_at, s.planned_minutes, s.calendar_sequence"
        "  FROM guest_speaker t JOIN account a ON a.id = t.account_id"
        "  JOIN session s ON s.id = t.session_id JOIN congress g ON g.id = s.congress_id"
        "  JOIN organisation o ON o.id = t.organisation_id"
        " WHERE t.account_id = $1 AND t.ended_at IS NULL",
        "u", guest);
    enum err err = db_one(r);
    if (err == ERR_OK)
        err = queue_mail(c, r, guest, secret, url, now);
    db_result_free(r);
    return err;
}

static enum err audit_guest(struct db_conn *c, const struct identity *who, const char *action,
                            const struct id *guest, int64_t now)
{
    return audit_write(c, who, now, action, "guest_speaker", guest, NULL);
}

/* --- inviting --- */

/* The session is held. */
static enum err check_room(struct db_conn *c, struct guest_new *wanted)
{
    struct db_result *r =
        db_query(c,
                 "SELECT s.state IN ('ended', 'cancelled'),"
                 "       EXISTS (SELECT 1 FROM guest_speaker WHERE session_id = s.id"
                 "                  AND email = $2 AND ended_at IS NULL),"
                 "       (SELECT count(*) FROM guest_speaker WHERE session_id = s.id) >= $3"
                 "  FROM session s WHERE s.id = $1",
                 "usi", &wanted->session, wanted->email, (int64_t)GUESTS_MAX);
    enum err err = db_one(r);
    if (err == ERR_OK)
        wanted->refused = db_bool(r, 0, 0)   ? "session.state"
                          : db_bool(r, 0, 1) ? "guest_speaker.exists"
                          : db_bool(r, 0, 2) ? "guest_speaker.full"
                                             : NULL;
    db_result_free(r);
    return err == ERR_OK && wanted->refused ? ERR_CONFLICT : err;
}

static enum err check_speaker(struct db_conn *c, const struct guest_new *wanted)
{
    if (!wanted->speaker)
        return ERR_OK;
    enum err err = db_found(c, "SELECT 1 FROM speaker WHERE id = $1 AND congress_id = $2", "uu",
                            wanted->speaker, &wanted->congress);
    return err == ERR_NOT_FOUND ? ERR_INVALID : err;
}

/* The account and its one role. */
static enum err insert_account(struct db_conn *c, const struct identity *who,
                               const struct guest_new *wanted, int64_t now, struct id *guest)
{
    enum err err = db_read_id(c, guest,
                              "INSERT INTO account (organisation_id, name, language, created_at)"
                              " VALUES ($1, $2, $3, $4) RETURNING id",
                              "usst", &who->organisation, wanted->name, wanted->language, now);
    if (err != ERR_OK)
        return err;
    return db_exec(c,
                   "INSERT INTO role_grant (organisation_id, account_id, role, congress_id,"
                   "                        session_id, granted_at, granted_by)"
                   " VALUES ($1, $2, 'speaker', $3, $4, $5, $6)",
                   "uuuutu", &who->organisation, guest, &wanted->congress, &wanted->session, now,
                   &who->person);
}

static enum err insert(struct db_conn *c, const struct identity *who,
                       const struct guest_new *wanted, const struct secret *secret, int64_t now,
                       struct id *guest)
{
    enum err err = insert_account(c, who, wanted, now, guest);
    if (err != ERR_OK)
        return err;
    return db_exec(
        c,
        "INSERT INTO guest_speaker (account_id, organisation_id, congress_id, session_id,"
        "  speaker_id, email, secret_hash, invited_at, sent_at, mail_id)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9)",
        "uuuuusxtu", guest, &who->organisation, &wanted->congress, &wanted->session,
        wanted->speaker, wanted->email, secret->hash, (size_t)TOKEN_HASH_SIZE, now, &secret->mail);
}

enum err guest_speakers_add(struct db_conn *c, const struct identity *who, struct guest_new *wanted,
                            int64_t now, json_t **out)
{
    struct secret secret = secret_new();
    struct id guest;
    json_t *added = NULL;
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = sessions_lock(c, &wanted->session, 1);
    if (err == ERR_OK)
        err = check_room(c, wanted);
    if (err == ERR_OK)
        err = check_speaker(c, wanted);
    if (err == ERR_OK)
        err = insert(c, who, wanted, &secret, now, &guest);
    if (err == ERR_OK)
        err = mail_secret(c, &guest, &secret, wanted->base_url, now);
    if (err == ERR_OK)
        err = audit_guest(c, who, "guest_speaker.invite", &guest, now);
    if (err == ERR_OK)
        err = db_read_json(c, &added, "SELECT guest_json($1)", "u", &guest);
    err = db_end(c, err);
    if (err == ERR_OK)
        *out = added;
    else
        json_decref(added);
    return err;
}

/* --- again, and back --- */

static enum err replace_secret(struct db_conn *c, const struct id *guest,
                               const struct secret *secret, int64_t now)
{
    struct db_result *r =
        db_query(c,
                 "SELECT sent_at > $2, guest_until(account_id) <= $3 FROM guest_speaker"
                 " WHERE account_id = $1 AND ended_at IS NULL FOR UPDATE",
                 "utt", guest, now - AGAIN_AFTER, now);
    enum err err = db_one(r);
    if (err == ERR_OK && db_bool(r, 0, 1))
        err = ERR_CONFLICT;
    else if (err == ERR_OK && db_bool(r, 0, 0))
        err = ERR_RATE;
    db_result_free(r);
    return err ? err
               : db_exec(c,
                         "UPDATE guest_speaker SET secret_hash = $2, sent_at = $3, mail_id = $4"
                         " WHERE account_id = $1",
                         "uxtu", guest, secret->hash, (size_t)TOKEN_HASH_SIZE, now, &secret->mail);
}

enum err guest_speakers_send(struct db_conn *c, const struct identity *who, const struct id *guest,
                             const char *base_url, int64_t now)
{
    struct secret secret = secret_new();
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = replace_secret(c, guest, &secret, now);
    if (err == ERR_OK)
        err = mail_secret(c, guest, &secret, base_url, now);
    if (err == ERR_OK)
        err = audit_guest(c, who, "guest_speaker.send", guest, now);
    return db_end(c, err);
}

/* Off the stage, as rooms hear it by the session's log. The session is held. */
static enum err leave_stage(struct db_conn *c, struct change *change, const struct id *session,
                            const struct id *guest)
{
    int64_t seq = 0;
    enum err err = log_last(c, session, &seq);
    if (err == ERR_OK)
        err = db_exec(c, "SELECT stage_leave($1, $2, $3)", "uut", session, guest, change->at);
    return err == ERR_OK ? change_collect(c, change, session, seq) : err;
}

static enum err shut_out(struct db_conn *c, const struct change *change, const struct id *guest)
{
    enum err err =
        db_found(c,
                 "UPDATE guest_speaker SET secret_hash = NULL, email = NULL, ended_at = $2"
                 " WHERE account_id = $1 AND ended_at IS NULL RETURNING 1",
                 "ut", guest, change->at);
    if (err != ERR_OK)
        return err;
    err = db_exec(c, "UPDATE account SET disabled_at = $2 WHERE id = $1", "ut", guest, change->at);
    if (err == ERR_OK) /* after that: who is shut out does not join again with other roles */
        err = db_exec(c,
                      "WITH s AS (UPDATE sign_in SET revoked_at = $2"
                      "            WHERE account_id = $1 AND revoked_at IS NULL)"
                      " UPDATE role_grant SET revoked_at = $2"
                      "  WHERE holder_id = $1 AND revoked_at IS NULL",
                      "ut", guest, change->at);
    return err;
}

/* A mail that has not left is not sent any more. */
static enum err withdraw_mail(struct db_conn *c, const struct id *guest)
{
    return db_exec(c,
                   "DELETE FROM outbox m USING guest_speaker g WHERE g.account_id = $1"
                   "   AND m.id = g.mail_id AND m.sent_at IS NULL AND m.failed_at IS NULL",
                   "u", guest);
}

enum err guest_speakers_end(struct db_conn *c, struct change *change, const struct id *session,
                            const struct id *guest)
{
    enum err err = change_begin(c);
    if (err == ERR_OK)
        err = sessions_lock(c, session, 1);
    if (err == ERR_OK)
        err = shut_out(c, change, guest);
    if (err == ERR_OK)
        err = leave_stage(c, change, session, guest);
    if (err == ERR_OK)
        err = withdraw_mail(c, guest);
    if (err == ERR_OK)
        err = change_audit(c, change, "guest_speaker.end", "guest_speaker", guest, NULL);
    return change_end(c, change, err);
}
