-- Speakers without an account of their own, who come by a personal link for one session. Each is an account without an address: it
-- speaks, owns its spans and is named as staff are, and is counted as nobody of the audience; and nothing that finds an account by its
-- address (a sign-in link, a password) ever finds it. Its only role is in its session, and its sign-ins end with the link.
ALTER TABLE account ALTER COLUMN email DROP NOT NULL; -- null: a guest speaker's

CREATE TABLE guest_speaker (
    account_id      uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    congress_id     uuid NOT NULL,
    session_id      uuid NOT NULL,
    speaker_id      uuid REFERENCES speaker (id) ON DELETE SET NULL, -- as the programme names them
    email           text,
    secret_hash     bytea UNIQUE CHECK (length(secret_hash) = 32),   -- of the link; a new one takes the place of the last
    invited_at      timestamptz NOT NULL,
    sent_at         timestamptz NOT NULL, -- the last mail, into the outbox
    mail_id         uuid NOT NULL,
    came_at         timestamptz,          -- by the link, the first time
    ended_at        timestamptz,          -- taken back: address and secret go
    FOREIGN KEY (organisation_id, account_id) REFERENCES account (organisation_id, id),
    FOREIGN KEY (organisation_id, congress_id, session_id) REFERENCES session (organisation_id, congress_id, id),
    CHECK ((ended_at IS NULL) = (email IS NOT NULL)),
    CHECK ((ended_at IS NULL) = (secret_hash IS NOT NULL))
);
CREATE UNIQUE INDEX guest_speaker_once ON guest_speaker (session_id, email) WHERE ended_at IS NULL;

-- Until when a guest's link and sign-ins are good: a day after the session's end, which a session that runs has not had yet.
CREATE FUNCTION guest_until(p_account uuid) RETURNS timestamptz LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN coalesce((SELECT CASE WHEN s.state = 'live' THEN 'infinity'
                                 ELSE coalesce(s.ended_at, s.starts_at + make_interval(mins => s.planned_minutes)) END + interval '1 day'
                       FROM guest_speaker g JOIN session s ON s.id = g.session_id
                      WHERE g.account_id = p_account AND g.ended_at IS NULL), '-infinity');
END $$;

CREATE FUNCTION place_of_guest_speaker(p_id uuid)
RETURNS TABLE (organisation_id uuid, congress_id uuid, session_id uuid, session_state text)
LANGUAGE sql STABLE ROWS 1 AS $$
    SELECT s.organisation_id, s.congress_id, s.id, s.state
      FROM guest_speaker g JOIN session s ON s.id = g.session_id WHERE g.account_id = p_id
$$;

-- As in 0016, without guests: they are nobody of the team.
CREATE OR REPLACE FUNCTION place_of_account(p_id uuid)
RETURNS TABLE (organisation_id uuid, congress_id uuid, session_id uuid, session_state text)
LANGUAGE sql STABLE ROWS 1 AS $$
    SELECT a.organisation_id, NULL::uuid, NULL::uuid, NULL::text FROM account a WHERE a.id = p_id AND a.email IS NOT NULL
$$;

-- wider: sign_in_via_check
ALTER TABLE sign_in DROP CONSTRAINT sign_in_via_check, ADD CONSTRAINT sign_in_via_check
    CHECK (via IN ('password', 'sign_in', 'invite', 'password_link', 'join', 'passkey', 'guest'));

-- As in 0053; a guest's ends with their link.
CREATE OR REPLACE VIEW signed_in AS
SELECT s.token_hash, s.id AS sign_in_id, s.organisation_id, s.via, s.created_at,
       least(s.expires_at, CASE WHEN s.account_id IS NOT NULL
                                THEN coalesce(s.seen_at, s.created_at) + interval '12 hours' END,
             CASE WHEN s.account_id IS NOT NULL AND a.email IS NULL THEN guest_until(s.account_id) END)
           AS expires_at,
       s.account_id, s.registration_id, coalesce(s.account_id, s.registration_id) AS person_id,
       r.congress_id, coalesce(a.name, h.first_name || ' ' || h.last_name) AS name,
       coalesce(s.seen_at, s.created_at) AS seen_at, coalesce(s.proved_at, s.created_at) AS proved_at,
       s.account_id IS NOT NULL AND a.email IS NULL AS guest
  FROM sign_in s
  LEFT JOIN account a ON a.id = s.account_id
  LEFT JOIN registration r ON r.id = s.registration_id
  LEFT JOIN hcp h ON h.id = r.hcp_id
 WHERE s.revoked_at IS NULL
   AND (s.account_id IS NULL OR a.disabled_at IS NULL)
   AND (s.registration_id IS NULL OR (r.state = 'registered' AND h.erased_at IS NULL));

-- Who is signed in, as staff's pages know them; null: nobody of that organisation.
CREATE FUNCTION staff_me(p_account uuid, p_organisation uuid, p_now timestamptz) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT jsonb_build_object('kind', 'staff',
                'account', jsonb_build_object('id', a.id, 'name', a.name, 'email', a.email, 'language', a.language,
                    'has_password', a.password_hash IS NOT NULL,
                    'roles', CASE WHEN a.email IS NULL THEN '["speaker"]' ELSE organisation_roles(a.id, p_now) END, -- a guest's session is all they see
                    'guest_of', (SELECT session_id FROM guest_speaker WHERE account_id = a.id)),
                'organisation', jsonb_build_object('id', o.id, 'name', o.name))
              FROM account a JOIN organisation o ON o.id = a.organisation_id
             WHERE a.id = p_account AND a.organisation_id = p_organisation);
END $$;

-- A guest as organisers and hosts of the session read them.
CREATE FUNCTION guest_json(p_account uuid) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT jsonb_build_object('id', g.account_id, 'name', a.name, 'email', g.email, 'language', a.language,
                'speaker', (SELECT jsonb_build_object('id', p.id, 'name', p.name) FROM speaker p WHERE p.id = g.speaker_id),
                'state', CASE WHEN g.ended_at IS NOT NULL THEN 'taken_back' WHEN g.came_at IS NOT NULL THEN 'came'
                              WHEN m.failed_at IS NOT NULL THEN 'failed' WHEN m.sent_at IS NOT NULL THEN 'sent' ELSE 'invited' END,
                'invited_at', json_time(g.invited_at), 'sent_at', json_time(m.sent_at), 'came_at', json_time(g.came_at),
                'ended_at', json_time(g.ended_at))
              FROM guest_speaker g JOIN account a ON a.id = g.account_id LEFT JOIN outbox m ON m.id = g.mail_id
             WHERE g.account_id = p_account);
END $$;

-- Somebody is off the stage of a session for good, as when an organiser takes them off (server/features/stage/stage.c); nothing where they
-- are not on it. Whoever calls it holds the session.
CREATE FUNCTION stage_leave(p_session uuid, p_person uuid, p_at timestamptz) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM stage_person WHERE session_id = p_session AND person_id = p_person;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    UPDATE stage SET spotlight = NULL WHERE session_id = p_session AND spotlight = p_person;
    IF FOUND THEN
        PERFORM session_append_event(p_session, 'stage.spotlight', 1, 31, NULL, '{"person": null}', p_at);
    END IF;
    PERFORM session_append_event(p_session, 'stage.left', 1, 31, NULL, jsonb_build_object('person', p_person, 'why', 'removed'), p_at);
END $$;
