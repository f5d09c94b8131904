/* A filled-in form: checked, kept as a request, and mailed to its address, which confirms it
 * (registration_confirm_store.c). A request holds no seat and changes nothing of anybody. */
#include "base/mem.h"
#include "crypto/crypto.h"
#include "db/query.h"
#include "features/registration/registration_store.h"
#include "jobs/jobs.h"
#include "mail/mail.h"
#include <stdio.h>

/* Whose form it is, and how the congress stands. */
struct asked_page {
    struct id link, organisation, congress;
    bool open, full; /* full: and there is no waiting list */
    bool reserved;   /* for whoever holds a personal invitation */
    bool admits;     /* the category of the form */
    struct id invitation;
    bool invited;     /* by it, */
    bool proven;      /* at the very address of the form */
    json_t *answers;  /* as they are kept */
    json_t *provider; /* what it said of whoever fills the form in */
};

static enum err find_page(struct db_conn *c, const char *code, const struct registration_form *f,
                          struct asked_page *page)
{
    struct db_result *r =
        db_query(c,
                 "SELECT l.id, l.organisation_id, congress_id, seats_free(congress_id),"
                 "       closed_at IS NULL, c.waiting_list,"
                 "       EXISTS (SELECT 1 FROM registration_policy p"
                 "                WHERE p.congress_id = c.id AND p.policy = 'invitation'),"
                 "       $2 = ANY (c.categories)"
                 "  FROM registration_link l JOIN congress c ON c.id = l.congress_id"
                 " WHERE code = $1",
                 "ss", code, registration_categories[f->category]);
    enum err err = db_one(r);
    if (err == ERR_OK)
        *page = (struct asked_page){.link = db_id(r, 0, 0),
                                    .organisation = db_id(r, 0, 1),
                                    .congress = db_id(r, 0, 2),
                                    .open = !db_null(r, 0, 3) && db_bool(r, 0, 4),
                                    .full = db_int(r, 0, 3) <= 0 && !db_bool(r, 0, 5),
                                    .reserved = db_bool(r, 0, 6),
                                    .admits = db_bool(r, 0, 7)};
    db_result_free(r);
    return err;
}

static const char *const lists[] = {"profession", "specialty", "practice_setting", "region",
                                    "age_band"};

/* Whichever of the attributes is not a code that goes with the profession: one row, or none. */
static struct db_result *wrong_codes(struct db_conn *c, const struct registration_form *f)
{
    const char *codes[] = {f->profession, f->specialty, f->practice_setting, f->region,
                           f->age_band};
    return db_later(c,
                    "SELECT q.n, c.code IS NOT NULL"
                    "  FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS q (list, code, n)"
                    "  LEFT JOIN code c ON c.list = q.list AND c.code = q.code AND c.active"
                    " WHERE q.code IS NOT NULL AND (c.code IS NULL OR $3 <> ALL (c.professions))"
                    " ORDER BY q.n LIMIT 1",
                    "SSs", lists, (size_t)5, codes, (size_t)5, f->profession);
}

/* *field: which one, NULL: none. */
static enum err codes_verdict(const struct db_result *wrong, const char **field,
                              const char **reason)
{
    *field = NULL;
    if (db_err(wrong) == ERR_OK && db_rows(wrong)) {
        int64_t n = db_int(wrong, 0, 0);
        *field = n >= 1 && n <= 5 ? lists[n - 1] : "profession";
        *reason = db_bool(wrong, 0, 1) ? "not a specialty of this profession" : "unknown code";
    }
    return db_err(wrong);
}

enum err registration_check_codes(struct db_conn *c, const struct registration_form *f,
                                  const char **field, const char **reason)
{
    struct db_result *wrong = wrong_codes(c, f);
    enum err err = codes_verdict(wrong, field, reason);
    db_result_free(wrong);
    return err;
}

/* The wordings in force where the link's form is filled in. */
static struct db_result *asked_consents(struct db_conn *c, const char *code)
{
    return db_later(c,
                    "SELECT t.kind, max(t.version)::bigint"
                    "  FROM registration_link l JOIN consent_text t"
                    "    ON t.organisation_id = l.organisation_id"
                    " WHERE l.code = $1 GROUP BY t.kind",
                    "s", code);
}

static enum err consents_verdict(const struct db_result *r, const struct registration_form *f,
                                 const char **reason)
{
    struct consent asked[CONSENTS_MAX];
    enum err err = db_err(r);
    int n = err == ERR_OK ? db_rows(r) : 0;
    if (n > CONSENTS_MAX)
        err = ERR_INTERNAL;
    for (int i = 0; i < n && err == ERR_OK; i++)
        asked[i] = (struct consent){.kind = db_text(r, i, 0), .version = db_int(r, i, 1)};
    if (err == ERR_OK)
        *reason = consents_fault(asked, n, f->consents, f->consent_count);
    return err;
}

/* *reason NULL: page->answers are what is kept. */
static enum err answers_verdict(const struct db_result *asked, const struct registration_form *f,
                                struct asked_page *page, struct request_result *out)
{
    enum err err = db_err(asked);
    if (err != ERR_OK || !db_rows(asked))
        return err;
    json_t *questions = db_json(asked, 0, 0);
    page->answers = form_answers_read(questions, f->answers, &out->fault);
    json_decref(questions);
    return ERR_OK;
}

/* The answers of the database about a form. */
struct judged {
    struct db_result *wrong, *consents, *asked;
};

static enum err judge_form(struct asked_page *page, const struct registration_form *f,
                           const struct judged *by, struct request_result *out)
{
    const char *field = NULL, *reason = NULL;
    if (!page->open) {
        out->refusal = REGISTRATION_CLOSED;
        return ERR_OK;
    }
    if (!page->admits) {
        out->refusal = REGISTRATION_FORM;
        out->field = "category";
        out->reason = "not admitted";
        return ERR_OK;
    }
    enum err err = codes_verdict(by->wrong, &field, &reason);
    if (err == ERR_OK && !field)
        err = consents_verdict(by->consents, f, &reason);
    if (err == ERR_OK && !reason) {
        err = answers_verdict(by->asked, f, page, out);
        reason = out->fault.reason;
        field = reason ? out->fault.field : NULL;
    }
    if (reason) {
        out->refusal = REGISTRATION_FORM;
        out->field = field ? field : "consents";
        out->reason = reason;
    } else if (page->full) {
        out->refusal = REGISTRATION_FULL;
    }
    return err;
}

static enum err check_form(struct db_conn *c, const char *code, const struct registration_form *f,
                           struct asked_page *page, struct request_result *out)
{
    struct judged by = {.wrong = wrong_codes(c, f),
                        .consents = asked_consents(c, code),
                        .asked = form_asked_later(c, code, f)};
    enum err err = find_page(c, code, f, page);
    if (err == ERR_OK)
        err = judge_form(page, f, &by, out);
    db_result_free(by.wrong);
    db_result_free(by.consents);
    db_result_free(by.asked);
    return err;
}

static json_t *consents_json(const struct registration_form *f)
{
    json_t *list = json_array();
    for (int i = 0; i < f->consent_count; i++)
        json_array_append_new(list, json_pack("{s:s,s:I,s:b}", "kind", f->consents[i].kind,
                                              "version", (json_int_t)f->consents[i].version,
                                              "given", f->consents[i].given));
    return list;
}

static enum err insert_request(struct db_conn *c, const struct asked_page *page,
                               const struct registration_form *f, const uint8_t *token, int64_t now,
                               const struct id *request)
{
    json_t *consents = consents_json(f);
    enum err err =
        db_exec(c,
                "INSERT INTO registration_request (organisation_id, congress_id, link_id,"
                "   token_hash, email, first_name, last_name, language, profession, specialty,"
                "   practice_setting, region, age_band, consents, requested_at, expires_at, id,"
                "   rpps, invitation_id, answers, category, affiliation, provider)"
                " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,"
                "         $17, $18, $19, coalesce($20, '{}'), $21, $22, $23)",
                "uuuxsssssssssjttusujssj", &page->organisation, &page->congress, &page->link, token,
                (size_t)TOKEN_HASH_SIZE, f->email, f->first_name, f->last_name, f->language,
                f->profession, f->specialty, f->practice_setting, f->region, f->age_band, consents,
                now, now + REQUEST_LIFE_US, request, f->rpps[0] ? f->rpps : NULL,
                page->invited ? &page->invitation : NULL, page->answers,
                registration_categories[f->category], f->affiliation, page->provider);
    json_decref(consents);
    return err;
}

/* Who fills in a form, as far as they are known. */
struct asker {
    struct id registration;
    bool known;                       /* by this address and name, neither cancelled nor declined */
    enum registration_mail_kind mail; /* with which they are answered then */
    bool may;                         /* the address did not have its share of mails yet */
};

static enum err find_asker(struct db_conn *c, const struct asked_page *page,
                           const struct registration_form *f, int64_t now, struct asker *asker)
{
    struct db_result *r = db_later(
        c,
        "SELECT r.id, r.state FROM hcp h JOIN registration r ON r.hcp_id = h.id"
        " WHERE h.organisation_id = $1 AND h.email = $2 AND r.congress_id = $5"
        "   AND folded(h.first_name || ' ' || h.last_name)"
        "     = folded($3::text || ' ' || $4::text)"
        "   AND r.state NOT IN ('cancelled', 'declined')",
        "usssu", &page->organisation, f->email, f->first_name, f->last_name, &page->congress);
    enum err err =
        db_read_bool(c, &asker->may,
                     "SELECT registration_mails($1, $2, $3) < $4"
                     "   AND registration_mails($1, $2, $5) < $6",
                     "ustiti", &page->organisation, f->email, now - 3600 * US_PER_S,
                     (int64_t)MAILS_PER_HOUR, now - 24 * 3600 * US_PER_S, (int64_t)MAILS_PER_DAY);
    asker->known = db_rows(r) > 0;
    asker->mail = asker->known ? mail_of_state(db_text(r, 0, 1), MAIL_ALREADY) : MAIL_ALREADY;
    asker->registration = db_id(r, 0, 0);
    db_result_free(r);
    return err;
}

/* Of somebody invited only the newest form is kept. */
static enum err keep_request(struct db_conn *c, const struct asked_page *page,
                             const struct registration_form *f, int64_t now, struct id *request,
                             char token[static TOKEN_TEXT_SIZE])
{
    uint8_t hash[TOKEN_HASH_SIZE];
    *request = id_random();
    token_new(token, hash);
    enum err err = ERR_OK;
    if (page->invited)
        err = db_exec(c, "DELETE FROM registration_request WHERE invitation_id = $1", "u",
                      &page->invitation);
    if (err == ERR_OK)
        err = insert_request(c, page, f, hash, now, request);
    return err == ERR_OK ? job_add(c, &registration_expire, &page->organisation, request,
                                   now + REQUEST_LIFE_US)
                         : err;
}

static enum err ask_to_confirm(struct db_conn *c, const struct asked_page *page,
                               const struct registration_form *f, const char *base_url, int64_t now)
{
    char token[TOKEN_TEXT_SIZE];
    struct id request;
    enum err err = keep_request(c, page, f, now, &request, token);
    return err == ERR_OK ? request_mail_send(c, &request, token, base_url, now) : err;
}

/* Who is registered, waits or is in review is mailed their link, also when no seat is left;
 * everybody else a request, when one is. */
static enum err answer_by_mail(struct db_conn *c, const struct asked_page *page,
                               const struct registration_form *f, const char *base_url, int64_t now)
{
    struct asker asker = {0};
    enum err err = address_lock(c, f->email);
    if (err == ERR_OK)
        err = find_asker(c, page, f, now, &asker);
    if (err != ERR_OK)
        return err;
    if (asker.known)
        err = registration_mail_send(c, &asker.registration, asker.mail, base_url, now);
    else if (asker.may && !page->full)
        err = ask_to_confirm(c, page, f, base_url, now);
    else
        err = ERR_RATE;
    return err == ERR_RATE ? mail_spend(c) : err;
}

/* Whoever holds an invitation has its mailbox: what a mail would bring them they have at once. */
static enum err answer(struct db_conn *c, const struct asked_page *page,
                       const struct registration_form *f, const char *base_url, int64_t now,
                       struct request_result *out)
{
    struct id request;
    if (!page->proven)
        return answer_by_mail(c, page, f, base_url, now);
    if (out->refusal != REGISTRATION_OK)
        return ERR_OK;
    enum err err = address_lock(c, f->email);
    return err == ERR_OK ? keep_request(c, page, f, now, &request, out->token) : err;
}

static enum err find_invitation(struct db_conn *c, const char *code, const uint8_t *invitation,
                                const struct registration_form *f, struct asked_page *page)
{
    struct db_result *r = db_query(c, "SELECT id, email = $3 FROM invitation_of_form($1, $2)",
                                   "xss", invitation, (size_t)TOKEN_HASH_SIZE, code, f->email);
    enum err err = db_one(r);
    page->invited = err == ERR_OK;
    if (page->invited) {
        page->invitation = db_id(r, 0, 0);
        page->proven = db_bool(r, 0, 1);
    }
    db_result_free(r);
    return err;
}

static enum err take_provider(struct db_conn *c, const char *code, const uint8_t *provider,
                              int64_t now, struct asked_page *page, struct request_result *out)
{
    enum err err = provider_take(c, code, provider, now, &page->provider);
    if (err != ERR_NOT_FOUND)
        return err;
    out->refusal = REGISTRATION_PROVIDER;
    return ERR_OK;
}

enum err registration_request(struct db_conn *c, const char *code,
                              const struct registration_form *form,
                              const struct request_proof *proof, const char *base_url, int64_t now,
                              struct request_result *out)
{
    struct asked_page page = {0};
    *out = (struct request_result){0};
    enum err err = db_begin_brief(c);
    if (err == ERR_OK)
        err = check_form(c, code, form, &page, out);
    if (err == ERR_OK && proof->invitation)
        err = find_invitation(c, code, proof->invitation, form, &page);

    if (err == ERR_OK && page.reserved && !page.invited && out->refusal != REGISTRATION_CLOSED)
        out->refusal = REGISTRATION_NOT_ADMITTED;
    if (err == ERR_OK && proof->provider && out->refusal == REGISTRATION_OK)
        err = take_provider(c, code, proof->provider, now, &page, out);
    if (err == ERR_OK && (out->refusal == REGISTRATION_OK || out->refusal == REGISTRATION_FULL))
        err = answer(c, &page, form, base_url, now, out);
    json_decref(page.answers);
    json_decref(page.provider);
    return db_end(c, err);
}

/* --- what nobody confirmed --- */

static enum err forget_expired(struct db_conn *c, const struct id *organisation, int64_t now)
{
    enum err err = db_exec(c,
                           "DELETE FROM registration_request"
                           " WHERE organisation_id = $1 AND expires_at <= $2",
                           "ut", organisation, now);
    if (err == ERR_OK)
        err = db_exec(c,
                      "DELETE FROM address_change WHERE organisation_id = $1"
                      "   AND confirmed_at IS NULL AND asked_at <= $2",
                      "ut", organisation, now - REQUEST_LIFE_US);
    if (err == ERR_OK)
        err = db_exec(c,
                      "DELETE FROM job WHERE kind = $1 AND organisation_id = $2 AND due_at <= $3"
                      "   AND claimed_by IS NULL",
                      "sut", registration_expire.name, organisation, now);
    return err;
}

/* One run does for all of the organisation that are due. */
static enum job_result expire(struct job *job)
{
    int64_t now = clock_now_us(job->app->clock);
    enum err err = db_begin(job->db);
    if (err == ERR_OK)
        err = forget_expired(job->db, &job->organisation, now);
    return db_end(job->db, err) == ERR_OK ? JOB_DONE : JOB_FAILED;
}

static enum err give_up(struct job *job)
{
    (void)job; /* the organisation's next one does what this one could not */
    return ERR_OK;
}

const struct job_kind registration_expire = {
    .name = "registration.expire", .pool = DB_JOB, .tries = 10, .run = expire, .give_up = give_up};
