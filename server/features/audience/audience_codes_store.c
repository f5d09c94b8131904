#include "db/query.h"
#include "features/audience/audience_codes.h"
#include "room/change.h"
#include <stdio.h>

enum err own_codes_list(struct db_conn *c, const struct identity *who, json_t **items)
{
    return db_read_json(c, items,
                        "SELECT coalesce(jsonb_agg(jsonb_build_object('list', list, 'code', code,"
                        "          'fr', label_fr, 'en', label_en)"
                        "          ORDER BY list, position, code), '[]')"
                        "  FROM organisation_code WHERE organisation_id = $1",
                        "u", &who->organisation);
}

/* An outcome if the query finds names. */
static enum err names_outcome(struct db_result *r, enum own_codes_outcome outcome,
                              struct own_codes_result *out)
{
    bool there;
    enum err err = db_take_text(r, out->names, sizeof out->names, &there);
    if (there)
        out->outcome = outcome;
    return err;
}

/* An organisation's codes change by one person at a time. */
static enum err lock_codes(struct db_conn *c, const struct identity *who)
{
    return db_found(c, "SELECT 1 FROM organisation WHERE id = $1 FOR NO KEY UPDATE", "u",
                    &who->organisation);
}

/* Commits when there is something to commit. */
static enum err finish(struct db_conn *c, enum err err, const struct own_codes_result *out)
{
    if (err == ERR_OK && out->outcome == OWN_CODES_DONE)
        return db_commit(c);
    db_rollback(c);
    return err;
}

/* --- keeping --- */

static enum err check_taken(struct db_conn *c, json_t *codes, struct own_codes_result *out)
{
    return names_outcome(
        db_query(c,
                 "SELECT string_agg(code, ', ' ORDER BY code) FROM (SELECT DISTINCT c.code"
                 "   FROM jsonb_to_recordset($1) AS q (list text, code text)"
                 "   JOIN code c ON c.list = q.list AND c.code = q.code ORDER BY 1 LIMIT 10) t",
                 "j", codes),
        OWN_CODES_TAKEN, out);
}

static enum err keep(struct db_conn *c, const struct identity *who, json_t *codes,
                     struct own_codes_result *out)
{
    struct db_result *r = db_query(
        c,
        "WITH kept AS ("
        "  INSERT INTO organisation_code AS o"
        "         (organisation_id, list, code, label_fr, label_en, position)"
        "  SELECT $1, q.list, q.code, q.fr, q.en, q.n + (SELECT coalesce(max(position), 0)"
        "           FROM organisation_code WHERE organisation_id = $1)"
        "    FROM ROWS FROM (jsonb_to_recordset($2) AS (list text, code text, fr text, en text))"
        "         WITH ORDINALITY AS q (list, code, fr, en, n)"
        "  ON CONFLICT (organisation_id, list, code) DO UPDATE"
        "     SET label_fr = excluded.label_fr, label_en = excluded.label_en"
        "   WHERE (o.label_fr, o.label_en) <> (excluded.label_fr, excluded.label_en)"
        "  RETURNING xmax = 0 AS added)"
        "SELECT count(*) FILTER (WHERE added), count(*) FILTER (WHERE NOT added) FROM kept",
        "uj", &who->organisation, codes);
    enum err err = db_one(r);
    if (err == ERR_OK) {
        out->added = db_int(r, 0, 0);
        out->changed = db_int(r, 0, 1);
    }
    db_result_free(r);
    return err;
}

static enum err check_limit(struct db_conn *c, const struct identity *who,
                            struct own_codes_result *out)
{
    int64_t there = 0;
    enum err err =
        db_read_int(c, &there, "SELECT count(*) FROM organisation_code WHERE organisation_id = $1",
                    "u", &who->organisation);
    if (there > OWN_CODES_MAX)
        out->outcome = OWN_CODES_LIMIT;
    return err;
}

enum err own_codes_keep(struct db_conn *c, const struct identity *who, json_t *codes, int64_t now,
                        struct own_codes_result *out)
{
    *out = (struct own_codes_result){0};
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = lock_codes(c, who);
    if (err == ERR_OK)
        err = check_taken(c, codes, out);
    if (err == ERR_OK && out->outcome == OWN_CODES_DONE)
        err = keep(c, who, codes, out);
    if (err == ERR_OK && out->outcome == OWN_CODES_DONE)
        err = check_limit(c, who, out);
    if (err == ERR_OK && out->outcome == OWN_CODES_DONE && out->added + out->changed > 0)
        err = audit_write(c, who, now, "own_codes.import", "organisation", &who->organisation,
                          json_pack("{s:I, s:I}", "added", (json_int_t)out->added, "changed",
                                    (json_int_t)out->changed));
    return finish(c, err, out);
}

/* --- removing --- */

/* Whoever saves a profile at this moment may still name it: its rule goes on by the code alone. */
static enum err check_used(struct db_conn *c, const struct identity *who, const char *list,
                           const char *code, struct own_codes_result *out)
{
    return names_outcome(
        db_query(c,
                 "SELECT left(string_agg(name, ', ' ORDER BY name), 99) FROM ("
                 "  SELECT name FROM ("
                 "    SELECT p.name FROM target_profile p JOIN target_profile_criterion k"
                 "        ON k.target_profile_id = p.id"
                 "     WHERE p.organisation_id = $1 AND k.attribute = $2 AND $3 = ANY (k.codes)"
                 "     UNION SELECT p.name FROM library_profile p"
                 "     CROSS JOIN criteria_rows(NULL, p.criteria) k"
                 "     WHERE p.organisation_id = $1 AND k.attribute = $2 AND $3 = ANY (k.codes)"
                 "     UNION SELECT l.name FROM target_list l WHERE l.organisation_id = $1"
                 "       AND EXISTS (SELECT FROM target_list_person p WHERE p.target_list_id = l.id"
                 "                      AND $3 = CASE $2"
                 "           WHEN 'profession' THEN p.profession WHEN 'specialty' THEN p.specialty"
                 "           WHEN 'skill_type' THEN p.skill_type"
                 "           WHEN 'practice_setting' THEN p.practice_setting"
                 "           WHEN 'practice_mode' THEN p.practice_mode"
                 "           WHEN 'professional_category' THEN p.professional_category"
                 "           WHEN 'region' THEN p.region WHEN 'department' THEN p.department"
                 "           WHEN 'segment' THEN p.segment WHEN 'tier' THEN p.tier"
                 "           ELSE p.therapeutic_interest END)) u ORDER BY name LIMIT 5) named",
                 "uss", &who->organisation, list, code),
        OWN_CODES_USED, out);
}

static enum err remove_one(struct db_conn *c, const struct identity *who, const char *list,
                           const char *code, int64_t now)
{
    json_t *details = NULL;
    enum err err = db_read_json(c, &details,
                                "DELETE FROM organisation_code"
                                " WHERE organisation_id = $1 AND list = $2 AND code = $3"
                                " RETURNING jsonb_build_object('list', list, 'code', code,"
                                "                              'name', label_fr)",
                                "uss", &who->organisation, list, code);
    return err ? err
               : audit_write(c, who, now, "own_codes.delete", "organisation", &who->organisation,
                             details);
}

enum err own_codes_remove(struct db_conn *c, const struct identity *who, const char *list,
                          const char *code, int64_t now, struct own_codes_result *out)
{
    *out = (struct own_codes_result){0};
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = lock_codes(c, who);
    if (err == ERR_OK)
        err = check_used(c, who, list, code, out);
    if (err == ERR_OK && out->outcome == OWN_CODES_DONE)
        err = remove_one(c, who, list, code, now);
    return finish(c, err, out);
}
