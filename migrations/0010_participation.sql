-- The figures of a session: over all registrations (target_profile_id null) and per target profile.
-- Cancelled registrations count nowhere. The live room computes the same from memory.

CREATE FUNCTION session_participation(p_session uuid)
RETURNS TABLE (target_profile_id uuid, registered bigint, present bigint, attended bigint,
               completed bigint)
LANGUAGE sql STABLE AS $$
    WITH a AS MATERIALIZED (
        SELECT registration_id, present, attended, completed
          FROM attendance
         WHERE session_id = p_session AND state = 'registered'
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

-- Which sample data this database was given, so that it is loaded once.
CREATE TABLE sample (
    singleton       boolean PRIMARY KEY DEFAULT true CHECK (singleton),
    organisation_id uuid NOT NULL REFERENCES organisation (id),
    loaded_at       timestamptz NOT NULL
);
