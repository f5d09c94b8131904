-- No new type of event, nor a new version of one, is written before every server that lives reads it: while servers are
-- exchanged one by one those of the version before would pass over it.

-- The default is what the version before this file reads, which says nothing itself.
ALTER TABLE node ADD COLUMN reads jsonb NOT NULL DEFAULT '{
    "deck.changed": 1, "hand.lowered": 1, "hand.raised": 1, "person.erased": 1, "person.renamed": 1, "poll.changed": 1,
    "poll.closed": 1, "poll.opened": 1, "poll.results_hidden": 1, "poll.results_shown": 1, "programme.changed": 1,
    "question.asked": 1, "question.changed": 1, "question.closed": 1, "question.hidden": 1, "question.shown": 1,
    "question.staged": 1, "recording.consented": 1, "recording.set": 1, "recording.started": 1, "recording.stopped": 1,
    "session.changed": 1, "session.created": 1, "session.ended": 1, "session.extended": 1, "session.started": 1,
    "slide.deck": 1, "slide.moved": 1, "stage.changed": 1, "stage.declined": 1, "stage.entered": 1, "stage.invited": 1,
    "stage.layout": 1, "stage.left": 1, "stage.moved": 1, "stage.spotlight": 1}';
COMMENT ON COLUMN node.reads IS 'types of events with the newest version that this run reads';

-- What may be written: filled by the first event of each type, once every run that lives reads it. A run that reads less is
-- not let in as long as another lives.
CREATE TABLE event_opened (
    type    text PRIMARY KEY,
    version int NOT NULL CHECK (version >= 0) -- the newest
);

-- AM503: a server that lives does not read it. Runs that begin, and whoever opens another type, wait for the commit.
CREATE FUNCTION event_open(p_type text, p_version int) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM installation FOR NO KEY UPDATE;
    IF EXISTS (SELECT FROM node WHERE stopped_at IS NULL AND coalesce((reads->>p_type)::int, 0) < p_version) THEN
        RAISE EXCEPTION 'a server that lives does not read the event % %', p_type, p_version USING ERRCODE = 'AM503';
    END IF;
    INSERT INTO event_opened (type, version) VALUES (p_type, p_version)
        ON CONFLICT (type) DO UPDATE SET version = greatest(event_opened.version, excluded.version);
END $$;

-- As in 0015, which see.
CREATE OR REPLACE FUNCTION session_append_event(p_session uuid, p_type text, p_version int, p_audience int,
                                                p_actor uuid, p_payload jsonb, p_at timestamptz)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    s bigint;
BEGIN
    UPDATE session SET seq = seq + 1 WHERE id = p_session RETURNING seq INTO s;
    IF s IS NULL THEN
        RAISE EXCEPTION 'no session %', p_session USING ERRCODE = 'AM404';
    END IF;
    IF NOT EXISTS (SELECT FROM event_opened WHERE type = p_type AND version >= p_version) THEN
        PERFORM event_open(p_type, p_version);
    END IF;
    INSERT INTO session_event (session_id, seq, at, type, version, audience, actor, payload)
        VALUES (p_session, s, p_at, p_type, p_version, p_audience, p_actor, p_payload);
    RETURN s;
END $$;

-- AM503: what it does not read may be written at any moment, or was written in a session that is not over. Where neither is
-- so, after all servers of a newer version were stopped, it is held back again.
CREATE FUNCTION node_reads_what_is_written() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    o event_opened;
BEGIN
    PERFORM FROM installation FOR NO KEY UPDATE;
    FOR o IN SELECT * FROM event_opened WHERE coalesce((NEW.reads->>type)::int, 0) < version LOOP
        IF EXISTS (SELECT FROM node WHERE stopped_at IS NULL)
           OR EXISTS (SELECT FROM session s JOIN session_event e ON e.session_id = s.id
                       WHERE s.state IN ('draft', 'lobby', 'live') AND e.type = o.type
                         AND e.version > coalesce((NEW.reads->>o.type)::int, 0)) THEN
            RAISE EXCEPTION 'newer servers write the event % %', o.type, o.version USING ERRCODE = 'AM503';
        END IF;
        DELETE FROM event_opened WHERE type = o.type;
    END LOOP;
    RETURN NEW;
END $$;
CREATE TRIGGER node_reads_what_is_written BEFORE INSERT ON node
    FOR EACH ROW WHEN (NEW.stopped_at IS NULL) EXECUTE FUNCTION node_reads_what_is_written();
