/* The person behind a registration: their name, and what erasure does. */
#include "base/mem.h"
#include "db/query.h"
#include "features/registration/registration_store.h"
#include <stdio.h>
#include <stdlib.h>

#define ADDRESS_LOCK 0xadd7 /* class of the advisory locks; there may be no row to lock */

enum err address_lock(struct db_conn *c, const char *email)
{
    return db_exec(c, "SELECT pg_advisory_xact_lock($1::int, hashtext($2))", "is",
                   (int64_t)ADDRESS_LOCK, email);
}

enum err registration_name(struct db_conn *c, const struct id *registration, char **name)
{
    struct db_result *r = db_query(c,
                                   "SELECT nullif(trim(h.first_name || ' ' || h.last_name), '')"
                                   "  FROM registration r JOIN hcp h ON h.id = r.hcp_id"
                                   " WHERE r.id = $1",
                                   "u", registration);
    enum err err = db_err(r);
    *name = !err && db_rows(r) && !db_null(r, 0, 0) ? mem_strdup(db_text(r, 0, 0)) : NULL;
    db_result_free(r);
    return err;
}

static enum err find_person(struct db_conn *c, const struct change *change,
                            const struct id *registration, struct id *hcp)
{
    return db_read_id(c, hcp,
                      "SELECT hcp_id FROM registration WHERE id = $1 AND organisation_id = $2",
                      "uu", registration, &change->who.organisation);
}

static enum err lock_sessions(struct db_conn *c, const struct id *hcp)
{
    return db_exec(c,
                   "SELECT sessions_lock(array(SELECT s.id FROM registration r"
                   "         JOIN session s ON s.congress_id = r.congress_id"
                   "        WHERE r.hcp_id = $1 AND s.state <> 'draft'))",
                   "u", hcp);
}

static enum err lock_person(struct db_conn *c, const struct id *hcp)
{
    enum err err = lock_sessions(c, hcp); /* who asks now is named before the change, or after it */
    return err ? err : db_exec(c, "SELECT 1 FROM hcp WHERE id = $1 FOR UPDATE", "u", hcp);
}

enum err person_lock(struct db_conn *c, const struct change *change, const struct id *registration,
                     struct id *hcp)
{
    enum err err = find_person(c, change, registration, hcp);
    return err ? err : lock_person(c, hcp);
}

enum err person_tell(struct db_conn *c, struct change *change, const struct id *hcp,
                     const char *type)
{
    struct db_result *r =
        db_query(c, "SELECT session_id, registration_id FROM sessions_naming($1)", "u", hcp);
    enum err err = db_err(r);
    for (int i = 0; !err && i < db_rows(r); i++) {
        char text[ID_TEXT_SIZE];
        struct id session = db_id(r, i, 0), registration = db_id(r, i, 1);
        err = change_event(c, change, &session, type,
                           json_pack("{s:s}", "registration", id_text(&registration, text)));
    }
    db_result_free(r);
    return err;
}

/* --- their name --- */

enum err person_verify(struct db_conn *c, const struct id *hcp, int64_t now)
{
    return db_exec(c, "SELECT registry_verify($1, $2)", "ut", hcp, now);
}

enum err person_rename(struct db_conn *c, struct change *change, const struct id *hcp,
                       const char *first_name, const char *last_name)
{
    enum err err = lock_person(c, hcp);
    if (!err)
        err = db_exec(c,
                      "UPDATE hcp SET first_name = $2, last_name = $3"
                      " WHERE id = $1 AND erased_at IS NULL",
                      "uss", hcp, first_name, last_name);
    if (!err)
        err = person_verify(c, hcp, change->at);
    return err ? err : person_tell(c, change, hcp, "person.renamed");
}

enum err registration_rename(struct db_conn *c, struct change *change, const char *first_name,
                             const char *last_name, json_t **out)
{
    struct id hcp;
    json_t *json = NULL;
    enum err err = change_begin(c);
    if (!err)
        err = find_person(c, change, &change->who.person, &hcp);
    if (!err)
        err = person_rename(c, change, &hcp, first_name, last_name);
    if (!err)
        err = change_audit(c, change, "registration.rename", "registration", &change->who.person,
                           NULL);
    if (!err)
        err = registration_mine(c, &change->who, &json);
    err = change_end(c, change, err);
    if (err)
        json_decref(json);
    else
        *out = json;
    return err;
}

/* --- erasure --- */

enum err person_addresses(struct db_conn *c, const struct change *change,
                          const struct id *registration, json_t **addresses)
{
    return db_read_json(c, addresses,
                        "SELECT (SELECT coalesce(jsonb_agg(DISTINCT a.email), '[]') FROM ("
                        "    SELECT h.email UNION SELECT from_email FROM address_change"
                        "     WHERE hcp_id = h.id UNION SELECT to_email FROM address_change"
                        "     WHERE hcp_id = h.id) a (email) WHERE a.email IS NOT NULL)"
                        "  FROM registration r JOIN hcp h ON h.id = r.hcp_id"
                        " WHERE r.id = $1 AND r.organisation_id = $2",
                        "uu", registration, &change->who.organisation);
}

enum err person_end_access(struct db_conn *c, const struct id *hcp, const struct id *but,
                           int64_t now)
{
    enum err err = db_exec(c,
                           "UPDATE sign_in SET revoked_at = $2 WHERE revoked_at IS NULL"
                           "   AND id IS DISTINCT FROM $3 AND registration_id IN"
                           "       (SELECT id FROM registration WHERE hcp_id = $1)",
                           "utu", hcp, now, but);
    if (err == ERR_OK)
        err = db_exec(c,
                      "DELETE FROM one_time_link WHERE registration_id IN"
                      "       (SELECT id FROM registration WHERE hcp_id = $1)",
                      "u", hcp);
    return err;
}

/* Mail to the person that still waits is not sent; nothing keeps the address, nor what a mail
 * server said of it. Mails that a form asked for are not known to be anybody's: those to their
 * address, and those that name them at a former one. */
static enum err empty_outbox(struct db_conn *c, const struct id *hcp, int64_t now)
{
    return db_exec(c,
                   "UPDATE outbox o SET to_address = NULL, message = NULL,"
                   "       failed_at = CASE WHEN o.sent_at IS NULL"
                   "                        THEN coalesce(o.failed_at, $2) END,"
                   "       last_error = CASE WHEN o.sent_at IS NULL AND o.failed_at IS NULL"
                   "                         THEN 'erased' END"
                   "  FROM hcp h WHERE h.id = $1 AND o.organisation_id = h.organisation_id"
                   "   AND (o.hcp_id = h.id OR (o.hcp_id IS NULL AND (o.to_address = h.email"
                   "        OR strpos(lower(o.last_error), h.email) > 0"
                   "        OR (o.to_address IN (SELECT from_email FROM address_change"
                   "                              WHERE hcp_id = h.id)"
                   "            AND strpos(o.message->>'text',"
                   "                       h.first_name || ' ' || h.last_name) > 0))))",
                   "ut", hcp, now);
}

/* Forms that somebody filled in with the address and that nobody confirmed yet. */
static enum err forget_requests(struct db_conn *c, const struct id *hcp)
{
    return db_exec(c,
                   "DELETE FROM registration_request q USING hcp h WHERE h.id = $1"
                   "   AND q.organisation_id = h.organisation_id AND (q.email = h.email"
                   "    OR (q.email IN (SELECT from_email FROM address_change WHERE hcp_id = h.id)"
                   "        AND folded(q.first_name || ' ' || q.last_name)"
                   "          = folded(h.first_name || ' ' || h.last_name)))",
                   "u", hcp);
}

/* They wait no more, and have no seat in what is still to come, which others can have. Where all is
 * over, who was registered counts on in the figures; who attended does so anyway. */
static enum err give_up_places(struct db_conn *c, const struct id *hcp, int64_t now)
{
    return db_exec(c,
                   "UPDATE registration r SET state = 'cancelled', cancelled_at = $2"
                   " WHERE hcp_id = $1 AND (state = 'waiting' OR state = 'registered' AND EXISTS"
                   "   (SELECT FROM session s WHERE s.congress_id = r.congress_id"
                   "       AND s.state IN ('draft', 'lobby')))",
                   "ut", hcp, now);
}

static enum err empty_person(struct db_conn *c, const struct id *hcp, int64_t now)
{
    enum err err = empty_outbox(c, hcp, now);
    if (err == ERR_OK)
        err = person_end_access(c, hcp, NULL, now);
    if (err == ERR_OK)
        err = db_exec(c, "DELETE FROM hcp_attributes WHERE hcp_id = $1", "u", hcp);
    if (err == ERR_OK)
        err = db_exec(c,
                      "DELETE FROM form_answer WHERE registration_id IN"
                      "       (SELECT id FROM registration WHERE hcp_id = $1)",
                      "u", hcp);
    if (err == ERR_OK)
        err = db_exec(c, "UPDATE registration SET affiliation = NULL WHERE hcp_id = $1", "u", hcp);
    if (err == ERR_OK)
        err = forget_requests(c, hcp);
    if (err == ERR_OK)
        err = db_exec(c, "DELETE FROM address_change WHERE hcp_id = $1", "u", hcp);
    if (err == ERR_OK)
        err = give_up_places(c, hcp, now);
    if (err == ERR_OK)
        err = db_exec(c,
                      "UPDATE hcp SET email = NULL, first_name = '', last_name = '',"
                      "       erased_at = coalesce(erased_at, $2) WHERE id = $1",
                      "ut", hcp, now);
    return err;
}

/* What other features hold of the person. */
static enum err erase_in_features(struct db_conn *c, const struct change *change,
                                  const struct id *hcp)
{
    const struct feature *const *f = change->app->features;
    enum err err = ERR_OK;
    for (; f && *f && !err; f++)
        if ((*f)->erase)
            err = (*f)->erase(c, hcp);
    return err;
}

enum err person_touched(struct db_conn *c, const struct id *hcp,
                        struct registrations_touched *touched)
{
    struct db_result *r =
        db_query(c, "SELECT id, congress_id FROM registration WHERE hcp_id = $1", "u", hcp);
    enum err err = db_err(r);
    if (err == ERR_OK) {
        touched->n = (size_t)db_rows(r);
        touched->items = mem_new_array(touched->n, sizeof *touched->items);
    }
    for (size_t i = 0; i < touched->n; i++)
        touched->items[i] = (struct registration_touched){
            .registration = db_id(r, (int)i, 0), .congress = db_id(r, (int)i, 1), .changed = true};
    db_result_free(r);
    return err;
}

enum err registration_erase(struct db_conn *c, struct change *change, const struct id *registration,
                            struct registrations_touched *touched)
{
    struct id hcp;
    *touched = (struct registrations_touched){0};
    enum err err = change_begin(c);
    if (!err)
        err = person_lock(c, change, registration, &hcp);
    if (!err)
        err = erase_in_features(c, change, &hcp);
    if (!err)
        err = empty_person(c, &hcp, change->at);
    if (!err)
        err = change_audit(c, change, "registration.erase", "registration", registration, NULL);
    if (!err)
        err = person_tell(c, change, &hcp, "person.erased");
    if (!err)
        err = person_touched(c, &hcp, touched);
    err = change_end(c, change, err);
    if (err) {
        free(touched->items);
        *touched = (struct registrations_touched){0};
    }
    return err;
}
