-- A congress made after another one: its halls, tracks, sessions with their polls, target profiles and registration
-- links, the first session on a given day. Nobody and nothing that happened comes along; what is copied is as new.

-- As crypto/crypto.h has codes: of twelve random bytes of a UUID, which has two that are not.
CREATE FUNCTION link_code_new() RETURNS text LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_bytes bytea := uuid_send(gen_random_uuid());
BEGIN
    RETURN (SELECT string_agg(substr('abcdefghijklmnopqrstuvwxyz23456789', 1 + get_byte(v_bytes, n) % 34, 1), '')
              FROM unnest(ARRAY[0, 1, 2, 3, 4, 5, 7, 9, 10, 11, 12, 13]) n);
END $$;

CREATE FUNCTION polls_copy(p_from uuid, p_to uuid, p_now timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    p poll;
    v_new uuid;
BEGIN
    FOR p IN SELECT * FROM poll WHERE session_id = p_from ORDER BY position LOOP
        INSERT INTO poll (organisation_id, session_id, position, question, choice, created_at)
        VALUES (p.organisation_id, p_to, p.position, p.question, p.choice, p_now) RETURNING id INTO v_new;
        INSERT INTO poll_option (poll_id, position, text)
        SELECT v_new, o.position, o.text FROM poll_option o WHERE o.poll_id = p.id;
    END LOOP;
END $$;

CREATE FUNCTION target_profiles_copy(p_from uuid, p_to uuid, p_now timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    p target_profile;
    c target_profile_criterion;
    v_old uuid;
BEGIN
    FOR p IN SELECT * FROM target_profile WHERE congress_id = p_from LOOP
        v_old := p.id;
        p.id := gen_random_uuid();
        p.congress_id := p_to;
        p.created_at := p_now;
        INSERT INTO target_profile VALUES (p.*);
        FOR c IN SELECT * FROM target_profile_criterion WHERE target_profile_id = v_old LOOP
            c.target_profile_id := p.id;
            INSERT INTO target_profile_criterion VALUES (c.*);
        END LOOP;
    END LOOP;
END $$;

-- Each session by as many days as the first one: a time of day stays what it is in the congress's zone.
CREATE FUNCTION sessions_copy(p_from uuid, p_to uuid, p_first date, p_now timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    s session;
    v_zone text := (SELECT zone_here(time_zone) FROM congress WHERE id = p_from);
    v_days int := (SELECT p_first - min(starts_at AT TIME ZONE v_zone)::date FROM session
                    WHERE congress_id = p_from AND state <> 'cancelled');
    v_new uuid;
BEGIN
    FOR s IN SELECT * FROM session WHERE congress_id = p_from AND state <> 'cancelled' ORDER BY starts_at, id LOOP
        INSERT INTO session (organisation_id, congress_id, hall_id, track_id, title, description, language, starts_at,
                             planned_minutes, capacity, listen_at, completion_threshold, presence_gap, created_at)
        SELECT s.organisation_id, p_to, h.id,
               (SELECT t.id FROM track o JOIN track t ON t.congress_id = p_to AND t.name = o.name
                 WHERE o.id = s.track_id),
               s.title, s.description, s.language,
               (s.starts_at AT TIME ZONE v_zone + v_days * interval '1 day') AT TIME ZONE v_zone,
               s.planned_minutes, s.capacity, s.listen_at, s.completion_threshold, s.presence_gap, p_now
          FROM hall o JOIN hall h ON h.congress_id = p_to AND h.name = o.name
         WHERE o.id = s.hall_id
        RETURNING id INTO STRICT v_new;
        INSERT INTO recording_setting (session_id, organisation_id, automatic)
        SELECT v_new, organisation_id, automatic FROM recording_setting WHERE session_id = s.id;
        PERFORM polls_copy(s.id, v_new, p_now);
    END LOOP;
END $$;

-- The new congress; the caller holds the row of the one that it is made after.
CREATE FUNCTION congress_copy(p_from uuid, p_title text, p_first date, p_now timestamptz) RETURNS uuid
LANGUAGE plpgsql AS $$
DECLARE
    v_new uuid;
BEGIN
    INSERT INTO congress (organisation_id, title, description, language, time_zone, created_at)
    SELECT organisation_id, p_title, description, language, time_zone, p_now FROM congress WHERE id = p_from
    RETURNING id INTO STRICT v_new;
    INSERT INTO hall (organisation_id, congress_id, name)
    SELECT organisation_id, v_new, name FROM hall WHERE congress_id = p_from;
    INSERT INTO track (organisation_id, congress_id, name)
    SELECT organisation_id, v_new, name FROM track WHERE congress_id = p_from;
    PERFORM sessions_copy(p_from, v_new, p_first, p_now);
    PERFORM target_profiles_copy(p_from, v_new, p_now);
    INSERT INTO registration_link (organisation_id, congress_id, channel, label, code, created_at)
    SELECT organisation_id, v_new, channel, label, link_code_new(), p_now
      FROM registration_link WHERE congress_id = p_from AND closed_at IS NULL;
    RETURN v_new;
END $$;
