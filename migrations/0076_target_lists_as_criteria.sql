-- Target lists as criteria of profiles: "on one of these lists", "on none of them".
--
-- On which lists somebody is: an HCP on those that have a line linked to them (target_list_person.hcp_id). A line of a list
-- is on that list, and, when it is linked, on the lists of its HCP; lines that are not linked are not compared with each
-- other. A line of the register is on none that is known.
--
-- What changes a list has its profiles matched and counted again by the job `universe.count`, after its commit; an HCP whose
-- lines become linked is matched in that transaction.

-- Which lists a profile's criteria name. A list that is named is not removed.
CREATE TABLE target_profile_list (
    organisation_id   uuid NOT NULL,
    target_profile_id uuid NOT NULL REFERENCES target_profile (id) ON DELETE CASCADE,
    target_list_id    uuid NOT NULL,
    PRIMARY KEY (target_profile_id, target_list_id),
    FOREIGN KEY (organisation_id, target_list_id) REFERENCES target_list (organisation_id, id)
);
CREATE INDEX target_profile_list_list ON target_profile_list (organisation_id, target_list_id);

-- matches_due: the people of its lists changed since registrations were matched. (universe_work is the job's that does it.)
ALTER TABLE target_profile ADD COLUMN matches_due boolean NOT NULL DEFAULT false;

-- A profile that is new, as a copy is, has nothing due that was another one's.
CREATE FUNCTION target_profile_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.universe_work := NULL;
    NEW.matches_due := false;
    RETURN NEW;
END $$;
CREATE TRIGGER target_profile_new BEFORE INSERT ON target_profile FOR EACH ROW EXECUTE FUNCTION target_profile_new();

-- The profiles that name a list, with their congresses; null: none.
CREATE FUNCTION target_list_users(p_list uuid) RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT string_agg(p.name || ' – ' || c.title, ', ' ORDER BY c.title, p.name)
              FROM target_profile_list u JOIN target_profile p ON p.id = u.target_profile_id
              JOIN congress c ON c.id = p.congress_id
             WHERE u.target_list_id = p_list);
END $$;

-- The lists that criteria of a profile name, for readers of the profile.
CREATE FUNCTION target_lists_named(p_profile uuid) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT coalesce(jsonb_agg(jsonb_build_object('id', l.id, 'name', l.name) ORDER BY l.name), '[]')
              FROM target_profile_list u JOIN target_list l ON l.id = u.target_list_id
             WHERE u.target_profile_id = p_profile);
END $$;

-- --- who matches ---

-- As in migration 0071, with the lists of HCPs where a criterion asks for them.
CREATE OR REPLACE FUNCTION matching_registrations(p_congress uuid, p_registration uuid, p_profiles uuid[],
                                                  p_criteria target_profile_criterion[])
RETURNS TABLE (registration_id uuid, target_profile_id uuid)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_custom_plan SET jit = off AS $$
#variable_conflict use_column
DECLARE
    builds CONSTANT boolean := EXISTS (SELECT FROM unnest(p_criteria) c WHERE c.attribute = 'target_profile');
    listed CONSTANT boolean := EXISTS (SELECT FROM unnest(p_criteria) c WHERE c.attribute = 'target_list');
BEGIN
    RETURN QUERY
    SELECT r.id, rule.target_profile_id
      FROM registration r
     CROSS JOIN LATERAL (SELECT CASE WHEN builds THEN ARRAY(
                SELECT x.target_profile_id::text FROM registration_profile x WHERE x.registration_id = r.id) END,
            CASE WHEN listed THEN ARRAY(
                SELECT t.target_list_id::text FROM target_list_person t WHERE t.hcp_id = r.hcp_id) END
            OFFSET 0) AS known (profiles, lists)
     CROSS JOIN profile_rules(p_profiles, p_criteria) AS rule
     WHERE r.congress_id = p_congress AND (p_registration IS NULL OR r.id = p_registration)
       AND profile_accepts(rule, registration_facts(r, known.lists, known.profiles));
END $$;

-- As in migration 0071, with the HCP's lists.
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

-- --- what makes matches and counts old ---

-- Universes of p_counts are to be counted again, where they are counted; registrations are to be matched with p_matches, and
-- with what builds on those. In one order everywhere: the lists, the congresses, the profiles.
CREATE FUNCTION profiles_due(p_counts uuid[], p_matches uuid[], p_now timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v_due CONSTANT uuid[] := ARRAY(SELECT id FROM target_profile WHERE id = ANY (p_matches)
                                       OR (id = ANY (p_counts) AND universe_from <> 'given'));
    v_organisation uuid;
    v_work uuid;
BEGIN
    PERFORM FROM congress WHERE id IN (SELECT congress_id FROM target_profile WHERE id = ANY (v_due))
      ORDER BY id FOR KEY SHARE;
    PERFORM FROM target_profile WHERE id = ANY (v_due) ORDER BY id FOR NO KEY UPDATE;
    FOR v_organisation IN SELECT DISTINCT organisation_id FROM target_profile WHERE id = ANY (v_due) LOOP
        v_work := gen_random_uuid();
        UPDATE target_profile SET universe_work = v_work, matches_due = matches_due OR id = ANY (p_matches)
         WHERE organisation_id = v_organisation AND id = ANY (v_due);
        INSERT INTO job (kind, object_id, organisation_id, created_at, due_at)
        VALUES ('universe.count', v_work, v_organisation, p_now, p_now);
    END LOOP;
END $$;

CREATE OR REPLACE FUNCTION universes_changed(p_profiles uuid[], p_now timestamptz) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM profiles_due(p_profiles, '{}', p_now);
END $$;

-- Matches one again, and what builds on it, if that is due. A change of a list at this moment waits, and makes it due again.
CREATE FUNCTION profile_match_due(p_profile uuid, p_work uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v_congress uuid;
BEGIN
    SELECT congress_id INTO v_congress FROM target_profile
     WHERE id = p_profile AND universe_work = p_work AND matches_due;
    IF v_congress IS NOT NULL THEN
        PERFORM match_congress(v_congress, p_profile);
        UPDATE target_profile SET matches_due = false WHERE id = p_profile AND universe_work = p_work;
    END IF;
END $$;

-- As in migration 0075, of one that is counted; any other has been matched then. The lists that are asked about hold still
-- while it counts.
CREATE OR REPLACE FUNCTION universe_count_write(p_profile uuid, p_work uuid, p_now timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    p target_profile;
    rule profile_rule;
    n bigint;
    label text;
BEGIN
    PERFORM profile_match_due(p_profile, p_work); -- the version before has no other place for it
    SELECT * INTO p FROM target_profile WHERE id = p_profile AND universe_work = p_work;
    IF p.id IS NULL THEN
        RETURN;
    END IF;
    IF p.universe_from = 'given' THEN
        UPDATE target_profile SET universe_work = NULL WHERE id = p_profile AND universe_work = p_work;
        RETURN;
    END IF;
    SELECT * INTO rule FROM profile_rule WHERE target_profile_id = p_profile;
    PERFORM universe_source_lock('target_list', l, true)
       FROM unnest(profile_lists_asked(rule) || CASE p.universe_from WHEN 'target_list' THEN p.universe_list END) l
      WHERE l IS NOT NULL ORDER BY l;
    IF p.universe_from = 'registry' THEN
        PERFORM universe_source_lock('registry', NULL, true);
    END IF;
    label := universe_label(p.universe_from, p.universe_list); -- before the count: never newer than that
    n := universe_count(p.universe_from, p.universe_list, rule);
    UPDATE target_profile
       SET universe = nullif(n, 0), universe_source = CASE WHEN n > 0 THEN label END, universe_counted = n,
           universe_counted_at = p_now, universe_work = NULL
     WHERE id = p_profile AND universe_work = p_work;
END $$;

-- Whether these lists may be criteria of a profile, by target_list_allowed(), with whatever the profile names
-- already. Holds them until the commit, so that a list that changes meanwhile finds who names it.
CREATE FUNCTION criteria_lists_allowed(p_person uuid, p_organisation uuid, p_lists uuid[], p_profile uuid, p_now timestamptz)
RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    v_list uuid;
BEGIN
    FOR v_list IN SELECT DISTINCT unnest(p_lists) ORDER BY 1 LOOP
        IF NOT target_list_allowed(p_person, p_organisation, v_list, EXISTS (
                SELECT FROM target_profile_list WHERE target_profile_id = p_profile AND target_list_id = v_list), p_now) THEN
            RETURN false;
        END IF;
        PERFORM universe_source_lock('target_list', v_list, true);
    END LOOP;
    RETURN true;
END $$;

-- As in migration 0075, and what the criteria name is kept.
CREATE OR REPLACE FUNCTION criteria_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    v_profiles CONSTANT uuid[] := ARRAY(SELECT DISTINCT target_profile_id FROM changed);
BEGIN
    PERFORM profile_rules_write(v_profiles);
    DELETE FROM target_profile_list WHERE target_profile_id = ANY (v_profiles);
    INSERT INTO target_profile_list (organisation_id, target_profile_id, target_list_id)
    SELECT DISTINCT p.organisation_id, p.id, named.code::uuid
      FROM target_profile p JOIN target_profile_criterion c ON c.target_profile_id = p.id
     CROSS JOIN unnest(c.codes) AS named (code)
     WHERE p.id = ANY (v_profiles) AND c.attribute = 'target_list';
    PERFORM universes_changed(profiles_building_on(v_profiles), now());
    RETURN NULL;
END $$;

-- As in migration 0075; its people are other ones when the version is.
CREATE OR REPLACE FUNCTION target_list_universes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    v_naming uuid[] := '{}';
BEGIN
    PERFORM universe_source_lock('target_list', NEW.id, false);
    IF NEW.version <> OLD.version THEN
        v_naming := ARRAY(SELECT target_profile_id FROM target_profile_list
                           WHERE organisation_id = NEW.organisation_id AND target_list_id = NEW.id);
    END IF;
    PERFORM profiles_due(ARRAY(SELECT id FROM target_profile WHERE universe_list = NEW.id) || profiles_building_on(v_naming),
                         v_naming, NEW.changed_at);
    RETURN NULL;
END $$;

-- As in migration 0075; what else is due stays due.
CREATE OR REPLACE FUNCTION target_list_removed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM universes_lock(ARRAY(SELECT id FROM target_profile WHERE universe_list = OLD.id));
    UPDATE target_profile
       SET universe_from = 'given', universe_list = NULL, universe_counted = NULL, universe_counted_at = NULL,
           universe_work = CASE WHEN matches_due THEN universe_work END
     WHERE universe_list = OLD.id;
    RETURN OLD;
END $$;

-- Lines of lists became an HCP's: their registrations match by these, and a line of one list is known to be on another. Each
-- registration is matched, whatever its profiles ask now: who changes them at this moment is waited for.
CREATE FUNCTION hcp_lists_changed(p_organisation uuid, p_hcp uuid, p_now timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v_lists CONSTANT uuid[] := ARRAY(SELECT DISTINCT target_list_id FROM target_list_person WHERE hcp_id = p_hcp);
    v_naming uuid[];
BEGIN
    PERFORM match_registration(r.id) FROM (SELECT id FROM registration WHERE hcp_id = p_hcp ORDER BY congress_id) r;
    IF cardinality(v_lists) > 1 THEN
        v_naming := ARRAY(SELECT target_profile_id FROM target_profile_list
                           WHERE organisation_id = p_organisation AND target_list_id = ANY (v_lists));
        PERFORM profiles_due(ARRAY(SELECT id FROM target_profile WHERE id = ANY (profiles_building_on(v_naming))
                                                                   AND universe_list = ANY (v_lists)), '{}', p_now);
    END IF;
END $$;

-- As in migration 0070, and whoever is on more lists by it matches by them.
CREATE OR REPLACE FUNCTION hcp_listed() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
    UPDATE target_list_person p SET hcp_id = NEW.id
     WHERE p.organisation_id = NEW.organisation_id AND (p.email = NEW.email OR p.rpps = NEW.rpps) AND p.hcp_id IS NULL
       AND listed_hcp(p.organisation_id, p.rpps, p.email, p.first_name || ' ' || p.last_name) = NEW.id;
    IF FOUND THEN
        PERFORM hcp_lists_changed(NEW.organisation_id, NEW.id, now());
    END IF;
    RETURN NULL;
END $$;
