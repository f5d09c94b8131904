-- Figures of health professionals count only them (migration 0094). Others are counted apart where people are shown in sums.

-- As in migration 0014, of HCPs.
CREATE OR REPLACE FUNCTION session_participation(p_session uuid)
RETURNS TABLE (target_profile_id uuid, registered bigint, present bigint, attended bigint,
               completed bigint)
LANGUAGE sql STABLE AS $$
    WITH a AS MATERIALIZED (
        SELECT registration_id, present, attended, completed
          FROM attendance a
         WHERE session_id = p_session AND (state = 'registered' OR attended)
           AND NOT EXISTS (SELECT FROM registration o WHERE o.id = a.registration_id AND o.category <> 'hcp')
    )
    SELECT NULL::uuid, count(*), count(*) FILTER (WHERE present),
           count(*) FILTER (WHERE attended), count(*) FILTER (WHERE completed)
      FROM a
    UNION ALL
    SELECT m.target_profile_id, count(*), count(*) FILTER (WHERE present),
           count(*) FILTER (WHERE attended), count(*) FILTER (WHERE completed)
      FROM a
      JOIN registration_profile m ON m.registration_id = a.registration_id
     GROUP BY m.target_profile_id
$$;

-- As in migration 0028, of HCPs.
CREATE OR REPLACE FUNCTION session_no_profile(p_session uuid)
RETURNS TABLE (registered bigint, present bigint, attended bigint, completed bigint)
LANGUAGE sql STABLE AS $$
    SELECT count(*), count(*) FILTER (WHERE a.present),
           count(*) FILTER (WHERE a.attended), count(*) FILTER (WHERE a.completed)
      FROM attendance a
     WHERE a.session_id = p_session AND (a.state = 'registered' OR a.attended)
       AND NOT EXISTS (SELECT FROM registration o WHERE o.id = a.registration_id AND o.category <> 'hcp')
       AND NOT EXISTS (SELECT FROM registration_profile m
                        WHERE m.registration_id = a.registration_id)
$$;

-- The same of everybody else.
CREATE FUNCTION session_others(p_session uuid)
RETURNS TABLE (registered bigint, present bigint, attended bigint, completed bigint) LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY
    SELECT count(*), count(*) FILTER (WHERE a.present), count(*) FILTER (WHERE a.attended), count(*) FILTER (WHERE a.completed)
      FROM attendance a JOIN registration o ON o.id = a.registration_id AND o.category <> 'hcp'
     WHERE a.session_id = p_session AND (a.state = 'registered' OR a.attended);
END $$;

-- As in migration 0089, of HCPs; others are counted apart.
CREATE OR REPLACE FUNCTION goal_board(p_congress uuid, p_now timestamptz) RETURNS jsonb LANGUAGE sql STABLE AS $$
    WITH about AS (
        SELECT zone_here(c.time_zone) AS zone FROM congress c WHERE c.id = p_congress
    ), everybody AS MATERIALIZED (
        SELECT p.*, o.id IS NOT NULL AS other
          FROM goal_people(p_congress) p
          LEFT JOIN registration o ON o.id = p.registration_id AND o.congress_id = p_congress AND o.category <> 'hcp'
    ), person AS MATERIALIZED (
        SELECT * FROM everybody WHERE NOT other
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
        'others', (SELECT goal_counts(count(*), count(*) FILTER (WHERE attended), count(*) FILTER (WHERE completed))
                     FROM everybody WHERE other),
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

-- As in migration 0087, of HCPs.
CREATE OR REPLACE FUNCTION goal_comparison(p_congress uuid, p_most int, p_now timestamptz) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
        WITH held AS (
            SELECT c.id, c.title, c.time_zone, min(s.live_at) AS began
              FROM congress here JOIN congress c ON c.organisation_id = here.organisation_id
              JOIN session s ON s.congress_id = c.id AND s.live_at IS NOT NULL
             WHERE here.id = p_congress GROUP BY c.id
        ), earlier AS (
            SELECT * FROM held WHERE id <> p_congress
               AND began < coalesce((SELECT h.began FROM held h WHERE h.id = p_congress), p_now)
             ORDER BY began DESC, id LIMIT p_most
        )
        SELECT coalesce(jsonb_agg(jsonb_build_object('id', e.id, 'title', e.title, 'time_zone', e.time_zone, 'began', json_time(e.began))
                                  || n.counts ORDER BY e.began DESC, e.id), '[]')
          FROM earlier e CROSS JOIN LATERAL (
               SELECT goal_counts(count(*), count(*) FILTER (WHERE p.attended), count(*) FILTER (WHERE p.completed)) AS counts
                 FROM goal_people(e.id) p
                WHERE NOT EXISTS (SELECT FROM registration o
                                   WHERE o.id = p.registration_id AND o.congress_id = e.id AND o.category <> 'hcp')) n);
END $$;

-- As in migration 0087, as HCPs.
CREATE OR REPLACE FUNCTION goal_invited(p_congress uuid) RETURNS jsonb LANGUAGE plpgsql STABLE SET jit = off AS $$
DECLARE
    registration CONSTANT text := 'LEFT JOIN registration r ON r.congress_id = i.congress_id AND r.hcp_id = i.hcp_id'
                                  ' AND r.category = ''hcp'''
                                  ' AND (r.state = ''registered'' OR r.id = ANY ($2))';
    invited CONSTANT text := 'i.congress_id = $1 AND i.invited_at IS NOT NULL';
    attended uuid[] := '{}'; -- of those who are not registered any more
    every record;
    listed record;
    gone record;
    whom record;
    v_profile uuid;
    profiles jsonb := '[]';
BEGIN
    IF EXISTS (SELECT FROM invitation i JOIN registration r ON r.congress_id = i.congress_id AND r.hcp_id = i.hcp_id
                WHERE i.congress_id = p_congress AND i.invited_at IS NOT NULL AND r.state <> 'registered') THEN
        attended := goal_attended(p_congress);
    END IF;
    EXECUTE 'SELECT count(*) AS people, count(r.id) AS registered FROM invitation i ' || registration || ' WHERE ' || invited
       INTO every USING p_congress, attended;
    FOR v_profile IN SELECT t.id FROM target_profile t WHERE t.congress_id = p_congress AND every.people > 0 ORDER BY t.position, t.created_at, t.id LOOP
        whom := universe_rule_sql('target_list', (SELECT x FROM profile_rule x WHERE x.target_profile_id = v_profile));
        EXECUTE format('SELECT count(*) AS people, count(r.id) AS registered'
                       '  FROM invitation i JOIN target_list_person p ON p.id = i.target_list_person_id %s %s WHERE %s AND %s',
                       registration, whom.joins, invited, whom.accepts)
           INTO listed USING p_congress, attended;
        SELECT count(*) AS people, count(*) FILTER (WHERE r.state = 'registered' OR r.id = ANY (attended)) AS registered INTO gone
          FROM invitation i JOIN registration r ON r.congress_id = i.congress_id AND r.hcp_id = i.hcp_id
          JOIN registration_profile m ON m.registration_id = r.id AND m.target_profile_id = v_profile
         WHERE i.congress_id = p_congress AND i.invited_at IS NOT NULL
           AND NOT EXISTS (SELECT FROM target_list_person p WHERE p.id = i.target_list_person_id);
        profiles := profiles || jsonb_build_object('id', v_profile, 'people', listed.people + gone.people,
                                                   'registered', listed.registered + gone.registered);
    END LOOP;
    RETURN jsonb_build_object('people', every.people, 'registered', every.registered, 'profiles', profiles);
END $$;

-- As in migration 0077, as HCPs.
CREATE OR REPLACE FUNCTION target_people_sql(p_profile uuid, p_state text, p_region text, p_search text) RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
    state CONSTANT text := 'CASE WHEN r.id IS NULL THEN ''not_reached'' WHEN r.id = ANY ($1) THEN ''attended'''
                           ' ELSE r.state END';
    t target_profile;
    whom record;
BEGIN
    SELECT * INTO t FROM target_profile WHERE id = p_profile AND universe_from = 'target_list';
    IF t.id IS NULL THEN
        RETURN NULL;
    END IF;
    whom := universe_rule_sql('target_list', (SELECT r FROM profile_rule r WHERE r.target_profile_id = p_profile));
    RETURN format('SELECT p.*, r.id AS registration_id, %s AS state FROM target_list_person p%s'
                  ' LEFT JOIN registration r ON r.congress_id = %L AND r.hcp_id = p.hcp_id AND r.category = ''hcp'''
                  ' WHERE p.target_list_id = %L AND %s',
                  state, whom.joins, t.congress_id, t.universe_list, whom.accepts)
           || CASE WHEN p_state = 'not_reached' THEN ' AND r.hcp_id IS NULL' -- of what is joined on: an anti-join
                   WHEN p_state IS NOT NULL THEN format(' AND r.id IS NOT NULL AND %s = %L', state, p_state) ELSE '' END
           || CASE WHEN p_region IS NULL THEN '' ELSE format(' AND p.region = %L', p_region) END
           || CASE WHEN p_search IS NULL THEN '' ELSE format(' AND p.search LIKE ALL (%L::text[])', search_patterns(p_search)) END;
END $$;
