-- The universe of a target profile, counted in the register of health professionals or in a target list: again whenever
-- the profile, one it builds on, the register or the list changes. `universe` and `universe_source` stay what readers see.

ALTER TABLE target_profile
    ADD COLUMN universe_from       text NOT NULL DEFAULT 'given'
        CHECK (universe_from IN ('given', 'registry', 'target_list')),
    ADD COLUMN universe_list       uuid CHECK (num_nonnulls(universe_list) = (universe_from = 'target_list')::int),
    ADD COLUMN universe_counted    int CHECK (universe_counted >= 0), -- null: not counted yet, or it cannot be
    ADD COLUMN universe_counted_at timestamptz,
    ADD COLUMN universe_work       uuid,         -- of the job that counts it; null: what is there is counted
    ADD FOREIGN KEY (organisation_id, universe_list) REFERENCES target_list (organisation_id, id);
CREATE INDEX target_profile_universe ON target_profile (universe_from, universe_list) WHERE universe_from <> 'given';
CREATE INDEX target_profile_universe_work ON target_profile (universe_work) WHERE universe_work IS NOT NULL;

ALTER FUNCTION profile_accepts(profile_rule, hcp_facts) PARALLEL SAFE;

-- The profiles that a rule asks about itself.
CREATE FUNCTION profile_rule_on(rule profile_rule) RETURNS uuid[] LANGUAGE sql IMMUTABLE AS $$
    SELECT (coalesce(rule.all_target_profile, '{}') || coalesce(rule.every_target_profile, '{}')
            || coalesce(rule.any_target_profile, '{}') || coalesce(rule.none_target_profile, '{}'))::uuid[]
$$;

-- The rules of all profiles that a rule builds on: what these build on comes first. (A profile without criteria may have no
-- row of its own.)
CREATE FUNCTION profile_rules_below(rule profile_rule) RETURNS SETOF profile_rule LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY
        WITH RECURSIVE below (id) AS (
            SELECT unnest(profile_rule_on(rule))
             UNION
            SELECT b.on_profile FROM below JOIN profile_builds_on b ON b.target_profile_id = below.id)
        SELECT f.* FROM below LEFT JOIN profile_rule r ON r.target_profile_id = below.id
         CROSS JOIN LATERAL jsonb_populate_record(r, jsonb_build_object(
                    'target_profile_id', below.id, 'depth', coalesce(r.depth, 0))) f
         ORDER BY f.depth, f.target_profile_id;
END $$;

-- The lists that a rule asks about itself.
CREATE FUNCTION profile_rule_lists(rule profile_rule) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(rule.all_target_list, '{}') || coalesce(rule.every_target_list, '{}')
           || coalesce(rule.any_target_list, '{}') || coalesce(rule.none_target_list, '{}')
$$;

-- And those that the rules ask about on which it builds.
CREATE FUNCTION profile_lists_asked(rule profile_rule) RETURNS uuid[] LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN ARRAY(
        SELECT unnest(profile_rule_lists(rule))::uuid
         UNION
        SELECT unnest(profile_rule_lists(b))::uuid FROM profile_rules_below(rule) b
         ORDER BY 1);
END $$;

-- What the rule, or one it builds on, asks and the register does not know.
CREATE FUNCTION registry_lacks(rule profile_rule) RETURNS text[] LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN ARRAY(
        SELECT DISTINCT a.attribute
          FROM (SELECT (rule).* UNION ALL SELECT * FROM profile_rules_below(rule)) r
         CROSS JOIN LATERAL (VALUES
               ('age_band', coalesce(r.all_age_band, r.any_age_band, r.none_age_band)),
               ('segment', coalesce(r.all_segment, r.any_segment, r.none_segment)),
               ('tier', coalesce(r.all_tier, r.any_tier, r.none_tier)),
               ('language', coalesce(r.all_language, r.any_language, r.none_language)),
               ('therapeutic_interest', coalesce(r.all_therapeutic_interest, r.any_therapeutic_interest,
                                                 r.none_therapeutic_interest)),
               ('target_list', coalesce(r.all_target_list, r.every_target_list, r.any_target_list,
                                        r.none_target_list))) AS a (attribute, codes)
         WHERE a.codes IS NOT NULL ORDER BY 1);
END $$;

-- Whom a rule accepts, where the person is p: what is joined, and the condition. The rules are constants of the statement, so that
-- PostgreSQL looks at what they ask alone. A line of a list is on that list, and on those of the HCP whom it is about.
CREATE FUNCTION universe_rule_sql(p_from text, rule profile_rule, OUT joins text, OUT accepts text) LANGUAGE plpgsql STABLE AS $$
DECLARE
    listed CONSTANT boolean := p_from = 'target_list' AND profile_lists_asked(rule) <> '{}';
    facts CONSTANT text := CASE p_from WHEN 'registry' THEN
        'ROW(p.profession, p.specialty, p.skill_type, p.practice_setting, p.practice_mode, p.professional_category,'
        ' p.region, p.department, ''FR''::text, NULL::text, NULL::text, NULL::text, NULL::text, NULL::text, NULL::text[], %s)::hcp_facts'
    ELSE
        'ROW(p.profession, p.specialty, p.skill_type, p.practice_setting, p.practice_mode, p.professional_category,'
        ' p.region, p.department, coalesce(p.country, CASE WHEN p.region ~ ''^[A-Z]{2}$'' THEN p.region'
        ' WHEN p.region IS NOT NULL THEN ''FR'' END), p.age_band, p.segment, p.tier, p.language,'
        ' p.therapeutic_interest, ' || CASE WHEN listed THEN 'on_lists.ids' ELSE 'NULL::text[]' END || ', %s)::hcp_facts'
    END;
    known text := 'NULL::text[]'; -- the profiles below that accept the person
    below profile_rule;
    steps int := 0;
BEGIN
    joins := CASE WHEN listed THEN
        ' CROSS JOIN LATERAL (SELECT ARRAY[p.target_list_id::text] || ARRAY(SELECT t.target_list_id::text'
        ' FROM target_list_person t WHERE t.hcp_id = p.hcp_id) AS ids OFFSET 0) AS on_lists' ELSE '' END;
    FOR below IN SELECT * FROM profile_rules_below(rule) LOOP
        joins := joins || format(
            ' CROSS JOIN LATERAL (SELECT CASE WHEN profile_accepts(%L::profile_rule, ' || facts || ') THEN %s || %L::text'
            ' ELSE %s END AS profiles OFFSET 0) AS s%s', below, known, known, below.target_profile_id, known, steps);
        known := format('s%s.profiles', steps);
        steps := steps + 1;
    END LOOP;
    accepts := format('profile_accepts(%L::profile_rule, ' || facts || ')', rule, known);
END $$;

-- How many people of the register, or of a list, a rule accepts; null: there is no such register or list, or the register
-- does not know what is asked.
CREATE FUNCTION universe_count(p_from text, p_list uuid, rule profile_rule) RETURNS bigint
LANGUAGE plpgsql STABLE SET jit = off AS $$
DECLARE
    people CONSTANT text := CASE p_from WHEN 'registry' THEN 'registry_person p'
        ELSE format('(SELECT * FROM target_list_person WHERE target_list_id = %L OFFSET 0) p', p_list) END;
    whom record;
    n bigint;
BEGIN
    IF p_from = 'registry' AND (registry_lacks(rule) <> '{}' OR NOT EXISTS (SELECT FROM registry_edition WHERE current))
       OR p_from = 'target_list' AND NOT EXISTS (SELECT FROM target_list WHERE id = p_list) THEN
        RETURN NULL;
    END IF;
    whom := universe_rule_sql(p_from, rule);
    EXECUTE format('SELECT count(*) FROM %s%s WHERE %s', people, whom.joins, whom.accepts) INTO n;
    RETURN n;
END $$;

-- Whether somebody may use a list: lists are read by organisers of the whole organisation; others may leave it where it is used
-- already (p_used). Holds the list's row, so that it comes before the congress in every order of locks.
CREATE FUNCTION target_list_allowed(p_person uuid, p_organisation uuid, p_list uuid, p_used boolean, p_now timestamptz)
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM target_list WHERE id = p_list AND organisation_id = p_organisation FOR KEY SHARE;
    RETURN FOUND AND (
        p_used OR (SELECT roles & role_bit('organiser') <> 0 FROM roles_at(p_person, p_organisation, NULL, NULL, p_now)));
END $$;

-- Whether they may count a profile in it.
CREATE FUNCTION universe_list_allowed(p_person uuid, p_organisation uuid, p_list uuid, p_profile uuid, p_now timestamptz)
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    RETURN target_list_allowed(p_person, p_organisation, p_list,
                               EXISTS (SELECT FROM target_profile WHERE id = p_profile AND universe_list = p_list), p_now);
END $$;

-- Where a count is from, with its date, as it stands beside every rate.
CREATE FUNCTION universe_label(p_from text, p_list uuid) RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN CASE p_from
        WHEN 'registry' THEN (SELECT 'Annuaire Santé, ' || to_char(data_at AT TIME ZONE 'UTC', 'YYYY-MM-DD')
                                FROM registry_edition WHERE current)
        ELSE (SELECT name || ', ' || coalesce(as_of, (changed_at AT TIME ZONE 'UTC')::date) FROM target_list WHERE id = p_list)
    END;
END $$;

-- Who makes a source newer (exclusively, until its commit) and who counts in it (shared) wait for each other: else a profile
-- that is counted before that commit, and that the change does not see yet, would keep the old count.
CREATE FUNCTION universe_source_lock(p_from text, p_list uuid, p_shared boolean) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v_key CONSTANT bigint := hashtextextended('universe ' || p_from || coalesce(p_list::text, ''), 0);
BEGIN
    IF p_shared THEN
        PERFORM pg_advisory_xact_lock_shared(v_key);
    ELSE
        PERFORM pg_advisory_xact_lock(v_key);
    END IF;
END $$;

-- In one order everywhere: the list, the congresses, the profiles. A change of a profile holds its congress; it is waited for
-- here, and registrations are not.
CREATE FUNCTION universes_lock(p_profiles uuid[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM congress c WHERE c.id IN (SELECT congress_id FROM target_profile
                                            WHERE id = ANY (p_profiles) AND universe_from <> 'given')
      ORDER BY c.id FOR KEY SHARE;
    PERFORM FROM target_profile WHERE id = ANY (p_profiles) AND universe_from <> 'given'
      ORDER BY id FOR NO KEY UPDATE;
END $$;

-- These profiles' universes are to be counted again, where they are counted.
CREATE FUNCTION universes_changed(p_profiles uuid[], p_now timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v_organisation uuid;
    v_work uuid;
BEGIN
    PERFORM universes_lock(p_profiles);
    FOR v_organisation IN SELECT DISTINCT organisation_id FROM target_profile
                           WHERE id = ANY (p_profiles) AND universe_from <> 'given' LOOP
        v_work := gen_random_uuid();
        UPDATE target_profile SET universe_work = v_work
         WHERE organisation_id = v_organisation AND id = ANY (p_profiles) AND universe_from <> 'given';
        INSERT INTO job (kind, object_id, organisation_id, created_at, due_at)
        VALUES ('universe.count', v_work, v_organisation, p_now, p_now);
    END LOOP;
END $$;

-- Counts one, and says so, unless it is to be counted again already.
CREATE FUNCTION universe_count_write(p_profile uuid, p_work uuid, p_now timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    p target_profile;
    n bigint;
    label text;
BEGIN
    SELECT * INTO p FROM target_profile WHERE id = p_profile AND universe_work = p_work;
    IF p.id IS NULL THEN
        RETURN;
    END IF;
    PERFORM universe_source_lock(p.universe_from, p.universe_list, true);
    label := universe_label(p.universe_from, p.universe_list); -- before the count: never newer than that
    n := universe_count(p.universe_from, p.universe_list,
                        (SELECT r FROM profile_rule r WHERE r.target_profile_id = p_profile));
    UPDATE target_profile
       SET universe = nullif(n, 0), universe_source = CASE WHEN n > 0 THEN label END, universe_counted = n,
           universe_counted_at = p_now, universe_work = NULL
     WHERE id = p_profile AND universe_work = p_work;
END $$;

-- --- what makes counts old ---

-- A profile that has another source, or is new, as a copy is.
CREATE FUNCTION universe_source_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM universes_changed(ARRAY[NEW.id], now());
    RETURN NULL;
END $$;
CREATE TRIGGER universe_source_new AFTER INSERT ON target_profile
    FOR EACH ROW WHEN (NEW.universe_from <> 'given') EXECUTE FUNCTION universe_source_changed();
CREATE TRIGGER universe_source_changed AFTER UPDATE OF universe_from, universe_list ON target_profile
    FOR EACH ROW WHEN ((NEW.universe_from, NEW.universe_list) IS DISTINCT FROM (OLD.universe_from, OLD.universe_list))
    EXECUTE FUNCTION universe_source_changed();

-- As in migration 0055, and counts are taken again.
CREATE OR REPLACE FUNCTION criteria_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    v_profiles CONSTANT uuid[] := ARRAY(SELECT DISTINCT target_profile_id FROM changed);
BEGIN
    PERFORM profile_rules_write(v_profiles);
    PERFORM universes_changed(profiles_building_on(v_profiles), now());
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION codes_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    v_profiles CONSTANT uuid[] := ARRAY(SELECT id FROM target_profile);
BEGIN
    PERFORM profile_rules_write(v_profiles);
    PERFORM universes_changed(v_profiles, now());
    RETURN NULL;
END $$;

CREATE FUNCTION target_list_universes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM universe_source_lock('target_list', NEW.id, false);
    PERFORM universes_changed(ARRAY(SELECT id FROM target_profile WHERE universe_list = NEW.id), NEW.changed_at);
    RETURN NULL;
END $$;
CREATE TRIGGER target_list_universes AFTER UPDATE OF version, name, as_of ON target_list
    FOR EACH ROW EXECUTE FUNCTION target_list_universes();

-- Of a list that is removed the last counts stand, as numbers that somebody gave.
CREATE FUNCTION target_list_removed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM universes_lock(ARRAY(SELECT id FROM target_profile WHERE universe_list = OLD.id));
    UPDATE target_profile
       SET universe_from = 'given', universe_list = NULL, universe_counted = NULL, universe_counted_at = NULL,
           universe_work = NULL
     WHERE universe_list = OLD.id;
    RETURN OLD;
END $$;
CREATE TRIGGER target_list_removed BEFORE DELETE ON target_list FOR EACH ROW EXECUTE FUNCTION target_list_removed();

-- As in migration 0064, and counts are taken again.
CREATE OR REPLACE FUNCTION registry_edition_publish(p_edition int, p_source text, p_data_at timestamptz, p_now timestamptz,
                                                    p_lines bigint, p_refused bigint, p_persons bigint)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    UPDATE registry_edition SET current = false WHERE current;
    INSERT INTO registry_edition (id, source_file, data_at, imported_at, lines, refused, persons, current)
    VALUES (p_edition, p_source, p_data_at, p_now, p_lines, p_refused, p_persons, true);
    PERFORM universe_source_lock('registry', NULL, false);
    PERFORM universes_changed(ARRAY(SELECT id FROM target_profile WHERE universe_from = 'registry'), p_now);
END $$;
