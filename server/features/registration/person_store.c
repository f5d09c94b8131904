/* The person behind a registration: their name, and what erasure does. */
#include "base/mem.h"
#include "db/query.h"
#include "features/registration/registration_store.h"
#include <stdio.h>

#define SESSIONS_MAX 5000 /* of the congresses of one person */

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
    struct db_result *r =
        db_query(c, "SELECT hcp_id FROM registration WHERE id = $1 AND organisation_id = $2", "uu",
                 registration, &change->who.organisation);
    enum err err = db_err(r);
    if (!err && db_rows(r) == 0)
        err = ERR_NOT_FOUND;
    if (!err)
        *hcp = db_id(r, 0, 0);
    db_result_free(r);
    return err;
}

static enum err lock_sessions(struct db_conn *c, const struct id *hcp)
{
    return db_exec(c,
                   "SELECT sessions_lock(array(SELECT s.id FROM registration r"
                   "         JOIN session s ON s.congress_id = r.congress_id"
                   "        WHERE r.hcp_id = $1 AND s.state <> 'draft' LIMIT $2))",
                   "ui", hcp, (int64_t)SESSIONS_MAX);
}

enum err person_lock(struct db_conn *c, const struct change *change, const struct id *registration,
                     struct id *hcp)
{
    enum err err = find_person(c, change, registration, hcp);
    if (!err) /* who asks at this moment is named before the change, or after it */
        err = lock_sessions(c, hcp);
    if (!err)
        err = db_exec(c, "SELECT 1 FROM hcp WHERE id = $1 FOR UPDATE", "u", hcp);
    return err;
}

enum err person_tell(struct db_conn *c, struct change *change, const struct id *hcp,
                     const char *type)
{
    struct db_result *r = db_query(c,
                                   "SELECT DISTINCT q.session_id, q.registration_id FROM question q"
                                   "  JOIN registration r ON r.id = q.registration_id"
                                   " WHERE r.hcp_id = $1 ORDER BY 1, 2",
                                   "u", hcp);
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

/* --- their own correction of their name --- */

enum err registration_rename(struct db_conn *c, struct change *change, const char *first_name,
                             const char *last_name, json_t **out)
{
    struct id hcp;
    json_t *json = NULL;
    enum err err = change_begin(c);
    if (!err)
        err = person_lock(c, change, &change->who.person, &hcp);
    if (!err)
        err = db_exec(c,
                      "UPDATE hcp SET first_name = $2, last_name = $3"
                      " WHERE id = $1 AND erased_at IS NULL",
                      "uss", &hcp, first_name, last_name);
    if (!err)
        err = change_audit(c, change, "registration.rename", "registration", &change->who.person,
                           NULL);
    if (!err)
        err = person_tell(c, change, &hcp, "person.renamed");
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

enum err person_address(struct db_conn *c, const struct change *change,
                        const struct id *registration, char address[static ADDRESS_SIZE])
{
    struct db_result *r =
        db_query(c,
                 "SELECT coalesce(h.email, '') FROM registration r JOIN hcp h ON h.id = r.hcp_id"
                 " WHERE r.id = $1 AND r.organisation_id = $2",
                 "uu", registration, &change->who.organisation);
    enum err err = db_err(r);
    if (!err && db_rows(r) == 0)
        err = ERR_NOT_FOUND;
    if (!err)
        snprintf(address, ADDRESS_SIZE, "%s", db_text(r, 0, 0));
    db_result_free(r);
    return err;
}

static enum err end_access(struct db_conn *c, const struct id *hcp, int64_t now)
{
    enum err err = db_exec(c,
                           "UPDATE sign_in SET revoked_at = $2 WHERE revoked_at IS NULL"
                           "   AND registration_id IN"
                           "       (SELECT id FROM registration WHERE hcp_id = $1)",
                           "ut", hcp, now);
    if (err == ERR_OK)
        err = db_exec(c,
                      "DELETE FROM one_time_link WHERE registration_id IN"
                      "       (SELECT id FROM registration WHERE hcp_id = $1)",
                      "u", hcp);
    return err;
}

/* Mail to the address that still waits is not sent; nothing keeps the address, nor what a mail
 * server said of it. */
static enum err empty_outbox(struct db_conn *c, const struct id *hcp, int64_t now)
{
    return db_exec(c,
                   "UPDATE outbox o SET to_address = NULL, message = NULL,"
                   "       failed_at = CASE WHEN o.sent_at IS NULL"
                   "                        THEN coalesce(o.failed_at, $2) END,"
                   "       last_error = CASE WHEN o.sent_at IS NULL AND o.failed_at IS NULL"
                   "                         THEN 'erased' END"
                   "  FROM hcp h WHERE h.id = $1 AND o.organisation_id = h.organisation_id"
                   "   AND (o.to_address = h.email OR strpos(lower(o.last_error), h.email) > 0)",
                   "ut", hcp, now);
}

static enum err empty_person(struct db_conn *c, const struct id *hcp, int64_t now)
{
    enum err err = empty_outbox(c, hcp, now);
    if (err == ERR_OK)
        err = end_access(c, hcp, now);
    if (err == ERR_OK)
        err = db_exec(c, "DELETE FROM hcp_attributes WHERE hcp_id = $1", "u", hcp);
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

static enum err touched_by(struct db_conn *c, const struct id *hcp,
                           struct registration_touched touched[static ERASE_MAX], int *n)
{
    struct db_result *r = db_query(c,
                                   "SELECT id, congress_id FROM registration WHERE hcp_id = $1"
                                   " ORDER BY registered_at DESC LIMIT $2",
                                   "ui", hcp, (int64_t)ERASE_MAX);
    enum err err = db_err(r);
    *n = err ? 0 : db_rows(r);
    for (int i = 0; i < *n; i++)
        touched[i] = (struct registration_touched){
            .registration = db_id(r, i, 0), .congress = db_id(r, i, 1), .changed = true};
    db_result_free(r);
    return err;
}

enum err registration_erase(struct db_conn *c, struct change *change, const struct id *registration,
                            struct registration_touched touched[static ERASE_MAX], int *n)
{
    struct id hcp;
    *n = 0;
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
        err = touched_by(c, &hcp, touched, n);
    return change_end(c, change, err);
}
