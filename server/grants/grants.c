#include "grants/grants.h"
#include "base/mem.h"
#include "db/query.h"

static void hex(const uint8_t bytes[static TOKEN_HASH_SIZE], char *out)
{
    static const char digits[] = "0123456789abcdef";
    for (int i = 0; i < TOKEN_HASH_SIZE; i++) {
        *out++ = digits[bytes[i] >> 4];
        *out++ = digits[bytes[i] & 15];
    }
    *out = '\0';
}

/* The columns of CHECK. */
enum {
    NUMBER,
    SIGN_IN,
    ORGANISATION,
    PERSON,
    OWN_CONGRESS,
    NAME,
    ROLES,
    INSIDE,
    ELSEWHERE,
    UNTIL,
    FOUND,
    DRAFT,
    CONGRESS,
    SESSION
};

/* Batches and single checks share the statement and so the rule. Whoever is not signed in has no
 * row. Without a kind the thing is null, and so is the place beyond what is the person's own. */
static const char CHECK[] =
    "SELECT q.n, s.sign_in_id, s.organisation_id, s.person_id, s.congress_id, s.name,"
    "       g.roles, g.inside, g.elsewhere, least(s.expires_at, g.until),"
    "       q.kind IS NULL OR p.organisation_id IS NOT NULL, p.session_state = 'draft',"
    "       w.congress_id, p.session_id"
    "  FROM unnest($1::text[], $2::text[], $3::uuid[]) WITH ORDINALITY"
    "       AS q (token, kind, thing, n)"
    "  JOIN signed_in s ON s.token_hash = decode(q.token, 'hex') AND s.expires_at > $4"
    "  LEFT JOIN LATERAL place_of(q.kind, q.thing) p ON p.organisation_id = s.organisation_id"
    " CROSS JOIN LATERAL (SELECT CASE WHEN q.kind IS NULL THEN s.congress_id"
    "                                 ELSE p.congress_id END) AS w (congress_id)"
    " CROSS JOIN LATERAL roles_at(s.person_id, s.organisation_id, w.congress_id, p.session_id, $4)"
    "         AS g";

/* What is being prepared is there for staff alone. */
static enum err outcome_of(const struct db_result *r, int row)
{
    bool hidden = db_bool(r, row, DRAFT) && !(db_int(r, row, ROLES) & ROLE_STAFF);
    if (db_int(r, row, ELSEWHERE) == 0)
        return ERR_UNAUTHENTICATED;
    return db_bool(r, row, FOUND) && db_int(r, row, INSIDE) != 0 && !hidden ? ERR_OK
                                                                            : ERR_NOT_FOUND;
}

static void read_row(const struct db_result *r, int row, struct grants_check *check)
{
    check->err = outcome_of(r, row);
    if (check->err == ERR_UNAUTHENTICATED)
        return;
    check->who = (struct identity){.sign_in = db_id(r, row, SIGN_IN),
                                   .organisation = db_id(r, row, ORGANISATION),
                                   .person = db_id(r, row, PERSON),
                                   .congress = db_id(r, row, OWN_CONGRESS)};
    check->until = db_time(r, row, UNTIL);
    check->name = mem_strdup(db_text(r, row, NAME));
    if (check->err != ERR_OK)
        return;
    check->who.roles = (unsigned)db_int(r, row, ROLES);
    check->inside = (unsigned)db_int(r, row, INSIDE);
    check->place = (struct grants_place){.organisation = check->who.organisation,
                                         .congress = db_id(r, row, CONGRESS),
                                         .session = db_id(r, row, SESSION)};
}

enum err grants_check(struct db_conn *c, struct grants_check *const *checks, size_t n, int64_t now)
{
    char texts[GRANTS_BATCH][2 * TOKEN_HASH_SIZE + 1];
    const char *tokens[GRANTS_BATCH], *kinds[GRANTS_BATCH];
    struct id things[GRANTS_BATCH];
    for (size_t i = 0; i < n; i++) {
        hex(checks[i]->token, texts[i]);
        tokens[i] = texts[i];
        kinds[i] = checks[i]->kind;
        things[i] = checks[i]->thing;
    }
    struct db_result *r = db_query(c, CHECK, "SSUt", tokens, n, kinds, n, things, n, now);
    enum err err = db_err(r);
    for (size_t i = 0; err == ERR_OK && i < n; i++)
        checks[i]->err = ERR_UNAUTHENTICATED;
    for (int row = 0; err == ERR_OK && row < db_rows(r); row++)
        read_row(r, row, checks[db_int(r, row, NUMBER) - 1]);
    db_result_free(r);
    return err;
}

/* What has expired ends too: the same may be given again. */
enum err grants_set(struct db_conn *c, const struct id *organisation, const struct id *account,
                    unsigned roles, const struct id *by, int64_t now)
{
    enum err err = db_exec(c,
                           "UPDATE role_grant SET revoked_at = $4"
                           " WHERE holder_id = $2 AND organisation_id = $1 AND congress_id IS NULL"
                           "   AND revoked_at IS NULL"
                           "   AND (role_bit(role) & $3::int = 0 OR expires_at <= $4)",
                           "uuit", organisation, account, (int64_t)roles, now);
    if (err == ERR_OK)
        err = db_exec(c,
                      "INSERT INTO role_grant (organisation_id, account_id, role, granted_at,"
                      "                        granted_by)"
                      " SELECT $1, $2, r, $4, $5"
                      "   FROM unnest(ARRAY['organiser', 'host', 'moderator', 'speaker']) r"
                      "  WHERE role_bit(r) & $3::int <> 0 ON CONFLICT DO NOTHING",
                      "uuitu", organisation, account, (int64_t)roles, now, by);
    return err;
}
