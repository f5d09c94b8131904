-- Registration by personal invitation alone.
-- wider: registration_policy_policy_check

ALTER TABLE registration_policy DROP CONSTRAINT registration_policy_policy_check;
ALTER TABLE registration_policy ADD CONSTRAINT registration_policy_policy_check CHECK (policy IN ('matching', 'target_list', 'invitation'));

-- As in migration 0078, and of a congress for the invited alone whoever came by a personal invitation (invitation_registered).
CREATE OR REPLACE FUNCTION registration_admitted(p_registration uuid) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT CASE p.policy
                   WHEN 'matching' THEN EXISTS (SELECT FROM registration_profile m WHERE m.registration_id = r.id)
                   WHEN 'target_list' THEN EXISTS (SELECT FROM target_list_person t
                                                    WHERE t.hcp_id = r.hcp_id AND t.target_list_id = p.target_list_id)
                   WHEN 'invitation' THEN EXISTS (SELECT FROM invitation i WHERE i.registration_id = r.id)
                   ELSE true END
              FROM registration r LEFT JOIN registration_policy p ON p.congress_id = r.congress_id WHERE r.id = p_registration);
END $$;
