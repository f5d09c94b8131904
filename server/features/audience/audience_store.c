#include "features/audience/audience_store.h"
#include "room/change.h"
#include <stdio.h>
#include <string.h>

/* Of the profile p. */
#define UNIVERSE_JSON                                                                              \
    "'universe_from', p.universe_from, 'universe_list', p.universe_list, "                         \
    "'universe_counted', p.universe_counted, "                                                     \
    "'universe_counted_at', json_time(p.universe_counted_at), "                                    \
    "'universe_counting', p.universe_from <> 'given' AND p.universe_work IS NOT NULL, "            \
    "'universe_lacks', CASE p.universe_from WHEN 'registry' THEN to_jsonb(registry_lacks("         \
    "   (SELECT r FROM profile_rule r WHERE r.target_profile_id = p.id))) ELSE '[]' END, "

#define PROFILE_JSON                                                                               \
    "profile_goals(p) || jsonb_build_object('id', p.id, 'name', p.name, "                          \
    " 'universe', p.universe, 'universe_source', p.universe_source, " UNIVERSE_JSON " "            \
    " 'places', p.places, 'places_taken', "                                                        \
    "   CASE WHEN p.places IS NOT NULL THEN places_taken(p.id) END, "                              \
    " 'criteria', criteria_json(p.id), 'target_lists', target_lists_named(p.id), 'registered', "   \
    " (SELECT count(*) FROM registration_profile m JOIN registration r ON r.id = "                 \
    "m.registration_id "                                                                           \
    "   WHERE m.target_profile_id = p.id AND r.state = 'registered'))"

enum err codes_list(struct db_conn *c, enum code_part part, json_t **out)
{
    return db_read_json(
        c, out,
        "SELECT jsonb_object_agg(list, sections) FROM (SELECT list,"
        "  jsonb_agg(jsonb_build_object('section', section, 'codes', codes) ORDER BY first)"
        "     AS sections FROM (SELECT list, section, min(position) AS first,"
        "    jsonb_agg(jsonb_strip_nulls(jsonb_build_object('code', code, 'fr', label_fr,"
        "       'en', nullif(label_en, label_fr), 'grouped_as', grouped_as,"
        "       'professions', professions, 'synonyms', nullif(synonyms, '{}'), 'region', region,"
        "       'active', nullif(active, true))) ORDER BY position, code) AS codes"
        "    FROM code WHERE $1 = CASE WHEN list = 'region' AND section = 'abroad' THEN 1"
        "       WHEN list IN ('profession', 'specialty', 'practice_setting', 'region', 'age_band',"
        "                     'channel') THEN 0 ELSE 2 END"
        "   GROUP BY list, section) s GROUP BY list) l",
        "i", (int64_t)part);
}

enum err profiles_list(struct db_conn *c, const struct identity *who, const struct id *congress,
                       json_t **out)
{
    return db_read_json(c, out,
                        "SELECT (SELECT coalesce(jsonb_agg(" PROFILE_JSON
                        " ORDER BY p.position, p.created_at, p.id), '[]') "
                        "          FROM target_profile p WHERE p.congress_id = g.id) "
                        "  FROM congress g WHERE g.id = $2 AND g.organisation_id = $1",
                        "uu", &who->organisation, congress);
}

enum err profile_get(struct db_conn *c, const struct identity *who, const struct id *profile,
                     json_t **out)
{
    return db_read_json(c, out,
                        "SELECT " PROFILE_JSON " FROM target_profile p "
                        " WHERE p.id = $2 AND p.organisation_id = $1",
                        "uu", &who->organisation, profile);
}

enum err profiles_hold(struct db_conn *c, const struct identity *who, const struct id *congress)
{
    return db_found(c, "SELECT 1 FROM congress WHERE id = $2 AND organisation_id = $1 FOR UPDATE",
                    "uu", &who->organisation, congress);
}

static enum err find_congress(struct db_conn *c, const struct identity *who,
                              const struct id *profile, struct id *congress)
{
    return db_read_id(
        c, congress,
        "SELECT congress_id FROM target_profile WHERE id = $2 AND organisation_id = $1", "uu",
        &who->organisation, profile);
}

/* What is counted is nobody's decision; lists are told by their names. */
static void word_for_audit(json_t *profile)
{
    static const char *const counts[] = {"universe_counted", "universe_counted_at",
                                         "universe_counting", "universe_lacks", "places_taken"};
    for (size_t i = 0; profile && i < sizeof counts / sizeof *counts; i++)
        json_object_del(profile, counts[i]);
    json_t *lists = json_object_get(profile, "target_lists"), *list;
    json_t *names = json_array_size(lists) > 0 ? json_array() : json_null();
    size_t i;
    json_array_foreach(lists, i, list) json_array_append(names, json_object_get(list, "name"));
    if (profile)
        json_object_set(profile, "target_lists", names);
    json_decref(names);
}

/* Before and after as a person would read them: criteria and goals hold no personal data. */
static enum err write_audit(struct db_conn *c, const struct identity *who, int64_t now,
                            const char *action, const struct id *profile, json_t *before,
                            json_t *after)
{
    word_for_audit(before);
    word_for_audit(after);
    json_t *details = json_object();
    if (before)
        json_object_set(details, "before", before);
    if (after)
        json_object_set(details, "after", after);
    return audit_write(c, who, now, action, "target_profile", profile, details);
}

static enum err put_criteria(struct db_conn *c, const struct profile_result *p, json_t *criteria)
{
    enum err err = db_exec(c, "DELETE FROM target_profile_criterion WHERE target_profile_id = $1",
                           "u", &p->id);
    if (err == ERR_OK)
        err = db_exec(c,
                      "INSERT INTO target_profile_criterion (target_profile_id, position, mode, "
                      "  attribute, codes) SELECT * FROM criteria_rows($1, $2)",
                      "uj", &p->id, criteria);
    if (err == ERR_OK)
        err = db_exec(c, "SELECT match_congress($1, $2)", "uu", &p->congress, &p->id);
    return err;
}

/* Commits when there is something to commit. */
static enum err finish(struct db_conn *c, enum err err, struct profile_result *out)
{
    if (err == ERR_OK && out->outcome == PROFILE_DONE)
        return db_commit(c);
    db_rollback(c);
    return err;
}

static const struct id *list_of(const struct profile_input *in)
{
    return in->universe_from == UNIVERSE_TARGET_LIST ? &in->universe_list : NULL;
}

static enum err name_outcome(struct db_result *r, struct profile_result *out)
{
    enum err err = db_err(r);
    if (err == ERR_CONFLICT && strstr(db_constraint(r), "name")) {
        out->outcome = PROFILE_NAME_TAKEN;
        err = ERR_OK;
    } else if (err == ERR_OK) {
        out->id = db_id(r, 0, 0);
    }
    db_result_free(r);
    return err;
}

static enum err insert_profile(struct db_conn *c, const struct identity *who,
                               const struct profile_input *in, int64_t now,
                               struct profile_result *out)
{
    return name_outcome(
        db_query(c,
                 "INSERT INTO target_profile (organisation_id, congress_id, name, position, "
                 "  universe, universe_source, created_at, universe_from, universe_list, places) "
                 "SELECT $1, $2, $3, coalesce(max(position), 0) + 1, nullif($4::bigint, 0), $5, "
                 "       $6, $7, $8, nullif($9::bigint, 0) "
                 "  FROM target_profile WHERE congress_id = $2 RETURNING id",
                 "uusistsui", &who->organisation, &out->congress, in->name, in->universe,
                 in->universe_source, now, universe_from_words[in->universe_from], list_of(in),
                 in->places),
        out);
}

/* Another source's count would be read as this one's. */
#define SAME_SOURCE "(universe_from = $5 AND universe_list IS NOT DISTINCT FROM $6)"

static enum err update_profile(struct db_conn *c, const struct profile_input *in,
                               struct profile_result *out)
{
    return name_outcome(
        db_query(c,
                 "UPDATE target_profile SET name = $2, "
                 "  universe = CASE WHEN $5 = 'given' THEN nullif($3::bigint, 0)"
                 "                  WHEN " SAME_SOURCE " THEN universe END, "
                 "  universe_source = CASE WHEN $5 = 'given' THEN $4"
                 "                         WHEN " SAME_SOURCE " THEN universe_source END, "
                 "  universe_counted = CASE WHEN " SAME_SOURCE " THEN universe_counted END, "
                 "  universe_counted_at = CASE WHEN " SAME_SOURCE " THEN universe_counted_at END, "
                 "  universe_work = CASE WHEN " SAME_SOURCE " THEN universe_work END, "
                 "  universe_from = $5, universe_list = $6, places = nullif($7::bigint, 0) "
                 " WHERE id = $1 RETURNING id",
                 "usissui", &out->id, in->name, in->universe, in->universe_source,
                 universe_from_words[in->universe_from], list_of(in), in->places),
        out);
}

static enum err put_goals(struct db_conn *c, const struct profile_result *p,
                          const struct profile_input *in)
{
    json_t *goals = json_object();
    for (int g = 0; g < GOALS; g++)
        if (in->goals[g])
            json_object_set_new(goals, goal_names[g],
                                g < GOAL_COUNTS ? json_integer(in->goals[g])
                                                : json_real((double)in->goals[g] / 1000));
    if (in->goal_due)
        json_object_set_new(goals, "goal_due", json_string(in->goal_due));
    enum err err = db_exec(c, "SELECT profile_goals_write($1, $2)", "uj", &p->id, goals);
    json_decref(goals);
    return err;
}

/* Nobody loses a place: a profile has at least as many as are taken. Last of what is written, as
 * who matches decides who takes one of the first. */
static enum err check_places(struct db_conn *c, const struct profile_input *in, bool had,
                             struct profile_result *out)
{
    if (!in->places)
        return ERR_OK;
    enum err err =
        db_read_int(c, &out->taken, "SELECT profile_places_taken($1, $2)", "ub", &out->id, !had);
    if (err == ERR_OK && out->taken > in->places)
        out->outcome = PROFILE_PLACES;
    return err;
}

/* The audit's view of what is stored now. */
static enum err audit_change(struct db_conn *c, const struct identity *who, int64_t now,
                             const char *action, const struct id *profile, json_t *before)
{
    json_t *after = NULL;
    enum err err = profile_get(c, who, profile, &after);
    if (err == ERR_OK)
        err = write_audit(c, who, now, action, profile, before, after);
    json_decref(after);
    return err;
}

enum err profile_add(struct db_conn *c, const struct identity *who, const struct profile_input *in,
                     int64_t now, struct profile_result *out)
{
    int64_t profiles = 0;
    enum err err = profile_check_criteria(c, who, in->criteria, out);
    if (err == ERR_OK)
        err =
            db_read_int(c, &profiles, "SELECT count(*) FROM target_profile WHERE congress_id = $1",
                        "u", &out->congress);
    if (profiles >= AUDIENCE_PROFILES_MAX && out->outcome == PROFILE_DONE)
        out->outcome = PROFILE_TOO_MANY;
    if (err == ERR_OK && out->outcome == PROFILE_DONE)
        err = insert_profile(c, who, in, now, out);
    if (err == ERR_OK && out->outcome == PROFILE_DONE)
        err = put_goals(c, out, in);
    if (err == ERR_OK && out->outcome == PROFILE_DONE)
        err = put_criteria(c, out, in->criteria);
    if (err == ERR_OK && out->outcome == PROFILE_DONE)
        err = check_places(c, in, false, out);
    if (err == ERR_OK && out->outcome == PROFILE_DONE)
        err = audit_change(c, who, now, "target_profile.create", &out->id, NULL);
    return err;
}

enum err profile_create(struct db_conn *c, const struct identity *who, const struct id *congress,
                        const struct profile_input *in, int64_t now, struct profile_result *out)
{
    *out = (struct profile_result){.congress = *congress};
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = universe_check_list(c, who, list_of(in), &out->id, now, out);
    if (err == ERR_OK && out->outcome == PROFILE_DONE)
        err = criteria_check_lists(c, who, in->criteria, &out->id, now, out);
    if (err == ERR_OK)
        err = profiles_hold(c, who, congress);
    if (err == ERR_OK && out->outcome == PROFILE_DONE)
        err = profile_add(c, who, in, now, out);
    return finish(c, err, out);
}

enum err profile_change(struct db_conn *c, const struct identity *who, const struct id *profile,
                        const struct profile_input *in, int64_t now, struct profile_result *out)
{
    *out = (struct profile_result){.id = *profile};
    json_t *before = NULL;
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = find_congress(c, who, profile, &out->congress);
    if (err == ERR_OK)
        err = universe_check_list(c, who, list_of(in), profile, now, out);
    if (err == ERR_OK && out->outcome == PROFILE_DONE)
        err = criteria_check_lists(c, who, in->criteria, profile, now, out);
    if (err == ERR_OK)
        err = profiles_hold(c, who, &out->congress);
    if (err == ERR_OK)
        err = profile_get(c, who, profile, &before);
    if (err == ERR_OK && out->outcome == PROFILE_DONE)
        err = profile_check_criteria(c, who, in->criteria, out);
    if (err == ERR_OK && out->outcome == PROFILE_DONE)
        err = update_profile(c, in, out);
    if (err == ERR_OK && out->outcome == PROFILE_DONE)
        err = put_goals(c, out, in);
    if (err == ERR_OK && out->outcome == PROFILE_DONE)
        err = put_criteria(c, out, in->criteria);
    if (err == ERR_OK && out->outcome == PROFILE_DONE)
        err = check_places(c, in, json_is_integer(json_object_get(before, "places")), out);
    if (err == ERR_OK && out->outcome == PROFILE_DONE)
        err = audit_change(c, who, now, "target_profile.change", profile, before);
    json_decref(before);
    return finish(c, err, out);
}

enum err profile_delete(struct db_conn *c, const struct identity *who, const struct id *profile,
                        int64_t now, struct profile_result *out)
{
    *out = (struct profile_result){.id = *profile};
    json_t *before = NULL;
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = find_congress(c, who, profile, &out->congress);
    if (err == ERR_OK)
        err = profiles_hold(c, who, &out->congress);
    if (err == ERR_OK)
        err = profile_get(c, who, profile, &before);
    if (err == ERR_OK)
        err = profile_check_unused(c, out);
    if (err == ERR_OK && out->outcome == PROFILE_DONE)
        err = db_exec(c, "DELETE FROM target_profile WHERE id = $1", "u", profile);
    if (err == ERR_OK && out->outcome == PROFILE_DONE)
        err = write_audit(c, who, now, "target_profile.delete", profile, before, NULL);
    json_decref(before);
    return finish(c, err, out);
}

static enum err count_matches(struct db_conn *c, const struct profile_result *p, json_t *criteria,
                              struct profile_preview *counts)
{
    struct db_result *r = db_query(
        c,
        "WITH m AS (SELECT registration_id FROM matching_registrations($1, NULL, ARRAY[$2::uuid], "
        "             ARRAY(SELECT k FROM criteria_rows($2, $3) k))), "
        "     b AS (SELECT registration_id FROM registration_profile "
        "            WHERE target_profile_id = $2 AND congress_id = $1) "
        "SELECT count(m.registration_id), count(*) FILTER (WHERE b.registration_id IS NULL), "
        "       count(*) FILTER (WHERE m.registration_id IS NULL) "
        "  FROM m FULL JOIN b USING (registration_id) "
        "  JOIN registration r ON r.id = registration_id WHERE r.state = 'registered'",
        "uuj", &p->congress, &p->id, criteria);
    enum err err = db_one(r);
    if (err == ERR_OK)
        *counts = (struct profile_preview){
            .registered = db_int(r, 0, 0), .gained = db_int(r, 0, 1), .lost = db_int(r, 0, 2)};
    db_result_free(r);
    return err;
}

enum err profile_preview(struct db_conn *c, const struct identity *who, const struct id *congress,
                         const struct id *profile, json_t *criteria, int64_t now,
                         struct profile_result *out, struct profile_preview *counts)
{
    *out = (struct profile_result){.id = *profile, .congress = *congress};
    enum err err = db_found(c, "SELECT 1 FROM congress WHERE id = $2 AND organisation_id = $1",
                            "uu", &who->organisation, congress);
    if (err == ERR_OK)
        err = criteria_check_lists(c, who, criteria, profile, now, out);
    if (err == ERR_OK && out->outcome == PROFILE_DONE)
        err = profile_check_criteria(c, who, criteria, out);
    if (err == ERR_OK && out->outcome == PROFILE_DONE)
        err = count_matches(c, out, criteria, counts);
    return err;
}
