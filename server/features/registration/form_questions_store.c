/* The organiser's questions in the database, and the answers that people change themselves. */
#include "features/registration/form_questions.h"
#include "features/registration/registration_store.h"

static enum err read_form(struct db_conn *c, const struct identity *who, const struct id *congress,
                          json_t **out)
{
    return db_read_json(c, out,
                        "SELECT registration_form_json(id) FROM congress"
                        " WHERE id = $1 AND organisation_id = $2",
                        "uu", congress, &who->organisation);
}

enum err form_questions_get(struct db_conn *c, const struct identity *who,
                            const struct id *congress, json_t **out)
{
    return read_form(c, who, congress, out);
}

static enum err write_form(struct db_conn *c, const struct id *congress, int64_t version,
                           const json_t *questions, enum form_refusal *refusal)
{
    struct db_result *r = db_query(c,
                                   "SELECT array_position(ARRAY['changed', 'answered', 'profile'],"
                                   "    registration_form_set($1, $2::int, $3))",
                                   "uij", congress, version, questions);
    enum err err = db_one(r);
    *refusal = err == ERR_OK ? (enum form_refusal)db_int(r, 0, 0) : FORM_OK;
    db_result_free(r);
    return err;
}

/* How many there were and are, and which came and went. */
static json_t *audit_details(const json_t *before, const json_t *after)
{
    const json_t *old = json_object_get(before, "questions"),
                 *new = json_object_get(after, "questions");
    return json_pack("{s:i,s:i}", "questions", (int)json_array_size(new), "before",
                     (int)json_array_size(old));
}

static enum err replace(struct db_conn *c, const struct identity *who, const struct id *congress,
                        int64_t version, const json_t *questions, int64_t now,
                        enum form_refusal *refusal, json_t **after)
{
    json_t *before = NULL;
    enum err err = read_form(c, who, congress, &before);
    if (err == ERR_OK)
        err = write_form(c, congress, version, questions, refusal);
    if (err == ERR_OK && *refusal == FORM_OK)
        err = read_form(c, who, congress, after);
    if (err == ERR_OK && *refusal == FORM_OK)
        err = audit_write(c, who, now, "registration.form", "congress", congress,
                          audit_details(before, *after));
    json_decref(before);
    return err;
}

enum err form_questions_set(struct db_conn *c, const struct identity *who,
                            const struct id *congress, int64_t version, const json_t *questions,
                            int64_t now, enum form_refusal *refusal, json_t **out)
{
    json_t *after = NULL;
    *refusal = FORM_OK;
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = replace(c, who, congress, version, questions, now, refusal, &after);
    if (err == ERR_OK && *refusal != FORM_OK)
        db_rollback(c);
    else
        err = db_end(c, err);
    if (err == ERR_OK)
        *out = after;
    else
        json_decref(after);
    return err;
}

struct db_result *form_asked_later(struct db_conn *c, const char *code,
                                   const struct registration_form *typed)
{
    /* No profile accepts others than HCPs. */
    const char *profession = typed->category == CATEGORY_HCP ? typed->profession : NULL;
    return db_later(c,
                    "SELECT form_asked_json(congress_id, $2, $3, $4, $5, $6, $7)"
                    "  FROM registration_link WHERE code = $1",
                    "sssssss", code, profession, typed->specialty, typed->practice_setting,
                    typed->region, typed->age_band, typed->language);
}

enum err form_asked(struct db_conn *c, const char *code, const struct registration_form *typed,
                    json_t **out)
{
    struct db_result *r = form_asked_later(c, code, typed);
    enum err err = db_one(r);
    if (err == ERR_OK)
        *out = db_json(r, 0, 0);
    db_result_free(r);
    return err;
}

enum err form_codes(struct db_conn *c, const char *code, const char *language, json_t **out)
{
    return db_read_json(
        c, out,
        "SELECT jsonb_object_agg(list, codes) || jsonb_build_object('sessions',"
        "   (SELECT jsonb_agg(s.title || ' – ' || to_char(s.starts_at"
        "             AT TIME ZONE zone_here(g.time_zone), CASE $1 WHEN 'fr'"
        "             THEN 'DD/MM/YYYY HH24:MI' ELSE 'YYYY-MM-DD HH24:MI' END)"
        "             || ' (' || g.time_zone || ')' ORDER BY s.starts_at, s.id)"
        "      FROM registration_link k JOIN congress g ON g.id = k.congress_id"
        "      JOIN session s ON s.congress_id = g.id AND s.state IN ('lobby', 'live')"
        "     WHERE k.code = $2)) FROM (SELECT list,"
        "    jsonb_agg(jsonb_build_object('value', code, 'text', label)"
        "              ORDER BY section = 'abroad', rank, label) AS codes"
        "  FROM (SELECT list, code, section,"
        "               CASE $1 WHEN 'fr' THEN label_fr ELSE label_en END AS label,"
        "               CASE WHEN section = 'usual' THEN position END AS rank FROM code"
        "         WHERE active AND (grouped_as IS NULL OR grouped_as = code) AND list IN"
        "            ('profession', 'specialty', 'practice_setting', 'region', 'age_band')) s"
        "  GROUP BY list) l",
        "ss", language, code);
}

/* --- one's own --- */

/* Nobody erases the person meanwhile. */
static enum err read_asked(struct db_conn *c, const struct identity *who, json_t **asked)
{
    return db_read_json(c, asked,
                        "SELECT my_answers(r.id) FROM registration r JOIN hcp h ON h.id = r.hcp_id"
                        " WHERE r.id = $1 AND r.organisation_id = $2 AND h.erased_at IS NULL"
                        "   FOR NO KEY UPDATE OF h",
                        "uu", &who->person, &who->organisation);
}

static enum err write_answers(struct db_conn *c, struct change *change, const json_t *kept)
{
    const struct id *registration = &change->who.person;
    enum err err =
        db_exec(c, "SELECT form_answers_keep($1, $2, $3)", "ujt", registration, kept, change->at);
    return err == ERR_OK
               ? change_audit(c, change, "registration.answers", "registration", registration, NULL)
               : err;
}

enum err my_answers_change(struct db_conn *c, struct change *change, const json_t *typed,
                           struct form_fault *fault, json_t **out)
{
    json_t *asked = NULL, *kept = NULL, *profile = NULL;
    fault->reason = NULL;
    enum err err = change_begin(c);
    if (err == ERR_OK)
        err = read_asked(c, &change->who, &asked);
    if (err == ERR_OK)
        kept = form_answers_read(asked, typed, fault);
    if (err == ERR_OK && kept)
        err = write_answers(c, change, kept);
    if (err == ERR_OK)
        err = my_profile(c, &change->who, change->at, &profile);
    err = change_end(c, change, err);
    if (err == ERR_OK && kept)
        *out = json_incref(profile);
    json_decref(asked);
    json_decref(kept);
    json_decref(profile);
    return err;
}
