#include "features/goals/goals_store.h"
#include "crypto/crypto.h"
#include "db/query.h"
#include "features/goals/goals_mask.h"

static enum err read_board(struct db_conn *c, const struct id *organisation,
                           const struct id *congress, int64_t now, bool masked, json_t **out)
{
    return db_read_json(c, out,
                        "SELECT jsonb_build_object('as_of', json_time($3), 'masked', $4::boolean)"
                        "    || goal_board(id, $3)"
                        "    || jsonb_build_object('invitations',"
                        "           CASE WHEN NOT $4 THEN goal_invited(id) END)"
                        "  FROM congress WHERE id = $2 AND organisation_id = $1",
                        "uutb", organisation, congress, now, masked);
}

enum err goals_read(struct db_conn *c, const struct id *organisation, const struct id *congress,
                    int64_t now, json_t **out)
{
    return read_board(c, organisation, congress, now, false, out);
}

enum err goals_read_earlier(struct db_conn *c, const struct id *congress, int64_t now, json_t **out)
{
    return db_read_json(c, out,
                        "SELECT jsonb_build_object('items', goal_comparison($1, $2::int, $3))",
                        "uit", congress, (int64_t)GOALS_EARLIER_MAX, now);
}

/* --- for readers who may not see persons --- */

static int64_t secret(void *arg, int64_t step)
{
    (void)arg;
    return disclosure_secret(step, random_below);
}

/* What was shown, locked: two readers at once see the same. */
static enum err lock_cells(struct db_conn *c, const struct id *organisation,
                           const struct id *congress, json_t **cells)
{
    enum err err =
        db_exec(c,
                "INSERT INTO goal_disclosed (congress_id, organisation_id)"
                " SELECT id, organisation_id FROM congress WHERE id = $2 AND organisation_id = $1"
                " ON CONFLICT DO NOTHING",
                "uu", organisation, congress);
    return err ? err
               : db_read_json(c, cells,
                              "SELECT cells FROM goal_disclosed"
                              " WHERE organisation_id = $1 AND congress_id = $2 FOR UPDATE",
                              "uu", organisation, congress);
}

enum err goals_read_masked(struct db_conn *c, const struct id *organisation,
                           const struct id *congress, int64_t now, json_t **out)
{
    const struct disclosure how = {.step = DISCLOSURE_STEP, .secret = secret};
    json_t *cells = NULL, *board = NULL;
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = lock_cells(c, organisation, congress, &cells);
    if (err == ERR_OK)
        err = read_board(c, organisation, congress, now, true, &board);
    if (err == ERR_OK && goals_mask(board, cells, &how))
        err = db_exec(c, "UPDATE goal_disclosed SET cells = $2 WHERE congress_id = $1", "uj",
                      congress, cells);
    err = db_end(c, err);
    json_decref(cells);
    if (err == ERR_OK)
        *out = board;
    else
        json_decref(board);
    return err;
}
