-- The representative who gives a registration link out. Their page shows who came by it, to whoever has its secret and nobody else.
-- A link has its representative from the moment it is made, and no other one ever: all who come by it were told whom they come by.
-- When the access ends it ends for good, and the address goes.
CREATE TABLE representative (
    link_id         uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    name            text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    email           text,
    language        text NOT NULL CHECK (language IN ('fr', 'en')),
    secret_hash     bytea UNIQUE,                -- sha256; a new one takes the place of the last
    sent_at         timestamptz NOT NULL,        -- the secret, by mail
    seen_at         timestamptz,                 -- the page, the last time
    ended_at        timestamptz,
    FOREIGN KEY (organisation_id, link_id) REFERENCES registration_link (organisation_id, id) ON DELETE CASCADE,
    CHECK ((ended_at IS NULL) = (secret_hash IS NOT NULL)),
    CHECK ((ended_at IS NULL) = (email IS NOT NULL))
);

-- Who sees who comes by a link, as its registration page says; null: nobody.
CREATE FUNCTION link_representative(p_link uuid) RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT name FROM representative WHERE link_id = p_link AND ended_at IS NULL);
END $$;

-- A link of a congress with its representative; no row: the congress has p_most links.
CREATE FUNCTION representative_add(p_congress uuid, p_name text, p_email text, p_language text, p_label text, p_secret bytea, p_most int,
                                   p_now timestamptz) RETURNS SETOF uuid LANGUAGE plpgsql AS $$
DECLARE
    v_link uuid;
BEGIN
    INSERT INTO registration_link (organisation_id, congress_id, channel, label, code, created_at)
    SELECT c.organisation_id, c.id, 'representative', p_label, link_code_new(), p_now FROM congress c
     WHERE c.id = p_congress AND (SELECT count(*) FROM registration_link WHERE congress_id = c.id) < p_most
    RETURNING id INTO v_link;
    IF v_link IS NOT NULL THEN
        INSERT INTO representative (link_id, organisation_id, name, email, language, secret_hash, sent_at)
        SELECT v_link, organisation_id, p_name, p_email, p_language, p_secret, p_now FROM congress WHERE id = p_congress;
        RETURN NEXT v_link;
    END IF;
END $$;

-- What the page of a representative shows: who came by their link, as the goal board counts (goal_people). Whoever was erased has no name.
CREATE FUNCTION representative_page(p_link uuid, p_base_url text, p_most int) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
DECLARE
    v_congress CONSTANT uuid := (SELECT congress_id FROM registration_link WHERE id = p_link);
BEGIN
    RETURN (
        WITH person AS MATERIALIZED (
            SELECT h.first_name, h.last_name, h.erased_at, p.registered_at, p.attended, p.completed
              FROM registration r JOIN hcp h ON h.id = r.hcp_id
              JOIN goal_people(v_congress) p ON p.registration_id = r.id WHERE r.link_id = p_link)
        SELECT jsonb_build_object(
            'organisation', organisation_public(l.organisation_id), 'name', t.name, 'language', t.language,
            'congress', jsonb_build_object('title', c.title, 'language', c.language, 'time_zone', c.time_zone),
            'url', p_base_url || '/r/' || l.code, 'open', l.closed_at IS NULL,
            'sessions_held', (SELECT count(*) FROM session WHERE congress_id = c.id AND live_at IS NOT NULL))
            || (SELECT goal_counts(count(*), count(*) FILTER (WHERE attended), count(*) FILTER (WHERE completed)) FROM person)
            || jsonb_build_object('people', (
                SELECT coalesce(jsonb_agg(jsonb_build_object('first_name', first_name, 'last_name', last_name,
                           'registered_at', json_time(registered_at), 'attended', attended, 'completed', completed)
                           ORDER BY search_text(last_name || ' ' || first_name), registered_at), '[]')
                  FROM (SELECT * FROM person WHERE erased_at IS NULL ORDER BY registered_at DESC LIMIT p_most) q))
          FROM registration_link l JOIN congress c ON c.id = l.congress_id JOIN representative t ON t.link_id = l.id WHERE l.id = p_link);
END $$;

-- Of a person's copy of their data: the representatives who see that they registered and attended.
CREATE FUNCTION representative_data(p_hcp uuid) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT coalesce(jsonb_agg(jsonb_build_object('congress', c.title, 'name', t.name, 'ended_at', json_time(t.ended_at))
                                      ORDER BY r.registered_at, r.id), '[]')
              FROM registration r JOIN representative t ON t.link_id = r.link_id JOIN congress c ON c.id = r.congress_id WHERE r.hcp_id = p_hcp);
END $$;
