-- As in migration 0097; a session without a track uses none, also where no track is left (null <> ALL ('{}') is true).
CREATE OR REPLACE FUNCTION structure_set(p_congress uuid, p_halls jsonb, p_tracks jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    v_organisation uuid := (SELECT organisation_id FROM congress WHERE id = p_congress);
    v_hall uuid[] := ARRAY(SELECT (h->>'id')::uuid FROM jsonb_array_elements(p_halls) h);
    v_track uuid[] := ARRAY(SELECT (t->>'id')::uuid FROM jsonb_array_elements(p_tracks) t);
BEGIN
    IF EXISTS (SELECT 1 FROM session s WHERE s.congress_id = p_congress
                AND (s.hall_id <> ALL (v_hall) OR (s.track_id IS NOT NULL AND s.track_id <> ALL (v_track)))) THEN
        RETURN 'used';
    END IF;
    IF EXISTS (SELECT 1 FROM jsonb_array_elements(p_halls) h GROUP BY h->>'name' HAVING count(*) > 1)
       OR EXISTS (SELECT 1 FROM jsonb_array_elements(p_tracks) t GROUP BY t->>'name' HAVING count(*) > 1)
       OR EXISTS (SELECT 1 FROM unnest(v_hall || v_track) i GROUP BY i HAVING count(*) > 1)
       OR EXISTS (SELECT 1 FROM hall WHERE id = ANY (v_hall) AND congress_id <> p_congress)
       OR EXISTS (SELECT 1 FROM track WHERE id = ANY (v_track) AND congress_id <> p_congress) THEN
        RETURN 'taken';
    END IF;
    DELETE FROM hall WHERE congress_id = p_congress AND id <> ALL (v_hall);
    DELETE FROM track WHERE congress_id = p_congress AND id <> ALL (v_track);
    -- names may change places: none is in the way of another
    UPDATE hall SET name = '/' || id WHERE congress_id = p_congress;
    UPDATE track SET name = '/' || id WHERE congress_id = p_congress;
    INSERT INTO hall (id, organisation_id, congress_id, name, position)
    SELECT (h.hall->>'id')::uuid, v_organisation, p_congress, h.hall->>'name', h.n::int
      FROM jsonb_array_elements(p_halls) WITH ORDINALITY AS h (hall, n)
        ON CONFLICT (id) DO UPDATE SET name = excluded.name, position = excluded.position;
    INSERT INTO track (id, organisation_id, congress_id, name, colour, position)
    SELECT (t.track->>'id')::uuid, v_organisation, p_congress, t.track->>'name', t.track->>'colour', t.n::int
      FROM jsonb_array_elements(p_tracks) WITH ORDINALITY AS t (track, n)
        ON CONFLICT (id) DO UPDATE SET name = excluded.name, colour = excluded.colour, position = excluded.position;
    RETURN '';
END $$;
