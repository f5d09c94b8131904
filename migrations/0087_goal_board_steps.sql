-- Two more parts of the goal board: how many of each profile were invited, and how the organisation's earlier congresses did.

-- Those who were invited to a congress, in all and by profile, and how many of them are registered as the board counts it (goal_people).
-- Somebody invited is of a profile when it accepts their line of the target list, as when its people are counted (target_people_sql);
-- when that line is gone, by their registration.
CREATE FUNCTION goal_invited(p_congress uuid) RETURNS jsonb LANGUAGE plpgsql STABLE SET jit = off AS $$
DECLARE
    registration CONSTANT text := 'LEFT JOIN registration r ON r.congress_id = i.congress_id AND r.hcp_id = i.hcp_id'
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

-- The organisation's figures over several congresses are read by organisers of the whole organisation.
CREATE FUNCTION place_of_comparison(p_id uuid) -- of a congress
RETURNS TABLE (organisation_id uuid, congress_id uuid, session_id uuid, session_state text)
LANGUAGE sql STABLE ROWS 1 AS $$
    SELECT c.organisation_id, NULL::uuid, NULL::uuid, NULL::text FROM congress c WHERE c.id = p_id
$$;

-- The p_most congresses of the organisation that began before p_congress did (before p_now, where it has not begun), the newest first,
-- with their figures as on their own boards.
CREATE FUNCTION goal_comparison(p_congress uuid, p_most int, p_now timestamptz) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
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
                 FROM goal_people(e.id) p) n);
END $$;
