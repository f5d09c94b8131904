/* The second factor in the database: an app's secret and codes, recovery codes.
 * Worker thread; each function is its own transaction unless said. */
#ifndef AMPHI_FEATURES_FACTOR_STORE_H
#define AMPHI_FEATURES_FACTOR_STORE_H

#include "crypto/crypto.h"
#include "features/accounts/accounts.h"

/* --- codes --- */
enum verdict {
    CODE_RIGHT,
    CODE_WRONG,
    CODE_USED, /* of an app: right, but its step, or a later one, was used before */
    CODE_WAIT, /* not looked at: too many were wrong */
    CODE_OVER, /* of a set-up: it was not begun, or too long ago */
};
struct code_try {
    enum verdict verdict;
    int retry_s; /* CODE_WAIT */
    char via[16];
    struct identity who; /* CODE_RIGHT: the sign-in, when one was opened */
};
/* Inside the caller's transaction: one of the account's app, or a recovery code, which is used
 * then. */
enum err code_check(struct db_conn *c, const struct deed *deed, const struct identity *who,
                    const char *typed, struct code_try *out) MUST_CHECK;
/* The codes of an account, to be shown once; n 0: those it has stay. */
struct recovery_codes {
    int n;
    char text[RECOVERY_CODES][RECOVERY_TEXT_SIZE];
};
/* A code at a half sign-in; the right one opens the sign-in. ERR_NOT_FOUND: no half sign-in that
 * waits for a code. */
enum err half_code(struct db_conn *c, const struct deed *deed,
                   const uint8_t half[static TOKEN_HASH_SIZE], const char *typed,
                   const uint8_t token[static TOKEN_HASH_SIZE], struct code_try *out) MUST_CHECK;

/* --- setting up an app --- */
/* A new secret, which counts when its first code comes; the present one stays until then. As
 * POST /api/me/totp answers. */
enum err totp_begin(struct db_conn *c, const struct deed *deed, const struct identity *who,
                    json_t **out) MUST_CHECK;
enum err totp_confirm(struct db_conn *c, const struct deed *deed, const struct identity *who,
                      const char *typed, struct code_try *out,
                      struct recovery_codes *codes) MUST_CHECK;
/* The same at a half sign-in, which is opened by it. ERR_NOT_FOUND: none that waits for a set-up.
 */
enum err half_confirm(struct db_conn *c, const struct deed *deed,
                      const uint8_t half[static TOKEN_HASH_SIZE], const char *typed,
                      const uint8_t token[static TOKEN_HASH_SIZE], struct code_try *out,
                      struct recovery_codes *codes) MUST_CHECK;

/* --- what an account has --- */
/* As GET /api/me/factors answers. */
enum err factors_show(struct db_conn *c, const struct identity *who, json_t **out) MUST_CHECK;
/* ERR_CONFLICT: it is the last one, and the organisation requires one; ERR_NOT_FOUND: there is
 * none. */
enum err totp_remove(struct db_conn *c, const struct deed *deed,
                     const struct identity *who) MUST_CHECK;
/* Those of before do not work any more. ERR_NOT_FOUND: there is no second factor. */
enum err recovery_renew(struct db_conn *c, const struct deed *deed, const struct identity *who,
                        struct recovery_codes *out) MUST_CHECK;
/* An organiser takes a colleague's off. ERR_CONFLICT: it is one's own; ERR_NOT_FOUND also when the
 * colleague has none. */
enum err factors_reset(struct db_conn *c, const struct deed *deed, const struct identity *who,
                       const struct id *account) MUST_CHECK;

/* Inside the caller's transaction: all of an account of the same organisation. ERR_NOT_FOUND: there
 * was none. */
enum err factors_take_off(struct db_conn *c, const struct identity *who,
                          const struct id *account) MUST_CHECK;
/* Inside the caller's transaction: one was taken off. ERR_CONFLICT as above. */
enum err factors_removed(struct db_conn *c, const struct identity *who) MUST_CHECK;

/* --- recovery codes (recovery_store.c), inside the caller's transaction --- */
/* Where there are none; n 0: there are. */
enum err recovery_first(struct db_conn *c, const struct identity *who, int64_t now,
                        struct recovery_codes *out) MUST_CHECK;
enum err recovery_new(struct db_conn *c, const struct identity *who, int64_t now,
                      struct recovery_codes *out) MUST_CHECK;
/* Whether it is one of the account's that was not used; it is used then, and the owner is told. */
enum err recovery_use(struct db_conn *c, const struct deed *deed, const struct identity *who,
                      const char code[static RECOVERY_LENGTH + 1], bool *used) MUST_CHECK;

#endif
