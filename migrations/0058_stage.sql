-- The stage of a session: who speaks there, who waits behind it, who would like to.

CREATE TABLE stage (
    session_id      uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    layout          text NOT NULL DEFAULT 'slide' CHECK (layout IN ('slide', 'speaker', 'screen')),
    spotlight       uuid,                       -- a person of the stage
    FOREIGN KEY (organisation_id, session_id) REFERENCES session (organisation_id, id)
);

CREATE TABLE stage_person (
    session_id      uuid NOT NULL,
    organisation_id uuid NOT NULL,
    account_id      uuid,
    registration_id uuid,
    person_id       uuid NOT NULL GENERATED ALWAYS AS (coalesce(account_id, registration_id)) STORED,
    place           text NOT NULL CHECK (place IN ('invited', 'backstage', 'stage')),
    picture         boolean NOT NULL,           -- may use the camera
    muted           boolean NOT NULL,
    camera_off      boolean NOT NULL,
    screen          boolean NOT NULL CHECK (NOT screen OR place <> 'invited'),
    since           timestamptz NOT NULL,       -- at this place
    PRIMARY KEY (session_id, person_id),
    FOREIGN KEY (organisation_id, session_id) REFERENCES session (organisation_id, id),
    FOREIGN KEY (organisation_id, account_id) REFERENCES account (organisation_id, id),
    FOREIGN KEY (organisation_id, registration_id) REFERENCES registration (organisation_id, id),
    CHECK (num_nonnulls(account_id, registration_id) = 1)
);
CREATE UNIQUE INDEX stage_person_screen ON stage_person (session_id) WHERE screen;
CREATE INDEX stage_person_account ON stage_person (account_id) WHERE account_id IS NOT NULL;
CREATE INDEX stage_person_registration ON stage_person (registration_id) WHERE registration_id IS NOT NULL;

CREATE TABLE stage_hand (
    session_id      uuid NOT NULL,
    registration_id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    raised_at       timestamptz NOT NULL,
    PRIMARY KEY (session_id, registration_id),
    FOREIGN KEY (organisation_id, session_id) REFERENCES session (organisation_id, id),
    FOREIGN KEY (organisation_id, registration_id) REFERENCES registration (organisation_id, id)
);
CREATE INDEX stage_hand_registration ON stage_hand (registration_id);

-- Whether something of the stage was said of this person in the session: who asks again for what is done
-- already gets the same answer, and who asks for somebody else's session does not.
CREATE FUNCTION stage_knew(p_session uuid, p_person uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT 1 FROM session_event WHERE session_id = p_session
       AND type IN ('stage.entered', 'stage.invited', 'hand.raised') AND payload->>'person' = p_person::text)
$$;

-- The sessions whose rooms may show an HCP's name, by the registration that they have there.
CREATE FUNCTION sessions_naming(p_hcp uuid) RETURNS TABLE (session_id uuid, registration_id uuid)
LANGUAGE sql STABLE AS $$
    SELECT q.session_id, r.id FROM registration r JOIN question q ON q.registration_id = r.id WHERE r.hcp_id = p_hcp
     UNION
    SELECT s.id, r.id FROM registration r JOIN session s ON s.congress_id = r.congress_id
     WHERE r.hcp_id = p_hcp AND stage_knew(s.id, r.id)
     ORDER BY 1, 2
$$;

-- As in migration 0020, with the stage.
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
            FROM stage_hand sh WHERE sh.registration_id = r.id))
      FROM registration r
     WHERE r.id = p_registration
$$;
