#include "db/query.h"
#include "features/registration/registration_review.h"
#include <stdio.h>
#include <string.h>

enum err review_begin(struct db_conn *c, const struct link_owner *owner, int64_t now,
                      enum registration_refusal *refusal)
{
    struct db_result *r =
        db_query(c, "SELECT review_begin($1, $2)", "ut", &owner->registration, now);
    enum err err = db_one(r);
    if (err == ERR_OK)
        *refusal = refusal_of(db_text(r, 0, 0));
    db_result_free(r);
    return err;
}

/* --- the queue --- */

/* $1 to $5; names r, v and h. */
#define MATCHES                                                                                    \
    " FROM registration r JOIN registration_review v ON v.registration_id = r.id"                  \
    "  JOIN hcp h ON h.id = r.hcp_id"                                                              \
    " WHERE r.organisation_id = $1 AND r.congress_id = $2"                                         \
    "   AND ($3::text IS NULL OR h.search LIKE ALL ((SELECT search_patterns($3))::text[]))"        \
    "   AND r.state = CASE WHEN $4 = 'declined' THEN 'declined' ELSE 'in_review' END"              \
    "   AND r.state IN ('in_review', 'declined')"                                                  \
    "   AND ($4 IS DISTINCT FROM 'proof_asked' OR v.proof_asked_at IS NOT NULL)"                   \
    "   AND ($4 IS DISTINCT FROM 'flagged' OR r.id IN (SELECT review_flagged($2)))"                \
    "   AND ($5::text IS NULL OR r.category = $5)"

static struct db_result *query_reviews(struct db_conn *c, const struct identity *who,
                                       const struct reviews_wanted *w)
{
    int64_t after = w->after.number == INT64_MIN ? DB_NULL_TIME : w->after.number;
    return db_query(
        c,
        "SELECT jsonb_build_object('id', r.id, 'first_name', h.first_name,"
        "  'last_name', h.last_name, 'email', h.email, 'language', r.language,"
        "  'profession', r.profession, 'specialty', r.specialty,"
        "  'practice_setting', r.practice_setting, 'region', r.region, 'age_band', r.age_band,"
        "  'category', r.category, 'affiliation', r.affiliation, 'channel', r.channel, 'state', "
        "r.state,"
        "  'profiles', (SELECT coalesce(jsonb_agg(p.id ORDER BY p.position, p.id), '[]')"
        "     FROM registration_profile m JOIN target_profile p ON p.id = m.target_profile_id"
        "    WHERE m.registration_id = r.id),"
        "  'rpps', h.rpps, 'registry', registry_mark(r), 'provider', provider_mark(r),"
        "  'answers', (SELECT coalesce(jsonb_agg(jsonb_build_object('key', q.key,"
        "      'label_fr', q.label_fr, 'label_en', q.label_en,"
        "      'text_fr', form_answer_text(q, a.value, 'fr'),"
        "      'text_en', form_answer_text(q, a.value, 'en')) ORDER BY q.position, q.key), '[]')"
        "     FROM form_answer a JOIN form_question q"
        "       ON (q.congress_id, q.key) = (a.congress_id, a.question_key)"
        "    WHERE a.registration_id = r.id),"
        "  'flags', (SELECT f.flags FROM review_flags(ARRAY[r.id]) f),"
        "  'twins', (SELECT coalesce(jsonb_agg(to_jsonb(t)), '[]') FROM (SELECT o.id,"
        "      k.first_name, k.last_name, k.email, k.rpps, o.state, t.same_rpps"
        "     FROM review_twins(r.congress_id, h) t JOIN registration o ON o.id = t.registration_id"
        "     JOIN hcp k ON k.id = o.hcp_id ORDER BY o.registered_at, o.id LIMIT 5) t),"
        "  'review', review_json(r.id)), v.since, r.id" MATCHES
        "   AND ($6::timestamptz IS NULL OR (v.since, r.id) > ($6, $7))"
        " ORDER BY v.since, r.id LIMIT $8",
        "uussstui", &who->organisation, w->congress, w->search, w->filter, w->category, after,
        &w->after.id, (int64_t)w->limit + 1);
}

enum err reviews_list(struct db_conn *c, const struct identity *who,
                      const struct reviews_wanted *wanted, struct reviews_page *out)
{
    *out = (struct reviews_page){0};
    enum err err = db_read_json(c, &out->counts,
                                "SELECT review_counts(id) FROM congress"
                                " WHERE id = $1 AND organisation_id = $2",
                                "uu", wanted->congress, &who->organisation);
    if (err != ERR_OK)
        return err;
    struct db_result *r = query_reviews(c, who, wanted);
    err = db_err(r);
    if (err == ERR_OK) {
        int n = db_json_rows(r, wanted->limit, &out->items, &out->more);
        if (n)
            out->last = (struct cursor){.number = db_time(r, n - 1, 1), .id = db_id(r, n - 1, 2)};
    }
    db_result_free(r);
    return err;
}

/* --- decisions --- */

static struct db_result *query_decision(struct db_conn *c, const struct identity *who,
                                        const struct id *registration,
                                        const struct review_wish *wish, int64_t now)
{
    switch (wish->decision) {
    case REVIEW_APPROVE:
        return db_query(c, "SELECT review_approve($1, $2::bigint::int, $3, $4)", "uiut",
                        registration, wish->version, &who->person, now);
    case REVIEW_DECLINE:
        return db_query(c, "SELECT review_decline($1, $2::bigint::int, $3, $4, $5, $6)", "uissut",
                        registration, wish->version, wish->reason, wish->message, &who->person,
                        now);
    case REVIEW_ASK_PROOF:
        break;
    }
    return db_query(c, "SELECT review_ask_proof($1, $2::bigint::int, $3, $4, $5)", "uisut",
                    registration, wish->version, wish->message, &who->person, now);
}

static enum registration_mail_kind mail_of(const struct review_wish *wish, const char *word)
{
    if (wish->decision == REVIEW_DECLINE)
        return MAIL_DECLINED;
    if (wish->decision == REVIEW_ASK_PROOF)
        return MAIL_PROOF;
    return strcmp(word, "waiting") == 0 ? MAIL_APPROVED_WAITING : MAIL_APPROVED;
}

static enum err audit_decision(struct db_conn *c, const struct identity *who,
                               const struct id *registration, const struct review_wish *wish,
                               const char *word, int64_t now)
{
    static const char *const actions[] = {[REVIEW_APPROVE] = "registration.approve",
                                          [REVIEW_DECLINE] = "registration.decline",
                                          [REVIEW_ASK_PROOF] = "registration.ask_proof"};
    json_t *details = NULL;
    if (wish->decision == REVIEW_APPROVE)
        details = json_pack("{s:s}", "state", word);
    if (wish->decision == REVIEW_DECLINE)
        details = json_pack("{s:s}", "reason", wish->reason);
    return audit_write(c, who, now, actions[wish->decision], "registration", registration, details);
}

/* What was decided is said to the person, and to who asked. */
static enum err say(struct db_conn *c, const struct identity *who, const struct id *registration,
                    const struct review_wish *wish, const char *base_url, const char *word,
                    int64_t now, json_t **result)
{
    enum err err = audit_decision(c, who, registration, wish, word, now);
    if (err == ERR_OK)
        err = registration_mail_say(c, registration, mail_of(wish, word), wish->message, base_url,
                                    now);
    return err ? err
               : db_read_json(c, result,
                              "SELECT jsonb_build_object('state', state, 'review', review_json(id))"
                              "  FROM registration WHERE id = $1",
                              "u", registration);
}

static enum err find(struct db_conn *c, const struct identity *who, const struct id *registration,
                     struct review_outcome *out)
{
    out->touched.registration = *registration;
    return db_read_id(c, &out->touched.congress,
                      "SELECT congress_id FROM registration"
                      " WHERE id = $1 AND organisation_id = $2",
                      "uu", registration, &who->organisation);
}

/* Whose the version is that is there now. */
static enum err find_other(struct db_conn *c, const struct id *registration, char *by, size_t size)
{
    struct db_result *r = db_query(c,
                                   "SELECT a.name FROM registration_review v"
                                   "  JOIN account a ON a.id = v.by_account_id"
                                   " WHERE v.registration_id = $1",
                                   "u", registration);
    enum err err = db_err(r);
    snprintf(by, size, "%s", err == ERR_OK && db_rows(r) ? db_text(r, 0, 0) : "");
    db_result_free(r);
    return err;
}

static enum err decide(struct db_conn *c, const struct identity *who, const struct id *registration,
                       const struct review_wish *wish, const char *base_url, int64_t now,
                       struct review_outcome *out)
{
    struct db_result *r = query_decision(c, who, registration, wish, now);
    enum err err = db_one(r);
    const char *word = db_text(r, 0, 0);
    if (err == ERR_OK) {
        out->changed = strcmp(word, "changed") == 0;
        out->refusal = refusal_of(word);
    }
    if (err == ERR_OK && out->changed)
        err = find_other(c, registration, out->by, sizeof out->by);
    else if (err == ERR_OK && out->refusal == REGISTRATION_OK)
        err = say(c, who, registration, wish, base_url, word, now, &out->result);
    out->touched.changed = out->result && strcmp(word, "registered") == 0;
    db_result_free(r);
    return err;
}

enum err review_decide(struct db_conn *c, const struct identity *who, const struct id *registration,
                       const struct review_wish *wish, const char *base_url, int64_t now,
                       struct review_outcome *out)
{
    *out = (struct review_outcome){0};
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = find(c, who, registration, out);
    if (err == ERR_OK)
        err = decide(c, who, registration, wish, base_url, now, out);
    if (err == ERR_OK && !out->result)
        db_rollback(c);
    else
        err = db_end(c, err);
    if (err != ERR_OK) {
        json_decref(out->result);
        out->result = NULL;
    }
    return err;
}
