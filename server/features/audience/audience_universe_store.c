#include "features/audience/audience_universe.h"

enum err universe_next(struct db_conn *c, const struct id *work, struct id *profile,
                       struct id *congress)
{
    struct db_result *r = db_query(c,
                                   "SELECT id, congress_id FROM target_profile"
                                   " WHERE universe_work = $1 AND id > $2 ORDER BY id LIMIT 1",
                                   "uu", work, profile);
    enum err err = db_one(r);
    if (err == ERR_OK) {
        *profile = db_id(r, 0, 0);
        *congress = db_id(r, 0, 1);
    }
    db_result_free(r);
    return err;
}

enum err universe_match(struct db_conn *c, const struct id *work, const struct id *profile)
{
    return db_exec(c, "SELECT profile_match_due($1, $2)", "uu", profile, work);
}

enum err universe_write(struct db_conn *c, const struct id *work, const struct id *profile,
                        int64_t now)
{
    return db_exec(c, "SELECT universe_count_write($1, $2, $3)", "uut", profile, work, now);
}

enum err universe_give_up(struct db_conn *c, const struct id *work)
{
    return db_exec(c,
                   "UPDATE target_profile SET universe_work = NULL, universe_counted = NULL,"
                   "       universe_counted_at = NULL WHERE universe_work = $1",
                   "u", work);
}

enum err universe_preview(struct db_conn *c, const struct identity *who, const struct id *congress,
                          const struct universe_ask *ask, int64_t now, struct profile_result *out,
                          json_t **counted)
{
    bool listed = ask->from == UNIVERSE_TARGET_LIST;
    *out = (struct profile_result){.id = ask->profile, .congress = *congress};
    enum err err = db_found(c, "SELECT 1 FROM congress WHERE id = $2 AND organisation_id = $1",
                            "uu", &who->organisation, congress);
    if (err == ERR_OK)
        err = universe_check_list(c, who, listed ? &ask->list : NULL, &ask->profile, now, out);
    if (err == ERR_OK && out->outcome == PROFILE_DONE)
        err = criteria_check_lists(c, who, ask->criteria, &ask->profile, now, out);
    if (err == ERR_OK && out->outcome == PROFILE_DONE)
        err = profile_check_criteria(c, who, ask->criteria, out);
    if (err == ERR_OK && out->outcome == PROFILE_DONE)
        err = db_read_json(c, counted,
                           "SELECT jsonb_build_object('count', universe_count($1, $2, rule), "
                           "   'source', universe_label($1, $2), "
                           "   'lacks', CASE $1 WHEN 'registry' THEN "
                           "to_jsonb(registry_lacks(rule)) ELSE '[]' END) "
                           "  FROM profile_rules(ARRAY[$3::uuid], ARRAY(SELECT k FROM "
                           "criteria_rows($3, $4) k)) rule",
                           "suuj", universe_from_words[ask->from], listed ? &ask->list : NULL,
                           &ask->profile, ask->criteria);
    return err;
}
