-- Sign-ins: how one came about, who counts as signed in, and how wrong passwords are bounded.

-- A time as it stands in JSON: UTC with milliseconds.
CREATE FUNCTION json_time(p_at timestamptz) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT to_char(p_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
$$;

-- Who came by a link that proves the mailbox may set a new password without the old one.
ALTER TABLE sign_in ADD COLUMN via text NOT NULL DEFAULT 'password'
    CHECK (via IN ('password', 'sign_in', 'invite', 'password_link', 'join'));

-- Wrong passwords since failures_since; too many close the password, never the link.
ALTER TABLE account ADD COLUMN failures int NOT NULL DEFAULT 0 CHECK (failures >= 0);
ALTER TABLE account ADD COLUMN failures_since timestamptz;

-- The sign-ins that count (but for their end, which the reader compares with the server's clock).
-- Roles are the bits of enum role in server/base/identity.h.
CREATE VIEW signed_in AS
SELECT s.token_hash, s.id AS sign_in_id, s.organisation_id, s.via, s.created_at, s.expires_at,
       s.account_id, s.registration_id, r.congress_id,
       CASE WHEN s.registration_id IS NOT NULL THEN 1
            ELSE (SELECT coalesce(bit_or(CASE ar.role WHEN 'organiser' THEN 2 WHEN 'host' THEN 4
                                              WHEN 'moderator' THEN 8 ELSE 16 END), 0)
                    FROM account_role ar WHERE ar.account_id = s.account_id) END AS roles
  FROM sign_in s
  LEFT JOIN account a ON a.id = s.account_id
  LEFT JOIN registration r ON r.id = s.registration_id
  LEFT JOIN hcp h ON h.id = r.hcp_id
 WHERE s.revoked_at IS NULL
   AND (s.account_id IS NULL OR a.disabled_at IS NULL)
   AND (s.registration_id IS NULL OR (r.state = 'registered' AND h.erased_at IS NULL));
