-- Who came and went since a moment, for a server that missed what another one said of it: by the transactions that wrote,
-- as the times of spans are those of the servers, and may be written much later.
ALTER TABLE span ADD COLUMN xid bigint NOT NULL DEFAULT 0; -- the last transaction that wrote it; 0: before there was this column
ALTER TABLE span ALTER COLUMN xid SET DEFAULT pg_current_xact_id()::text::bigint;
CREATE INDEX span_changed ON span (session_id, xid) WHERE xid > 0 AND kind = 'connected';

-- A span only ever gains its end.
CREATE OR REPLACE FUNCTION span_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.left_at IS NOT NULL OR NEW.left_at IS NULL
       OR to_jsonb(OLD) - 'left_at' - 'gone_at' - 'on_purpose'
          IS DISTINCT FROM to_jsonb(NEW) - 'left_at' - 'gone_at' - 'on_purpose' THEN
        RAISE EXCEPTION 'span is append-only' USING ERRCODE = 'restrict_violation';
    END IF;
    NEW.xid := pg_current_xact_id()::text::bigint;
    RETURN NEW;
END $$;
