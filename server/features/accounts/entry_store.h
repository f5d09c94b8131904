/* Where a right password or link leads to: a sign-in, or half of one that waits for the second
 * factor. Worker thread. */
#ifndef AMPHI_FEATURES_ENTRY_STORE_H
#define AMPHI_FEATURES_ENTRY_STORE_H

#include "crypto/crypto.h"
#include "features/accounts/accounts.h"

/* Where a right password or link leads to. */
enum entry {
    ENTRY_OPEN,   /* a sign-in */
    ENTRY_CODE,   /* half of one: the account has a second factor */
    ENTRY_SET_UP, /* half of one: the organisation wants a second factor, the account has none */
};
struct entrance {
    enum entry entry;
    struct identity who; /* ENTRY_OPEN: the sign-in; else the person alone */
};
/* Inside the caller's transaction: a sign-in of an enabled account, audited; ERR_NOT_FOUND when
 * there is none. */
enum err account_open_sign_in(struct db_conn *c, const struct id *account, const char *via,
                              const uint8_t token[static TOKEN_HASH_SIZE], int64_t now,
                              struct identity *who) MUST_CHECK;
/* Inside the caller's transaction: the sign-in, or half of it, that the token stands for.
 * ERR_NOT_FOUND: no enabled account. */
enum err account_enter(struct db_conn *c, const struct id *account, const char *via,
                       const uint8_t token[static TOKEN_HASH_SIZE], int64_t now,
                       struct entrance *out) MUST_CHECK;

struct half {
    struct identity who; /* the person; no sign-in, no roles that open anything */
    enum entry entry;
    char via[16]; /* what the sign-in will say of how it came about */
};
/* ERR_NOT_FOUND: there is none, or its time is over. Locks it when inside a transaction. */
enum err half_find(struct db_conn *c, const uint8_t token[static TOKEN_HASH_SIZE], int64_t now,
                   struct half *out) MUST_CHECK;
/* As GET /api/sign-in/half answers. */
enum err half_show(struct db_conn *c, const struct half *half, json_t **out) MUST_CHECK;
enum err half_drop(struct db_conn *c, const uint8_t token[static TOKEN_HASH_SIZE]) MUST_CHECK;
/* Inside the caller's transaction: none of the account's half sign-ins goes on. */
enum err half_drop_all(struct db_conn *c, const struct id *account) MUST_CHECK;

#endif
