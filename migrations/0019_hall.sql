-- A congress's halls have the word hall; a room is the live state of a session, in the server's memory.
-- Past lines of the audit log keep what they say ('room.create').

ALTER TABLE room RENAME TO hall;
ALTER TABLE session RENAME COLUMN room_id TO hall_id;

-- Constraints are named after what they hold, and their indexes with them.
DO $$
DECLARE
    k record;
BEGIN
    FOR k IN SELECT conrelid::regclass AS "table", conname AS name FROM pg_constraint
              WHERE conrelid IN ('hall'::regclass, 'session'::regclass) AND conname ~ '(^|_)room_'
    LOOP
        EXECUTE format('ALTER TABLE %s RENAME CONSTRAINT %I TO %I', k."table", k.name,
                       regexp_replace(k.name, '(^|_)room_', '\1hall_'));
    END LOOP;
END $$;
