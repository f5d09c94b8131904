#include "features/accounts/letter_store.h"
#include "db/query.h"
#include "mail/accent.h"
#include <stdio.h>

enum err account_write_mail(struct db_conn *c, const struct account_letter_to *to, int64_t now)
{
    struct db_result *r =
        db_query(c,
                 "SELECT a.email, a.name, a.language, o.name, " ACCENT_SQL "  FROM account a"
                 "  JOIN organisation o ON o.id = a.organisation_id"
                 " WHERE a.id = $1 AND a.organisation_id = $2",
                 "uu", &to->account, &to->organisation);
    enum err err = db_one(r);
    if (err == ERR_OK)
        err = account_mail_queue(c,
                                 &(struct account_mail){.letter = to->letter,
                                                        .organisation = to->organisation,
                                                        .to = db_text(r, 0, 0),
                                                        .name = db_text(r, 0, 1),
                                                        .language = db_text(r, 0, 2),
                                                        .organisation_name = db_text(r, 0, 3),
                                                        .organisation_accent = db_text(r, 0, 4),
                                                        .url = to->url,
                                                        .fact = to->fact},
                                 now);
    db_result_free(r);
    return err;
}

enum err account_notify(struct db_conn *c, const struct deed *deed, const struct identity *who,
                        enum account_letter letter, const char *fact)
{
    char url[ACCOUNTS_LINK_SIZE];
    snprintf(url, sizeof url, "%s/sign-in", deed->base_url);
    return account_write_mail(c,
                              &(struct account_letter_to){.letter = letter,
                                                          .organisation = who->organisation,
                                                          .account = who->person,
                                                          .url = url,
                                                          .fact = fact},
                              deed->now);
}
