-- When the person behind a sign-in last showed that it is them, which some routes want to be a short
-- while ago; and the codes that are mailed to whoever has neither password nor second factor for that.

ALTER TABLE sign_in ADD COLUMN proved_at timestamptz; -- null: when the sign-in began

CREATE OR REPLACE VIEW signed_in AS
SELECT s.token_hash, s.id AS sign_in_id, s.organisation_id, s.via, s.created_at,
       least(s.expires_at, CASE WHEN s.account_id IS NOT NULL
                                THEN coalesce(s.seen_at, s.created_at) + interval '12 hours' END)
           AS expires_at,
       s.account_id, s.registration_id, coalesce(s.account_id, s.registration_id) AS person_id,
       r.congress_id, coalesce(a.name, h.first_name || ' ' || h.last_name) AS name,
       coalesce(s.seen_at, s.created_at) AS seen_at, coalesce(s.proved_at, s.created_at) AS proved_at
  FROM sign_in s
  LEFT JOIN account a ON a.id = s.account_id
  LEFT JOIN registration r ON r.id = s.registration_id
  LEFT JOIN hcp h ON h.id = r.hcp_id
 WHERE s.revoked_at IS NULL
   AND (s.account_id IS NULL OR a.disabled_at IS NULL)
   AND (s.registration_id IS NULL OR (r.state = 'registered' AND h.erased_at IS NULL));

-- The latest one of a sign-in counts, once, for minutes, for that sign-in. Rows are kept for an hour, to
-- count them.
CREATE TABLE mailed_code (
    id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    organisation_id uuid NOT NULL,
    account_id      uuid NOT NULL,
    sign_in_id      uuid NOT NULL REFERENCES sign_in (id) ON DELETE CASCADE,
    mac             bytea NOT NULL CHECK (length(mac) = 32), -- by a key that is not in the database
    created_at      timestamptz NOT NULL,
    wrong           int NOT NULL DEFAULT 0 CHECK (wrong >= 0),
    used_at         timestamptz,
    FOREIGN KEY (organisation_id, account_id) REFERENCES account (organisation_id, id) ON DELETE CASCADE
);
CREATE INDEX mailed_code_account ON mailed_code (account_id, created_at);
CREATE INDEX mailed_code_created ON mailed_code (created_at);
