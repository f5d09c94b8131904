/* What a person sees and corrects about themselves. */
#include "db/query.h"
#include "features/registration/registration_store.h"

enum err my_profile(struct db_conn *c, const struct identity *who, int64_t now, json_t **out)
{
    return db_read_json(c, out,
                        "SELECT my_profile(id, $3)"
                        "    || jsonb_build_object('questions', my_answers(id),"
                        "           'representative', link_representative(link_id))"
                        "  FROM registration"
                        " WHERE id = $1 AND organisation_id = $2",
                        "uut", &who->person, &who->organisation, now);
}

/* The category stays what it was when they registered. */
static enum err check_category(struct db_conn *c, const struct identity *who,
                               const struct registration_form *f, const char **field,
                               const char **reason)
{
    bool same = false;
    enum err err = db_read_bool(c, &same, "SELECT category = $2 FROM registration WHERE id = $1",
                                "us", &who->person, registration_categories[f->category]);
    if (err == ERR_OK && !same) {
        *field = "category";
        *reason = "not yours";
    }
    return err;
}

/* Nobody erases the person meanwhile. */
static enum err lock_person(struct db_conn *c, const struct identity *who)
{
    return db_found(c,
                    "SELECT 1 FROM registration r JOIN hcp h ON h.id = r.hcp_id"
                    " WHERE r.id = $1 AND r.organisation_id = $2 AND h.erased_at IS NULL"
                    "   FOR NO KEY UPDATE OF h",
                    "uu", &who->person, &who->organisation);
}

/* Ends the change; *out is the profile as it is then. */
static enum err end_with_profile(struct db_conn *c, struct change *change, enum err err,
                                 json_t **out)
{
    json_t *profile = NULL;
    if (err == ERR_OK)
        err = my_profile(c, &change->who, change->at, &profile);
    err = change_end(c, change, err);
    if (err == ERR_OK)
        *out = profile;
    else
        json_decref(profile);
    return err;
}

static enum err write_attributes(struct db_conn *c, const struct change *change,
                                 const struct registration_form *f)
{
    const struct id *registration = &change->who.person;
    enum err err = db_exec(c,
                           "UPDATE registration SET profession = $2, specialty = $3,"
                           "       practice_setting = $4, region = $5, age_band = $6,"
                           "       affiliation = $7 WHERE id = $1",
                           "ussssss", registration, f->profession, f->specialty,
                           f->practice_setting, f->region, f->age_band, f->affiliation);
    if (err == ERR_OK)
        err = registration_declared(c, registration, change->at);
    if (err == ERR_OK)
        err = db_exec(c, "SELECT match_registration($1)", "u", registration);
    if (err == ERR_OK)
        err = db_exec(c, "SELECT form_answers_drop($1)", "u", registration);
    if (err == ERR_OK)
        err = db_exec(c, "SELECT registry_verify(hcp_id, $2) FROM registration WHERE id = $1", "ut",
                      registration, change->at);
    return err == ERR_OK
               ? change_audit(c, change, "registration.profile", "registration", registration, NULL)
               : err;
}

enum err my_profile_change(struct db_conn *c, struct change *change,
                           const struct registration_form *form, const char **field,
                           const char **reason, json_t **out)
{
    *field = *reason = NULL;
    enum err err = registration_check_codes(c, form, field, reason);
    if (err != ERR_OK || *field)
        return err;
    err = change_begin(c);
    if (err == ERR_OK)
        err = lock_person(c, &change->who);
    if (err == ERR_OK)
        err = check_category(c, &change->who, form, field, reason);
    if (err == ERR_OK && *field)
        return change_end(c, change, err);
    if (err == ERR_OK)
        err = write_attributes(c, change, form);
    return end_with_profile(c, change, err, out);
}

/* --- consents --- */

static enum err check_version(struct db_conn *c, const struct identity *who,
                              const struct consent *consent)
{
    int64_t newest = 0;
    enum err err = db_read_int(c, &newest,
                               "SELECT max(version)::bigint FROM consent_text"
                               " WHERE organisation_id = $1 AND kind = $2",
                               "us", &who->organisation, consent->kind);
    return err == ERR_OK && newest != consent->version ? ERR_CONFLICT : err;
}

/* An answer that is given already is not given twice. */
static enum err add_answer(struct db_conn *c, const struct change *change,
                           const struct consent *consent, const char *language)
{
    const struct id *registration = &change->who.person;
    enum err err = db_found(c,
                            "INSERT INTO registration_consent (registration_id, organisation_id,"
                            "    kind, version, language, given, at)"
                            " SELECT $1, $2, $3, $4, $5, $6, $7 WHERE NOT EXISTS (SELECT 1 FROM"
                            "    (SELECT version, given FROM registration_consent"
                            "      WHERE registration_id = $1 AND kind = $3"
                            "      ORDER BY id DESC LIMIT 1) newest"
                            "     WHERE newest.version = $4 AND newest.given = $6) RETURNING 1",
                            "uusisbt", registration, &change->who.organisation, consent->kind,
                            consent->version, language, consent->given, change->at);
    if (err == ERR_NOT_FOUND)
        return ERR_OK;
    return err == ERR_OK
               ? change_audit(
                     c, change, "registration.consent", "registration", registration,
                     json_pack("{s:s,s:b}", "kind", consent->kind, "given", consent->given))
               : err;
}

enum err my_consent_add(struct db_conn *c, struct change *change, const struct consent *consent,
                        const char *language, json_t **out)
{
    enum err err = change_begin(c);
    if (err == ERR_OK)
        err = lock_person(c, &change->who);
    if (err == ERR_OK)
        err = check_version(c, &change->who, consent);
    if (err == ERR_OK)
        err = add_answer(c, change, consent, language);
    return end_with_profile(c, change, err, out);
}
