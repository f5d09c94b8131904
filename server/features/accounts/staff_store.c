#include "base/address.h"
#include "base/person_name.h"
#include "base/text.h"
#include "db/query.h"
#include "features/accounts/accounts_store.h"
#include "grants/grants.h"
#include "room/shown.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ORGANISATION_JSON                                                                          \
    "jsonb_build_object('id', o.id, 'name', o.name, 'contact_email', o.contact_email,"             \
    " 'privacy_notice_fr', o.privacy_notice_fr, 'privacy_notice_en', o.privacy_notice_en,"         \
    " 'second_factor_required', o.second_factor_required)"
#define CONSENT_JSON                                                                               \
    "jsonb_build_object('kind', kind, 'version', version, 'text_fr', text_fr, 'text_en', text_en," \
    " 'created_at', json_time(created_at))"
#define STAFF_JSON(now)                                                                            \
    "jsonb_build_object('id', a.id, 'name', a.name, 'email', a.email, 'language', a.language,"     \
    " 'roles', organisation_roles(a.id, " now "),"                                                 \
    " 'created_at', json_time(a.created_at), 'disabled_at', json_time(a.disabled_at),"             \
    " 'last_sign_in_at', (SELECT json_time(max(created_at)) FROM sign_in"                          \
    "                      WHERE account_id = a.id),"                                              \
    " 'invited_until', (SELECT json_time(max(expires_at)) FROM one_time_link"                      \
    "                    WHERE account_id = a.id AND purpose = 'invite' AND used_at IS NULL),"     \
    " 'second_factor', account_factors(a.id) <> '{}')"

enum err organisation_get(struct db_conn *c, const struct identity *who, json_t **out)
{
    return db_read_json(c, out, "SELECT " ORGANISATION_JSON " FROM organisation o WHERE o.id = $1",
                        "u", &who->organisation);
}

enum err organisation_set(struct db_conn *c, struct change *change,
                          const struct organisation_edit *edit)
{
    const struct id *organisation = &change->who.organisation;
    struct shown_sessions sessions = {0}; /* everybody in one sees who holds it */
    enum err err = change_begin(c);
    if (err == ERR_OK) /* nobody adds a session meanwhile */
        err = db_exec(c, "SELECT 1 FROM organisation WHERE id = $1 FOR NO KEY UPDATE", "u",
                      organisation);
    if (err == ERR_OK && (edit->name || edit->contact_email))
        err = shown_lock(c, organisation, NULL, NULL, &sessions);
    if (err == ERR_OK)
        err = db_exec(c,
                      "UPDATE organisation SET name = coalesce($2, name),"
                      "       contact_email = coalesce($3, contact_email),"
                      "       privacy_notice_fr = coalesce($4, privacy_notice_fr),"
                      "       privacy_notice_en = coalesce($5, privacy_notice_en) WHERE id = $1",
                      "ussss", organisation, edit->name, edit->contact_email,
                      edit->privacy_notice_fr, edit->privacy_notice_en);
    if (err == ERR_OK)
        err = change_audit(c, change, "organisation.change", "organisation", organisation,
                           json_pack("{s:b,s:b,s:b,s:b}", "name", edit->name != NULL,
                                     "contact_email", edit->contact_email != NULL,
                                     "privacy_notice_fr", edit->privacy_notice_fr != NULL,
                                     "privacy_notice_en", edit->privacy_notice_en != NULL));
    if (err == ERR_OK)
        err = shown_tell(c, change, &sessions);
    shown_release(&sessions);
    return change_end(c, change, err);
}

enum err organisation_require_factor(struct db_conn *c, const struct identity *who, bool required,
                                     int64_t now, json_t **out)
{
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = db_exec(c, "UPDATE organisation SET second_factor_required = $2 WHERE id = $1", "ub",
                      &who->organisation, required);
    if (err == ERR_OK)
        err = audit_write(c, who, now, "organisation.second_factor", "organisation",
                          &who->organisation, json_pack("{s:b}", "required", required));
    if (err == ERR_OK)
        err = organisation_get(c, who, out);
    return db_end(c, err);
}

enum err consents_list(struct db_conn *c, const struct identity *who, json_t **out)
{
    return db_read_json(c, out,
                        "SELECT coalesce(jsonb_agg(" CONSENT_JSON
                        " ORDER BY kind DESC, version DESC), '[]')"
                        "  FROM (SELECT * FROM consent_text WHERE organisation_id = $1"
                        "         ORDER BY created_at DESC LIMIT 500) t",
                        "u", &who->organisation);
}

enum err consents_add(struct db_conn *c, const struct identity *who, const char *kind,
                      const char *text_fr, const char *text_en, int64_t now, json_t **out)
{
    enum err err = db_begin(c);
    if (err == ERR_OK) /* versions are counted one writer at a time */
        err = db_exec(c, "SELECT 1 FROM organisation WHERE id = $1 FOR NO KEY UPDATE", "u",
                      &who->organisation);
    json_t *added = NULL;
    if (err == ERR_OK)
        err = db_read_json(
            c, &added,
            "INSERT INTO consent_text AS t (organisation_id, kind, version, text_fr,"
            "                               text_en, created_at)"
            " SELECT $1, $2, coalesce(max(version), 0) + 1, $3, $4, $5 FROM consent_text"
            "  WHERE organisation_id = $1 AND kind = $2 RETURNING " CONSENT_JSON,
            "ussst", &who->organisation, kind, text_fr, text_en, now);
    if (err == ERR_OK)
        err = audit_write(
            c, who, now, "consent.add", "organisation", &who->organisation,
            json_pack("{s:s,s:O}", "kind", kind, "version", json_object_get(added, "version")));
    err = db_end(c, err);
    if (err == ERR_OK)
        *out = added;
    else
        json_decref(added);
    return err;
}

enum err staff_list(struct db_conn *c, const struct identity *who, const struct cursor *after,
                    int limit, int64_t now, json_t **items, struct cursor *last, bool *more)
{
    struct db_result *r =
        db_query(c,
                 "SELECT " STAFF_JSON(
                     "$5") ", a.created_at, a.id FROM account a"
                           " WHERE a.organisation_id = $1 AND a.email IS NOT NULL"
                           "   AND ($2::timestamptz IS NULL OR (a.created_at, a.id) > ($2, $3))"
                           " ORDER BY a.created_at, a.id LIMIT $4",
                 "utuit", &who->organisation, after->number, &after->id, (int64_t)limit + 1, now);
    enum err err = db_err(r);
    if (err == ERR_OK) {
        int n = db_json_rows(r, limit, items, more);
        if (n)
            *last = (struct cursor){.number = db_time(r, n - 1, 1), .id = db_id(r, n - 1, 2)};
    }
    db_result_free(r);
    return err;
}

static json_t *roles_json(unsigned roles)
{
    json_t *words = json_array();
    for (unsigned role = ROLE_ORGANISER; role <= ROLE_SPEAKER; role <<= 1)
        if (roles & role)
            json_array_append_new(words, json_string(role_word(role)));
    return words;
}

static enum err insert_account(struct db_conn *c, const struct id *organisation,
                               const struct staff_new *person, const struct id *by, int64_t now,
                               struct id *account)
{
    enum err err =
        db_read_id(c, account,
                   "INSERT INTO account (organisation_id, email, name, language, created_at)"
                   " VALUES ($1, $2, $3, $4, $5) RETURNING id",
                   "ussst", organisation, person->email, person->name, person->language, now);
    return err == ERR_OK ? grants_set(c, organisation, account, person->roles, by, now) : err;
}

static enum err get_staff(struct db_conn *c, const struct identity *who, const struct id *account,
                          int64_t now, json_t **out)
{
    return db_read_json(c, out,
                        "SELECT " STAFF_JSON("$3") " FROM account a"
                                                   " WHERE a.id = $1 AND a.organisation_id = $2",
                        "uut", account, &who->organisation, now);
}

enum err staff_add(struct db_conn *c, const struct identity *who, const struct staff_new *person,
                   const char *base_url, int64_t now, json_t **out)
{
    struct id account;
    json_t *added = NULL;
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = insert_account(c, &who->organisation, person, &who->person, now, &account);
    if (err == ERR_OK)
        err = account_link_mail(c,
                                &(struct account_link){.organisation = who->organisation,
                                                       .account = account,
                                                       .purpose = LINK_INVITE,
                                                       .base_url = base_url},
                                now);
    if (err == ERR_OK)
        err = audit_write(c, who, now, "account.invite", "account", &account,
                          json_pack("{s:o}", "roles", roles_json(person->roles)));
    if (err == ERR_OK)
        err = get_staff(c, who, &account, now, &added);
    err = db_end(c, err);
    if (err == ERR_OK)
        *out = added;
    else
        json_decref(added);
    return err;
}

/* The rule of the last organiser, one without an end; the organisation's row is locked, so that two
 * organisers cannot remove each other at once. */
static enum err check_organiser_left(struct db_conn *c, const struct id *organisation)
{
    enum err err = db_found(
        c,
        "SELECT 1 FROM account a JOIN role_grant g ON g.holder_id = a.id"
        " WHERE a.organisation_id = $1 AND a.disabled_at IS NULL AND g.role = 'organiser'"
        "   AND g.congress_id IS NULL AND g.revoked_at IS NULL AND g.expires_at IS NULL LIMIT 1",
        "u", organisation);
    return err == ERR_NOT_FOUND ? ERR_CONFLICT : err;
}

static enum err apply_change(struct db_conn *c, const struct identity *who,
                             const struct id *account, const struct staff_change *change,
                             int64_t now)
{
    enum err err =
        db_found(c,
                 "UPDATE account SET name = coalesce($3, name), disabled_at ="
                 "  CASE WHEN NOT $4 THEN disabled_at WHEN $5 THEN coalesce(disabled_at, $6) END"
                 " WHERE id = $1 AND organisation_id = $2 RETURNING 1",
                 "uusbbt", account, &who->organisation, change->name, change->set_disabled,
                 change->disabled, now);
    if (err == ERR_OK && change->roles)
        err = grants_set(c, &who->organisation, account, change->roles, &who->person, now);
    if (err == ERR_OK && change->set_disabled && change->disabled)
        err = half_drop_all(c, account);
    if (err == ERR_OK && change->set_disabled && change->disabled)
        err = db_exec(c,
                      "WITH s AS (UPDATE sign_in SET revoked_at = $2"
                      "            WHERE account_id = $1 AND revoked_at IS NULL)"
                      " UPDATE one_time_link SET used_at = $2"
                      "  WHERE account_id = $1 AND used_at IS NULL",
                      "ut", account, now);
    return err;
}

static json_t *change_details(const struct staff_change *change)
{
    json_t *details = json_pack("{s:b}", "name", change->name != NULL);
    if (change->roles)
        json_object_set_new(details, "roles", roles_json(change->roles));
    if (change->set_disabled)
        json_object_set_new(details, "disabled", json_boolean(change->disabled));
    return details;
}

enum err staff_set(struct db_conn *c, const struct identity *who, const struct id *account,
                   const struct staff_change *change, int64_t now, json_t **out)
{
    json_t *changed = NULL;
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = db_exec(c, "SELECT 1 FROM organisation WHERE id = $1 FOR NO KEY UPDATE", "u",
                      &who->organisation);
    if (err == ERR_OK)
        err = apply_change(c, who, account, change, now);
    if (err == ERR_OK)
        err = check_organiser_left(c, &who->organisation);
    if (err == ERR_OK)
        err =
            audit_write(c, who, now, "account.change", "account", account, change_details(change));
    if (err == ERR_OK)
        err = get_staff(c, who, account, now, &changed);
    err = db_end(c, err);
    if (err == ERR_OK)
        *out = changed;
    else
        json_decref(changed);
    return err;
}

enum err staff_invite(struct db_conn *c, const struct identity *who, const struct id *account,
                      const char *base_url, int64_t now)
{
    enum err err = db_begin(c);
    if (err != ERR_OK)
        return err;
    bool disabled = false;
    err = db_read_bool(c, &disabled,
                       "SELECT disabled_at IS NOT NULL FROM account"
                       " WHERE id = $1 AND organisation_id = $2 FOR NO KEY UPDATE",
                       "uu", account, &who->organisation);
    if (err == ERR_OK && disabled)
        err = ERR_CONFLICT;
    if (err == ERR_OK)
        err = account_link_mail(c,
                                &(struct account_link){.organisation = who->organisation,
                                                       .account = *account,
                                                       .purpose = LINK_INVITE,
                                                       .base_url = base_url},
                                now);
    if (err == ERR_OK)
        err = audit_write(c, who, now, "account.invite_again", "account", account, NULL);
    return db_end(c, err);
}

/* The wording that a new organisation starts with; it can publish its own versions. */
static enum err insert_consents(struct db_conn *c, const struct id *organisation, int64_t now)
{
    return db_exec(
        c,
        "INSERT INTO consent_text (organisation_id, kind, version, text_fr, text_en, created_at)"
        " SELECT $1, kind, 1, replace(fr, '%', name), replace(en, '%', name), $2"
        "  FROM organisation, (VALUES"
        " ('participation',"
        "  'J’accepte que % enregistre mes données d’inscription et ma présence afin d’organiser "
        "cette manifestation et de justifier de la participation.',"
        "  'I agree that % records my registration details and my attendance in order to hold this "
        "event and to document participation in it.'),"
        " ('contact',"
        "  'J’accepte que % me contacte par e-mail au sujet de ses prochaines manifestations "
        "scientifiques. Je peux changer d’avis à tout moment.',"
        "  'I agree that % may contact me by e-mail about its upcoming scientific events. I can "
        "change my mind at any time.')) AS t (kind, fr, en)"
        " WHERE organisation.id = $1",
        "ut", organisation, now);
}

static enum err insert_organisation(struct db_conn *c, const char *name, const char *contact,
                                    int64_t now, struct id *organisation)
{
    enum err err = db_read_id(c, organisation,
                              "INSERT INTO organisation (name, contact_email, created_at)"
                              " VALUES ($1, $2, $3) RETURNING id",
                              "sst", name, contact, now);
    return err == ERR_OK ? insert_consents(c, organisation, now) : err;
}

static enum err create_organisation(struct db_conn *conn, const struct accounts_first *first,
                                    int64_t now, char link[static ACCOUNTS_LINK_SIZE],
                                    struct id *organisation)
{
    char contact[ADDRESS_SIZE], email[ADDRESS_SIZE];
    if (!address_normal(first->contact_email, contact) ||
        !address_normal(first->organiser_email, email))
        return ERR_INVALID;
    struct account_link invite = {.purpose = LINK_INVITE, .base_url = first->base_url};
    enum err err = db_begin(conn);
    if (err == ERR_OK)
        err = insert_organisation(conn, first->name, contact, now, organisation);
    if (err == ERR_OK) {
        invite.organisation = *organisation;
        struct staff_new person = {.email = email,
                                   .name = first->organiser_name,
                                   .language = first->language,
                                   .roles = ROLE_ORGANISER};
        err = insert_account(conn, organisation, &person, NULL, now, &invite.account);
    }
    if (err == ERR_OK)
        err = account_link_new(conn, &invite, now, link);
    if (err == ERR_OK)
        err = db_exec(conn,
                      "SELECT audit($1, $2, 'admin', NULL, 'organisation.create', 'organisation',"
                      "             $1)",
                      "ut", organisation, now);
    return db_end(conn, err);
}

enum err accounts_create_organisation(struct db_conn *conn, const struct accounts_first *first,
                                      int64_t now, char link[static ACCOUNTS_LINK_SIZE],
                                      struct id *organisation)
{
    const char *fault;
    struct accounts_first kept = *first;
    char *name = text_line(first->name, &fault);
    char *organiser = person_name(first->organiser_name, &fault);
    kept.name = name;
    kept.organiser_name = organiser;
    enum err err = ERR_INVALID;
    if (name && text_shows(name) && !text_links(name) && organiser)
        err = create_organisation(conn, &kept, now, link, organisation);
    free(name);
    free(organiser);
    return err;
}
