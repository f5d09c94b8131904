#include "db/query.h"
#include "features/congress/congress_store.h"

static enum err insert_copy(struct db_conn *c, const struct identity *who,
                            const struct congress_copy *copy, int64_t now, struct id *congress)
{
    enum err err = congress_lock(c, who, copy->from);
    if (err == ERR_OK) /* the names that a new session shows do not change before it is there */
        err = db_exec(c, "SELECT 1 FROM organisation WHERE id = $1 FOR SHARE", "u",
                      &who->organisation);
    if (err == ERR_OK)
        err = db_read_id(c, congress, "SELECT congress_copy($1, $2, $3::date, $4)", "usst",
                         copy->from, copy->title, copy->first_day, now);
    if (err == ERR_OK)
        err = db_exec(c,
                      "INSERT INTO registration_policy"
                      "            (congress_id, organisation_id, policy, target_list_id)"
                      " SELECT $2, organisation_id, policy, target_list_id"
                      "   FROM registration_policy WHERE congress_id = $1",
                      "uu", copy->from, congress);
    if (err == ERR_OK)
        err =
            db_exec(c,
                    "WITH mails AS (INSERT INTO mail_setting"
                    "   SELECT (jsonb_populate_record(s, jsonb_build_object('congress_id', $2))).*"
                    "     FROM mail_setting s WHERE s.congress_id = $1)"
                    " UPDATE congress c SET waiting_list = o.waiting_list, review = o.review,"
                    "                     categories = o.categories"
                    "  FROM congress o WHERE o.id = $1 AND c.id = $2",
                    "uu", copy->from, congress);
    if (err == ERR_OK)
        err = db_exec(c, "SELECT form_questions_copy($1, $2)", "uu", copy->from, congress);
    return err;
}

static enum err audit_copy(struct db_conn *c, const struct identity *who,
                           const struct congress_copy *copy, int64_t now, const struct id *congress)
{
    json_t *details = NULL;
    enum err err = db_read_json(c, &details,
                                "SELECT jsonb_build_object('title', $2::text, 'first_day',"
                                "       $3::text, 'from', title) FROM congress WHERE id = $1",
                                "uss", copy->from, copy->title, copy->first_day);
    return err ? err : audit_write(c, who, now, "congress.copy", "congress", congress, details);
}

enum err congress_copy(struct db_conn *c, const struct identity *who,
                       const struct congress_copy *copy, int64_t now, json_t **out)
{
    struct id congress = {0};
    json_t *added = NULL;
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = insert_copy(c, who, copy, now, &congress);
    if (err == ERR_OK)
        err = audit_copy(c, who, copy, now, &congress);
    if (err == ERR_OK)
        err = congress_get(c, who, &(struct congress_view){.now = now}, &congress, &added);
    err = db_end(c, err);
    if (err == ERR_OK)
        *out = added;
    else
        json_decref(added);
    return err;
}
