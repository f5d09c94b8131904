/* The public page of a registration link: what it shows, registering, asking for the link again. */
#include "db/query.h"
#include "features/registration/registration_store.h"
#include "mail/mail.h"

enum err registration_page(struct db_conn *c, const char *code, json_t **out)
{
    return db_read_json(
        c, out,
        "SELECT jsonb_build_object("
        " 'organisation', jsonb_build_object('name', o.name,"
        "    'contact_email', o.contact_email, 'privacy_notice_fr', o.privacy_notice_fr,"
        "    'privacy_notice_en', o.privacy_notice_en),"
        " 'congress', jsonb_build_object('title', c.title, 'description', c.description,"
        "    'language', c.language, 'time_zone', c.time_zone),"
        " 'sessions', (SELECT coalesce(jsonb_agg(jsonb_build_object('title', s.title,"
        "      'description', s.description, 'language', s.language,"
        "      'starts_at', json_time(s.starts_at), 'planned_minutes', s.planned_minutes,"
        "      'state', s.state) ORDER BY s.starts_at, s.id), '[]')"
        "    FROM session s WHERE s.congress_id = c.id AND s.state <> 'draft'),"
        " 'consents', (SELECT coalesce(jsonb_agg(jsonb_build_object('kind', t.kind,"
        "      'version', t.version, 'text_fr', t.text_fr, 'text_en', t.text_en,"
        "      'required', t.kind = 'participation') ORDER BY t.kind DESC), '[]')"
        "    FROM (SELECT DISTINCT ON (kind) * FROM consent_text"
        "           WHERE organisation_id = o.id ORDER BY kind, version DESC) t),"
        " 'open', EXISTS (SELECT 1 FROM session WHERE congress_id = c.id"
        "                    AND state IN ('lobby', 'live')))"
        "  FROM registration_link l JOIN congress c ON c.id = l.congress_id"
        "  JOIN organisation o ON o.id = c.organisation_id WHERE l.code = $1",
        "s", code);
}

struct page {
    struct id link, organisation, congress;
    bool open;
    int64_t free; /* seats; under 0: one too many is taken */
};

static enum err find_page(struct db_conn *c, const char *code, struct page *page)
{
    struct db_result *r = db_query(
        c, "SELECT id, organisation_id, congress_id FROM registration_link WHERE code = $1", "s",
        code);
    enum err err = db_one(r);
    if (err == ERR_OK) {
        page->link = db_id(r, 0, 0);
        page->organisation = db_id(r, 0, 1);
        page->congress = db_id(r, 0, 2);
    }
    db_result_free(r);
    return err;
}

/* Without those that are cancelled, and with this transaction's own. */
static enum err count_seats(struct db_conn *c, struct page *page)
{
    struct db_result *r =
        db_query(c,
                 "SELECT count(*) > 0, coalesce(min(capacity), 0) -"
                 "       (SELECT count(*) FROM registration"
                 "         WHERE congress_id = $1 AND state = 'registered')"
                 "  FROM session WHERE congress_id = $1 AND state IN ('lobby', 'live')",
                 "u", &page->congress);
    enum err err = db_err(r);
    if (err == ERR_OK) {
        page->open = db_bool(r, 0, 0);
        page->free = db_int(r, 0, 1);
    }
    db_result_free(r);
    return err;
}

/* Whether the seat that this transaction took was there. The congress is locked for this alone,
 * just before the commit, so that the last seat is given once. */
static enum err decide(struct db_conn *c, struct page *page, struct register_result *out)
{
    enum err err =
        db_exec(c, "SELECT 1 FROM congress WHERE id = $1 FOR NO KEY UPDATE", "u", &page->congress);
    if (err == ERR_OK) /* a statement of its own sees what the last holder committed */
        err = count_seats(c, page);
    if (err == ERR_OK && !page->open)
        out->refusal = REGISTER_CLOSED;
    else if (err == ERR_OK && page->free < 0)
        out->refusal = REGISTER_FULL;
    return err;
}

/* *field: the first attribute that is not an active code; NULL: all are. */
static enum err check_codes(struct db_conn *c, const struct registration_form *f,
                            const char **field)
{
    static const char *const lists[] = {"profession", "specialty", "practice_setting", "region",
                                        "age_band"};
    const char *codes[] = {f->profession, f->specialty, f->practice_setting, f->region,
                           f->age_band};
    struct db_result *r = db_query(
        c,
        "SELECT q.n FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS q (list, code, n)"
        " WHERE q.code IS NOT NULL AND NOT EXISTS (SELECT 1 FROM code c"
        "       WHERE c.list = q.list AND c.code = q.code AND c.active) ORDER BY q.n LIMIT 1",
        "SS", lists, (size_t)5, codes, (size_t)5);
    enum err err = db_err(r);
    *field = NULL;
    if (err == ERR_OK && db_rows(r)) {
        int64_t n = db_int(r, 0, 0);
        *field = n >= 1 && n <= 5 ? lists[n - 1] : "profession";
    }
    db_result_free(r);
    return err;
}

static enum err check_consents(struct db_conn *c, const struct page *page,
                               const struct registration_form *f, const char **reason)
{
    struct db_result *r = db_query(c,
                                   "SELECT kind, max(version)::bigint FROM consent_text"
                                   " WHERE organisation_id = $1 GROUP BY kind",
                                   "u", &page->organisation);
    enum err err = db_err(r);
    struct consent asked[CONSENTS_MAX];
    int n = err == ERR_OK ? db_rows(r) : 0;
    if (n > CONSENTS_MAX)
        err = ERR_INTERNAL;
    for (int i = 0; i < n && err == ERR_OK; i++)
        asked[i] = (struct consent){.kind = db_text(r, i, 0), .version = db_int(r, i, 1)};
    if (err == ERR_OK)
        *reason = consents_fault(asked, n, f->consents, f->consent_count);
    db_result_free(r);
    return err;
}

static enum err check_form(struct db_conn *c, const struct page *page,
                           const struct registration_form *f, struct register_result *out)
{
    if (!page->open) {
        out->refusal = REGISTER_CLOSED;
        return ERR_OK;
    }
    const char *field = NULL, *reason = NULL;
    enum err err = check_codes(c, f, &field);
    if (err == ERR_OK && !field)
        err = check_consents(c, page, f, &reason);
    if (field || reason) {
        out->refusal = REGISTER_FORM;
        out->field = field ? field : "consents";
        out->reason = field ? "unknown code" : reason;
    } else if (page->free <= 0) {
        out->refusal = REGISTER_FULL;
    }
    return err;
}

/* A stranger who types somebody's address changes nothing of that person: insert if absent. */
static enum err find_person(struct db_conn *c, const struct page *page,
                            const struct registration_form *f, int64_t now, struct id *hcp)
{
    enum err err =
        db_exec(c,
                "INSERT INTO hcp (organisation_id, email, first_name, last_name,"
                "                 created_at) VALUES ($1, $2, $3, $4, $5)"
                " ON CONFLICT (organisation_id, email) DO NOTHING",
                "ussst", &page->organisation, f->email, f->first_name, f->last_name, now);
    if (err != ERR_OK)
        return err;
    err = db_read_id(c, hcp, "SELECT id FROM hcp WHERE organisation_id = $1 AND email = $2", "us",
                     &page->organisation, f->email);
    return err == ERR_NOT_FOUND ? ERR_BUSY : err; /* erased this very moment */
}

/* Inserts a registration, or renews a cancelled one; out->changed says whether it did. */
static enum err write_registration(struct db_conn *c, const struct page *page, const struct id *hcp,
                                   const struct registration_form *f, int64_t now,
                                   struct registration_touched *out)
{
    struct db_result *r = db_query(
        c,
        "INSERT INTO registration AS r (organisation_id, congress_id, hcp_id, link_id, channel,"
        "   language, state, profession, specialty, practice_setting, region, age_band,"
        "   registered_at)"
        " SELECT l.organisation_id, l.congress_id, $2, l.id, l.channel, $3, 'registered', $4, $5,"
        "        $6, $7, $8, $9 FROM registration_link l WHERE l.id = $1"
        " ON CONFLICT (congress_id, hcp_id) DO UPDATE SET link_id = excluded.link_id,"
        "   channel = excluded.channel, language = excluded.language, state = 'registered',"
        "   profession = excluded.profession, specialty = excluded.specialty,"
        "   practice_setting = excluded.practice_setting, region = excluded.region,"
        "   age_band = excluded.age_band, registered_at = excluded.registered_at,"
        "   cancelled_at = NULL, confirmed_at = NULL WHERE r.state = 'cancelled' RETURNING r.id",
        "uusssssst", &page->link, hcp, f->language, f->profession, f->specialty,
        f->practice_setting, f->region, f->age_band, now);
    enum err err = db_err(r);
    out->congress = page->congress;
    out->changed = err == ERR_OK && db_rows(r) == 1;
    if (out->changed)
        out->registration = db_id(r, 0, 0);
    db_result_free(r);
    if (err != ERR_OK || out->changed)
        return err;
    err = db_read_id(c, &out->registration,
                     "SELECT id FROM registration WHERE congress_id = $1 AND hcp_id = $2", "uu",
                     &page->congress, hcp);
    return err == ERR_NOT_FOUND ? ERR_BUSY : err;
}

static enum err write_consents(struct db_conn *c, const struct page *page,
                               const struct id *registration, const struct registration_form *f,
                               int64_t now)
{
    enum err err = ERR_OK;
    for (int i = 0; i < f->consent_count && err == ERR_OK; i++)
        err = db_exec(c,
                      "INSERT INTO registration_consent (registration_id, organisation_id, kind,"
                      "   version, language, given, at) VALUES ($1, $2, $3, $4::int, $5, $6, $7)"
                      " ON CONFLICT (registration_id, kind, version) DO UPDATE SET"
                      "   language = excluded.language, given = excluded.given, at = excluded.at",
                      "uusisbt", registration, &page->organisation, f->consents[i].kind,
                      f->consents[i].version, f->language, f->consents[i].given, now);
    return err;
}

static enum err write_new(struct db_conn *c, const struct page *page,
                          const struct registration_form *f, int64_t now,
                          const struct id *registration)
{
    struct identity who = {
        .roles = ROLE_HCP, .organisation = page->organisation, .person = *registration};
    char link[ID_TEXT_SIZE];
    enum err err = write_consents(c, page, registration, f, now);
    if (err == ERR_OK)
        err = db_exec(c, "SELECT match_registration($1)", "u", registration);
    if (err == ERR_OK)
        err = audit_write(c, &who, now, "registration.create", "registration", registration,
                          json_pack("{s:s}", "link", id_text(&page->link, link)));
    return err;
}

static enum err send_mail(struct db_conn *c, const struct registration_touched *touched,
                          const char *base_url, int64_t now)
{
    enum err err = registration_mail_send(
        c, &touched->registration, touched->changed ? MAIL_WELCOME : MAIL_ALREADY, base_url, now);
    return err == ERR_RATE ? mail_spend(c) : err;
}

/* Everything but the decision. */
static enum err register_person(struct db_conn *c, const struct page *page,
                                const struct registration_form *form, const char *base_url,
                                int64_t now, struct registration_touched *out)
{
    struct id hcp;
    enum err err = find_person(c, page, form, now, &hcp);
    if (err == ERR_OK)
        err = write_registration(c, page, &hcp, form, now, out);
    if (err == ERR_OK && out->changed)
        err = write_new(c, page, form, now, &out->registration);
    return err == ERR_OK ? send_mail(c, out, base_url, now) : err;
}

enum err registration_register(struct db_conn *c, const char *code,
                               const struct registration_form *form, const char *base_url,
                               int64_t now, struct register_result *out)
{
    struct page page;
    *out = (struct register_result){0};
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = find_page(c, code, &page);
    if (err == ERR_OK)
        err = count_seats(c, &page);
    if (err == ERR_OK)
        err = check_form(c, &page, form, out);
    if (err == ERR_OK && out->refusal == REGISTER_OK)
        err = register_person(c, &page, form, base_url, now, &out->touched);
    if (err == ERR_OK && out->refusal == REGISTER_OK && out->touched.changed)
        err = decide(c, &page, out);
    if (err == ERR_OK && out->refusal == REGISTER_OK)
        return db_commit(c);
    db_rollback(c);
    return err;
}

enum err registration_send_link(struct db_conn *c, const char *code, const char *email,
                                const char *base_url, int64_t now)
{
    enum err err = db_begin(c);
    if (err != ERR_OK)
        return err;
    struct db_result *r =
        db_query(c,
                 "SELECT r.id FROM registration_link l LEFT JOIN hcp h"
                 "    ON h.organisation_id = l.organisation_id AND h.email = $2"
                 "  LEFT JOIN registration r ON r.congress_id = l.congress_id"
                 "   AND r.hcp_id = h.id AND r.state = 'registered' WHERE l.code = $1",
                 "ss", code, email);
    err = db_one(r);
    if (err == ERR_OK) {
        struct id registration = db_id(r, 0, 0);
        err = db_null(r, 0, 0) ? ERR_RATE
                               : registration_mail_send(c, &registration, MAIL_LINK, base_url, now);
        if (err == ERR_RATE)
            err = mail_spend(c);
    }
    db_result_free(r);
    return db_end(c, err);
}
