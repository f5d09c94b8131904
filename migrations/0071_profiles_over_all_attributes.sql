-- Target profiles over all that is known of an HCP, and on other profiles.
--
-- A criterion holds when the attribute is one of its codes; what is not known is none of them. Several values at a time
-- have only target_list and target_profile, whose codes are ids: a criterion holds when any of them is among its codes.

-- What is known of a person beside what the form asks; null: not known. The organisation's own words (segment, tier,
-- therapeutic interest) come from its lists.
ALTER TABLE registration
    ADD COLUMN department text,
    ADD COLUMN skill_type text,
    ADD COLUMN practice_mode text,
    ADD COLUMN professional_category text,
    ADD COLUMN segment text,
    ADD COLUMN tier text,
    ADD COLUMN therapeutic_interest text;

-- wider: target_profile_criterion_attribute_check
ALTER TABLE target_profile_criterion
    DROP CONSTRAINT target_profile_criterion_attribute_check,
    ADD CONSTRAINT target_profile_criterion_attribute_check CHECK (attribute IN (
        'profession', 'specialty', 'skill_type', 'practice_setting', 'practice_mode', 'professional_category',
        'region', 'department', 'country', 'age_band', 'segment', 'tier', 'language', 'therapeutic_interest',
        'target_list', 'target_profile'));

-- An organisation's own codes: words of its CRM, and codes of other countries in the lists of the trade.
CREATE TABLE organisation_code (
    organisation_id uuid NOT NULL REFERENCES organisation (id),
    list            text NOT NULL CHECK (list IN (
        'profession', 'specialty', 'skill_type', 'practice_setting', 'practice_mode', 'professional_category', 'region',
        'department', 'segment', 'tier', 'therapeutic_interest')),
    code            text NOT NULL CHECK (code ~ '^[A-Za-z0-9_]{1,20}$'),
    label_fr        text NOT NULL CHECK (length(label_fr) BETWEEN 1 AND 200),
    label_en        text NOT NULL CHECK (length(label_en) BETWEEN 1 AND 200),
    position        int NOT NULL,
    PRIMARY KEY (organisation_id, list, code)
);

-- What a profile looks at, whoever the person is: a registration, a row of a target list, a row of the registry.
CREATE TYPE hcp_facts AS (
    profession text, specialty text, skill_type text, practice_setting text, practice_mode text,
    professional_category text, region text, department text, country text, age_band text, segment text, tier text,
    language text, therapeutic_interest text, target_list text[], target_profile text[]
);

-- What a profile's criteria come to, made when they change: one set of codes for each mode and attribute, groups of codes
-- written out; null: no such criterion; no row: no criteria at all. every_*: several all_of criteria, one code each.
-- depth: 0, or one more than that of the profiles it builds on. (target_profile_rule served the version before.)
CREATE TABLE profile_rule (
    target_profile_id uuid PRIMARY KEY REFERENCES target_profile (id) ON DELETE CASCADE,
    depth int NOT NULL DEFAULT 0,
    any_wanted boolean NOT NULL,
    all_profession text[], all_specialty text[], all_skill_type text[], all_practice_setting text[],
    all_practice_mode text[], all_professional_category text[], all_region text[], all_department text[],
    all_country text[], all_age_band text[], all_segment text[], all_tier text[], all_language text[],
    all_therapeutic_interest text[], all_target_list text[], all_target_profile text[], every_target_list text[],
    every_target_profile text[],
    any_profession text[], any_specialty text[], any_skill_type text[], any_practice_setting text[],
    any_practice_mode text[], any_professional_category text[], any_region text[], any_department text[],
    any_country text[], any_age_band text[], any_segment text[], any_tier text[], any_language text[],
    any_therapeutic_interest text[], any_target_list text[], any_target_profile text[],
    none_profession text[], none_specialty text[], none_skill_type text[], none_practice_setting text[],
    none_practice_mode text[], none_professional_category text[], none_region text[], none_department text[],
    none_country text[], none_age_band text[], none_segment text[], none_tier text[], none_language text[],
    none_therapeutic_interest text[], none_target_list text[], none_target_profile text[]
);

-- A criterion means whole groups of codes: naming one form of general practice names all three. all_of twice on one
-- attribute is the intersection.
CREATE FUNCTION profile_rules(p_profiles uuid[], p_criteria target_profile_criterion[])
RETURNS SETOF profile_rule LANGUAGE sql STABLE AS $$
    WITH criterion AS (
        SELECT c.target_profile_id AS profile, c.mode, c.attribute, c.codes,
               c.attribute IN ('target_list', 'target_profile') AS several,
               count(*) OVER (PARTITION BY c.target_profile_id, c.mode, c.attribute) AS alike,
               row_number() OVER () AS n
          FROM unnest(p_criteria) c
    ), accepted AS (
        SELECT c.profile, c.mode, c.attribute, c.alike, coalesce(member.code, named.code) AS code,
               count(DISTINCT c.n) = c.alike OR c.mode <> 'all_of' OR c.several AS holds
          FROM criterion c
         CROSS JOIN unnest(c.codes) AS named (code)
          LEFT JOIN code w ON w.list = c.attribute AND w.code = named.code
          LEFT JOIN code member ON member.list = c.attribute
           AND coalesce(member.grouped_as, member.code) = coalesce(w.grouped_as, w.code)
         GROUP BY 1, 2, 3, 4, 5, c.several
    ), s AS (
        SELECT profile, mode || ' ' || attribute AS what, mode, alike,
               coalesce(array_agg(code) FILTER (WHERE holds), '{}') AS codes
          FROM accepted
         GROUP BY profile, mode, attribute, alike
    )
    SELECT p.id, 0, bool_or(mode = 'any_of') IS TRUE,
           max(codes) FILTER (WHERE what = 'all_of profession'), max(codes) FILTER (WHERE what = 'all_of specialty'),
           max(codes) FILTER (WHERE what = 'all_of skill_type'),
           max(codes) FILTER (WHERE what = 'all_of practice_setting'),
           max(codes) FILTER (WHERE what = 'all_of practice_mode'),
           max(codes) FILTER (WHERE what = 'all_of professional_category'),
           max(codes) FILTER (WHERE what = 'all_of region'), max(codes) FILTER (WHERE what = 'all_of department'),
           max(codes) FILTER (WHERE what = 'all_of country'), max(codes) FILTER (WHERE what = 'all_of age_band'),
           max(codes) FILTER (WHERE what = 'all_of segment'), max(codes) FILTER (WHERE what = 'all_of tier'),
           max(codes) FILTER (WHERE what = 'all_of language'),
           max(codes) FILTER (WHERE what = 'all_of therapeutic_interest'),
           max(codes) FILTER (WHERE what = 'all_of target_list' AND alike = 1),
           max(codes) FILTER (WHERE what = 'all_of target_profile' AND alike = 1),
           max(codes) FILTER (WHERE what = 'all_of target_list' AND alike > 1),
           max(codes) FILTER (WHERE what = 'all_of target_profile' AND alike > 1),
           max(codes) FILTER (WHERE what = 'any_of profession'), max(codes) FILTER (WHERE what = 'any_of specialty'),
           max(codes) FILTER (WHERE what = 'any_of skill_type'),
           max(codes) FILTER (WHERE what = 'any_of practice_setting'),
           max(codes) FILTER (WHERE what = 'any_of practice_mode'),
           max(codes) FILTER (WHERE what = 'any_of professional_category'),
           max(codes) FILTER (WHERE what = 'any_of region'), max(codes) FILTER (WHERE what = 'any_of department'),
           max(codes) FILTER (WHERE what = 'any_of country'), max(codes) FILTER (WHERE what = 'any_of age_band'),
           max(codes) FILTER (WHERE what = 'any_of segment'), max(codes) FILTER (WHERE what = 'any_of tier'),
           max(codes) FILTER (WHERE what = 'any_of language'),
           max(codes) FILTER (WHERE what = 'any_of therapeutic_interest'),
           max(codes) FILTER (WHERE what = 'any_of target_list'),
           max(codes) FILTER (WHERE what = 'any_of target_profile'),
           max(codes) FILTER (WHERE what = 'none_of profession'),
           max(codes) FILTER (WHERE what = 'none_of specialty'),
           max(codes) FILTER (WHERE what = 'none_of skill_type'),
           max(codes) FILTER (WHERE what = 'none_of practice_setting'),
           max(codes) FILTER (WHERE what = 'none_of practice_mode'),
           max(codes) FILTER (WHERE what = 'none_of professional_category'),
           max(codes) FILTER (WHERE what = 'none_of region'), max(codes) FILTER (WHERE what = 'none_of department'),
           max(codes) FILTER (WHERE what = 'none_of country'), max(codes) FILTER (WHERE what = 'none_of age_band'),
           max(codes) FILTER (WHERE what = 'none_of segment'), max(codes) FILTER (WHERE what = 'none_of tier'),
           max(codes) FILTER (WHERE what = 'none_of language'),
           max(codes) FILTER (WHERE what = 'none_of therapeutic_interest'),
           max(codes) FILTER (WHERE what = 'none_of target_list'),
           max(codes) FILTER (WHERE what = 'none_of target_profile')
      FROM unnest(p_profiles) AS p (id)
      LEFT JOIN s ON s.profile = p.id
     GROUP BY p.id
$$;

-- The matching predicate, the only one. A part of the queries that call it: PostgreSQL writes it out, and where the rule
-- is a constant only what it asks for is looked at.
CREATE FUNCTION profile_accepts(rule profile_rule, f hcp_facts) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT (rule.all_profession IS NULL OR f.profession = ANY (rule.all_profession))
       AND (rule.all_specialty IS NULL OR f.specialty = ANY (rule.all_specialty))
       AND (rule.all_skill_type IS NULL OR f.skill_type = ANY (rule.all_skill_type))
       AND (rule.all_practice_setting IS NULL OR f.practice_setting = ANY (rule.all_practice_setting))
       AND (rule.all_practice_mode IS NULL OR f.practice_mode = ANY (rule.all_practice_mode))
       AND (rule.all_professional_category IS NULL OR f.professional_category = ANY (rule.all_professional_category))
       AND (rule.all_region IS NULL OR f.region = ANY (rule.all_region))
       AND (rule.all_department IS NULL OR f.department = ANY (rule.all_department))
       AND (rule.all_country IS NULL OR f.country = ANY (rule.all_country))
       AND (rule.all_age_band IS NULL OR f.age_band = ANY (rule.all_age_band))
       AND (rule.all_segment IS NULL OR f.segment = ANY (rule.all_segment))
       AND (rule.all_tier IS NULL OR f.tier = ANY (rule.all_tier))
       AND (rule.all_language IS NULL OR f.language = ANY (rule.all_language))
       AND (rule.all_therapeutic_interest IS NULL OR f.therapeutic_interest = ANY (rule.all_therapeutic_interest))
       AND (rule.all_target_list IS NULL OR f.target_list && rule.all_target_list)
       AND (rule.all_target_profile IS NULL OR f.target_profile && rule.all_target_profile)
       AND (rule.every_target_list IS NULL OR f.target_list @> rule.every_target_list)
       AND (rule.every_target_profile IS NULL OR f.target_profile @> rule.every_target_profile)
       AND (rule.any_wanted IS NOT TRUE
            OR f.profession = ANY (rule.any_profession) OR f.specialty = ANY (rule.any_specialty)
            OR f.skill_type = ANY (rule.any_skill_type) OR f.practice_setting = ANY (rule.any_practice_setting)
            OR f.practice_mode = ANY (rule.any_practice_mode)
            OR f.professional_category = ANY (rule.any_professional_category) OR f.region = ANY (rule.any_region)
            OR f.department = ANY (rule.any_department) OR f.country = ANY (rule.any_country)
            OR f.age_band = ANY (rule.any_age_band) OR f.segment = ANY (rule.any_segment)
            OR f.tier = ANY (rule.any_tier) OR f.language = ANY (rule.any_language)
            OR f.therapeutic_interest = ANY (rule.any_therapeutic_interest) OR f.target_list && rule.any_target_list
            OR f.target_profile && rule.any_target_profile)
       AND (rule.none_profession IS NULL OR (f.profession = ANY (rule.none_profession)) IS NOT TRUE)
       AND (rule.none_specialty IS NULL OR (f.specialty = ANY (rule.none_specialty)) IS NOT TRUE)
       AND (rule.none_skill_type IS NULL OR (f.skill_type = ANY (rule.none_skill_type)) IS NOT TRUE)
       AND (rule.none_practice_setting IS NULL OR (f.practice_setting = ANY (rule.none_practice_setting)) IS NOT TRUE)
       AND (rule.none_practice_mode IS NULL OR (f.practice_mode = ANY (rule.none_practice_mode)) IS NOT TRUE)
       AND (rule.none_professional_category IS NULL
            OR (f.professional_category = ANY (rule.none_professional_category)) IS NOT TRUE)
       AND (rule.none_region IS NULL OR (f.region = ANY (rule.none_region)) IS NOT TRUE)
       AND (rule.none_department IS NULL OR (f.department = ANY (rule.none_department)) IS NOT TRUE)
       AND (rule.none_country IS NULL OR (f.country = ANY (rule.none_country)) IS NOT TRUE)
       AND (rule.none_age_band IS NULL OR (f.age_band = ANY (rule.none_age_band)) IS NOT TRUE)
       AND (rule.none_segment IS NULL OR (f.segment = ANY (rule.none_segment)) IS NOT TRUE)
       AND (rule.none_tier IS NULL OR (f.tier = ANY (rule.none_tier)) IS NOT TRUE)
       AND (rule.none_language IS NULL OR (f.language = ANY (rule.none_language)) IS NOT TRUE)
       AND (rule.none_therapeutic_interest IS NULL
            OR (f.therapeutic_interest = ANY (rule.none_therapeutic_interest)) IS NOT TRUE)
       AND (rule.none_target_list IS NULL OR (f.target_list && rule.none_target_list) IS NOT TRUE)
       AND (rule.none_target_profile IS NULL OR (f.target_profile && rule.none_target_profile) IS NOT TRUE)
$$;

-- Of a registration. Its region is a country when it is abroad.
CREATE FUNCTION registration_facts(r registration, p_lists text[], p_profiles text[]) RETURNS hcp_facts
LANGUAGE sql IMMUTABLE AS $$
    SELECT ROW(
        r.profession, r.specialty, r.skill_type, r.practice_setting, r.practice_mode, r.professional_category,
        r.region, r.department, CASE WHEN r.region ~ '^[A-Z]{2}$' THEN r.region ELSE 'FR' END, r.age_band, r.segment,
        r.tier, r.language, r.therapeutic_interest, p_lists, p_profiles)::hcp_facts
$$;

-- Which profiles build on which.
CREATE VIEW profile_builds_on AS
    SELECT c.target_profile_id, named.code::uuid AS on_profile
      FROM target_profile_criterion c CROSS JOIN unnest(c.codes) AS named (code)
     WHERE c.attribute = 'target_profile';

-- These profiles, and all that build on them.
CREATE FUNCTION profiles_building_on(p_profiles uuid[]) RETURNS uuid[] LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN ARRAY(
        WITH RECURSIVE above (id) AS (
            SELECT unnest(p_profiles)
             UNION
            SELECT b.target_profile_id FROM above JOIN profile_builds_on b ON b.on_profile = above.id)
        SELECT id FROM above);
END $$;

-- The names in the circle that would come of a profile building on these; null: none.
CREATE FUNCTION profile_circle(p_profile uuid, p_on uuid[]) RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
        WITH RECURSIVE below (id) AS (
            SELECT unnest(p_on)
             UNION
            SELECT b.on_profile FROM below JOIN profile_builds_on b ON b.target_profile_id = below.id)
        SELECT string_agg(p.name, ', ' ORDER BY p.name)
          FROM below JOIN target_profile p ON p.id = below.id
         WHERE p.id = ANY (profiles_building_on(ARRAY[p_profile])));
END $$;

CREATE OR REPLACE FUNCTION profile_rules_write(p_profiles uuid[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM profile_rule WHERE target_profile_id = ANY (p_profiles);
    INSERT INTO profile_rule
    SELECT rule.* FROM profile_rules(ARRAY(SELECT id FROM target_profile WHERE id = ANY (p_profiles)),
                                     ARRAY(SELECT c FROM target_profile_criterion c
                                            WHERE c.target_profile_id = ANY (p_profiles))) rule;
    UPDATE profile_rule r SET depth = deep.depth
      FROM (WITH RECURSIVE chain (id, depth) AS (
                SELECT p.id, 0
                  FROM target_profile p
                 WHERE p.congress_id IN (SELECT congress_id FROM target_profile WHERE id = ANY (p_profiles))
                 UNION
                SELECT b.target_profile_id, chain.depth + 1
                  FROM chain JOIN profile_builds_on b ON b.on_profile = chain.id
                 WHERE chain.depth < 64)
            SELECT id, max(depth) AS depth FROM chain GROUP BY id) deep
     WHERE r.target_profile_id = deep.id AND r.depth <> deep.depth;
END $$;

SELECT profile_rules_write(ARRAY(SELECT id FROM target_profile));

-- Which registrations of a congress (p_registration: only this one) match which of the given profiles, stored or not. The
-- profiles they build on are stored and matched.
CREATE OR REPLACE FUNCTION matching_registrations(p_congress uuid, p_registration uuid, p_profiles uuid[],
                                                  p_criteria target_profile_criterion[])
RETURNS TABLE (registration_id uuid, target_profile_id uuid)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_custom_plan SET jit = off AS $$
#variable_conflict use_column
DECLARE
    builds CONSTANT boolean := EXISTS (SELECT FROM unnest(p_criteria) c WHERE c.attribute = 'target_profile');
BEGIN
    RETURN QUERY
    SELECT r.id, rule.target_profile_id
      FROM registration r
     CROSS JOIN LATERAL (SELECT CASE WHEN builds THEN ARRAY(
                SELECT x.target_profile_id::text FROM registration_profile x WHERE x.registration_id = r.id) END
            OFFSET 0) AS known (profiles)
     CROSS JOIN profile_rules(p_profiles, p_criteria) AS rule
     WHERE r.congress_id = p_congress AND (p_registration IS NULL OR r.id = p_registration)
       AND profile_accepts(rule, registration_facts(r, NULL, known.profiles));
END $$;

CREATE OR REPLACE FUNCTION match_registration(p_registration uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    r registration;
    matched text[] := '{}';
    deepest int;
BEGIN
    SELECT * INTO r FROM registration WHERE id = p_registration;
    IF r.id IS NULL THEN
        RAISE EXCEPTION 'no registration %', p_registration USING ERRCODE = 'AM404';
    END IF;
    -- Waits for a change of this congress's profiles: see match_congress().
    PERFORM FROM congress WHERE id = r.congress_id FOR KEY SHARE;
    deepest := (SELECT max(rule.depth) FROM target_profile p JOIN profile_rule rule ON rule.target_profile_id = p.id
                 WHERE p.congress_id = r.congress_id);
    FOR level IN 0 .. coalesce(deepest, 0) LOOP
        matched := matched || ARRAY(
            SELECT p.id::text FROM target_profile p
              LEFT JOIN profile_rule rule ON rule.target_profile_id = p.id
             WHERE p.congress_id = r.congress_id AND coalesce(rule.depth, 0) = level
               AND profile_accepts(rule, registration_facts(r, NULL, matched)));
    END LOOP;
    DELETE FROM registration_profile x WHERE x.registration_id = r.id AND x.target_profile_id <> ALL (matched::uuid[]);
    INSERT INTO registration_profile (organisation_id, congress_id, registration_id, target_profile_id)
    SELECT r.organisation_id, r.congress_id, r.id, m FROM unnest(matched::uuid[]) AS m ON CONFLICT DO NOTHING;
END $$;

-- Computes the profiles of all registrations of a congress again (p_profile: only this one, and those that build on it).
-- In the transaction that changes a profile. Registrations being written meanwhile hold their congress by key share: they
-- are waited for, and later ones see the changed profiles. Writes only what differs.
CREATE OR REPLACE FUNCTION match_congress(p_congress uuid, p_profile uuid DEFAULT NULL) RETURNS void
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    changed uuid[];
    level uuid[]; -- those of one depth, which build only on what is matched by now
BEGIN
    PERFORM FROM congress WHERE id = p_congress FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no congress %', p_congress USING ERRCODE = 'AM404';
    END IF;
    changed := profiles_building_on(ARRAY(
        SELECT id FROM target_profile WHERE congress_id = p_congress AND (p_profile IS NULL OR id = p_profile)));
    FOR level IN
        SELECT array_agg(p.id) FROM target_profile p LEFT JOIN profile_rule rule ON rule.target_profile_id = p.id
         WHERE p.id = ANY (changed) GROUP BY coalesce(rule.depth, 0) ORDER BY coalesce(rule.depth, 0)
    LOOP
        WITH m AS MATERIALIZED (
            SELECT * FROM matching_registrations(p_congress, NULL, level, ARRAY(
                SELECT c FROM target_profile_criterion c WHERE c.target_profile_id = ANY (level)))
        ), gone AS (
            DELETE FROM registration_profile x
             WHERE x.target_profile_id = ANY (level)
               AND NOT EXISTS (SELECT FROM m WHERE m.registration_id = x.registration_id
                                               AND m.target_profile_id = x.target_profile_id)
        )
        INSERT INTO registration_profile (organisation_id, congress_id, registration_id, target_profile_id)
        SELECT c.organisation_id, c.id, m.registration_id, m.target_profile_id
          FROM m JOIN congress c ON c.id = p_congress
         WHERE NOT EXISTS (SELECT FROM registration_profile x
                            WHERE x.registration_id = m.registration_id
                              AND x.target_profile_id = m.target_profile_id)
            ON CONFLICT DO NOTHING;
    END LOOP;
END $$;

-- As in migration 0066; the copies build on each other. A name is unique in a congress.
CREATE OR REPLACE FUNCTION target_profiles_copy(p_from uuid, p_to uuid, p_now timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    p target_profile;
BEGIN
    FOR p IN SELECT * FROM target_profile WHERE congress_id = p_from LOOP
        p.id := gen_random_uuid();
        p.congress_id := p_to;
        p.created_at := p_now;
        INSERT INTO target_profile VALUES (p.*);
    END LOOP;
    INSERT INTO target_profile_criterion (target_profile_id, position, mode, attribute, codes)
    SELECT made.id, c.position, c.mode, c.attribute,
           CASE c.attribute WHEN 'target_profile' THEN ARRAY(
               SELECT there.id::text FROM unnest(c.codes) AS named (code)
                 JOIN target_profile here ON here.id::text = named.code
                 JOIN target_profile there ON there.congress_id = p_to AND there.name = here.name)
           ELSE c.codes END
      FROM target_profile origin
      JOIN target_profile made ON made.congress_id = p_to AND made.name = origin.name
      JOIN target_profile_criterion c ON c.target_profile_id = origin.id
     WHERE origin.congress_id = p_from;
END $$;
