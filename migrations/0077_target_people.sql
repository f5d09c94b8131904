-- The people of the target list in which a profile's universe is counted, by name, and how each stands with the congress. Written
-- once, in target_people_sql(), for the goal board, the page and the file.
--
-- Definitions, in the terms of the goal board (migration 0067). A person is a line of the list that the profile accepts, as in its
-- count; their registration is that of the HCP whom the line is about (listed_hcp, migration 0070). Each is in one state:
--   attended      at least one session of the congress, also when they cancelled afterwards
--   registered    not cancelled, and no session yet
--   waiting       on the waiting list (migration 0079)
--   cancelled     registered once and cancelled, without having attended
--   not_reached   no registration; a form that was not confirmed is none, as anybody can type an address

CREATE INDEX target_list_person_name ON target_list_person
    (target_list_id, (search_text(last_name || ' ' || first_name) COLLATE "C"), id);

-- They are where their list is, in the organisation: whoever organises one congress alone reads no list.
CREATE FUNCTION place_of_universe(p_id uuid)
RETURNS TABLE (organisation_id uuid, congress_id uuid, session_id uuid, session_state text)
LANGUAGE sql STABLE ROWS 1 AS $$
    SELECT t.organisation_id, NULL::uuid, NULL::uuid, NULL::text FROM target_profile t WHERE t.id = p_id
$$;

-- The query of a profile's people: the columns of target_list_person, registration_id and state. $1: the registrations that attended.
-- Null as a state, region or search: any. Null: the profile counts in no list.
CREATE FUNCTION target_people_sql(p_profile uuid, p_state text, p_region text, p_search text) RETURNS text LANGUAGE plpgsql STABLE AS $$
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
                  ' LEFT JOIN registration r ON r.congress_id = %L AND r.hcp_id = p.hcp_id WHERE p.target_list_id = %L AND %s',
                  state, whom.joins, t.congress_id, t.universe_list, whom.accepts)
           || CASE WHEN p_state = 'not_reached' THEN ' AND r.hcp_id IS NULL' -- of what is joined on: an anti-join
                   WHEN p_state IS NOT NULL THEN format(' AND r.id IS NOT NULL AND %s = %L', state, p_state) ELSE '' END
           || CASE WHEN p_region IS NULL THEN '' ELSE format(' AND p.region = %L', p_region) END
           || CASE WHEN p_search IS NULL THEN '' ELSE format(' AND p.search LIKE ALL (%L::text[])', search_patterns(p_search)) END;
END $$;

-- The registrations of a congress that attended.
CREATE FUNCTION goal_attended(p_congress uuid) RETURNS uuid[] LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN ARRAY(SELECT g.registration_id FROM goal_people(p_congress) g WHERE g.attended);
END $$;

-- The people of a profile by name, those after the person p_after, at most p_limit (null: all). AM422: p_after is not on the list
-- any more.
CREATE FUNCTION target_people(p_profile uuid, p_state text, p_region text, p_search text, p_after uuid, p_limit int)
RETURNS TABLE (id uuid, external_id text, rpps text, email text, first_name text, last_name text, postcode text, profession text,
               specialty text, region text, segment text, tier text, state text)
LANGUAGE plpgsql STABLE SET jit = off AS $$
DECLARE
    name CONSTANT text := 'search_text(last_name || '' '' || first_name) COLLATE "C"';
    v_congress CONSTANT uuid := (SELECT t.congress_id FROM target_profile t WHERE t.id = p_profile);
    -- of nobody who is not reached
    v_attended CONSTANT uuid[] := CASE WHEN p_state = 'not_reached' THEN '{}' ELSE goal_attended(v_congress) END;
    v_after text;
BEGIN
    IF p_after IS NOT NULL THEN
        SELECT search_text(p.last_name || ' ' || p.first_name) INTO v_after
          FROM target_list_person p JOIN target_profile t ON t.universe_list = p.target_list_id
         WHERE p.id = p_after AND t.id = p_profile;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'that person is not on the list' USING ERRCODE = 'AM422';
        END IF;
    END IF;
    RETURN QUERY EXECUTE format(
        'SELECT id, external_id, rpps, email, first_name, last_name, postcode, profession, specialty, region, segment, tier, state'
        '  FROM (%s) q WHERE %s ORDER BY %s, id LIMIT %L',
        target_people_sql(p_profile, p_state, p_region, p_search),
        CASE WHEN p_after IS NULL THEN 'true' ELSE format('(%s, id) > (%L, %L)', name, v_after, p_after) END, name, p_limit)
    USING v_attended;
END $$;

-- The list of a profile with how many of its people are in each state; null: it counts in no list. p_attended: the registrations that
-- attended. All people are counted only while the universe is to be counted again: else those who have a registration.
CREATE FUNCTION target_people_counts(p_profile uuid, p_attended uuid[]) RETURNS jsonb LANGUAGE plpgsql STABLE SET jit = off AS $$
DECLARE
    t target_profile;
    known boolean;
    n record;
BEGIN
    SELECT * INTO t FROM target_profile WHERE id = p_profile AND universe_from = 'target_list';
    IF t.id IS NULL THEN
        RETURN NULL;
    END IF;
    known := t.universe_work IS NULL AND t.universe_counted IS NOT NULL;
    EXECUTE format('SELECT count(*) AS people, count(*) FILTER (WHERE state = ''attended'') AS attended,'
                   ' count(*) FILTER (WHERE state = ''registered'') AS registered,'
                   ' count(*) FILTER (WHERE state = ''waiting'') AS waiting,'
                   ' count(*) FILTER (WHERE state = ''cancelled'') AS cancelled FROM (%s) q WHERE %s',
                   target_people_sql(p_profile, NULL, NULL, NULL),
                   CASE WHEN known THEN 'registration_id IS NOT NULL' ELSE 'true' END)
       INTO n USING p_attended;
    RETURN jsonb_build_object('id', t.universe_list, 'name', (SELECT l.name FROM target_list l WHERE l.id = t.universe_list),
        'people', CASE WHEN known THEN t.universe_counted ELSE n.people END,
        'attended', n.attended, 'registered', n.registered, 'waiting', n.waiting,
        'cancelled', n.cancelled,
        'not_reached', CASE WHEN known THEN t.universe_counted ELSE n.people END - n.attended - n.registered - n.waiting
                       - n.cancelled);
END $$;

-- How many target_people() gives on all pages.
CREATE FUNCTION target_people_found(p_profile uuid, p_state text, p_region text, p_search text) RETURNS bigint
LANGUAGE plpgsql STABLE SET jit = off AS $$
DECLARE
    v_congress CONSTANT uuid := (SELECT t.congress_id FROM target_profile t WHERE t.id = p_profile);
    -- that does not change how many there are in all, and how many of them are not reached
    v_attended CONSTANT uuid[] := CASE WHEN p_state IS NULL OR p_state = 'not_reached' THEN '{}' ELSE goal_attended(v_congress) END;
    n bigint;
BEGIN
    IF p_region IS NULL AND p_search IS NULL THEN
        RETURN (target_people_counts(p_profile, v_attended)->>coalesce(p_state, 'people'))::bigint;
    END IF;
    EXECUTE format('SELECT count(*) FROM (%s) q', target_people_sql(p_profile, p_state, p_region, p_search)) INTO n USING v_attended;
    RETURN n;
END $$;

-- As in migration 0067, with target_list: how the people of a profile's list stand.
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
                   'id', t.id, 'name', t.name, 'goal_registrations', t.goal_registrations, 'goal_attendees', t.goal_attendees,
                   'goal_participation_rate', t.goal_participation_rate, 'universe', t.universe, 'universe_source', t.universe_source,
                   'recent', (SELECT jsonb_agg(coalesce(r.n, 0) ORDER BY d.days_ago DESC)
                                FROM generate_series(0, 6) AS d (days_ago) LEFT JOIN recent r ON r.id = t.id AND r.days_ago = d.days_ago))
               || goal_counts(coalesce(c.registered, 0), coalesce(c.attended, 0), coalesce(c.completed, 0))
               || jsonb_build_object('target_list', target_people_counts(
                      t.id, ARRAY(SELECT a.registration_id FROM person a WHERE a.attended))) AS json
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
