/* The personal link of a registration, and what it opens. */
#include "db/query.h"
#include "features/registration/registration_store.h"

struct link_owner {
    struct id registration, organisation, congress;
    bool cancelled, confirmed;
    int64_t expires_at;
};

/* The registration of a personal link, locked; ERR_NOT_FOUND when the link does not work. */
static enum err lock_owner(struct db_conn *c, const uint8_t *link, int64_t now,
                           struct link_owner *out)
{
    struct db_result *r =
        db_query(c,
                 "SELECT r.id, r.organisation_id, r.congress_id, r.state = 'cancelled',"
                 "       r.confirmed_at IS NOT NULL, l.expires_at"
                 "  FROM one_time_link l JOIN registration r ON r.id = l.registration_id"
                 "  JOIN hcp h ON h.id = r.hcp_id AND h.erased_at IS NULL"
                 " WHERE l.token_hash = $1 AND l.expires_at > $2 FOR NO KEY UPDATE OF r",
                 "xt", link, (size_t)TOKEN_HASH_SIZE, now);
    enum err err = db_one(r);
    if (err == ERR_OK)
        *out = (struct link_owner){.registration = db_id(r, 0, 0),
                                   .organisation = db_id(r, 0, 1),
                                   .congress = db_id(r, 0, 2),
                                   .cancelled = db_bool(r, 0, 3),
                                   .confirmed = db_bool(r, 0, 4),
                                   .expires_at = db_time(r, 0, 5)};
    db_result_free(r);
    return err;
}

static struct identity identity_of(const struct link_owner *owner)
{
    return (struct identity){.roles = ROLE_HCP,
                             .organisation = owner->organisation,
                             .person = owner->registration,
                             .congress = owner->congress};
}

/* The mailbox is proven: what was declared for this registration counts for the person now. */
static enum err confirm(struct db_conn *c, const struct link_owner *owner, int64_t now)
{
    struct identity who = identity_of(owner);
    enum err err = db_exec(c, "UPDATE registration SET confirmed_at = $2 WHERE id = $1", "ut",
                           &owner->registration, now);
    if (err == ERR_OK)
        err = db_exec(
            c,
            "INSERT INTO hcp_attributes (organisation_id, hcp_id, source, profession, specialty,"
            "                            practice_setting, region, age_band, at)"
            " SELECT organisation_id, hcp_id, 'declared', profession, specialty, practice_setting,"
            "        region, age_band, $2 FROM registration WHERE id = $1"
            " ON CONFLICT (hcp_id, source) DO UPDATE SET profession = excluded.profession,"
            "   specialty = excluded.specialty, practice_setting = excluded.practice_setting,"
            "   region = excluded.region, age_band = excluded.age_band, at = excluded.at",
            "ut", &owner->registration, now);
    if (err == ERR_OK)
        err = audit_write(c, &who, now, "registration.confirm", "registration",
                          &owner->registration, NULL);
    return err;
}

static enum err open_sign_in(struct db_conn *c, const struct link_owner *owner, const uint8_t *link,
                             const uint8_t *token, int64_t now)
{
    enum err err =
        db_exec(c,
                "INSERT INTO sign_in (token_hash, organisation_id, registration_id, created_at,"
                "                     expires_at, via) VALUES ($1, $2, $3, $4, $5, 'join')",
                "xuutt", token, (size_t)TOKEN_HASH_SIZE, &owner->organisation, &owner->registration,
                now, owner->expires_at);
    if (err == ERR_OK)
        err = db_exec(
            c, "UPDATE one_time_link SET used_at = coalesce(used_at, $2) WHERE token_hash = $1",
            "xt", link, (size_t)TOKEN_HASH_SIZE, now);
    return err;
}

enum err registration_join(struct db_conn *c, const uint8_t link[static TOKEN_HASH_SIZE],
                           const uint8_t token[static TOKEN_HASH_SIZE], int64_t now,
                           struct registration_touched *touched, int64_t *expires_at, json_t **out)
{
    struct link_owner owner = {0};
    json_t *json = NULL;
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = lock_owner(c, link, now, &owner);
    if (err == ERR_OK && owner.cancelled)
        err = ERR_CONFLICT;
    if (err == ERR_OK)
        err = open_sign_in(c, &owner, link, token, now);
    if (err == ERR_OK && !owner.confirmed)
        err = confirm(c, &owner, now);
    struct identity who = identity_of(&owner);
    if (err == ERR_OK)
        err = registration_mine(c, &who, &json);
    err = db_end(c, err);
    if (err != ERR_OK) {
        json_decref(json);
        return err;
    }
    *touched = (struct registration_touched){.registration = owner.registration,
                                             .congress = owner.congress,
                                             .changed = !owner.confirmed};
    *expires_at = owner.expires_at;
    *out = json;
    return ERR_OK;
}

/* Inside a transaction. Cancelling twice changes nothing. */
static enum err cancel(struct db_conn *c, const struct identity *who, const struct id *registration,
                       const char *base_url, int64_t now, struct registration_touched *touched)
{
    struct db_result *r =
        db_query(c,
                 "UPDATE registration SET state = 'cancelled', cancelled_at = $3 WHERE id = $1"
                 "   AND organisation_id = $2 AND state = 'registered' RETURNING congress_id",
                 "uut", registration, &who->organisation, now);
    enum err err = db_err(r);
    *touched = (struct registration_touched){.registration = *registration,
                                             .changed = err == ERR_OK && db_rows(r) == 1};
    if (touched->changed)
        touched->congress = db_id(r, 0, 0);
    db_result_free(r);
    if (err != ERR_OK || !touched->changed)
        return err;
    err = db_exec(c,
                  "UPDATE sign_in SET revoked_at = $2"
                  " WHERE registration_id = $1 AND revoked_at IS NULL",
                  "ut", registration, now);
    if (err == ERR_OK)
        err = audit_write(c, who, now, "registration.cancel", "registration", registration, NULL);
    if (err == ERR_OK)
        err = registration_mail_send(c, registration, MAIL_CANCELLED, base_url, now);
    return err == ERR_NOT_FOUND ? ERR_OK : err; /* an erased person gets no mail */
}

enum err registration_cancel_by_link(struct db_conn *c, const uint8_t link[static TOKEN_HASH_SIZE],
                                     const char *base_url, int64_t now,
                                     struct registration_touched *touched)
{
    struct link_owner owner = {0};
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = lock_owner(c, link, now, &owner);
    struct identity who = identity_of(&owner);
    if (err == ERR_OK)
        err = cancel(c, &who, &owner.registration, base_url, now, touched);
    return db_end(c, err);
}

enum err registration_cancel(struct db_conn *c, const struct identity *who,
                             const struct id *registration, const char *base_url, int64_t now,
                             struct registration_touched *touched)
{
    enum err err = db_begin(c);
    if (err != ERR_OK)
        return err;
    err = db_found(c, "SELECT 1 FROM registration WHERE id = $1 AND organisation_id = $2", "uu",
                   registration, &who->organisation);
    if (err == ERR_OK)
        err = cancel(c, who, registration, base_url, now, touched);
    return db_end(c, err);
}

enum err registration_mine(struct db_conn *c, const struct identity *who, json_t **out)
{
    return db_read_json(c, out,
                        "SELECT registration_json(id) FROM registration"
                        " WHERE id = $1 AND organisation_id = $2",
                        "uu", &who->person, &who->organisation);
}

enum err registration_data(struct db_conn *c, const struct identity *who, json_t **out)
{
    return db_read_json(c, out,
                        "SELECT personal_data(hcp_id) FROM registration"
                        " WHERE id = $1 AND organisation_id = $2",
                        "uu", &who->person, &who->organisation);
}
