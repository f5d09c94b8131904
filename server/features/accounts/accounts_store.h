/* Accounts in the database. Worker thread; each function is its own transaction unless said, and
 * what concerns staff is bounded by the organisation of `who`. JSON results are new references. */
#ifndef AMPHI_FEATURES_ACCOUNTS_STORE_H
#define AMPHI_FEATURES_ACCOUNTS_STORE_H

#include "base/address.h"
#include "crypto/crypto.h"
#include "features/accounts/accounts.h"
#include "features/accounts/entry_store.h"
#include "http/cursor.h"
#include "room/change.h"

/* --- signing in (accounts_store.c, accounts_links_store.c, accounts_password_store.c) --- */
struct account_login {
    struct id account;
    char password_hash[PASSWORD_HASH_SIZE];
};
/* Enabled accounts of an address that have a password, the latest used first. */
enum err accounts_logins(struct db_conn *c, const char *email,
                         struct account_login out[static SIGN_IN_ACCOUNTS], int *n) MUST_CHECK;
/* Lets an enabled account in, as far as that goes without a second factor; ERR_NOT_FOUND when there
 * is none. */
enum err accounts_sign_in(struct db_conn *c, const struct id *account, const char *via,
                          const uint8_t token[static TOKEN_HASH_SIZE], int64_t now,
                          struct entrance *out) MUST_CHECK;
/* Keeps the wish for a link, with a job that mails it: the same for every address. */
extern const struct job_kind account_link_job;
struct link_wish {
    const char *email;
    enum link_purpose purpose;
    bool known; /* from a browser that signed in to the address before */
};
enum err accounts_ask_link(struct db_conn *c, const struct link_wish *wish, int64_t now) MUST_CHECK;
/* That job's work: a link to each enabled account of the address, five at most; ERR_OK also when
 * there is none. */
enum err accounts_mail_links(struct db_conn *c, const struct id *wish, const char *base_url,
                             int64_t now) MUST_CHECK;
enum err accounts_forget_wish(struct db_conn *c, const struct id *wish) MUST_CHECK;
/* Uses a link up, and with it the account's other open links, and lets in as above. ERR_CONFLICT:
 * was used; ERR_NOT_FOUND: expired or unknown. */
enum err accounts_use_link(struct db_conn *c, const uint8_t link[static TOKEN_HASH_SIZE],
                           const uint8_t token[static TOKEN_HASH_SIZE], int64_t now,
                           enum link_purpose *purpose, struct entrance *out) MUST_CHECK;
/* A sign-in came from a browser that never signed in to the address: its owner is told, unless it
 * is the account's first one at all. address: of the client. */
enum err accounts_new_browser(struct db_conn *c, const struct deed *deed,
                              const struct identity *who, const char *address) MUST_CHECK;
/* The account's sign-ins that count, the latest used first, as GET /api/me/sign-ins answers. */
enum err accounts_sign_ins(struct db_conn *c, const struct identity *who, int64_t now,
                           json_t **items) MUST_CHECK;
/* Ends one of them; ERR_NOT_FOUND: it is not theirs, or has ended. */
enum err accounts_end_sign_in(struct db_conn *c, const struct identity *who,
                              const struct id *sign_in, int64_t now) MUST_CHECK;
enum err accounts_sign_out(struct db_conn *c, const struct identity *who, int64_t now) MUST_CHECK;
/* As GET /api/me answers. */
enum err accounts_me(struct db_conn *c, const struct identity *who, int64_t now,
                     json_t **out) MUST_CHECK;
enum err accounts_change_me(struct db_conn *c, const struct identity *who, const char *name,
                            const char *language, int64_t now) MUST_CHECK;
/* hash: "" when there is none; beside: of another account of the address, "" when there is none;
 * free_to_set: no current password is needed, because there is none or
 * because this sign-in proved the mailbox a short while ago and no password was set since. */
struct own_password {
    char email[ADDRESS_SIZE];
    char hash[PASSWORD_HASH_SIZE], beside[PASSWORD_HASH_SIZE];
    bool free_to_set;
};
enum err accounts_password(struct db_conn *c, const struct identity *who, int64_t now,
                           struct own_password *out) MUST_CHECK;
/* Ends the account's other sign-ins (*ended: a list of their ids), spends all its open links, and
 * tells its owner by mail. */
struct account_password {
    const char *hash, *base_url;
};
enum err accounts_set_password(struct db_conn *c, const struct identity *who,
                               const struct account_password *password, int64_t now,
                               json_t **ended) MUST_CHECK;

/* --- the organisation and its staff (staff_store.c) --- */
enum err organisation_get(struct db_conn *c, const struct identity *who, json_t **out) MUST_CHECK;
struct organisation_edit {
    const char *name, *contact_email, *privacy_notice_fr, *privacy_notice_en; /* NULL: stays */
};
enum err organisation_set(struct db_conn *c, struct change *change,
                          const struct organisation_edit *edit) MUST_CHECK;
enum err organisation_require_factor(struct db_conn *c, const struct identity *who, bool required,
                                     int64_t now, json_t **out) MUST_CHECK;
enum err consents_list(struct db_conn *c, const struct identity *who, json_t **out) MUST_CHECK;
enum err consents_add(struct db_conn *c, const struct identity *who, const char *kind,
                      const char *text_fr, const char *text_en, int64_t now,
                      json_t **out) MUST_CHECK;
/* One page in the order they joined; *more: there is another after *last. */
enum err staff_list(struct db_conn *c, const struct identity *who, const struct cursor *after,
                    int limit, int64_t now, json_t **items, struct cursor *last,
                    bool *more) MUST_CHECK;
struct staff_new {
    const char *email, *name, *language;
    unsigned roles; /* in the whole organisation, as everywhere here */
};
/* ERR_CONFLICT: the address has an account here. */
enum err staff_add(struct db_conn *c, const struct identity *who, const struct staff_new *person,
                   const char *base_url, int64_t now, json_t **out) MUST_CHECK;
struct staff_change {
    const char *name; /* NULL: stays */
    unsigned roles;   /* 0: stay */
    bool set_disabled, disabled;
};
/* ERR_CONFLICT: no enabled organiser would be left. */
enum err staff_set(struct db_conn *c, const struct identity *who, const struct id *account,
                   const struct staff_change *change, int64_t now, json_t **out) MUST_CHECK;
/* ERR_CONFLICT: disabled; ERR_RATE: invited too often. */
enum err staff_invite(struct db_conn *c, const struct identity *who, const struct id *account,
                      const char *base_url, int64_t now) MUST_CHECK;

/* --- shared by these files; inside the caller's transaction --- */
/* No link of the account works any more. */
enum err account_spend_links(struct db_conn *c, const struct id *account, int64_t now) MUST_CHECK;
/* A new link for the account, mailed; ERR_RATE past LINKS_PER_HOUR, past INVITES_PER_HOUR for an
 * invitation: each counts for itself. */
struct account_link {
    struct id organisation, account;
    enum link_purpose purpose;
    bool known; /* asked for by a known browser: not counted here */
    const char *base_url;
};
enum err account_link_mail(struct db_conn *c, const struct account_link *link,
                           int64_t now) MUST_CHECK;
/* The same link, not mailed. */
enum err account_link_new(struct db_conn *c, const struct account_link *link, int64_t now,
                          char url[static ACCOUNTS_LINK_SIZE]) MUST_CHECK;

#endif
