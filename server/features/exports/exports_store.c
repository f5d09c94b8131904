#include "features/exports/exports_store.h"
#include "base/buf.h"
#include "room/change.h"
#include <pthread.h>
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

enum err export_find_congress(struct db_conn *c, const struct identity *who,
                              const struct id *congress, int64_t now, struct export_about *about)
{
    struct db_result *r = db_query(
        c,
        "SELECT title, to_char($3::timestamptz AT TIME ZONE zone_here(time_zone), 'YYYY-MM-DD')"
        "  FROM congress WHERE id = $2 AND organisation_id = $1",
        "uut", &who->organisation, congress, now);
    enum err err = db_one(r);
    *about = (struct export_about){0};
    if (err == ERR_OK) {
        snprintf(about->congress, sizeof about->congress, "%s", db_text(r, 0, 0));
        snprintf(about->day, sizeof about->day, "%s", db_text(r, 0, 1));
    }
    db_result_free(r);
    return err;
}

enum err export_audit(struct db_conn *c, const struct identity *who, const struct export_of *of,
                      int people, int64_t now)
{
    return audit_write(c, who, now, of->whole ? "registrations.export" : "attendance.export",
                       of->whole ? "congress" : "session", &of->id,
                       json_pack("{s:i}", "people", people));
}

/* --- the columns: these, then those of other features --- */

/* PLAIN: ours, nothing that a spreadsheet takes for something else; SHARE: ten-thousandths. */
enum cell { TEXT, PLAIN, STATE, CATEGORY, WHOLE, SHARE, YES_NO };

#define SHARE_PARTS 10000
/* A time as the dialect has it, with its offset in the congress's zone. */
#define AS_TEXT(value) "to_char(" value ", $3)"

enum file { BOTH, ATTENDANCE, REGISTRATIONS };

static const struct column {
    struct csv_words head;
    enum cell cell;
    const char *value; /* SQL over r registration, h hcp, a attendance, and what FROM joins */
    enum file only;
} columns[] = {
    {{"registration_id", "Registration", "Inscription"}, PLAIN, "r.id::text", BOTH},
    {{"last_name", "Last name", "Nom"}, TEXT, "h.last_name", BOTH},
    {{"first_name", "First name", "Prénom"}, TEXT, "h.first_name", BOTH},
    {{"email", "E-mail", "E-mail"}, TEXT, "h.email", BOTH},
    {{"profession", "Profession (code)", "Profession (code)"}, TEXT, "r.profession", BOTH},
    {{"profession_label", "Profession", "Profession"}, TEXT, "lp.label", BOTH},
    {{"specialty", "Specialty (code)", "Spécialité (code)"}, TEXT, "r.specialty", BOTH},
    {{"specialty_label", "Specialty", "Spécialité"}, TEXT, "ls.label", BOTH},
    {{"practice_setting", "Practice setting (code)", "Lieu d’exercice (code)"},
     TEXT,
     "r.practice_setting",
     BOTH},
    {{"practice_setting_label", "Practice setting", "Lieu d’exercice"}, TEXT, "lt.label", BOTH},
    {{"region", "Region (code)", "Région (code)"}, TEXT, "r.region", BOTH},
    {{"region_label", "Region or country", "Région ou pays"}, TEXT, "lr.label", BOTH},
    {{"age_band", "Age band", "Tranche d’âge"}, TEXT, "r.age_band", BOTH},
    {{"target_profiles", "Target profiles", "Profils cibles"}, TEXT, "matched.names", BOTH},
    {{"channel", "Channel (code)", "Canal (code)"}, TEXT, "r.channel", BOTH},
    {{"channel_label", "Channel", "Canal"}, TEXT, "lc.label", BOTH},
    {{"registered_at", "Registered at", "Inscription le"}, PLAIN, AS_TEXT("r.registered_at"), BOTH},
    {{"confirmed_at", "Confirmed at", "Confirmation le"},
     PLAIN,
     AS_TEXT("r.confirmed_at"),
     REGISTRATIONS},
    {{"language", "Language", "Langue"}, PLAIN, "r.language", REGISTRATIONS},
    {{"state", "State", "État"}, STATE, "r.state", BOTH},
    {{"first_join", "First joined at", "Première connexion"},
     PLAIN,
     AS_TEXT("a.first_join"),
     ATTENDANCE},
    {{"last_leave", "Last left at", "Dernier départ"}, PLAIN, AS_TEXT("a.last_leave"), ATTENDANCE},
    {{"seconds_present", "Seconds present", "Secondes de présence"},
     WHOLE,
     "floor(a.seconds_present)::bigint",
     ATTENDANCE},
    {{"seconds_attentive", "Seconds attentive", "Secondes d’attention"},
     WHOLE,
     "floor(a.seconds_attentive)::bigint",
     ATTENDANCE},
    {{"live_seconds", "Live time in seconds", "Durée du direct en secondes"},
     WHOLE,
     "floor(a.live_seconds)::bigint",
     ATTENDANCE},
    {{"share_of_live_time", "Share of live time", "Part du direct"},
     SHARE,
     "floor(a.share * 10000)::bigint",
     ATTENDANCE},
    {{"attended", "Attended", "A participé"}, YES_NO, "a.attended", ATTENDANCE},
    {{"completed", "Completed", "A suivi"}, YES_NO, "a.completed", ATTENDANCE},
    {{"rpps", "RPPS", "RPPS"}, TEXT, "h.rpps", BOTH},
    {{"registry", "Register", "Annuaire"},
     TEXT,
     "concat_ws(': ', r.registry_verdict, nullif(array_to_string(r.registry_differs, ', '), ''))",
     BOTH},
    {{"category", "Category", "Catégorie"}, CATEGORY, "r.category", BOTH},
    {{"affiliation", "School / company / medium", "École / société / média"},
     TEXT,
     "r.affiliation",
     BOTH},
};
#define COLUMNS (sizeof columns / sizeof *columns)

static bool has(const struct export_of *of, const struct column *column)
{
    return column->only == BOTH || (column->only == REGISTRATIONS) == of->whole;
}

typedef void each_count(void *arg, size_t index, const struct export_count *count);

/* Of a session, in the order of the features. Returns how many there are. */
static size_t counts_walk(const struct export_of *of, each_count *each, void *arg)
{
    size_t n = 0;
    if (of->whole)
        return 0;
    for (const struct feature *const *features = of->features; *features; features++)
        for (const struct export_count *e = (*features)->exported; e && e->head.machine; e++)
            each(arg, n++, e);
    return n;
}

static void head_count(void *arg, size_t index, const struct export_count *count)
{
    (void)index;
    csv_words(arg, &count->head);
}

void export_header(struct csv *csv, const struct export_of *of)
{
    for (size_t i = 0; i < COLUMNS; i++)
        if (has(of, &columns[i]))
            csv_words(csv, &columns[i].head);
    counts_walk(of, head_count, csv);
    answers_header(csv, of->questions);
    csv_end_row(csv);
}

/* --- the query --- */

/* Profiles, and what other features count, are gathered once for the session, never per line. */
static const char OF_SESSION[] = "WITH s AS (SELECT s.id, s.congress_id, g.language FROM session s "
                                 "             JOIN congress g ON g.id = s.congress_id "
                                 "            WHERE s.id = $1 AND s.organisation_id = $2)";
static const char OF_CONGRESS[] =
    "WITH s AS (SELECT g.id AS congress_id, g.language FROM congress g "
    "            WHERE g.id = $1 AND g.organisation_id = $2)";
static const char WITH[] =
    ", label AS (SELECT c.list, c.code, CASE coalesce($4, s.language) WHEN 'fr' THEN c.label_fr "
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
    "  LEFT JOIN matched ON matched.registration_id = r.id "
    "  LEFT JOIN answered ON answered.registration_id = r.id "
    "  LEFT JOIN label lp ON lp.list = 'profession' AND lp.code = r.profession "
    "  LEFT JOIN label ls ON ls.list = 'specialty' AND ls.code = r.specialty "
    "  LEFT JOIN label lt ON lt.list = 'practice_setting' AND lt.code = r.practice_setting "
    "  LEFT JOIN label lr ON lr.list = 'region' AND lr.code = r.region "
    "  LEFT JOIN label lc ON lc.list = 'channel' AND lc.code = r.channel ";
static const char ATTENDED[] =
    "  JOIN attendance a ON a.session_id = $1 AND a.registration_id = r.id ";

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

static void write_sql(struct buf *sql, const struct export_of *of)
{
    buf_adds(sql, of->whole ? OF_CONGRESS : OF_SESSION);
    buf_adds(sql, WITH);
    counts_walk(of, with_count, sql);
    buf_adds(sql, " SELECT answered.texts");
    for (size_t i = 0; i < COLUMNS; i++)
        if (has(of, &columns[i]))
            buf_addf(sql, ", %s", columns[i].value);
    counts_walk(of, select_count, sql);
    buf_adds(sql, FROM);
    buf_adds(sql, of->whole ? "" : ATTENDED);
    counts_walk(of, join_count, sql);
    buf_adds(sql, " ORDER BY r.registered_at, r.id");
}

/* --- the lines --- */

struct sink {
    struct csv *csv;
    size_t counts;
    const struct export_of *of;
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

static void write_category(struct csv *csv, const char *category)
{
    static const struct csv_words categories[] = {
        {"hcp", "healthcare professional", "professionnel de santé"},
        {"student", "student", "étudiant"},
        {"industry", "industry", "industrie"},
        {"press", "press", "presse"},
        {"public", "public", "grand public"}};
    csv_word_of(csv, categories, sizeof categories / sizeof *categories, category);
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
    case CATEGORY:
        write_category(csv, db_text(r, 0, col));
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

/* The answers come first, and are written last. */
static enum err each_row(void *arg, const struct db_result *r)
{
    const struct sink *sink = arg;
    int col = 1;
    for (size_t i = 0; i < COLUMNS; i++)
        if (has(sink->of, &columns[i]))
            write_cell(sink->csv, r, col++, columns[i].cell);
    for (size_t i = 0; i < sink->counts; i++)
        write_cell(sink->csv, r, col++, WHOLE);
    json_t *answers = db_json(r, 0, 0);
    answers_cells(sink->csv, sink->of->questions, answers);
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
    "SELECT set_config('TimeZone', zone_here(g.time_zone), true) FROM congress g "
    " WHERE g.id = $1 OR g.id = (SELECT congress_id FROM session WHERE id = $1)";

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
        err = db_exec(c, IN_ITS_ZONE, "u", &of->id);
    if (err == ERR_OK)
        err = db_stream(c, each_row, sink, sql, "uuss", &of->id, &of->organisation,
                        time_format(dialect), labels);
    return db_end(c, err);
}

/* One text a file, for good: a connection knows its statements by their addresses (db/query.h). */
static const char *statement(const struct export_of *of)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    static struct buf kept[2];
    struct buf *sql = &kept[of->whole];
    pthread_mutex_lock(&lock);
    if (!sql->data) {
        buf_init(sql, SQL_MAX);
        write_sql(sql, of);
    }
    pthread_mutex_unlock(&lock);
    return buf_failed(sql) ? NULL : sql->data;
}

static void nothing(void *arg, size_t index, const struct export_count *count)
{
    (void)arg;
    (void)index;
    (void)count;
}

enum err export_lines(struct db_conn *c, const struct export_of *of, struct csv *csv,
                      enum err (*line)(void *arg), void *arg)
{
    struct sink sink = {
        .csv = csv, .counts = counts_walk(of, nothing, NULL), .of = of, .line = line, .arg = arg};
    const char *sql = statement(of);
    return sql ? stream(c, sql, of, &sink) : ERR_INTERNAL;
}
