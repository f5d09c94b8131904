-- A second factor of staff: the codes of an app, and recovery codes for who has lost it. Whoever has one,
-- or must have one, is half signed in first.

ALTER TABLE organisation ADD COLUMN second_factor_required boolean NOT NULL DEFAULT false;

-- Secrets are sealed with a key that is not in the database (server/crypto/secrets.h).
CREATE TABLE account_totp (
    account_id      uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    secret          bytea,
    confirmed_at    timestamptz,                -- when its first code came
    pending         bytea,                      -- a secret whose first code has not come yet
    pending_at      timestamptz,
    last_step       bigint NOT NULL DEFAULT 0,  -- no code of this step, or of one before it, counts
    wrong           int NOT NULL DEFAULT 0 CHECK (wrong >= 0), -- wrong codes in a row, and
    wrong_at        timestamptz,                -- when the last one came
    FOREIGN KEY (organisation_id, account_id) REFERENCES account (organisation_id, id) ON DELETE CASCADE,
    CHECK ((secret IS NULL) = (confirmed_at IS NULL)),
    CHECK ((pending IS NULL) = (pending_at IS NULL))
);

-- Each works once. Their 80 bits are random, so a fast hash with a salt is enough.
CREATE TABLE recovery_code (
    id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    organisation_id uuid NOT NULL,
    account_id      uuid NOT NULL,
    salt            bytea NOT NULL CHECK (length(salt) = 16),
    hash            bytea NOT NULL CHECK (length(hash) = 32),
    created_at      timestamptz NOT NULL,
    used_at         timestamptz,
    FOREIGN KEY (organisation_id, account_id) REFERENCES account (organisation_id, id) ON DELETE CASCADE
);
CREATE INDEX recovery_code_account ON recovery_code (account_id);

-- A password was right, or a link was: what is missing is the second factor. It opens nothing, but for
-- that step.
CREATE TABLE half_sign_in (
    token_hash      bytea PRIMARY KEY CHECK (length(token_hash) = 32),
    organisation_id uuid NOT NULL,
    account_id      uuid NOT NULL,
    via             text NOT NULL CHECK (via IN ('password', 'sign_in', 'invite', 'password_link')),
    created_at      timestamptz NOT NULL,
    expires_at      timestamptz NOT NULL,
    FOREIGN KEY (organisation_id, account_id) REFERENCES account (organisation_id, id) ON DELETE CASCADE
);
CREATE INDEX half_sign_in_account ON half_sign_in (account_id);
CREATE INDEX half_sign_in_expires ON half_sign_in (expires_at);

-- The kinds of second factor that an account has; none: it signs in by password or link alone.
CREATE FUNCTION account_factors(p_account uuid) RETURNS text[] LANGUAGE sql STABLE AS $$
    SELECT ARRAY(SELECT 'totp' FROM account_totp WHERE account_id = p_account AND secret IS NOT NULL)
$$;
