-- Grants: who may do what, where, from when until when; and what the application's own database role
-- may do. Times are passed in: the server's clock is the only clock.

-- A role held by an account, or by the holder of a personal link, for an organisation, one of its
-- congresses or one session. Rows are history: a grant ends, it is neither changed nor deleted.
CREATE TABLE role_grant (
    id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    organisation_id uuid NOT NULL REFERENCES organisation (id),
    account_id      uuid,
    registration_id uuid,                       -- a personal link: inside its congress only
    -- Another kind of holder is another column here, one more in the check and in holder_id.
    holder_id       uuid NOT NULL GENERATED ALWAYS AS (coalesce(account_id, registration_id)) STORED,
    role            text NOT NULL CHECK (role IN ('organiser', 'host', 'moderator', 'speaker')),
    congress_id     uuid,                       -- null: the whole organisation
    session_id      uuid,                       -- null: the whole congress
    granted_at      timestamptz NOT NULL,
    granted_by      uuid,                       -- an account; null: the server or its administrator
    expires_at      timestamptz,                -- null: until it is revoked
    revoked_at      timestamptz,
    FOREIGN KEY (organisation_id, account_id) REFERENCES account (organisation_id, id),
    FOREIGN KEY (organisation_id, granted_by) REFERENCES account (organisation_id, id),
    FOREIGN KEY (organisation_id, congress_id) REFERENCES congress (organisation_id, id),
    FOREIGN KEY (organisation_id, congress_id, session_id)
        REFERENCES session (organisation_id, congress_id, id),
    FOREIGN KEY (organisation_id, congress_id, registration_id)
        REFERENCES registration (organisation_id, congress_id, id),
    CHECK (num_nonnulls(account_id, registration_id) = 1),
    CHECK (session_id IS NULL OR congress_id IS NOT NULL),
    CHECK (registration_id IS NULL OR congress_id IS NOT NULL),
    CHECK (expires_at > granted_at),
    CHECK (revoked_at >= granted_at)
);
-- One of a kind in force; every question about rights begins with the holder.
CREATE UNIQUE INDEX role_grant_in_force
    ON role_grant (holder_id, role, coalesce(session_id, congress_id, organisation_id))
    WHERE revoked_at IS NULL;

-- holder_id is computed after this trigger.
CREATE FUNCTION role_grant_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.revoked_at IS NOT NULL OR NEW.revoked_at IS NULL
       OR to_jsonb(OLD) - 'revoked_at' - 'holder_id'
          IS DISTINCT FROM to_jsonb(NEW) - 'revoked_at' - 'holder_id' THEN
        RAISE EXCEPTION 'role_grant is append-only' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER role_grant_append_only BEFORE UPDATE OR DELETE ON role_grant
    FOR EACH ROW EXECUTE FUNCTION role_grant_guard();
CREATE TRIGGER role_grant_keep BEFORE TRUNCATE ON role_grant
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- What people could do so far they could do in the whole organisation.
INSERT INTO role_grant (organisation_id, account_id, role, granted_at)
SELECT r.organisation_id, r.account_id, r.role, a.created_at
  FROM account_role r JOIN account a ON a.id = r.account_id;

-- The bits of enum role in server/base/identity.h; 1 is hcp, 30 all of staff.
CREATE FUNCTION role_bit(p_role text) RETURNS int LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE p_role WHEN 'organiser' THEN 2 WHEN 'host' THEN 4 WHEN 'moderator' THEN 8
                       WHEN 'speaker' THEN 16 END
$$;

-- What a person (an account, or a registration) may do at a place: an organisation (congress null),
-- a congress (session null) or a session. A grant counts at its place and at all that lies inside
-- it; a registration makes its person an HCP at its congress.
--   roles      in force at the place
--   inside     in force at the place or at something inside it: what may be seen of it
--   elsewhere  in force anywhere; 0: the person may do nothing at all
--   until      when the first of `roles` expires; null: none does
-- The one rule about rights; server/grants asks it for HTTP, for live sessions and for media.
CREATE FUNCTION roles_at(p_person uuid, p_organisation uuid, p_congress uuid, p_session uuid,
                         p_now timestamptz)
RETURNS TABLE (roles int, inside int, elsewhere int, until timestamptz)
LANGUAGE sql STABLE ROWS 1 AS $$
    SELECT coalesce(bit_or(g.bit) FILTER (WHERE g.covers), 0),
           coalesce(bit_or(g.bit) FILTER (WHERE g.covers OR g.touches), 0),
           coalesce(bit_or(g.bit), 0),
           min(g.expires_at) FILTER (WHERE g.covers)
      FROM (SELECT role_bit(role) AS bit, expires_at,
                   (congress_id IS NULL OR congress_id = p_congress)
                   AND (session_id IS NULL OR session_id = p_session) AS covers,
                   p_congress IS NULL OR (congress_id = p_congress AND p_session IS NULL) AS touches
              FROM role_grant
             WHERE holder_id = p_person AND organisation_id = p_organisation
               AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > p_now)
            UNION ALL
            SELECT 1, NULL, congress_id = p_congress, p_congress IS NULL
              FROM registration
             WHERE id = p_person AND organisation_id = p_organisation AND state = 'registered') g
$$;

-- Where a thing lies that a path names, a function for each kind. A feature that names things of its own
-- in paths adds one, and the kind to server/grants/grants.c.
CREATE FUNCTION place_of_session(p_id uuid)
RETURNS TABLE (organisation_id uuid, congress_id uuid, session_id uuid, session_state text)
LANGUAGE sql STABLE ROWS 1 AS $$
    SELECT s.organisation_id, s.congress_id, s.id, s.state FROM session s WHERE s.id = p_id
$$;

CREATE FUNCTION place_of_congress(p_id uuid)
RETURNS TABLE (organisation_id uuid, congress_id uuid, session_id uuid, session_state text)
LANGUAGE sql STABLE ROWS 1 AS $$
    SELECT c.organisation_id, c.id, NULL::uuid, NULL::text FROM congress c WHERE c.id = p_id
$$;

CREATE FUNCTION place_of_deck(p_id uuid)
RETURNS TABLE (organisation_id uuid, congress_id uuid, session_id uuid, session_state text)
LANGUAGE sql STABLE ROWS 1 AS $$
    SELECT s.organisation_id, s.congress_id, s.id, s.state FROM deck d JOIN session s ON s.id = d.session_id
     WHERE d.id = p_id
$$;

CREATE FUNCTION place_of_poll(p_id uuid)
RETURNS TABLE (organisation_id uuid, congress_id uuid, session_id uuid, session_state text)
LANGUAGE sql STABLE ROWS 1 AS $$
    SELECT s.organisation_id, s.congress_id, s.id, s.state FROM poll p JOIN session s ON s.id = p.session_id
     WHERE p.id = p_id
$$;

CREATE FUNCTION place_of_profile(p_id uuid)
RETURNS TABLE (organisation_id uuid, congress_id uuid, session_id uuid, session_state text)
LANGUAGE sql STABLE ROWS 1 AS $$
    SELECT t.organisation_id, t.congress_id, NULL::uuid, NULL::text
      FROM target_profile t WHERE t.id = p_id
$$;

CREATE FUNCTION place_of_registration(p_id uuid)
RETURNS TABLE (organisation_id uuid, congress_id uuid, session_id uuid, session_state text)
LANGUAGE sql STABLE ROWS 1 AS $$
    SELECT r.organisation_id, r.congress_id, NULL::uuid, NULL::text
      FROM registration r WHERE r.id = p_id
$$;

-- The HCP behind a registration, who belongs to the organisation.
CREATE FUNCTION place_of_person(p_id uuid)
RETURNS TABLE (organisation_id uuid, congress_id uuid, session_id uuid, session_state text)
LANGUAGE sql STABLE ROWS 1 AS $$
    SELECT r.organisation_id, NULL::uuid, NULL::uuid, NULL::text FROM registration r WHERE r.id = p_id
$$;

CREATE FUNCTION place_of_account(p_id uuid)
RETURNS TABLE (organisation_id uuid, congress_id uuid, session_id uuid, session_state text)
LANGUAGE sql STABLE ROWS 1 AS $$
    SELECT a.organisation_id, NULL::uuid, NULL::uuid, NULL::text FROM account a WHERE a.id = p_id
$$;

-- Whether a list shows a congress (session null) or a session to a member of staff. person null: to
-- one who may see all of it.
CREATE FUNCTION may_see(p_person uuid, p_organisation uuid, p_congress uuid, p_session uuid,
                        p_now timestamptz)
RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT p_person IS NULL OR (SELECT inside & 30 <> 0 FROM roles_at(p_person, p_organisation,
                                p_congress, p_session, p_now))
$$;

-- The roles that an account holds in the whole organisation, as JSON.
CREATE FUNCTION organisation_roles(p_account uuid, p_now timestamptz) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT coalesce(jsonb_agg(role ORDER BY role), '[]') FROM role_grant
     WHERE holder_id = p_account AND congress_id IS NULL AND revoked_at IS NULL
       AND (expires_at IS NULL OR expires_at > p_now)
$$;

-- The sign-ins that count (but for their end, which the reader compares with the server's clock),
-- and whose they are.
DROP VIEW signed_in;
DROP TABLE account_role;
CREATE VIEW signed_in AS
SELECT s.token_hash, s.id AS sign_in_id, s.organisation_id, s.via, s.created_at, s.expires_at,
       s.account_id, s.registration_id, coalesce(s.account_id, s.registration_id) AS person_id,
       r.congress_id, coalesce(a.name, h.first_name || ' ' || h.last_name) AS name
  FROM sign_in s
  LEFT JOIN account a ON a.id = s.account_id
  LEFT JOIN registration r ON r.id = s.registration_id
  LEFT JOIN hcp h ON h.id = r.hcp_id
 WHERE s.revoked_at IS NULL
   AND (s.account_id IS NULL OR a.disabled_at IS NULL)
   AND (s.registration_id IS NULL OR (r.state = 'registered' AND h.erased_at IS NULL));

-- What the application's database role may do with a table, and which columns it may set where it may
-- not update all. Not listed: SELECT, INSERT, UPDATE, DELETE. A migration that makes an append-only
-- table lists it here.
CREATE TABLE application_privilege (
    table_name name PRIMARY KEY,
    privileges text NOT NULL,
    may_set    name[] NOT NULL DEFAULT '{}'     -- those that the table has, now or later
);
INSERT INTO application_privilege VALUES
    ('application_privilege', 'SELECT', '{}'),
    ('schema_migration', 'SELECT', '{}'),
    ('code', 'SELECT', '{}'),
    ('audit_log', 'SELECT, INSERT', '{}'),
    ('session_event', 'SELECT, INSERT', '{}'),
    ('consent_text', 'SELECT, INSERT', '{}'),
    ('question_vote', 'SELECT, INSERT', '{}'),
    ('poll_vote', 'SELECT, INSERT', '{}'),
    ('span', 'SELECT, INSERT', '{left_at, on_purpose}'), -- its end; on_purpose comes with 0018
    ('role_grant', 'SELECT, INSERT', '{revoked_at}');

-- Gives the application's role what it needs and takes away the rest. Run by the owner with each
-- migration, so that a new table has its privileges by itself. Never TRUNCATE, TRIGGER, REFERENCES.
CREATE FUNCTION application_privileges(p_role name) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    t record;
BEGIN
    EXECUTE format('GRANT USAGE ON SCHEMA public TO %I', p_role);
    FOR t IN SELECT c.oid::regclass AS name,
                    CASE WHEN c.relkind IN ('v', 'm') THEN 'SELECT'
                         WHEN c.relkind = 'S' THEN 'SELECT, USAGE'
                         ELSE coalesce(p.privileges, 'SELECT, INSERT, UPDATE, DELETE')
                    END AS privileges,
                    (SELECT string_agg(quote_ident(attname), ', ') FROM pg_attribute
                      WHERE attrelid = c.oid AND attname = ANY (p.may_set)) AS columns
               FROM pg_class c LEFT JOIN application_privilege p ON p.table_name = c.relname
              WHERE c.relnamespace = 'public'::regnamespace
                AND c.relkind IN ('r', 'p', 'v', 'm', 'S') AND pg_has_role(c.relowner, 'USAGE')
    LOOP
        EXECUTE format('REVOKE ALL ON %s FROM %I', t.name, p_role);
        EXECUTE format('GRANT %s ON %s TO %I', t.privileges, t.name, p_role);
        IF t.columns IS NOT NULL THEN
            EXECUTE format('GRANT UPDATE (%s) ON %s TO %I', t.columns, t.name, p_role);
        END IF;
    END LOOP;
END $$;
