-- One-time links, browser sign-ins, the mail outbox. Only hashes of tokens are stored.

CREATE TABLE one_time_link (
    token_hash      bytea PRIMARY KEY CHECK (length(token_hash) = 32),
    organisation_id uuid NOT NULL REFERENCES organisation (id),
    purpose         text NOT NULL CHECK (purpose IN ('sign_in', 'invite', 'password', 'join')),
    account_id      uuid,
    registration_id uuid,
    created_at      timestamptz NOT NULL,
    expires_at      timestamptz NOT NULL,
    used_at         timestamptz,                -- join links may be used again until they expire
    FOREIGN KEY (organisation_id, account_id) REFERENCES account (organisation_id, id),
    FOREIGN KEY (organisation_id, registration_id) REFERENCES registration (organisation_id, id),
    CHECK ((purpose = 'join') = (registration_id IS NOT NULL)),
    CHECK ((purpose = 'join') = (account_id IS NULL))
);
CREATE INDEX one_time_link_registration ON one_time_link (registration_id);
CREATE INDEX one_time_link_account ON one_time_link (account_id);

-- A browser that is signed in (the word session belongs to talks here).
CREATE TABLE sign_in (
    id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    token_hash      bytea NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    organisation_id uuid NOT NULL REFERENCES organisation (id),
    account_id      uuid,
    registration_id uuid,
    created_at      timestamptz NOT NULL,
    expires_at      timestamptz NOT NULL,
    revoked_at      timestamptz,
    FOREIGN KEY (organisation_id, account_id) REFERENCES account (organisation_id, id),
    FOREIGN KEY (organisation_id, registration_id) REFERENCES registration (organisation_id, id),
    CHECK ((account_id IS NULL) <> (registration_id IS NULL))
);
CREATE INDEX sign_in_account ON sign_in (account_id);
CREATE INDEX sign_in_registration ON sign_in (registration_id);

CREATE TABLE outbox (
    id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    organisation_id uuid NOT NULL REFERENCES organisation (id),
    to_address      text,                       -- emptied with the body once delivered
    message         jsonb,                      -- subject, text, html, calendar
    language        text NOT NULL CHECK (language IN ('fr', 'en')),
    created_at      timestamptz NOT NULL,
    due_at          timestamptz NOT NULL,
    attempts        int NOT NULL DEFAULT 0,
    last_error      text,
    sent_at         timestamptz,
    failed_at       timestamptz,
    CHECK (sent_at IS NULL OR failed_at IS NULL),
    CHECK ((message IS NULL) = (sent_at IS NOT NULL OR failed_at IS NOT NULL))
);
CREATE INDEX outbox_due ON outbox (due_at) WHERE sent_at IS NULL AND failed_at IS NULL;
