-- What each registration calls is planned once a connection: PostgreSQL plans the query of an SQL function again at
-- each call, which took most of a registration's time, and that of a PL/pgSQL function once.

CREATE OR REPLACE FUNCTION audit(p_organisation uuid, p_at timestamptz, p_actor_kind text, p_actor uuid,
                                 p_action text, p_object_kind text, p_object uuid, p_details jsonb DEFAULT '{}')
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO audit_log (organisation_id, at, actor_kind, actor_id, action, object_kind, object_id, details)
    VALUES (p_organisation, p_at, p_actor_kind, p_actor, p_action, p_object_kind, p_object, coalesce(p_details, '{}'));
END $$;

CREATE OR REPLACE FUNCTION seats_free(p_congress uuid) RETURNS bigint LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT max(capacity) - (SELECT coalesce(sum(taken), 0) FROM seats_taken WHERE congress_id = p_congress)
              FROM session WHERE congress_id = p_congress AND state IN ('lobby', 'live'));
END $$;

CREATE OR REPLACE FUNCTION registration_mails(p_organisation uuid, p_email text, p_since timestamptz) RETURNS bigint
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT count(*) FROM registration_request
             WHERE organisation_id = p_organisation AND email = p_email AND requested_at > p_since)
         + (SELECT count(*) FROM address_change
             WHERE organisation_id = p_organisation AND to_email = p_email AND asked_at > p_since)
         + (SELECT count(*) FROM hcp h JOIN registration r ON r.hcp_id = h.id
              JOIN one_time_link l ON l.registration_id = r.id AND l.created_at > p_since
             WHERE h.organisation_id = p_organisation AND h.email = p_email);
END $$;

CREATE OR REPLACE FUNCTION join_links_end(p_congress uuid, p_now timestamptz) RETURNS timestamptz
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT greatest(p_now, max(starts_at + make_interval(mins => planned_minutes))) + interval '7 days'
              FROM session WHERE congress_id = p_congress AND state NOT IN ('draft', 'cancelled'));
END $$;

CREATE OR REPLACE FUNCTION join_link_add(p_registration uuid, p_token_hash bytea, p_now timestamptz)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO one_time_link (token_hash, organisation_id, purpose, registration_id, created_at, expires_at)
    SELECT p_token_hash, organisation_id, 'join', id, p_now, join_links_end(congress_id, p_now)
      FROM registration WHERE id = p_registration;
END $$;

CREATE OR REPLACE FUNCTION branding_json(p_organisation uuid) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT jsonb_build_object('accent', (array_agg(accent))[1],
                                      'logo', '/api/logos/' || (array_agg(logo_id))[1])
              FROM organisation_branding WHERE organisation_id = p_organisation);
END $$;

CREATE OR REPLACE FUNCTION organisation_public(p_organisation uuid) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT jsonb_build_object('name', name, 'contact_email', contact_email) || branding_json(id)
              FROM organisation WHERE id = p_organisation);
END $$;

CREATE OR REPLACE FUNCTION registration_json(p_registration uuid) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT jsonb_build_object(
        'id', r.id, 'first_name', h.first_name, 'last_name', h.last_name, 'email', h.email,
        'language', r.language, 'state', r.state, 'registered_at', json_time(r.registered_at),
        'organisation', organisation_public(r.organisation_id),
        'congress', jsonb_build_object('id', c.id, 'title', c.title,
            'description', c.description, 'time_zone', c.time_zone),
        'sessions', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                'id', s.id, 'title', s.title, 'description', s.description,
                'language', s.language, 'starts_at', json_time(s.starts_at),
                'planned_minutes', s.planned_minutes, 'state', s.state,
                'listen_at', s.listen_at) ORDER BY s.starts_at, s.id), '[]')
           FROM session s WHERE s.congress_id = c.id AND s.state <> 'draft'))
      FROM registration r
      JOIN hcp h ON h.id = r.hcp_id
      JOIN congress c ON c.id = r.congress_id
     WHERE r.id = p_registration);
END $$;

CREATE OR REPLACE FUNCTION link_preview(p_token_hash bytea, p_now timestamptz) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
    WITH found AS (
        SELECT r.state, r.congress_id, r.link_id, r.language, h.first_name, h.last_name, '[]'::jsonb AS people
          FROM one_time_link l JOIN registration r ON r.id = l.registration_id
          JOIN hcp h ON h.id = r.hcp_id AND h.erased_at IS NULL
         WHERE l.token_hash = p_token_hash AND l.expires_at > p_now
        UNION ALL
        SELECT 'requested', q.congress_id, q.link_id, q.language, q.first_name, q.last_name,
               coalesce((SELECT jsonb_agg(jsonb_build_object('id', h.id, 'first_name', h.first_name,
                                'last_name', h.last_name) ORDER BY h.created_at, h.id)
                           FROM hcp h WHERE h.organisation_id = q.organisation_id AND h.email = q.email
                         HAVING bool_and(folded(h.first_name || ' ' || h.last_name)
                                         <> folded(q.first_name || ' ' || q.last_name))), '[]')
          FROM registration_request q WHERE q.token_hash = p_token_hash AND q.expires_at > p_now)
    SELECT jsonb_build_object('state', f.state, 'first_name', f.first_name, 'last_name', f.last_name,
        'language', f.language, 'people', f.people, 'page', '/r/' || l.code,
        'organisation', organisation_public(c.organisation_id),
        'congress', jsonb_build_object('title', c.title, 'language', c.language, 'time_zone', c.time_zone),
        'sessions', (SELECT coalesce(jsonb_agg(jsonb_build_object('title', s.title,
                'description', s.description, 'language', s.language, 'starts_at', json_time(s.starts_at),
                'planned_minutes', s.planned_minutes, 'state', s.state) ORDER BY s.starts_at, s.id), '[]')
            FROM session s WHERE s.congress_id = c.id AND s.state <> 'draft'))
      FROM found f JOIN congress c ON c.id = f.congress_id
      JOIN registration_link l ON l.id = f.link_id);
END $$;

-- What a profile's criteria come to, made when they change instead of for each registration: one set of codes for each
-- mode and attribute, groups of codes written out. null: no such criterion; no row: no criteria at all.
CREATE TABLE target_profile_rule (
    target_profile_id uuid PRIMARY KEY REFERENCES target_profile (id) ON DELETE CASCADE,
    all_p text[], all_s text[], all_t text[], all_r text[], all_a text[],
    any_wanted boolean NOT NULL,
    any_p text[], any_s text[], any_t text[], any_r text[], any_a text[],
    no_p text[], no_s text[], no_t text[], no_r text[], no_a text[]
);

-- A criterion means whole groups of codes: naming one form of general practice names all three. all_of twice on one
-- attribute is the intersection.
CREATE FUNCTION matching_rules(p_profiles uuid[], p_criteria target_profile_criterion[])
RETURNS SETOF target_profile_rule LANGUAGE sql STABLE AS $$
    WITH criterion AS (
        SELECT c.target_profile_id AS profile, c.mode, c.attribute, c.codes,
               count(*) OVER (PARTITION BY c.target_profile_id, c.mode, c.attribute) AS alike,
               row_number() OVER () AS n
          FROM unnest(p_criteria) c
    ), accepted AS (
        SELECT c.profile, c.mode, c.attribute, member.code,
               count(DISTINCT c.n) = min(c.alike) OR c.mode <> 'all_of' AS holds
          FROM criterion c
         CROSS JOIN unnest(c.codes) AS named (code)
          LEFT JOIN code w ON w.list = c.attribute AND w.code = named.code
          LEFT JOIN code member ON member.list = c.attribute
           AND coalesce(member.grouped_as, member.code) = coalesce(w.grouped_as, w.code)
         GROUP BY c.profile, c.mode, c.attribute, member.code
    ), code_set AS (
        SELECT profile, mode, attribute,
               coalesce(array_agg(code) FILTER (WHERE holds AND code IS NOT NULL), '{}') AS codes
          FROM accepted
         GROUP BY profile, mode, attribute
    )
    SELECT p.id,
           max(s.codes) FILTER (WHERE mode = 'all_of' AND attribute = 'profession'),
           max(s.codes) FILTER (WHERE mode = 'all_of' AND attribute = 'specialty'),
           max(s.codes) FILTER (WHERE mode = 'all_of' AND attribute = 'practice_setting'),
           max(s.codes) FILTER (WHERE mode = 'all_of' AND attribute = 'region'),
           max(s.codes) FILTER (WHERE mode = 'all_of' AND attribute = 'age_band'),
           bool_or(mode = 'any_of') IS TRUE,
           max(s.codes) FILTER (WHERE mode = 'any_of' AND attribute = 'profession'),
           max(s.codes) FILTER (WHERE mode = 'any_of' AND attribute = 'specialty'),
           max(s.codes) FILTER (WHERE mode = 'any_of' AND attribute = 'practice_setting'),
           max(s.codes) FILTER (WHERE mode = 'any_of' AND attribute = 'region'),
           max(s.codes) FILTER (WHERE mode = 'any_of' AND attribute = 'age_band'),
           max(s.codes) FILTER (WHERE mode = 'none_of' AND attribute = 'profession'),
           max(s.codes) FILTER (WHERE mode = 'none_of' AND attribute = 'specialty'),
           max(s.codes) FILTER (WHERE mode = 'none_of' AND attribute = 'practice_setting'),
           max(s.codes) FILTER (WHERE mode = 'none_of' AND attribute = 'region'),
           max(s.codes) FILTER (WHERE mode = 'none_of' AND attribute = 'age_band')
      FROM unnest(p_profiles) AS p (id)
      LEFT JOIN code_set s ON s.profile = p.id
     GROUP BY p.id
$$;

-- The matching predicate, the only one. A part of the queries that call it: PostgreSQL writes it out.
CREATE FUNCTION rule_accepts(rule target_profile_rule, r registration) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT (rule.all_p IS NULL OR r.profession = ANY (rule.all_p))
       AND (rule.all_s IS NULL OR r.specialty = ANY (rule.all_s))
       AND (rule.all_t IS NULL OR r.practice_setting = ANY (rule.all_t))
       AND (rule.all_r IS NULL OR r.region = ANY (rule.all_r))
       AND (rule.all_a IS NULL OR r.age_band = ANY (rule.all_a))
       AND (rule.any_wanted IS NOT TRUE OR r.profession = ANY (rule.any_p) OR r.specialty = ANY (rule.any_s)
            OR r.practice_setting = ANY (rule.any_t) OR r.region = ANY (rule.any_r) OR r.age_band = ANY (rule.any_a))
       AND (r.profession = ANY (rule.no_p)) IS NOT TRUE AND (r.specialty = ANY (rule.no_s)) IS NOT TRUE
       AND (r.practice_setting = ANY (rule.no_t)) IS NOT TRUE AND (r.region = ANY (rule.no_r)) IS NOT TRUE
       AND (r.age_band = ANY (rule.no_a)) IS NOT TRUE
$$;

-- Which registrations of a congress (p_registration: only this one) match which of the given profiles, stored or not.
CREATE OR REPLACE FUNCTION matching_registrations(p_congress uuid, p_registration uuid, p_profiles uuid[],
                                                  p_criteria target_profile_criterion[])
RETURNS TABLE (registration_id uuid, target_profile_id uuid)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_custom_plan SET jit = off AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT r.id, rule.target_profile_id
      FROM registration r
     CROSS JOIN matching_rules(p_profiles, p_criteria) AS rule
     WHERE r.congress_id = p_congress AND (p_registration IS NULL OR r.id = p_registration)
       AND rule_accepts(rule, r);
END $$;

CREATE FUNCTION profile_rules_write(p_profiles uuid[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM target_profile_rule WHERE target_profile_id = ANY (p_profiles);
    INSERT INTO target_profile_rule
    SELECT rule.* FROM matching_rules(ARRAY(SELECT id FROM target_profile WHERE id = ANY (p_profiles)),
                                      ARRAY(SELECT c FROM target_profile_criterion c
                                             WHERE c.target_profile_id = ANY (p_profiles))) rule;
END $$;

CREATE FUNCTION criteria_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM profile_rules_write(ARRAY(SELECT DISTINCT target_profile_id FROM changed));
    RETURN NULL;
END $$;
CREATE TRIGGER criteria_added AFTER INSERT ON target_profile_criterion REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION criteria_changed();
CREATE TRIGGER criteria_changed AFTER UPDATE ON target_profile_criterion REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION criteria_changed();
CREATE TRIGGER criteria_removed AFTER DELETE ON target_profile_criterion REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION criteria_changed();

-- A migration that regroups codes matches its congresses again; their rules follow by themselves.
CREATE FUNCTION codes_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM profile_rules_write(ARRAY(SELECT id FROM target_profile));
    RETURN NULL;
END $$;
CREATE TRIGGER codes_changed AFTER INSERT OR UPDATE OR DELETE ON code
    FOR EACH STATEMENT EXECUTE FUNCTION codes_changed();

SELECT profile_rules_write(ARRAY(SELECT id FROM target_profile));

CREATE OR REPLACE FUNCTION match_registration(p_registration uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    r registration;
    matched uuid[];
BEGIN
    SELECT * INTO r FROM registration WHERE id = p_registration;
    IF r.id IS NULL THEN
        RAISE EXCEPTION 'no registration %', p_registration USING ERRCODE = 'AM404';
    END IF;
    -- Waits for a change of this congress's profiles: see match_congress().
    PERFORM FROM congress WHERE id = r.congress_id FOR KEY SHARE;
    matched := ARRAY(SELECT p.id FROM target_profile p
                       LEFT JOIN target_profile_rule rule ON rule.target_profile_id = p.id
                      WHERE p.congress_id = r.congress_id AND rule_accepts(rule, r));
    DELETE FROM registration_profile x WHERE x.registration_id = r.id AND x.target_profile_id <> ALL (matched);
    INSERT INTO registration_profile (organisation_id, congress_id, registration_id, target_profile_id)
    SELECT r.organisation_id, r.congress_id, r.id, m FROM unnest(matched) AS m ON CONFLICT DO NOTHING;
END $$;

-- How many hold that lock.
CREATE FUNCTION seats_deciding(p_class int, p_key int) RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
    RETURN (SELECT count(*) FROM pg_locks
             WHERE locktype = 'advisory' AND granted AND classid = p_class::oid AND objid = p_key::oid AND objsubid = 2
               AND database = (SELECT oid FROM pg_database WHERE datname = current_database()));
END $$;

-- Whether there is room, decided last in the transaction that took a seat: how many are left then, null when none is
-- to be had, below 0 when that one was not there. Who decides holds the congress's lock until the commit: shared, side
-- by side with others, while there is room for all of them; alone for the last ten seats. So nobody waits for another's
-- commit but there. Those who decide at the same moment do not see each other's seats, so they are counted, by their
-- locks. With many seats left there is no need to: they are fewer than 500, as each has a connection.
CREATE FUNCTION seats_decide(p_congress uuid) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    class CONSTANT int := 24231;
    key int := uuid_hash(p_congress);
    others bigint := 0;
    left_over bigint := seats_free(p_congress);
BEGIN
    IF left_over < 1000 THEN
        others := seats_deciding(class, key);
        left_over := seats_free(p_congress); -- with the seats of those who committed before they could be counted
    END IF;
    IF left_over - others < 10 THEN
        PERFORM pg_advisory_xact_lock(class, key);
        RETURN seats_free(p_congress);
    END IF;
    PERFORM pg_advisory_xact_lock_shared(class, key);
    left_over := seats_free(p_congress);
    IF left_over < 500 THEN
        others := seats_deciding(class, key) - 1;
        left_over := seats_free(p_congress);
        IF left_over < others THEN
            RAISE EXCEPTION 'seats went faster than was thought' USING ERRCODE = 'serialization_failure';
        END IF;
    END IF;
    RETURN left_over;
END $$;

-- By the connection instead of the registration: several that commit side by side do not wait for each other's part.
CREATE OR REPLACE FUNCTION seats_count() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    change int := (CASE WHEN TG_OP <> 'DELETE' AND NEW.state = 'registered' THEN 1 ELSE 0 END)
                - (CASE WHEN TG_OP <> 'INSERT' AND OLD.state = 'registered' THEN 1 ELSE 0 END);
BEGIN
    IF change <> 0 THEN
        INSERT INTO seats_taken AS s (congress_id, part, taken)
        VALUES (CASE WHEN TG_OP = 'DELETE' THEN OLD.congress_id ELSE NEW.congress_id END,
                pg_backend_pid() & 63, change)
            ON CONFLICT (congress_id, part) DO UPDATE SET taken = s.taken + excluded.taken;
    END IF;
    RETURN NULL;
END $$;

-- An address and whose it is, in one index. It begins with the address: who looks for a person by organisation and id
-- must never be led through all of an organisation's people.
DROP INDEX hcp_person;
CREATE UNIQUE INDEX hcp_person ON hcp (email, organisation_id, folded(first_name || ' ' || last_name));
DROP INDEX hcp_address;
