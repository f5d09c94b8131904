-- Congresses, their rooms, tracks and sessions; the session event log. A webinar is a congress with
-- one session.

CREATE TABLE congress (
    id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    organisation_id uuid NOT NULL REFERENCES organisation (id),
    title           text NOT NULL CHECK (length(title) BETWEEN 1 AND 200),
    description     text NOT NULL DEFAULT '' CHECK (length(description) <= 5000),
    language        text NOT NULL CHECK (language IN ('fr', 'en')),
    time_zone       text NOT NULL,              -- IANA name, checked by the server
    created_at      timestamptz NOT NULL,
    UNIQUE (organisation_id, id)
);
CREATE INDEX congress_list ON congress (organisation_id, created_at DESC, id);

CREATE TABLE room (
    id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    organisation_id uuid NOT NULL,
    congress_id     uuid NOT NULL,
    name            text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    UNIQUE (congress_id, name),
    UNIQUE (organisation_id, congress_id, id),
    FOREIGN KEY (organisation_id, congress_id) REFERENCES congress (organisation_id, id)
);

CREATE TABLE track (
    id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    organisation_id uuid NOT NULL,
    congress_id     uuid NOT NULL,
    name            text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    UNIQUE (congress_id, name),
    UNIQUE (organisation_id, congress_id, id),
    FOREIGN KEY (organisation_id, congress_id) REFERENCES congress (organisation_id, id)
);

-- draft: being prepared; lobby: published, people may register and wait; live; ended; cancelled.
CREATE TABLE session (
    id                   uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    organisation_id      uuid NOT NULL,
    congress_id          uuid NOT NULL,
    room_id              uuid NOT NULL,
    track_id             uuid,
    title                text NOT NULL CHECK (length(title) BETWEEN 1 AND 200),
    description          text NOT NULL DEFAULT '' CHECK (length(description) <= 5000),
    language             text NOT NULL CHECK (language IN ('fr', 'en')),
    starts_at            timestamptz NOT NULL,
    planned_minutes      int NOT NULL CHECK (planned_minutes BETWEEN 5 AND 1440),
    capacity             int NOT NULL CHECK (capacity BETWEEN 1 AND 100000),
    listen_at            text NOT NULL DEFAULT '' CHECK (length(listen_at) <= 500),
    completion_threshold numeric(4, 3) NOT NULL DEFAULT 0.750
                         CHECK (completion_threshold > 0 AND completion_threshold <= 1),
    presence_gap         interval NOT NULL DEFAULT '30 seconds'
                         CHECK (presence_gap BETWEEN '0 seconds' AND '10 minutes'),
    state                text NOT NULL DEFAULT 'draft'
                         CHECK (state IN ('draft', 'lobby', 'live', 'ended', 'cancelled')),
    live_at              timestamptz,
    ended_at             timestamptz,
    version              bigint NOT NULL DEFAULT 0,   -- of host commands
    seq                  bigint NOT NULL DEFAULT 0,   -- of session_event
    calendar_sequence    int NOT NULL DEFAULT 0,
    created_at           timestamptz NOT NULL,
    UNIQUE (organisation_id, id),
    UNIQUE (organisation_id, congress_id, id),
    FOREIGN KEY (organisation_id, congress_id) REFERENCES congress (organisation_id, id),
    FOREIGN KEY (organisation_id, congress_id, room_id)
        REFERENCES room (organisation_id, congress_id, id),
    FOREIGN KEY (organisation_id, congress_id, track_id)
        REFERENCES track (organisation_id, congress_id, id),
    CHECK ((live_at IS NOT NULL) = (state IN ('live', 'ended'))),
    CHECK ((ended_at IS NOT NULL) = (state = 'ended')),
    CHECK (ended_at IS NULL OR ended_at >= live_at)
);
CREATE INDEX session_congress ON session (congress_id, starts_at);

-- The append-only log of a session. Replay, audit and figures read it.
CREATE TABLE session_event (
    session_id uuid NOT NULL REFERENCES session (id),
    seq        bigint NOT NULL CHECK (seq > 0),
    at         timestamptz NOT NULL,
    type       text NOT NULL,                  -- 'slide.moved'
    payload    jsonb NOT NULL,
    PRIMARY KEY (session_id, seq)
);
CREATE TRIGGER session_event_append_only BEFORE UPDATE OR DELETE ON session_event
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER session_event_keep BEFORE TRUNCATE ON session_event
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Appends an event in the caller's transaction and returns its seq. The session row is locked, so
-- seq has no gaps and all nodes agree on the order.
CREATE FUNCTION session_append_event(p_session uuid, p_type text, p_payload jsonb, p_at timestamptz)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    s bigint;
BEGIN
    UPDATE session SET seq = seq + 1 WHERE id = p_session RETURNING seq INTO s;
    IF s IS NULL THEN
        RAISE EXCEPTION 'no session %', p_session USING ERRCODE = 'AM404';
    END IF;
    INSERT INTO session_event (session_id, seq, at, type, payload)
        VALUES (p_session, s, p_at, p_type, p_payload);
    RETURN s;
END $$;
