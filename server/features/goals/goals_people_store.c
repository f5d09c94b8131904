#include "features/goals/goals_people_store.h"
#include "room/change.h"
#include <stdio.h>
#include <string.h>

static enum err audit_people(struct db_conn *c, const struct identity *who, const char *action,
                             const struct target_people_wanted *w, int people)
{
    return audit_write(c, who, w->now, action, "target_profile", w->profile,
                       json_pack("{s:i,s:b}", "people", people, "searched", w->search != NULL));
}

/* --- a page --- */

static enum err check_listed(struct db_conn *c, const struct identity *who,
                             const struct id *profile)
{
    bool listed = false;
    enum err err = db_read_bool(c, &listed,
                                "SELECT universe_from = 'target_list' FROM target_profile"
                                " WHERE id = $1 AND organisation_id = $2",
                                "uu", profile, &who->organisation);
    return err == ERR_OK && !listed ? ERR_CONFLICT : err;
}

static enum err read_page(struct db_conn *c, const struct target_people_wanted *w,
                          struct target_people *out)
{
    struct db_result *r = db_query(c,
                                   "SELECT to_jsonb(p) - 'ordinality', p.id"
                                   "  FROM target_people($1, $2, $3, $4, $5, $6::bigint::int) WITH "
                                   "ORDINALITY p ORDER BY p.ordinality",
                                   "usssui", w->profile, w->state, w->region, w->search, w->after,
                                   (int64_t)w->limit + 1);
    return db_id_page(r, w->limit, &out->items, &out->more, &out->last);
}

enum err target_people_read(struct db_conn *c, const struct identity *who,
                            const struct target_people_wanted *w, struct target_people *out)
{
    *out = (struct target_people){0};
    enum err err = check_listed(c, who, w->profile);
    if (err == ERR_OK)
        err = read_page(c, w, out);
    int people = (int)json_array_size(out->items);
    out->found = people;
    if (err == ERR_OK && (w->after || out->more))
        err = db_read_int(c, &out->found, "SELECT target_people_found($1, $2, $3, $4)", "usss",
                          w->profile, w->state, w->region, w->search);
    if (err == ERR_OK && people > 0)
        err = audit_people(c, who, "target_people.read", w, people);
    return err;
}

/* --- the file --- */

enum err target_people_find(struct db_conn *c, const struct identity *who, const struct id *profile,
                            int64_t now, struct target_people_about *about)
{
    enum err err = check_listed(c, who, profile);
    if (err != ERR_OK)
        return err;
    struct db_result *r =
        db_query(c,
                 "SELECT g.title, t.name, to_char($2::timestamptz AT TIME ZONE "
                 "zone_here(g.time_zone), 'YYYY-MM-DD')"
                 "  FROM target_profile t JOIN congress g ON g.id = t.congress_id WHERE t.id = $1",
                 "ut", profile, now);
    err = db_one(r);
    if (err == ERR_OK) {
        snprintf(about->congress, sizeof about->congress, "%s", db_text(r, 0, 0));
        snprintf(about->profile, sizeof about->profile, "%s", db_text(r, 0, 1));
        snprintf(about->day, sizeof about->day, "%s", db_text(r, 0, 2));
    }
    db_result_free(r);
    return err;
}

/* In the order of the query below; the last one is the state. */
static const struct csv_words columns[] = {
    {"external_id", "External id", "Identifiant externe"},
    {"rpps", "RPPS", "RPPS"},
    {"last_name", "Last name", "Nom"},
    {"first_name", "First name", "Prénom"},
    {"email", "E-mail", "E-mail"},
    {"postcode", "Postcode", "Code postal"},
    {"profession", "Profession (code)", "Profession (code)"},
    {"profession_label", "Profession", "Profession"},
    {"specialty", "Specialty (code)", "Spécialité (code)"},
    {"specialty_label", "Specialty", "Spécialité"},
    {"region", "Region (code)", "Région (code)"},
    {"region_label", "Region or country", "Région ou pays"},
    {"segment", "Segment", "Segment"},
    {"tier", "Tier", "Niveau de priorité"},
    {"state", "State", "État"},
};
#define COLUMNS (sizeof columns / sizeof *columns)

static const char EVERYBODY[] =
    "WITH about AS (SELECT t.id, g.language FROM target_profile t"
    "                 JOIN congress g ON g.id = t.congress_id WHERE t.id = $1),"
    " label AS (SELECT k.list, k.code, CASE coalesce($5, a.language) WHEN 'fr' THEN k.label_fr"
    "                                       ELSE k.label_en END AS label"
    "             FROM (SELECT list, code, label_fr, label_en FROM code"
    "                   UNION ALL SELECT o.list, o.code, o.label_fr, o.label_en"
    "                     FROM organisation_code o JOIN target_profile t"
    "                       ON t.organisation_id = o.organisation_id WHERE t.id = $1) k"
    "            CROSS JOIN about a)"
    "SELECT p.external_id, p.rpps, p.last_name, p.first_name, p.email, p.postcode, p.profession,"
    "       lp.label, p.specialty, ls.label, p.region, lr.label, p.segment, p.tier, p.state"
    "  FROM target_people($1, $2, $3, $4, NULL, NULL) WITH ORDINALITY p"
    "  LEFT JOIN label lp ON lp.list = 'profession' AND lp.code = p.profession"
    "  LEFT JOIN label ls ON ls.list = 'specialty' AND ls.code = p.specialty"
    "  LEFT JOIN label lr ON lr.list = 'region' AND lr.code = p.region"
    " ORDER BY p.ordinality";

static void write_state(struct csv *csv, const char *state)
{
    static const struct csv_words states[] = {
        {"not_reached", "not registered", "non inscrit"},
        {"registered", "registered", "inscrit"},
        {"attended", "attended", "a participé"},
        {"waiting", "on the waiting list", "sur liste d’attente"},
        {"in_review", "in review", "en cours de validation"},
        {"declined", "declined", "refusé"},
        {"cancelled", "cancelled", "annulé"},
    };
    csv_word_of(csv, states, sizeof states / sizeof *states, state);
}

struct sink {
    struct csv *csv;
    int people;
    enum err (*line)(void *arg);
    void *arg;
};

static enum err each_row(void *arg, const struct db_result *r)
{
    struct sink *sink = arg;
    for (int i = 0; i < (int)COLUMNS - 1; i++)
        csv_text(sink->csv, db_text(r, 0, i));
    write_state(sink->csv, db_text(r, 0, (int)COLUMNS - 1));
    csv_end_row(sink->csv);
    sink->people++;
    return sink->line(sink->arg);
}

enum err target_people_export(struct db_conn *c, const struct identity *who,
                              const struct target_people_wanted *w, struct csv *csv,
                              enum err (*line)(void *arg), void *arg)
{
    struct sink sink = {.csv = csv, .line = line, .arg = arg};
    const char *labels = csv_pick(csv->dialect, &(struct csv_words){NULL, "en", "fr"});
    csv_header(csv, columns, COLUMNS);
    enum err err = db_stream(c, each_row, &sink, EVERYBODY, "ussss", w->profile, w->state,
                             w->region, w->search, labels);
    return err ? err : audit_people(c, who, "target_people.export", w, sink.people);
}
