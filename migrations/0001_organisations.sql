-- Organisations, staff accounts and roles, sign-ins, the audit log.
-- Every table below an organisation carries organisation_id and refers to its parents by
-- (organisation_id, id): a row of one organisation cannot point into another.

CREATE TABLE organisation (
    id             uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name           text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    contact_email  text NOT NULL CHECK (length(contact_email) BETWEEN 3 AND 254),
    privacy_notice_fr text NOT NULL DEFAULT '' CHECK (length(privacy_notice_fr) <= 20000),
    privacy_notice_en text NOT NULL DEFAULT '' CHECK (length(privacy_notice_en) <= 20000),
    created_at     timestamptz NOT NULL
);

CREATE TABLE account (
    id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    organisation_id uuid NOT NULL REFERENCES organisation (id),
    email           text NOT NULL CHECK (email = lower(email) AND length(email) BETWEEN 3 AND 254),
    name            text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    language        text NOT NULL CHECK (language IN ('fr', 'en')),
    password_hash   text,                       -- null: signs in by link only
    created_at      timestamptz NOT NULL,
    disabled_at     timestamptz,
    UNIQUE (organisation_id, id),
    UNIQUE (organisation_id, email)
);
CREATE INDEX account_email ON account (email);

CREATE TABLE account_role (
    organisation_id uuid NOT NULL,
    account_id      uuid NOT NULL,
    role            text NOT NULL CHECK (role IN ('organiser', 'host', 'moderator', 'speaker')),
    PRIMARY KEY (account_id, role),
    FOREIGN KEY (organisation_id, account_id) REFERENCES account (organisation_id, id)
);

-- What happened, who did it. Rows are never changed; details hold ids and values before and after,
-- without personal data beyond ids.
CREATE TABLE audit_log (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation_id uuid NOT NULL REFERENCES organisation (id),
    at              timestamptz NOT NULL,
    actor_kind      text NOT NULL CHECK (actor_kind IN ('account', 'registration', 'system', 'admin')),
    actor_id        uuid,
    action          text NOT NULL,             -- 'congress.create'
    object_kind     text NOT NULL,
    object_id       uuid,
    details         jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX audit_log_organisation ON audit_log (organisation_id, id);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE ON audit_log
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_log_keep BEFORE TRUNCATE ON audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- One line of the audit log, in the transaction of what it tells.
CREATE FUNCTION audit(p_organisation uuid, p_at timestamptz, p_actor_kind text, p_actor uuid,
                      p_action text, p_object_kind text, p_object uuid, p_details jsonb DEFAULT '{}')
RETURNS void LANGUAGE sql AS $$
    INSERT INTO audit_log (organisation_id, at, actor_kind, actor_id, action, object_kind, object_id,
                           details)
    VALUES (p_organisation, p_at, p_actor_kind, p_actor, p_action, p_object_kind, p_object,
            coalesce(p_details, '{}'))
$$;
