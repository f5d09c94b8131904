-- A gap is bridged by how long nobody was there, however the connection ended. A span ends at the last
-- sign of life, which a lost connection gave up to a ping period before it was lost; the gap counts from
-- when it was known to be gone: the moment of a reset, the ping that nobody answered, the lease that did
-- not come. Null: as left_at.
ALTER TABLE span ADD COLUMN gone_at timestamptz CHECK (gone_at >= left_at);
UPDATE application_privilege SET may_set = may_set || '{gone_at}'::name[] WHERE table_name = 'span';

-- A span only ever gains its end.
CREATE OR REPLACE FUNCTION span_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.left_at IS NOT NULL OR NEW.left_at IS NULL
       OR to_jsonb(OLD) - 'left_at' - 'gone_at' - 'on_purpose'
          IS DISTINCT FROM to_jsonb(NEW) - 'left_at' - 'gone_at' - 'on_purpose' THEN
        RAISE EXCEPTION 'span is append-only' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

-- As in migration 0018, but: `bridge` counts from gone_at, and a span without an end lasts until the
-- lease of its own run, not of the newest one.
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
                              max(v.bridge_to) OVER earlier AS bridge
                         FROM (SELECT p.session_id, p.registration_id, p.kind, p.joined_at,
                                      x.live_at, coalesce(x.ended_at, l.at) AS live_end,
                                      y.until,
                                      p.left_at IS NULL AND p.kind = 'connected'
                                        AND n.lease_at >= l.at - interval '1 minute' AS open,
                                      CASE WHEN p.kind = 'connected' AND NOT p.on_purpose
                                           THEN greatest(y.until, p.gone_at) + x.presence_gap
                                           ELSE y.until END AS bridge_to
                                 FROM span p
                                 JOIN session x ON x.id = p.session_id
                                 JOIN node n ON n.id = p.node_id
                                CROSS JOIN lease l
                                CROSS JOIN LATERAL (
                                      SELECT greatest(p.joined_at, coalesce(p.left_at,
                                             CASE WHEN n.lease_at = l.at
                                                  THEN coalesce(x.ended_at, l.at)
                                                  ELSE least(x.ended_at, n.lease_at) END)) AS until) y
                                WHERE p.registration_id IS NOT NULL) v
                       WINDOW earlier AS (
                              PARTITION BY v.session_id, v.registration_id, v.kind
                              ORDER BY v.joined_at
                              ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) w
              ) e
        GROUP BY e.session_id, e.registration_id) c
       ON c.session_id = s.id AND c.registration_id = r.id;
