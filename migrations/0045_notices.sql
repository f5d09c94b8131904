-- What changes in the sessions of a congress is told in one mail, some minutes after the last edit:
-- a notice, and what it says of each session. Cancellations are told at once, alone.
CREATE TABLE notice (
    id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    organisation_id uuid NOT NULL,
    congress_id     uuid NOT NULL,
    alone           boolean NOT NULL DEFAULT false,     -- nothing joins it
    created_at      timestamptz NOT NULL,
    due_at          timestamptz NOT NULL,
    started_at      timestamptz,                        -- from here on nothing joins it
    after           uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000', -- the last registration told
    done_at         timestamptz,
    FOREIGN KEY (organisation_id, congress_id) REFERENCES congress (organisation_id, id)
);
CREATE UNIQUE INDEX notice_open ON notice (congress_id) WHERE started_at IS NULL AND NOT alone;

INSERT INTO notice (id, organisation_id, congress_id, alone, created_at, due_at, started_at, after, done_at)
SELECT n.id, n.organisation_id, s.congress_id, true, n.created_at, n.created_at, n.created_at, n.after, n.done_at
  FROM session_notice n JOIN session s ON s.id = n.session_id;

DROP INDEX session_notice_due;
ALTER TABLE session_notice
    ADD COLUMN notice_id uuid REFERENCES notice (id),
    ADD COLUMN known_from timestamptz,  -- who registered earlier does not know the session yet; null: everybody does
    ADD COLUMN before jsonb,            -- a change: as people know the session
    DROP COLUMN after,
    DROP COLUMN done_at,
    DROP CONSTRAINT session_notice_kind_check,
    ADD CONSTRAINT session_notice_kind_check CHECK (kind IN ('rescheduled', 'changed', 'added', 'cancelled'));
UPDATE session_notice SET notice_id = id;
ALTER TABLE session_notice
    ALTER COLUMN notice_id SET NOT NULL,
    ADD CONSTRAINT session_notice_once UNIQUE (notice_id, session_id);
CREATE INDEX session_notice_session ON session_notice (session_id);
COMMENT ON COLUMN session_notice.created_at IS 'the last edit: who registered later knows it already';

-- When the latest changes of a session will be told; null: nothing waits.
CREATE FUNCTION notice_due(p_session uuid) RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT min(n.due_at) FROM session_notice s JOIN notice n ON n.id = s.notice_id
     WHERE s.session_id = p_session AND n.started_at IS NULL
       AND EXISTS (SELECT 1 FROM registration r WHERE r.congress_id = n.congress_id AND r.state = 'registered')
$$;
