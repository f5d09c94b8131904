-- The programme of sessions: their talks, and who gives them.

-- A person as a congress's programme names them.
CREATE TABLE speaker (
    id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    organisation_id uuid NOT NULL,
    congress_id     uuid NOT NULL,
    name            text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 120), -- as shown, with the title: "Pr Ada Lovelace"
    affiliation     text NOT NULL DEFAULT '' CHECK (char_length(affiliation) <= 200),
    country         text NOT NULL DEFAULT '' CHECK (char_length(country) <= 60),
    biography       text NOT NULL DEFAULT '' CHECK (char_length(biography) <= 1500),
    created_at      timestamptz NOT NULL,
    UNIQUE (organisation_id, id),
    FOREIGN KEY (organisation_id, congress_id) REFERENCES congress (organisation_id, id)
);
CREATE INDEX speaker_congress ON speaker (congress_id);

-- When a talk begins is told in minutes from its session's start, so a session that moves takes its talks along.
CREATE TABLE talk (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    session_id      uuid NOT NULL,
    position        int NOT NULL CHECK (position > 0),
    title           text NOT NULL CHECK (char_length(title) BETWEEN 1 AND 200),
    abstract        text NOT NULL DEFAULT '' CHECK (char_length(abstract) <= 2000),
    start_minute    int NOT NULL CHECK (start_minute BETWEEN 0 AND 1440),
    minutes         int NOT NULL CHECK (minutes BETWEEN 1 AND 600),
    UNIQUE (session_id, id),
    FOREIGN KEY (organisation_id, session_id) REFERENCES session (organisation_id, id)
);

-- Who is in a session, and as what: in one of its talks, or (talk_id null) in all of it.
CREATE TABLE session_speaker (
    organisation_id uuid NOT NULL,
    session_id      uuid NOT NULL,
    talk_id         uuid,
    speaker_id      uuid NOT NULL,
    position        int NOT NULL CHECK (position > 0),
    role            text NOT NULL CHECK (role IN ('chair', 'speaker', 'panellist', 'moderator')),
    FOREIGN KEY (organisation_id, session_id) REFERENCES session (organisation_id, id),
    FOREIGN KEY (session_id, talk_id) REFERENCES talk (session_id, id) ON DELETE CASCADE,
    FOREIGN KEY (organisation_id, speaker_id) REFERENCES speaker (organisation_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX session_speaker_once ON session_speaker (session_id, coalesce(talk_id, session_id), speaker_id);
CREATE INDEX session_speaker_speaker ON session_speaker (speaker_id);
CREATE INDEX session_speaker_talk ON session_speaker (talk_id) WHERE talk_id IS NOT NULL;

CREATE FUNCTION place_of_speaker(p_id uuid)
RETURNS TABLE (organisation_id uuid, congress_id uuid, session_id uuid, session_state text)
LANGUAGE sql STABLE ROWS 1 AS $$
    SELECT p.organisation_id, p.congress_id, NULL::uuid, NULL::text FROM speaker p WHERE p.id = p_id
$$;

-- A session's programme as people see it. p_full: with abstracts and biographies.
CREATE FUNCTION programme_json(p_session uuid, p_full boolean) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
    WITH people AS (
        SELECT x.talk_id, jsonb_agg(jsonb_build_object('name', p.name, 'affiliation', p.affiliation,
                   'country', p.country, 'role', x.role)
                   || CASE WHEN p_full THEN jsonb_build_object('biography', p.biography) ELSE '{}' END
                   ORDER BY x.position, p.id) AS list
          FROM session_speaker x JOIN speaker p ON p.id = x.speaker_id
         WHERE x.session_id = p_session GROUP BY x.talk_id)
    SELECT jsonb_build_object(
        'speakers', coalesce((SELECT list FROM people WHERE talk_id IS NULL), '[]'),
        'talks', (SELECT coalesce(jsonb_agg(jsonb_build_object('id', t.id, 'title', t.title,
                'start_minute', t.start_minute, 'minutes', t.minutes, 'speakers', coalesce(people.list, '[]'))
                || CASE WHEN p_full THEN jsonb_build_object('abstract', t.abstract) ELSE '{}' END
                ORDER BY t.position, t.id), '[]')
            FROM talk t LEFT JOIN people ON people.talk_id = t.id WHERE t.session_id = p_session)));
END $$;

-- The same in a few lines, for mails and calendars; '' for none, and for one that is too long for either.
CREATE FUNCTION programme_text(p_session uuid, p_language text) RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
    fr boolean := p_language = 'fr';
    result text;
BEGIN
    result := (
    WITH people AS (
        SELECT x.talk_id, string_agg(p.name, ', ' ORDER BY x.position, p.id) AS names
          FROM session_speaker x JOIN speaker p ON p.id = x.speaker_id
         WHERE x.session_id = p_session GROUP BY x.talk_id)
    SELECT concat_ws(E'\n',
        (SELECT CASE WHEN fr THEN 'Avec ' ELSE 'With ' END || names FROM people WHERE talk_id IS NULL),
        (SELECT string_agg(to_char((s.starts_at + make_interval(mins => t.start_minute))
                                   AT TIME ZONE zone_here(c.time_zone),
                                   CASE WHEN fr THEN 'FMHH24 "h" MI' ELSE 'HH24:MI' END)
                           || ' – ' || t.title || coalesce(' (' || people.names || ')', ''),
                           E'\n' ORDER BY t.position, t.id)
           FROM talk t LEFT JOIN people ON people.talk_id = t.id
           JOIN session s ON s.id = t.session_id JOIN congress c ON c.id = s.congress_id
          WHERE t.session_id = p_session)));
    RETURN CASE WHEN char_length(result) <= 6000 THEN result ELSE '' END;
END $$;

-- As in migration 0055, with programmes.
CREATE OR REPLACE FUNCTION registration_json(p_registration uuid) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT jsonb_build_object(
        'id', r.id, 'first_name', h.first_name, 'last_name', h.last_name, 'email', h.email,
        'language', r.language, 'state', r.state, 'registered_at', json_time(r.registered_at),
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
     WHERE r.id = p_registration);
END $$;

CREATE OR REPLACE FUNCTION link_preview(p_token_hash bytea, p_now timestamptz) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
    WITH found AS (
        SELECT r.state, r.congress_id, r.link_id, r.language, h.first_name, h.last_name, '[]'::jsonb AS people
          FROM one_time_link l JOIN registration r ON r.id = l.registration_id
          JOIN hcp h ON h.id = r.hcp_id AND h.erased_at IS NULL
         WHERE l.token_hash = p_token_hash AND l.expires_at > p_now
        UNION ALL
        SELECT 'requested', q.congress_id, q.link_id, q.language, q.first_name, q.last_name,
               coalesce((SELECT jsonb_agg(jsonb_build_object('id', h.id, 'first_name', h.first_name,
                                'last_name', h.last_name) ORDER BY h.created_at, h.id)
                           FROM hcp h WHERE h.organisation_id = q.organisation_id AND h.email = q.email
                         HAVING bool_and(folded(h.first_name || ' ' || h.last_name)
                                         <> folded(q.first_name || ' ' || q.last_name))), '[]')
          FROM registration_request q WHERE q.token_hash = p_token_hash AND q.expires_at > p_now)
    SELECT jsonb_build_object('state', f.state, 'first_name', f.first_name, 'last_name', f.last_name,
        'language', f.language, 'people', f.people, 'page', '/r/' || l.code,
        'organisation', organisation_public(c.organisation_id),
        'congress', jsonb_build_object('title', c.title, 'language', c.language, 'time_zone', c.time_zone),
        'sessions', (SELECT coalesce(jsonb_agg(jsonb_build_object('title', s.title,
                'description', s.description, 'language', s.language, 'starts_at', json_time(s.starts_at),
                'planned_minutes', s.planned_minutes, 'state', s.state,
                'programme', programme_json(s.id, false)) ORDER BY s.starts_at, s.id), '[]')
            FROM session s WHERE s.congress_id = c.id AND s.state <> 'draft'))
      FROM found f JOIN congress c ON c.id = f.congress_id
      JOIN registration_link l ON l.id = f.link_id);
END $$;
