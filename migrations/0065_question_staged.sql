-- The question that is being answered, large before everybody: one at a time in a session. Only one that is approved is
-- shown; a server of the version before marks it answered and leaves this as it is.
ALTER TABLE question ADD COLUMN staged boolean NOT NULL DEFAULT false;
CREATE INDEX question_staged ON question (session_id) WHERE staged;
