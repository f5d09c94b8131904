/* Whether what a request names is there, and may be named: for whoever writes profiles. */
#include "features/audience/audience_store.h"
#include <stdio.h>

/* All codes exist? Ended ones do: a profile may look back. Of lists see criteria_check_lists(). */
static enum err check_codes(struct db_conn *c, const struct identity *who, json_t *criteria,
                            struct profile_result *out)
{
    struct db_result *r = db_query(
        c,
        "SELECT 1 FROM criteria_rows(NULL, $1) k CROSS JOIN unnest(k.codes) AS n (code) "
        " WHERE k.attribute <> 'target_list' "
        "   AND NOT CASE k.attribute WHEN 'target_profile' THEN EXISTS ("
        "     SELECT FROM target_profile p WHERE p.id = n.code::uuid AND p.congress_id = $2) "
        "   ELSE EXISTS (SELECT FROM code x WHERE x.list = k.attribute AND x.code = n.code) "
        "     OR EXISTS (SELECT FROM organisation_code x WHERE x.organisation_id = $3 "
        "                AND x.list = k.attribute AND x.code = n.code) END LIMIT 1",
        "juu", criteria, &out->congress, &who->organisation);
    enum err err = db_err(r);
    if (err == ERR_OK && db_rows(r) > 0)
        out->outcome = PROFILE_UNKNOWN_CODE;
    db_result_free(r);
    return err;
}

/* The names that a query finds say that this outcome is the case. */
static enum err names_outcome(struct db_result *r, enum profile_outcome outcome,
                              struct profile_result *out)
{
    bool there;
    enum err err = db_take_text(r, out->names, sizeof out->names, &there);
    if (there)
        out->outcome = outcome;
    return err;
}

enum err profile_check_criteria(struct db_conn *c, const struct identity *who, json_t *criteria,
                                struct profile_result *out)
{
    enum err err = check_codes(c, who, criteria, out);
    if (err != ERR_OK || out->outcome != PROFILE_DONE)
        return err;
    return names_outcome(
        db_query(c,
                 "SELECT left(profile_circle($1, ARRAY(SELECT n.code::uuid "
                 "   FROM criteria_rows(NULL, $2) k CROSS JOIN unnest(k.codes) AS n (code) "
                 "  WHERE k.attribute = 'target_profile')), 300)",
                 "uj", &out->id, criteria),
        PROFILE_CIRCLE, out);
}

enum err profile_check_unused(struct db_conn *c, struct profile_result *out)
{
    return names_outcome(db_query(c,
                                  "SELECT left(string_agg(DISTINCT p.name, ', '), 300)"
                                  "  FROM profile_builds_on b"
                                  "  JOIN target_profile p ON p.id = b.target_profile_id"
                                  " WHERE b.on_profile = $1",
                                  "u", &out->id),
                         PROFILE_USED, out);
}

enum err universe_check_list(struct db_conn *c, const struct identity *who, const struct id *list,
                             const struct id *profile, int64_t now, struct profile_result *out)
{
    bool allowed = true;
    enum err err = ERR_OK;
    if (list)
        err = db_read_bool(c, &allowed, "SELECT universe_list_allowed($1, $2, $3, $4, $5)", "uuuut",
                           &who->person, &who->organisation, list, profile, now);
    if (err == ERR_OK && !allowed)
        out->outcome = PROFILE_UNKNOWN_LIST;
    return err;
}

enum err criteria_check_lists(struct db_conn *c, const struct identity *who, json_t *criteria,
                              const struct id *profile, int64_t now, struct profile_result *out)
{
    bool allowed = true;
    enum err err =
        db_read_bool(c, &allowed,
                     "SELECT criteria_lists_allowed($1, $2, ARRAY(SELECT n.code::uuid "
                     "   FROM criteria_rows(NULL, $3) k CROSS JOIN unnest(k.codes) AS n (code) "
                     "  WHERE k.attribute = 'target_list'), $4, $5)",
                     "uujut", &who->person, &who->organisation, criteria, profile, now);
    if (err == ERR_OK && !allowed)
        out->outcome = PROFILE_UNKNOWN_CODE;
    return err;
}
