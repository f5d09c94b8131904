#include "features/exports/exports_store.h"

enum err export_begin(struct db_conn *c, const struct identity *who, const struct id *session,
                      int64_t now, int64_t *starts_at)
{
    struct db_result *r = db_query(
        c,
        "SELECT s.starts_at, audit(s.organisation_id, $3, 'account', $4, 'attendance.export', "
        "                          'session', s.id) "
        "  FROM session s WHERE s.id = $2 AND s.organisation_id = $1",
        "uutu", &who->organisation, session, now, &who->person);
    enum err err = db_one(r);
    if (err == ERR_OK)
        *starts_at = db_time(r, 0, 0);
    db_result_free(r);
    return err;
}

/* Spans, questions, votes and profiles are each gathered once for the session, never per line. */
static const char ATTENDANCE[] =
    "WITH s AS (SELECT s.id, s.congress_id, g.language FROM session s "
    "             JOIN congress g ON g.id = s.congress_id "
    "            WHERE s.id = $2 AND s.organisation_id = $1), "
    "label AS (SELECT c.list, c.code, CASE s.language WHEN 'fr' THEN c.label_fr "
    "                                                 ELSE c.label_en END AS label "
    "            FROM code c CROSS JOIN s), "
    "matched AS (SELECT m.registration_id, string_agg(p.name, '; ' ORDER BY p.position, p.name) "
    "                   AS names "
    "              FROM s JOIN target_profile p ON p.congress_id = s.congress_id "
    "              JOIN registration_profile m ON m.target_profile_id = p.id GROUP BY 1), "
    "asked AS (SELECT registration_id, count(*) AS n FROM question WHERE session_id = $2 "
    "           GROUP BY 1), "
    "voted AS (SELECT registration_id, count(*) AS n FROM poll_vote WHERE session_id = $2 "
    "           GROUP BY 1) "
    "SELECT r.id, h.last_name, h.first_name, h.email, r.profession, lp.label, r.specialty, "
    "       ls.label, r.practice_setting, lt.label, r.region, lr.label, r.age_band, matched.names, "
    "       r.channel, lc.label, r.registered_at, r.state, a.first_join, a.last_leave, "
    "       a.seconds_present::float8, a.seconds_attentive::float8, a.live_seconds::float8, "
    "       a.attended, a.completed, coalesce(asked.n, 0), coalesce(voted.n, 0) "
    "  FROM s JOIN registration r ON r.congress_id = s.congress_id "
    "  JOIN hcp h ON h.id = r.hcp_id "
    "  JOIN attendance a ON a.session_id = $2 AND a.registration_id = r.id "
    "  LEFT JOIN matched ON matched.registration_id = r.id "
    "  LEFT JOIN asked ON asked.registration_id = r.id "
    "  LEFT JOIN voted ON voted.registration_id = r.id "
    "  LEFT JOIN label lp ON lp.list = 'profession' AND lp.code = r.profession "
    "  LEFT JOIN label ls ON ls.list = 'specialty' AND ls.code = r.specialty "
    "  LEFT JOIN label lt ON lt.list = 'practice_setting' AND lt.code = r.practice_setting "
    "  LEFT JOIN label lr ON lr.list = 'region' AND lr.code = r.region "
    "  LEFT JOIN label lc ON lc.list = 'channel' AND lc.code = r.channel "
    " ORDER BY r.registered_at, r.id";

/* Tables that filled a moment ago have no statistics yet. The planner, which then expects a row or
 * two of everything, would compute everybody's attendance again for each line. */
static const char PLAN_BY_HASH[] = "SELECT set_config('enable_nestloop', 'off', true), "
                                   "       set_config('jit', 'off', true)";

struct sink {
    enum err (*each)(void *arg, const struct attendance_line *line);
    void *arg;
};

static int64_t time_or_0(const struct db_result *r, int col)
{
    return db_null(r, 0, col) ? 0 : db_time(r, 0, col);
}

static enum err each_row(void *arg, const struct db_result *r)
{
    const struct sink *sink = arg;
    return sink->each(sink->arg, &(struct attendance_line){
                                     .registration = db_id(r, 0, 0),
                                     .last_name = db_text(r, 0, 1),
                                     .first_name = db_text(r, 0, 2),
                                     .email = db_text(r, 0, 3),
                                     .profession = db_text(r, 0, 4),
                                     .profession_label = db_text(r, 0, 5),
                                     .specialty = db_text(r, 0, 6),
                                     .specialty_label = db_text(r, 0, 7),
                                     .practice_setting = db_text(r, 0, 8),
                                     .practice_setting_label = db_text(r, 0, 9),
                                     .region = db_text(r, 0, 10),
                                     .region_label = db_text(r, 0, 11),
                                     .age_band = db_text(r, 0, 12),
                                     .target_profiles = db_text(r, 0, 13),
                                     .channel = db_text(r, 0, 14),
                                     .channel_label = db_text(r, 0, 15),
                                     .registered_at = db_time(r, 0, 16),
                                     .state = db_text(r, 0, 17),
                                     .first_join = time_or_0(r, 18),
                                     .last_leave = time_or_0(r, 19),
                                     .seconds_present = db_double(r, 0, 20),
                                     .seconds_attentive = db_double(r, 0, 21),
                                     .live_seconds = db_double(r, 0, 22),
                                     .attended = db_bool(r, 0, 23),
                                     .completed = db_bool(r, 0, 24),
                                     .questions = db_int(r, 0, 25),
                                     .votes = db_int(r, 0, 26),
                                 });
}

enum err export_attendance(struct db_conn *c, const struct id *organisation,
                           const struct id *session,
                           enum err (*each)(void *arg, const struct attendance_line *line),
                           void *arg)
{
    struct sink sink = {.each = each, .arg = arg};
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = db_exec(c, PLAN_BY_HASH, "");
    if (err == ERR_OK)
        err = db_stream(c, each_row, &sink, ATTENDANCE, "uu", organisation, session);
    return db_end(c, err);
}
