/* The registration links of a congress: one for each channel, and more. */
#include "db/query.h"
#include "features/registration/registration_store.h"
#include <string.h>

#define LINKS_MAX 200

static enum err check_congress(struct db_conn *c, const struct identity *who,
                               const struct id *congress)
{
    return db_found(c, "SELECT 1 FROM congress WHERE id = $1 AND organisation_id = $2", "uu",
                    congress, &who->organisation);
}

/* waiting: forms by it that their mails did not confirm yet. */
#define LINK_JSON                                                                                  \
    "jsonb_build_object('id', l.id, 'channel', l.channel, 'label', l.label, 'code', l.code,"       \
    " 'url', $3 || '/r/' || l.code, 'open', l.closed_at IS NULL,"                                  \
    " 'registered', (SELECT count(*) FROM registration"                                            \
    "   WHERE link_id = l.id AND state = 'registered'),"                                           \
    " 'waiting', (SELECT count(*) FROM registration_request"                                       \
    "   WHERE link_id = l.id AND expires_at > $4),"                                                \
    " 'used', EXISTS (SELECT 1 FROM registration WHERE link_id = l.id))"

enum err links_list(struct db_conn *c, const struct identity *who, const struct id *congress,
                    const char *base_url, int64_t now, json_t **items)
{
    enum err err = check_congress(c, who, congress);
    if (err != ERR_OK)
        return err;
    return db_read_json(
        c, items,
        "SELECT coalesce(jsonb_agg(" LINK_JSON " ORDER BY l.created_at, l.id), '[]')"
        "  FROM registration_link l WHERE l.congress_id = $1 AND l.organisation_id = $2",
        "uust", congress, &who->organisation, base_url, now);
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

static enum err read_link(struct db_conn *c, const struct identity *who, const struct id *link,
                          const char *base_url, int64_t now, json_t **out)
{
    return db_read_json(c, out,
                        "SELECT " LINK_JSON " FROM registration_link l"
                        " WHERE l.id = $1 AND l.organisation_id = $2",
                        "uust", link, &who->organisation, base_url, now);
}

/* Ends the transaction that made *out, which is left on success alone. */
static enum err end_with(struct db_conn *c, enum err err, json_t *made, json_t **out)
{
    err = db_end(c, err);
    if (err == ERR_OK)
        *out = made;
    else
        json_decref(made);
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
        err = congress_lock(c, who, congress);
    if (err == ERR_OK)
        err = insert_link(c, who, congress, channel, label, now, &link);
    if (err == ERR_OK)
        err = audit_write(c, who, now, "link.create", "registration_link", &link,
                          json_pack("{s:s,s:s}", "channel", channel, "label", label));
    if (err == ERR_OK)
        err = read_link(c, who, &link, base_url, now, &added);
    return end_with(c, err, added, out);
}

/* --- what becomes of a link --- */

struct link {
    bool open;
    json_t *told; /* for the audit log */
};

/* Locked: nobody comes by it meanwhile. */
static enum err lock_link(struct db_conn *c, const struct identity *who, const struct id *id,
                          struct link *link)
{
    struct db_result *r = db_query(c,
                                   "SELECT closed_at IS NULL, channel, label FROM registration_link"
                                   " WHERE id = $1 AND organisation_id = $2 FOR UPDATE",
                                   "uu", id, &who->organisation);
    enum err err = db_one(r);
    *link = (struct link){0};
    if (err == ERR_OK)
        *link = (struct link){
            .open = db_bool(r, 0, 0),
            .told = json_pack("{s:s,s:s}", "channel", db_text(r, 0, 1), "label", db_text(r, 0, 2))};
    db_result_free(r);
    return err;
}

static enum err rename_link(struct db_conn *c, const struct identity *who, const struct id *id,
                            const char *label, struct link *link, int64_t now)
{
    if (strcmp(label, json_string_value(json_object_get(link->told, "label"))) == 0)
        return ERR_OK;
    enum err err =
        db_exec(c, "UPDATE registration_link SET label = $2 WHERE id = $1", "us", id, label);
    json_object_set_new(link->told, "label", json_string(label));
    return err ? err
               : audit_write(c, who, now, "link.rename", "registration_link", id,
                             json_deep_copy(link->told));
}

static enum err switch_link(struct db_conn *c, const struct identity *who, const struct id *id,
                            bool open, const struct link *link, int64_t now)
{
    if (open == link->open)
        return ERR_OK;
    enum err err = db_exec(c, "UPDATE registration_link SET closed_at = $2 WHERE id = $1", "ut", id,
                           open ? DB_NULL_TIME : now);
    return err ? err
               : audit_write(c, who, now, open ? "link.open" : "link.close", "registration_link",
                             id, json_deep_copy(link->told));
}

enum err links_change(struct db_conn *c, const struct identity *who, const struct id *id,
                      const struct link_change *change, const char *base_url, int64_t now,
                      json_t **out)
{
    struct link link = {0};
    json_t *changed = NULL;
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = lock_link(c, who, id, &link);
    if (err == ERR_OK && change->label)
        err = rename_link(c, who, id, change->label, &link, now);
    if (err == ERR_OK && change->switches)
        err = switch_link(c, who, id, change->open, &link, now);
    if (err == ERR_OK)
        err = read_link(c, who, id, base_url, now, &changed);
    json_decref(link.told);
    return end_with(c, err, changed, out);
}

/* ERR_CONFLICT: somebody registered by it, is about to, or was invited by it. */
static enum err check_unused(struct db_conn *c, const struct id *id, int64_t now)
{
    bool used = false;
    enum err err =
        db_exec(c, "DELETE FROM registration_request WHERE link_id = $1 AND expires_at <= $2", "ut",
                id, now);
    if (err == ERR_OK)
        err = db_read_bool(c, &used,
                           "SELECT EXISTS (SELECT 1 FROM registration WHERE link_id = $1)"
                           "    OR EXISTS (SELECT 1 FROM invitation_round WHERE link_id = $1)"
                           "    OR EXISTS (SELECT 1 FROM registration_request WHERE link_id = $1)",
                           "u", id);
    return err == ERR_OK && used ? ERR_CONFLICT : err;
}

enum err links_delete(struct db_conn *c, const struct identity *who, const struct id *id,
                      int64_t now)
{
    struct link link = {0};
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = lock_link(c, who, id, &link);
    if (err == ERR_OK)
        err = check_unused(c, id, now);
    if (err == ERR_OK)
        err = db_exec(c, "DELETE FROM registration_link WHERE id = $1", "u", id);
    if (err == ERR_OK)
        err = audit_write(c, who, now, "link.delete", "registration_link", id,
                          json_incref(link.told));
    json_decref(link.told);
    return db_end(c, err);
}
