/* Staff accounts of an organisation: who they are, how they sign in, what they may do. Rules here
 * are pure. */
#ifndef AMPHI_FEATURES_ACCOUNTS_H
#define AMPHI_FEATURES_ACCOUNTS_H

#include "base/identity.h"
#include "room/feature.h"
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

extern const struct feature accounts_feature;

/* --- rules (accounts.c) --- */
enum link_purpose { LINK_SIGN_IN, LINK_INVITE, LINK_PASSWORD };
const char *link_purpose_word(enum link_purpose purpose); /* as in SQL and JSON */
bool link_purpose_parse(const char *word, enum link_purpose *out);
const char *link_purpose_via(enum link_purpose purpose); /* sign_in.via of who came by it */
int64_t link_lifetime_us(enum link_purpose purpose);

/* At most; and twelve hours after it was last used (view signed_in). */
#define STAFF_SIGN_IN_S  (7 * 24 * 3600)
#define SIGN_IN_ACCOUNTS 3 /* of one address that a password is tried with */
/* Links that are asked for, of one account, from browsers that are not known; invitations. The
 * budgets of who asks are in accounts_guard.h. */
#define LINKS_PER_HOUR   20
#define INVITES_PER_HOUR 5
/* A link that proved the mailbox lets its owner set a new password for so long, once. */
#define PASSWORD_FREE_US (15 * 60 * US_PER_S)

/* What a change of credentials needs of the server. */
struct secrets;
struct deed {
    const struct secrets *secrets;
    const char *base_url; /* for the notice that its owner gets */
    int64_t now;          /* Unix us */
};

/* A half sign-in waits so long for the second factor; a secret so long for its first code. */
#define HALF_SIGN_IN_S (15 * 60)
#define TOTP_PENDING_S (30 * 60)
/* Codes for who has lost the second factor. They are shown in groups of four. */
#define RECOVERY_CODES     10
#define RECOVERY_LENGTH    16
#define RECOVERY_TEXT_SIZE (RECOVERY_LENGTH + RECOVERY_LENGTH / 4)
enum typed_code { TYPED_NO_CODE, TYPED_DIGITS, TYPED_RECOVERY };
/* What a person typed or pasted where a code is asked for; out: without blanks and hyphens. */
enum typed_code code_read(const char *typed, char out[static RECOVERY_LENGTH + 1]);
/* How long after the last of so many wrong codes in a row the next one is looked at. Whoever gets
 * to try has the password or the mailbox, so this closes nothing to strangers; recovery codes are
 * never closed. */
#define WRONG_CODES_FREE 5
int64_t code_wait_us(int64_t wrong);

unsigned role_parse(const char *word); /* 0: no staff role */
const char *role_word(unsigned role);  /* of one bit */
/* An array of role words, at least one, without repeats. 0 when it is not. */
unsigned roles_from_json(const json_t *words);

/* For `amphi admin create-organisation`, outside a transaction: the organisation with the first
 * wording of its consents, and its first organiser. link: the organiser's invitation, valid for
 * seven days, shown once. ERR_INVALID for a name or an address that cannot be. */
#define ACCOUNTS_LINK_SIZE 512
struct accounts_first {
    const char *name, *contact_email;
    const char *organiser_email, *organiser_name, *language; /* "fr" or "en" */
    const char *base_url;
};
enum err accounts_create_organisation(struct db_conn *conn, const struct accounts_first *first,
                                      int64_t now, char link[static ACCOUNTS_LINK_SIZE],
                                      struct id *organisation) MUST_CHECK;

/* For `amphi admin reset-factors`, outside a transaction: takes the second factors off all accounts
 * of an address, who are told; n: how many had any. ERR_INVALID: it is no address. */
enum err accounts_reset_factors(struct db_conn *conn, const struct deed *deed, const char *email,
                                int *n) MUST_CHECK;

#endif
