#include "features/mails/mails_store.h"
#include "db/query.h"
#include "room/change.h"

#define SETTINGS_JSON(row) "to_jsonb(" row ") - 'congress_id' - 'organisation_id'"

/* Reminders and farewells that are to come, and changes that are gathered; the next ones. */
#define PLANNED                                                                                    \
    "(SELECT coalesce(jsonb_agg(jsonb_build_object('kind', p.kind, 'due_at', json_time(p.due_at)," \
    "    'sessions', (SELECT coalesce(jsonb_agg(s.title ORDER BY s.starts_at, s.id), '[]')"        \
    "                   FROM session s WHERE s.id = ANY (p.sessions)),"                            \
    "    'people', (SELECT count(*) FROM registration r"                                           \
    "                WHERE r.congress_id = g.id AND r.state = 'registered'))"                      \
    "    ORDER BY p.due_at), '[]')"                                                                \
    "   FROM (SELECT * FROM"                                                                       \
    "     (SELECT m.kind, m.due_at, x.sessions FROM mailing m CROSS JOIN LATERAL"                  \
    "        (SELECT CASE m.kind WHEN 'farewell' THEN '{}'::uuid[]"                                \
    "                            ELSE reminder_sessions(m) END AS sessions) x"                     \
    "       WHERE m.congress_id = g.id AND m.done_at IS NULL AND mailing_until(m) > $3"            \
    "         AND mailing_wanted(m) AND x.sessions IS NOT NULL"                                    \
    "         AND (m.kind <> 'farewell' OR farewell_fits(m))"                                      \
    "      UNION ALL"                                                                              \
    "      SELECT 'changes', n.due_at, array_agg(x.session_id) FROM notice n"                      \
    "        JOIN session_notice x ON x.notice_id = n.id"                                          \
    "       WHERE n.congress_id = g.id AND n.started_at IS NULL GROUP BY n.id) a"                  \
    "     ORDER BY a.due_at LIMIT 12) p)"

static enum err read_mails(struct db_conn *c, const struct identity *who, const struct id *congress,
                           int64_t now, json_t **out)
{
    return db_read_json(
        c, out,
        "SELECT jsonb_build_object('settings', " SETTINGS_JSON(
            "mail_setting_of(g.id)") ","
                                     "   'planned', " PLANNED ","
                                     "   'may_write', (SELECT (a.roles & role_bit('organiser')) <> "
                                     "0"
                                     "                   FROM roles_at($4, g.organisation_id, "
                                     "NULL, NULL, $3) a))"
                                     "  FROM congress g WHERE g.id = $1 AND g.organisation_id = $2",
        "uutu", congress, &who->organisation, now, &who->person);
}

enum err mails_get(struct db_conn *c, const struct identity *who, const struct id *congress,
                   int64_t now, json_t **out)
{
    json_t *mails = NULL, *texts = NULL;
    enum err err = read_mails(c, who, congress, now, &mails);
    if (err == ERR_OK)
        err = mail_texts(c, &who->organisation, &texts);
    if (err != ERR_OK) {
        json_decref(mails);
        return err;
    }
    json_object_set_new(mails, "texts", texts);
    *out = mails;
    return ERR_OK;
}

static enum err write_settings(struct db_conn *c, const struct id *congress,
                               const struct mail_settings *s, json_t **written)
{
    return db_read_json(
        c, written,
        "INSERT INTO mail_setting AS m (congress_id, organisation_id, remind_day, remind_hour,"
        "    remind_minutes, thanks, missed, gather_minutes)"
        " SELECT id, organisation_id, $2, $3, $4, $5, $6, $7::int FROM congress WHERE id = $1"
        " ON CONFLICT (congress_id) DO UPDATE SET remind_day = excluded.remind_day,"
        "    remind_hour = excluded.remind_hour, remind_minutes = excluded.remind_minutes,"
        "    thanks = excluded.thanks, missed = excluded.missed,"
        "    gather_minutes = excluded.gather_minutes RETURNING " SETTINGS_JSON("m"),
        "ubbbbbi", congress, s->remind_day, s->remind_hour, s->remind_minutes, s->thanks, s->missed,
        s->gather_minutes);
}

enum err mails_set(struct db_conn *c, const struct identity *who, const struct id *congress,
                   const struct mail_settings *settings, int64_t now)
{
    json_t *written = NULL;
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = congress_lock(c, who, congress);
    if (err == ERR_OK)
        err = write_settings(c, congress, settings, &written);
    if (err == ERR_OK)
        err = audit_write(c, who, now, "mails.settings", "congress", congress, written);
    if (err == ERR_OK)
        err = db_exec(c, "SELECT mailings_resume($1, $2)", "ut", congress, now);
    return db_end(c, err);
}
