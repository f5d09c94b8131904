-- Halls and tracks of a congress in an order that organisers choose, tracks in a colour of a fixed palette; what kind of session it is, and
-- for whom. `hall` is what people call a room of the congress (migration 0019).

ALTER TABLE hall ADD COLUMN position int NOT NULL DEFAULT 1 CHECK (position > 0);
ALTER TABLE track ADD COLUMN position int NOT NULL DEFAULT 1 CHECK (position > 0);
-- Words, not values: each has its shades for light and dark in the style sheets.
ALTER TABLE track ADD COLUMN colour text NOT NULL DEFAULT 'teal'
    CHECK (colour IN ('teal', 'blue', 'violet', 'rose', 'red', 'amber', 'green', 'slate'));

UPDATE hall h SET position = n.n
  FROM (SELECT id, row_number() OVER (PARTITION BY congress_id ORDER BY name, id) AS n FROM hall) n WHERE n.id = h.id;
UPDATE track t SET position = n.n,
       colour = (ARRAY['teal', 'blue', 'violet', 'rose', 'red', 'amber', 'green', 'slate'])[1 + (n.n - 1) % 8]
  FROM (SELECT id, row_number() OVER (PARTITION BY congress_id ORDER BY name, id) AS n FROM track) n WHERE n.id = t.id;

-- A break is a line of the programme and no more: it stays a draft, so nobody joins it, and nothing counts it or tells of it.
ALTER TABLE session ADD COLUMN kind text NOT NULL DEFAULT 'session' CHECK (kind IN ('session', 'break'));
ALTER TABLE session ADD COLUMN level text CHECK (level IN ('introductory', 'intermediate', 'advanced'));

-- All halls and tracks as those who write them see them; the version changes with everything that it says.
CREATE FUNCTION structure_json(p_congress uuid) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
DECLARE
    v_written jsonb := (SELECT jsonb_build_object(
        'halls', (SELECT coalesce(jsonb_agg(jsonb_build_object('id', id, 'name', name) ORDER BY position, name, id), '[]')
                    FROM hall WHERE congress_id = p_congress),
        'tracks', (SELECT coalesce(jsonb_agg(jsonb_build_object('id', id, 'name', name, 'colour', colour)
                                             ORDER BY position, name, id), '[]')
                     FROM track WHERE congress_id = p_congress)));
BEGIN
    RETURN v_written || jsonb_build_object('structure_version', md5(v_written::text));
END $$;

-- Makes the halls and tracks of a congress what p_halls and p_tracks say, in that order; the caller holds the congress. Ids of new ones are
-- the clients'. '': done; else why not: 'used' (a session is in one that is left out), 'taken' (a name twice, or an id of another congress).
CREATE FUNCTION structure_set(p_congress uuid, p_halls jsonb, p_tracks jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    v_organisation uuid := (SELECT organisation_id FROM congress WHERE id = p_congress);
    v_hall uuid[] := ARRAY(SELECT (h->>'id')::uuid FROM jsonb_array_elements(p_halls) h);
    v_track uuid[] := ARRAY(SELECT (t->>'id')::uuid FROM jsonb_array_elements(p_tracks) t);
BEGIN
    IF EXISTS (SELECT 1 FROM session s WHERE s.congress_id = p_congress
                AND (s.hall_id <> ALL (v_hall) OR s.track_id <> ALL (v_track))) THEN
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

-- As in migration 0066, with kinds and levels.
CREATE OR REPLACE FUNCTION sessions_copy(p_from uuid, p_to uuid, p_first date, p_now timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    s session;
    v_zone text := (SELECT zone_here(time_zone) FROM congress WHERE id = p_from);
    v_days int := (SELECT p_first - min(starts_at AT TIME ZONE v_zone)::date FROM session
                    WHERE congress_id = p_from AND state <> 'cancelled');
    v_new uuid;
BEGIN
    FOR s IN SELECT * FROM session WHERE congress_id = p_from AND state <> 'cancelled' ORDER BY starts_at, id LOOP
        INSERT INTO session (organisation_id, congress_id, hall_id, track_id, title, description, language, starts_at,
                             planned_minutes, capacity, listen_at, completion_threshold, presence_gap, created_at, kind, level)
        SELECT s.organisation_id, p_to, h.id,
               (SELECT t.id FROM track o JOIN track t ON t.congress_id = p_to AND t.name = o.name
                 WHERE o.id = s.track_id),
               s.title, s.description, s.language,
               (s.starts_at AT TIME ZONE v_zone + v_days * interval '1 day') AT TIME ZONE v_zone,
               s.planned_minutes, s.capacity, s.listen_at, s.completion_threshold, s.presence_gap, p_now, s.kind, s.level
          FROM hall o JOIN hall h ON h.congress_id = p_to AND h.name = o.name
         WHERE o.id = s.hall_id
        RETURNING id INTO STRICT v_new;
        INSERT INTO recording_setting (session_id, organisation_id, automatic)
        SELECT v_new, organisation_id, automatic FROM recording_setting WHERE session_id = s.id;
        PERFORM polls_copy(s.id, v_new, p_now);
    END LOOP;
END $$;

-- As in migration 0066, with the order of halls and tracks, and colours.
CREATE OR REPLACE FUNCTION congress_copy(p_from uuid, p_title text, p_first date, p_now timestamptz) RETURNS uuid
LANGUAGE plpgsql AS $$
DECLARE
    v_new uuid;
BEGIN
    INSERT INTO congress (organisation_id, title, description, language, time_zone, created_at)
    SELECT organisation_id, p_title, description, language, time_zone, p_now FROM congress WHERE id = p_from
    RETURNING id INTO STRICT v_new;
    INSERT INTO hall (organisation_id, congress_id, name, position)
    SELECT organisation_id, v_new, name, position FROM hall WHERE congress_id = p_from;
    INSERT INTO track (organisation_id, congress_id, name, position, colour)
    SELECT organisation_id, v_new, name, position, colour FROM track WHERE congress_id = p_from;
    PERFORM sessions_copy(p_from, v_new, p_first, p_now);
    PERFORM target_profiles_copy(p_from, v_new, p_now);
    INSERT INTO registration_link (organisation_id, congress_id, channel, label, code, created_at)
    SELECT organisation_id, v_new, channel, label, link_code_new(), p_now
      FROM registration_link WHERE congress_id = p_from AND closed_at IS NULL;
    RETURN v_new;
END $$;
