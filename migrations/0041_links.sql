-- A registration link can be switched off, and deleted while nobody came by it.
ALTER TABLE registration_link ADD COLUMN closed_at timestamptz; -- null: registration by it is open
CREATE INDEX registration_of_link ON registration (link_id);
CREATE INDEX registration_request_of_link ON registration_request (link_id);

CREATE FUNCTION place_of_link(p_id uuid)
RETURNS TABLE (organisation_id uuid, congress_id uuid, session_id uuid, session_state text)
LANGUAGE sql STABLE ROWS 1 AS $$
    SELECT l.organisation_id, l.congress_id, NULL::uuid, NULL::text FROM registration_link l WHERE l.id = p_id
$$;
