-- A link that somebody asked for: answered at once, mailed by a job, so that the time of the answer tells
-- nothing about the address. The row goes when the job is done.
CREATE TABLE link_request (
    id          uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    email       text NOT NULL,
    purpose     text NOT NULL CHECK (purpose IN ('sign_in', 'password')),
    known       boolean NOT NULL,               -- from a browser that signed in to the address before
    created_at  timestamptz NOT NULL
);

-- A job may be nobody's: then its organisation is all zeros.
ALTER TABLE job DROP CONSTRAINT job_organisation_id_fkey;
ALTER TABLE job_turn DROP CONSTRAINT job_turn_organisation_id_fkey;

-- Wrong passwords are counted by address and network, in memory.
ALTER TABLE account DROP COLUMN failures, DROP COLUMN failures_since;
