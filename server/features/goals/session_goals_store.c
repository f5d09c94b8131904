#include "features/goals/session_goals_store.h"
#include "db/query.h"
#include "room/change.h"

enum err session_goals_read(struct db_conn *c, const struct id *session, json_t **out)
{
    return db_read_json(
        c, out,
        "SELECT jsonb_build_object('items', coalesce(jsonb_agg(jsonb_build_object("
        "   'id', t.id, 'name', t.name, 'goal_attendees', g.goal_attendees,"
        "   'goal_completions', g.goal_completions,"
        "   'goal_participation_rate', g.goal_participation_rate,"
        "   'goal_completion_rate', g.goal_completion_rate)"
        "   ORDER BY t.position, t.created_at, t.id), '[]'))"
        "  FROM session s JOIN target_profile t ON t.congress_id = s.congress_id"
        "  LEFT JOIN session_goal g ON g.session_id = s.id AND g.target_profile_id = t.id"
        " WHERE s.id = $1",
        "u", session);
}

enum err session_goals_write(struct db_conn *c, const struct identity *who,
                             const struct id *session, json_t *goals, int64_t now)
{
    bool written = false;
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = db_read_bool(c, &written, "SELECT session_goals_write($1, $2)", "uj", session, goals);
    if (err == ERR_OK && !written)
        err = ERR_INVALID;
    if (err == ERR_OK)
        err = audit_write(c, who, now, "session_goals.change", "session", session,
                          json_pack("{s:I}", "profiles", (json_int_t)json_array_size(goals)));
    return db_end(c, err);
}
