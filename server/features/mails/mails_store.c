#include "features/mails/mails_store.h"
#include "db/query.h"
#include "room/change.h"

#define SETTINGS_JSON(row) "to_jsonb(" row ") - 'congress_id' - 'organisation_id'"

/* Reminders and farewells that are to come, and changes that are gathered; the next ones. Of many
 * sessions only the next are looked at: each costs a look at all. */
#define PLANNED                                                                                    \
    "(SELECT coalesce(jsonb_agg(jsonb_build_object('kind', p.kind, 'due_at', json_time(p.due_at)," \
    "    'sessions', (SELECT coalesce(jsonb_agg(s.title ORDER BY s.starts_at, s.id), '[]')"        \
    "                   FROM session s WHERE s.id = ANY (p.sessions)),"                            \
    "    'people', (SELECT count(*) FROM registration r"                                           \
    "                WHERE r.congress_id = g.id AND r.state = 'registered'))"                      \
    "    ORDER BY p.due_at), '[]')"                                                                \
    "   FROM (SELECT * FROM"                                                                       \
    "     (SELECT m.kind, m.due_at, x.sessions FROM"                                               \
    "        (SELECT n FROM mailing n JOIN session s ON s.id = n.session_id"                       \
    "          WHERE n.congress_id = g.id AND n.done_at IS NULL AND mailing_until(n) > $3"         \
    "            AND (n.kind = 'farewell' OR (s.state = 'lobby' AND s.starts_at = n.about_at"      \
    "                 AND NOT EXISTS (SELECT FROM session e WHERE e.congress_id = g.id"            \
    "                     AND e.state IN ('lobby', 'live', 'ended')"                               \
    "                     AND (e.starts_at, e.id) < (s.starts_at, s.id)"                           \
    "                     AND e.starts_at > s.starts_at - interval '1 day 2 hours'"                \
    "                     AND CASE n.kind WHEN 'day' THEN"                                         \
    "                             (e.starts_at AT TIME ZONE zone_here(g.time_zone))::date"         \
    "                             = (s.starts_at AT TIME ZONE zone_here(g.time_zone))::date"       \
    "                         ELSE e.starts_at + make_interval(mins => e.planned_minutes + 60)"    \
    "                             > s.starts_at END)))"                                            \
    "          ORDER BY n.due_at LIMIT 12) c"                                                      \
    "       CROSS JOIN LATERAL (SELECT (c.n).*) m CROSS JOIN LATERAL"                              \
    "        (SELECT CASE m.kind WHEN 'farewell' THEN '{}'::uuid[]"                                \
    "                            ELSE reminder_sessions(c.n) END AS sessions) x"                   \
    "       WHERE mailing_wanted(c.n) AND x.sessions IS NOT NULL"                                  \
    "         AND (m.kind <> 'farewell' OR farewell_fits(c.n))"                                    \
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
