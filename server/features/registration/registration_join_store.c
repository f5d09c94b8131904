/* The personal link of a registration, and what it opens. */
#include "db/query.h"
#include "features/registration/registration_store.h"

enum err registration_link_holder(struct db_conn *c, const uint8_t link[static TOKEN_HASH_SIZE],
                                  int64_t now, struct id *holder)
{
    return db_read_id(c, holder,
                      "SELECT registration_id FROM one_time_link"
                      " WHERE token_hash = $1 AND expires_at > $2 AND registration_id IS NOT NULL"
                      " UNION ALL SELECT id FROM registration_request"
                      " WHERE token_hash = $1 AND expires_at > $2",
                      "xt", link, (size_t)TOKEN_HASH_SIZE, now);
}

/* The registration of a personal link, locked; ERR_NOT_FOUND when the link does not work. */
static enum err lock_owner(struct db_conn *c, const uint8_t *link, int64_t now,
                           struct link_owner *out)
{
    struct db_result *r =
        db_query(c,
                 "SELECT r.id, r.organisation_id, r.congress_id, r.state = 'cancelled',"
                 "       r.confirmed_at IS NOT NULL, l.expires_at, r.state = 'waiting',"
                 "       r.state = 'in_review', r.state = 'declined'"
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
                                   .expires_at = db_time(r, 0, 5),
                                   .waiting = db_bool(r, 0, 6),
                                   .in_review = db_bool(r, 0, 7),
                                   .declined = db_bool(r, 0, 8)};
    db_result_free(r);
    return err;
}

struct identity link_identity(const struct link_owner *owner)
{
    return (struct identity){.roles = ROLE_HCP,
                             .organisation = owner->organisation,
                             .person = owner->registration,
                             .congress = owner->congress};
}

/* Of before requests were confirmed: the first use of the link did it. */
static enum err confirm(struct db_conn *c, const struct link_owner *owner, int64_t now)
{
    struct identity who = link_identity(owner);
    enum err err = db_exec(c, "UPDATE registration SET confirmed_at = $2 WHERE id = $1", "ut",
                           &owner->registration, now);
    if (err == ERR_OK)
        err = registration_declared(c, &owner->registration, now);
    if (err == ERR_OK)
        err = audit_write(c, &who, now, "registration.confirm", "registration",
                          &owner->registration, NULL);
    return err;
}

static enum err open_sign_in(struct db_conn *c, const struct link_owner *owner, const uint8_t *link,
                             const uint8_t *token, int64_t now)
{
    return db_exec(c,
                   "WITH used AS (UPDATE one_time_link SET used_at = $4"
                   "               WHERE token_hash = $6 AND used_at IS NULL)"
                   "INSERT INTO sign_in (token_hash, organisation_id, registration_id, created_at,"
                   "                     expires_at, via) VALUES ($1, $2, $3, $4, $5, 'join')",
                   "xuuttx", token, (size_t)TOKEN_HASH_SIZE, &owner->organisation,
                   &owner->registration, now, owner->expires_at, link, (size_t)TOKEN_HASH_SIZE);
}

enum err join_vouch(const struct join_wish *wish, const struct id *holder)
{
    return !wish->vouch || wish->vouch(wish->voucher, holder) ? ERR_OK : ERR_RATE;
}

/* The registration of a link, or the one that a request becomes by being confirmed. */
static enum err find_owner(struct db_conn *c, struct change *change, const uint8_t *link,
                           const struct join_wish *wish, struct link_owner *owner,
                           enum registration_refusal *refusal)
{
    enum err err = lock_owner(c, link, wish->at, owner);
    if (err == ERR_NOT_FOUND) {
        err = registration_confirm(c, change, link, wish, owner, refusal);
        if (err != ERR_NOT_FOUND)
            return err;
        /* Somebody confirmed it while this one waited; it is a link now. */
        err = lock_owner(c, link, wish->at, owner);
    }
    return err == ERR_OK ? join_vouch(wish, &owner->registration) : err;
}

static struct db_result *mine_later(struct db_conn *c, const struct link_owner *owner)
{
    return db_later(c, "SELECT registration_json($1)", "u", &owner->registration);
}

/* Whoever waits is not let in, and told their place. */
static enum err say_place(struct db_conn *c, const struct link_owner *owner,
                          struct join_result *out)
{
    return db_read_int(c, &out->waiting_place,
                       "SELECT waiting_place(r) FROM registration r WHERE id = $1", "u",
                       &owner->registration);
}

/* mine: the registration as its person sees it, as soon as it is answered. */
static enum err enter(struct db_conn *c, const struct link_owner *owner, const uint8_t *link,
                      const uint8_t *token, const struct join_wish *wish, struct join_result *out,
                      struct db_result **mine)
{
    out->touched = (struct registration_touched){.registration = owner->registration,
                                                 .congress = owner->congress,
                                                 .changed = owner->fresh || !owner->confirmed};
    out->expires_at = owner->expires_at;
    if (owner->cancelled)
        return ERR_CONFLICT;
    out->in_review = owner->in_review;
    out->refusal = owner->declined ? REGISTRATION_DECLINED : REGISTRATION_OK;
    if (owner->in_review || owner->declined)
        return ERR_OK;
    if (owner->waiting)
        return say_place(c, owner, out);
    enum err err = open_sign_in(c, owner, link, token, wish->at);
    if (err == ERR_OK && !owner->confirmed)
        err = confirm(c, owner, wish->at);
    if (err == ERR_OK)
        *mine = mine_later(c, owner);
    if (err == ERR_OK && owner->decides)
        err = registration_decide(c, owner, &out->refusal);
    return err;
}

enum err registration_join(struct db_conn *c, struct change *change,
                           const uint8_t link[static TOKEN_HASH_SIZE],
                           const uint8_t token[static TOKEN_HASH_SIZE],
                           const struct join_wish *wish, struct join_result *out)
{
    struct link_owner owner = {0};
    struct db_result *mine = NULL;
    *out = (struct join_result){0};
    enum err err = db_begin_brief(c);
    if (err == ERR_OK)
        err = find_owner(c, change, link, wish, &owner, &out->refusal);
    if (err == ERR_OK && out->refusal == REGISTRATION_OK)
        err = enter(c, &owner, link, token, wish, out, &mine);
    if (err == ERR_OK && out->refusal != REGISTRATION_OK) {
        db_rollback(c);
        change_reset(change);
    } else {
        err = change_end(c, change, err);
        out->mine = err == ERR_OK && mine ? db_json(mine, 0, 0) : NULL;
    }
    db_result_free(mine);
    return err;
}

/* How the end of what was in that state is told. */
static enum registration_mail_kind mail_of_end(const char *state)
{
    enum registration_mail_kind kind = mail_of_state(state, MAIL_CANCELLED);
    if (kind == MAIL_WAITING)
        return MAIL_WITHDRAWN;
    return kind == MAIL_IN_REVIEW ? MAIL_RETRACTED : kind;
}

/* Inside a transaction. Cancelling twice changes nothing, nor does what was declined. */
static enum err cancel(struct db_conn *c, const struct identity *who, const struct id *registration,
                       const char *base_url, int64_t now, struct registration_touched *touched)
{
    struct db_result *r =
        db_query(c,
                 "UPDATE registration r SET state = 'cancelled', cancelled_at = $3"
                 "  FROM (SELECT id, state FROM registration WHERE id = $1"
                 "           FOR NO KEY UPDATE) o"
                 " WHERE r.id = o.id AND r.organisation_id = $2"
                 "   AND r.state NOT IN ('cancelled', 'declined')"
                 " RETURNING r.congress_id, o.state",
                 "uut", registration, &who->organisation, now);
    enum err err = db_err(r);
    *touched = (struct registration_touched){.registration = *registration,
                                             .changed = err == ERR_OK && db_rows(r) == 1};
    enum registration_mail_kind mail = MAIL_CANCELLED;
    if (touched->changed) {
        touched->congress = db_id(r, 0, 0);
        mail = mail_of_end(db_text(r, 0, 1));
    }
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
        err = registration_mail_send(c, registration, mail, base_url, now);
    return err == ERR_NOT_FOUND ? ERR_OK : err; /* an erased person gets no mail */
}

static enum err withdraw_request(struct db_conn *c, const uint8_t *link)
{
    return db_found(c, "DELETE FROM registration_request WHERE token_hash = $1 RETURNING 1", "x",
                    link, (size_t)TOKEN_HASH_SIZE);
}

enum err registration_cancel_by_link(struct db_conn *c, const uint8_t link[static TOKEN_HASH_SIZE],
                                     const char *base_url, int64_t now,
                                     struct registration_touched *touched)
{
    struct link_owner owner = {0};
    *touched = (struct registration_touched){0};
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = lock_owner(c, link, now, &owner);
    struct identity who = link_identity(&owner);
    if (err == ERR_OK)
        err = cancel(c, &who, &owner.registration, base_url, now, touched);
    else if (err == ERR_NOT_FOUND)
        err = withdraw_request(c, link);
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

enum err registration_preview(struct db_conn *c, const uint8_t link[static TOKEN_HASH_SIZE],
                              int64_t now, json_t **out)
{
    return db_read_json(c, out, "SELECT link_preview($1, $2)", "xt", link, (size_t)TOKEN_HASH_SIZE,
                        now);
}

enum err registration_mine(struct db_conn *c, const struct identity *who, json_t **out)
{
    return db_read_json(c, out,
                        "SELECT registration_json(id) FROM registration"
                        " WHERE id = $1 AND organisation_id = $2",
                        "uu", &who->person, &who->organisation);
}

enum err registration_data(struct db_conn *c, const struct identity *who, int64_t now, json_t **out)
{
    enum err err = db_read_json(c, out,
                                "SELECT personal_data(hcp_id) || jsonb_build_object("
                                "    'invitations', invitation_data(hcp_id),"
                                "    'answers', person_answers(hcp_id),"
                                "    'representatives', representative_data(hcp_id))"
                                "  FROM registration"
                                " WHERE id = $1 AND organisation_id = $2",
                                "uu", &who->person, &who->organisation);
    if (err == ERR_OK)
        err = audit_write(c, who, now, "registration.export", "registration", &who->person, NULL);
    if (err != ERR_OK) {
        json_decref(*out);
        *out = NULL;
    }
    return err;
}
