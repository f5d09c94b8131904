-- Where a page leads and what its author noted on it. Pages that were rendered before have neither.
ALTER TABLE slide
    ADD COLUMN links jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(links) = 'array'), -- {x, y, width, height, url}
    ADD COLUMN notes text NOT NULL DEFAULT '';                                          -- for staff

-- Somebody asked for the personal links of an address: answered at once, mailed by a job, so that the time of the answer
-- tells nothing about the address. Of it only the hash is kept; the row goes when the job is done.
CREATE TABLE registration_link_request (
    id           uuid PRIMARY KEY,
    address_hash bytea NOT NULL,
    code         text,                          -- of the registration page; null: of all that is still to come
    created_at   timestamptz NOT NULL
);
CREATE INDEX hcp_address_hash ON hcp (sha256(email::bytea)) WHERE email IS NOT NULL;
