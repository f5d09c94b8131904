-- The figures of those who match no target profile, so that a session's table accounts for everybody.
CREATE FUNCTION session_no_profile(p_session uuid)
RETURNS TABLE (registered bigint, present bigint, attended bigint, completed bigint)
LANGUAGE sql STABLE AS $$
    SELECT count(*), count(*) FILTER (WHERE a.present),
           count(*) FILTER (WHERE a.attended), count(*) FILTER (WHERE a.completed)
      FROM attendance a
     WHERE a.session_id = p_session AND (a.state = 'registered' OR a.attended)
       AND NOT EXISTS (SELECT FROM registration_profile m
                        WHERE m.registration_id = a.registration_id)
$$;
