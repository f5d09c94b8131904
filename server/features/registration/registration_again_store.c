/* Asking for one's personal link again. What the answer waits for is the same for every address;
 * who is registered with it is looked up, and mailed, by a job. */
#include "base/address.h"
#include "base/app.h"
#include "db/query.h"
#include "features/registration/registration_store.h"
#include "jobs/jobs.h"
#include "mail/mail.h"
#include <stdio.h>

#define LINKS_AT_ONCE 5 /* to one address that named no event */

enum err registration_ask_links(struct db_conn *c, const char *code, const char *email, int64_t now)
{
    static const struct id nobody;
    struct id id = id_random();
    enum err err = db_begin(c);
    if (err == ERR_OK && code)
        err = db_found(c, "SELECT 1 FROM registration_link WHERE code = $1", "s", code);
    if (err == ERR_OK)
        err = db_exec(c,
                      "INSERT INTO registration_link_request (id, address_hash, code, created_at)"
                      " VALUES ($1, sha256($2::text::bytea), $3, $4)",
                      "usst", &id, email, code, now);
    if (err == ERR_OK)
        err = job_add(c, &registration_links, &nobody, &id, now);
    return db_end(c, err);
}

/* --- the job --- */

struct wish {
    char code[LINK_CODE_LENGTH + 1]; /* "": all that is still to come */
    char email[ADDRESS_SIZE];        /* "": nobody has it */
};

/* Deleting the row is what makes a second run harmless. */
static enum err take_wish(struct db_conn *c, const struct id *id, struct wish *out)
{
    struct db_result *r =
        db_query(c,
                 "WITH wish AS (DELETE FROM registration_link_request WHERE id = $1 RETURNING *)"
                 " SELECT coalesce(wish.code, ''), coalesce((SELECT h.email FROM hcp h WHERE "
                 "h.email IS NOT NULL"
                 "   AND sha256(h.email::bytea) = wish.address_hash LIMIT 1), '') FROM wish",
                 "u", id);
    enum err err = db_one(r);
    *out = (struct wish){0};
    if (err == ERR_OK) {
        snprintf(out->code, sizeof out->code, "%s", db_text(r, 0, 0));
        snprintf(out->email, sizeof out->email, "%s", db_text(r, 0, 1));
    }
    db_result_free(r);
    return err;
}

/* In which state they are: who waits or is in review has a link, too. */
static struct db_result *registered(struct db_conn *c, const struct wish *wish)
{
    if (wish->code[0])
        return db_query(
            c,
            "SELECT r.id, r.state FROM registration_link l JOIN registration r"
            "    ON r.congress_id = l.congress_id AND r.state NOT IN ('cancelled', 'declined')"
            "  JOIN hcp h ON h.id = r.hcp_id AND h.email = $2"
            " WHERE l.code = $1 ORDER BY r.id LIMIT $3",
            "ssi", wish->code, wish->email, (int64_t)PEOPLE_PER_ADDRESS);
    return db_query(c,
                    "SELECT r.id, r.state FROM hcp h JOIN registration r"
                    "    ON r.hcp_id = h.id AND r.state NOT IN ('cancelled', 'declined')"
                    " WHERE h.email = $1 AND EXISTS (SELECT 1 FROM session s"
                    "         WHERE s.congress_id = r.congress_id AND s.state IN ('lobby', 'live'))"
                    " ORDER BY r.registered_at DESC, r.id LIMIT $2",
                    "si", wish->email, (int64_t)LINKS_AT_ONCE);
}

/* Each person of the address; who got too many mails gets none. */
static enum err mail_links(struct db_conn *c, const struct wish *wish, const char *base_url,
                           int64_t now)
{
    enum err err = address_lock(c, wish->email);
    if (err != ERR_OK)
        return err;
    struct db_result *people = registered(c, wish);
    err = db_err(people);
    for (int i = 0; err == ERR_OK && i < db_rows(people); i++) {
        struct id registration = db_id(people, i, 0);
        enum registration_mail_kind kind = mail_of_state(db_text(people, i, 1), MAIL_LINK);
        err = registration_mail_send(c, &registration, kind, base_url, now);
        err = err == ERR_RATE ? ERR_OK : err;
    }
    db_result_free(people);
    return err;
}

/* On a worker for jobs. */
static enum job_result run(struct job *job)
{
    struct wish wish;
    enum err err = db_begin(job->db);
    if (err == ERR_OK)
        err = take_wish(job->db, &job->object, &wish);
    if (err == ERR_OK && wish.email[0])
        err = mail_links(job->db, &wish, job->app->base_url, clock_now_us(job->app->clock));
    err = db_end(job->db, err);
    if (err == ERR_OK && job->app->mail)
        mail_sender_wake(job->app->mail);
    return err == ERR_OK || err == ERR_NOT_FOUND ? JOB_DONE : JOB_FAILED;
}

/* Whoever asked asks again. */
static enum err give_up(struct job *job)
{
    return db_exec(job->db, "DELETE FROM registration_link_request WHERE id = $1", "u",
                   &job->object);
}

const struct job_kind registration_links = {
    .name = "registration.links", .pool = DB_JOB, .tries = 5, .run = run, .give_up = give_up};
