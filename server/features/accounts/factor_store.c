/* Second factors: an app's codes, setting it up, what an account has. */
#include "features/accounts/factor_store.h"
#include "base/log.h"
#include "crypto/secrets.h"
#include "crypto/totp.h"
#include "db/query.h"
#include "features/accounts/entry_store.h"
#include "features/accounts/letter_store.h"
#include "room/change.h"
#include <stdio.h>
#include <string.h>

#define SEALED_SIZE (TOTP_SECRET_SIZE + SEAL_EXTRA)

/* --- an app's codes --- */

/* Of account_totp: secret or pending. */
static bool unseal(const struct secrets *secrets, const struct id *account,
                   const struct db_result *r, int col, uint8_t secret[static TOTP_SECRET_SIZE])
{
    uint8_t sealed[SEALED_SIZE];
    size_t len = db_bytes(r, 0, col, sealed, sizeof sealed);
    bool good = secret_unseal(secrets->sealing, account, sizeof *account, sealed, len, secret,
                              TOTP_SECRET_SIZE);
    if (!good)
        log_error("totp.sealed", "{s:s}", "why", "a secret was sealed with another secret.key");
    return good;
}

static int seconds_up(int64_t us)
{
    return (int)((us + US_PER_S - 1) / US_PER_S);
}

/* The verdict on a code for the row (secret, last_step, wrong, wrong_at). */
static void judge(const struct secrets *secrets, const struct id *account,
                  const struct db_result *r, const char *code, int64_t now, struct code_try *out,
                  int64_t *step)
{
    uint8_t secret[TOTP_SECRET_SIZE];
    int64_t wait = code_wait_us(db_int(r, 0, 2)) - (now - db_time(r, 0, 3));
    if (db_int(r, 0, 2) > 0 && wait > 0) {
        out->verdict = CODE_WAIT;
        out->retry_s = seconds_up(wait);
        return;
    }
    *step = unseal(secrets, account, r, 0, secret) ? totp_step(secret, code, now) : -1;
    explicit_bzero(secret, sizeof secret);
    if (*step < 0)
        out->verdict = CODE_WRONG;
    else
        out->verdict = *step > db_int(r, 0, 1) ? CODE_RIGHT : CODE_USED;
}

static enum err keep_right(struct db_conn *c, const struct id *account, int64_t step)
{
    return db_exec(c,
                   "UPDATE account_totp SET last_step = $2, wrong = 0, wrong_at = NULL"
                   " WHERE account_id = $1",
                   "ui", account, step);
}

/* The fifth in a row is told: whoever types them has the password, or reads the mail. */
static enum err keep_wrong(struct db_conn *c, const struct deed *deed, const struct identity *who)
{
    int64_t wrong = 0;
    enum err err = db_read_int(c, &wrong,
                               "UPDATE account_totp SET wrong = wrong + 1, wrong_at = $2"
                               " WHERE account_id = $1 RETURNING wrong",
                               "ut", &who->person, deed->now);
    if (err == ERR_OK)
        err = audit_write(c, who, deed->now, "account.code_wrong", "account", &who->person, NULL);
    return err == ERR_OK && wrong == WRONG_CODES_FREE
               ? account_notify(c, deed, who, LETTER_CODES_WRONG, NULL)
               : err;
}

static enum err check_digits(struct db_conn *c, const struct deed *deed, const struct identity *who,
                             const char *code, struct code_try *out)
{
    int64_t step = -1;
    struct db_result *r = db_query(c,
                                   "SELECT secret, last_step, wrong, wrong_at FROM account_totp"
                                   " WHERE account_id = $1 AND secret IS NOT NULL FOR UPDATE",
                                   "u", &who->person);
    enum err err = db_err(r);
    out->verdict = CODE_WRONG;
    if (err == ERR_OK && db_rows(r) == 1)
        judge(deed->secrets, &who->person, r, code, deed->now, out, &step);
    db_result_free(r);
    if (err == ERR_OK && out->verdict == CODE_RIGHT)
        err = keep_right(c, &who->person, step);
    if (err == ERR_OK && out->verdict == CODE_WRONG)
        err = keep_wrong(c, deed, who);
    return err;
}

static enum err check_recovery(struct db_conn *c, const struct deed *deed,
                               const struct identity *who, const char *code, struct code_try *out)
{
    bool used = false;
    enum err err = recovery_use(c, deed, who, code, &used);
    out->verdict = used ? CODE_RIGHT : CODE_WRONG;
    if (err == ERR_OK && used) /* whoever tried codes for the app did not get in */
        err = db_exec(c, "UPDATE account_totp SET wrong = 0, wrong_at = NULL WHERE account_id = $1",
                      "u", &who->person);
    return err;
}

enum err code_check(struct db_conn *c, const struct deed *deed, const struct identity *who,
                    const char *typed, struct code_try *out)
{
    char code[RECOVERY_LENGTH + 1];
    switch (code_read(typed, code)) {
    case TYPED_DIGITS:
        return check_digits(c, deed, who, code, out);
    case TYPED_RECOVERY:
        return check_recovery(c, deed, who, code, out);
    default:
        out->verdict = CODE_WRONG;
        return ERR_OK;
    }
}

/* --- at a half sign-in --- */

static enum err finish_half(struct db_conn *c, const struct half *half,
                            const uint8_t half_token[static TOKEN_HASH_SIZE],
                            const uint8_t token[static TOKEN_HASH_SIZE], int64_t now,
                            struct code_try *out)
{
    enum err err = half_drop(c, half_token);
    if (err == ERR_OK)
        err = account_open_sign_in(c, &half->who.person, half->via, token, now, &out->who);
    snprintf(out->via, sizeof out->via, "%s", half->via);
    return err;
}

static enum err find_waiting(struct db_conn *c, const uint8_t token[static TOKEN_HASH_SIZE],
                             enum entry entry, int64_t now, struct half *half)
{
    enum err err = half_find(c, token, now, half);
    return err == ERR_OK && half->entry != entry ? ERR_NOT_FOUND : err;
}

enum err half_code(struct db_conn *c, const struct deed *deed,
                   const uint8_t half_token[static TOKEN_HASH_SIZE], const char *typed,
                   const uint8_t token[static TOKEN_HASH_SIZE], struct code_try *out)
{
    struct half half;
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = find_waiting(c, half_token, ENTRY_CODE, deed->now, &half);
    if (err == ERR_OK)
        err = code_check(c, deed, &half.who, typed, out);
    if (err == ERR_OK && out->verdict == CODE_RIGHT)
        err = finish_half(c, &half, half_token, token, deed->now, out);
    return db_end(c, err);
}

/* --- setting up --- */

enum err totp_begin(struct db_conn *c, const struct deed *deed, const struct identity *who,
                    json_t **out)
{
    uint8_t secret[TOTP_SECRET_SIZE], sealed[SEALED_SIZE];
    char text[TOTP_TEXT_SIZE];
    totp_secret_new(secret);
    secret_seal(deed->secrets->sealing, &who->person, sizeof who->person, secret, sizeof secret,
                sealed);
    enum err err =
        db_exec(c,
                "INSERT INTO account_totp (account_id, organisation_id, pending, pending_at)"
                " VALUES ($1, $2, $3, $4) ON CONFLICT (account_id)"
                " DO UPDATE SET pending = excluded.pending, pending_at = excluded.pending_at",
                "uuxt", &who->person, &who->organisation, sealed, sizeof sealed, deed->now);
    if (err == ERR_OK)
        err = db_read_json(c, out,
                           "SELECT jsonb_build_object('secret', $2::text, 'issuer', o.name,"
                           "  'account', a.email) FROM account a"
                           "  JOIN organisation o ON o.id = a.organisation_id WHERE a.id = $1",
                           "us", &who->person, totp_secret_text(secret, text));
    explicit_bzero(secret, sizeof secret);
    explicit_bzero(text, sizeof text);
    return err;
}

/* The verdict on the first code of the row (pending, pending_at). */
static void judge_first(const struct secrets *secrets, const struct id *account,
                        const struct db_result *r, const char *typed, int64_t now,
                        struct code_try *out, int64_t *step)
{
    char code[RECOVERY_LENGTH + 1];
    uint8_t secret[TOTP_SECRET_SIZE];
    out->verdict = CODE_OVER;
    if (db_rows(r) == 0 || db_time(r, 0, 1) <= now - TOTP_PENDING_S * US_PER_S ||
        !unseal(secrets, account, r, 0, secret))
        return;
    *step = code_read(typed, code) == TYPED_DIGITS ? totp_step(secret, code, now) : -1;
    explicit_bzero(secret, sizeof secret);
    out->verdict = *step < 0 ? CODE_WRONG : CODE_RIGHT;
}

/* From here on the account has a second factor, and recovery codes. */
static enum err take_over(struct db_conn *c, const struct deed *deed, const struct identity *who,
                          int64_t step, struct recovery_codes *codes)
{
    enum err err = db_exec(c,
                           "UPDATE account_totp SET secret = pending, confirmed_at = $3,"
                           "       pending = NULL, pending_at = NULL, last_step = $2, wrong = 0,"
                           "       wrong_at = NULL WHERE account_id = $1",
                           "uit", &who->person, step, deed->now);
    if (err == ERR_OK)
        err = audit_write(c, who, deed->now, "account.factor_add", "account", &who->person,
                          json_pack("{s:s}", "factor", "totp"));
    if (err == ERR_OK)
        err = account_notify(c, deed, who, LETTER_FACTOR_ADDED, NULL);
    return err == ERR_OK ? recovery_first(c, who, deed->now, codes) : err;
}

/* Inside a transaction. */
static enum err confirm(struct db_conn *c, const struct deed *deed, const struct identity *who,
                        const char *typed, struct code_try *out, struct recovery_codes *codes)
{
    int64_t step = -1;
    codes->n = 0;
    struct db_result *r = db_query(c,
                                   "SELECT pending, pending_at FROM account_totp"
                                   " WHERE account_id = $1 AND pending IS NOT NULL FOR UPDATE",
                                   "u", &who->person);
    enum err err = db_err(r);
    if (err == ERR_OK)
        judge_first(deed->secrets, &who->person, r, typed, deed->now, out, &step);
    db_result_free(r);
    return err == ERR_OK && out->verdict == CODE_RIGHT ? take_over(c, deed, who, step, codes) : err;
}

enum err totp_confirm(struct db_conn *c, const struct deed *deed, const struct identity *who,
                      const char *typed, struct code_try *out, struct recovery_codes *codes)
{
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = confirm(c, deed, who, typed, out, codes);
    return db_end(c, err);
}

enum err half_confirm(struct db_conn *c, const struct deed *deed,
                      const uint8_t half_token[static TOKEN_HASH_SIZE], const char *typed,
                      const uint8_t token[static TOKEN_HASH_SIZE], struct code_try *out,
                      struct recovery_codes *codes)
{
    struct half half;
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = find_waiting(c, half_token, ENTRY_SET_UP, deed->now, &half);
    if (err == ERR_OK)
        err = confirm(c, deed, &half.who, typed, out, codes);
    if (err == ERR_OK && out->verdict == CODE_RIGHT)
        err = finish_half(c, &half, half_token, token, deed->now, out);
    return db_end(c, err);
}

/* --- what an account has --- */

enum err factors_show(struct db_conn *c, const struct identity *who, json_t **out)
{
    return db_read_json(
        c, out,
        "SELECT jsonb_build_object('totp', (SELECT jsonb_build_object('since',"
        "    json_time(confirmed_at)) FROM account_totp WHERE account_id = $1"
        "      AND secret IS NOT NULL),"
        "  'passkeys', (SELECT coalesce(jsonb_agg(jsonb_build_object('id', id, 'name', name,"
        "    'created_at', json_time(created_at), 'used_at', json_time(used_at),"
        "    'backed_up', backed_up) ORDER BY created_at, id), '[]')"
        "    FROM account_passkey WHERE account_id = $1),"
        "  'recovery_codes', (SELECT count(*) FROM recovery_code WHERE account_id = $1"
        "    AND used_at IS NULL),"
        "  'required', (SELECT second_factor_required FROM organisation WHERE id = $2))",
        "uu", &who->person, &who->organisation);
}

enum err factors_take_off(struct db_conn *c, const struct identity *who, const struct id *account)
{
    enum err err = db_found(c,
                            "SELECT 1 FROM account WHERE id = $1 AND organisation_id = $2"
                            "   AND account_factors(id) <> '{}' FOR NO KEY UPDATE",
                            "uu", account, &who->organisation);
    if (err == ERR_OK)
        err = db_exec(c,
                      "WITH t AS (DELETE FROM account_totp WHERE account_id = $1),"
                      " p AS (DELETE FROM account_passkey WHERE account_id = $1)"
                      " DELETE FROM recovery_code WHERE account_id = $1",
                      "u", account);
    return err == ERR_OK ? half_drop_all(c, account) : err;
}

static enum err check_left(struct db_conn *c, const struct identity *who)
{
    bool good = false;
    enum err err = db_read_bool(c, &good,
                                "SELECT NOT o.second_factor_required OR account_factors($1) <> '{}'"
                                "  FROM organisation o WHERE o.id = $2",
                                "uu", &who->person, &who->organisation);
    return err == ERR_OK && !good ? ERR_CONFLICT : err;
}

/* Without a second factor nothing asks for recovery codes. */
enum err factors_removed(struct db_conn *c, const struct identity *who)
{
    enum err err = check_left(c, who);
    if (err != ERR_OK)
        return err;
    return db_exec(c,
                   "DELETE FROM recovery_code WHERE account_id = $1 AND account_factors($1) = '{}'",
                   "u", &who->person);
}

enum err totp_remove(struct db_conn *c, const struct deed *deed, const struct identity *who)
{
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = db_found(c,
                       "DELETE FROM account_totp WHERE account_id = $1 AND secret IS NOT NULL"
                       " RETURNING 1",
                       "u", &who->person);
    if (err == ERR_OK)
        err = factors_removed(c, who);
    if (err == ERR_OK)
        err = audit_write(c, who, deed->now, "account.factor_remove", "account", &who->person,
                          json_pack("{s:s}", "factor", "totp"));
    if (err == ERR_OK)
        err = account_notify(c, deed, who, LETTER_FACTOR_REMOVED, NULL);
    return db_end(c, err);
}

enum err recovery_renew(struct db_conn *c, const struct deed *deed, const struct identity *who,
                        struct recovery_codes *out)
{
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = db_found(c,
                       "SELECT 1 FROM account WHERE id = $1 AND account_factors(id) <> '{}'"
                       "   FOR NO KEY UPDATE",
                       "u", &who->person);
    if (err == ERR_OK)
        err = recovery_new(c, who, deed->now, out);
    if (err == ERR_OK)
        err = account_notify(c, deed, who, LETTER_RECOVERY_CODES, NULL);
    return db_end(c, err);
}

enum err factors_reset(struct db_conn *c, const struct deed *deed, const struct identity *who,
                       const struct id *account)
{
    struct identity colleague = {.organisation = who->organisation, .person = *account};
    if (id_equal(account, &who->person))
        return ERR_CONFLICT;
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = factors_take_off(c, who, account);
    if (err == ERR_OK)
        err = account_notify(c, deed, &colleague, LETTER_FACTOR_RESET, NULL);
    if (err == ERR_OK)
        err = audit_write(c, who, deed->now, "account.factor_reset", "account", account, NULL);
    return db_end(c, err);
}
