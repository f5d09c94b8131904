#include "features/goals/goals_store.h"
#include "db/query.h"

enum err goals_read(struct db_conn *c, const struct id *organisation, const struct id *congress,
                    int64_t now, json_t **out)
{
    return db_read_json(c, out,
                        "SELECT jsonb_build_object('as_of', json_time($3)) || goal_board(id, $3)"
                        "  FROM congress WHERE id = $2 AND organisation_id = $1",
                        "uut", organisation, congress, now);
}
