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
CREATE INDEX span_session ON span (session_id, registration_id, kind, joined_at);
CREATE INDEX span_open ON span (node_id) WHERE left_at IS NULL;
CREATE INDEX span_registration ON span (registration_id);

-- A span only ever gains its end.
CREATE FUNCTION span_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.left_at IS NOT NULL OR NEW.left_at IS NULL
       OR to_jsonb(OLD) - 'left_at' IS DISTINCT FROM to_jsonb(NEW) - 'left_at' THEN
        RAISE EXCEPTION 'span is append-only' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER span_append_only BEFORE UPDATE OR DELETE ON span
    FOR EACH ROW EXECUTE FUNCTION span_guard();
CREATE TRIGGER span_keep BEFORE TRUNCATE ON span
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- One line per registration of the session's congress and session, whatever its state; sessions not
-- started yet: zeros.
--
-- seconds_present is the union of the person's connected spans, over all devices, gaps up to
-- presence_gap bridged, cut to the live time; seconds_attentive the union of the attentive spans
-- without bridging. Spans still open count up to the newest lease. One ordered pass over the
-- session's spans: each span adds what lies beyond the furthest end seen so far, and a gap that is
-- bridged belongs to the span that ends it. Sums are exact (intervals, numeric): rules compare them.
-- Both columns of the window's partition may be asked for by constants, which then reach the spans.
CREATE VIEW attendance AS
WITH lease AS (SELECT max(lease_at) AS at FROM node)
SELECT s.organisation_id, s.id AS session_id, r.id AS registration_id, r.state,
       t.live_seconds, c.first_join, c.last_leave, coalesce(c.present, false) AS present,
       coalesce(c.seconds_present, 0) AS seconds_present,
       coalesce(c.seconds_attentive, 0) AS seconds_attentive,
       CASE WHEN t.live_seconds > 0
            THEN least(1, coalesce(c.seconds_present, 0) / t.live_seconds) END AS share,
       coalesce(c.seconds_present, 0) >= 60 AS attended,
       t.live_seconds > 0 AND coalesce(c.seconds_present, 0) >= 60
         AND coalesce(c.seconds_present, 0) >= s.completion_threshold * t.live_seconds AS completed
  FROM session s
  JOIN registration r ON r.congress_id = s.congress_id
  CROSS JOIN lease l
  CROSS JOIN LATERAL (
       SELECT CASE WHEN s.live_at IS NULL THEN 0
                   ELSE greatest(0, extract(epoch FROM coalesce(s.ended_at, l.at) - s.live_at))
              END AS live_seconds) t
  LEFT JOIN (
       SELECT e.session_id, e.registration_id, min(e.joined_at) AS first_join,
              max(e.until) AS last_leave, bool_or(e.open) AS present,
              coalesce(extract(epoch FROM sum(e.added) FILTER (WHERE e.kind = 'connected')), 0)
                  AS seconds_present,
              coalesce(extract(epoch FROM sum(e.added) FILTER (WHERE e.kind = 'attentive')), 0)
                  AS seconds_attentive
         FROM (SELECT w.session_id, w.registration_id, w.kind, w.joined_at, w.until, w.open,
                      CASE WHEN w.live_at IS NULL THEN interval '0'
                           ELSE greatest(interval '0', least(w.until, w.live_end) - greatest(
                                    w.live_at, CASE WHEN w.joined_at <= w.reached + w.gap
                                                    THEN w.reached ELSE w.joined_at END))
                      END AS added
                 FROM (SELECT v.*, max(v.until) OVER (
                                  PARTITION BY v.session_id, v.registration_id, v.kind
                                  ORDER BY v.joined_at
                                  ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS reached
                         FROM (SELECT p.session_id, p.registration_id, p.kind, p.joined_at,
                                      x.live_at, coalesce(x.ended_at, l.at) AS live_end,
                                      greatest(p.joined_at,
                                               coalesce(p.left_at, x.ended_at, l.at)) AS until,
                                      p.left_at IS NULL AND p.kind = 'connected' AS open,
                                      CASE p.kind WHEN 'connected' THEN x.presence_gap
                                                  ELSE interval '0' END AS gap
                                 FROM span p
                                 JOIN session x ON x.id = p.session_id
                                CROSS JOIN lease l
                                WHERE p.registration_id IS NOT NULL) v) w
              ) e
        GROUP BY e.session_id, e.registration_id) c
       ON c.session_id = s.id AND c.registration_id = r.id;
