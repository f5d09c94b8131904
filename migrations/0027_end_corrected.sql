-- The end of a session may be corrected afterwards, to a moment before it really ended.

-- When it really ended, once `ended_at` was corrected.
ALTER TABLE session ADD COLUMN closed_at timestamptz CHECK (closed_at >= ended_at);

-- Before this moment it cannot have ended: something was shown, asked, opened or voted then.
CREATE FUNCTION session_last_act(p_session uuid) RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT greatest(s.live_at,
                    (SELECT max(e.at) FROM session_event e
                      WHERE e.session_id = s.id AND e.at < coalesce(s.closed_at, s.ended_at)
                        AND (e.type LIKE 'slide.%' OR e.type LIKE 'question.%' OR e.type LIKE 'poll.%')),
                    (SELECT max(v.at) FROM poll_vote v
                      WHERE v.session_id = s.id AND v.at <= coalesce(s.closed_at, s.ended_at)))
      FROM session s WHERE s.id = p_session
$$;
