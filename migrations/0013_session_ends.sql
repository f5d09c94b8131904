-- Polls do not outlive their session.

-- What ends with a session, in the transaction that ends it: polls that are open are closed. Returns
-- the events of that, which come before session.ended and are for everybody.
CREATE FUNCTION session_ends(p_session uuid, p_at timestamptz)
RETURNS TABLE (seq bigint, type text, payload jsonb) LANGUAGE plpgsql AS $$
DECLARE
    p record;
BEGIN
    FOR p IN UPDATE poll SET state = 'closed', closed_at = greatest(p_at, opened_at)
              WHERE session_id = p_session AND state = 'open'
              RETURNING id, closed_at
    LOOP
        type := 'poll.closed';
        payload := jsonb_build_object('id', p.id, 'closed_at',
            to_char(p.closed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'));
        seq := session_append_event(p_session, type, payload, p_at);
        RETURN NEXT;
    END LOOP;
END $$;

SELECT e.seq FROM session s, session_ends(s.id, s.ended_at) e WHERE s.state = 'ended';
