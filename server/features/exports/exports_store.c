#include "features/exports/exports_store.h"
#include "base/buf.h"
#include "base/clock.h"

#define SQL_MAX (32 * 1024)

enum err export_begin(struct db_conn *c, const struct identity *who, const struct id *session,
                      int64_t now, int64_t *starts_at)
{
    struct db_result *r = db_query(
        c,
        "SELECT s.starts_at, audit(s.organisation_id, $3, 'account', $4, 'attendance.export', "
        "                          'session', s.id) "
        "  FROM session s WHERE s.id = $2 AND s.organisation_id = $1",
        "uutu", &who->organisation, session, now, &who->person);
    enum err err = db_err(r);
    if (err == ERR_OK && db_rows(r) != 1)
        err = ERR_NOT_FOUND;
    if (err == ERR_OK)
        *starts_at = db_time(r, 0, 0);
    db_result_free(r);
    return err;
}

/* --- the columns: these, then those of other features --- */

enum cell { TEXT, TIME, WHOLE, FRACTION, YES_NO };

static const struct column {
    const char *name;
    enum cell cell;
    const char *value; /* SQL over r registration, h hcp, a attendance, and what FROM joins */
} columns[] = {
    {"registration_id", TEXT, "r.id::text"},
    {"last_name", TEXT, "h.last_name"},
    {"first_name", TEXT, "h.first_name"},
    {"email", TEXT, "h.email"},
    {"profession", TEXT, "r.profession"},
    {"profession_label", TEXT, "lp.label"},
    {"specialty", TEXT, "r.specialty"},
    {"specialty_label", TEXT, "ls.label"},
    {"practice_setting", TEXT, "r.practice_setting"},
    {"practice_setting_label", TEXT, "lt.label"},
    {"region", TEXT, "r.region"},
    {"region_label", TEXT, "lr.label"},
    {"age_band", TEXT, "r.age_band"},
    {"target_profiles", TEXT, "matched.names"},
    {"channel", TEXT, "r.channel"},
    {"channel_label", TEXT, "lc.label"},
    {"registered_at", TIME, "r.registered_at"},
    {"state", TEXT, "r.state"},
    {"first_join", TIME, "a.first_join"},
    {"last_leave", TIME, "a.last_leave"},
    {"seconds_present", WHOLE, "round(a.seconds_present::numeric)::bigint"},
    {"seconds_attentive", WHOLE, "round(a.seconds_attentive::numeric)::bigint"},
    {"live_seconds", WHOLE, "round(a.live_seconds::numeric)::bigint"},
    {"share_of_live_time", FRACTION,
     "(least(a.seconds_present, a.live_seconds) / nullif(a.live_seconds, 0))::float8"},
    {"attended", YES_NO, "a.attended"},
    {"completed", YES_NO, "a.completed"},
};
#define COLUMNS (sizeof columns / sizeof *columns)

typedef void each_count(void *arg, size_t index, const struct export_count *count);

/* In the order of the features. Returns how many there are. */
static size_t counts_walk(const struct feature *const *features, each_count *each, void *arg)
{
    size_t n = 0;
    for (; *features; features++)
        for (const struct export_count *e = (*features)->exported; e && e->name; e++)
            each(arg, n++, e);
    return n;
}

static void head_count(void *arg, size_t index, const struct export_count *count)
{
    (void)index;
    csv_text(arg, count->name);
}

void attendance_header(struct csv *csv, const struct feature *const *features)
{
    for (size_t i = 0; i < COLUMNS; i++)
        csv_text(csv, columns[i].name);
    counts_walk(features, head_count, csv);
    csv_end_row(csv);
}

/* --- the query --- */

/* Profiles, and what other features count, are gathered once for the session, never per line. */
static const char WITH[] =
    "WITH s AS (SELECT s.id, s.congress_id, g.language FROM session s "
    "             JOIN congress g ON g.id = s.congress_id "
    "            WHERE s.id = $1 AND s.organisation_id = $2), "
    "label AS (SELECT c.list, c.code, CASE s.language WHEN 'fr' THEN c.label_fr "
    "                                                 ELSE c.label_en END AS label "
    "            FROM code c CROSS JOIN s), "
    "matched AS (SELECT m.registration_id, string_agg(p.name, '; ' ORDER BY p.position, p.name) "
    "                   AS names "
    "              FROM s JOIN target_profile p ON p.congress_id = s.congress_id "
    "              JOIN registration_profile m ON m.target_profile_id = p.id GROUP BY 1)";

static const char FROM[] =
    " FROM s JOIN registration r ON r.congress_id = s.congress_id "
    "  JOIN hcp h ON h.id = r.hcp_id "
    "  JOIN attendance a ON a.session_id = $1 AND a.registration_id = r.id "
    "  LEFT JOIN matched ON matched.registration_id = r.id "
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
    buf_adds(sql, FROM);
    counts_walk(features, join_count, sql);
    buf_adds(sql, " ORDER BY r.registered_at, r.id");
    return n;
}

/* --- the lines --- */

struct sink {
    struct csv *csv;
    size_t counts;
    enum err (*line)(void *arg);
    void *arg;
};

static void write_cell(struct csv *csv, const struct db_result *r, int col, enum cell cell)
{
    char time[TIME_TEXT_SIZE];
    switch (cell) {
    case TEXT:
        csv_text(csv, db_text(r, 0, col));
        break;
    case TIME:
        csv_text(csv, db_null(r, 0, col) ? "" : time_text(db_time(r, 0, col), time));
        break;
    case WHOLE:
        csv_int(csv, db_int(r, 0, col));
        break;
    case FRACTION:
        csv_fraction(csv, db_double(r, 0, col), db_null(r, 0, col) ? 0 : 1);
        break;
    case YES_NO:
        csv_text(csv, db_bool(r, 0, col) ? "yes" : "no");
        break;
    }
}

static enum err each_row(void *arg, const struct db_result *r)
{
    const struct sink *sink = arg;
    for (size_t i = 0; i < COLUMNS + sink->counts; i++)
        write_cell(sink->csv, r, (int)i, i < COLUMNS ? columns[i].cell : WHOLE);
    csv_end_row(sink->csv);
    return sink->line(sink->arg);
}

/* Tables that filled a moment ago have no statistics yet. The planner, which then expects a row or
 * two of everything, would compute everybody's attendance again for each line. */
static const char PLAN_BY_HASH[] = "SELECT set_config('enable_nestloop', 'off', true), "
                                   "       set_config('jit', 'off', true)";

static enum err stream(struct db_conn *c, const char *sql, const struct export_of *of,
                       struct sink *sink)
{
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = db_exec(c, PLAN_BY_HASH, "");
    if (err == ERR_OK)
        err = db_stream(c, each_row, sink, sql, "uu", &of->session, &of->organisation);
    if (err == ERR_OK)
        return db_commit(c);
    db_rollback(c);
    return err;
}

enum err export_attendance(struct db_conn *c, const struct export_of *of, struct csv *csv,
                           enum err (*line)(void *arg), void *arg)
{
    struct buf sql;
    buf_init(&sql, SQL_MAX);
    struct sink sink = {
        .csv = csv, .counts = write_sql(&sql, of->features), .line = line, .arg = arg};
    enum err err = buf_failed(&sql) ? ERR_INTERNAL : stream(c, sql.data, of, &sink);
    buf_release(&sql);
    return err;
}
