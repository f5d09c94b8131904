#include "features/accounts/proof_store.h"
#include "crypto/secrets.h"
#include "db/query.h"
#include "features/accounts/letter_store.h"
#include "room/change.h"
#include <stdio.h>
#include <string.h>

#define CODE_DIGITS  6
#define VALID_US     (10 * 60 * US_PER_S)
#define MAILS_A_HOUR 5
#define WRONG_MOST   5

/* --- what was shown --- */

enum err proof_note(struct db_conn *c, const struct identity *who, const char *way, int64_t now)
{
    enum err err = db_found(
        c, "UPDATE sign_in SET proved_at = $2 WHERE id = $1 AND revoked_at IS NULL RETURNING 1",
        "ut", &who->sign_in, now);
    return err == ERR_OK ? audit_write(c, who, now, "account.proof", "account", &who->person,
                                       json_pack("{s:s}", "way", way))
                         : err;
}

enum err proof_keep(struct db_conn *c, const struct identity *who, const char *way, int64_t now)
{
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = proof_note(c, who, way, now);
    return db_end(c, err);
}

#define HAS_PASSWORD "a.password_hash IS NOT NULL"
#define BY_MAIL      "(a.password_hash IS NULL AND account_factors(a.id) = '{}')"

enum err proof_ways(struct db_conn *c, const struct identity *who, json_t **out)
{
    return db_read_json(
        c, out,
        "SELECT to_jsonb(array_remove(ARRAY[CASE WHEN " HAS_PASSWORD " THEN 'password' END]"
        "   || account_factors(a.id) || ARRAY["
        "     CASE WHEN account_factors(a.id) <> '{}' AND EXISTS (SELECT 1 FROM recovery_code"
        "       WHERE account_id = a.id AND used_at IS NULL) THEN 'recovery' END,"
        "     CASE WHEN " BY_MAIL " THEN 'mail' END], NULL))"
        "  FROM account a WHERE a.id = $1",
        "u", &who->person);
}

/* --- mailed codes --- */

static void mac_code(const struct secrets *secrets, const struct id *sign_in, const char *code,
                     uint8_t mac[static MAC_SIZE])
{
    uint8_t bytes[sizeof *sign_in + CODE_DIGITS];
    memcpy(bytes, sign_in, sizeof *sign_in);
    memcpy(bytes + sizeof *sign_in, code, CODE_DIGITS);
    mac_sign(secrets->codes, bytes, sizeof bytes, mac);
}

/* Whether the account is left to its mailbox, and another mail may go there. Locks the account. */
static enum err check_mail(struct db_conn *c, const struct identity *who, int64_t now)
{
    struct db_result *r =
        db_query(c,
                 "SELECT " BY_MAIL ", (SELECT count(*) FROM mailed_code m WHERE m.account_id = a.id"
                 "    AND m.created_at > $2) FROM account a WHERE a.id = $1 FOR NO KEY UPDATE",
                 "ut", &who->person, now - 3600 * US_PER_S);
    enum err err = db_one(r);
    if (err == ERR_OK && !db_bool(r, 0, 0))
        err = ERR_CONFLICT;
    else if (err == ERR_OK && db_int(r, 0, 1) >= MAILS_A_HOUR)
        err = ERR_RATE;
    db_result_free(r);
    return err;
}

static enum err add_code(struct db_conn *c, const struct secrets *secrets,
                         const struct identity *who, const char *code, int64_t now)
{
    uint8_t mac[MAC_SIZE];
    mac_code(secrets, &who->sign_in, code, mac);
    enum err err =
        db_exec(c, "DELETE FROM mailed_code WHERE created_at <= $1", "t", now - 3600 * US_PER_S);
    if (err != ERR_OK)
        return err;
    return db_exec(
        c,
        "INSERT INTO mailed_code (organisation_id, account_id, sign_in_id, mac, created_at)"
        " VALUES ($1, $2, $3, $4, $5)",
        "uuuxt", &who->organisation, &who->person, &who->sign_in, mac, sizeof mac, now);
}

enum err proof_mail(struct db_conn *c, const struct secrets *secrets, const struct identity *who,
                    int64_t now)
{
    char code[CODE_DIGITS + 1], shown[CODE_DIGITS + 2];
    digits_new(code, CODE_DIGITS);
    snprintf(shown, sizeof shown, "%.3s %s", code, code + 3);
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = check_mail(c, who, now);
    if (err == ERR_OK)
        err = add_code(c, secrets, who, code, now);
    if (err == ERR_OK)
        err = account_write_mail(c,
                                 &(struct account_letter_to){.letter = LETTER_CODE,
                                                             .organisation = who->organisation,
                                                             .account = who->person,
                                                             .fact = shown},
                                 now);
    return db_end(c, err);
}

/* --- codes --- */

/* The latest one that was mailed to this sign-in. Inside a transaction. */
static enum err check_mailed(struct db_conn *c, const struct secrets *secrets,
                             const struct identity *who, const char *code, int64_t now,
                             struct code_try *out)
{
    uint8_t mac[MAC_SIZE], stored[MAC_SIZE] = {0};
    struct db_result *r = db_query(
        c,
        "SELECT id, mac, used_at IS NULL AND wrong < $2 AND created_at > $3 FROM mailed_code"
        " WHERE sign_in_id = $1 ORDER BY created_at DESC, id LIMIT 1 FOR UPDATE",
        "uit", &who->sign_in, (int64_t)WRONG_MOST, now - VALID_US);
    enum err err = db_err(r);
    out->verdict = CODE_OVER;
    if (err == ERR_OK && db_rows(r) == 1 && db_bool(r, 0, 2)) {
        struct id id = db_id(r, 0, 0);
        mac_code(secrets, &who->sign_in, code, mac);
        db_bytes(r, 0, 1, stored, sizeof stored);
        out->verdict = memcmp(mac, stored, sizeof mac) == 0 ? CODE_RIGHT : CODE_WRONG;
        err = db_exec(c,
                      "UPDATE mailed_code SET used_at = CASE WHEN $2 THEN $3::timestamptz END,"
                      "       wrong = wrong + CASE WHEN $2 THEN 0 ELSE 1 END WHERE id = $1",
                      "ubt", &id, out->verdict == CODE_RIGHT, now);
    }
    db_result_free(r);
    return err;
}

/* Inside a transaction. way: what was taken the code for. */
static enum err check(struct db_conn *c, const struct deed *deed, const struct identity *who,
                      const char *typed, struct code_try *out, const char **way)
{
    char code[RECOVERY_LENGTH + 1];
    bool by_mail = false;
    enum typed_code kind = code_read(typed, code);
    enum err err = db_read_bool(c, &by_mail, "SELECT " BY_MAIL " FROM account a WHERE a.id = $1",
                                "u", &who->person);
    *way = kind == TYPED_RECOVERY ? "recovery" : by_mail ? "mail" : "totp";
    if (err == ERR_OK && by_mail && kind == TYPED_DIGITS)
        return check_mailed(c, deed->secrets, who, code, deed->now, out);
    return err == ERR_OK ? code_check(c, deed, who, typed, out) : err;
}

enum err proof_by_code(struct db_conn *c, const struct deed *deed, const struct identity *who,
                       const char *typed, struct code_try *out)
{
    const char *way;
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = check(c, deed, who, typed, out, &way);
    if (err == ERR_OK && out->verdict == CODE_RIGHT)
        err = proof_note(c, who, way, deed->now);
    return db_end(c, err);
}
