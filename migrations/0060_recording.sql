-- What is recorded of a session: who agreed, the chunks of each person, the film that is made of them.

CREATE TABLE recording (
    id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    organisation_id uuid NOT NULL,
    session_id      uuid NOT NULL,
    started_at      timestamptz NOT NULL,
    started_by      uuid,                       -- staff; null: by the session's setting
    stopped_at      timestamptz,
    why             text CHECK (why IN ('host', 'ended', 'storage', 'quota')),
    UNIQUE (organisation_id, id),
    FOREIGN KEY (organisation_id, session_id) REFERENCES session (organisation_id, id),
    FOREIGN KEY (organisation_id, started_by) REFERENCES account (organisation_id, id),
    CHECK ((why IS NULL) = (stopped_at IS NULL))
);
CREATE UNIQUE INDEX recording_running ON recording (session_id) WHERE stopped_at IS NULL;
CREATE INDEX recording_session ON recording (session_id, started_at);

-- Sessions whose recording starts by itself as they go live. No row: it does not.
CREATE TABLE recording_setting (
    session_id      uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    automatic       boolean NOT NULL,
    FOREIGN KEY (organisation_id, session_id) REFERENCES session (organisation_id, id)
);

-- Some ten seconds of one person. Its blob holds the records as they came (recording/chunk.h).
CREATE TABLE recording_chunk (
    recording_id    uuid NOT NULL,
    organisation_id uuid NOT NULL,
    account_id      uuid,
    registration_id uuid,
    person_id       uuid NOT NULL GENERATED ALWAYS AS (coalesce(account_id, registration_id)) STORED,
    from_at         timestamptz NOT NULL,
    to_at           timestamptz NOT NULL CHECK (to_at >= from_at),
    bytes           bigint NOT NULL CHECK (bytes > 0),
    width           int NOT NULL CHECK (width >= 0),  -- of its largest picture; 0: there is none
    height          int NOT NULL CHECK (height >= 0),
    blob            bytea NOT NULL CHECK (octet_length(blob) = 32),
    PRIMARY KEY (recording_id, person_id, from_at),
    FOREIGN KEY (organisation_id, recording_id) REFERENCES recording (organisation_id, id),
    FOREIGN KEY (organisation_id, account_id) REFERENCES account (organisation_id, id),
    FOREIGN KEY (organisation_id, registration_id) REFERENCES registration (organisation_id, id),
    CHECK (num_nonnulls(account_id, registration_id) = 1)
);
CREATE INDEX recording_chunk_blob ON recording_chunk (blob);
CREATE INDEX recording_chunk_organisation ON recording_chunk (organisation_id) INCLUDE (bytes);
CREATE INDEX recording_chunk_registration ON recording_chunk (registration_id) WHERE registration_id IS NOT NULL;

-- What people said to being recorded in a session. The last row counts; without one they are not.
CREATE TABLE recording_consent (
    id              bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    session_id      uuid NOT NULL,
    organisation_id uuid NOT NULL,
    account_id      uuid,
    registration_id uuid,
    person_id       uuid NOT NULL GENERATED ALWAYS AS (coalesce(account_id, registration_id)) STORED,
    given           boolean NOT NULL,
    at              timestamptz NOT NULL,
    FOREIGN KEY (organisation_id, session_id) REFERENCES session (organisation_id, id),
    FOREIGN KEY (organisation_id, account_id) REFERENCES account (organisation_id, id),
    FOREIGN KEY (organisation_id, registration_id) REFERENCES registration (organisation_id, id),
    CHECK (num_nonnulls(account_id, registration_id) = 1)
);
CREATE INDEX recording_consent_person ON recording_consent (session_id, person_id, id DESC);
CREATE INDEX recording_consent_registration ON recording_consent (registration_id) WHERE registration_id IS NOT NULL;
INSERT INTO application_privilege VALUES ('recording_consent', 'SELECT, INSERT', '{}');

-- The film of a recording: a file that ordinary players play. Made anew when chunks are deleted.
CREATE TABLE recording_film (
    recording_id    uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    state           text NOT NULL CHECK (state IN ('making', 'ready', 'failed')),
    version         int NOT NULL DEFAULT 1,     -- grows with each change of what it is made of
    blob            bytea CHECK (octet_length(blob) = 32),
    bytes           bigint NOT NULL DEFAULT 0 CHECK (bytes >= 0),
    duration_ms     bigint NOT NULL DEFAULT 0 CHECK (duration_ms >= 0),
    made_at         timestamptz,
    FOREIGN KEY (organisation_id, recording_id) REFERENCES recording (organisation_id, id),
    CHECK ((state = 'ready') = (blob IS NOT NULL))
);
CREATE INDEX recording_film_blob ON recording_film (blob) WHERE blob IS NOT NULL;
CREATE INDEX recording_film_organisation ON recording_film (organisation_id) INCLUDE (bytes);

-- Blobs that lost what referred to them: the job recording.free removes their files.
CREATE TABLE recording_gone (
    id              bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    organisation_id uuid NOT NULL,
    blob            bytea NOT NULL CHECK (octet_length(blob) = 32)
);
CREATE FUNCTION recording_goes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO recording_gone (organisation_id, blob) VALUES (OLD.organisation_id, OLD.blob);
    RETURN NULL;
END $$;
CREATE TRIGGER recording_goes AFTER DELETE ON recording_chunk FOR EACH ROW EXECUTE FUNCTION recording_goes();
CREATE TRIGGER recording_goes AFTER DELETE OR UPDATE OF blob ON recording_film
    FOR EACH ROW WHEN (OLD.blob IS NOT NULL) EXECUTE FUNCTION recording_goes();

CREATE FUNCTION recording_agreed(p_session uuid, p_person uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT coalesce((SELECT given FROM recording_consent WHERE session_id = p_session AND person_id = p_person
                      ORDER BY id DESC LIMIT 1), false)
$$;

CREATE FUNCTION place_of_recording(p_id uuid)
RETURNS TABLE (organisation_id uuid, congress_id uuid, session_id uuid, session_state text)
LANGUAGE sql STABLE ROWS 1 AS $$
    SELECT s.organisation_id, s.congress_id, s.id, s.state FROM recording r JOIN session s ON s.id = r.session_id
     WHERE r.id = p_id
$$;

CREATE OR REPLACE FUNCTION storage_used(p_organisation uuid) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT (SELECT coalesce(sum(bytes + image_bytes), 0) FROM deck
             WHERE organisation_id = p_organisation AND removed_at IS NULL)::bigint
         + (SELECT coalesce(sum(bytes), 0) FROM recording_chunk WHERE organisation_id = p_organisation)::bigint
         + (SELECT coalesce(sum(bytes), 0) FROM recording_film WHERE organisation_id = p_organisation)::bigint
$$;

CREATE OR REPLACE FUNCTION blob_used(p_hash bytea) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM deck WHERE pdf = p_hash AND removed_at IS NULL)
        OR EXISTS (SELECT FROM slide_image i JOIN deck d ON d.id = i.deck_id
                    WHERE i.blob = p_hash AND d.removed_at IS NULL)
        OR EXISTS (SELECT FROM recording_chunk WHERE blob = p_hash)
        OR EXISTS (SELECT FROM recording_film WHERE blob = p_hash)
$$;

-- As in migration 0059, with recordings.
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
            FROM heard hd WHERE hd.registration_id = r.id),
        'recording_consents', (SELECT coalesce(jsonb_agg(jsonb_build_object('session', rc.session_id,
                'given', rc.given, 'at', json_time(rc.at)) ORDER BY rc.id), '[]')
            FROM recording_consent rc WHERE rc.registration_id = r.id),
        'recorded', (SELECT coalesce(jsonb_agg(jsonb_build_object('session', re.session_id,
                'from', json_time(k.from_at), 'to', json_time(k.to_at)) ORDER BY k.from_at), '[]')
            FROM recording_chunk k JOIN recording re ON re.id = k.recording_id
           WHERE k.registration_id = r.id))
      FROM registration r
     WHERE r.id = p_registration
$$;
