-- One door for what happened: whoever changes something that a session's people or its replay can see
-- appends the event in the same transaction, with the version of its payload, who is told, and who did it.

-- Rows from before are version 0: they can be read, but are not applied to a room.
ALTER TABLE session_event
    ADD COLUMN version  int NOT NULL DEFAULT 0 CHECK (version >= 0),
    ADD COLUMN audience int NOT NULL DEFAULT 0 CHECK (audience >= 0), -- bits of enum role; 0: nobody is told
    ADD COLUMN actor    uuid;                   -- account or registration; null: the server itself
ALTER TABLE session_event
    ALTER COLUMN version DROP DEFAULT,
    ALTER COLUMN audience DROP DEFAULT;

-- Locks the rows of sessions, in order of id, before anything else of them is changed: a transaction that
-- appends to a session's log locks its row first, so that two of them wait for each other in one order.
CREATE FUNCTION sessions_lock(p_sessions uuid[]) RETURNS void LANGUAGE sql AS $$
    SELECT count(*) FROM (SELECT 1 FROM session WHERE id = ANY (p_sessions)
                           ORDER BY id FOR NO KEY UPDATE) locked
$$;

DROP FUNCTION session_ends(uuid, timestamptz);
DROP FUNCTION session_append_event(uuid, text, jsonb, timestamptz);

-- Appends an event in the caller's transaction and returns its seq. The session's row is locked until the
-- commit, so seq has no gaps and all nodes agree on the order.
CREATE FUNCTION session_append_event(p_session uuid, p_type text, p_version int, p_audience int,
                                     p_actor uuid, p_payload jsonb, p_at timestamptz)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    s bigint;
BEGIN
    UPDATE session SET seq = seq + 1 WHERE id = p_session RETURNING seq INTO s;
    IF s IS NULL THEN
        RAISE EXCEPTION 'no session %', p_session USING ERRCODE = 'AM404';
    END IF;
    INSERT INTO session_event (session_id, seq, at, type, version, audience, actor, payload)
        VALUES (p_session, s, p_at, p_type, p_version, p_audience, p_actor, p_payload);
    RETURN s;
END $$;

-- The session as its people see it: the part of a snapshot that events change. Reads one row.
CREATE FUNCTION session_shown(p_session uuid) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'id', s.id, 'title', s.title, 'description', s.description, 'language', s.language,
        'state', s.state, 'version', s.version, 'starts_at', json_time(s.starts_at),
        'planned_minutes', s.planned_minutes, 'live_at', json_time(s.live_at),
        'ended_at', json_time(s.ended_at), 'listen_at', s.listen_at,
        'congress', jsonb_build_object('id', c.id, 'title', c.title, 'time_zone', c.time_zone),
        'organisation', jsonb_build_object('name', o.name, 'contact_email', o.contact_email))
      FROM session s
      JOIN congress c ON c.id = s.congress_id
      JOIN organisation o ON o.id = s.organisation_id
     WHERE s.id = p_session
$$;

-- The votes of a poll as poll.closed carries them: how many people voted, and for which option how many.
CREATE FUNCTION poll_tally(p_poll uuid) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'voters', (SELECT count(*) FROM poll_vote WHERE poll_id = p_poll),
        'counts', (SELECT coalesce(jsonb_agg(n ORDER BY position), '[]') FROM (
            SELECT o.position, count(v.registration_id) AS n
              FROM poll_option o
              LEFT JOIN poll_vote v
                ON v.poll_id = p_poll AND v.choices & (1 << (o.position - 1)) <> 0
             WHERE o.poll_id = p_poll GROUP BY o.position) counted))
$$;

-- Closes a poll that is open, and appends poll.closed with its final tally. The row is locked against
-- voters first: who votes holds it in share mode until the vote is committed, and is counted.
CREATE FUNCTION poll_close(p_poll uuid, p_actor uuid, p_at timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    p poll;
BEGIN
    SELECT * INTO p FROM poll WHERE id = p_poll AND state = 'open' FOR UPDATE;
    IF p.id IS NULL THEN
        RETURN;
    END IF;
    UPDATE poll SET state = 'closed', closed_at = greatest(p_at, opened_at) WHERE id = p_poll
        RETURNING * INTO p;
    PERFORM session_append_event(p.session_id, 'poll.closed', 1, 31, p_actor,
        jsonb_build_object('id', p.id, 'closed_at', json_time(p.closed_at), 'tally', poll_tally(p.id)),
        p_at);
END $$;

-- What ends with a session, in the transaction that ends it and before session.ended: its open polls.
CREATE FUNCTION session_ends(p_session uuid, p_actor uuid, p_at timestamptz) RETURNS void
LANGUAGE sql AS $$
    SELECT count(poll_close(id, p_actor, p_at)::text) FROM (
        SELECT id FROM poll WHERE session_id = p_session AND state = 'open' ORDER BY position) open
$$;
