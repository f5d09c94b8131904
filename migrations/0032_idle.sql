-- When a sign-in was last used, to within ten minutes. Staff's ends twelve hours after that, and in any case
-- at expires_at.
ALTER TABLE sign_in ADD COLUMN seen_at timestamptz;

CREATE OR REPLACE VIEW signed_in AS
SELECT s.token_hash, s.id AS sign_in_id, s.organisation_id, s.via, s.created_at,
       least(s.expires_at, CASE WHEN s.account_id IS NOT NULL
                                THEN coalesce(s.seen_at, s.created_at) + interval '12 hours' END)
           AS expires_at,
       s.account_id, s.registration_id, coalesce(s.account_id, s.registration_id) AS person_id,
       r.congress_id, coalesce(a.name, h.first_name || ' ' || h.last_name) AS name,
       coalesce(s.seen_at, s.created_at) AS seen_at
  FROM sign_in s
  LEFT JOIN account a ON a.id = s.account_id
  LEFT JOIN registration r ON r.id = s.registration_id
  LEFT JOIN hcp h ON h.id = r.hcp_id
 WHERE s.revoked_at IS NULL
   AND (s.account_id IS NULL OR a.disabled_at IS NULL)
   AND (s.registration_id IS NULL OR (r.state = 'registered' AND h.erased_at IS NULL));
