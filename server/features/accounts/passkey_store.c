#include "features/accounts/passkey_store.h"
#include "db/query.h"
#include "features/accounts/entry_store.h"
#include "features/accounts/letter_store.h"
#include "features/accounts/proof_store.h"
#include "room/change.h"
#include <stdio.h>
#include <string.h>

#define CHALLENGE_US (5 * 60 * US_PER_S)

static const char *const act_words[] = {"make", "sign_in", "prove"};

/* --- challenges --- */

#define BASE64URL(bytea)                                                                           \
    "translate(rtrim(replace(encode(" bytea ", 'base64'), E'\\n', ''), '='), '+/', '-_')"
#define OWN                                                                                        \
    "(SELECT coalesce(jsonb_agg(" BASE64URL("credential_id") "), '[]') FROM account_passkey"       \
                                                             "  WHERE account_id = $2)"

/* Those that nobody answered go with it. */
static enum err add_challenge(struct db_conn *c, enum passkey_act act, const struct identity *who,
                              int64_t now, char text[static TOKEN_TEXT_SIZE])
{
    uint8_t hash[TOKEN_HASH_SIZE];
    token_new(text, hash);
    enum err err =
        db_exec(c, "DELETE FROM passkey_challenge WHERE created_at <= $1", "t", now - CHALLENGE_US);
    if (err != ERR_OK)
        return err;
    return db_exec(c,
                   "INSERT INTO passkey_challenge (token_hash, act, sign_in_id, created_at)"
                   " VALUES ($1, $2, $3, $4)",
                   "xsut", hash, sizeof hash, act_words[act], who ? &who->sign_in : NULL, now);
}

static enum err check_room(struct db_conn *c, const struct identity *who)
{
    int64_t n = 0;
    enum err err = db_read_int(c, &n, "SELECT count(*) FROM account_passkey WHERE account_id = $1",
                               "u", &who->person);
    return err == ERR_OK && n >= PASSKEYS_MOST ? ERR_TOO_LARGE : err;
}

enum err passkey_ask(struct db_conn *c, const struct webauthn_site *site, enum passkey_act act,
                     const struct identity *who, int64_t now, json_t **out)
{
    char text[TOKEN_TEXT_SIZE];
    enum err err = act == PASSKEY_MAKE ? check_room(c, who) : ERR_OK;
    if (err == ERR_OK)
        err = add_challenge(c, act, who, now, text);
    if (err != ERR_OK)
        return err;
    if (act == PASSKEY_MAKE)
        return db_read_json(
            c, out,
            "SELECT jsonb_build_object('challenge', $1::text, 'rp_id', $3::text, 'rp_name', o.name,"
            "  'user', jsonb_build_object('id', " BASE64URL(
                "uuid_send(a.id)") ", 'name', a.email,"
                                   "  'display_name', a.name), 'exclude', " OWN ")"
                                   "  FROM account a JOIN organisation o ON o.id = "
                                   "a.organisation_id WHERE a.id = $2",
            "sus", text, &who->person, site->rp_id);
    return db_read_json(c, out,
                        "SELECT jsonb_build_object('challenge', $1::text, 'rp_id', $3::text,"
                        "                          'allow', " OWN ")",
                        "sus", text, who ? &who->person : NULL, site->rp_id);
}

/* It is spent, whatever comes of it. Inside a transaction. */
static enum err spend(struct db_conn *c, enum passkey_act act, const struct identity *who,
                      const char *challenge, int64_t now, enum passkey_verdict *verdict)
{
    uint8_t hash[TOKEN_HASH_SIZE];
    *verdict = PASSKEY_OVER;
    if (!token_hash(challenge, hash))
        return ERR_OK;
    enum err err = db_found(c,
                            "DELETE FROM passkey_challenge WHERE token_hash = $1 AND act = $2"
                            "   AND created_at > $3 AND sign_in_id IS NOT DISTINCT FROM $4"
                            " RETURNING 1",
                            "xstu", hash, sizeof hash, act_words[act], now - CHALLENGE_US,
                            who ? &who->sign_in : NULL);
    if (err == ERR_OK)
        *verdict = PASSKEY_GOOD;
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* --- made --- */

static enum err insert(struct db_conn *c, const struct deed *deed, const struct identity *who,
                       const struct passkey_new *made, enum passkey_verdict *verdict)
{
    const struct passkey *key = made->key;
    enum err err = db_found(
        c,
        "INSERT INTO account_passkey (organisation_id, account_id, credential_id, public_key,"
        "                             counter, backed_up, name, created_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING RETURNING 1",
        "uuxxibst", &who->organisation, &who->person, key->id, key->id_len, key->key, key->key_len,
        (int64_t)key->counter, key->backed_up, made->name, deed->now);
    if (err == ERR_NOT_FOUND)
        *verdict = PASSKEY_KNOWN;
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err passkey_add(struct db_conn *c, const struct deed *deed, const struct identity *who,
                     const struct passkey_new *made, enum passkey_verdict *verdict,
                     struct recovery_codes *codes)
{
    codes->n = 0;
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = spend(c, PASSKEY_MAKE, who, made->challenge, deed->now, verdict);
    if (err == ERR_OK && *verdict == PASSKEY_GOOD)
        err = insert(c, deed, who, made, verdict);
    bool good = err == ERR_OK && *verdict == PASSKEY_GOOD;
    if (good)
        err = audit_write(c, who, deed->now, "account.factor_add", "account", &who->person,
                          json_pack("{s:s}", "factor", "passkey"));
    if (good && err == ERR_OK)
        err = account_notify(c, deed, who, LETTER_PASSKEY_ADDED, made->name);
    if (good && err == ERR_OK)
        err = recovery_first(c, who, deed->now, codes);
    return db_end(c, err);
}

/* --- used --- */

struct found {
    struct id passkey;
    struct identity who; /* whose it is */
};

/* The row (id, account, organisation, key, counter). */
static void judge(const struct db_result *r, const struct passkey_claim *claim,
                  enum passkey_verdict *verdict, uint32_t *counter, bool *backed_up)
{
    uint8_t key[COSE_DER_MAX];
    size_t len = db_bytes(r, 0, 3, key, sizeof key);
    int64_t before = db_int(r, 0, 4);
    *verdict = PASSKEY_GOOD;
    if (len > sizeof key || !webauthn_used(claim->site, &claim->use, key, len, counter, backed_up))
        *verdict = PASSKEY_BAD;
    else if ((before || *counter) && *counter <= before)
        *verdict = PASSKEY_COPIED;
}

static enum err keep_use(struct db_conn *c, const struct deed *deed, const struct found *found,
                         enum passkey_verdict verdict, uint32_t counter, bool backed_up)
{
    if (verdict == PASSKEY_COPIED)
        return audit_write(c, &found->who, deed->now, "account.passkey_copied", "account",
                           &found->who.person, NULL);
    if (verdict != PASSKEY_GOOD)
        return ERR_OK;
    return db_exec(c,
                   "UPDATE account_passkey SET counter = $2, backed_up = $3, used_at = $4"
                   " WHERE id = $1",
                   "uibt", &found->passkey, (int64_t)counter, backed_up, deed->now);
}

/* Inside a transaction. */
static enum err check(struct db_conn *c, const struct deed *deed, const struct passkey_claim *claim,
                      enum passkey_verdict *verdict, struct found *found)
{
    uint32_t counter = 0;
    bool backed_up = false;
    struct db_result *r = db_query(
        c,
        "SELECT p.id, p.account_id, p.organisation_id, p.public_key, p.counter"
        "  FROM account_passkey p JOIN account a ON a.id = p.account_id AND a.disabled_at IS NULL"
        "   AND a.email IS NOT NULL"
        " WHERE p.credential_id = $1 FOR UPDATE OF p",
        "x", claim->id, claim->id_len);
    enum err err = db_err(r);
    *verdict = PASSKEY_UNKNOWN;
    if (err == ERR_OK && db_rows(r) == 1) {
        found->passkey = db_id(r, 0, 0);
        found->who = (struct identity){
            .roles = ROLE_STAFF, .person = db_id(r, 0, 1), .organisation = db_id(r, 0, 2)};
        if (!claim->account || id_equal(claim->account, &found->who.person))
            judge(r, claim, verdict, &counter, &backed_up);
    }
    db_result_free(r);
    return err == ERR_OK ? keep_use(c, deed, found, *verdict, counter, backed_up) : err;
}

/* Which half sign-in is finished by it, and so how the sign-in came about. */
static enum err finish_half(struct db_conn *c, const struct deed *deed, const uint8_t *token,
                            const struct id *account, char via[static 16])
{
    struct half half;
    snprintf(via, 16, "passkey");
    enum err err = token ? half_find(c, token, deed->now, &half) : ERR_NOT_FOUND;
    if (err == ERR_OK && id_equal(&half.who.person, account)) {
        snprintf(via, 16, "%s", half.via);
        return half_drop(c, token);
    }
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err passkey_sign_in(struct db_conn *c, const struct deed *deed,
                         const struct passkey_claim *claim, const uint8_t *half,
                         const uint8_t token[static TOKEN_HASH_SIZE], enum passkey_verdict *verdict,
                         struct identity *who, char via[static 16])
{
    struct found found;
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = spend(c, PASSKEY_SIGN_IN, NULL, claim->challenge, deed->now, verdict);
    if (err == ERR_OK && *verdict == PASSKEY_GOOD)
        err = check(c, deed, claim, verdict, &found);
    bool good = err == ERR_OK && *verdict == PASSKEY_GOOD;
    if (good)
        err = finish_half(c, deed, half, &found.who.person, via);
    if (good && err == ERR_OK)
        err = account_open_sign_in(c, &found.who.person, via, token, deed->now, who);
    return db_end(c, err);
}

enum err passkey_prove(struct db_conn *c, const struct deed *deed, const struct identity *who,
                       const struct passkey_claim *claim, enum passkey_verdict *verdict)
{
    struct found found;
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = spend(c, PASSKEY_PROVE, who, claim->challenge, deed->now, verdict);
    if (err == ERR_OK && *verdict == PASSKEY_GOOD)
        err = check(c, deed, claim, verdict, &found);
    if (err == ERR_OK && *verdict == PASSKEY_GOOD && !id_equal(&found.who.person, &who->person))
        *verdict = PASSKEY_UNKNOWN;
    if (err == ERR_OK && *verdict == PASSKEY_GOOD)
        err = proof_note(c, who, "passkey", deed->now);
    return db_end(c, err);
}

/* --- removed --- */

enum err passkey_remove(struct db_conn *c, const struct deed *deed, const struct identity *who,
                        const struct id *passkey)
{
    enum err err = db_begin(c);
    if (err != ERR_OK)
        return err;
    struct db_result *r =
        db_query(c, "DELETE FROM account_passkey WHERE id = $1 AND account_id = $2 RETURNING name",
                 "uu", passkey, &who->person);
    err = db_one(r);
    if (err == ERR_OK)
        err = factors_removed(c, who);
    if (err == ERR_OK)
        err = account_notify(c, deed, who, LETTER_PASSKEY_REMOVED, db_text(r, 0, 0));
    if (err == ERR_OK)
        err = audit_write(c, who, deed->now, "account.factor_remove", "account", &who->person,
                          json_pack("{s:s}", "factor", "passkey"));
    db_result_free(r);
    return db_end(c, err);
}
