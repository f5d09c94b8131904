-- Goals of a target profile for one session. How many register is a matter of the whole congress.
CREATE TABLE session_goal (
    session_id              uuid NOT NULL,
    target_profile_id       uuid NOT NULL REFERENCES target_profile (id) ON DELETE CASCADE,
    organisation_id         uuid NOT NULL,
    goal_attendees          int CHECK (goal_attendees BETWEEN 1 AND 10000000),
    goal_completions        int CHECK (goal_completions BETWEEN 1 AND 10000000),
    goal_participation_rate numeric(4, 3) CHECK (goal_participation_rate > 0 AND goal_participation_rate <= 1),
    goal_completion_rate    numeric(4, 3) CHECK (goal_completion_rate > 0 AND goal_completion_rate <= 1),
    PRIMARY KEY (session_id, target_profile_id),
    FOREIGN KEY (organisation_id, session_id) REFERENCES session (organisation_id, id),
    CHECK (num_nonnulls(goal_attendees, goal_completions, goal_participation_rate, goal_completion_rate) > 0)
);
CREATE INDEX session_goal_profile ON session_goal (target_profile_id);

-- The target profiles of a session's congress with what the session is measured against: its own goals; without any, and when it is the
-- only session, those of the congress. One session of several is not measured against a goal of them all.
CREATE FUNCTION session_goals(p_session uuid)
RETURNS TABLE (id uuid, name text, universe int, universe_source text, goal_registrations int, goal_attendees int, goal_completions int,
               goal_participation_rate numeric, goal_completion_rate numeric, own boolean)
LANGUAGE plpgsql STABLE AS $$
DECLARE
    v_congress CONSTANT uuid := (SELECT s.congress_id FROM session s WHERE s.id = p_session);
    alone CONSTANT boolean := NOT EXISTS (SELECT FROM session_goal g WHERE g.session_id = p_session)
        AND NOT EXISTS (SELECT FROM session s WHERE s.congress_id = v_congress AND s.id <> p_session AND s.state <> 'cancelled');
BEGIN
    RETURN QUERY
    SELECT t.id, t.name, t.universe, t.universe_source, t.goal_registrations,
           CASE WHEN alone THEN t.goal_attendees ELSE g.goal_attendees END,
           CASE WHEN alone THEN t.goal_completions ELSE g.goal_completions END,
           CASE WHEN alone THEN t.goal_participation_rate ELSE g.goal_participation_rate END,
           CASE WHEN alone THEN t.goal_completion_rate ELSE g.goal_completion_rate END, g.session_id IS NOT NULL
      FROM target_profile t LEFT JOIN session_goal g ON g.session_id = p_session AND g.target_profile_id = t.id
     WHERE t.congress_id = v_congress ORDER BY t.position, t.created_at, t.id;
END $$;

-- All goals of a session anew: [{id, goal_attendees, …}]. False, and nothing is changed: a profile is of another congress, or there twice.
CREATE FUNCTION session_goals_write(p_session uuid, p_goals jsonb) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    s session;
BEGIN
    SELECT * INTO s FROM session WHERE id = p_session;
    PERFORM FROM congress WHERE id = s.congress_id FOR NO KEY UPDATE; -- one at a time; people register meanwhile
    IF (SELECT count(*) <> count(DISTINCT t.id) OR count(t.id) <> count(*)
          FROM jsonb_array_elements(p_goals) AS g (one)
          LEFT JOIN target_profile t ON t.congress_id = s.congress_id AND t.id = (g.one->>'id')::uuid) THEN
        RETURN false;
    END IF;
    DELETE FROM session_goal WHERE session_id = p_session;
    INSERT INTO session_goal (session_id, target_profile_id, organisation_id, goal_attendees, goal_completions, goal_participation_rate,
                              goal_completion_rate)
    SELECT p_session, g.id, s.organisation_id, g.goal_attendees, g.goal_completions, g.goal_participation_rate, g.goal_completion_rate
      FROM jsonb_to_recordset(p_goals) AS g (id uuid, goal_attendees int, goal_completions int, goal_participation_rate numeric(4, 3),
                                             goal_completion_rate numeric(4, 3))
     WHERE num_nonnulls(g.goal_attendees, g.goal_completions, g.goal_participation_rate, g.goal_completion_rate) > 0;
    RETURN true;
END $$;
