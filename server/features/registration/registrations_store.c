/* What organisers see of a congress's registrations, and its registration links. */
#include "db/query.h"
#include "features/registration/registration_store.h"

#define LINKS_MAX 200

static enum err check_congress(struct db_conn *c, const struct identity *who,
                               const struct id *congress)
{
    return db_found(c, "SELECT 1 FROM congress WHERE id = $1 AND organisation_id = $2", "uu",
                    congress, &who->organisation);
}

static struct db_result *query_registrations(struct db_conn *c, const struct identity *who,
                                             const struct id *congress, const char *search,
                                             const struct cursor *after, int limit)
{
    int64_t before = after->number == INT64_MAX ? DB_NULL_TIME : after->number;
    return db_query(
        c,
        "SELECT jsonb_build_object('id', r.id, 'first_name', h.first_name,"
        "  'last_name', h.last_name, 'email', h.email, 'profession', r.profession,"
        "  'specialty', r.specialty, 'practice_setting', r.practice_setting,"
        "  'region', r.region, 'age_band', r.age_band, 'channel', r.channel, 'state', r.state,"
        "  'profiles', (SELECT coalesce(jsonb_agg(p.id ORDER BY p.position, p.id), '[]')"
        "     FROM registration_profile rp JOIN target_profile p ON p.id = rp.target_profile_id"
        "    WHERE rp.registration_id = r.id),"
        "  'registered_at', json_time(r.registered_at),"
        "  'confirmed_at', json_time(r.confirmed_at)), r.registered_at, r.id"
        "  FROM registration r JOIN hcp h ON h.id = r.hcp_id"
        " WHERE r.organisation_id = $1 AND r.congress_id = $2"
        "   AND ($3::text IS NULL OR concat_ws(' ', h.first_name, h.last_name, h.email) ILIKE"
        "        '%' || replace(replace(replace($3, '\\', '\\\\'), '%', '\\%'), '_', '\\_') || '%')"
        "   AND ($4::timestamptz IS NULL OR (r.registered_at, r.id) < ($4, $5))"
        " ORDER BY r.registered_at DESC, r.id DESC LIMIT $6",
        "uustui", &who->organisation, congress, search, before, &after->id, (int64_t)limit + 1);
}

enum err registrations_list(struct db_conn *c, const struct identity *who,
                            const struct id *congress, const char *search,
                            const struct cursor *after, int limit, json_t **items,
                            struct cursor *last, bool *more)
{
    enum err err = check_congress(c, who, congress);
    if (err != ERR_OK)
        return err;
    struct db_result *r = query_registrations(c, who, congress, search, after, limit);
    err = db_err(r);
    if (err == ERR_OK) {
        int n = db_json_rows(r, limit, items, more);
        if (n)
            *last = (struct cursor){.number = db_time(r, n - 1, 1), .id = db_id(r, n - 1, 2)};
    }
    db_result_free(r);
    return err;
}

#define LINK_JSON                                                                                  \
    "jsonb_build_object('id', l.id, 'channel', l.channel, 'label', l.label, 'code', l.code,"       \
    " 'url', $3 || '/r/' || l.code, 'registered', (SELECT count(*) FROM registration"              \
    "   WHERE link_id = l.id AND state = 'registered'))"

enum err links_list(struct db_conn *c, const struct identity *who, const struct id *congress,
                    const char *base_url, json_t **items)
{
    enum err err = check_congress(c, who, congress);
    if (err != ERR_OK)
        return err;
    return db_read_json(
        c, items,
        "SELECT coalesce(jsonb_agg(" LINK_JSON " ORDER BY l.created_at, l.id), '[]')"
        "  FROM registration_link l WHERE l.congress_id = $1 AND l.organisation_id = $2",
        "uus", congress, &who->organisation, base_url);
}

static enum err insert_link(struct db_conn *c, const struct identity *who,
                            const struct id *congress, const char *channel, const char *label,
                            int64_t now, struct id *link)
{
    char code[LINK_CODE_LENGTH + 1];
    code_new(code, LINK_CODE_LENGTH);
    struct db_result *r = db_query(
        c,
        "INSERT INTO registration_link (organisation_id, congress_id, channel, label, code,"
        "                               created_at)"
        " SELECT organisation_id, id, $3, $4, $5, $6 FROM congress"
        "  WHERE id = $1 AND organisation_id = $2"
        "    AND (SELECT count(*) FROM registration_link WHERE congress_id = $1) < $7"
        " RETURNING id",
        "uusssti", congress, &who->organisation, channel, label, code, now, (int64_t)LINKS_MAX);
    enum err err = db_err(r);
    if (err == ERR_OK && db_rows(r) == 0)
        err = ERR_TOO_LARGE;
    if (err == ERR_OK)
        *link = db_id(r, 0, 0);
    db_result_free(r);
    return err;
}

enum err links_add(struct db_conn *c, const struct identity *who, const struct id *congress,
                   const char *channel, const char *label, const char *base_url, int64_t now,
                   json_t **out)
{
    struct id link;
    json_t *added = NULL;
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = check_congress(c, who, congress);
    if (err == ERR_OK)
        err = insert_link(c, who, congress, channel, label, now, &link);
    if (err == ERR_OK)
        err = audit_write(c, who, now, "link.create", "registration_link", &link,
                          json_pack("{s:s,s:s}", "channel", channel, "label", label));
    if (err == ERR_OK)
        err = db_read_json(c, &added,
                           "SELECT " LINK_JSON " FROM registration_link l"
                           " WHERE l.id = $1 AND l.organisation_id = $2",
                           "uus", &link, &who->organisation, base_url);
    err = db_end(c, err);
    if (err == ERR_OK)
        *out = added;
    else
        json_decref(added);
    return err;
}
