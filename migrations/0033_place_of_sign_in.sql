-- Where a sign-in that a path names lies: see migration 0016.
CREATE FUNCTION place_of_sign_in(p_id uuid)
RETURNS TABLE (organisation_id uuid, congress_id uuid, session_id uuid, session_state text)
LANGUAGE sql STABLE ROWS 1 AS $$
    SELECT s.organisation_id, NULL::uuid, NULL::uuid, NULL::text FROM sign_in s WHERE s.id = p_id
$$;
