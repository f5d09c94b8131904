-- The goal board of a congress: how far each target profile is from its goals, over all sessions.
--
-- Definitions: a person counts once, however many sessions. Registered: not cancelled, and those that
-- attended and cancelled afterwards. Attended, completed: at least one session of the congress, by the view attendance.

-- Of one session, for whoever was connected. PL/pgSQL, so that the session reaches the innermost query of the view as a parameter.
CREATE FUNCTION session_attended(p_session uuid)
RETURNS TABLE (registration_id uuid, attended boolean, completed boolean) LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY SELECT a.registration_id, a.attended, a.completed
                   FROM attendance a WHERE a.session_id = p_session AND a.attended;
END $$;

-- Who counts on the board: one row a registration.
CREATE FUNCTION goal_people(p_congress uuid)
RETURNS TABLE (registration_id uuid, channel text, region text, registered_at timestamptz, attended boolean, completed boolean)
LANGUAGE sql STABLE AS $$
    WITH took_part AS MATERIALIZED (
        SELECT a.registration_id, bool_or(a.completed) AS completed
          FROM session s CROSS JOIN LATERAL session_attended(s.id) a
         WHERE s.congress_id = p_congress AND s.live_at IS NOT NULL
         GROUP BY 1
    )
    SELECT r.id, r.channel, r.region, r.registered_at, t.registration_id IS NOT NULL, coalesce(t.completed, false)
      FROM registration r LEFT JOIN took_part t ON t.registration_id = r.id
     WHERE r.congress_id = p_congress AND (r.state = 'registered' OR t.registration_id IS NOT NULL)
$$;

CREATE FUNCTION goal_counts(registered bigint, attended bigint, completed bigint) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_build_object('registered', registered, 'attended', attended, 'completed', completed)
$$;

-- The board as its route answers it, but for as_of. Days are those of the congress's zone; recent: registrations of each of the last seven
-- times 24 hours before p_now, the newest last.
CREATE FUNCTION goal_board(p_congress uuid, p_now timestamptz) RETURNS jsonb LANGUAGE sql STABLE AS $$
    WITH about AS (
        SELECT zone_here(c.time_zone) AS zone FROM congress c WHERE c.id = p_congress
    ), person AS MATERIALIZED (
        SELECT * FROM goal_people(p_congress)
    ), of_profile AS MATERIALIZED (
        SELECT m.target_profile_id AS id, p.registered_at, p.attended, p.completed
          FROM person p JOIN registration_profile m ON m.registration_id = p.registration_id
    ), recent AS (
        SELECT id, floor(extract(epoch FROM p_now - registered_at) / 86400)::int AS days_ago, count(*) AS n
          FROM of_profile WHERE registered_at > p_now - interval '7 days' AND registered_at <= p_now GROUP BY 1, 2
    ), counted AS (
        SELECT id, count(*) AS registered, count(*) FILTER (WHERE attended) AS attended, count(*) FILTER (WHERE completed) AS completed
          FROM of_profile GROUP BY id
    ), profiles AS (
        SELECT t.position, t.created_at, t.id,
               jsonb_build_object(
                   'id', t.id, 'name', t.name, 'goal_registrations', t.goal_registrations, 'goal_attendees', t.goal_attendees,
                   'goal_participation_rate', t.goal_participation_rate, 'universe', t.universe, 'universe_source', t.universe_source,
                   'recent', (SELECT jsonb_agg(coalesce(r.n, 0) ORDER BY d.days_ago DESC)
                                FROM generate_series(0, 6) AS d (days_ago) LEFT JOIN recent r ON r.id = t.id AND r.days_ago = d.days_ago))
               || goal_counts(coalesce(c.registered, 0), coalesce(c.attended, 0), coalesce(c.completed, 0)) AS json
          FROM target_profile t LEFT JOIN counted c ON c.id = t.id
         WHERE t.congress_id = p_congress
    ), channels AS (
        SELECT channel, count(*) AS registered, count(*) FILTER (WHERE attended) AS attended, count(*) FILTER (WHERE completed) AS completed
          FROM person GROUP BY 1
    ), regions AS (
        SELECT region, count(*) AS registered, count(*) FILTER (WHERE attended) AS attended, count(*) FILTER (WHERE completed) AS completed
          FROM person GROUP BY 1
    ), days AS (
        SELECT (registered_at AT TIME ZONE (SELECT zone FROM about))::date AS day, count(*) AS registered FROM person GROUP BY 1
    )
    SELECT jsonb_build_object(
        'next_session_at', (SELECT json_time(min(starts_at)) FROM session
                             WHERE congress_id = p_congress AND state IN ('draft', 'lobby') AND starts_at > p_now),
        'sessions_held', (SELECT count(*) FROM session WHERE congress_id = p_congress AND live_at IS NOT NULL),
        'all', (SELECT goal_counts(count(*), count(*) FILTER (WHERE attended), count(*) FILTER (WHERE completed)) FROM person),
        'no_profile', (SELECT goal_counts(count(*), count(*) FILTER (WHERE attended), count(*) FILTER (WHERE completed)) FROM person p
                        WHERE NOT EXISTS (SELECT FROM registration_profile m WHERE m.registration_id = p.registration_id)),
        'profiles', (SELECT coalesce(jsonb_agg(json ORDER BY position, created_at, id), '[]') FROM profiles),
        'channels', (SELECT coalesce(jsonb_agg(jsonb_build_object('channel', channel) || goal_counts(registered, attended, completed)
                                               ORDER BY registered DESC, channel), '[]') FROM channels),
        'regions', (SELECT coalesce(jsonb_agg(jsonb_build_object('region', region) || goal_counts(registered, attended, completed)
                                              ORDER BY registered DESC, region), '[]') FROM regions),
        'days', (SELECT coalesce(jsonb_agg(jsonb_build_object('day', day, 'registered', registered) ORDER BY day), '[]') FROM days))
$$;
