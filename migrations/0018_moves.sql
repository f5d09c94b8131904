-- A person who leaves a session, or moves to another one, is gone on purpose: no gap after that is bridged.

ALTER TABLE span ADD COLUMN on_purpose boolean NOT NULL DEFAULT false;

-- A span only ever gains its end.
CREATE OR REPLACE FUNCTION span_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.left_at IS NOT NULL OR NEW.left_at IS NULL
       OR to_jsonb(OLD) - 'left_at' - 'on_purpose'
          IS DISTINCT FROM to_jsonb(NEW) - 'left_at' - 'on_purpose' THEN
        RAISE EXCEPTION 'span is append-only' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

-- As in migration 0008, but that a gap is bridged only after a span that did not end on purpose: `bridge`
-- is how far the spans so far reach with the gap that each may bridge.
CREATE OR REPLACE VIEW attendance AS
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
                                    w.live_at, CASE WHEN w.joined_at <= w.bridge
                                                    THEN w.reached ELSE w.joined_at END))
                      END AS added
                 FROM (SELECT v.*,
                              max(v.until) OVER earlier AS reached,
                              max(v.until + v.gap) OVER earlier AS bridge
                         FROM (SELECT p.session_id, p.registration_id, p.kind, p.joined_at,
                                      x.live_at, coalesce(x.ended_at, l.at) AS live_end,
                                      greatest(p.joined_at,
                                               coalesce(p.left_at, x.ended_at, l.at)) AS until,
                                      p.left_at IS NULL AND p.kind = 'connected' AS open,
                                      CASE WHEN p.kind = 'connected' AND NOT p.on_purpose
                                           THEN x.presence_gap ELSE interval '0' END AS gap
                                 FROM span p
                                 JOIN session x ON x.id = p.session_id
                                CROSS JOIN lease l
                                WHERE p.registration_id IS NOT NULL) v
                       WINDOW earlier AS (
                              PARTITION BY v.session_id, v.registration_id, v.kind
                              ORDER BY v.joined_at
                              ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) w
              ) e
        GROUP BY e.session_id, e.registration_id) c
       ON c.session_id = s.id AND c.registration_id = r.id;
