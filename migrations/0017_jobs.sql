-- Work behind requests. The change that wants it inserts a job in its own transaction; a run of the
-- server claims it, does it and deletes it. The claim of a run that has ended is taken back.

CREATE TABLE job (
    kind            text NOT NULL CHECK (length(kind) BETWEEN 1 AND 100),
    object_id       uuid NOT NULL,              -- the deck, the notice … that it is about
    organisation_id uuid NOT NULL REFERENCES organisation (id),
    created_at      timestamptz NOT NULL,
    due_at          timestamptz NOT NULL,       -- not before
    attempts        int NOT NULL DEFAULT 0 CHECK (attempts >= 0),       -- since it last made progress
    spent_ms        bigint NOT NULL DEFAULT 0 CHECK (spent_ms >= 0),    -- of its budget
    claimed_by      uuid REFERENCES node (id),
    slot            int,                        -- which of that run's slots claimed it
    claimed_at      timestamptz,
    PRIMARY KEY (kind, object_id),
    CHECK ((claimed_by IS NULL) = (claimed_at IS NULL)),
    CHECK ((claimed_by IS NULL) = (slot IS NULL))
);
CREATE INDEX job_waiting ON job (kind, due_at) WHERE claimed_by IS NULL;
CREATE INDEX job_claimed ON job (claimed_by) WHERE claimed_by IS NOT NULL;

-- When an organisation had its last turn at a kind of job: whoever had it longest ago comes next.
-- Turns are counted, not timed, because clocks of several servers differ.
CREATE SEQUENCE job_turns;
CREATE TABLE job_turn (
    kind            text NOT NULL,
    organisation_id uuid NOT NULL REFERENCES organisation (id),
    turn            bigint NOT NULL,
    PRIMARY KEY (kind, organisation_id)
);

-- What waited before there were jobs.
INSERT INTO job (kind, object_id, organisation_id, created_at, due_at)
SELECT 'deck.render', id, organisation_id, created_at, created_at
  FROM deck WHERE state = 'rendering' AND removed_at IS NULL;
INSERT INTO job (kind, object_id, organisation_id, created_at, due_at)
SELECT 'session.notice', id, organisation_id, created_at, created_at
  FROM session_notice WHERE done_at IS NULL;
