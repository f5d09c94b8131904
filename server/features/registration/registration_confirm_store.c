/* A request becomes a registration: its mailbox confirmed it, so its name, attributes and consents
 * count from now on. */
#include "base/mem.h"
#include "db/query.h"
#include "features/registration/registration_store.h"
#include <stdio.h>
#include <stdlib.h>

struct request {
    struct id id, organisation, congress, hcp, invitation;
    bool invited;
    char email[ADDRESS_SIZE];
    char *first_name, *last_name;
    json_t *answers;  /* NULL: there are no questions */
    json_t *provider; /* NULL: it said nothing */
};

/* The congress, too: whether places are kept does not change before the end. */
static enum err lock_request(struct db_conn *c, const uint8_t *token, int64_t now,
                             struct request *q)
{
    struct db_result *r = db_query(c,
                                   "SELECT q.id, q.organisation_id, q.congress_id, first_name,"
                                   "       last_name, email, invitation_id,"
                                   "       CASE WHEN EXISTS (SELECT FROM form_question f"
                                   "            WHERE f.congress_id = c.id) THEN answers END,"
                                   "       provider"
                                   "  FROM registration_request q JOIN congress c"
                                   "    ON c.id = q.congress_id"
                                   " WHERE token_hash = $1 AND expires_at > $2"
                                   "   FOR UPDATE OF q FOR KEY SHARE OF c",
                                   "xt", token, (size_t)TOKEN_HASH_SIZE, now);
    enum err err = db_one(r);
    if (err == ERR_OK) {
        *q = (struct request){.id = db_id(r, 0, 0),
                              .organisation = db_id(r, 0, 1),
                              .congress = db_id(r, 0, 2),
                              .invitation = db_id(r, 0, 6),
                              .invited = !db_null(r, 0, 6),
                              .first_name = mem_strdup(db_text(r, 0, 3)),
                              .last_name = mem_strdup(db_text(r, 0, 4)),
                              .answers = db_json(r, 0, 7),
                              .provider = db_json(r, 0, 8)};
        snprintf(q->email, sizeof q->email, "%s", db_text(r, 0, 5));
    }
    db_result_free(r);
    return err;
}

/* --- whose it is --- */

static enum err add_person(struct db_conn *c, struct request *q, int64_t now)
{
    q->hcp = id_random();
    return db_exec(c,
                   "INSERT INTO hcp (id, organisation_id, email, first_name, last_name, created_at)"
                   " VALUES ($1, $2, $3, $4, $5, $6)",
                   "uussst", &q->hcp, &q->organisation, q->email, q->first_name, q->last_name, now);
}

/* The row of whoever the request is of, among those known at its address; -1: of none of them. The
 * same name says it, or who confirms. */
static int row_of(const struct db_result *people, const struct id *wanted)
{
    int found = -1;
    for (int i = 0; i < db_rows(people); i++) {
        struct id id = db_id(people, i, 0);
        if (db_bool(people, i, 1))
            return i;
        if (wanted && id_equal(&id, wanted))
            found = i;
    }
    return found;
}

/* Others at this address: is it one of them, under a new name, or somebody else? */
static enum err choose(struct db_conn *c, struct change *change, struct request *q,
                       const struct join_wish *wish, const struct db_result *people,
                       enum registration_refusal *refusal)
{
    int row = row_of(people, wish->person), others = db_rows(people);
    if (row >= 0) {
        q->hcp = db_id(people, row, 0);
        if (db_bool(people, row, 2))
            return ERR_OK;
        return person_rename(c, change, &q->hcp, q->first_name, q->last_name);
    }
    if (wish->person)
        return ERR_NOT_FOUND;
    if ((others > 0 && !wish->somebody_else) || others >= PEOPLE_PER_ADDRESS) {
        *refusal = REGISTRATION_PERSON;
        return ERR_OK;
    }
    return add_person(c, q, wish->at);
}

static enum err settle_person(struct db_conn *c, struct change *change, struct request *q,
                              const struct join_wish *wish, enum registration_refusal *refusal)
{
    enum err err = address_lock(c, q->email);
    if (err != ERR_OK)
        return err;
    struct db_result *people =
        db_query(c,
                 "SELECT id, folded(first_name || ' ' || last_name)"
                 "         = folded($3::text || ' ' || $4::text),"
                 "       first_name = $3 AND last_name = $4"
                 "  FROM hcp WHERE organisation_id = $1 AND email = $2",
                 "usss", &q->organisation, q->email, q->first_name, q->last_name);
    err = db_err(people);
    if (err == ERR_OK)
        err = choose(c, change, q, wish, people, refusal);
    db_result_free(people);
    return err;
}

/* --- what counts from now on --- */

/* The registration, what was agreed to, and the token of the request as the first personal link,
 * used this moment. A registration that was cancelled or declined
 * begins anew: what opened it before does not
 * open it again. */
#define OVER "r.state IN ('cancelled', 'declined')"
static const char WRITE[] =
    "WITH q AS (DELETE FROM registration_request WHERE id = $1 RETURNING *),"
    " earlier AS (SELECT id, state = 'registered' AS held,"
    "                    state IN ('cancelled', 'declined') AS over"
    "               FROM registration r"
    "              WHERE r.congress_id = $2 AND r.hcp_id = $3),"
    " numbered AS (UPDATE hcp h SET rpps = q.rpps FROM q WHERE h.id = $3 AND h.rpps IS DISTINCT "
    "FROM q.rpps"
    "               AND q.rpps IS NOT NULL),"
    " ended AS (DELETE FROM one_time_link l USING earlier e"
    "            WHERE l.registration_id = e.id AND e.over),"
    " written AS (INSERT INTO registration AS r (organisation_id, congress_id, hcp_id, link_id,"
    "     channel, language, state, profession, specialty, practice_setting, region, age_band,"
    "     registered_at, confirmed_at, category, affiliation)"
    "   SELECT q.organisation_id, q.congress_id, $3, l.id, l.channel, q.language,"
    "          confirmed_state($2, $3, q.category),"
    "          q.profession, q.specialty, q.practice_setting, q.region, q.age_band, $4, $4,"
    "          q.category, q.affiliation"
    "     FROM q JOIN registration_link l ON l.id = q.link_id"
    "   ON CONFLICT (congress_id, hcp_id) DO UPDATE SET language = excluded.language,"
    "     profession = excluded.profession, specialty = excluded.specialty,"
    "     practice_setting = excluded.practice_setting, region = excluded.region,"
    "     age_band = excluded.age_band, cancelled_at = NULL,"
    "     category = excluded.category, affiliation = excluded.affiliation,"
    "     registry_verdict = CASE excluded.category WHEN 'hcp' THEN r.registry_verdict END,"
    "     state = CASE WHEN r.state IN ('registered', 'waiting') THEN r.state"
    "                  ELSE excluded.state END,"
    "     confirmed_at = excluded.confirmed_at,"
    "     link_id = CASE WHEN " OVER " THEN excluded.link_id ELSE r.link_id END,"
    "     channel = CASE WHEN " OVER " THEN excluded.channel ELSE r.channel END,"
    "     registered_at = CASE WHEN " OVER " THEN excluded.registered_at"
    "                                  ELSE r.registered_at END RETURNING id, state),"
    " agreed AS (INSERT INTO registration_consent (registration_id, organisation_id, kind, version,"
    "     language, given, at)"
    "   SELECT w.id, q.organisation_id, a.kind, a.version, q.language, a.given, $4"
    "     FROM written w, q, jsonb_to_recordset(q.consents)"
    "          AS a (kind text, version int, given boolean)),"
    " link AS (INSERT INTO one_time_link (token_hash, organisation_id, purpose, registration_id,"
    "     created_at, expires_at, used_at)"
    "   SELECT q.token_hash, q.organisation_id, 'join', w.id, $4,"
    "          join_links_end(q.congress_id, $4), $4 FROM written w, q RETURNING expires_at)"
    " SELECT w.id, link.expires_at, coalesce((SELECT held FROM earlier), false),"
    "        w.state = 'waiting', w.state = 'in_review'"
    "   FROM written w, link";

static enum err write_registration(struct db_conn *c, const struct request *q, int64_t now,
                                   struct link_owner *owner)
{
    struct db_result *r = db_query(c, WRITE, "uuut", &q->id, &q->congress, &q->hcp, now);
    enum err err = db_one(r);
    if (err == ERR_OK)
        *owner = (struct link_owner){.registration = db_id(r, 0, 0),
                                     .organisation = q->organisation,
                                     .congress = q->congress,
                                     .confirmed = true,
                                     .fresh = true,
                                     .decides = true,
                                     .waiting = db_bool(r, 0, 3),
                                     .in_review = db_bool(r, 0, 4),
                                     .expires_at = db_time(r, 0, 1),
                                     .held = db_bool(r, 0, 2)};
    db_result_free(r);
    return err;
}

enum err registration_declared(struct db_conn *c, const struct id *registration, int64_t now)
{
    return db_exec(
        c,
        "INSERT INTO hcp_attributes (organisation_id, hcp_id, source, profession, specialty,"
        "                            practice_setting, region, age_band, at)"
        " SELECT organisation_id, hcp_id, 'declared', profession, specialty, practice_setting,"
        "        region, age_band, $2 FROM registration WHERE id = $1 AND category = 'hcp'"
        " ON CONFLICT (hcp_id, source) DO UPDATE SET profession = excluded.profession,"
        "   specialty = excluded.specialty, practice_setting = excluded.practice_setting,"
        "   region = excluded.region, age_band = excluded.age_band, at = excluded.at",
        "ut", registration, now);
}

static const char *audit_word(const struct link_owner *owner)
{
    if (owner->in_review)
        return "registration.review";
    if (owner->waiting)
        return "registration.wait";
    return owner->held ? "registration.confirm" : "registration.create";
}

static enum registration_mail_kind mail_word(const struct link_owner *owner)
{
    if (owner->in_review)
        return MAIL_IN_REVIEW;
    return owner->waiting ? MAIL_WAITING : MAIL_WELCOME;
}

/* Where it is reviewed, or places are kept, it is decided here, as the mail says what became of it;
 * elsewhere last, by registration_decide(). */
static enum err write_all(struct db_conn *c, const struct request *q, const struct join_wish *wish,
                          struct link_owner *owner, enum registration_refusal *refusal)
{
    const struct id *registration = &owner->registration;
    enum err err = write_registration(c, q, wish->at, owner);
    if (err == ERR_OK)
        err = registration_declared(c, registration, wish->at);
    if (err == ERR_OK)
        err = db_exec(c, "SELECT match_registration($1)", "u", registration);
    if (err == ERR_OK)
        err = person_verify(c, &q->hcp, wish->at);
    if (err == ERR_OK && q->provider)
        err = provider_keep(c, &q->hcp, q->provider, wish->at);
    if (err == ERR_OK && q->answers)
        err = db_exec(c, "SELECT form_answers_keep($1, $2, $3)", "ujt", registration, q->answers,
                      wish->at);
    if (err == ERR_OK && q->invited)
        err =
            db_exec(c, "SELECT invitation_registered($1, $2)", "uu", &q->invitation, registration);
    if (err == ERR_OK && owner->in_review)
        err = review_begin(c, owner, wish->at, refusal);
    if (err == ERR_OK && owner->waiting)
        err = place_decide(c, owner, wish->at, refusal);
    if (err != ERR_OK || *refusal != REGISTRATION_OK)
        return err;
    struct identity who = link_identity(owner);
    err = audit_write(c, &who, wish->at, audit_word(owner), "registration", registration, NULL);
    if (err == ERR_OK && !owner->held)
        err = registration_mail_send(c, registration, mail_word(owner), wish->base_url, wish->at);
    return err == ERR_RATE ? ERR_OK : err; /* it had its links */
}

enum err registration_confirm(struct db_conn *c, struct change *change, const uint8_t *token,
                              const struct join_wish *wish, struct link_owner *owner,
                              enum registration_refusal *refusal)
{
    struct request q = {0};
    *refusal = REGISTRATION_OK;
    enum err err = lock_request(c, token, wish->at, &q);
    if (err == ERR_OK)
        err = join_vouch(wish, &q.id);
    if (err == ERR_OK)
        err = settle_person(c, change, &q, wish, refusal);
    if (err == ERR_OK && *refusal == REGISTRATION_OK)
        err = write_all(c, &q, wish, owner, refusal);
    free(q.first_name);
    free(q.last_name);
    json_decref(q.answers);
    json_decref(q.provider);
    return err == ERR_CONFLICT ? ERR_RETRY : err; /* that name was taken at the same moment */
}

/* Where no places are kept: the policy, then the seats: last, just before the commit, so that
 * nobody waits for anything but the decision. Who had their seat before keeps it. */
enum err registration_decide(struct db_conn *c, const struct link_owner *owner,
                             enum registration_refusal *refusal)
{
    bool admitted = true, open = false, full = false;
    enum err err = ERR_OK;
    if (!owner->held)
        err = registration_admit(c, &owner->registration, &admitted);
    if (err == ERR_OK && admitted)
        err = seats_decide(c, &owner->congress, &open, &full);
    if (err == ERR_OK && !admitted)
        *refusal = REGISTRATION_NOT_ADMITTED;
    else if (err == ERR_OK && !open)
        *refusal = REGISTRATION_CLOSED;
    else if (err == ERR_OK && full && !owner->held)
        *refusal = REGISTRATION_FULL;
    return err;
}
