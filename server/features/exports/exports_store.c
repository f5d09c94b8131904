#include "features/exports/exports_store.h"
#include "base/buf.h"
#include "room/change.h"
#include <stdio.h>
#include <string.h>

#define SQL_MAX (32 * 1024)

enum err export_find(struct db_conn *c, const struct identity *who, const struct id *session,
                     struct export_about *about)
{
    struct db_result *r = db_query(
        c,
        "SELECT g.title, s.title, to_char(s.starts_at AT TIME ZONE zone_here(g.time_zone), "
        "'YYYY-MM-DD')"
        "  FROM session s JOIN congress g ON g.id = s.congress_id "
        " WHERE s.id = $2 AND s.organisation_id = $1",
        "uu", &who->organisation, session);
    enum err err = db_one(r);
    if (err == ERR_OK) {
        snprintf(about->congress, sizeof about->congress, "%s", db_text(r, 0, 0));
        snprintf(about->session, sizeof about->session, "%s", db_text(r, 0, 1));
        snprintf(about->day, sizeof about->day, "%s", db_text(r, 0, 2));
    }
    db_result_free(r);
    return err;
}

enum err export_audit(struct db_conn *c, const struct identity *who, const struct id *session,
                      int people, int64_t now)
{
    return audit_write(c, who, now, "attendance.export", "session", session,
                       json_pack("{s:i}", "people", people));
}

/* --- the columns: these, then those of other features --- */

/* PLAIN: ours, nothing that a spreadsheet takes for something else; SHARE: ten-thousandths. */
enum cell { TEXT, PLAIN, STATE, WHOLE, SHARE, YES_NO };

#define SHARE_PARTS 10000
/* A time as the dialect has it, with its offset in the congress's zone. */
#define AS_TEXT(value) "to_char(" value ", $3)"

static const struct column {
    struct csv_words head;
    enum cell cell;
    const char *value; /* SQL over r registration, h hcp, a attendance, and what FROM joins */
} columns[] = {
    {{"registration_id", "Registration", "Inscription"}, PLAIN, "r.id::text"},
    {{"last_name", "Last name", "Nom"}, TEXT, "h.last_name"},
    {{"first_name", "First name", "Prénom"}, TEXT, "h.first_name"},
    {{"email", "E-mail", "E-mail"}, TEXT, "h.email"},
    {{"profession", "Profession (code)", "Profession (code)"}, TEXT, "r.profession"},
    {{"profession_label", "Profession", "Profession"}, TEXT, "lp.label"},
    {{"specialty", "Specialty (code)", "Spécialité (code)"}, TEXT, "r.specialty"},
    {{"specialty_label", "Specialty", "Spécialité"}, TEXT, "ls.label"},
    {{"practice_setting", "Practice setting (code)", "Lieu d’exercice (code)"},
     TEXT,
     "r.practice_setting"},
    {{"practice_setting_label", "Practice setting", "Lieu d’exercice"}, TEXT, "lt.label"},
    {{"region", "Region (code)", "Région (code)"}, TEXT, "r.region"},
    {{"region_label", "Region or country", "Région ou pays"}, TEXT, "lr.label"},
    {{"age_band", "Age band", "Tranche d’âge"}, TEXT, "r.age_band"},
    {{"target_profiles", "Target profiles", "Profils cibles"}, TEXT, "matched.names"},
    {{"channel", "Channel (code)", "Canal (code)"}, TEXT, "r.channel"},
    {{"channel_label", "Channel", "Canal"}, TEXT, "lc.label"},
    {{"registered_at", "Registered at", "Inscription le"}, PLAIN, AS_TEXT("r.registered_at")},
    {{"state", "State", "État"}, STATE, "r.state"},
    {{"first_join", "First joined at", "Première connexion"}, PLAIN, AS_TEXT("a.first_join")},
    {{"last_leave", "Last left at", "Dernier départ"}, PLAIN, AS_TEXT("a.last_leave")},
    {{"seconds_present", "Seconds present", "Secondes de présence"},
     WHOLE,
     "floor(a.seconds_present)::bigint"},
    {{"seconds_attentive", "Seconds attentive", "Secondes d’attention"},
     WHOLE,
     "floor(a.seconds_attentive)::bigint"},
    {{"live_seconds", "Live time in seconds", "Durée du direct en secondes"},
     WHOLE,
     "floor(a.live_seconds)::bigint"},
    {{"share_of_live_time", "Share of live time", "Part du direct"},
     SHARE,
     "floor(a.share * 10000)::bigint"},
    {{"attended", "Attended", "A participé"}, YES_NO, "a.attended"},
    {{"completed", "Completed", "A suivi"}, YES_NO, "a.completed"},
    {{"rpps", "RPPS", "RPPS"}, TEXT, "h.rpps"},
    {{"registry", "Register", "Annuaire"},
     TEXT,
     "concat_ws(': ', r.registry_verdict, nullif(array_to_string(r.registry_differs, ', '), ''))"},
};
#define COLUMNS (sizeof columns / sizeof *columns)

typedef void each_count(void *arg, size_t index, const struct export_count *count);

/* In the order of the features. Returns how many there are. */
static size_t counts_walk(const struct feature *const *features, each_count *each, void *arg)
{
    size_t n = 0;
    for (; *features; features++)
        for (const struct export_count *e = (*features)->exported; e && e->head.machine; e++)
            each(arg, n++, e);
    return n;
}

static void head_count(void *arg, size_t index, const struct export_count *count)
{
    (void)index;
    csv_words(arg, &count->head);
}

void attendance_header(struct csv *csv, const struct export_of *of)
{
    for (size_t i = 0; i < COLUMNS; i++)
        csv_words(csv, &columns[i].head);
    counts_walk(of->features, head_count, csv);
    answers_header(csv, of->questions);
    csv_end_row(csv);
}

/* --- the query --- */

/* Profiles, and what other features count, are gathered once for the session, never per line. */
static const char WITH[] =
    "WITH s AS (SELECT s.id, s.congress_id, g.language FROM session s "
    "             JOIN congress g ON g.id = s.congress_id "
    "            WHERE s.id = $1 AND s.organisation_id = $2), "
    "label AS (SELECT c.list, c.code, CASE coalesce($4, s.language) WHEN 'fr' THEN c.label_fr "
    "                                                 ELSE c.label_en END AS label "
    "            FROM code c CROSS JOIN s), "
    "matched AS (SELECT m.registration_id, string_agg(p.name, '; ' ORDER BY p.position, p.name) "
    "                   AS names "
    "              FROM s JOIN target_profile p ON p.congress_id = s.congress_id "
    "              JOIN registration_profile m ON m.target_profile_id = p.id GROUP BY 1), "
    "answered AS (SELECT a.registration_id, "
    "                    jsonb_object_agg(q.key, form_answer_text(q, a.value, $4)) AS texts "
    "               FROM s JOIN form_question q ON q.congress_id = s.congress_id "
    "               JOIN form_answer a ON (a.congress_id, a.question_key) = (q.congress_id, q.key) "
    "              GROUP BY 1)";

static const char FROM[] =
    " FROM s JOIN registration r ON r.congress_id = s.congress_id "
    "  JOIN hcp h ON h.id = r.hcp_id "
    "  JOIN attendance a ON a.session_id = $1 AND a.registration_id = r.id "
    "  LEFT JOIN matched ON matched.registration_id = r.id "
    "  LEFT JOIN answered ON answered.registration_id = r.id "
    "  LEFT JOIN label lp ON lp.list = 'profession' AND lp.code = r.profession "
    "  LEFT JOIN label ls ON ls.list = 'specialty' AND ls.code = r.specialty "
    "  LEFT JOIN label lt ON lt.list = 'practice_setting' AND lt.code = r.practice_setting "
    "  LEFT JOIN label lr ON lr.list = 'region' AND lr.code = r.region "
    "  LEFT JOIN label lc ON lc.list = 'channel' AND lc.code = r.channel ";

static void with_count(void *arg, size_t index, const struct export_count *count)
{
    buf_addf(arg, ", count%zu (registration_id, n) AS (%s)", index, count->sql);
}

static void select_count(void *arg, size_t index, const struct export_count *count)
{
    (void)count;
    buf_addf(arg, ", coalesce(count%zu.n, 0)", index);
}

static void join_count(void *arg, size_t index, const struct export_count *count)
{
    (void)count;
    buf_addf(arg, " LEFT JOIN count%zu ON count%zu.registration_id = r.id", index, index);
}

static size_t write_sql(struct buf *sql, const struct feature *const *features)
{
    buf_adds(sql, WITH);
    size_t n = counts_walk(features, with_count, sql);
    for (size_t i = 0; i < COLUMNS; i++)
        buf_addf(sql, "%s %s", i ? "," : " SELECT", columns[i].value);
    counts_walk(features, select_count, sql);
    buf_adds(sql, ", answered.texts");
    buf_adds(sql, FROM);
    counts_walk(features, join_count, sql);
    buf_adds(sql, " ORDER BY r.registered_at, r.id");
    return n;
}

/* --- the lines --- */

struct sink {
    struct csv *csv;
    size_t counts;
    const json_t *questions;
    enum err (*line)(void *arg);
    void *arg;
};

static void write_state(struct csv *csv, const char *state)
{
    static const struct csv_words states[] = {
        {"registered", "registered", "inscrit"},
        {"waiting", "on the waiting list", "sur liste d’attente"},
        {"in_review", "in review", "en cours de validation"},
        {"declined", "declined", "refusé"},
        {"cancelled", "cancelled", "annulé"}};
    csv_word_of(csv, states, sizeof states / sizeof *states, state);
}

static void write_cell(struct csv *csv, const struct db_result *r, int col, enum cell cell)
{
    switch (cell) {
    case TEXT:
        csv_text(csv, db_text(r, 0, col));
        break;
    case PLAIN:
        csv_plain(csv, db_text(r, 0, col));
        break;
    case STATE:
        write_state(csv, db_text(r, 0, col));
        break;
    case WHOLE:
        csv_int(csv, db_int(r, 0, col));
        break;
    case SHARE:
        csv_share(csv, db_int(r, 0, col), db_null(r, 0, col) ? 0 : SHARE_PARTS);
        break;
    case YES_NO:
        csv_yes(csv, db_bool(r, 0, col));
        break;
    }
}

static enum err each_row(void *arg, const struct db_result *r)
{
    const struct sink *sink = arg;
    for (size_t i = 0; i < COLUMNS + sink->counts; i++)
        write_cell(sink->csv, r, (int)i, i < COLUMNS ? columns[i].cell : WHOLE);
    json_t *answers = db_json(r, 0, (int)(COLUMNS + sink->counts));
    answers_cells(sink->csv, sink->questions, answers);
    json_decref(answers);
    csv_end_row(sink->csv);
    return sink->line(sink->arg);
}

/* Tables that filled a moment ago have no statistics yet. The planner, which then expects a row or
 * two of everything, would compute everybody's attendance again for each line. */
static const char PLAN_BY_HASH[] = "SELECT set_config('enable_nestloop', 'off', true), "
                                   "       set_config('jit', 'off', true)";

/* to_char() writes times in it, each with its offset. */
static const char IN_ITS_ZONE[] =
    "SELECT set_config('TimeZone', zone_here(g.time_zone), true) "
    "  FROM session s JOIN congress g ON g.id = s.congress_id WHERE s.id = $1";

static const char *time_format(enum csv_dialect dialect)
{
    return dialect == CSV_MACHINE ? "YYYY-MM-DD\"T\"HH24:MI:SS.MSTZH:TZM"
                                  : "YYYY-MM-DD HH24:MI:SS TZH:TZM";
}

static enum err stream(struct db_conn *c, const char *sql, const struct export_of *of,
                       struct sink *sink)
{
    enum csv_dialect dialect = sink->csv->dialect;
    const char *labels = csv_pick(dialect, &(struct csv_words){NULL, "en", "fr"});
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = db_exec(c, PLAN_BY_HASH, "");
    if (err == ERR_OK)
        err = db_exec(c, IN_ITS_ZONE, "u", &of->session);
    if (err == ERR_OK)
        err = db_stream(c, each_row, sink, sql, "uuss", &of->session, &of->organisation,
                        time_format(dialect), labels);
    return db_end(c, err);
}

enum err export_attendance(struct db_conn *c, const struct export_of *of, struct csv *csv,
                           enum err (*line)(void *arg), void *arg)
{
    struct buf sql;
    buf_init(&sql, SQL_MAX);
    struct sink sink = {.csv = csv,
                        .counts = write_sql(&sql, of->features),
                        .questions = of->questions,
                        .line = line,
                        .arg = arg};
    enum err err = buf_failed(&sql) ? ERR_INTERNAL : stream(c, sql.data, of, &sink);
    buf_release(&sql);
    return err;
}
