-- The target profiles that an organisation keeps as its library, to be copied into congresses: the name, the criteria, and where the
-- universe is from. Goals, counts and places are a congress's own and are not kept. Copies and library change without each other.

-- criteria: as criteria_json() says them; `target_profile` names profiles of the library. lists: the names, by id, of the target
-- lists that criteria and universe name, as they were when the profile was kept. No key refers to a list, which may be removed
-- although it is named here: then the profile is not copied any more.
CREATE TABLE library_profile (
    id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    organisation_id uuid NOT NULL REFERENCES organisation (id),
    name            text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    criteria        jsonb NOT NULL,
    lists           jsonb NOT NULL,
    universe        int CHECK (universe BETWEEN 1 AND 100000000),
    universe_source text CHECK (length(universe_source) BETWEEN 1 AND 300),
    universe_from   text NOT NULL CHECK (universe_from IN ('given', 'registry', 'target_list')),
    universe_list   uuid CHECK (num_nonnulls(universe_list) = (universe_from = 'target_list')::int),
    kept_at         timestamptz NOT NULL,
    UNIQUE (organisation_id, name),
    CHECK ((universe IS NULL) = (universe_source IS NULL)),
    CHECK (universe IS NULL OR universe_from = 'given')
);

CREATE FUNCTION place_of_library_profile(p_id uuid)
RETURNS TABLE (organisation_id uuid, congress_id uuid, session_id uuid, session_state text)
LANGUAGE sql STABLE ROWS 1 AS $$
    SELECT l.organisation_id, NULL::uuid, NULL::uuid, NULL::text FROM library_profile l WHERE l.id = p_id
$$;

-- The profiles of the library that one builds on.
CREATE FUNCTION library_on(p_criteria jsonb) RETURNS uuid[] LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RETURN ARRAY(SELECT DISTINCT named.code::uuid FROM criteria_rows(NULL, p_criteria) c CROSS JOIN unnest(c.codes) AS named (code)
                  WHERE c.attribute = 'target_profile');
END $$;

-- These, and all that they build on. depth: whatever others build on is deeper than they are.
CREATE FUNCTION library_whole(p_profiles uuid[]) RETURNS TABLE (id uuid, depth int) LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY
    WITH RECURSIVE below (profile, deep) AS (
        SELECT unnest(p_profiles), 0
         UNION
        SELECT built.id, below.deep + 1
          FROM below JOIN library_profile l ON l.id = below.profile CROSS JOIN unnest(library_on(l.criteria)) AS built (id)
         WHERE below.deep < 64)
    SELECT below.profile, max(below.deep) FROM below GROUP BY below.profile;
END $$;

-- As the route answers it. A list has the name that it has now, or had when it was there.
CREATE FUNCTION library_profile_json(l library_profile) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN jsonb_build_object(
        'id', l.id, 'name', l.name, 'criteria', l.criteria, 'universe', l.universe, 'universe_source', l.universe_source,
        'universe_from', l.universe_from, 'universe_list', l.universe_list, 'kept_at', json_time(l.kept_at),
        'target_lists', (SELECT coalesce(jsonb_agg(jsonb_build_object('id', named.key, 'name', coalesce(t.name, named.value),
                                                                      'removed', t.id IS NULL)
                                                   ORDER BY coalesce(t.name, named.value), named.key), '[]')
                           FROM jsonb_each_text(l.lists) named LEFT JOIN target_list t ON t.id = named.key::uuid));
END $$;

-- --- keeping ---

-- A profile of a congress, and all that it builds on.
CREATE FUNCTION profile_whole(p_profile uuid) RETURNS uuid[] LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN ARRAY(
        WITH RECURSIVE below (id) AS (
            SELECT p_profile
             UNION
            SELECT b.on_profile FROM below JOIN profile_builds_on b ON b.target_profile_id = below.id)
        SELECT id FROM below);
END $$;

-- What the library would have of a profile: as criteria_json(), and what it builds on is named by what the library has under
-- that name.
CREATE FUNCTION library_criteria(p_profile uuid) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
        SELECT jsonb_build_object('all_of', '[]'::jsonb, 'any_of', '[]'::jsonb, 'none_of', '[]'::jsonb)
               || coalesce(jsonb_object_agg(mode, criteria), '{}')
          FROM (SELECT c.mode, jsonb_agg(jsonb_build_object('attribute', c.attribute, 'codes', CASE c.attribute
                    WHEN 'target_profile' THEN ARRAY(
                        SELECT l.id::text FROM unnest(c.codes) WITH ORDINALITY AS named (code, n)
                          JOIN target_profile p ON p.id::text = named.code
                          JOIN library_profile l ON l.organisation_id = p.organisation_id AND l.name = p.name
                         ORDER BY named.n)
                    ELSE c.codes END) ORDER BY c.position) AS criteria
                  FROM target_profile_criterion c WHERE c.target_profile_id = p_profile GROUP BY c.mode) modes);
END $$;

CREATE FUNCTION library_lists(p target_profile) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT coalesce(jsonb_object_agg(t.id, t.name), '{}') FROM target_list t
             WHERE t.id = p.universe_list
                OR t.id IN (SELECT target_list_id FROM target_profile_list WHERE target_profile_id = p.id));
END $$;

-- The names that keeping a profile would write over: its own, and of what it builds on what the library has otherwise. Null: none.
CREATE FUNCTION library_taken(p_profile uuid) RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT string_agg(p.name, ', ' ORDER BY p.id <> p_profile, p.name)
              FROM target_profile p JOIN library_profile l ON l.organisation_id = p.organisation_id AND l.name = p.name
             WHERE p.id = ANY (profile_whole(p_profile))
               AND (p.id = p_profile
                    OR (l.criteria, l.universe_from, l.universe_list) IS DISTINCT FROM
                       (library_criteria(p.id), p.universe_from, p.universe_list)
                    OR p.universe_from = 'given'
                       AND (l.universe, l.universe_source) IS DISTINCT FROM (p.universe, p.universe_source)));
END $$;

-- How many the library would have.
CREATE FUNCTION library_size(p_profile uuid) RETURNS bigint LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT count(DISTINCT name) FROM (
        SELECT p.name FROM target_profile p WHERE p.id = ANY (profile_whole(p_profile))
        UNION ALL
        SELECT l.name FROM library_profile l JOIN target_profile p USING (organisation_id) WHERE p.id = p_profile) AS names);
END $$;

-- Keeps a profile with all that it builds on, over what has these names, which keeps its id, as others of the library may build on
-- it. Nothing builds on itself by that: what is written builds on nothing but what is written, as in the congress. The caller holds
-- the library and the congress. {"id", "profiles": the names}.
CREATE FUNCTION library_keep(p_profile uuid, p_now timestamptz) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    v_whole CONSTANT uuid[] := profile_whole(p_profile);
BEGIN
    INSERT INTO library_profile (organisation_id, name, criteria, lists, universe, universe_source, universe_from, universe_list,
                                 kept_at)
    SELECT p.organisation_id, p.name, '{}', library_lists(p), CASE p.universe_from WHEN 'given' THEN p.universe END,
           CASE p.universe_from WHEN 'given' THEN p.universe_source END, p.universe_from, p.universe_list, p_now
      FROM target_profile p WHERE p.id = ANY (v_whole)
        ON CONFLICT (organisation_id, name) DO UPDATE
       SET lists = EXCLUDED.lists, universe = EXCLUDED.universe, universe_source = EXCLUDED.universe_source,
           universe_from = EXCLUDED.universe_from, universe_list = EXCLUDED.universe_list, kept_at = EXCLUDED.kept_at;
    UPDATE library_profile l SET criteria = library_criteria(p.id)
      FROM target_profile p
     WHERE p.id = ANY (v_whole) AND l.organisation_id = p.organisation_id AND l.name = p.name;
    RETURN (SELECT jsonb_build_object('id', (SELECT l.id FROM library_profile l JOIN target_profile t USING (organisation_id, name)
                                              WHERE t.id = p_profile),
                                      'profiles', jsonb_agg(p.name ORDER BY p.id <> p_profile, p.name))
              FROM target_profile p WHERE p.id = ANY (v_whole));
END $$;

-- --- copying ---

-- Holds the target lists that these and what they build on name, as whoever writes a profile does; those that were removed, with
-- the profiles that name them. Null: none. An organiser of the whole organisation kept them for whoever organises a congress.
CREATE FUNCTION library_lists_removed(p_person uuid, p_organisation uuid, p_profiles uuid[], p_now timestamptz) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    v_named record;
    v_removed text[] := '{}';
BEGIN
    FOR v_named IN
        SELECT list.key::uuid AS id, max(list.value) AS name, string_agg(l.name, ', ' ORDER BY l.name) AS profiles
          FROM library_whole(p_profiles) w JOIN library_profile l ON l.id = w.id CROSS JOIN jsonb_each_text(l.lists) AS list
         WHERE l.organisation_id = p_organisation GROUP BY list.key ORDER BY list.key::uuid
    LOOP
        IF target_list_allowed(p_person, p_organisation, v_named.id, true, p_now) THEN
            PERFORM universe_source_lock('target_list', v_named.id, true);
        ELSE
            v_removed := v_removed || (v_named.name || ' – ' || v_named.profiles);
        END IF;
    END LOOP;
    RETURN nullif(array_to_string(v_removed, ', '), '');
END $$;

-- What a request would say to add this one to a congress, under its name, or with a number behind it where that is taken.
CREATE FUNCTION library_input(l library_profile, p_congress uuid) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
DECLARE
    v_name text := l.name;
    v_number int := 1;
BEGIN
    WHILE EXISTS (SELECT FROM target_profile WHERE congress_id = p_congress AND name = v_name) LOOP
        v_number := v_number + 1;
        v_name := rtrim(left(l.name, 96 - length(v_number::text))) || ' (' || v_number || ')';
    END LOOP;
    RETURN jsonb_build_object('name', v_name, 'criteria', l.criteria, 'universe', l.universe, 'universe_source', l.universe_source,
                              'universe_from', l.universe_from, 'universe_list', l.universe_list);
END $$;
