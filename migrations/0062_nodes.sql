-- Several servers on one database. Each run of a server is a row of node; while it runs, each of its connections holds
-- the run's advisory lock in share mode. Who finds it dead takes the lock alone, after ending those connections: from
-- then on nothing of that run is ever written, whatever the process still does.

-- Which database this is, for the servers' messages to each other.
CREATE TABLE installation (
    id   uuid NOT NULL DEFAULT gen_random_uuid(),
    one  boolean PRIMARY KEY DEFAULT true CHECK (one)
);
INSERT INTO installation DEFAULT VALUES;

ALTER TABLE node
    ADD COLUMN renewed_at timestamptz,             -- the lease, by the database's clock
    ADD COLUMN address    text NOT NULL DEFAULT '', -- where it serves, for operators
    ADD COLUMN build      text NOT NULL DEFAULT '',
    ADD COLUMN figures    jsonb NOT NULL DEFAULT '{}'; -- rooms, members …, for operators
COMMENT ON COLUMN node.lease_at IS 'by the run''s own clock, as its spans are: where those that are open end when it dies';

CREATE FUNCTION node_key(p_node uuid) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
    SELECT hashtextextended('node ' || p_node, 0)
$$;

-- Called by each new connection of a run. False: the run was ended.
CREATE FUNCTION node_enter(p_node uuid) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_lock_shared(node_key(p_node));
    IF EXISTS (SELECT FROM node WHERE id = p_node AND stopped_at IS NULL) THEN
        RETURN true;
    END IF;
    PERFORM pg_advisory_unlock_shared(node_key(p_node));
    RETURN false;
END $$;

-- The connections of a run.
CREATE FUNCTION node_backends(p_node uuid) RETURNS SETOF int LANGUAGE sql STABLE AS $$
    SELECT l.pid FROM pg_locks l
     WHERE l.locktype = 'advisory' AND l.objsubid = 1 AND l.granted AND l.pid <> pg_backend_pid()
       AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
       AND (l.classid::bigint << 32 | l.objid::bigint) = node_key(p_node)
$$;

-- Ends a run that did not renew its lease for so long (null: whenever it did); false: it did, or is over already. Its open spans end at its own
-- last lease, and were known to be gone when the next one did not come.
CREATE FUNCTION node_end(p_node uuid, p_silent interval) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    v_lease timestamptz;
BEGIN
    SELECT lease_at INTO v_lease FROM node
     WHERE id = p_node AND stopped_at IS NULL
       AND (p_silent IS NULL OR coalesce(renewed_at, lease_at) <= clock_timestamp() - p_silent) FOR NO KEY UPDATE; -- its spans refer to it
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM pg_terminate_backend(pid) FROM node_backends(p_node) pid;
    PERFORM pg_advisory_xact_lock(node_key(p_node));
    UPDATE node SET stopped_at = lease_at WHERE id = p_node;
    UPDATE span SET left_at = greatest(joined_at, v_lease), gone_at = greatest(joined_at, v_lease) + interval '1 second'
     WHERE node_id = p_node AND left_at IS NULL;
    RETURN true;
END $$;

-- What every server must hear of, whatever becomes of the messages between them: whose connections have to close. Rows
-- are made in the transaction of the change and read by each server twice a second.
CREATE TABLE control_log (
    id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    xid     bigint NOT NULL DEFAULT pg_current_xact_id()::text::bigint, -- ids are not in the order of commits
    at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    node_id uuid,          -- the run that made the change; null: none (amphi admin)
    kind    text NOT NULL CHECK (kind IN ('sign_in', 'person', 'roles')),
    subject uuid NOT NULL  -- the sign-in, or the account or registration, that is meant
);
CREATE INDEX control_log_xid ON control_log (xid);
CREATE INDEX control_log_at ON control_log (at);

CREATE FUNCTION control_add(p_kind text, p_subject uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO control_log (node_id, kind, subject)
    VALUES (nullif(current_setting('amphi.node', true), '')::uuid, p_kind, p_subject);
END $$;

CREATE FUNCTION sign_in_ended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM control_add('sign_in', OLD.id);
    RETURN NULL;
END $$;
CREATE TRIGGER sign_in_ended AFTER UPDATE OF revoked_at ON sign_in
    FOR EACH ROW WHEN (OLD.revoked_at IS NULL AND NEW.revoked_at IS NOT NULL) EXECUTE FUNCTION sign_in_ended();
CREATE TRIGGER sign_in_deleted AFTER DELETE ON sign_in
    FOR EACH ROW WHEN (OLD.revoked_at IS NULL) EXECUTE FUNCTION sign_in_ended();

CREATE FUNCTION person_shut_out() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM control_add('person', NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER account_shut_out AFTER UPDATE OF disabled_at ON account
    FOR EACH ROW WHEN (OLD.disabled_at IS NULL AND NEW.disabled_at IS NOT NULL) EXECUTE FUNCTION person_shut_out();
CREATE TRIGGER registration_shut_out AFTER UPDATE OF state ON registration
    FOR EACH ROW WHEN (OLD.state = 'registered' AND NEW.state <> 'registered') EXECUTE FUNCTION person_shut_out();

CREATE FUNCTION roles_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM control_add('roles', NEW.holder_id);
    RETURN NULL;
END $$;
CREATE TRIGGER roles_granted AFTER INSERT ON role_grant FOR EACH ROW EXECUTE FUNCTION roles_changed();
CREATE TRIGGER roles_revoked AFTER UPDATE OF revoked_at, expires_at ON role_grant
    FOR EACH ROW WHEN (OLD.revoked_at IS DISTINCT FROM NEW.revoked_at OR OLD.expires_at IS DISTINCT FROM NEW.expires_at)
    EXECUTE FUNCTION roles_changed();
