-- Goals of a target profile for each measure and rate of the board, and the day by which they are to be reached.
--
-- Counts: registrations, attendees, completions. Rates, each of its own denominator (README.md, "Definitions"): coverage attended ÷
-- universe, registration registered ÷ universe, participation attended ÷ registered, completion completed ÷ attended.
-- goal_due: the last day, in the congress's zone, on which the goal of registrations counts as reached in time; null: until the next session.
ALTER TABLE target_profile
    ADD COLUMN goal_completions       int CHECK (goal_completions BETWEEN 1 AND 10000000),
    ADD COLUMN goal_coverage          numeric(4, 3) CHECK (goal_coverage > 0 AND goal_coverage <= 1),
    ADD COLUMN goal_registration_rate numeric(4, 3) CHECK (goal_registration_rate > 0 AND goal_registration_rate <= 1),
    ADD COLUMN goal_completion_rate   numeric(4, 3) CHECK (goal_completion_rate > 0 AND goal_completion_rate <= 1),
    ADD COLUMN goal_due               date CHECK (goal_due BETWEEN '2000-01-01' AND '2999-12-31');

-- As they are read and written.
CREATE FUNCTION profile_goals(p target_profile) RETURNS jsonb LANGUAGE sql STABLE
    RETURN jsonb_build_object(
        'goal_registrations', p.goal_registrations, 'goal_attendees', p.goal_attendees, 'goal_completions', p.goal_completions,
        'goal_coverage', p.goal_coverage, 'goal_registration_rate', p.goal_registration_rate,
        'goal_participation_rate', p.goal_participation_rate, 'goal_completion_rate', p.goal_completion_rate,
        'goal_due', to_char(p.goal_due, 'YYYY-MM-DD'));

CREATE FUNCTION profile_goals_write(p_profile uuid, p_goals jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    g target_profile := jsonb_populate_record(NULL::target_profile, p_goals);
BEGIN
    UPDATE target_profile
       SET goal_registrations = g.goal_registrations, goal_attendees = g.goal_attendees, goal_completions = g.goal_completions,
           goal_coverage = g.goal_coverage, goal_registration_rate = g.goal_registration_rate,
           goal_participation_rate = g.goal_participation_rate, goal_completion_rate = g.goal_completion_rate, goal_due = g.goal_due
     WHERE id = p_profile;
END $$;

-- As in migration 0071; the day moves with the sessions.
CREATE OR REPLACE FUNCTION target_profiles_copy(p_from uuid, p_to uuid, p_now timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    p target_profile;
    v_zone text := (SELECT zone_here(time_zone) FROM congress WHERE id = p_from);
    v_days int := (SELECT min(starts_at AT TIME ZONE v_zone)::date FROM session WHERE congress_id = p_to)
                - (SELECT min(starts_at AT TIME ZONE v_zone)::date FROM session WHERE congress_id = p_from AND state <> 'cancelled');
BEGIN
    FOR p IN SELECT * FROM target_profile WHERE congress_id = p_from LOOP
        p.id := gen_random_uuid();
        p.congress_id := p_to;
        p.created_at := p_now;
        p.goal_due := p.goal_due + v_days;
        INSERT INTO target_profile VALUES (p.*);
    END LOOP;
    INSERT INTO target_profile_criterion (target_profile_id, position, mode, attribute, codes)
    SELECT made.id, c.position, c.mode, c.attribute,
           CASE c.attribute WHEN 'target_profile' THEN ARRAY(
               SELECT there.id::text FROM unnest(c.codes) AS named (code)
                 JOIN target_profile here ON here.id::text = named.code
                 JOIN target_profile there ON there.congress_id = p_to AND there.name = here.name)
           ELSE c.codes END
      FROM target_profile origin
      JOIN target_profile made ON made.congress_id = p_to AND made.name = origin.name
      JOIN target_profile_criterion c ON c.target_profile_id = origin.id
     WHERE origin.congress_id = p_from;
END $$;

-- As in migration 0077; by campaign, too: the registration link that people came by, also those that brought nobody; and with the goals of
-- each measure. goal_due_at: the end of goal_due.
CREATE OR REPLACE FUNCTION goal_board(p_congress uuid, p_now timestamptz) RETURNS jsonb LANGUAGE sql STABLE AS $$
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
                   'id', t.id, 'name', t.name, 'universe', t.universe, 'universe_source', t.universe_source,
                   'goal_due_at', json_time((t.goal_due + 1)::timestamp AT TIME ZONE (SELECT zone FROM about)),
                   'recent', (SELECT jsonb_agg(coalesce(r.n, 0) ORDER BY d.days_ago DESC)
                                FROM generate_series(0, 6) AS d (days_ago) LEFT JOIN recent r ON r.id = t.id AND r.days_ago = d.days_ago))
               || profile_goals(t)
               || goal_counts(coalesce(c.registered, 0), coalesce(c.attended, 0), coalesce(c.completed, 0))
               || jsonb_build_object('target_list', target_people_counts(
                      t.id, ARRAY(SELECT a.registration_id FROM person a WHERE a.attended))) AS json
          FROM target_profile t LEFT JOIN counted c ON c.id = t.id
         WHERE t.congress_id = p_congress
    ), channels AS (
        SELECT channel, count(*) AS registered, count(*) FILTER (WHERE attended) AS attended, count(*) FILTER (WHERE completed) AS completed
          FROM person GROUP BY 1
    ), campaigns AS (
        SELECT l.id, l.channel, l.label, count(p.registration_id) AS registered, count(*) FILTER (WHERE p.attended) AS attended,
               count(*) FILTER (WHERE p.completed) AS completed
          FROM registration_link l LEFT JOIN registration r ON r.link_id = l.id LEFT JOIN person p ON p.registration_id = r.id
         WHERE l.congress_id = p_congress GROUP BY l.id
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
        'campaigns', (SELECT coalesce(jsonb_agg(jsonb_build_object('id', id, 'channel', channel, 'label', label)
                                                || goal_counts(registered, attended, completed)
                                                ORDER BY registered DESC, channel, label), '[]') FROM campaigns),
        'regions', (SELECT coalesce(jsonb_agg(jsonb_build_object('region', region) || goal_counts(registered, attended, completed)
                                              ORDER BY registered DESC, region), '[]') FROM regions),
        'days', (SELECT coalesce(jsonb_agg(jsonb_build_object('day', day, 'registered', registered) ORDER BY day), '[]') FROM days))
$$;
