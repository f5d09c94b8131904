/* Rounds of invitations, and how often an organisation invites somebody. */
#include "features/invitations/invitations_store.h"
#include "base/mem.h"
#include "features/invitations/invitations_mail.h"
#include "room/change.h"
#include <stdio.h>

#define ROUND_JSON "SELECT invitation_round_json(r) FROM invitation_round r"

enum err rounds_read(struct db_conn *c, const struct identity *who, const struct id *congress,
                     json_t **items)
{
    return db_read_json(c, items,
                        "SELECT coalesce(jsonb_agg(invitation_round_json(r)"
                        "                 ORDER BY r.created_at DESC, r.id DESC), '[]')"
                        "  FROM invitation_round r"
                        " WHERE r.congress_id = $1 AND r.organisation_id = $2",
                        "uu", congress, &who->organisation);
}

enum err round_read(struct db_conn *c, const struct identity *who, const struct id *round,
                    json_t **out)
{
    return db_read_json(c, out, ROUND_JSON " WHERE r.id = $1 AND r.organisation_id = $2", "uu",
                        round, &who->organisation);
}

/* --- a new one --- */

static enum err check_source(struct db_conn *c, const struct identity *who,
                             const struct id *congress, const struct round_new *wanted,
                             const char **field)
{
    bool list = false, profile = true;
    enum err err = db_read_bool(c, &list,
                                "SELECT EXISTS (SELECT FROM target_list WHERE id = $1"
                                "                  AND organisation_id = $2)",
                                "uu", &wanted->target_list, &who->organisation);
    if (err == ERR_OK && wanted->target_profile)
        err = db_read_bool(c, &profile,
                           "SELECT EXISTS (SELECT FROM target_profile"
                           "                WHERE id = $1 AND congress_id = $2)",
                           "uu", wanted->target_profile, congress);
    *field = list ? "target_profile" : "target_list";
    return err == ERR_OK && !(list && profile) ? ERR_INVALID : err;
}

static enum err insert_round(struct db_conn *c, const struct identity *who,
                             const struct id *congress, const struct round_new *wanted, int64_t now,
                             struct id *round, enum round_refusal *refusal)
{
    struct db_result *r = db_query(
        c,
        "INSERT INTO invitation_round (organisation_id, congress_id, channel, target_list_id,"
        "     target_profile_id, list_name, profile_name, made_by, created_at)"
        " SELECT $2, $1, $3, l.id, p.id, l.name, p.name,"
        "        (SELECT id FROM account WHERE id = $6 AND organisation_id = $2), $7"
        "   FROM target_list l LEFT JOIN target_profile p ON p.id = $5"
        "  WHERE l.id = $4 AND (SELECT count(*) FROM invitation_round WHERE congress_id = $1) < $8"
        " RETURNING id",
        "uusuuuti", congress, &who->organisation, wanted->channel, &wanted->target_list,
        wanted->target_profile, &who->person, now, (int64_t)ROUNDS_MAX);
    enum err err = db_err(r);
    if (err == ERR_OK && db_rows(r) == 0)
        *refusal = ROUND_LIMIT;
    else if (err == ERR_OK)
        *round = db_id(r, 0, 0);
    db_result_free(r);
    return err;
}

enum err round_create(struct db_conn *c, const struct identity *who, const struct id *congress,
                      const struct round_new *wanted, int64_t now, json_t **out,
                      enum round_refusal *refusal, const char **field)
{
    struct id round = {{0}};
    *refusal = ROUND_OK;
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = congress_lock(c, who, congress);
    if (err == ERR_OK)
        err = check_source(c, who, congress, wanted, field);
    if (err == ERR_OK)
        err = insert_round(c, who, congress, wanted, now, &round, refusal);
    if (err == ERR_OK && *refusal == ROUND_OK)
        err = audit_write(c, who, now, "invitation.create", "invitation_round", &round,
                          json_pack("{s:s}", "channel", wanted->channel));
    err = db_end(c, err);
    return err == ERR_OK && *refusal == ROUND_OK ? round_read(c, who, &round, out) : err;
}

/* --- a draft --- */

/* Locked. ERR_NOT_FOUND. */
static enum err lock_draft(struct db_conn *c, const struct identity *who, const struct id *round,
                           enum round_refusal *refusal)
{
    bool draft = false;
    enum err err = db_read_bool(c, &draft,
                                "SELECT state = 'draft' FROM invitation_round"
                                " WHERE id = $1 AND organisation_id = $2 FOR UPDATE",
                                "uu", round, &who->organisation);
    *refusal = draft ? ROUND_OK : ROUND_BEGUN;
    return err;
}

enum err round_change(struct db_conn *c, const struct identity *who, const struct id *round,
                      const struct round_texts *texts, json_t **out, enum round_refusal *refusal)
{
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = lock_draft(c, who, round, refusal);
    if (err == ERR_OK && *refusal == ROUND_OK)
        err = db_exec(c,
                      "UPDATE invitation_round SET subject_fr = coalesce($2, subject_fr),"
                      "       text_fr = coalesce($3, text_fr),"
                      "       subject_en = coalesce($4, subject_en),"
                      "       text_en = coalesce($5, text_en) WHERE id = $1",
                      "ussss", round, texts->subject_fr, texts->text_fr, texts->subject_en,
                      texts->text_en);
    err = db_end(c, err);
    return err == ERR_OK && *refusal == ROUND_OK ? round_read(c, who, round, out) : err;
}

enum err round_delete(struct db_conn *c, const struct identity *who, const struct id *round,
                      int64_t now, enum round_refusal *refusal)
{
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = lock_draft(c, who, round, refusal);
    if (err == ERR_OK && *refusal == ROUND_OK)
        err = db_exec(c, "DELETE FROM invitation_round WHERE id = $1", "u", round);
    if (err == ERR_OK && *refusal == ROUND_OK)
        err = audit_write(c, who, now, "invitation.delete", "invitation_round", round, NULL);
    return db_end(c, err);
}

/* --- what the mails of a round have in common --- */

static void copy(char *out, size_t size, const struct db_result *r, int column)
{
    snprintf(out, size, "%s", db_text(r, 0, column));
}

enum err invitation_round_mail_read(struct db_conn *c, const struct id *round,
                                    struct invitation_round_mail *out)
{
    *out = (struct invitation_round_mail){0};
    struct db_result *r =
        db_query(c,
                 "SELECT r.organisation_id, a.organisation, a.contact, a.accent, a.congress,"
                 "       a.time_zone, a.language, a.starts, r.subject_fr, r.subject_en,"
                 "       r.text_fr, r.text_en"
                 "  FROM invitation_round r, invitation_about(r.id) a WHERE r.id = $1",
                 "u", round);
    enum err err = db_one(r);
    if (err == ERR_OK) {
        out->organisation = db_id(r, 0, 0);
        copy(out->organisation_name, sizeof out->organisation_name, r, 1);
        copy(out->contact, sizeof out->contact, r, 2);
        copy(out->accent, sizeof out->accent, r, 3);
        copy(out->congress, sizeof out->congress, r, 4);
        copy(out->time_zone, sizeof out->time_zone, r, 5);
        copy(out->language, sizeof out->language, r, 6);
        copy(out->starts, sizeof out->starts, r, 7);
        for (int i = 0; i < 2; i++) {
            out->subject[i] = mem_strdup(db_text(r, 0, 8 + i));
            out->text[i] = mem_strdup(db_text(r, 0, 10 + i));
        }
    }
    db_result_free(r);
    return err;
}

enum err trial_address(struct db_conn *c, const struct identity *who, char out[static ADDRESS_SIZE])
{
    struct db_result *r =
        db_query(c, "SELECT email FROM account WHERE id = $1 AND organisation_id = $2", "uu",
                 &who->person, &who->organisation);
    enum err err = db_one(r);
    snprintf(out, ADDRESS_SIZE, "%s", db_text(r, 0, 0));
    db_result_free(r);
    return err;
}

/* --- contact pressure --- */

#define PRESSURE                                                                                   \
    "SELECT jsonb_build_object('most', invitations_most, 'days', invitations_days)"                \
    "  FROM organisation WHERE id = $1"

enum err pressure_read(struct db_conn *c, const struct identity *who, json_t **out)
{
    return db_read_json(c, out, PRESSURE, "u", &who->organisation);
}

enum err pressure_change(struct db_conn *c, const struct identity *who,
                         const struct contact_pressure *wanted, int64_t now, json_t **out)
{
    json_t *before = NULL;
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = db_read_json(c, &before, PRESSURE " FOR NO KEY UPDATE", "u", &who->organisation);
    if (err == ERR_OK)
        err = db_exec(c,
                      "UPDATE organisation SET invitations_most = $2, invitations_days = $3"
                      " WHERE id = $1",
                      "uii", &who->organisation, wanted->most, wanted->days);
    if (err == ERR_OK)
        err = audit_write(c, who, now, "invitation.pressure", "organisation", &who->organisation,
                          json_pack("{s:I,s:I,s:O}", "most", (json_int_t)wanted->most, "days",
                                    (json_int_t)wanted->days, "before", before));
    json_decref(before);
    err = db_end(c, err);
    return err == ERR_OK ? pressure_read(c, who, out) : err;
}
