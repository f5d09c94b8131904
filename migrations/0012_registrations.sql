-- What a registered HCP sees of their registration, everything that is held about them, and the
-- notices that are on their way to everybody who is registered.

CREATE FUNCTION registration_json(p_registration uuid) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'id', r.id, 'first_name', h.first_name, 'last_name', h.last_name, 'email', h.email,
        'language', r.language, 'state', r.state, 'registered_at', json_time(r.registered_at),
        'organisation', jsonb_build_object('name', o.name, 'contact_email', o.contact_email),
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
      JOIN organisation o ON o.id = r.organisation_id
     WHERE r.id = p_registration
$$;

-- One registration with all that hangs on it, for the person's own copy.
CREATE FUNCTION registration_data(p_registration uuid) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT registration_json(r.id) || jsonb_build_object(
        'channel', r.channel, 'cancelled_at', json_time(r.cancelled_at),
        'confirmed_at', json_time(r.confirmed_at),
        'declared', jsonb_build_object('profession', r.profession, 'specialty', r.specialty,
            'practice_setting', r.practice_setting, 'region', r.region, 'age_band', r.age_band),
        'target_profiles', (SELECT coalesce(jsonb_agg(p.name ORDER BY p.position, p.name), '[]')
            FROM registration_profile rp JOIN target_profile p ON p.id = rp.target_profile_id
           WHERE rp.registration_id = r.id),
        'consents', (SELECT coalesce(jsonb_agg(jsonb_build_object('kind', rc.kind,
                'version', rc.version, 'language', rc.language, 'given', rc.given,
                'at', json_time(rc.at),
                'text', CASE rc.language WHEN 'fr' THEN t.text_fr ELSE t.text_en END)
                ORDER BY rc.at, rc.kind, rc.version), '[]')
            FROM registration_consent rc JOIN consent_text t
              ON (t.organisation_id, t.kind, t.version)
                 = (rc.organisation_id, rc.kind, rc.version)
           WHERE rc.registration_id = r.id),
        'connections', (SELECT coalesce(jsonb_agg(jsonb_build_object('session', sp.session_id,
                'kind', sp.kind, 'joined_at', json_time(sp.joined_at),
                'left_at', json_time(sp.left_at)) ORDER BY sp.joined_at, sp.id), '[]')
            FROM span sp WHERE sp.registration_id = r.id),
        'questions', (SELECT coalesce(jsonb_agg(jsonb_build_object('session', q.session_id,
                'text', q.text, 'anonymous', q.anonymous, 'state', q.state,
                'asked_at', json_time(q.asked_at)) ORDER BY q.asked_at, q.id), '[]')
            FROM question q WHERE q.registration_id = r.id),
        'question_votes', (SELECT coalesce(jsonb_agg(jsonb_build_object('session', v.session_id,
                'question', v.question_id, 'at', json_time(v.at)) ORDER BY v.at), '[]')
            FROM question_vote v WHERE v.registration_id = r.id),
        'poll_votes', (SELECT coalesce(jsonb_agg(jsonb_build_object('session', v.session_id,
                'question', p.question, 'at', json_time(v.at),
                'choices', (SELECT jsonb_agg(po.text ORDER BY po.position) FROM poll_option po
                             WHERE po.poll_id = p.id AND v.choices & (1 << (po.position - 1)) <> 0))
                ORDER BY v.at), '[]')
            FROM poll_vote v JOIN poll p ON p.id = v.poll_id WHERE v.registration_id = r.id),
        'sign_ins', (SELECT coalesce(jsonb_agg(jsonb_build_object('at', json_time(si.created_at),
                'expires_at', json_time(si.expires_at), 'revoked_at', json_time(si.revoked_at))
                ORDER BY si.created_at), '[]')
            FROM sign_in si WHERE si.registration_id = r.id))
      FROM registration r
     WHERE r.id = p_registration
$$;

CREATE FUNCTION personal_data(p_hcp uuid) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'person', jsonb_build_object('id', h.id, 'email', h.email, 'first_name', h.first_name,
            'last_name', h.last_name, 'created_at', json_time(h.created_at)),
        'organisation', jsonb_build_object('name', o.name, 'contact_email', o.contact_email),
        'attributes', (SELECT coalesce(jsonb_agg(jsonb_build_object('source', a.source,
                'profession', a.profession, 'specialty', a.specialty,
                'practice_setting', a.practice_setting, 'region', a.region,
                'age_band', a.age_band, 'at', json_time(a.at)) ORDER BY a.source), '[]')
            FROM hcp_attributes a WHERE a.hcp_id = h.id),
        'mails', (SELECT coalesce(jsonb_agg(jsonb_build_object('created_at', json_time(m.created_at),
                'subject', m.message->>'subject') ORDER BY m.created_at), '[]')
            FROM outbox m
           WHERE m.organisation_id = h.organisation_id AND m.to_address = h.email),
        'registrations', (SELECT coalesce(jsonb_agg(registration_data(r.id)
                ORDER BY r.registered_at, r.id), '[]')
            FROM registration r WHERE r.hcp_id = h.id))
      FROM hcp h JOIN organisation o ON o.id = h.organisation_id
     WHERE h.id = p_hcp
$$;

CREATE INDEX registration_hcp ON registration (hcp_id);

-- A rescheduled or cancelled session is told to everybody who was registered at that moment, in
-- batches; `after` is the last registration whose mail is in the outbox, so a restart continues.
CREATE TABLE session_notice (
    id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    organisation_id uuid NOT NULL,
    session_id      uuid NOT NULL,
    kind            text NOT NULL CHECK (kind IN ('rescheduled', 'cancelled')),
    created_at      timestamptz NOT NULL,
    after           uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000',
    done_at         timestamptz,
    FOREIGN KEY (organisation_id, session_id) REFERENCES session (organisation_id, id)
);
CREATE INDEX session_notice_due ON session_notice (created_at) WHERE done_at IS NULL;

-- Personal links and the sign-ins that came of them last until seven days after the last session.
CREATE FUNCTION join_links_end(p_congress uuid, p_now timestamptz) RETURNS timestamptz
LANGUAGE sql STABLE AS $$
    SELECT greatest(p_now, max(starts_at + make_interval(mins => planned_minutes)))
           + interval '7 days'
      FROM session WHERE congress_id = p_congress AND state NOT IN ('draft', 'cancelled')
$$;

CREATE FUNCTION join_link_add(p_registration uuid, p_token_hash bytea, p_now timestamptz)
RETURNS void LANGUAGE sql AS $$
    INSERT INTO one_time_link (token_hash, organisation_id, purpose, registration_id, created_at,
                               expires_at)
    SELECT p_token_hash, organisation_id, 'join', id, p_now, join_links_end(congress_id, p_now)
      FROM registration WHERE id = p_registration
$$;

-- A session was published or moved: what was valid stays valid as long as it should.
CREATE FUNCTION join_links_extend(p_congress uuid, p_now timestamptz) RETURNS void
LANGUAGE sql AS $$
    UPDATE one_time_link l SET expires_at = e.at
      FROM registration r, join_links_end(p_congress, p_now) AS e (at)
     WHERE r.congress_id = p_congress AND l.registration_id = r.id
       AND l.expires_at > p_now AND l.expires_at < e.at;
    UPDATE sign_in s SET expires_at = e.at
      FROM registration r, join_links_end(p_congress, p_now) AS e (at)
     WHERE r.congress_id = p_congress AND s.registration_id = r.id
       AND s.expires_at > p_now AND s.expires_at < e.at;
$$;
