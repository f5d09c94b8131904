/* Who may register for a congress. */
#include "db/query.h"
#include "features/registration/registration_store.h"

enum err registration_policy_get(struct db_conn *c, const struct identity *who,
                                 const struct id *congress, json_t **out)
{
    return db_read_json(c, out,
                        "SELECT registration_policy_json(id)"
                        "    || jsonb_build_object('places', places_json(id), 'in_review',"
                        "           (SELECT count(*) FROM registration r"
                        "             WHERE r.congress_id = congress.id AND state = 'in_review'))"
                        "  FROM congress WHERE id = $1 AND organisation_id = $2",
                        "uu", congress, &who->organisation);
}

/* What is decided, without what became of it. */
static enum err read_decided(struct db_conn *c, const struct id *congress, json_t **out)
{
    return db_read_json(c, out, "SELECT registration_policy_json($1)", "u", congress);
}

static enum err check_list(struct db_conn *c, const struct identity *who, const struct id *congress,
                           const struct id *list, int64_t now)
{
    bool allowed = true;
    enum err err = ERR_OK;
    if (list)
        err = db_read_bool(c, &allowed, "SELECT policy_list_allowed($1, $2, $3, $4, $5)", "uuuut",
                           &who->person, &who->organisation, list, congress, now);
    return err == ERR_OK && !allowed ? ERR_INVALID : err;
}

static enum err write_policy(struct db_conn *c, const struct identity *who,
                             const struct id *congress, const struct registration_policy *policy)
{
    return db_exec(c,
                   "WITH switched AS (UPDATE congress"
                   "                     SET waiting_list = CASE WHEN $5 THEN $6"
                   "                                             ELSE waiting_list END,"
                   "                         review = CASE WHEN $7 THEN $8 ELSE review END,"
                   "                         categories = CASE WHEN cardinality($9::text[]) > 0"
                   "                                           THEN $9 ELSE categories END"
                   "                   WHERE id = $1 AND (($5 AND waiting_list <> $6)"
                   "                                      OR ($7 AND review <> $8)"
                   "                                      OR (cardinality($9::text[]) > 0"
                   "                                          AND categories <> $9))),"
                   " gone AS (DELETE FROM registration_policy"
                   "               WHERE congress_id = $1 AND $3 = 'open')"
                   " INSERT INTO registration_policy AS p (congress_id, organisation_id, policy,"
                   "                                       target_list_id)"
                   " SELECT $1, $2, $3, $4 WHERE $3 <> 'open'"
                   " ON CONFLICT (congress_id) DO UPDATE SET policy = excluded.policy,"
                   "    target_list_id = excluded.target_list_id",
                   "uusubbbbS", congress, &who->organisation, policy->policy, policy->target_list,
                   policy->switches, policy->waiting_list, policy->sets_review, policy->review,
                   policy->categories, policy->category_count);
}

static json_t *audit_details(const json_t *before, const json_t *after)
{
    json_t *list = json_object_get(json_object_get(after, "target_list"), "name");
    return json_pack("{s:O,s:O*,s:O,s:O,s:O,s:O}", "policy", json_object_get(after, "policy"),
                     "target_list", list, "before", json_object_get(before, "policy"),
                     "waiting_list", json_object_get(after, "waiting_list"), "review",
                     json_object_get(after, "review"), "categories",
                     json_object_get(after, "categories"));
}

/* With what it was, for the audit log; nothing is written when it is that already. */
static enum err replace(struct db_conn *c, const struct identity *who, const struct id *congress,
                        const struct registration_policy *policy, int64_t now, json_t **out)
{
    json_t *before = NULL, *after = NULL;
    enum err err = read_decided(c, congress, &before);
    if (err == ERR_OK)
        err = write_policy(c, who, congress, policy);
    if (err == ERR_OK)
        err = read_decided(c, congress, &after);
    if (err == ERR_OK && !json_equal(before, after))
        err = audit_write(c, who, now, "registration.policy", "congress", congress,
                          audit_details(before, after));
    if (err == ERR_OK)
        err = registration_policy_get(c, who, congress, out);
    json_decref(before);
    json_decref(after);
    return err;
}

enum err registration_policy_set(struct db_conn *c, const struct identity *who,
                                 const struct id *congress,
                                 const struct registration_policy *policy, int64_t now,
                                 json_t **out)
{
    json_t *stored = NULL;
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = check_list(c, who, congress, policy->target_list, now);
    if (err == ERR_OK)
        err = congress_lock(c, who, congress);
    if (err == ERR_OK)
        err = replace(c, who, congress, policy, now, &stored);
    err = db_end(c, err);
    if (err == ERR_OK)
        *out = stored;
    else
        json_decref(stored);
    return err;
}

enum err registration_admit(struct db_conn *c, const struct id *registration, bool *admitted)
{
    return db_read_bool(c, admitted, "SELECT registration_admitted($1)", "u", registration);
}
