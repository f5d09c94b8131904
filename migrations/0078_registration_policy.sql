-- Who may register for a congress: everybody (no row), whoever a target profile of the congress matches, or whoever is on a target
-- list. Decided when a form is confirmed, before the seats; nobody who is registered loses their seat by it.

CREATE TABLE registration_policy (
    congress_id     uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    policy          text NOT NULL CHECK (policy IN ('matching', 'target_list')),
    target_list_id  uuid CHECK ((target_list_id IS NOT NULL) = (policy = 'target_list')),
    FOREIGN KEY (organisation_id, congress_id) REFERENCES congress (organisation_id, id),
    FOREIGN KEY (organisation_id, target_list_id) REFERENCES target_list (organisation_id, id)
);
CREATE INDEX registration_policy_list ON registration_policy (target_list_id) WHERE target_list_id IS NOT NULL;

-- Whether the policy of its congress lets a registration in, whose profiles are written. A person is on a list when a line of it is
-- theirs: with their RPPS number, else with their address and a word of their name (listed_hcp, migration 0070).
CREATE FUNCTION registration_admitted(p_registration uuid) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT CASE p.policy
                   WHEN 'matching' THEN EXISTS (SELECT FROM registration_profile m WHERE m.registration_id = r.id)
                   WHEN 'target_list' THEN EXISTS (SELECT FROM target_list_person t
                                                    WHERE t.hcp_id = r.hcp_id AND t.target_list_id = p.target_list_id)
                   ELSE true END
              FROM registration r LEFT JOIN registration_policy p ON p.congress_id = r.congress_id WHERE r.id = p_registration);
END $$;

-- Whether they may reserve a congress for those on a list.
CREATE FUNCTION policy_list_allowed(p_person uuid, p_organisation uuid, p_list uuid, p_congress uuid, p_now timestamptz)
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    RETURN target_list_allowed(p_person, p_organisation, p_list, EXISTS (
        SELECT FROM registration_policy WHERE congress_id = p_congress AND target_list_id = p_list), p_now);
END $$;

-- A policy as its route answers it.
CREATE FUNCTION registration_policy_json(p_congress uuid) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT jsonb_build_object(
                'policy', coalesce(p.policy, 'open'),
                'target_list', (SELECT jsonb_build_object('id', l.id, 'name', l.name) FROM target_list l WHERE l.id = p.target_list_id),
                'target_profiles', (SELECT count(*) FROM target_profile t WHERE t.congress_id = c.id))
              FROM congress c LEFT JOIN registration_policy p ON p.congress_id = c.id WHERE c.id = p_congress);
END $$;

-- As in migration 0076, and the congresses whose policy asks for the list.
CREATE OR REPLACE FUNCTION target_list_users(p_list uuid) RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT string_agg(name, ', ' ORDER BY name) FROM (
        SELECT p.name || ' – ' || c.title AS name
          FROM target_profile_list u JOIN target_profile p ON p.id = u.target_profile_id JOIN congress c ON c.id = p.congress_id
         WHERE u.target_list_id = p_list
        UNION ALL
        SELECT c.title FROM registration_policy r JOIN congress c ON c.id = r.congress_id WHERE r.target_list_id = p_list) AS used);
END $$;
