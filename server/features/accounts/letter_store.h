/* Letters to the owners of accounts. Worker thread, inside the caller's transaction. */
#ifndef AMPHI_FEATURES_LETTER_STORE_H
#define AMPHI_FEATURES_LETTER_STORE_H

#include "features/accounts/accounts_mail.h"

struct account_letter_to {
    enum account_letter letter;
    struct id organisation, account;
    const char *url, *fact; /* as in struct account_mail */
};
/* Into the outbox; ERR_NOT_FOUND: no such account. */
enum err account_write_mail(struct db_conn *c, const struct account_letter_to *to,
                            int64_t now) MUST_CHECK;
/* Tells the owner of who->person of a changed credential; the letter leads to the sign-in page.
 * fact: as in struct account_mail. */
enum err account_notify(struct db_conn *c, const struct deed *deed, const struct identity *who,
                        enum account_letter letter, const char *fact) MUST_CHECK;

#endif
