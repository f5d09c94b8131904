#include "sample_store.h"
#include "features/slides/slides_render.h"
#include "jobs/jobs.h"

enum err sample_find(struct db_conn *c, bool *loaded, struct id *organisation)
{
    struct db_result *r = db_query(c, "SELECT organisation_id FROM sample", "");
    enum err err = db_err(r);
    *loaded = err == ERR_OK && db_rows(r) > 0;
    if (*loaded)
        *organisation = db_id(r, 0, 0);
    db_result_free(r);
    return err;
}

static enum err run_all(struct db_conn *c, const char *const *statements,
                        const struct id *organisation, int64_t now)
{
    enum err err = ERR_OK;
    for (; err == ERR_OK && *statements; statements++)
        err = db_exec(c, *statements, "ut", organisation, now);
    return err;
}

enum err sample_write(struct db_conn *c, int64_t now, struct id *organisation)
{
    *organisation = id_random();
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = run_all(c, sample_people, organisation, now);
    if (err == ERR_OK)
        err = run_all(c, sample_past, organisation, now);
    if (err == ERR_OK)
        return db_commit(c);
    db_rollback(c);
    return err;
}

static enum err insert_deck(struct db_conn *c, const struct id *organisation, const char *file_name,
                            const uint8_t hash[static TOKEN_HASH_SIZE], int64_t bytes, int64_t now,
                            struct id *deck)
{
    struct db_result *r =
        db_query(c,
                 "INSERT INTO deck (organisation_id, session_id, file_name, pdf, bytes, state, "
                 "                  created_at, created_by) "
                 "SELECT s.organisation_id, s.id, $2, $3, $4, 'rendering', $5, "
                 "       (SELECT account_id FROM role_grant WHERE organisation_id = $1 "
                 "           AND role = 'organiser' AND revoked_at IS NULL LIMIT 1) "
                 "  FROM session s WHERE s.organisation_id = $1 AND s.state = 'lobby' "
                 " ORDER BY s.starts_at LIMIT 1 RETURNING id",
                 "usxit", organisation, file_name, hash, (size_t)TOKEN_HASH_SIZE, bytes, now);
    enum err err = db_err(r);
    if (err == ERR_OK && db_rows(r) != 1)
        err = ERR_NOT_FOUND;
    if (err == ERR_OK)
        *deck = db_id(r, 0, 0);
    db_result_free(r);
    return err;
}

enum err sample_add_deck(struct db_conn *c, const struct id *organisation, const char *file_name,
                         const uint8_t hash[static TOKEN_HASH_SIZE], int64_t bytes, int64_t now)
{
    struct id deck;
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = insert_deck(c, organisation, file_name, hash, bytes, now, &deck);
    if (err == ERR_OK)
        err = job_add(c, &deck_render, organisation, &deck, now);
    if (err == ERR_OK)
        err = db_commit(c);
    if (err != ERR_OK)
        db_rollback(c);
    return err;
}

static enum err found_row(struct db_result *r, bool *found)
{
    enum err err = db_err(r);
    *found = err == ERR_OK && db_rows(r) > 0;
    db_result_free(r);
    return err;
}

enum err sample_sign_in_link(struct db_conn *c, const struct id *organisation, const char *role,
                             const uint8_t hash[static TOKEN_HASH_SIZE], int64_t now, bool *found)
{
    return found_row(
        db_query(c,
                 "INSERT INTO one_time_link (token_hash, organisation_id, purpose, account_id, "
                 "                           created_at, expires_at) "
                 "SELECT $3, a.organisation_id, 'sign_in', a.id, $4, $4 + interval '1 day' "
                 "  FROM account a JOIN role_grant r ON r.account_id = a.id AND r.role = $2 "
                 " WHERE a.organisation_id = $1 AND a.disabled_at IS NULL "
                 "   AND r.congress_id IS NULL AND r.revoked_at IS NULL "
                 " ORDER BY a.created_at, a.email LIMIT 1 RETURNING 1",
                 "usxt", organisation, role, hash, (size_t)TOKEN_HASH_SIZE, now),
        found);
}

/* Of the congress with the next session, else of the latest. */
enum err sample_join_link(struct db_conn *c, const struct id *organisation,
                          const uint8_t hash[static TOKEN_HASH_SIZE], int64_t now, bool *found)
{
    return found_row(
        db_query(
            c,
            "SELECT join_link_add(p.id, $2, $3) FROM ("
            "  SELECT r.id FROM session s JOIN registration r ON r.congress_id = s.congress_id "
            "    JOIN hcp h ON h.id = r.hcp_id "
            "   WHERE s.organisation_id = $1 AND r.state = 'registered' "
            "     AND h.erased_at IS NULL AND s.state IN ('lobby', 'live', 'ended') "
            "   ORDER BY s.state = 'ended', s.starts_at DESC, h.email LIMIT 1) p",
            "uxt", organisation, hash, (size_t)TOKEN_HASH_SIZE, now),
        found);
}
