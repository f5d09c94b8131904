#include "jobs/jobs_store.h"
#include "db/query.h"
#include <stdio.h>

enum err job_add(struct db_conn *c, const struct job_kind *kind, const struct id *organisation,
                 const struct id *object, int64_t now)
{
    return db_exec(c,
                   "INSERT INTO job (kind, object_id, organisation_id, created_at, due_at)"
                   " VALUES ($1, $2, $3, $4, $4) ON CONFLICT (kind, object_id)"
                   " DO UPDATE SET due_at = greatest(excluded.due_at,"
                   "                                 job.claimed_at + interval '1 microsecond')"
                   "  WHERE job.claimed_by IS NOT NULL",
                   "suut", kind->name, object, organisation, now);
}

enum err job_add_due(struct db_conn *c, const struct job_kind *kind, const struct id *organisation,
                     const struct id *object, int64_t now, int64_t due_at)
{
    return db_exec(c,
                   "INSERT INTO job (kind, object_id, organisation_id, created_at, due_at)"
                   " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (kind, object_id)"
                   " DO UPDATE SET due_at = greatest(excluded.due_at,"
                   "                                 job.claimed_at + interval '1 microsecond')",
                   "suutt", kind->name, object, organisation, now, due_at);
}

/* Fewest claims first, then whoever had their turn longest ago, then the oldest job. Another run of
 * the server may claim at the same moment: each passes over what the other has locked. */
static const char CLAIM[] =
    "WITH mine AS (SELECT organisation_id, count(*) AS n FROM job"
    "               WHERE claimed_by = $1 AND kind = ANY ($3) GROUP BY organisation_id),"
    " next AS (SELECT j.kind, j.object_id FROM job j"
    "            LEFT JOIN mine m ON m.organisation_id = j.organisation_id"
    "           CROSS JOIN LATERAL (SELECT max(t.turn) AS turn FROM job_turn t"
    "                 WHERE t.organisation_id = j.organisation_id AND t.kind = ANY ($3)) t"
    "           WHERE j.claimed_by IS NULL AND j.kind = ANY ($3) AND j.due_at <= $4"
    "             AND coalesce(m.n, 0) < $5"
    "           ORDER BY coalesce(m.n, 0), t.turn NULLS FIRST, j.due_at, j.object_id"
    "           LIMIT 1 FOR UPDATE OF j SKIP LOCKED),"
    " claim AS (UPDATE job SET claimed_by = $1, slot = $2::bigint, claimed_at = $4,"
    "                          attempts = attempts + 1"
    "             FROM next WHERE job.kind = next.kind AND job.object_id = next.object_id"
    "         RETURNING job.*),"
    " turn AS (INSERT INTO job_turn (kind, organisation_id, turn)"
    "          SELECT kind, organisation_id, nextval('job_turns') FROM claim"
    "              ON CONFLICT (kind, organisation_id) DO UPDATE SET turn = EXCLUDED.turn)"
    " SELECT kind, object_id, organisation_id, attempts::bigint, spent_ms FROM claim";

enum err job_claim(struct db_conn *c, const struct job_claimer *who, int64_t now,
                   struct job_claim *out)
{
    struct db_result *r = db_query(c, CLAIM, "uiSti", who->node, (int64_t)who->slot, who->kinds,
                                   who->kind_count, now, (int64_t)who->share);
    enum err err = db_one(r);
    if (err == ERR_OK) {
        snprintf(out->kind, sizeof out->kind, "%s", db_text(r, 0, 0));
        out->object = db_id(r, 0, 1);
        out->organisation = db_id(r, 0, 2);
        out->attempts = (int)db_int(r, 0, 3);
        out->spent_ms = db_int(r, 0, 4);
    }
    db_result_free(r);
    return err;
}

enum err job_unclaim(struct db_conn *c, const struct job_claimer *who, int64_t due_at)
{
    return db_exec(c,
                   "UPDATE job SET claimed_by = NULL, slot = NULL, claimed_at = NULL, due_at = $3"
                   " WHERE claimed_by = $1 AND slot = $2::bigint",
                   "uit", who->node, (int64_t)who->slot, due_at);
}

enum err job_others_wait(struct db_conn *c, const struct job_claimer *who, const struct id *mine,
                         int64_t now, bool *waits)
{
    *waits = false;
    return db_read_bool(
        c, waits,
        "SELECT EXISTS (SELECT 1 FROM job j WHERE j.claimed_by IS NULL"
        "  AND j.kind = ANY ($2) AND j.due_at <= $4 AND j.organisation_id <> $3"
        "  AND (SELECT count(*) FROM job r WHERE r.claimed_by = $1 AND r.kind = ANY ($2)"
        "         AND r.organisation_id = j.organisation_id) < $5)",
        "uSuti", who->node, who->kinds, who->kind_count, mine, now, (int64_t)who->share);
}

/* One that is due after it was claimed was wanted again since: it may have read before that. */
enum err job_delete(struct db_conn *c, const struct job_end *end)
{
    struct db_result *r = db_query(c,
                                   "DELETE FROM job WHERE kind = $1 AND object_id = $2"
                                   "   AND claimed_by = $3 AND due_at <= claimed_at RETURNING 1",
                                   "suu", end->kind, end->object, end->node);
    enum err err = db_err(r);
    bool over = err == ERR_OK && db_rows(r) > 0;
    db_result_free(r);
    if (err != ERR_OK || over)
        return err;
    return db_exec(c,
                   "UPDATE job SET claimed_by = NULL, slot = NULL, claimed_at = NULL,"
                   " due_at = CASE WHEN due_at > claimed_at + interval '1 microsecond' THEN due_at"
                   "               ELSE claimed_at END, attempts = 0, spent_ms = 0"
                   " WHERE kind = $1 AND object_id = $2 AND claimed_by = $3",
                   "suu", end->kind, end->object, end->node);
}

enum err job_put_back(struct db_conn *c, const struct job_end *end)
{
    return db_exec(c,
                   "UPDATE job SET claimed_by = NULL, slot = NULL, claimed_at = NULL,"
                   " attempts = greatest(attempts - 1, 0), spent_ms = $4"
                   " WHERE kind = $1 AND object_id = $2 AND claimed_by = $3",
                   "suui", end->kind, end->object, end->node, end->spent_ms);
}

enum err job_put_off(struct db_conn *c, const struct job_end *end, int64_t due_at)
{
    return db_exec(c,
                   "UPDATE job SET claimed_by = NULL, slot = NULL, claimed_at = NULL, due_at = $5,"
                   " attempts = greatest(attempts - 1, 0), spent_ms = $4"
                   " WHERE kind = $1 AND object_id = $2 AND claimed_by = $3",
                   "suuit", end->kind, end->object, end->node, end->spent_ms, due_at);
}

enum err job_retry(struct db_conn *c, const struct job_end *end, int64_t due_at)
{
    return db_exec(c,
                   "UPDATE job SET claimed_by = NULL, slot = NULL, claimed_at = NULL, due_at = $5,"
                   " spent_ms = $4 WHERE kind = $1 AND object_id = $2 AND claimed_by = $3",
                   "suuit", end->kind, end->object, end->node, end->spent_ms, due_at);
}

enum err job_restart_count(struct db_conn *c, const struct job_end *end)
{
    return db_exec(c,
                   "UPDATE job SET attempts = 1, spent_ms = $4"
                   " WHERE kind = $1 AND object_id = $2 AND claimed_by = $3",
                   "suui", end->kind, end->object, end->node, end->spent_ms);
}

enum err job_sweep(struct db_conn *c, const struct id *node, int64_t alive, int64_t *released)
{
    struct db_result *r =
        db_query(c,
                 "UPDATE job SET claimed_by = NULL, slot = NULL, claimed_at = NULL FROM node n"
                 " WHERE n.id = job.claimed_by AND n.id <> $1"
                 "   AND (n.stopped_at IS NOT NULL OR n.lease_at < $2) RETURNING 1",
                 "ut", node, alive);
    enum err err = db_err(r);
    *released = err == ERR_OK ? db_rows(r) : 0;
    db_result_free(r);
    return err;
}
