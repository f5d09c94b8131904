/* What registered people will be told of a session that changes. */
#include "db/query.h"
#include "features/congress/congress_store.h"
#include "jobs/jobs.h"

/* Changes are gathered from the first edit on, for as long as the congress says, and until nobody
 * has edited anything for five minutes; no longer than that time, or half an hour if that is more,
 * and never past what begins soon. One that is due stays so. */
#define DUE                                                                                        \
    " least(greatest(n.created_at + mail_gather($2), $3 + interval '5 minutes'),"                  \
    "       n.created_at + greatest(mail_gather($2), interval '30 minutes'),"                      \
    "       n.latest_at, $4)"

/* The congress's notice that nobody was sent yet, and when it is due. */
static enum err open_notice(struct db_conn *c, const struct change *change,
                            const struct session_change *news, struct id *notice, int64_t *due_at)
{
    struct db_result *r = db_query(
        c,
        "INSERT INTO notice AS n (organisation_id, congress_id, created_at, due_at, latest_at)"
        " VALUES ($1, $2, $3, least($3 + mail_gather($2), $4), $4)"
        "    ON CONFLICT (congress_id) WHERE started_at IS NULL AND NOT alone DO UPDATE"
        "   SET due_at = CASE WHEN n.due_at <= $3 THEN n.due_at ELSE" DUE " END,"
        "       latest_at = least(n.latest_at, $4)"
        " RETURNING id, due_at",
        "uutt", &change->who.organisation, news->congress, change->at, news->latest_at);
    enum err err = db_err(r);
    if (err == ERR_OK) {
        *notice = db_id(r, 0, 0);
        *due_at = db_time(r, 0, 1);
    }
    db_result_free(r);
    return err;
}

/* What is on its way about the session goes no further: this tells it to everybody, the new session
 * to those who do not know it, and what is different from before both to whom it had not reached.
 */
static enum err join_notice(struct db_conn *c, const struct change *change,
                            const struct session_change *news, const struct id *notice,
                            json_t *before)
{
    return db_exec(
        c,
        "WITH stopped AS (DELETE FROM session_notice s USING notice n"
        "                  WHERE n.id = s.notice_id AND s.session_id = $3 AND n.done_at IS NULL"
        "                    AND n.started_at IS NOT NULL AND s.kind <> 'cancelled'"
        "              RETURNING s.known_from, n.after, s.before)"
        "INSERT INTO session_notice AS s (organisation_id, notice_id, session_id, kind, created_at,"
        "                                 known_from, before, untold_after, untold_before)"
        " VALUES ($1, $2, $3, CASE WHEN (SELECT max(known_from) FROM stopped) IS NULL THEN $4"
        "                          ELSE 'added' END, $5,"
        "         coalesce((SELECT max(known_from) FROM stopped),"
        "                  CASE WHEN $4 = 'added' THEN $5 END), $6,"
        "         (SELECT after FROM stopped WHERE before IS NOT NULL LIMIT 1),"
        "         (SELECT before FROM stopped WHERE before IS NOT NULL LIMIT 1))"
        "    ON CONFLICT (notice_id, session_id) DO UPDATE SET created_at = excluded.created_at,"
        "       kind = CASE WHEN excluded.kind = 'changed' THEN s.kind"
        "                   WHEN s.kind = 'added' THEN s.kind ELSE excluded.kind END",
        "uuustj", &change->who.organisation, notice, news->session, news->kind, change->at, before);
}

static json_t *before_json(const struct session_told *before)
{
    char starts_at[TIME_TEXT_SIZE];
    return before ? json_pack("{s:s,s:s,s:s,s:s,s:I}", "title", before->title, "description",
                              before->description, "listen_at", before->listen_at, "starts_at",
                              time_text(before->starts_at, starts_at), "planned_minutes",
                              (json_int_t)before->planned_minutes)
                  : NULL;
}

/* Calendars take only what is newer than what they have. */
static enum err grow_sequence(struct db_conn *c, const struct id *session)
{
    return db_exec(c, "UPDATE session SET calendar_sequence = calendar_sequence + 1 WHERE id = $1",
                   "u", session);
}

enum err notice_queue(struct db_conn *c, const struct change *change,
                      const struct session_change *news)
{
    struct id notice = {0};
    int64_t due_at = 0;
    enum err err = news->before ? grow_sequence(c, news->session) : ERR_OK;
    if (err == ERR_OK)
        err = open_notice(c, change, news, &notice, &due_at);
    json_t *before = before_json(news->before);
    if (err == ERR_OK)
        err = join_notice(c, change, news, &notice, before);
    json_decref(before);
    if (err == ERR_OK)
        err =
            job_add_due(c, &session_notice, &change->who.organisation, &notice, change->at, due_at);
    return err;
}

enum err notice_queue_cancelled(struct db_conn *c, const struct change *change,
                                const struct id *session, const struct id *congress)
{
    struct id notice = {0};
    enum err err = grow_sequence(c, session);
    if (err == ERR_OK)
        err = db_read_id(
            c, &notice,
            "WITH untold AS (DELETE FROM session_notice s USING notice n"
            "                 WHERE n.id = s.notice_id AND s.session_id = $3 AND n.done_at IS NULL"
            "             RETURNING s.known_from, n.started_at),"
            " added AS (INSERT INTO notice (organisation_id, congress_id, alone, created_at,"
            "                               due_at) VALUES ($1, $2, true, $4, $4) RETURNING id)"
            "INSERT INTO session_notice (organisation_id, notice_id, session_id, kind, created_at,"
            "                            known_from)"
            " SELECT $1, id, $3, 'cancelled', $4,"
            "        (SELECT max(known_from) FROM untold WHERE started_at IS NULL) FROM added"
            " RETURNING notice_id",
            "uuut", &change->who.organisation, congress, session, change->at);
    return err == ERR_OK
               ? job_add(c, &session_notice, &change->who.organisation, &notice, change->at)
               : err;
}

enum err notice_hurry(struct db_conn *c, const struct change *change, const struct id *session,
                      bool *waited)
{
    struct db_result *r = db_query(c,
                                   "UPDATE notice n SET due_at = least(n.due_at, $2)"
                                   "  FROM session_notice s"
                                   " WHERE s.notice_id = n.id AND s.session_id = $1"
                                   "   AND n.started_at IS NULL AND NOT n.alone RETURNING n.id",
                                   "ut", session, change->at);
    enum err err = db_err(r);
    *waited = err == ERR_OK && db_rows(r) == 1;
    if (*waited) {
        struct id notice = db_id(r, 0, 0);
        err = job_add_due(c, &session_notice, &change->who.organisation, &notice, change->at,
                          change->at);
    }
    db_result_free(r);
    return err;
}
