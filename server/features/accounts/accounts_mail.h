/* The words of mails to staff. Worker thread, inside the caller's transaction. */
#ifndef AMPHI_FEATURES_ACCOUNTS_MAIL_H
#define AMPHI_FEATURES_ACCOUNTS_MAIL_H

#include "features/accounts/accounts.h"

enum account_letter {
    LETTER_SIGN_IN, /* the first three carry a link: by enum link_purpose */
    LETTER_INVITE,
    LETTER_PASSWORD,
    LETTER_PASSWORD_CHOSEN,  /* what follows tells of a changed credential: the first password, */
    LETTER_PASSWORD_CHANGED, /* another one */
    LETTER_FACTOR_ADDED,     /* an authenticator app */
    LETTER_FACTOR_REMOVED,   /* the same */
    LETTER_PASSKEY_ADDED,    /* fact: its name */
    LETTER_PASSKEY_REMOVED,  /* the same */
    LETTER_FACTOR_RESET,     /* an organiser took the second factor off */
    LETTER_RECOVERY_CODES,   /* new recovery codes; the old ones are of no use */
    LETTER_RECOVERY_USED,    /* one of them was used; fact: how many are left */
    LETTER_CODES_WRONG,      /* many codes were wrong, after a right password or link */
    LETTER_NEW_BROWSER,      /* a sign-in from a browser that is not known; fact: its address */
    LETTER_CODE,             /* a code that shows that it is them: the fact */
};
struct account_mail {
    enum account_letter letter;
    struct id organisation;
    const char *to, *name, *language, *organisation_name, *organisation_accent;
    const char *url; /* the link; of a notice: the page to sign in at; NULL: there is none */
    const char
        *fact; /* what the letter tells beside its words: see enum account_letter; NULL: nothing */
};
enum err account_mail_queue(struct db_conn *c, const struct account_mail *m,
                            int64_t now) MUST_CHECK;

#endif
