/* An organisation's own texts; the house's, where it has none. */
#include "db/query.h"
#include "features/mails/mails_store.h"
#include "mail/accent.h"
#include "mail/mail.h"
#include "room/change.h"
#include <string.h>

static const char *const languages[] = {"fr", "en"};

static json_t *placeholders_of(enum mail_kind kind)
{
    json_t *names = json_array();
    for (int i = 0; i < PLACEHOLDERS; i++)
        if (placeholder_allowed(kind, (enum placeholder)i))
            json_array_append_new(names, json_string(placeholder_names[i]));
    return names;
}

static json_t *house_text(enum mail_kind kind, const char *language)
{
    struct mail_words words;
    words_default(kind, language, &words);
    return json_pack("{s:s,s:s,s:b,s:n,s:{s:s,s:s}}", "subject", words.subject, "body", words.body,
                     "own", 0, "changed_at", "house", "subject", words.subject, "body", words.body);
}

/* A row of mail_text takes the place of the house's. */
static void put_own(json_t *texts, const struct db_result *r, int row)
{
    for (int kind = 0; kind < MAIL_KINDS; kind++) {
        if (strcmp(mail_kind_names[kind], db_text(r, row, 0)) != 0)
            continue;
        json_t *of = json_object_get(json_array_get(texts, (size_t)kind), "texts");
        json_t *text = json_object_get(of, db_text(r, row, 1));
        json_object_set_new(text, "subject", json_string(db_text(r, row, 2)));
        json_object_set_new(text, "body", json_string(db_text(r, row, 3)));
        json_object_set_new(text, "changed_at", json_string(db_text(r, row, 4)));
        json_object_set_new(text, "own", json_true());
    }
}

enum err mail_texts(struct db_conn *c, const struct id *organisation, json_t **out)
{
    struct db_result *r = db_query(c,
                                   "SELECT kind, language, subject, body, json_time(changed_at)"
                                   "  FROM mail_text WHERE organisation_id = $1",
                                   "u", organisation);
    enum err err = db_err(r);
    if (err == ERR_OK) {
        *out = json_array();
        for (int kind = 0; kind < MAIL_KINDS; kind++)
            json_array_append_new(
                *out, json_pack("{s:s,s:o,s:{s:o,s:o}}", "kind", mail_kind_names[kind],
                                "placeholders", placeholders_of((enum mail_kind)kind), "texts",
                                languages[0], house_text((enum mail_kind)kind, languages[0]),
                                languages[1], house_text((enum mail_kind)kind, languages[1])));
        for (int row = 0; row < db_rows(r); row++)
            put_own(*out, r, row);
    }
    db_result_free(r);
    return err;
}

/* What it was before stays in the audit log, with whoever wrote it. */
static enum err write_text(struct db_conn *c, const struct identity *who, enum mail_kind kind,
                           const char *language, const struct mail_words *words, int64_t now)
{
    const char *name = mail_kind_names[kind];
    if (!words)
        return db_found(c,
                        "DELETE FROM mail_text WHERE organisation_id = $1 AND kind = $2"
                        " AND language = $3 RETURNING 1",
                        "uss", &who->organisation, name, language);
    return db_exec(c,
                   "INSERT INTO mail_text (organisation_id, kind, language, subject, body,"
                   "    changed_at, changed_by) VALUES ($1, $2, $3, $4, $5, $6, $7)"
                   " ON CONFLICT (organisation_id, kind, language) DO UPDATE"
                   "   SET subject = excluded.subject, body = excluded.body,"
                   "       changed_at = excluded.changed_at, changed_by = excluded.changed_by",
                   "usssstu", &who->organisation, name, language, words->subject, words->body, now,
                   &who->person);
}

enum err mail_text_set(struct db_conn *c, const struct identity *who, enum mail_kind kind,
                       const char *language, const struct mail_words *words, int64_t now)
{
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = write_text(c, who, kind, language, words, now);
    if (err == ERR_OK)
        err = audit_write(c, who, now, words ? "mail_text.change" : "mail_text.reset",
                          "organisation", &who->organisation,
                          json_pack("{s:s,s:s,s:s*,s:s*}", "mail", mail_kind_names[kind],
                                    "language", language, "subject", words ? words->subject : NULL,
                                    "text", words ? words->body : NULL));
    err = db_end(c, err);
    return err == ERR_NOT_FOUND && !words ? ERR_OK : err; /* it is the house's already */
}

enum err mail_sample_load(struct db_conn *c, const struct identity *who, const struct id *congress,
                          const char *language, int64_t now, struct mail_sample *out,
                          struct db_result **from)
{
    struct db_result *r = db_query(
        c,
        "SELECT g.title, g.time_zone, o.name, o.contact_email, " ACCENT_SQL ","
        "       coalesce(s.title, g.title), coalesce(s.listen_at, ''),"
        "       coalesce(s.planned_minutes, 60)::bigint, to_char(t.at, 'YYYY-MM-DD\"T\"HH24:MI'),"
        "       to_char(t.at - interval '1 day', 'YYYY-MM-DD\"T\"HH24:MI')"
        "  FROM congress g JOIN organisation o ON o.id = g.organisation_id"
        "  LEFT JOIN LATERAL (SELECT * FROM session WHERE congress_id = g.id"
        "       AND state <> 'cancelled' ORDER BY starts_at < $3, starts_at LIMIT 1) s ON true"
        " CROSS JOIN LATERAL (SELECT coalesce(s.starts_at, date_trunc('hour', $3::timestamptz)"
        "       + interval '7 days') AT TIME ZONE zone_here(g.time_zone) AS at) t"
        " WHERE g.id = $1 AND g.organisation_id = $2",
        "uut", congress, &who->organisation, now);
    enum err err = db_one(r);
    if (err == ERR_OK)
        *out = (struct mail_sample){.language = language,
                                    .first_name = "Camille",
                                    .last_name = "Martin",
                                    .congress_title = db_text(r, 0, 0),
                                    .time_zone = db_text(r, 0, 1),
                                    .organisation_name = db_text(r, 0, 2),
                                    .contact_email = db_text(r, 0, 3),
                                    .accent = db_text(r, 0, 4),
                                    .session_title = db_text(r, 0, 5),
                                    .listen_at = db_text(r, 0, 6),
                                    .planned_minutes = (int)db_int(r, 0, 7),
                                    .local_start = db_text(r, 0, 8),
                                    .was_start = db_text(r, 0, 9)};
    *from = r;
    return err;
}

enum err mail_test_send(struct db_conn *c, const struct identity *who, const char *subject,
                        const struct letter *l, const char *language, int64_t now)
{
    struct db_result *r = db_query(c, "SELECT email FROM account WHERE id = $1", "u", &who->person);
    enum err err = db_one(r);
    if (err == ERR_OK)
        err = mail_queue(c,
                         &(struct mail){.organisation = &who->organisation,
                                        .to = db_text(r, 0, 0),
                                        .subject = subject,
                                        .text = l->text.data,
                                        .html = l->html.data,
                                        .language = language},
                         now);
    db_result_free(r);
    return err;
}
