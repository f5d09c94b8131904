#include "features/accounts/lookup_store.h"
#include "base/mem.h"
#include <stdio.h>

static void hex(const uint8_t bytes[static TOKEN_HASH_SIZE], char *out)
{
    static const char digits[] = "0123456789abcdef";
    for (int i = 0; i < TOKEN_HASH_SIZE; i++) {
        *out++ = digits[bytes[i] >> 4];
        *out++ = digits[bytes[i] & 15];
    }
    *out = '\0';
}

static void read_row(const struct db_result *r, int row, struct sign_in_check *check)
{
    check->who = (struct identity){0};
    if (db_null(r, row, 1) || db_int(r, row, 5) == 0) {
        check->err = ERR_UNAUTHENTICATED;
        return;
    }
    check->err = db_bool(r, row, 6) ? ERR_OK : ERR_NOT_FOUND;
    check->who = (struct identity){.sign_in = db_id(r, row, 1),
                                   .organisation = db_id(r, row, 2),
                                   .person = db_id(r, row, 3),
                                   .congress = db_id(r, row, 4),
                                   .roles = (unsigned)db_int(r, row, 5)};
    check->name = mem_strdup(db_text(r, row, 7));
}

enum err lookup_batch(struct db_conn *c, struct sign_in_check *const *checks, size_t n, int64_t now)
{
    char texts[LOOKUP_BATCH][2 * TOKEN_HASH_SIZE + 1];
    const char *tokens[LOOKUP_BATCH];
    struct id sessions[LOOKUP_BATCH], congresses[LOOKUP_BATCH];
    for (size_t i = 0; i < n; i++) {
        hex(checks[i]->token, texts[i]);
        tokens[i] = texts[i];
        sessions[i] = checks[i]->session;
        congresses[i] = checks[i]->congress;
        checks[i]->err = ERR_UNAUTHENTICATED;
    }
    struct db_result *r = db_query(
        c,
        "SELECT q.n, s.sign_in_id, s.organisation_id, coalesce(s.account_id, s.registration_id),"
        "       s.congress_id, s.roles, coalesce(t.id, c.id) IS NOT NULL,"
        "       coalesce(a.name, h.first_name || ' ' || h.last_name)"
        "  FROM unnest($1::text[], $2::uuid[], $3::uuid[]) WITH ORDINALITY"
        "       AS q (token, session, congress, n)"
        "  LEFT JOIN signed_in s ON s.token_hash = decode(q.token, 'hex') AND s.expires_at > $4"
        "  LEFT JOIN session t ON t.id = q.session AND t.organisation_id = s.organisation_id"
        "   AND (s.account_id IS NOT NULL"
        "        OR (t.congress_id = s.congress_id AND t.state <> 'draft'))"
        "  LEFT JOIN congress c ON c.id = q.congress AND c.organisation_id = s.organisation_id"
        "   AND (s.account_id IS NOT NULL OR c.id = s.congress_id)"
        "  LEFT JOIN account a ON a.id = s.account_id"
        "  LEFT JOIN registration g ON g.id = s.registration_id"
        "  LEFT JOIN hcp h ON h.id = g.hcp_id",
        "SUUt", tokens, n, sessions, n, congresses, n, now);
    enum err err = db_err(r);
    for (int row = 0; err == ERR_OK && row < db_rows(r); row++) {
        int64_t i = db_int(r, row, 0);
        if (i >= 1 && (size_t)i <= n)
            read_row(r, row, checks[i - 1]);
    }
    db_result_free(r);
    return err;
}
