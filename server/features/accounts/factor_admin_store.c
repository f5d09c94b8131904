/* An administrator takes the second factor off, of whom no organiser is left to help. */
#include "base/address.h"
#include "db/query.h"
#include "features/accounts/factor_store.h"
#include "features/accounts/letter_store.h"

/* Inside a transaction. */
static enum err reset(struct db_conn *c, const struct deed *deed, const struct identity *who)
{
    enum err err = factors_take_off(c, who, &who->person);
    if (err == ERR_OK)
        err = account_notify(c, deed, who, LETTER_FACTOR_RESET, NULL);
    return err == ERR_OK
               ? db_exec(
                     c,
                     "SELECT audit($1, $2, 'admin', NULL, 'account.factor_reset', 'account', $3)",
                     "utu", &who->organisation, deed->now, &who->person)
               : err;
}

enum err accounts_reset_factors(struct db_conn *conn, const struct deed *deed, const char *email,
                                int *n)
{
    char address[ADDRESS_SIZE];
    *n = 0;
    if (!address_normal(email, address))
        return ERR_INVALID;
    enum err err = db_begin(conn);
    if (err != ERR_OK)
        return err;
    struct db_result *r = db_query(conn,
                                   "SELECT organisation_id, id FROM account"
                                   " WHERE email = $1 AND account_factors(id) <> '{}'",
                                   "s", address);
    err = db_err(r);
    for (int i = 0; err == ERR_OK && i < db_rows(r); i++, ++*n) {
        struct identity who = {.organisation = db_id(r, i, 0), .person = db_id(r, i, 1)};
        err = reset(conn, deed, &who);
    }
    db_result_free(r);
    return db_end(conn, err);
}
