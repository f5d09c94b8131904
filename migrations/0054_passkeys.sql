-- Passkeys of staff: a sign-in by themselves, since their owner is verified by a fingerprint or a PIN, and a second
-- factor beside a password or a link.

CREATE TABLE account_passkey (
    id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    organisation_id uuid NOT NULL,
    account_id      uuid NOT NULL,
    credential_id   bytea NOT NULL UNIQUE CHECK (length(credential_id) BETWEEN 1 AND 1023),
    public_key      bytea NOT NULL,             -- a SubjectPublicKeyInfo
    counter         bigint NOT NULL,            -- of its uses, by itself; 0: it does not count
    backed_up       boolean NOT NULL,           -- it may be on other devices, too
    name            text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    created_at      timestamptz NOT NULL,
    used_at         timestamptz,
    FOREIGN KEY (organisation_id, account_id) REFERENCES account (organisation_id, id) ON DELETE CASCADE
);
CREATE INDEX account_passkey_account ON account_passkey (account_id);

-- What a passkey is asked to sign: once, for minutes. Of the challenge itself only the hash is kept.
CREATE TABLE passkey_challenge (
    token_hash      bytea PRIMARY KEY CHECK (length(token_hash) = 32),
    act             text NOT NULL CHECK (act IN ('make', 'sign_in', 'prove')),
    sign_in_id      uuid REFERENCES sign_in (id) ON DELETE CASCADE, -- who asked; null: somebody who is not in
    created_at      timestamptz NOT NULL,
    CHECK ((act = 'sign_in') = (sign_in_id IS NULL))
);
CREATE INDEX passkey_challenge_created ON passkey_challenge (created_at);

CREATE OR REPLACE FUNCTION account_factors(p_account uuid) RETURNS text[] LANGUAGE sql STABLE AS $$
    SELECT ARRAY(SELECT 'passkey' WHERE EXISTS (SELECT 1 FROM account_passkey WHERE account_id = p_account))
        || ARRAY(SELECT 'totp' FROM account_totp WHERE account_id = p_account AND secret IS NOT NULL)
$$;

ALTER TABLE sign_in DROP CONSTRAINT sign_in_via_check, ADD CONSTRAINT sign_in_via_check
    CHECK (via IN ('password', 'sign_in', 'invite', 'password_link', 'join', 'passkey'));

CREATE FUNCTION place_of_passkey(p_id uuid)
RETURNS TABLE (organisation_id uuid, congress_id uuid, session_id uuid, session_state text)
LANGUAGE sql STABLE ROWS 1 AS $$
    SELECT p.organisation_id, NULL::uuid, NULL::uuid, NULL::text FROM account_passkey p WHERE p.id = p_id
$$;
