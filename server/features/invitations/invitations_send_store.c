/* Sending: who is to be invited is written down first, then each batch has its links, its mails and
 * its mark in one transaction. A run that dies leaves a batch whole or not begun. */
#include "crypto/secrets.h"
#include "features/invitations/invitations_mail.h"
#include "features/invitations/invitations_store.h"
#include "room/change.h"
#include <assert.h>
#include <stdio.h>
#include <string.h>

#define BATCH 100

/* --- beginning and ending --- */

/* Whether it may be sent now, locked. */
static enum err check_round(struct db_conn *c, const struct identity *who, const struct id *round,
                            struct id *congress, enum round_refusal *refusal)
{
    struct db_result *r = db_query(
        c,
        "SELECT r.congress_id, r.state IN ('draft', 'failed'),"
        "       r.channel = 'crm' OR '' NOT IN (r.subject_fr, r.text_fr, r.subject_en, r.text_en),"
        "       EXISTS (SELECT FROM session s WHERE s.congress_id = r.congress_id"
        "                  AND s.state IN ('lobby', 'live')),"
        "       r.people IS NOT NULL OR invitation_people_sql(r.id) IS NOT NULL"
        "  FROM invitation_round r WHERE r.id = $1 AND r.organisation_id = $2 FOR UPDATE",
        "uu", round, &who->organisation);
    enum err err = db_one(r);
    *refusal = ROUND_OK;
    if (err == ERR_OK) {
        static const enum round_refusal refusals[] = {ROUND_BEGUN, ROUND_TEXTS, ROUND_CLOSED,
                                                      ROUND_GONE};
        *congress = db_id(r, 0, 0);
        for (int i = 0; i < 4 && *refusal == ROUND_OK; i++)
            if (!db_bool(r, 0, i + 1))
                *refusal = refusals[i];
    }
    db_result_free(r);
    return err;
}

/* The registration page to which invitations of the congress lead: the one before, or a new one. */
static enum err find_link(struct db_conn *c, const struct identity *who, const struct id *congress,
                          int64_t now, struct id *link)
{
    enum err err = db_read_id(c, link,
                              "SELECT link_id FROM invitation_round"
                              " WHERE congress_id = $1 AND link_id IS NOT NULL"
                              " ORDER BY started_at DESC LIMIT 1",
                              "u", congress);
    if (err != ERR_NOT_FOUND)
        return err;
    char code[LINK_CODE_LENGTH + 1];
    code_new(code, LINK_CODE_LENGTH);
    return db_read_id(c, link,
                      "INSERT INTO registration_link AS l (organisation_id, congress_id, channel,"
                      "                                    label, code, created_at)"
                      " VALUES ($1, $2, 'email', 'Invitations', $3, $4)"
                      " ON CONFLICT (congress_id, channel, label) DO UPDATE SET label = l.label"
                      " RETURNING id",
                      "uust", &who->organisation, congress, code, now);
}

static enum err begin_round(struct db_conn *c, const struct identity *who, const struct id *round,
                            const struct id *congress, const char *overrule, int64_t now)
{
    struct id link;
    enum err err = find_link(c, who, congress, now, &link);
    if (err == ERR_OK)
        err = db_exec(c,
                      "UPDATE invitation_round SET state = 'sending', started_at = $2,"
                      "       ended_at = NULL, link_id = $3, overrule = coalesce($4, overrule)"
                      " WHERE id = $1",
                      "utus", round, now, &link, overrule);
    if (err == ERR_OK)
        err = audit_write(c, who, now, "invitation.send", "invitation_round", round,
                          json_pack("{s:s*}", "overrule", overrule));
    if (err == ERR_OK)
        err = job_add(c, &invitation_send, &who->organisation, round, now);
    return err;
}

enum err round_send(struct db_conn *c, const struct identity *who, const struct id *round,
                    const char *overrule, int64_t now, json_t **out, enum round_refusal *refusal)
{
    struct id congress;
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = check_round(c, who, round, &congress, refusal);
    if (err == ERR_OK && *refusal == ROUND_OK)
        err = begin_round(c, who, round, &congress, overrule, now);
    err = db_end(c, err);
    return err == ERR_OK && *refusal == ROUND_OK ? round_read(c, who, round, out) : err;
}

enum err round_cancel(struct db_conn *c, const struct identity *who, const struct id *round,
                      int64_t now, json_t **out)
{
    bool under_way = false;
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = db_read_bool(c, &under_way,
                           "SELECT state IN ('sending', 'failed') FROM invitation_round"
                           " WHERE id = $1 AND organisation_id = $2 FOR UPDATE",
                           "uu", round, &who->organisation);
    if (err == ERR_OK && under_way)
        err = db_exec(c,
                      "WITH gone AS (DELETE FROM invitation"
                      "               WHERE round_id = $1 AND invited_at IS NULL)"
                      " UPDATE invitation_round SET state = 'cancelled', ended_at = $2"
                      "  WHERE id = $1",
                      "ut", round, now);
    if (err == ERR_OK && under_way)
        err = audit_write(c, who, now, "invitation.cancel", "invitation_round", round, NULL);
    err = db_end(c, err);
    return err == ERR_OK ? round_read(c, who, round, out) : err;
}

/* --- the job --- */

enum err round_gather(struct db_conn *c, const struct id *round, int64_t now)
{
    return db_exec(c,
                   "SELECT invitation_gather(id, $2) FROM invitation_round"
                   " WHERE id = $1 AND people IS NULL",
                   "ut", round, now);
}

enum err round_fail(struct db_conn *c, const struct id *round, int64_t now)
{
    return db_exec(c,
                   "WITH failed AS (UPDATE invitation_round SET state = 'failed', ended_at = $2"
                   "                 WHERE id = $1 AND state = 'sending'"
                   "             RETURNING id, organisation_id)"
                   " SELECT audit(organisation_id, $2, 'system', NULL, 'invitation.failed',"
                   "              'invitation_round', id) FROM failed",
                   "ut", round, now);
}

struct batch {
    const struct id *round;
    struct invitation_round_mail mail;
    const struct secrets *secrets;
    const char *base_url;
    int64_t now;
    bool mails;
    size_t n;
    struct id ids[BATCH];
    char hashes[2][BATCH][2 * TOKEN_HASH_SIZE + 1];
};

static void write_hex(const uint8_t hash[static TOKEN_HASH_SIZE],
                      char out[static 2 * TOKEN_HASH_SIZE + 1])
{
    for (size_t i = 0; i < TOKEN_HASH_SIZE; i++)
        snprintf(out + 2 * i, 3, "%02x", hash[i]);
}

static enum err invite(struct db_conn *c, struct batch *b, const struct invited *to)
{
    struct invitation_links links;
    assert(b->n < BATCH);
    enum err err = invitation_links_make(b->secrets, &to->id, b->base_url, &links);
    if (err != ERR_OK)
        return err;
    b->ids[b->n] = to->id;
    write_hex(links.link_hash, b->hashes[0][b->n]);
    write_hex(links.opt_out_hash, b->hashes[1][b->n]);
    b->n++;
    return b->mails ? invitation_mail_queue(c, &b->mail, to, &links, false, b->now) : ERR_OK;
}

/* Who registered or opted out since they were written down is not invited. */
static struct db_result *next_invited(struct db_conn *c, const struct id *round)
{
    return db_query(
        c,
        "WITH next AS MATERIALIZED (SELECT id FROM invitation"
        "      WHERE round_id = $1 AND invited_at IS NULL ORDER BY id LIMIT $2 FOR UPDATE),"
        " late AS (DELETE FROM invitation i USING next WHERE i.id = next.id"
        "    AND (EXISTS (SELECT FROM registration r WHERE r.congress_id = i.congress_id"
        "                    AND r.hcp_id = i.hcp_id AND r.state <> 'cancelled')"
        "      OR EXISTS (SELECT FROM invitation_opt_out u"
        "                  WHERE u.organisation_id = i.organisation_id"
        "                    AND u.address_hash = address_mark(i.organisation_id, i.email)))"
        "  RETURNING i.id)"
        " SELECT i.id, i.email, i.first_name, i.last_name, i.language,"
        "        late.id IS NULL"
        "   FROM next JOIN invitation i ON i.id = next.id LEFT JOIN late ON late.id = i.id"
        "  ORDER BY i.id",
        "ui", round, (int64_t)BATCH);
}

static enum err invite_all(struct db_conn *c, struct batch *b, const struct db_result *people)
{
    enum err err = db_err(people);
    for (int i = 0; err == ERR_OK && i < db_rows(people); i++) {
        if (!db_bool(people, i, 5))
            continue;
        const struct invited to = {.id = db_id(people, i, 0),
                                   .email = db_text(people, i, 1),
                                   .first_name = db_text(people, i, 2),
                                   .last_name = db_text(people, i, 3),
                                   .language = db_text(people, i, 4)};
        err = invite(c, b, &to);
    }
    return err;
}

static enum err mark(struct db_conn *c, const struct batch *b, bool last)
{
    const char *hashes[2][BATCH];
    for (size_t i = 0; i < b->n; i++)
        for (int k = 0; k < 2; k++)
            hashes[k][i] = b->hashes[k][i];
    enum err err =
        db_exec(c,
                "UPDATE invitation i SET invited_at = $4, token_hash = decode(h.link, 'hex'),"
                "       opt_out_hash = decode(h.stop, 'hex')"
                "  FROM unnest($1::uuid[], $2::text[], $3::text[]) AS h (id, link, stop)"
                " WHERE i.id = h.id",
                "USSt", b->ids, b->n, hashes[0], b->n, hashes[1], b->n, b->now);
    if (err == ERR_OK)
        err = db_exec(c,
                      "UPDATE invitation_round SET invited = invited + $2,"
                      "       state = CASE WHEN $3 THEN 'sent' ELSE state END,"
                      "       ended_at = CASE WHEN $3 THEN $4 END WHERE id = $1",
                      "uibt", b->round, (int64_t)b->n, (int)last, b->now);
    return err;
}

static enum err run_batch(struct db_conn *c, struct batch *b, bool *more)
{
    enum err err = invitation_round_mail_read(c, b->round, &b->mail);
    if (err != ERR_OK)
        return err;
    struct db_result *people = next_invited(c, b->round);
    err = invite_all(c, b, people);
    *more = err == ERR_OK && db_rows(people) == BATCH;
    db_result_free(people);
    return err == ERR_OK ? mark(c, b, !*more) : err;
}

enum err round_batch(struct db_conn *c, const struct id *round, const struct secrets *secrets,
                     const char *base_url, int64_t now, bool *more)
{
    struct batch b = {.round = round, .secrets = secrets, .base_url = base_url, .now = now};
    *more = false;
    enum err err = db_begin(c);
    if (err != ERR_OK)
        return err;
    err = db_read_bool(c, &b.mails,
                       "SELECT channel = 'mail' FROM invitation_round"
                       " WHERE id = $1 AND state = 'sending' FOR UPDATE",
                       "u", round);
    if (err == ERR_OK)
        err = run_batch(c, &b, more);
    invitation_round_mail_release(&b.mail);
    err = db_end(c, err == ERR_NOT_FOUND ? ERR_OK : err); /* it was cancelled */
    if (err != ERR_OK)
        *more = false;
    return err;
}
