/* Another e-mail address: it counts once a code that was mailed there is typed by the person, who
 * is signed in. So neither a mistyped address nor a mail that went to a stranger gives anybody
 * away. */
#include "base/mem.h"
#include "crypto/crypto.h"
#include "db/query.h"
#include "features/registration/registration_store.h"
#include "jobs/jobs.h"
#include "mail/mail.h"
#include <stdlib.h>
#include <string.h>

struct person {
    struct id hcp;
    char *email; /* from malloc() */
};

/* Locked: nobody erases the person, or confirms another address, meanwhile. */
static enum err lock_person(struct db_conn *c, const struct identity *who, struct person *person)
{
    struct db_result *r = db_query(c,
                                   "SELECT h.id, h.email FROM registration r"
                                   "  JOIN hcp h ON h.id = r.hcp_id"
                                   " WHERE r.id = $1 AND r.organisation_id = $2"
                                   "   AND h.erased_at IS NULL FOR UPDATE OF h",
                                   "uu", &who->person, &who->organisation);
    enum err err = db_one(r);
    if (err == ERR_OK)
        *person = (struct person){.hcp = db_id(r, 0, 0), .email = mem_strdup(db_text(r, 0, 1))};
    db_result_free(r);
    return err;
}

/* --- asking --- */

static enum err check_asks(struct db_conn *c, const struct person *person, int64_t now)
{
    int64_t asks = 0;
    enum err err = db_read_int(c, &asks,
                               "SELECT count(*) FROM address_change"
                               " WHERE hcp_id = $1 AND asked_at > $2",
                               "ut", &person->hcp, now - 24 * 3600 * US_PER_S);
    return err == ERR_OK && asks >= ADDRESS_ASKS_PER_DAY ? ERR_RATE : err;
}

/* Only the newest code counts. */
static enum err add_change(struct db_conn *c, const struct change *change,
                           const struct person *person, const char *email, const char *code,
                           struct id *added)
{
    enum err err = db_exec(c,
                           "UPDATE address_change SET expires_at = $2"
                           " WHERE hcp_id = $1 AND confirmed_at IS NULL AND expires_at > $2",
                           "ut", &person->hcp, change->at);
    return err == ERR_OK
               ? db_read_id(
                     c, added,
                     "INSERT INTO address_change (organisation_id, hcp_id, from_email,"
                     "    to_email, code_hash, asked_at, expires_at)"
                     " VALUES ($1, $2, $3, $4, sha256(convert_to(($2::uuid)::text || $5, 'UTF8')),"
                     "    $6, $7) RETURNING id",
                     "uussstt", &change->who.organisation, &person->hcp, person->email, email, code,
                     change->at, change->at + ADDRESS_CODE_LIFE_US)
               : err;
}

/* ERR_RATE: the address had its share of mails. */
static enum err mail_code(struct db_conn *c, const struct change *change, const char *email,
                          const char *code)
{
    bool may = false;
    enum err err = db_read_bool(c, &may,
                                "SELECT registration_mails($1, $2, $3) <= $4"
                                "   AND registration_mails($1, $2, $5) <= $6",
                                "ustiti", &change->who.organisation, email,
                                change->at - 3600 * US_PER_S, (int64_t)MAILS_PER_HOUR,
                                change->at - 24 * 3600 * US_PER_S, (int64_t)MAILS_PER_DAY);
    if (err == ERR_OK && !may)
        return mail_spend(c);
    return err == ERR_OK ? address_mail_code(c, &change->who.person, email, code, change->at) : err;
}

static enum err ask(struct db_conn *c, const struct change *change, const struct person *person,
                    const char *email)
{
    char code[ADDRESS_CODE_DIGITS + 1];
    struct id added;
    digits_new(code, ADDRESS_CODE_DIGITS);
    enum err err = address_lock(c, email);
    if (err == ERR_OK)
        err = check_asks(c, person, change->at);
    if (err == ERR_OK)
        err = add_change(c, change, person, email, code, &added);
    if (err == ERR_OK)
        err = job_add(c, &registration_expire, &change->who.organisation, &added,
                      change->at + REQUEST_LIFE_US);
    if (err == ERR_OK)
        err = mail_code(c, change, email, code);
    if (err == ERR_OK)
        err = change_audit(c, change, "registration.address_ask", "registration",
                           &change->who.person, NULL);
    return err;
}

enum err my_address_ask(struct db_conn *c, struct change *change, const char *email, json_t **out)
{
    struct person person = {0};
    json_t *profile = NULL;
    enum err err = change_begin(c);
    if (err == ERR_OK)
        err = lock_person(c, &change->who, &person);
    if (err == ERR_OK)
        err = strcmp(person.email, email) == 0 ? ERR_CONFLICT : ask(c, change, &person, email);
    if (err == ERR_OK)
        err = my_profile(c, &change->who, change->at, &profile);
    free(person.email);
    err = change_end(c, change, err);
    if (err == ERR_OK)
        *out = profile;
    else
        json_decref(profile);
    return err;
}

/* --- confirming --- */

struct asked {
    struct id id;
    char *email; /* from malloc() */
    bool right;
};

static enum err find_asked(struct db_conn *c, const struct person *person, const char *code,
                           int64_t now, struct asked *asked)
{
    struct db_result *r =
        db_query(c,
                 "SELECT id, to_email, code_hash = sha256(convert_to(hcp_id::text || $2, 'UTF8'))"
                 "  FROM address_change WHERE hcp_id = $1 AND confirmed_at IS NULL"
                 "   AND expires_at > $3 AND tries < $4 FOR UPDATE",
                 "usti", &person->hcp, code, now, (int64_t)ADDRESS_CODE_TRIES);
    enum err err = db_one(r);
    if (err == ERR_OK)
        *asked = (struct asked){
            .id = db_id(r, 0, 0), .email = mem_strdup(db_text(r, 0, 1)), .right = db_bool(r, 0, 2)};
    db_result_free(r);
    return err;
}

/* ERR_CONFLICT: somebody of the same name, or too many people, have it. */
static enum err take_address(struct db_conn *c, const struct change *change,
                             const struct person *person, const struct asked *asked)
{
    int64_t others = 0;
    enum err err = address_lock(c, asked->email);
    if (err == ERR_OK)
        err = db_read_int(c, &others,
                          "SELECT count(*) FROM hcp WHERE organisation_id = $1 AND email = $2",
                          "us", &change->who.organisation, asked->email);
    if (err == ERR_OK && others >= PEOPLE_PER_ADDRESS)
        return ERR_CONFLICT;
    return err == ERR_OK ? db_exec(c, "UPDATE hcp SET email = $2 WHERE id = $1", "us", &person->hcp,
                                   asked->email)
                         : err;
}

/* A link for each congress that is still to come; ERR_RATE does not happen, as all of before are
 * gone. */
static enum err mail_links(struct db_conn *c, const struct registrations_touched *all,
                           const char *base_url, int64_t now)
{
    enum err err = ERR_OK;
    for (size_t i = 0; i < all->n && err == ERR_OK; i++) {
        const struct id *registration = &all->items[i].registration;
        struct db_result *r =
            db_query(c,
                     "SELECT r.state FROM registration r JOIN session s"
                     "    ON s.congress_id = r.congress_id AND s.state IN ('lobby', 'live')"
                     " WHERE r.id = $1 AND r.state NOT IN ('cancelled', 'declined') LIMIT 1",
                     "u", registration);
        err = db_err(r);
        if (err == ERR_OK && db_rows(r))
            err = registration_mail_send(
                c, registration, mail_of_state(db_text(r, 0, 0), MAIL_MOVED), base_url, now);
        db_result_free(r);
    }
    return err;
}

static enum err move(struct db_conn *c, struct change *change, const struct person *person,
                     const struct asked *asked, const char *base_url, struct address_result *out)
{
    enum err err = take_address(c, change, person, asked);
    if (err == ERR_OK)
        err = db_exec(c, "UPDATE address_change SET confirmed_at = $2 WHERE id = $1", "ut",
                      &asked->id, change->at);
    if (err == ERR_OK)
        err = person_end_access(c, &person->hcp, &change->who.sign_in, change->at);
    if (err == ERR_OK)
        err = person_touched(c, &person->hcp, &out->touched);
    if (err == ERR_OK)
        err = mail_links(c, &out->touched, base_url, change->at);
    if (err == ERR_OK)
        err = address_mail_moved(c, &change->who.person, person->email, change->at);
    if (err == ERR_OK)
        err = change_audit(c, change, "registration.address", "registration", &change->who.person,
                           NULL);
    return err == ERR_OK ? my_profile(c, &change->who, change->at, &out->profile) : err;
}

static enum err confirm(struct db_conn *c, struct change *change, const char *code,
                        const char *base_url, struct person *person, struct asked *asked,
                        struct address_result *out)
{
    enum err err = lock_person(c, &change->who, person);
    if (err == ERR_OK)
        err = find_asked(c, person, code, change->at, asked);
    if (err == ERR_NOT_FOUND) {
        out->refusal = ADDRESS_EXPIRED;
        return ERR_OK;
    }
    if (err == ERR_OK && asked->right)
        return move(c, change, person, asked, base_url, out);
    if (err == ERR_OK) {
        out->refusal = ADDRESS_WRONG_CODE;
        err = db_exec(c, "UPDATE address_change SET tries = tries + 1 WHERE id = $1", "u",
                      &asked->id);
    }
    return err;
}

enum err my_address_confirm(struct db_conn *c, struct change *change, const char *code,
                            const char *base_url, struct address_result *out)
{
    struct person person = {0};
    struct asked asked = {0};
    *out = (struct address_result){0};
    enum err err = change_begin(c);
    if (err == ERR_OK)
        err = confirm(c, change, code, base_url, &person, &asked, out);
    free(person.email);
    free(asked.email);
    err = change_end(c, change, err);
    if (err != ERR_OK) {
        free(out->touched.items);
        json_decref(out->profile);
        *out = (struct address_result){0};
    }
    if (err == ERR_CONFLICT) {
        out->refusal = ADDRESS_TAKEN;
        return ERR_OK;
    }
    return err;
}
