-- Decks, their slides and rendered images. Files are blobs, referred to by SHA-256.

CREATE TABLE deck (
    id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    organisation_id uuid NOT NULL,
    session_id      uuid NOT NULL,
    file_name       text NOT NULL CHECK (length(file_name) BETWEEN 1 AND 200),
    pdf             bytea NOT NULL CHECK (length(pdf) = 32),
    bytes           bigint NOT NULL CHECK (bytes > 0),
    state           text NOT NULL CHECK (state IN ('rendering', 'ready', 'failed')),
    error           text,                       -- a stable code, e.g. 'pdf.encrypted'
    page_count      int CHECK (page_count BETWEEN 1 AND 500),
    created_at      timestamptz NOT NULL,
    created_by      uuid NOT NULL,
    removed_at      timestamptz,
    UNIQUE (organisation_id, id),
    UNIQUE (organisation_id, session_id, id),
    FOREIGN KEY (organisation_id, session_id) REFERENCES session (organisation_id, id),
    FOREIGN KEY (organisation_id, created_by) REFERENCES account (organisation_id, id),
    CHECK ((state = 'failed') = (error IS NOT NULL)),
    CHECK (state <> 'ready' OR page_count IS NOT NULL)
);
CREATE INDEX deck_session ON deck (session_id, created_at);

CREATE TABLE slide (
    deck_id uuid NOT NULL REFERENCES deck (id),
    page    int NOT NULL CHECK (page >= 1),
    state   text NOT NULL CHECK (state IN ('ready', 'failed')),
    error   text,
    width   int CHECK (width > 0),              -- of the page, in points
    height  int CHECK (height > 0),
    text    text NOT NULL DEFAULT '',
    PRIMARY KEY (deck_id, page),
    CHECK ((state = 'failed') = (error IS NOT NULL)),
    CHECK (state = 'failed' OR (width IS NOT NULL AND height IS NOT NULL))
);

CREATE TABLE slide_image (
    deck_id uuid NOT NULL,
    page    int NOT NULL,
    width   int NOT NULL CHECK (width IN (480, 960, 1920)),
    height  int NOT NULL CHECK (height > 0),
    blob    bytea NOT NULL CHECK (length(blob) = 32),
    bytes   int NOT NULL CHECK (bytes > 0),
    PRIMARY KEY (deck_id, page, width),
    FOREIGN KEY (deck_id, page) REFERENCES slide (deck_id, page)
);

-- What is on: the deck and page of a session. No row: nothing shown yet.
CREATE TABLE slide_position (
    session_id      uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    deck_id         uuid NOT NULL,
    page            int NOT NULL,
    at              timestamptz NOT NULL,
    FOREIGN KEY (organisation_id, session_id, deck_id)
        REFERENCES deck (organisation_id, session_id, id),
    FOREIGN KEY (deck_id, page) REFERENCES slide (deck_id, page)
);
