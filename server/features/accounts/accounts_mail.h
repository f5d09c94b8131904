/* The words of mails to staff. Worker thread, inside the caller's transaction. */
#ifndef AMPHI_FEATURES_ACCOUNTS_MAIL_H
#define AMPHI_FEATURES_ACCOUNTS_MAIL_H

#include "features/accounts/accounts.h"

struct account_mail {
    enum link_purpose purpose;
    struct id organisation;
    const char *to, *name, *language, *organisation_name, *url;
};
enum err account_mail_queue(struct db_conn *c, const struct account_mail *m,
                            int64_t now) MUST_CHECK;

#endif
