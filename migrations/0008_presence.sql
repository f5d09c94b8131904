-- Spans as the server saw them, leases that end them after a crash, and attendance computed from
-- spans, always as a union over a person's connections.

-- A run of the server. One per name at a time; its lease says how long it was alive.
CREATE TABLE node (
    id         uuid PRIMARY KEY,
    name       text NOT NULL,
    started_at timestamptz NOT NULL,
    lease_at   timestamptz NOT NULL,
    stopped_at timestamptz,
    CHECK (lease_at >= started_at)
);
CREATE INDEX node_running ON node (name) WHERE stopped_at IS NULL;

CREATE TABLE span (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    session_id      uuid NOT NULL,
    registration_id uuid,
    account_id      uuid,
    kind            text NOT NULL CHECK (kind IN ('connected', 'attentive')),
    connection      uuid NOT NULL,              -- the id of the connected span it belongs to
    node_id         uuid NOT NULL REFERENCES node (id),
    joined_at       timestamptz NOT NULL,
    left_at         timestamptz,                -- time of the last byte received; null: still there
    FOREIGN KEY (organisation_id, session_id) REFERENCES session (organisation_id, id),
    FOREIGN KEY (organisation_id, registration_id) REFERENCES registration (organisation_id, id),
    FOREIGN KEY (organisation_id, account_id) REFERENCES account (organisation_id, id),
    CHECK ((registration_id IS NULL) <> (account_id IS NULL)),
    CHECK (left_at IS NULL OR left_at >= joined_at),
    CHECK (kind = 'attentive' OR connection = id)
);
CREATE INDEX span_session ON span (session_id, registration_id);
CREATE INDEX span_open ON span (node_id) WHERE left_at IS NULL;
CREATE INDEX span_registration ON span (registration_id);

-- A span only ever gains its end.
CREATE FUNCTION span_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.left_at IS NOT NULL OR NEW.left_at IS NULL
       OR (OLD.id, OLD.session_id, OLD.kind, OLD.connection, OLD.node_id, OLD.joined_at)
          IS DISTINCT FROM
          (NEW.id, NEW.session_id, NEW.kind, NEW.connection, NEW.node_id, NEW.joined_at) THEN
        RAISE EXCEPTION 'span is append-only' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER span_append_only BEFORE UPDATE OR DELETE ON span
    FOR EACH ROW EXECUTE FUNCTION span_guard();

-- The seconds a set of spans covers of the live time [p_live, p_end), gaps up to p_gap bridged:
-- each span is lengthened by the gap, the union is taken, and the gap is cut off again from the end
-- of each piece. Spans still open count up to p_now.
CREATE FUNCTION covered_seconds(p_spans tstzmultirange, p_gap interval,
                                p_live timestamptz, p_end timestamptz)
RETURNS double precision LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(sum(greatest(0, extract(epoch FROM
               least(upper(piece) - p_gap, p_end) - greatest(lower(piece), p_live)))), 0)
      FROM unnest(p_spans) AS piece
     WHERE p_live IS NOT NULL
$$;

-- One line per registration of the session's congress and session. Sessions not started yet: zeros.
CREATE VIEW attendance AS
SELECT s.organisation_id, s.id AS session_id, r.id AS registration_id,
       t.live_seconds, c.first_join, c.last_leave,
       coalesce(c.seconds_present, 0) AS seconds_present,
       coalesce(c.seconds_attentive, 0) AS seconds_attentive,
       CASE WHEN t.live_seconds > 0
            THEN least(1, coalesce(c.seconds_present, 0) / t.live_seconds) END AS share,
       coalesce(c.seconds_present, 0) >= 60 AS attended,
       t.live_seconds > 0 AND coalesce(c.seconds_present, 0) >= 60
         AND coalesce(c.seconds_present, 0) >= s.completion_threshold * t.live_seconds AS completed
  FROM session s
  JOIN registration r ON r.congress_id = s.congress_id
  CROSS JOIN LATERAL (
       SELECT CASE WHEN s.live_at IS NULL THEN 0
                   ELSE extract(epoch FROM coalesce(s.ended_at, n.lease_at) - s.live_at) END
              AS live_seconds,
              coalesce(s.ended_at, n.lease_at) AS until
         FROM (SELECT max(lease_at) AS lease_at FROM node) n) t
  LEFT JOIN LATERAL (
       SELECT min(p.joined_at) AS first_join,
              max(coalesce(p.left_at, t.until)) AS last_leave,
              covered_seconds(range_agg(tstzrange(p.joined_at,
                  greatest(p.joined_at, coalesce(p.left_at, t.until)) + s.presence_gap))
                  FILTER (WHERE p.kind = 'connected'), s.presence_gap, s.live_at, t.until)
              AS seconds_present,
              covered_seconds(range_agg(tstzrange(p.joined_at,
                  greatest(p.joined_at, coalesce(p.left_at, t.until))))
                  FILTER (WHERE p.kind = 'attentive'), '0', s.live_at, t.until)
              AS seconds_attentive
         FROM span p
        WHERE p.session_id = s.id AND p.registration_id = r.id) c ON true;
