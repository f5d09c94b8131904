-- Moderated questions and up-votes.

CREATE TABLE question (
    id              uuid PRIMARY KEY,           -- made by the room, so that a resent command is one row
    organisation_id uuid NOT NULL,
    session_id      uuid NOT NULL,
    registration_id uuid NOT NULL,
    text            text NOT NULL CHECK (length(text) BETWEEN 1 AND 1000),
    anonymous       boolean NOT NULL DEFAULT false, -- to other HCPs; moderators always see who asked
    state           text NOT NULL DEFAULT 'asked'
                    CHECK (state IN ('asked', 'approved', 'answered', 'dismissed')),
    asked_at        timestamptz NOT NULL,
    state_at        timestamptz NOT NULL,
    UNIQUE (session_id, id),
    FOREIGN KEY (organisation_id, session_id) REFERENCES session (organisation_id, id),
    FOREIGN KEY (organisation_id, registration_id) REFERENCES registration (organisation_id, id)
);
CREATE INDEX question_session ON question (session_id, asked_at);
CREATE INDEX question_registration ON question (registration_id);

CREATE TABLE question_vote (
    session_id      uuid NOT NULL,
    question_id     uuid NOT NULL,
    registration_id uuid NOT NULL REFERENCES registration (id),
    at              timestamptz NOT NULL,
    PRIMARY KEY (question_id, registration_id),
    FOREIGN KEY (session_id, question_id) REFERENCES question (session_id, id)
);
