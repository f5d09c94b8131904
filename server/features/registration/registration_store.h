/* Registrations in the database. Worker thread; each function is its own transaction. What staff
 * asks is bounded by the organisation of `who`. JSON results are new references. */
#ifndef AMPHI_FEATURES_REGISTRATION_STORE_H
#define AMPHI_FEATURES_REGISTRATION_STORE_H

#include "crypto/crypto.h"
#include "features/registration/registration.h"
#include "features/registration/registration_mail.h"
#include "http/cursor.h"
#include "room/change.h"
#include <jansson.h>

/* --- the public page (registration_store.c) --- */
enum err registration_page(struct db_conn *c, const char *code, json_t **out) MUST_CHECK;

/* Who and where a change was, so that live rooms learn of it. */
struct registration_touched {
    struct id registration, congress;
    bool changed; /* false: nothing but a mail */
};
enum register_refusal { REGISTER_OK, REGISTER_CLOSED, REGISTER_FULL, REGISTER_FORM };
struct register_result {
    enum register_refusal refusal;
    const char *field, *reason; /* of REGISTER_FORM */
    struct registration_touched touched;
};
/* The person, the registration, the consents, the match, the audit line and the mail in one
 * transaction. The result is the same for an address that is registered already: it is mailed its
 * link. ERR_NOT_FOUND: no such page. */
enum err registration_register(struct db_conn *c, const char *code,
                               const struct registration_form *form, const char *base_url,
                               int64_t now, struct register_result *out) MUST_CHECK;
/* Mails the link again when the address is registered; costs the same when it is not. */
enum err registration_send_link(struct db_conn *c, const char *code, const char *email,
                                const char *base_url, int64_t now) MUST_CHECK;

/* --- the personal link and what it opens (join_store.c) --- */
/* Opens a sign-in, confirms the registration. ERR_NOT_FOUND: unknown or expired; ERR_CONFLICT: the
 * registration is cancelled. */
enum err registration_join(struct db_conn *c, const uint8_t link[static TOKEN_HASH_SIZE],
                           const uint8_t token[static TOKEN_HASH_SIZE], int64_t now,
                           struct registration_touched *touched, int64_t *expires_at,
                           json_t **out) MUST_CHECK;
/* ERR_NOT_FOUND: unknown or expired link. */
enum err registration_cancel_by_link(struct db_conn *c, const uint8_t link[static TOKEN_HASH_SIZE],
                                     const char *base_url, int64_t now,
                                     struct registration_touched *touched) MUST_CHECK;
/* By its HCP, or by an organiser of its organisation. */
enum err registration_cancel(struct db_conn *c, const struct identity *who,
                             const struct id *registration, const char *base_url, int64_t now,
                             struct registration_touched *touched) MUST_CHECK;
enum err registration_mine(struct db_conn *c, const struct identity *who, json_t **out) MUST_CHECK;
/* The person's own correction of their name, which holds for all their registrations. */
enum err registration_rename(struct db_conn *c, struct change *change, const char *first_name,
                             const char *last_name, json_t **out) MUST_CHECK;
enum err registration_data(struct db_conn *c, const struct identity *who, json_t **out) MUST_CHECK;

/* --- for organisers (registrations_store.c) --- */
enum err registrations_list(struct db_conn *c, const struct identity *who,
                            const struct id *congress, const char *search,
                            const struct cursor *after, int limit, json_t **items,
                            struct cursor *last, bool *more) MUST_CHECK;
/* The e-mail address of the person; "" once they were erased. */
enum err person_address(struct db_conn *c, const struct change *change,
                        const struct id *registration,
                        char address[static ADDRESS_SIZE]) MUST_CHECK;
#define ERASE_MAX 200
/* Empties what is personal; touched: every registration of that person. */
enum err registration_erase(struct db_conn *c, struct change *change, const struct id *registration,
                            struct registration_touched touched[static ERASE_MAX],
                            int *n) MUST_CHECK;
enum err links_list(struct db_conn *c, const struct identity *who, const struct id *congress,
                    const char *base_url, json_t **items) MUST_CHECK;
/* ERR_CONFLICT: there is one with this label; ERR_TOO_LARGE: no more than 200. */
enum err links_add(struct db_conn *c, const struct identity *who, const struct id *congress,
                   const char *channel, const char *label, const char *base_url, int64_t now,
                   json_t **out) MUST_CHECK;

/* --- the person of a registration (person_store.c) --- */
/* "First Last", from malloc(); NULL: erased, or there is no such registration. */
enum err registration_name(struct db_conn *c, const struct id *registration,
                           char **name) MUST_CHECK;
/* The person of a registration of the organisation, with their row and those of all sessions where
 * their name may be shown locked. ERR_NOT_FOUND. */
enum err person_lock(struct db_conn *c, const struct change *change, const struct id *registration,
                     struct id *hcp) MUST_CHECK;
/* Says in the log of each session where the person's name is shown what happened to it. */
enum err person_tell(struct db_conn *c, struct change *change, const struct id *hcp,
                     const char *type) MUST_CHECK;

/* --- shared by the store's files, inside the caller's transaction --- */
enum err registration_finish(struct db_conn *c, enum err err) MUST_CHECK;
enum err registration_audit(struct db_conn *c, const struct identity *who, int64_t now,
                            const char *action, const struct id *registration,
                            json_t *details) MUST_CHECK; /* takes details */
/* Mails the registration's person; a new personal link is made for all but MAIL_CANCELLED. ERR_RATE
 * past MAILS_PER_HOUR. */
enum err registration_mail(struct db_conn *c, const struct id *registration,
                           enum registration_mail_kind kind, const char *base_url,
                           int64_t now) MUST_CHECK;
/* The same log flush that a queued mail costs, for an address that gets none. */
enum err registration_spend(struct db_conn *c) MUST_CHECK;
struct db_result;
enum err registration_one_json(struct db_result *r, json_t **out) MUST_CHECK; /* frees r */

#endif
