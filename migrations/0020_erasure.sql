-- Erasure takes a person's questions, too: their words may tell who they are. The row stays, for the
-- figures and the votes of others.
ALTER TABLE question DROP CONSTRAINT question_text_check;
ALTER TABLE question ADD CONSTRAINT question_text_check CHECK (length(text) <= 1000); -- '': its author was erased

-- Those who were erased before.
UPDATE question q SET text = ''
  FROM registration r JOIN hcp h ON h.id = r.hcp_id
 WHERE r.id = q.registration_id AND h.erased_at IS NOT NULL;
UPDATE outbox SET last_error = 'failed' WHERE failed_at IS NOT NULL AND last_error LIKE '%@%';

-- One registration with all that hangs on it, for the person's own copy.
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
            FROM role_grant g WHERE g.registration_id = r.id))
      FROM registration r
     WHERE r.id = p_registration
$$;
