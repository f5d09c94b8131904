-- Registrations that organisers look at before they count. README.md, "Review", has the rules.
--
--   in_review  a state of a registration: confirmed and let in by the policy, and not decided yet. It holds no seat, is not
--              registered, has no sign-in, and counts nowhere but as in review.
--   declined   an organiser declined it.
-- wider: registration_state_check

ALTER TABLE congress ADD COLUMN review boolean NOT NULL DEFAULT false;

ALTER TABLE registration DROP CONSTRAINT registration_state_check;
ALTER TABLE registration ADD CONSTRAINT registration_state_check
    CHECK (state IN ('registered', 'cancelled', 'waiting', 'in_review', 'declined'));
CREATE INDEX registration_undecided ON registration (congress_id) WHERE state IN ('in_review', 'declined');
-- Who has the same name at another address.
CREATE INDEX hcp_name ON hcp (organisation_id, folded(first_name || ' ' || last_name)) WHERE erased_at IS NULL;

-- What was asked and decided of a registration that was ever in review.
CREATE TABLE registration_review (
    registration_id uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    version         int NOT NULL DEFAULT 1, -- goes up with each change: who decides says which one they saw
    since           timestamptz NOT NULL,
    proof_asked_at  timestamptz,
    proof_message   text CHECK (length(proof_message) BETWEEN 1 AND 2000),   -- what was asked for, as it was mailed
    decision        text CHECK (decision IN ('approved', 'declined')),       -- null: none yet
    decided_at      timestamptz CHECK ((decided_at IS NULL) = (decision IS NULL)),
    reason          text CHECK (reason IN ('not_concerned', 'industry', 'duplicate', 'not_verified', 'no_proof', 'other')),
                                                                             -- of a decline, for the organisation alone
    message         text CHECK (length(message) BETWEEN 1 AND 2000),         -- for the person, as it was mailed
    declined_before boolean NOT NULL DEFAULT false,
    by_account_id   uuid REFERENCES account (id),                            -- whose the last act was; null: no account's
    FOREIGN KEY (organisation_id, registration_id) REFERENCES registration (organisation_id, id)
);

-- As in migration 0079; approvals and confirmations are decided one after the other, too.
CREATE OR REPLACE FUNCTION places_kept(p_congress uuid) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT waiting_list OR review FROM congress WHERE id = p_congress)
        OR EXISTS (SELECT FROM target_profile WHERE congress_id = p_congress AND places IS NOT NULL)
        OR EXISTS (SELECT FROM registration WHERE congress_id = p_congress AND state = 'waiting')
        OR EXISTS (SELECT FROM registration WHERE congress_id = p_congress AND state IN ('in_review', 'declined'));
END $$;

-- As what the confirmation of a person is written, before anything is decided. Whoever is registered or waits stays so; whoever was
-- declined is reviewed again, also once nobody else is.
CREATE FUNCTION confirmed_state(p_congress uuid, p_hcp uuid) RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
    v_state CONSTANT text := (SELECT state FROM registration WHERE congress_id = p_congress AND hcp_id = p_hcp);
BEGIN
    RETURN CASE WHEN v_state IN ('registered', 'waiting') THEN v_state
                WHEN v_state IN ('in_review', 'declined') OR (SELECT review FROM congress WHERE id = p_congress) THEN 'in_review'
                WHEN places_kept(p_congress) THEN 'waiting' ELSE 'registered' END;
END $$;

-- Of a registration that was written as in review: 'in_review', or why it is refused: 'not_admitted', 'closed'. Its turn is that of its
-- confirmation. What was decided of it before is over.
CREATE FUNCTION review_begin(p_registration uuid, p_now timestamptz) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    IF NOT registration_admitted(p_registration) THEN
        RETURN 'not_admitted';
    ELSIF seats_free((SELECT congress_id FROM registration WHERE id = p_registration)) IS NULL THEN
        RETURN 'closed';
    END IF;
    UPDATE registration SET waiting_number = nextval('registration_turn') WHERE id = p_registration AND waiting_number IS NULL;
    INSERT INTO registration_review AS v (registration_id, organisation_id, since)
    SELECT id, organisation_id, p_now FROM registration WHERE id = p_registration
    ON CONFLICT (registration_id) DO UPDATE SET version = v.version + 1,
        since = CASE WHEN v.decision IS NULL THEN v.since ELSE p_now END,
        declined_before = v.declined_before OR coalesce(v.decision = 'declined', false),
        proof_asked_at = CASE WHEN v.decision IS NULL THEN v.proof_asked_at END,
        proof_message = CASE WHEN v.decision IS NULL THEN v.proof_message END,
        decision = NULL, decided_at = NULL, reason = NULL, message = NULL;
    RETURN 'in_review';
END $$;

-- --- what organisers decide ---

-- The registration of which that version was seen, locked; null: it is another one by now, or nothing is to be decided of it.
CREATE FUNCTION review_lock(p_registration uuid, p_version int, p_states text[]) RETURNS uuid LANGUAGE plpgsql AS $$
BEGIN
    RETURN (SELECT r.id FROM registration r JOIN registration_review v ON v.registration_id = r.id JOIN hcp h ON h.id = r.hcp_id
             WHERE r.id = p_registration AND v.version = p_version AND r.state = ANY (p_states) AND h.erased_at IS NULL
               FOR NO KEY UPDATE OF r, v);
END $$;

CREATE FUNCTION review_note(p_registration uuid, p_decision text, p_reason text, p_message text, p_by uuid, p_now timestamptz)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    UPDATE registration_review SET version = version + 1, decision = p_decision, decided_at = p_now, reason = p_reason,
           message = p_message, by_account_id = (SELECT id FROM account WHERE id = p_by)
     WHERE registration_id = p_registration;
END $$;

-- 'registered', 'waiting', or why not: 'changed', 'closed', 'full': then the caller undoes what was written. Places are given to the line
-- as a whole, in which the person stands where their confirmation was.
CREATE FUNCTION review_approve(p_registration uuid, p_version int, p_by uuid, p_now timestamptz) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    v_congress CONSTANT uuid := (SELECT congress_id FROM registration WHERE id = p_registration);
    v_profile uuid;
BEGIN
    PERFORM places_lock(v_congress);
    IF review_lock(p_registration, p_version, '{in_review,declined}') IS NULL THEN
        RETURN 'changed';
    ELSIF seats_free(v_congress) IS NULL THEN
        RETURN 'closed';
    END IF;
    PERFORM review_note(p_registration, 'approved', NULL, NULL, p_by, p_now);
    UPDATE registration SET state = 'waiting', waiting_number = coalesce(waiting_number, nextval('registration_turn'))
     WHERE id = p_registration;
    SELECT g.target_profile_id INTO v_profile FROM places_given(v_congress) g WHERE g.registration_id = p_registration;
    IF FOUND THEN
        PERFORM place_take(p_registration, v_profile);
        UPDATE registration SET registered_at = p_now WHERE id = p_registration;
        RETURN 'registered';
    ELSIF NOT (SELECT waiting_list FROM congress WHERE id = v_congress) THEN
        RETURN 'full';
    END IF;
    UPDATE registration SET waiting_since = p_now WHERE id = p_registration;
    RETURN 'waiting';
END $$;

-- 'declined' or 'changed'.
CREATE FUNCTION review_decline(p_registration uuid, p_version int, p_reason text, p_message text, p_by uuid, p_now timestamptz)
RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    IF review_lock(p_registration, p_version, '{in_review}') IS NULL THEN
        RETURN 'changed';
    END IF;
    PERFORM review_note(p_registration, 'declined', p_reason, p_message, p_by, p_now);
    UPDATE registration SET state = 'declined' WHERE id = p_registration;
    RETURN 'declined';
END $$;

-- 'in_review' or 'changed'.
CREATE FUNCTION review_ask_proof(p_registration uuid, p_version int, p_message text, p_by uuid, p_now timestamptz)
RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    IF review_lock(p_registration, p_version, '{in_review}') IS NULL THEN
        RETURN 'changed';
    END IF;
    UPDATE registration_review SET version = version + 1, proof_asked_at = p_now, proof_message = p_message,
           by_account_id = (SELECT id FROM account WHERE id = p_by)
     WHERE registration_id = p_registration;
    RETURN 'in_review';
END $$;

-- Whoever erases, a server of before this migration, too: they are in review no more, and nothing keeps what was written to them.
CREATE FUNCTION hcp_leaves_review() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE registration_review v SET proof_message = NULL, message = NULL
      FROM registration r WHERE r.hcp_id = NEW.id AND v.registration_id = r.id;
    UPDATE registration SET state = 'cancelled', cancelled_at = NEW.erased_at WHERE hcp_id = NEW.id AND state = 'in_review';
    RETURN NULL;
END $$;
CREATE TRIGGER hcp_leaves_review AFTER UPDATE OF erased_at ON hcp
    FOR EACH ROW WHEN (NEW.erased_at IS NOT NULL) EXECUTE FUNCTION hcp_leaves_review();

-- --- what reviewers see ---

-- Other registrations of a congress that may be of the same person, cancelled ones aside: somebody with the same number, or with the
-- same name at another address. Two numbers are two people. In SQL, so that it is written out where it is called.
CREATE FUNCTION review_twins(p_congress uuid, h hcp) RETURNS TABLE (registration_id uuid, same_rpps boolean)
LANGUAGE sql STABLE ROWS 2 AS $$
    SELECT r.id, true FROM hcp o JOIN registration r ON r.hcp_id = o.id AND r.congress_id = p_congress
     WHERE o.organisation_id = h.organisation_id AND o.rpps = h.rpps AND o.id <> h.id AND r.state <> 'cancelled'
    UNION ALL
    SELECT r.id, false FROM hcp o JOIN registration r ON r.hcp_id = o.id AND r.congress_id = p_congress
     WHERE o.organisation_id = h.organisation_id AND o.erased_at IS NULL AND h.erased_at IS NULL AND o.id <> h.id
       AND r.state <> 'cancelled' AND folded(o.first_name || ' ' || o.last_name) = folded(h.first_name || ' ' || h.last_name)
       AND o.email <> h.email AND (o.rpps IS NULL OR h.rpps IS NULL)
$$;

-- What a reviewer looks at first. industry: they or the register say that they work for the pharmaceutical industry (SA32, SA46).
CREATE FUNCTION review_flags(p_registrations uuid[]) RETURNS TABLE (registration_id uuid, flags text[]) LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY
        SELECT r.id, array_remove(ARRAY[
                   CASE WHEN r.practice_setting IN ('SA32', 'SA46') OR EXISTS (
                            SELECT FROM hcp_attributes a WHERE a.hcp_id = r.hcp_id AND a.practice_setting IN ('SA32', 'SA46'))
                        THEN 'industry' END,
                   CASE WHEN EXISTS (SELECT FROM review_twins(r.congress_id, h) t WHERE t.same_rpps) THEN 'same_rpps' END,
                   CASE WHEN EXISTS (SELECT FROM review_twins(r.congress_id, h) t WHERE NOT t.same_rpps) THEN 'same_name' END,
                   CASE WHEN r.registry_verdict IN ('differs', 'unknown') THEN 'registry' END,
                   CASE WHEN v.declined_before THEN 'declined_before' END], NULL)
          FROM registration r JOIN hcp h ON h.id = r.hcp_id JOIN registration_review v ON v.registration_id = r.id
         WHERE r.id = ANY (p_registrations);
END $$;

-- Who of a congress is in review with a flag.
CREATE FUNCTION review_flagged(p_congress uuid) RETURNS SETOF uuid LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY
        SELECT f.registration_id
          FROM review_flags(ARRAY(SELECT r.id FROM registration r WHERE r.congress_id = p_congress AND r.state = 'in_review')) f
         WHERE f.flags <> '{}';
END $$;

-- A review as organisers see it; null: there was none.
CREATE FUNCTION review_json(p_registration uuid) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT jsonb_build_object('version', v.version, 'since', json_time(v.since),
                'proof_asked_at', json_time(v.proof_asked_at), 'proof_message', v.proof_message,
                'decision', v.decision, 'decided_at', json_time(v.decided_at), 'reason', v.reason, 'message', v.message,
                'by', (SELECT a.name FROM account a WHERE a.id = v.by_account_id))
              FROM registration_review v WHERE v.registration_id = p_registration);
END $$;

-- How many are in review, how many of these have flags, of how many proof was asked for; and how many were declined.
CREATE FUNCTION review_counts(p_congress uuid) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT jsonb_build_object(
                'in_review', count(*) FILTER (WHERE r.state = 'in_review'),
                'flagged', (SELECT count(*) FROM review_flagged(p_congress)),
                'proof_asked', count(*) FILTER (WHERE r.state = 'in_review' AND v.proof_asked_at IS NOT NULL),
                'declined', count(*) FILTER (WHERE r.state = 'declined'))
              FROM registration r JOIN registration_review v ON v.registration_id = r.id
             WHERE r.congress_id = p_congress AND r.state IN ('in_review', 'declined'));
END $$;

CREATE OR REPLACE FUNCTION registration_policy_json(p_congress uuid) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT jsonb_build_object(
                'policy', coalesce(p.policy, 'open'),
                'target_list', (SELECT jsonb_build_object('id', l.id, 'name', l.name) FROM target_list l WHERE l.id = p.target_list_id),
                'target_profiles', (SELECT count(*) FROM target_profile t WHERE t.congress_id = c.id),
                'review', c.review, 'waiting_list', c.waiting_list)
              FROM congress c LEFT JOIN registration_policy p ON p.congress_id = c.id WHERE c.id = p_congress);
END $$;

-- --- what the person sees, and has of it in their copy ---

-- As in migration 0079; message: what they were told when they were declined; proof_message: what they were asked for.
CREATE OR REPLACE FUNCTION link_preview(p_token_hash bytea, p_now timestamptz) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
    WITH found AS (
        SELECT r.id, r.state, waiting_place(r) AS waiting_place, r.congress_id, r.link_id, r.language, h.first_name, h.last_name, '[]'::jsonb AS people
          FROM one_time_link l JOIN registration r ON r.id = l.registration_id
          JOIN hcp h ON h.id = r.hcp_id AND h.erased_at IS NULL
         WHERE l.token_hash = p_token_hash AND l.expires_at > p_now
        UNION ALL
        SELECT NULL, 'requested', NULL, q.congress_id, q.link_id, q.language, q.first_name, q.last_name,
               coalesce((SELECT jsonb_agg(jsonb_build_object('id', h.id, 'first_name', h.first_name,
                                'last_name', h.last_name) ORDER BY h.created_at, h.id)
                           FROM hcp h WHERE h.organisation_id = q.organisation_id AND h.email = q.email
                         HAVING bool_and(folded(h.first_name || ' ' || h.last_name)
                                         <> folded(q.first_name || ' ' || q.last_name))), '[]')
          FROM registration_request q WHERE q.token_hash = p_token_hash AND q.expires_at > p_now)
    SELECT jsonb_build_object('state', f.state, 'waiting_place', f.waiting_place, 'review', c.review,
        'message', (SELECT v.message FROM registration_review v WHERE v.registration_id = f.id AND f.state = 'declined'),
        'proof_message', (SELECT v.proof_message FROM registration_review v WHERE v.registration_id = f.id AND f.state = 'in_review'),
        'first_name', f.first_name, 'last_name', f.last_name,
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

-- As in migration 0079, with the review, but for who reviewed and whom they may be thought to be.
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
        'review', review_json(r.id) - '{version,by}'::text[],
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

-- As in migration 0077, with the new states.
CREATE OR REPLACE FUNCTION target_people_counts(p_profile uuid, p_attended uuid[]) RETURNS jsonb LANGUAGE plpgsql STABLE SET jit = off AS $$
DECLARE
    t target_profile;
    known boolean;
    n record;
BEGIN
    SELECT * INTO t FROM target_profile WHERE id = p_profile AND universe_from = 'target_list';
    IF t.id IS NULL THEN
        RETURN NULL;
    END IF;
    known := t.universe_work IS NULL AND t.universe_counted IS NOT NULL;
    EXECUTE format('SELECT count(*) AS people, count(*) FILTER (WHERE state = ''attended'') AS attended,'
                   ' count(*) FILTER (WHERE state = ''registered'') AS registered,'
                   ' count(*) FILTER (WHERE state = ''waiting'') AS waiting,'
                   ' count(*) FILTER (WHERE state = ''in_review'') AS in_review,'
                   ' count(*) FILTER (WHERE state = ''declined'') AS declined,'
                   ' count(*) FILTER (WHERE state = ''cancelled'') AS cancelled FROM (%s) q WHERE %s',
                   target_people_sql(p_profile, NULL, NULL, NULL),
                   CASE WHEN known THEN 'registration_id IS NOT NULL' ELSE 'true' END)
       INTO n USING p_attended;
    RETURN jsonb_build_object('id', t.universe_list, 'name', (SELECT l.name FROM target_list l WHERE l.id = t.universe_list),
        'people', CASE WHEN known THEN t.universe_counted ELSE n.people END,
        'attended', n.attended, 'registered', n.registered, 'waiting', n.waiting,
        'in_review', n.in_review, 'declined', n.declined, 'cancelled', n.cancelled,
        'not_reached', CASE WHEN known THEN t.universe_counted ELSE n.people END - n.attended - n.registered - n.waiting
                       - n.in_review - n.declined - n.cancelled);
END $$;
