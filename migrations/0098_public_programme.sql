-- The programme of a congress as everybody may see it who has a registration link: what the registration page shows, and breaks.

-- "+01:00": what a zone's clocks say at that moment, apart from UTC.
CREATE FUNCTION zone_offset(p_at timestamptz, p_zone text) RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
    v_minutes int := (extract(epoch FROM (p_at AT TIME ZONE p_zone) - (p_at AT TIME ZONE 'UTC')) / 60)::int;
BEGIN
    RETURN CASE WHEN v_minutes < 0 THEN '-' ELSE '+' END || to_char(abs(v_minutes) / 60, 'FM00') || ':' || to_char(abs(v_minutes) % 60, 'FM00');
END $$;

-- Who is in a session (p_talk null), or in one of its talks.
CREATE FUNCTION public_people(p_session uuid, p_talk uuid) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'name', p.name, 'affiliation', p.affiliation, 'country', p.country,
                   'role', x.role) ORDER BY x.position, p.id), '[]')
              FROM session_speaker x JOIN speaker p ON p.id = x.speaker_id
             WHERE x.session_id = p_session AND x.talk_id IS NOT DISTINCT FROM p_talk);
END $$;

-- Local times are those of the congress's zone. `text` is what a search looks into.
CREATE FUNCTION public_sessions(p_congress uuid, p_zone text) RETURNS TABLE (starts_at timestamptz, place int, session jsonb)
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY
    SELECT s.starts_at, h.position, jsonb_build_object(
               'id', s.id, 'kind', s.kind, 'title', s.title, 'description', s.description, 'language', s.language, 'level', s.level,
               'state', s.state, 'sequence', s.calendar_sequence, 'minutes', s.planned_minutes,
               'starts_at', json_time(s.starts_at), 'ends_at', json_time(e.ends_at), 'offset', zone_offset(s.starts_at, p_zone),
               'day', to_char(s.starts_at AT TIME ZONE p_zone, 'YYYY-MM-DD'), 'from', to_char(s.starts_at AT TIME ZONE p_zone, 'HH24:MI'),
               'to', to_char(e.ends_at AT TIME ZONE p_zone, 'HH24:MI'), 'hall', h.id, 'hall_name', h.name, 'hall_position', h.position,
               'track', t.id, 'track_name', t.name, 'track_position', t.position, 'colour', t.colour,
               'speakers', public_people(s.id, NULL),
               'talks', (SELECT coalesce(jsonb_agg(jsonb_build_object('id', k.id, 'title', k.title, 'abstract', k.abstract,
                            'minutes', k.minutes, 'starts_at', json_time(s.starts_at + make_interval(mins => k.start_minute)),
                            'from', to_char((s.starts_at + make_interval(mins => k.start_minute)) AT TIME ZONE p_zone, 'HH24:MI'),
                            'speakers', public_people(s.id, k.id)) ORDER BY k.position, k.id), '[]') FROM talk k WHERE k.session_id = s.id),
               'text', folded(concat_ws(' ', s.title, s.description, t.name, h.name,
                   (SELECT string_agg(k.title || ' ' || k.abstract, ' ') FROM talk k WHERE k.session_id = s.id),
                   (SELECT string_agg(p.name || ' ' || p.affiliation, ' ') FROM session_speaker x JOIN speaker p ON p.id = x.speaker_id
                     WHERE x.session_id = s.id))),
               'people', (SELECT coalesce(jsonb_agg(DISTINCT jsonb_build_object('id', p.id, 'name', p.name)), '[]')
                            FROM session_speaker x JOIN speaker p ON p.id = x.speaker_id WHERE x.session_id = s.id))
      FROM session s JOIN hall h ON h.id = s.hall_id LEFT JOIN track t ON t.id = s.track_id
     CROSS JOIN LATERAL (SELECT s.starts_at + make_interval(mins => s.planned_minutes) AS ends_at) e
     WHERE s.congress_id = p_congress
       AND CASE s.kind WHEN 'session' THEN s.state <> 'draft'
           ELSE s.state = 'draft' AND EXISTS (SELECT 1 FROM session o WHERE o.congress_id = p_congress AND o.kind = 'session'
                                                 AND o.state NOT IN ('draft', 'cancelled')) END;
END $$;

-- Whether a session is among those that p_query asks for: {q, track, room, language, level, speaker}, each a text; a break only when all are.
CREATE FUNCTION public_session_matches(p_session jsonb, p_query jsonb) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (p_query = '{}' OR p_session->>'kind' = 'session')
       AND coalesce(p_query->>'track' = p_session->>'track', NOT p_query ? 'track')
       AND coalesce(p_query->>'room' = p_session->>'hall', NOT p_query ? 'room')
       AND coalesce(p_query->>'language' = p_session->>'language', NOT p_query ? 'language')
       AND coalesce(p_query->>'level' = p_session->>'level', NOT p_query ? 'level')
       AND (NOT p_query ? 'speaker' OR p_session->'people' @> jsonb_build_array(jsonb_build_object('id', p_query->>'speaker')))
       AND NOT EXISTS (SELECT 1 FROM regexp_split_to_table(folded(coalesce(p_query->>'q', '')), ' ') word
                        WHERE position(word IN p_session->>'text') = 0);
END $$;

-- By the code of a registration link, as the registration page is; null: there is none.
CREATE FUNCTION public_programme(p_code text, p_query jsonb) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
DECLARE
    c congress;
    v_zone text;
    v_sessions jsonb;
BEGIN
    SELECT o.* INTO c FROM registration_link l JOIN congress o ON o.id = l.congress_id WHERE l.code = p_code;
    IF c.id IS NULL THEN
        RETURN NULL;
    END IF;
    v_zone := zone_here(c.time_zone);
    SELECT coalesce(jsonb_agg(p.session || jsonb_build_object('shown', public_session_matches(p.session, p_query))
                              ORDER BY p.starts_at, p.place, p.session->>'id'), '[]')
      INTO v_sessions FROM public_sessions(c.id, v_zone) p;
    RETURN jsonb_build_object('code', p_code, 'organisation', organisation_public(c.organisation_id),
        'congress', jsonb_build_object('id', c.id, 'title', c.title, 'description', c.description, 'language', c.language,
                                       'time_zone', c.time_zone),
        'halls', (SELECT coalesce(jsonb_agg(o.one - 'n' ORDER BY (o.one->>'n')::int, o.one->>'name'), '[]') FROM (
            SELECT DISTINCT jsonb_build_object('id', s->'hall', 'name', s->'hall_name', 'n', s->'hall_position') AS one
              FROM jsonb_array_elements(v_sessions) s WHERE s->>'kind' = 'session') o),
        'tracks', (SELECT coalesce(jsonb_agg(o.one - 'n' ORDER BY (o.one->>'n')::int, o.one->>'name'), '[]') FROM (
            SELECT DISTINCT jsonb_build_object('id', s->'track', 'name', s->'track_name', 'colour', s->'colour', 'n', s->'track_position') AS one
              FROM jsonb_array_elements(v_sessions) s WHERE s->>'track' IS NOT NULL) o),
        'speakers', (SELECT coalesce(jsonb_agg(o.one ORDER BY folded(o.one->>'name'), o.one->>'id'), '[]') FROM (
            SELECT DISTINCT p AS one FROM jsonb_array_elements(v_sessions) s, jsonb_array_elements(s->'people') p) o),
        'sessions', v_sessions);
END $$;

-- As in migration 0094, with the way to the programme.
CREATE OR REPLACE FUNCTION registration_json(p_registration uuid) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT jsonb_build_object(
        'id', r.id, 'first_name', h.first_name, 'last_name', h.last_name, 'email', h.email,
        'language', r.language, 'category', r.category, 'affiliation', r.affiliation, 'state', r.state,
        'registered_at', json_time(r.registered_at),
        'waiting_place', waiting_place(r), 'waiting_since', json_time(r.waiting_since),
        'programme_page', '/programme/' || l.code,
        'organisation', organisation_public(r.organisation_id),
        'congress', jsonb_build_object('id', c.id, 'title', c.title,
            'description', c.description, 'time_zone', c.time_zone),
        'sessions', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                'id', s.id, 'title', s.title, 'description', s.description,
                'language', s.language, 'starts_at', json_time(s.starts_at),
                'planned_minutes', s.planned_minutes, 'state', s.state,
                'listen_at', s.listen_at,
                'programme', programme_json(s.id, true)) ORDER BY s.starts_at, s.id), '[]')
           FROM session s WHERE s.congress_id = c.id AND s.state <> 'draft'))
      FROM registration r
      JOIN hcp h ON h.id = r.hcp_id
      JOIN congress c ON c.id = r.congress_id
      JOIN registration_link l ON l.id = r.link_id
     WHERE r.id = p_registration);
END $$;
