/* Passkeys of accounts: made, used, removed. Worker thread; each function is its own transaction.
 */
#ifndef AMPHI_FEATURES_PASSKEY_STORE_H
#define AMPHI_FEATURES_PASSKEY_STORE_H

#include "crypto/webauthn.h"
#include "features/accounts/factor_store.h"

#define PASSKEYS_MOST    20
#define PASSKEY_NAME_MAX 100 /* characters */

enum passkey_act { PASSKEY_MAKE, PASSKEY_SIGN_IN, PASSKEY_PROVE };
/* A challenge, with what the browser needs beside it, as the routes answer. who NULL: to sign in.
 * ERR_TOO_LARGE: to make one more, of too many. */
enum err passkey_ask(struct db_conn *c, const struct webauthn_site *site, enum passkey_act act,
                     const struct identity *who, int64_t now, json_t **out) MUST_CHECK;

enum passkey_verdict {
    PASSKEY_GOOD,
    PASSKEY_OVER,    /* nobody asked, too long ago, or it was answered */
    PASSKEY_UNKNOWN, /* there is no such passkey, or not of this account */
    PASSKEY_BAD,     /* it did not sign this */
    PASSKEY_COPIED,  /* it signed, but its counter says that there is a copy of it */
    PASSKEY_KNOWN,   /* to be made: there is one with this id */
};
/* What a browser sends of a new one. */
struct passkey_new {
    const char *name, *challenge;
    const struct passkey *key;
};
enum err passkey_add(struct db_conn *c, const struct deed *deed, const struct identity *who,
                     const struct passkey_new *made, enum passkey_verdict *verdict,
                     struct recovery_codes *codes) MUST_CHECK;
/* What it sends when one was used. */
struct passkey_claim {
    const struct webauthn_site *site;
    const char *challenge;
    const uint8_t *id;
    size_t id_len;
    const struct id *account; /* whom the passkey names; NULL: it does not say */
    struct webauthn_use use;
};
/* Opens a sign-in; finishes the half sign-in `half` (NULL: none) where it is of the same account.
 * via: how the sign-in came about. */
enum err passkey_sign_in(struct db_conn *c, const struct deed *deed,
                         const struct passkey_claim *claim, const uint8_t *half,
                         const uint8_t token[static TOKEN_HASH_SIZE], enum passkey_verdict *verdict,
                         struct identity *who, char via[static 16]) MUST_CHECK;
/* Shows that it is the person of this sign-in. */
enum err passkey_prove(struct db_conn *c, const struct deed *deed, const struct identity *who,
                       const struct passkey_claim *claim, enum passkey_verdict *verdict) MUST_CHECK;
/* ERR_CONFLICT: it is the last second factor, and the organisation requires one. */
enum err passkey_remove(struct db_conn *c, const struct deed *deed, const struct identity *who,
                        const struct id *passkey) MUST_CHECK;

#endif
