/* Recovery codes: made ten at a time, shown once, each used once. */
#include "crypto/sha256.h"
#include "db/query.h"
#include "features/accounts/factor_store.h"
#include "features/accounts/letter_store.h"
#include "room/change.h"
#include <stdio.h>
#include <string.h>

#define SALT_SIZE sizeof(struct id)

static void hash_code(const uint8_t salt[static SALT_SIZE],
                      const char code[static RECOVERY_LENGTH + 1], uint8_t hash[static SHA256_SIZE])
{
    struct sha256 s;
    sha256_init(&s);
    sha256_add(&s, salt, SALT_SIZE);
    sha256_add(&s, code, RECOVERY_LENGTH);
    sha256_end(&s, hash);
}

static void in_groups(const char code[static RECOVERY_LENGTH + 1],
                      char text[static RECOVERY_TEXT_SIZE])
{
    size_t n = 0;
    for (size_t i = 0; i < RECOVERY_LENGTH; i++) {
        if (i > 0 && i % 4 == 0)
            text[n++] = '-';
        text[n++] = code[i];
    }
    text[n] = '\0';
}

static enum err add_code(struct db_conn *c, const struct identity *who, int64_t now,
                         char text[static RECOVERY_TEXT_SIZE])
{
    char code[RECOVERY_LENGTH + 1];
    uint8_t hash[SHA256_SIZE];
    struct id salt = id_random();
    code_new(code, RECOVERY_LENGTH);
    hash_code(salt.bytes, code, hash);
    in_groups(code, text);
    return db_exec(c,
                   "INSERT INTO recovery_code (organisation_id, account_id, salt, hash, created_at)"
                   " VALUES ($1, $2, $3, $4, $5)",
                   "uuxxt", &who->organisation, &who->person, salt.bytes, SALT_SIZE, hash,
                   sizeof hash, now);
}

enum err recovery_new(struct db_conn *c, const struct identity *who, int64_t now,
                      struct recovery_codes *out)
{
    enum err err = db_exec(c, "DELETE FROM recovery_code WHERE account_id = $1", "u", &who->person);
    for (out->n = 0; err == ERR_OK && out->n < RECOVERY_CODES; out->n++)
        err = add_code(c, who, now, out->text[out->n]);
    if (err == ERR_OK)
        err = audit_write(c, who, now, "account.recovery_codes", "account", &who->person, NULL);
    return err;
}

enum err recovery_first(struct db_conn *c, const struct identity *who, int64_t now,
                        struct recovery_codes *out)
{
    bool has = false;
    out->n = 0;
    enum err err =
        db_read_bool(c, &has, "SELECT EXISTS (SELECT 1 FROM recovery_code WHERE account_id = $1)",
                     "u", &who->person);
    return err == ERR_OK && !has ? recovery_new(c, who, now, out) : err;
}

/* Which of the rows (id, salt, hash) the code is; -1: none. */
static int find_code(const struct db_result *r, const char code[static RECOVERY_LENGTH + 1])
{
    int found = -1;
    for (int i = 0; i < db_rows(r); i++) {
        uint8_t salt[SALT_SIZE] = {0}, hash[SHA256_SIZE], stored[SHA256_SIZE] = {0};
        db_bytes(r, i, 1, salt, sizeof salt);
        db_bytes(r, i, 2, stored, sizeof stored);
        hash_code(salt, code, hash);
        if (memcmp(hash, stored, sizeof hash) == 0)
            found = i;
    }
    return found;
}

static enum err keep_used(struct db_conn *c, const struct deed *deed, const struct identity *who,
                          const struct id *code, int left)
{
    char number[16];
    snprintf(number, sizeof number, "%d", left);
    enum err err =
        db_exec(c, "UPDATE recovery_code SET used_at = $2 WHERE id = $1", "ut", code, deed->now);
    if (err == ERR_OK)
        err = audit_write(c, who, deed->now, "account.recovery_code", "account", &who->person,
                          json_pack("{s:i}", "left", left));
    return err == ERR_OK ? account_notify(c, deed, who, LETTER_RECOVERY_USED, number) : err;
}

enum err recovery_use(struct db_conn *c, const struct deed *deed, const struct identity *who,
                      const char code[static RECOVERY_LENGTH + 1], bool *used)
{
    struct db_result *r = db_query(c,
                                   "SELECT id, salt, hash FROM recovery_code"
                                   " WHERE account_id = $1 AND used_at IS NULL FOR UPDATE",
                                   "u", &who->person);
    enum err err = db_err(r);
    int found = err == ERR_OK ? find_code(r, code) : -1;
    *used = found >= 0;
    if (*used) {
        struct id id = db_id(r, found, 0);
        err = keep_used(c, deed, who, &id, db_rows(r) - 1);
    }
    db_result_free(r);
    return err;
}
