-- What an organisation's own pages look like: its colour and its logo. Each logo has an id of its own,
-- so that browsers may keep it for ever.
CREATE TABLE organisation_branding (
    organisation_id uuid PRIMARY KEY REFERENCES organisation (id),
    accent          text CHECK (accent ~ '^#[0-9a-f]{6}$'),
    logo_id         uuid UNIQUE,
    logo_type       text CHECK (logo_type IN ('image/png', 'image/jpeg', 'image/webp')),
    logo            bytea CHECK (octet_length(logo) BETWEEN 1 AND 204800),
    CHECK ((logo IS NULL) = (logo_id IS NULL) AND (logo IS NULL) = (logo_type IS NULL))
);

CREATE FUNCTION branding_json(p_organisation uuid) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('accent', (array_agg(accent))[1], 'logo', '/api/logos/' || (array_agg(logo_id))[1])
      FROM organisation_branding WHERE organisation_id = p_organisation
$$;

-- An organisation as people outside see it.
CREATE FUNCTION organisation_public(p_organisation uuid) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('name', name, 'contact_email', contact_email) || branding_json(id)
      FROM organisation WHERE id = p_organisation
$$;

CREATE OR REPLACE FUNCTION link_preview(p_token_hash bytea, p_now timestamptz) RETURNS jsonb LANGUAGE sql STABLE AS $$
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
                'planned_minutes', s.planned_minutes, 'state', s.state) ORDER BY s.starts_at, s.id), '[]')
            FROM session s WHERE s.congress_id = c.id AND s.state <> 'draft'))
      FROM found f JOIN congress c ON c.id = f.congress_id
      JOIN registration_link l ON l.id = f.link_id
$$;

CREATE OR REPLACE FUNCTION registration_json(p_registration uuid) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'id', r.id, 'first_name', h.first_name, 'last_name', h.last_name, 'email', h.email,
        'language', r.language, 'state', r.state, 'registered_at', json_time(r.registered_at),
        'organisation', organisation_public(r.organisation_id),
        'congress', jsonb_build_object('id', c.id, 'title', c.title,
            'description', c.description, 'time_zone', c.time_zone),
        'sessions', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                'id', s.id, 'title', s.title, 'description', s.description,
                'language', s.language, 'starts_at', json_time(s.starts_at),
                'planned_minutes', s.planned_minutes, 'state', s.state,
                'listen_at', s.listen_at) ORDER BY s.starts_at, s.id), '[]')
           FROM session s WHERE s.congress_id = c.id AND s.state <> 'draft'))
      FROM registration r
      JOIN hcp h ON h.id = r.hcp_id
      JOIN congress c ON c.id = r.congress_id
     WHERE r.id = p_registration
$$;
