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
};
struct account_mail {
    enum account_letter letter;
    struct id organisation;
    const char *to, *name, *language, *organisation_name;
    const char *url; /* the link; of a notice: the page to sign in at */
};
enum err account_mail_queue(struct db_conn *c, const struct account_mail *m,
                            int64_t now) MUST_CHECK;

#endif
