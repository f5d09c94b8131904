-- What target lists say of somebody in the organisation's own words (segment, tier, therapeutic interest) decides which profiles
-- their registrations match, as it decided for lines of lists: until now it was never looked at there.
--
-- Of somebody who is on several lists the list that changed last says it. A list that changes, or is removed, has the profiles
-- that ask for such words matched again by the job `universe.count`, as those that name the list.

-- The registration with what its HCP's lists say.
CREATE FUNCTION registration_worded(r registration) RETURNS registration LANGUAGE plpgsql STABLE AS $$
DECLARE
    said record;
BEGIN
    SELECT (array_agg(t.segment ORDER BY l.changed_at DESC, l.id, t.id) FILTER (WHERE t.segment IS NOT NULL))[1] AS segment,
           (array_agg(t.tier ORDER BY l.changed_at DESC, l.id, t.id) FILTER (WHERE t.tier IS NOT NULL))[1] AS tier,
           (array_agg(t.therapeutic_interest ORDER BY l.changed_at DESC, l.id, t.id)
               FILTER (WHERE t.therapeutic_interest IS NOT NULL))[1] AS interest
      INTO said
      FROM target_list_person t JOIN target_list l ON l.id = t.target_list_id WHERE t.hcp_id = r.hcp_id;
    r.segment := coalesce(r.segment, said.segment);
    r.tier := coalesce(r.tier, said.tier);
    r.therapeutic_interest := coalesce(r.therapeutic_interest, said.interest);
    RETURN r;
END $$;

CREATE FUNCTION is_own_word(p_attribute text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN p_attribute IN ('segment', 'tier', 'therapeutic_interest');

-- As in migration 0076, with the words of lists where a criterion asks for them.
CREATE OR REPLACE FUNCTION matching_registrations(p_congress uuid, p_registration uuid, p_profiles uuid[],
                                                  p_criteria target_profile_criterion[])
RETURNS TABLE (registration_id uuid, target_profile_id uuid)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_custom_plan SET jit = off AS $$
#variable_conflict use_column
DECLARE
    builds CONSTANT boolean := EXISTS (SELECT FROM unnest(p_criteria) c WHERE c.attribute = 'target_profile');
    listed CONSTANT boolean := EXISTS (SELECT FROM unnest(p_criteria) c WHERE c.attribute = 'target_list');
    worded CONSTANT boolean := EXISTS (SELECT FROM unnest(p_criteria) c WHERE is_own_word(c.attribute));
BEGIN
    RETURN QUERY
    SELECT (known.r).id, rule.target_profile_id
      FROM (SELECT CASE WHEN worded THEN registration_worded(g) ELSE g END AS r,
                   CASE WHEN builds THEN ARRAY(
                       SELECT x.target_profile_id::text FROM registration_profile x WHERE x.registration_id = g.id) END AS profiles,
                   CASE WHEN listed THEN ARRAY(
                       SELECT t.target_list_id::text FROM target_list_person t WHERE t.hcp_id = g.hcp_id) END AS lists
              FROM registration g
             WHERE g.congress_id = p_congress AND (p_registration IS NULL OR g.id = p_registration) OFFSET 0) AS known
     CROSS JOIN profile_rules(p_profiles, p_criteria) AS rule
     WHERE profile_accepts(rule, registration_facts(known.r, known.lists, known.profiles));
END $$;

-- As in migration 0076, with what the HCP's lists say.
CREATE OR REPLACE FUNCTION match_registration(p_registration uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    r registration;
    lists text[];
    matched text[] := '{}';
    deepest int;
BEGIN
    SELECT * INTO r FROM registration WHERE id = p_registration;
    IF r.id IS NULL THEN
        RAISE EXCEPTION 'no registration %', p_registration USING ERRCODE = 'AM404';
    END IF;
    -- Waits for a change of this congress's profiles: see match_congress().
    PERFORM FROM congress WHERE id = r.congress_id FOR KEY SHARE;
    lists := ARRAY(SELECT t.target_list_id::text FROM target_list_person t WHERE t.hcp_id = r.hcp_id);
    IF lists <> '{}' THEN
        r := registration_worded(r);
    END IF;
    deepest := (SELECT max(rule.depth) FROM target_profile p JOIN profile_rule rule ON rule.target_profile_id = p.id
                 WHERE p.congress_id = r.congress_id);
    FOR level IN 0 .. coalesce(deepest, 0) LOOP
        matched := matched || ARRAY(
            SELECT p.id::text FROM target_profile p
              LEFT JOIN profile_rule rule ON rule.target_profile_id = p.id
             WHERE p.congress_id = r.congress_id AND coalesce(rule.depth, 0) = level
               AND profile_accepts(rule, registration_facts(r, lists, matched)));
    END LOOP;
    DELETE FROM registration_profile x WHERE x.registration_id = r.id AND x.target_profile_id <> ALL (matched::uuid[]);
    INSERT INTO registration_profile (organisation_id, congress_id, registration_id, target_profile_id)
    SELECT r.organisation_id, r.congress_id, r.id, m FROM unnest(matched::uuid[]) AS m ON CONFLICT DO NOTHING;
END $$;

-- --- what makes matches old ---

CREATE FUNCTION profiles_of_words(p_organisation uuid) RETURNS uuid[] LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN ARRAY(SELECT DISTINCT p.id FROM target_profile p JOIN target_profile_criterion c ON c.target_profile_id = p.id
                  WHERE p.organisation_id = p_organisation AND is_own_word(c.attribute));
END $$;

-- As in migration 0076, and profiles that ask for words of lists.
CREATE OR REPLACE FUNCTION target_list_universes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    v_naming uuid[] := '{}';
    v_worded uuid[] := '{}';
BEGIN
    PERFORM universe_source_lock('target_list', NEW.id, false);
    IF NEW.version <> OLD.version THEN
        v_naming := ARRAY(SELECT target_profile_id FROM target_profile_list
                           WHERE organisation_id = NEW.organisation_id AND target_list_id = NEW.id);
        v_worded := profiles_of_words(NEW.organisation_id);
    END IF;
    PERFORM profiles_due(ARRAY(SELECT id FROM target_profile WHERE universe_list = NEW.id) || profiles_building_on(v_naming),
                         v_naming || v_worded, NEW.changed_at);
    RETURN NULL;
END $$;

-- Its lines go with it; the congresses and the profiles are locked in the order of profiles_due().
CREATE FUNCTION target_list_words_gone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM profiles_due('{}', profiles_of_words(OLD.organisation_id), now());
    RETURN NULL;
END $$;
CREATE TRIGGER target_list_words_gone AFTER DELETE ON target_list FOR EACH ROW EXECUTE FUNCTION target_list_words_gone();

-- As in migration 0088, also by words: whoever types an address learns nothing of what lists say of it.
CREATE OR REPLACE FUNCTION profile_asks_list(p_profile uuid) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (WITH RECURSIVE below (id) AS (
                SELECT p_profile
                 UNION
                SELECT b.on_profile FROM below JOIN profile_builds_on b ON b.target_profile_id = below.id)
            SELECT EXISTS (SELECT FROM below JOIN target_profile_criterion c ON c.target_profile_id = below.id
                            WHERE c.attribute = 'target_list' OR is_own_word(c.attribute)));
END $$;
