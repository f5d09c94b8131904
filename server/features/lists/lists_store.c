#include "features/lists/lists_store.h"
#include "room/change.h"
#include <stdio.h>

#define LIST_JSON                                                                                  \
    "jsonb_build_object('id', l.id, 'name', l.name, 'source', l.source, 'as_of', l.as_of,"         \
    " 'people', l.people, 'made_by', (SELECT name FROM account a WHERE a.id = l.made_by),"         \
    " 'created_at', json_time(l.created_at), 'changed_at', json_time(l.changed_at),"               \
    " 'known', (SELECT count(*) FROM target_list_person k"                                         \
    "            WHERE k.target_list_id = l.id AND k.hcp_id IS NOT NULL),"                         \
    " 'imports', (SELECT coalesce(jsonb_agg(jsonb_build_object('id', i.id, 'state', i.state,"      \
    "       'file_name', i.file_name, 'created_at', json_time(i.created_at))"                      \
    "       ORDER BY i.created_at, i.id), '[]') FROM target_list_import i"                         \
    "     WHERE i.target_list_id = l.id AND i.state <> 'stored'))"
/* The people of l by an attribute, the most first; null: not said. */
#define BY(attribute)                                                                              \
    "(SELECT coalesce(jsonb_agg(jsonb_build_object('code', code, 'people', n)"                     \
    "                           ORDER BY n DESC, code), '[]')"                                     \
    "   FROM (SELECT " attribute " AS code, count(*) AS n FROM target_list_person k"               \
    "          WHERE k.target_list_id = l.id GROUP BY 1) g)"

enum err lists_read(struct db_conn *c, const struct identity *who, json_t **items)
{
    return db_read_json(c, items,
                        "SELECT coalesce(jsonb_agg(" LIST_JSON " ORDER BY l.name, l.id), '[]')"
                        "  FROM target_list l WHERE l.organisation_id = $1",
                        "u", &who->organisation);
}

enum err list_read(struct db_conn *c, const struct identity *who, const struct id *list,
                   json_t **out)
{
    return db_read_json(
        c, out,
        "SELECT " LIST_JSON
        " || jsonb_build_object('specialty', " BY("specialty") ", 'region', " BY(
            "region") ")"
                      "  FROM target_list l WHERE l.id = $2 AND l.organisation_id = $1",
        "uu", &who->organisation, list);
}

static enum err insert_list(struct db_conn *c, const struct identity *who,
                            const struct list_input *in, int64_t now, struct id *list, bool *full)
{
    enum err err = db_found(c, "SELECT 1 FROM organisation WHERE id = $1 FOR NO KEY UPDATE", "u",
                            &who->organisation);
    if (err == ERR_OK)
        err = db_read_bool(c, full,
                           "SELECT count(*) >= $2 FROM target_list WHERE organisation_id = $1",
                           "ui", &who->organisation, (int64_t)LISTS_MAX);
    if (err == ERR_OK && *full)
        err = ERR_CONFLICT;
    if (err == ERR_OK)
        err = db_read_id(c, list,
                         "INSERT INTO target_list (organisation_id, name, source, as_of, made_by,"
                         "                         created_at, changed_at)"
                         " VALUES ($1, $2, $3, $4::date, $5, $6, $6) RETURNING id",
                         "usssut", &who->organisation, in->name, in->source, in->as_of,
                         &who->person, now);
    return err;
}

enum err list_create(struct db_conn *c, const struct identity *who, const struct list_input *in,
                     int64_t now, json_t **out, bool *full)
{
    struct id list;
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = insert_list(c, who, in, now, &list, full);
    if (err == ERR_OK)
        err = audit_write(c, who, now, "target_list.create", "target_list", &list,
                          json_pack("{s:s}", "name", in->name));
    err = db_end(c, err);
    return err ? err : list_read(c, who, &list, out);
}

/* Its name, locked: nobody else changes the list meanwhile. */
static enum err lock_list(struct db_conn *c, const struct identity *who, const struct id *list,
                          json_t **told)
{
    return db_read_json(
        c, told,
        "SELECT jsonb_build_object('name', name, 'people', people)"
        "  FROM target_list WHERE id = $2 AND organisation_id = $1 FOR NO KEY UPDATE",
        "uu", &who->organisation, list);
}

enum err list_change(struct db_conn *c, const struct identity *who, const struct id *list,
                     const struct list_input *in, int64_t now, json_t **out)
{
    json_t *told = NULL, *changed = NULL;
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = lock_list(c, who, list, &told);
    if (err == ERR_OK)
        err = db_exec(c,
                      "UPDATE target_list SET name = coalesce($2, name),"
                      "       source = CASE WHEN $3 THEN $4 ELSE source END,"
                      "       as_of = CASE WHEN $5 THEN $6::date ELSE as_of END WHERE id = $1",
                      "usbsbs", list, in->name, (int)in->has_source, in->source, (int)in->has_as_of,
                      in->as_of);
    if (err == ERR_OK)
        err = list_read(c, who, list, &changed);
    if (err == ERR_OK)
        err = audit_write(c, who, now, "target_list.change", "target_list", list,
                          json_pack("{s:O,s:O,s:O}", "name", json_object_get(changed, "name"),
                                    "source", json_object_get(changed, "source"), "as_of",
                                    json_object_get(changed, "as_of")));
    json_decref(told);
    err = db_end(c, err);
    if (err == ERR_OK)
        *out = changed;
    else
        json_decref(changed);
    return err;
}

/* Waits for profiles and policies that are being written and ask for the list; ERR_CONFLICT: some
 * do. */
static enum err check_unused(struct db_conn *c, const struct id *list,
                             char users[static LIST_USERS_SIZE])
{
    enum err err = db_found(c, "SELECT 1 FROM target_list WHERE id = $1 FOR UPDATE", "u", list);
    if (err != ERR_OK)
        return err;
    struct db_result *r = db_query(c, "SELECT left(target_list_users($1), 300)", "u", list);
    err = db_one(r);
    if (err == ERR_OK && !db_null(r, 0, 0)) {
        snprintf(users, LIST_USERS_SIZE, "%s", db_text(r, 0, 0));
        err = ERR_CONFLICT;
    }
    db_result_free(r);
    return err;
}

enum err list_delete(struct db_conn *c, const struct identity *who, const struct id *list,
                     int64_t now, char users[static LIST_USERS_SIZE])
{
    json_t *told = NULL;
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = lock_list(c, who, list, &told);
    if (err == ERR_OK)
        err = check_unused(c, list, users);
    if (err == ERR_OK)
        err = db_exec(c, "DELETE FROM target_list WHERE id = $1", "u", list);
    if (err == ERR_OK)
        err = audit_write(c, who, now, "target_list.delete", "target_list", list, told);
    else
        json_decref(told);
    return db_end(c, err);
}

/* --- the people of one --- */

/* $1 to $5 */
#define MATCHES                                                                                    \
    " FROM target_list_person p WHERE p.organisation_id = $1 AND p.target_list_id = $2"            \
    "   AND ($3::text IS NULL OR p.search LIKE ALL ((SELECT search_patterns($3))::text[]))"        \
    "   AND (NOT $4 OR p.hcp_id IS NOT NULL) AND (NOT $5 OR p.hcp_id IS NULL)"

static enum err read_page(struct db_conn *c, const struct identity *who,
                          const struct list_people_wanted *w, struct list_people *out)
{
    struct db_result *r = db_query(
        c,
        "SELECT to_jsonb(p) - '{organisation_id,target_list_id,position,hcp_id,search}'::text[]"
        "         || jsonb_build_object('known', p.hcp_id IS NOT NULL), p.position, p.id" MATCHES
        "   AND (p.position, p.id) > ($6, $7) ORDER BY p.position, p.id LIMIT $8",
        "uusbbiui", &who->organisation, w->list, w->search, (int)w->known, (int)w->unknown,
        w->after.number, &w->after.id, (int64_t)w->limit + 1);
    enum err err = db_err(r);
    if (err == ERR_OK) {
        int n = db_json_rows(r, w->limit, &out->items, &out->more);
        if (n)
            out->last = (struct cursor){.number = db_int(r, n - 1, 1), .id = db_id(r, n - 1, 2)};
    }
    db_result_free(r);
    return err;
}

enum err list_people_read(struct db_conn *c, const struct identity *who,
                          const struct list_people_wanted *w, int64_t now, struct list_people *out)
{
    *out = (struct list_people){0};
    enum err err = db_found(c, "SELECT 1 FROM target_list WHERE id = $1 AND organisation_id = $2",
                            "uu", w->list, &who->organisation);
    if (err == ERR_OK)
        err = db_read_int(c, &out->found, "SELECT count(*)" MATCHES, "uusbb", &who->organisation,
                          w->list, w->search, (int)w->known, (int)w->unknown);
    if (err == ERR_OK)
        err = read_page(c, who, w, out);
    int people = (int)json_array_size(out->items);
    if (err == ERR_OK && people > 0)
        err = audit_write(c, who, now, "target_list.read", "target_list", w->list,
                          json_pack("{s:i,s:b}", "people", people, "searched", w->search != NULL));
    return err;
}

enum err list_person_delete(struct db_conn *c, const struct identity *who, const struct id *list,
                            const struct id *person, int64_t now)
{
    json_t *told = NULL;
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = lock_list(c, who, list, &told);
    json_decref(told);
    if (err == ERR_OK)
        err = db_found(c,
                       "DELETE FROM target_list_person WHERE id = $2 AND target_list_id = $1"
                       " RETURNING 1",
                       "uu", list, person);
    if (err == ERR_OK)
        err = db_exec(c,
                      "UPDATE target_list SET people = people - 1, version = version + 1,"
                      "       changed_at = $2 WHERE id = $1",
                      "ut", list, now);
    if (err == ERR_OK)
        err = audit_write(c, who, now, "target_list.remove_person", "target_list", list, NULL);
    return db_end(c, err);
}

/* Lines of imports that wait. */
static enum err erase_lines(struct db_conn *c, const struct id *hcp)
{
    return db_exec(c,
                   "WITH gone AS (DELETE FROM target_list_import_person p"
                   "                USING target_list_import i, hcp h"
                   "               WHERE h.id = $1 AND i.id = p.import_id"
                   "                 AND i.organisation_id = h.organisation_id"
                   "                 AND (p.email = h.email OR p.rpps = h.rpps)"
                   "                 AND listed_hcp(h.organisation_id, p.rpps, p.email,"
                   "                                listed_name(p.person)) = h.id"
                   "              RETURNING p.import_id, p.line)"
                   " DELETE FROM target_list_import_line l USING gone g"
                   "  WHERE l.import_id = g.import_id AND l.line = g.line",
                   "u", hcp);
}

/* $1: the HCP h. Also who is not known as theirs yet, as the list was stored at that moment. */
#define LISTED                                                                                     \
    " FROM target_list_person p, hcp h"                                                            \
    " WHERE h.id = $1 AND (p.hcp_id = h.id"                                                        \
    "    OR (p.hcp_id IS NULL AND p.organisation_id = h.organisation_id"                           \
    "        AND (p.email = h.email OR p.rpps = h.rpps)"                                           \
    "        AND listed_hcp(p.organisation_id, p.rpps, p.email,"                                   \
    "                       p.first_name || ' ' || p.last_name) = h.id))"

/* The lists first, as imports do; then, all being held, whoever counts in them is waited for. */
enum err lists_erase(struct db_conn *c, const struct id *hcp)
{
    enum err err = erase_lines(c, hcp);
    if (!err)
        err = db_exec(c,
                      "WITH held AS MATERIALIZED (SELECT l.id FROM target_list l"
                      "   WHERE l.id IN (SELECT p.target_list_id" LISTED
                      ") ORDER BY l.id FOR NO KEY UPDATE)"
                      " SELECT universe_source_lock('target_list', id, false)"
                      "   FROM held ORDER BY id",
                      "u", hcp);
    if (!err)
        err = db_exec(c,
                      "WITH gone AS (DELETE FROM target_list_person t"
                      "               WHERE t.id IN (SELECT p.id" LISTED ")"
                      "               RETURNING t.target_list_id)"
                      " UPDATE target_list l SET people = people - n, version = version + 1"
                      "   FROM (SELECT target_list_id, count(*) AS n FROM gone GROUP BY 1) g"
                      "  WHERE l.id = g.target_list_id",
                      "u", hcp);
    return err;
}
