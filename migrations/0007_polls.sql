-- Polls prepared beforehand, opened and closed live; one final vote per person.

CREATE TABLE poll (
    id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    organisation_id uuid NOT NULL,
    session_id      uuid NOT NULL,
    position        int NOT NULL CHECK (position >= 1),
    question        text NOT NULL CHECK (length(question) BETWEEN 1 AND 500),
    choice          text NOT NULL CHECK (choice IN ('single', 'multiple')),
    state           text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'open', 'closed')),
    results_shown   boolean NOT NULL DEFAULT false,
    opened_at       timestamptz,
    closed_at       timestamptz,
    created_at      timestamptz NOT NULL,
    UNIQUE (session_id, id),
    UNIQUE (session_id, position) DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY (organisation_id, session_id) REFERENCES session (organisation_id, id),
    CHECK ((opened_at IS NOT NULL) = (state IN ('open', 'closed'))),
    CHECK ((closed_at IS NOT NULL) = (state = 'closed')),
    CHECK (NOT results_shown OR state <> 'draft')
);

CREATE TABLE poll_option (
    poll_id  uuid NOT NULL REFERENCES poll (id) ON DELETE CASCADE,
    position int NOT NULL CHECK (position BETWEEN 1 AND 20),
    text     text NOT NULL CHECK (length(text) BETWEEN 1 AND 300),
    PRIMARY KEY (poll_id, position)
);

-- A vote is a row, not an event. choices: bit n-1 is the option at position n.
CREATE TABLE poll_vote (
    session_id      uuid NOT NULL,
    poll_id         uuid NOT NULL,
    registration_id uuid NOT NULL REFERENCES registration (id),
    choices         int NOT NULL CHECK (choices > 0 AND choices < 1 << 20),
    at              timestamptz NOT NULL,
    PRIMARY KEY (poll_id, registration_id),
    FOREIGN KEY (session_id, poll_id) REFERENCES poll (session_id, id)
);
CREATE INDEX poll_vote_registration ON poll_vote (session_id, registration_id);
