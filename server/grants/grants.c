#include "grants/grants.h"
#include "base/mem.h"
#include "db/query.h"
#include <assert.h>
#include <string.h>

static void hex(const uint8_t bytes[static TOKEN_HASH_SIZE], char *out)
{
    static const char digits[] = "0123456789abcdef";
    for (int i = 0; i < TOKEN_HASH_SIZE; i++) {
        *out++ = digits[bytes[i] >> 4];
        *out++ = digits[bytes[i] & 15];
    }
    *out = '\0';
}

/* The columns of CHECK(). */
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
    SESSION,
    UNSEEN,
    PROVED_AT,
    GUEST,
    HORIZON
};

/* Batches and single checks share the statement and so the rule. Whoever is not signed in has no
 * row. The place is looked up by its kind's own function: a statement that knows them all takes the
 * database three times as long to begin as to answer. */
#define CHECK(place, found, congress)                                                              \
    "SELECT q.n, s.sign_in_id, s.organisation_id, s.person_id, s.congress_id, s.name,"             \
    "       g.roles, g.inside, g.elsewhere, least(s.expires_at, g.until)," found ","               \
    "       p.session_state = 'draft'," congress ", p.session_id,"                                 \
    "       s.account_id IS NOT NULL AND s.seen_at < $3 - interval '10 minutes', s.proved_at,"     \
    "       s.guest,"                                                                              \
    "       pg_snapshot_xmin(pg_current_snapshot())::text::bigint"                                 \
    "  FROM unnest($1::text[], $2::uuid[]) WITH ORDINALITY AS q (token, thing, n)"                 \
    "  JOIN signed_in s ON s.token_hash = decode(q.token, 'hex') AND s.expires_at > $3"            \
    "  LEFT JOIN LATERAL " place                                                                   \
    " CROSS JOIN LATERAL roles_at(s.person_id, s.organisation_id, " congress                       \
    "                             , p.session_id, $3) AS g"
#define CHECK_OWN                                                                                  \
    CHECK("(SELECT NULL::uuid AS session_id, NULL::text AS session_state) p ON true", "true",      \
          "s.congress_id")
#define CHECK_AT(kind)                                                                             \
    {                                                                                              \
#kind, CHECK("place_of_" #kind "(q.thing) p ON p.organisation_id = s.organisation_id",     \
                     "p.organisation_id IS NOT NULL", "p.congress_id")                             \
    }

static const struct {
    const char *kind, *sql;
} statements[] = {
    CHECK_AT(session),      CHECK_AT(congress),
    CHECK_AT(deck),         CHECK_AT(poll),
    CHECK_AT(recording),    CHECK_AT(profile),
    CHECK_AT(registration), CHECK_AT(person),
    CHECK_AT(account),      CHECK_AT(sign_in),
    CHECK_AT(link),         CHECK_AT(passkey),
    CHECK_AT(speaker),      CHECK_AT(target_list),
    CHECK_AT(universe),     CHECK_AT(library_profile),
    CHECK_AT(invitations),  CHECK_AT(invitation_round),
    CHECK_AT(comparison),   CHECK_AT(guest_speaker),
};

/* NULL: no such kind. */
static const char *statement_of(const char *kind)
{
    if (!kind)
        return CHECK_OWN;
    for (size_t i = 0; i < sizeof statements / sizeof *statements; i++)
        if (strcmp(statements[i].kind, kind) == 0)
            return statements[i].sql;
    return NULL;
}

bool grants_has_kind(const char *kind)
{
    return statement_of(kind) != NULL;
}

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
                                   .congress = db_id(r, row, OWN_CONGRESS),
                                   .guest = db_bool(r, row, GUEST),
                                   .horizon = db_int(r, row, HORIZON)};
    check->until = db_time(r, row, UNTIL);
    check->unseen = db_bool(r, row, UNSEEN);
    check->proved_at = db_time(r, row, PROVED_AT);
    check->name = mem_strdup(db_text(r, row, NAME));
    if (check->err != ERR_OK)
        return;
    check->who.roles = (unsigned)db_int(r, row, ROLES);
    check->inside = (unsigned)db_int(r, row, INSIDE);
    check->place = (struct grants_place){.organisation = check->who.organisation,
                                         .congress = db_id(r, row, CONGRESS),
                                         .session = db_id(r, row, SESSION)};
}

enum err grants_check(struct db_conn *c, const char *kind, struct grants_check *const *checks,
                      size_t n, int64_t now)
{
    char texts[GRANTS_BATCH][2 * TOKEN_HASH_SIZE + 1];
    const char *tokens[GRANTS_BATCH];
    struct id things[GRANTS_BATCH];
    const char *sql = statement_of(kind);
    assert(sql);
    for (size_t i = 0; i < n; i++) {
        hex(checks[i]->token, texts[i]);
        tokens[i] = texts[i];
        things[i] = checks[i]->thing;
    }
    struct db_result *r = db_query(c, sql, "SUt", tokens, n, things, n, now);
    enum err err = db_err(r);
    for (size_t i = 0; err == ERR_OK && i < n; i++)
        checks[i]->err = ERR_UNAUTHENTICATED;
    for (int row = 0; err == ERR_OK && row < db_rows(r); row++)
        read_row(r, row, checks[db_int(r, row, NUMBER) - 1]);
    db_result_free(r);
    return err;
}

enum err grants_seen(struct db_conn *c, const struct id *sign_in, int64_t now)
{
    return db_exec(c, "UPDATE sign_in SET seen_at = $2 WHERE id = $1 AND revoked_at IS NULL", "ut",
                   sign_in, now);
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
