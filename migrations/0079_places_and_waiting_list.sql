-- Places for each target profile, and a waiting list. README.md, "Places and the waiting list", has the rules; here they are written once,
-- in places_given().
--
--   waiting   a state of a registration: confirmed and let in by the policy, without a place. It holds no seat, is not registered, has no
--             sign-in, and counts nowhere but as waiting.
-- wider: registration_state_check

ALTER TABLE congress ADD COLUMN waiting_list boolean NOT NULL DEFAULT false;

-- null: as many as the congress has seats.
ALTER TABLE target_profile ADD COLUMN places int CONSTRAINT target_profile_places CHECK (places BETWEEN 1 AND 10000000);

ALTER TABLE registration DROP CONSTRAINT registration_state_check;
ALTER TABLE registration ADD CONSTRAINT registration_state_check CHECK (state IN ('registered', 'cancelled', 'waiting'));
ALTER TABLE registration
    ADD COLUMN place_profile_id uuid,       -- whose place they took; null: none of a profile's
    ADD COLUMN waiting_number   bigint,     -- their turn; null while it is not decided yet, within the transaction of the confirmation
    ADD COLUMN waiting_since    timestamptz; -- stays when they are registered
ALTER TABLE registration ADD FOREIGN KEY (organisation_id, congress_id, place_profile_id)
    REFERENCES target_profile (organisation_id, congress_id, id);
CREATE INDEX registration_place ON registration (place_profile_id) WHERE place_profile_id IS NOT NULL;
CREATE INDEX registration_waiting ON registration (congress_id, waiting_number) WHERE state = 'waiting';
CREATE SEQUENCE registration_turn;

-- Whoever is not registered has no place, and whoever does not wait no turn, whichever version of the server writes.
CREATE FUNCTION registration_place_left() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> 'registered' THEN
        NEW.place_profile_id := NULL;
    END IF;
    IF NEW.state <> 'waiting' THEN
        NEW.waiting_number := NULL;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER registration_place_left BEFORE UPDATE OF state ON registration
    FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION registration_place_left();

-- A profile that is removed evicts nobody.
CREATE FUNCTION target_profile_places_left() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE registration SET place_profile_id = NULL WHERE place_profile_id = OLD.id;
    RETURN OLD;
END $$;
CREATE TRIGGER target_profile_places_left BEFORE DELETE ON target_profile
    FOR EACH ROW EXECUTE FUNCTION target_profile_places_left();

-- Whether places of this congress are more than its seats: then each confirmation is decided by place_decide(). The caller's
-- transaction holds the congress's row, or does with it what is harmless.
CREATE FUNCTION places_kept(p_congress uuid) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT waiting_list FROM congress WHERE id = p_congress)
        OR EXISTS (SELECT FROM target_profile WHERE congress_id = p_congress AND places IS NOT NULL)
        OR EXISTS (SELECT FROM registration WHERE congress_id = p_congress AND state = 'waiting');
END $$;

-- Until the end of the transaction nobody else decides about places and seats of the congress (seats_decide() holds the same lock).
CREATE FUNCTION places_lock(p_congress uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM congress WHERE id = p_congress FOR KEY SHARE; -- and nobody changes its profiles
    PERFORM pg_advisory_xact_lock(24231, uuid_hash(p_congress));
END $$;

CREATE FUNCTION places_taken(p_profile uuid) RETURNS bigint LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT count(*) FROM registration WHERE place_profile_id = p_profile);
END $$;

-- Who of those that wait gets which place, in their order: the only place where it is decided. Who matches profiles takes a place
-- in the first of them, by position, that has one; who matches none a seat of the congress. A seat it is in any case.
CREATE FUNCTION places_given(p_congress uuid) RETURNS TABLE (registration_id uuid, target_profile_id uuid) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    v_left bigint := coalesce(seats_free(p_congress), 0);
    v_profiles uuid[];
    v_places bigint[]; -- left of each; null: as many as there are seats
    v_place int;
    v_one record;
BEGIN
    IF v_left <= 0 THEN
        RETURN;
    END IF;
    SELECT array_agg(p.id ORDER BY p.position, p.created_at, p.id),
           array_agg(p.places - places_taken(p.id) ORDER BY p.position, p.created_at, p.id)
      INTO v_profiles, v_places FROM target_profile p WHERE p.congress_id = p_congress;
    FOR v_one IN
        SELECT r.id, ARRAY(SELECT array_position(v_profiles, m.target_profile_id) FROM registration_profile m
                            WHERE m.registration_id = r.id ORDER BY 1) AS matched
          FROM registration r WHERE r.congress_id = p_congress AND r.state = 'waiting'
         ORDER BY r.waiting_number NULLS LAST
    LOOP
        v_place := (SELECT min(i) FROM unnest(v_one.matched) AS i WHERE coalesce(v_places[i], 1) > 0);
        CONTINUE WHEN v_place IS NULL AND cardinality(v_one.matched) > 0;
        IF v_place IS NOT NULL THEN
            v_places[v_place] := v_places[v_place] - 1;
        END IF;
        registration_id := v_one.id;
        target_profile_id := v_profiles[v_place];
        RETURN NEXT;
        v_left := v_left - 1;
        EXIT WHEN v_left = 0;
    END LOOP;
END $$;

CREATE FUNCTION place_take(p_registration uuid, p_profile uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    UPDATE registration SET state = 'registered', place_profile_id = p_profile WHERE id = p_registration;
END $$;

-- Of a registration that was written as waiting: what becomes of it. 'registered', 'waiting', or why it is refused: 'not_admitted',
-- 'closed', 'full'. Whoever waits longer and can have a place goes first, also when they were not given theirs yet (places_promote()).
CREATE FUNCTION place_decide(p_registration uuid, p_now timestamptz) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    v_congress CONSTANT uuid := (SELECT congress_id FROM registration WHERE id = p_registration);
    v_profile uuid;
BEGIN
    PERFORM places_lock(v_congress);
    IF NOT registration_admitted(p_registration) THEN
        RETURN 'not_admitted';
    ELSIF seats_free(v_congress) IS NULL THEN
        RETURN 'closed';
    END IF;
    SELECT g.target_profile_id INTO v_profile FROM places_given(v_congress) g WHERE g.registration_id = p_registration;
    IF FOUND THEN
        PERFORM place_take(p_registration, v_profile);
        RETURN 'registered';
    ELSIF EXISTS (SELECT FROM registration WHERE id = p_registration AND waiting_number IS NOT NULL) THEN
        RETURN 'waiting';
    ELSIF NOT (SELECT waiting_list FROM congress WHERE id = v_congress) THEN
        RETURN 'full';
    END IF;
    UPDATE registration SET waiting_number = nextval('registration_turn'), waiting_since = p_now WHERE id = p_registration;
    RETURN 'waiting';
END $$;

-- Which place in the line is theirs, from 1; null: they do not wait.
CREATE FUNCTION waiting_place(r registration) RETURNS bigint LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF r.state <> 'waiting' THEN
        RETURN NULL;
    END IF;
    RETURN (SELECT count(*) FROM registration o
             WHERE o.congress_id = r.congress_id AND o.state = 'waiting' AND o.waiting_number <= r.waiting_number);
END $$;

-- --- promotion ---

-- Something happened by which somebody who waits may have a place: a row for each, so that those who free places never wait for
-- each other. The job of its id looks, and takes what is there of the congress.
CREATE TABLE places_due (
    id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    organisation_id uuid NOT NULL REFERENCES organisation (id),
    congress_id     uuid NOT NULL
);
CREATE INDEX places_due_congress ON places_due (congress_id);

CREATE FUNCTION places_freed_at(p_organisation uuid, p_congress uuid, p_at timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v_id CONSTANT uuid := gen_random_uuid();
BEGIN
    INSERT INTO places_due (id, organisation_id, congress_id) VALUES (v_id, p_organisation, p_congress);
    INSERT INTO job (kind, object_id, organisation_id, created_at, due_at)
    VALUES ('registration.promote', v_id, p_organisation, now(), p_at);
END $$;

CREATE FUNCTION places_freed(p_organisation uuid, p_congress uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF places_kept(p_congress) THEN
        PERFORM places_freed_at(p_organisation, p_congress, now());
    END IF;
END $$;

-- What places are kept of was changed: at once, and again when whoever cancelled at that moment and saw nothing of it has ended.
CREATE FUNCTION places_changed(p_organisation uuid, p_congress uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM places_freed(p_organisation, p_congress);
    PERFORM places_freed_at(p_organisation, p_congress, now() + interval '1 minute');
END $$;

CREATE FUNCTION registration_left() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM places_freed(OLD.organisation_id, OLD.congress_id);
    RETURN NULL;
END $$;
CREATE TRIGGER registration_left AFTER UPDATE OF state ON registration
    FOR EACH ROW WHEN (OLD.state = 'registered' AND NEW.state <> 'registered') EXECUTE FUNCTION registration_left();

CREATE FUNCTION row_freed_places() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM places_freed(NEW.organisation_id, NEW.congress_id);
    RETURN NULL;
END $$;
CREATE TRIGGER session_seats AFTER UPDATE OF capacity, state ON session FOR EACH ROW
    WHEN (OLD.capacity <> NEW.capacity OR OLD.state <> NEW.state) EXECUTE FUNCTION row_freed_places();
CREATE TRIGGER target_profile_removed AFTER DELETE ON target_profile
    FOR EACH ROW WHEN (OLD.places IS NOT NULL) EXECUTE FUNCTION registration_left();

CREATE FUNCTION target_profile_places_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM places_changed(NEW.organisation_id, NEW.congress_id);
    RETURN NULL;
END $$;
CREATE TRIGGER target_profile_places_changed AFTER UPDATE OF places ON target_profile FOR EACH ROW
    WHEN (OLD.places IS DISTINCT FROM NEW.places) EXECUTE FUNCTION target_profile_places_changed();

CREATE FUNCTION waiting_list_switched() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM places_changed(NEW.organisation_id, NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER waiting_list_switched AFTER UPDATE OF waiting_list ON congress FOR EACH ROW
    WHEN (OLD.waiting_list <> NEW.waiting_list) EXECUTE FUNCTION waiting_list_switched();

-- Other profiles than before match somebody who waits.
CREATE FUNCTION waiting_matches_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    v_one record;
BEGIN
    FOR v_one IN SELECT DISTINCT r.organisation_id, r.congress_id FROM changed x JOIN registration r ON r.id = x.registration_id
                  WHERE r.state = 'waiting' AND r.waiting_number IS NOT NULL LOOP
        PERFORM places_freed(v_one.organisation_id, v_one.congress_id);
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER waiting_matches_more AFTER INSERT ON registration_profile REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION waiting_matches_changed();
CREATE TRIGGER waiting_matches_fewer AFTER DELETE ON registration_profile REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION waiting_matches_changed();

-- Gives places to up to p_limit of those who wait, in their order: who they are. Fewer: nobody else can have one, and what was due
-- when it began is done.
CREATE FUNCTION places_promote(p_due uuid, p_limit int, p_now timestamptz) RETURNS SETOF uuid LANGUAGE plpgsql AS $$
DECLARE
    v_congress CONSTANT uuid := (SELECT congress_id FROM places_due WHERE id = p_due);
    v_due uuid[];
    v_one record;
    v_given int := 0;
BEGIN
    IF v_congress IS NULL THEN
        RETURN;
    END IF;
    PERFORM places_lock(v_congress);
    v_due := ARRAY(SELECT id FROM places_due WHERE congress_id = v_congress);
    FOR v_one IN SELECT * FROM places_given(v_congress) LIMIT p_limit LOOP
        PERFORM place_take(v_one.registration_id, v_one.target_profile_id);
        UPDATE registration SET registered_at = p_now WHERE id = v_one.registration_id;
        v_given := v_given + 1;
        RETURN NEXT v_one.registration_id;
    END LOOP;
    IF v_given < p_limit THEN
        DELETE FROM places_due WHERE id = ANY (v_due);
    END IF;
END $$;

-- --- what organisers decide and see ---

-- How many places of a profile are taken, once it has a number of them. The first profile of a congress that does: whoever is
-- registered without a place takes it in the first profile, by position, that matches them. The caller holds the congress.
CREATE FUNCTION profile_places_taken(p_profile uuid, p_first boolean) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    v_congress CONSTANT uuid := (SELECT congress_id FROM target_profile WHERE id = p_profile);
BEGIN
    IF p_first AND NOT EXISTS (SELECT FROM target_profile WHERE congress_id = v_congress AND places IS NOT NULL AND id <> p_profile) THEN
        UPDATE registration r SET place_profile_id = m.first
          FROM (SELECT x.registration_id, (array_agg(p.id ORDER BY p.position, p.created_at, p.id))[1] AS first
                  FROM registration_profile x JOIN target_profile p ON p.id = x.target_profile_id
                 WHERE x.congress_id = v_congress GROUP BY x.registration_id) m
         WHERE r.id = m.registration_id AND r.state = 'registered' AND r.place_profile_id IS NULL;
    END IF;
    RETURN places_taken(p_profile);
END $$;

-- Seats of the congress (null: none of its sessions is open), who has one, who waits; and each profile's.
CREATE FUNCTION places_json(p_congress uuid) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN jsonb_build_object(
        'capacity', (SELECT max(capacity) FROM session WHERE congress_id = p_congress AND state IN ('lobby', 'live')),
        'taken', (SELECT coalesce(sum(taken), 0) FROM seats_taken WHERE congress_id = p_congress),
        'waiting', (SELECT count(*) FROM registration WHERE congress_id = p_congress AND state = 'waiting'),
        'profiles', (SELECT coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'name', p.name, 'places', p.places,
                'taken', places_taken(p.id),
                'waiting', (SELECT count(*) FROM registration r JOIN registration_profile m ON m.registration_id = r.id
                             WHERE r.congress_id = p_congress AND r.state = 'waiting' AND m.target_profile_id = p.id))
                ORDER BY p.position, p.created_at, p.id), '[]')
            FROM target_profile p WHERE p.congress_id = p_congress AND p.places IS NOT NULL));
END $$;

CREATE OR REPLACE FUNCTION registration_policy_json(p_congress uuid) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT jsonb_build_object(
                'policy', coalesce(p.policy, 'open'),
                'target_list', (SELECT jsonb_build_object('id', l.id, 'name', l.name) FROM target_list l WHERE l.id = p.target_list_id),
                'target_profiles', (SELECT count(*) FROM target_profile t WHERE t.congress_id = c.id),
                'waiting_list', c.waiting_list)
              FROM congress c LEFT JOIN registration_policy p ON p.congress_id = c.id WHERE c.id = p_congress);
END $$;

-- --- what the person sees, and has of it in their copy ---

CREATE OR REPLACE FUNCTION registration_json(p_registration uuid) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT jsonb_build_object(
        'id', r.id, 'first_name', h.first_name, 'last_name', h.last_name, 'email', h.email,
        'language', r.language, 'state', r.state, 'registered_at', json_time(r.registered_at),
        'waiting_place', waiting_place(r), 'waiting_since', json_time(r.waiting_since),
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
        SELECT r.state, waiting_place(r) AS waiting_place, r.congress_id, r.link_id, r.language, h.first_name, h.last_name, '[]'::jsonb AS people
          FROM one_time_link l JOIN registration r ON r.id = l.registration_id
          JOIN hcp h ON h.id = r.hcp_id AND h.erased_at IS NULL
         WHERE l.token_hash = p_token_hash AND l.expires_at > p_now
        UNION ALL
        SELECT 'requested', NULL, q.congress_id, q.link_id, q.language, q.first_name, q.last_name,
               coalesce((SELECT jsonb_agg(jsonb_build_object('id', h.id, 'first_name', h.first_name,
                                'last_name', h.last_name) ORDER BY h.created_at, h.id)
                           FROM hcp h WHERE h.organisation_id = q.organisation_id AND h.email = q.email
                         HAVING bool_and(folded(h.first_name || ' ' || h.last_name)
                                         <> folded(q.first_name || ' ' || q.last_name))), '[]')
          FROM registration_request q WHERE q.token_hash = p_token_hash AND q.expires_at > p_now)
    SELECT jsonb_build_object('state', f.state, 'waiting_place', f.waiting_place, 'first_name', f.first_name, 'last_name', f.last_name,
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

CREATE OR REPLACE FUNCTION registration_data(p_registration uuid) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT registration_json(r.id) || jsonb_build_object(
        'channel', r.channel, 'cancelled_at', json_time(r.cancelled_at),
        'confirmed_at', json_time(r.confirmed_at),
        'declared', jsonb_build_object('profession', r.profession, 'specialty', r.specialty,
            'practice_setting', r.practice_setting, 'region', r.region, 'age_band', r.age_band),
        'target_profiles', (SELECT coalesce(jsonb_agg(p.name ORDER BY p.position, p.name), '[]')
            FROM registration_profile rp JOIN target_profile p ON p.id = rp.target_profile_id
           WHERE rp.registration_id = r.id),
        'place_profile', (SELECT p.name FROM target_profile p WHERE p.id = r.place_profile_id),
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
