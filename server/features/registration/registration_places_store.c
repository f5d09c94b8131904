/* Places of profiles and the waiting list: what becomes of a confirmation, and who is given a place
 * that was freed. The rules are SQL's (migration 0079). */
#include "base/app.h"
#include "db/query.h"
#include "features/registration/registration_store.h"
#include "jobs/jobs.h"
#include "mail/mail.h"
#include "room/tell.h"
#include <stdlib.h>
#include <string.h>

#define PROMOTED_AT_ONCE 20 /* in one transaction: who confirms meanwhile waits for it */

enum registration_refusal refusal_of(const char *word)
{
    if (strcmp(word, "not_admitted") == 0)
        return REGISTRATION_NOT_ADMITTED;
    if (strcmp(word, "closed") == 0)
        return REGISTRATION_CLOSED;
    return strcmp(word, "full") == 0 ? REGISTRATION_FULL : REGISTRATION_OK;
}

enum err place_decide(struct db_conn *c, struct link_owner *owner, int64_t now,
                      enum registration_refusal *refusal)
{
    struct db_result *r =
        db_query(c, "SELECT place_decide($1, $2)", "ut", &owner->registration, now);
    enum err err = db_one(r);
    if (err == ERR_OK) {
        *refusal = refusal_of(db_text(r, 0, 0));
        owner->waiting = strcmp(db_text(r, 0, 0), "waiting") == 0;
        owner->decides = false;
    }
    db_result_free(r);
    return err;
}

/* --- promotion --- */

static enum err welcome(struct job *job, const struct id *registration, int64_t now)
{
    struct identity nobody = {.organisation = job->organisation};
    enum err err = audit_write(job->db, &nobody, now, "registration.promote", "registration",
                               registration, NULL);
    if (err == ERR_OK)
        err = registration_mail_send(job->db, registration, MAIL_PROMOTED, job->app->base_url, now);
    return err;
}

/* The places, and their mails, in one transaction; the caller frees promoted. */
static enum err promote(struct job *job, struct db_result **promoted)
{
    int64_t now = clock_now_us(job->app->clock);
    enum err err = db_begin(job->db);
    if (err != ERR_OK)
        return err;
    *promoted = db_query(job->db,
                         "SELECT p, r.congress_id FROM places_promote($1, $2::int, $3) p"
                         "  JOIN registration r ON r.id = p",
                         "uit", &job->object, (int64_t)PROMOTED_AT_ONCE, now);
    err = db_err(*promoted);
    for (int i = 0; err == ERR_OK && i < db_rows(*promoted); i++) {
        struct id registration = db_id(*promoted, i, 0);
        err = welcome(job, &registration, now);
    }
    return db_end(job->db, err);
}

/* Live rooms of the congress learn who is registered now. */
static void tell_promoted(struct app *app, const struct db_result *promoted)
{
    for (int i = 0; i < db_rows(promoted); i++) {
        char text[ID_TEXT_SIZE];
        struct id registration = db_id(promoted, i, 0), congress = db_id(promoted, i, 1);
        tell(app, scope_congress(&congress), "registration",
             json_pack("{s:s}", "registration", id_text(&registration, text)));
    }
    if (db_rows(promoted) && app->mail)
        mail_sender_wake(app->mail);
}

static enum job_result run(struct job *job)
{
    for (;;) {
        struct db_result *promoted = NULL;
        enum err err = promote(job, &promoted);
        int n = err == ERR_OK ? db_rows(promoted) : 0;
        if (n)
            tell_promoted(job->app, promoted);
        db_result_free(promoted);
        if (err != ERR_OK)
            return JOB_FAILED;
        if (n < PROMOTED_AT_ONCE)
            return JOB_DONE;
        if (job_progress(job) != ERR_OK || job_gives_way(job))
            return JOB_LATER;
    }
}

/* The next reason that places of the congress are free does what this one could not. */
static enum err give_up(struct job *job)
{
    (void)job;
    return ERR_OK;
}

const struct job_kind registration_promote = {
    .name = "registration.promote", .pool = DB_JOB, .tries = 10, .run = run, .give_up = give_up};
