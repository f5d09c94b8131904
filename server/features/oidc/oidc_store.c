#include "features/oidc/oidc_store.h"
#include "base/app.h"
#include "db/query.h"
#include "features/oidc/oidc.h"

static enum err insert(struct db_conn *c, const char *code, const struct oidc_trip *t,
                       const struct id *sign_in, int64_t now, struct id *organisation)
{
    return db_read_id(c, organisation,
                      "INSERT INTO provider_sign_in (id, organisation_id, link_id, token_hash,"
                      "                              state_hash, asked_at, expires_at)"
                      " SELECT $1, organisation_id, id, $3, $4, $5, $6 FROM registration_link"
                      "  WHERE code = $2 AND closed_at IS NULL RETURNING organisation_id",
                      "usxxtt", sign_in, code, t->token_hash, (size_t)TOKEN_HASH_SIZE,
                      t->state_hash, (size_t)TOKEN_HASH_SIZE, now, now + OIDC_ASK_LIFE_US);
}

enum err oidc_ask(struct db_conn *c, const char *code, const struct oidc_trip *t, int64_t now)
{
    struct id sign_in = id_random(), organisation;
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = insert(c, code, t, &sign_in, now, &organisation);
    if (err == ERR_OK)
        err = job_add_due(c, &oidc_expire, &organisation, &sign_in, now, now + OIDC_ASK_LIFE_US);
    return db_end(c, err);
}

enum err oidc_spend(struct db_conn *c, const char *code, const struct oidc_trip *t, int64_t now,
                    struct id *sign_in)
{
    return db_read_id(c, sign_in,
                      "UPDATE provider_sign_in p SET spent_at = $4 FROM registration_link l"
                      " WHERE l.id = p.link_id AND l.code = $1 AND p.state_hash = $2"
                      "   AND p.token_hash = $3 AND p.spent_at IS NULL AND p.expires_at > $4"
                      " RETURNING p.id",
                      "sxxt", code, t->state_hash, (size_t)TOKEN_HASH_SIZE, t->token_hash,
                      (size_t)TOKEN_HASH_SIZE, now);
}

enum err oidc_keep(struct db_conn *c, const struct id *sign_in, const uint8_t *token_hash,
                   const json_t *claims, int64_t now)
{
    struct id organisation;
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = db_read_id(
            c, &organisation,
            "UPDATE provider_sign_in SET token_hash = $2, expires_at = $4,"
            "   claims = $3 || jsonb_build_object("
            "     'profession', (SELECT code FROM code WHERE list = 'profession' AND active"
            "                      AND code = $3->>'profession'),"
            "     'specialty', (SELECT code FROM code WHERE list = 'specialty'"
            "                     AND code = $3->>'specialty'"
            "                     AND $3->>'profession' = ANY (professions)))"
            " WHERE id = $1 AND spent_at IS NOT NULL RETURNING organisation_id",
            "uxjt", sign_in, token_hash, (size_t)TOKEN_HASH_SIZE, claims,
            now + OIDC_CLAIMS_LIFE_US);
    if (err == ERR_OK)
        err = job_add_due(c, &oidc_expire, &organisation, sign_in, now, now + OIDC_CLAIMS_LIFE_US);
    return db_end(c, err);
}

enum err oidc_shown(struct db_conn *c, const char *code, const uint8_t *token_hash, int64_t now,
                    json_t **out)
{
    return db_read_json(c, out,
                        "SELECT p.claims - 'source' FROM provider_sign_in p"
                        "  JOIN registration_link l ON l.id = p.link_id"
                        " WHERE l.code = $1 AND p.token_hash = $2 AND p.claims IS NOT NULL"
                        "   AND p.expires_at > $3",
                        "sxt", code, token_hash, (size_t)TOKEN_HASH_SIZE, now);
}

/* --- what is over --- */

/* One run does for all of the organisation that are over. */
static enum job_result expire(struct job *job)
{
    enum err err = db_exec(
        job->db, "DELETE FROM provider_sign_in WHERE organisation_id = $1 AND expires_at <= $2",
        "ut", &job->organisation, clock_now_us(job->app->clock));
    return err == ERR_OK ? JOB_DONE : JOB_FAILED;
}

static enum err give_up(struct job *job)
{
    (void)job; /* the organisation's next one does what this one could not */
    return ERR_OK;
}

const struct job_kind oidc_expire = {
    .name = "oidc.expire", .pool = DB_JOB, .tries = 10, .run = expire, .give_up = give_up};
