#include "features/congress/congress_store.h"
#include "db/query.h"
#include "room/shown.h"

enum err time_zone_known(struct db_conn *c, const char *name, bool *known)
{
    *known = false;
    if (!time_zone_form(name))
        return ERR_OK;
    return db_read_bool(
        c, known, "SELECT EXISTS (SELECT 1 FROM pg_timezone_names WHERE name = zone_here($1))", "s",
        name);
}

enum err congress_list(struct db_conn *c, const struct identity *who,
                       const struct congress_view *view, const struct cursor *after, int limit,
                       json_t **items, struct cursor *last, bool *more)
{
    int64_t before = after->number == INT64_MAX ? DB_NULL_TIME : after->number;
    struct db_result *r = db_query(
        c,
        "SELECT jsonb_build_object('id', c.id, 'title', c.title, 'language', c.language,"
        "         'time_zone', c.time_zone, 'created_at', json_time(c.created_at),"
        "         'session_count', (SELECT count(*) FROM session s WHERE s.congress_id = c.id"
        "           AND s.kind = 'session' AND may_see($5, c.organisation_id, c.id, s.id, $6)),"
        "         'next_starts_at', (SELECT json_time(min(s.starts_at)) FROM session s"
        "           WHERE s.congress_id = c.id AND s.state IN ('draft', 'lobby', 'live')"
        "           AND s.kind = 'session' AND may_see($5, c.organisation_id, c.id, s.id, $6)),"
        "         'last_starts_at', (SELECT json_time(max(s.starts_at)) FROM session s"
        "           WHERE s.congress_id = c.id AND s.state = 'ended'"
        "           AND may_see($5, c.organisation_id, c.id, s.id, $6)),"
        "         'registered', (SELECT count(*) FROM registration"
        "           WHERE congress_id = c.id AND state = 'registered')),"
        "       c.created_at, c.id"
        "  FROM congress c WHERE c.organisation_id = $1"
        "   AND ($2::timestamptz IS NULL OR (c.created_at, c.id) < ($2, $3))"
        "   AND may_see($5, c.organisation_id, c.id, NULL, $6)"
        " ORDER BY c.created_at DESC, c.id DESC LIMIT $4",
        "utuiut", &who->organisation, before, &after->id, (int64_t)limit + 1, view->person,
        view->now);
    enum err err = db_err(r);
    if (err == ERR_OK) {
        int n = db_json_rows(r, limit, items, more);
        if (n)
            *last = (struct cursor){.number = db_time(r, n - 1, 1), .id = db_id(r, n - 1, 2)};
    }
    db_result_free(r);
    return err;
}

enum err congress_get(struct db_conn *c, const struct identity *who,
                      const struct congress_view *view, const struct id *congress, json_t **out)
{
    return db_read_json(c, out,
                        "SELECT jsonb_build_object('id', c.id, 'title', c.title,"
                        "  'description', c.description, 'language', c.language,"
                        "  'time_zone', c.time_zone, 'created_at', json_time(c.created_at),"
                        "  'sessions', (SELECT coalesce(jsonb_agg(" SESSION_JSON
                        "                 ORDER BY s.starts_at, s.id), '[]')"
                        "                 FROM session s WHERE s.congress_id = c.id"
                        "                  AND may_see($3, c.organisation_id, c.id, s.id, $4))) || "
                        "structure_json(c.id)"
                        "  FROM congress c WHERE c.id = $1 AND c.organisation_id = $2",
                        "uuut", congress, &who->organisation, view->person, view->now);
}

enum err congress_add(struct db_conn *c, const struct identity *who,
                      const struct congress_fields *fields, int64_t now, json_t **out)
{
    enum err err = db_begin(c);
    if (err != ERR_OK)
        return err;
    struct id congress = {0};
    json_t *added = NULL;
    err =
        db_read_id(c, &congress,
                   "INSERT INTO congress (organisation_id, title, description, language, time_zone,"
                   "                      created_at) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id",
                   "usssst", &who->organisation, fields->title, fields->description,
                   fields->language, fields->time_zone, now);
    if (err == ERR_OK)
        err = audit_write(
            c, who, now, "congress.create", "congress", &congress,
            json_pack("{s:s,s:s}", "title", fields->title, "time_zone", fields->time_zone));
    if (err == ERR_OK)
        err = congress_get(c, who, &(struct congress_view){.now = now}, &congress, &added);
    err = db_end(c, err);
    if (err == ERR_OK)
        *out = added;
    else
        json_decref(added);
    return err;
}

static enum err update_congress(struct db_conn *c, const struct change *change,
                                const struct id *congress, const struct congress_fields *fields)
{
    struct db_result *r = db_query(
        c,
        "UPDATE congress SET title = coalesce($2, title),"
        "       description = coalesce($3, description),"
        "       language = coalesce($4, language), time_zone = coalesce($5, time_zone)"
        " WHERE id = $1 RETURNING title, language, time_zone",
        "ussss", congress, fields->title, fields->description, fields->language, fields->time_zone);
    enum err err = db_err(r);
    if (err == ERR_OK)
        err = change_audit(c, change, "congress.change", "congress", congress,
                           json_pack("{s:s,s:s,s:s}", "title", db_text(r, 0, 0), "language",
                                     db_text(r, 0, 1), "time_zone", db_text(r, 0, 2)));
    db_result_free(r);
    return err;
}

/* Sessions are added under the congress's lock, too: each has the old title or the new one. */
enum err congress_set(struct db_conn *c, struct change *change, const struct id *congress,
                      const struct congress_fields *fields)
{
    struct shown_sessions sessions = {0};
    enum err err = change_begin(c);
    if (err == ERR_OK)
        err = congress_lock(c, &change->who, congress);
    if (err == ERR_OK)
        err = shown_lock(c, &change->who.organisation, congress, NULL, &sessions);
    if (err == ERR_OK)
        err = update_congress(c, change, congress, fields);
    if (err == ERR_OK)
        err = shown_tell(c, change, &sessions);
    shown_release(&sessions);
    return change_end(c, change, err);
}

static struct db_result *insert_division(struct db_conn *c, const struct identity *who,
                                         const struct id *congress, enum division division,
                                         const char *name)
{
    return division == DIVISION_HALL
               ? db_query(c,
                          "INSERT INTO hall (organisation_id, congress_id, name, position)"
                          " SELECT organisation_id, id, $3, (SELECT coalesce(max(position), 0) + 1"
                          "        FROM hall WHERE congress_id = $1) FROM congress"
                          "  WHERE id = $1 AND organisation_id = $2"
                          "    AND (SELECT count(*) FROM hall WHERE congress_id = $1) < $4"
                          " RETURNING id, jsonb_build_object('id', id, 'name', name)",
                          "uusi", congress, &who->organisation, name, (int64_t)DIVISIONS_MAX)
               : db_query(c,
                          "INSERT INTO track (organisation_id, congress_id, name, position)"
                          " SELECT organisation_id, id, $3, (SELECT coalesce(max(position), 0) + 1"
                          "        FROM track WHERE congress_id = $1) FROM congress"
                          "  WHERE id = $1 AND organisation_id = $2"
                          "    AND (SELECT count(*) FROM track WHERE congress_id = $1) < $4"
                          " RETURNING id, jsonb_build_object('id', id, 'name', name)",
                          "uusi", congress, &who->organisation, name, (int64_t)DIVISIONS_MAX);
}

enum err division_add(struct db_conn *c, const struct identity *who, const struct id *congress,
                      enum division division, const char *name, int64_t now, json_t **out)
{
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = congress_lock(c, who, congress);
    if (err != ERR_OK)
        return db_end(c, err);
    json_t *added = NULL;
    struct db_result *r = insert_division(c, who, congress, division, name);
    err = db_err(r);
    if (err == ERR_OK && db_rows(r) == 0)
        err = ERR_TOO_LARGE;
    if (err == ERR_OK) {
        struct id id = db_id(r, 0, 0);
        added = db_json(r, 0, 1);
        const char *kind = division == DIVISION_HALL ? "hall" : "track";
        err = audit_write(c, who, now, division == DIVISION_HALL ? "hall.create" : "track.create",
                          kind, &id, json_pack("{s:s}", "name", name));
    }
    db_result_free(r);
    err = db_end(c, err);
    if (err == ERR_OK)
        *out = added;
    else
        json_decref(added);
    return err;
}
