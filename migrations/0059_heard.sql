-- When an HCP heard the stage: their browser played it. The server stamps the times. One without an end lasts at most
-- as long as its connection's span, which may be written a moment later.
CREATE TABLE heard (
    organisation_id uuid NOT NULL,
    session_id      uuid NOT NULL,
    registration_id uuid NOT NULL,
    span_id         uuid NOT NULL,              -- the connected span
    started_at      timestamptz NOT NULL,
    ended_at        timestamptz CHECK (ended_at >= started_at),
    PRIMARY KEY (span_id, started_at),
    FOREIGN KEY (organisation_id, session_id) REFERENCES session (organisation_id, id),
    FOREIGN KEY (organisation_id, registration_id) REFERENCES registration (organisation_id, id)
);
CREATE UNIQUE INDEX heard_open ON heard (span_id) WHERE ended_at IS NULL;
CREATE INDEX heard_session ON heard (session_id, registration_id);
CREATE INDEX heard_registration ON heard (registration_id);
INSERT INTO application_privilege VALUES ('heard', 'SELECT, INSERT', '{ended_at}');

-- Whole seconds of the live time, as a union over a person's connections.
CREATE FUNCTION heard_seconds(p_session uuid) RETURNS TABLE (registration_id uuid, seconds bigint)
LANGUAGE sql STABLE AS $$
    WITH cut AS (
        SELECT h.registration_id, greatest(h.started_at, s.live_at) AS began,
               least(coalesce(least(h.ended_at, sp.left_at), n.lease_at), s.ended_at) AS ended
          FROM heard h JOIN session s ON s.id = h.session_id
          JOIN span sp ON sp.id = h.span_id JOIN node n ON n.id = sp.node_id
         WHERE h.session_id = p_session AND s.live_at IS NOT NULL),
    merged AS (
        SELECT c.registration_id, unnest(range_agg(tstzrange(c.began, c.ended))) AS during
          FROM cut c WHERE c.began < c.ended GROUP BY 1)
    SELECT m.registration_id, floor(sum(extract(epoch FROM upper(m.during) - lower(m.during))))::bigint
      FROM merged m GROUP BY 1
$$;

-- As in migration 0058, with what was heard.
CREATE OR REPLACE FUNCTION registration_data(p_registration uuid) RETURNS jsonb LANGUAGE sql STABLE AS $$
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
            FROM sign_in si WHERE si.registration_id = r.id),
        'links', (SELECT coalesce(jsonb_agg(jsonb_build_object('purpose', l.purpose,
                'created_at', json_time(l.created_at), 'expires_at', json_time(l.expires_at),
                'used_at', json_time(l.used_at)) ORDER BY l.created_at), '[]')
            FROM one_time_link l WHERE l.registration_id = r.id),
        'roles', (SELECT coalesce(jsonb_agg(jsonb_build_object('role', g.role,
                'congress', g.congress_id, 'session', g.session_id,
                'granted_at', json_time(g.granted_at), 'expires_at', json_time(g.expires_at),
                'revoked_at', json_time(g.revoked_at)) ORDER BY g.granted_at, g.id), '[]')
            FROM role_grant g WHERE g.registration_id = r.id),
        'stage', (SELECT coalesce(jsonb_agg(jsonb_build_object('session', sp.session_id, 'place', sp.place,
                'picture', sp.picture, 'since', json_time(sp.since)) ORDER BY sp.since), '[]')
            FROM stage_person sp WHERE sp.registration_id = r.id),
        'hands', (SELECT coalesce(jsonb_agg(jsonb_build_object('session', sh.session_id,
                'raised_at', json_time(sh.raised_at)) ORDER BY sh.raised_at), '[]')
            FROM stage_hand sh WHERE sh.registration_id = r.id),
        'heard', (SELECT coalesce(jsonb_agg(jsonb_build_object('session', hd.session_id,
                'started_at', json_time(hd.started_at), 'ended_at', json_time(hd.ended_at)) ORDER BY hd.started_at), '[]')
            FROM heard hd WHERE hd.registration_id = r.id))
      FROM registration r
     WHERE r.id = p_registration
$$;
