-- Who cancels after having attended was there all the same: the figures of a session count registrations
-- that were not cancelled, and those that attended it.

CREATE OR REPLACE FUNCTION session_participation(p_session uuid)
RETURNS TABLE (target_profile_id uuid, registered bigint, present bigint, attended bigint,
               completed bigint)
LANGUAGE sql STABLE AS $$
    WITH a AS MATERIALIZED (
        SELECT registration_id, present, attended, completed
          FROM attendance
         WHERE session_id = p_session AND (state = 'registered' OR attended)
    )
    SELECT NULL::uuid, count(*), count(*) FILTER (WHERE present),
           count(*) FILTER (WHERE attended), count(*) FILTER (WHERE completed)
      FROM a
    UNION ALL
    SELECT m.target_profile_id, count(*), count(*) FILTER (WHERE present),
           count(*) FILTER (WHERE attended), count(*) FILTER (WHERE completed)
      FROM a
      JOIN registration_profile m ON m.registration_id = a.registration_id
     GROUP BY m.target_profile_id
$$;
