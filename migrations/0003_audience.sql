-- HCPs, code lists, target profiles with criteria and goals, registrations and consents.

CREATE TABLE code (
    list     text NOT NULL CHECK (list IN
             ('profession', 'specialty', 'practice_setting', 'region', 'age_band', 'channel')),
    code     text NOT NULL CHECK (code ~ '^[A-Za-z0-9_]{1,20}$'),
    label_fr text NOT NULL,
    label_en text NOT NULL,
    position int NOT NULL,
    active   boolean NOT NULL DEFAULT true,    -- an ended code stays readable
    -- several codes that people mean as one (the three forms of general practice): the code that
    -- stands for the group, offered once
    grouped_as text,
    PRIMARY KEY (list, code),
    FOREIGN KEY (list, grouped_as) REFERENCES code (list, code)
);

CREATE TABLE hcp (
    id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    organisation_id uuid NOT NULL REFERENCES organisation (id),
    email           text CHECK (email = lower(email) AND length(email) BETWEEN 3 AND 254),
    first_name      text NOT NULL CHECK (length(first_name) <= 100),
    last_name       text NOT NULL CHECK (length(last_name) <= 100),
    created_at      timestamptz NOT NULL,
    erased_at       timestamptz,                -- erased: no name, no address, figures stay
    UNIQUE (organisation_id, id),
    UNIQUE (organisation_id, email),
    CHECK ((email IS NULL) = (erased_at IS NOT NULL)),
    CHECK (erased_at IS NULL OR (first_name = '' AND last_name = ''))
);

-- What an HCP says of themselves, and what somebody verified, side by side.
CREATE TABLE hcp_attributes (
    organisation_id  uuid NOT NULL,
    hcp_id           uuid NOT NULL,
    source           text NOT NULL CHECK (source IN ('declared', 'verified')),
    profession       text,
    specialty        text,
    practice_setting text,
    region           text,
    age_band         text,
    at               timestamptz NOT NULL,
    verified_by      uuid,
    PRIMARY KEY (hcp_id, source),
    FOREIGN KEY (organisation_id, hcp_id) REFERENCES hcp (organisation_id, id),
    FOREIGN KEY (organisation_id, verified_by) REFERENCES account (organisation_id, id),
    CHECK ((verified_by IS NOT NULL) = (source = 'verified'))
);

CREATE TABLE target_profile (
    id                      uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    organisation_id         uuid NOT NULL,
    congress_id             uuid NOT NULL,
    name                    text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    position                int NOT NULL,
    goal_registrations      int CHECK (goal_registrations BETWEEN 1 AND 10000000),
    goal_attendees          int CHECK (goal_attendees BETWEEN 1 AND 10000000),
    goal_participation_rate numeric(4, 3) CHECK (goal_participation_rate > 0
                                                 AND goal_participation_rate <= 1),
    universe                int CHECK (universe BETWEEN 1 AND 100000000),
    universe_source         text CHECK (length(universe_source) BETWEEN 1 AND 300),
    created_at              timestamptz NOT NULL,
    UNIQUE (congress_id, name),
    UNIQUE (organisation_id, id),
    UNIQUE (organisation_id, congress_id, id),
    FOREIGN KEY (organisation_id, congress_id) REFERENCES congress (organisation_id, id),
    CHECK ((universe IS NULL) = (universe_source IS NULL))
);

-- A profile matches when every all_of criterion holds, at least one any_of criterion holds (if
-- there are any) and no none_of criterion holds. A criterion holds when the HCP's attribute is one
-- of its codes.
CREATE TABLE target_profile_criterion (
    target_profile_id uuid NOT NULL REFERENCES target_profile (id) ON DELETE CASCADE,
    position          int NOT NULL CHECK (position BETWEEN 1 AND 50),
    mode              text NOT NULL CHECK (mode IN ('all_of', 'any_of', 'none_of')),
    attribute         text NOT NULL CHECK (attribute IN
                      ('profession', 'specialty', 'practice_setting', 'region', 'age_band')),
    codes             text[] NOT NULL CHECK (cardinality(codes) BETWEEN 1 AND 200),
    PRIMARY KEY (target_profile_id, position)
);

-- A registration page's address for one channel. Its code is public, not a secret.
CREATE TABLE registration_link (
    id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    organisation_id uuid NOT NULL,
    congress_id     uuid NOT NULL,
    channel         text NOT NULL CHECK (channel IN ('representative', 'email', 'web_site',
                                                     'social_network', 'congress_desk', 'other')),
    label           text NOT NULL DEFAULT '' CHECK (length(label) <= 100),
    code            text NOT NULL UNIQUE CHECK (code ~ '^[a-z2-9]{12}$'),
    created_at      timestamptz NOT NULL,
    UNIQUE (organisation_id, id),
    UNIQUE (organisation_id, congress_id, id),
    UNIQUE (congress_id, channel, label),
    FOREIGN KEY (organisation_id, congress_id) REFERENCES congress (organisation_id, id)
);

-- The wording that people agreed to; a new wording is a new version.
CREATE TABLE consent_text (
    organisation_id uuid NOT NULL REFERENCES organisation (id),
    kind            text NOT NULL CHECK (kind IN ('participation', 'contact')),
    version         int NOT NULL CHECK (version > 0),
    text_fr         text NOT NULL CHECK (length(text_fr) BETWEEN 1 AND 2000),
    text_en         text NOT NULL CHECK (length(text_en) BETWEEN 1 AND 2000),
    created_at      timestamptz NOT NULL,
    PRIMARY KEY (organisation_id, kind, version)
);

-- One per HCP and congress. Attributes are kept as they were declared here: they decide the match,
-- and a stranger who types somebody's address changes nothing of that person.
CREATE TABLE registration (
    id               uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    organisation_id  uuid NOT NULL,
    congress_id      uuid NOT NULL,
    hcp_id           uuid NOT NULL,
    link_id          uuid NOT NULL,
    channel          text NOT NULL,
    language         text NOT NULL CHECK (language IN ('fr', 'en')),
    state            text NOT NULL CHECK (state IN ('registered', 'cancelled')),
    profession       text NOT NULL,
    specialty        text,
    practice_setting text NOT NULL,
    region           text NOT NULL,
    age_band         text NOT NULL,
    registered_at    timestamptz NOT NULL,
    cancelled_at     timestamptz,
    confirmed_at     timestamptz,               -- first use of the personal link
    UNIQUE (congress_id, hcp_id),
    UNIQUE (organisation_id, id),
    UNIQUE (organisation_id, congress_id, id),
    FOREIGN KEY (organisation_id, congress_id) REFERENCES congress (organisation_id, id),
    FOREIGN KEY (organisation_id, hcp_id) REFERENCES hcp (organisation_id, id),
    FOREIGN KEY (organisation_id, congress_id, link_id)
        REFERENCES registration_link (organisation_id, congress_id, id),
    CHECK ((cancelled_at IS NOT NULL) = (state = 'cancelled'))
);
CREATE INDEX registration_list ON registration (congress_id, registered_at, id);

CREATE TABLE registration_consent (
    registration_id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    kind            text NOT NULL,
    version         int NOT NULL,
    language        text NOT NULL CHECK (language IN ('fr', 'en')), -- the wording that was read
    given           boolean NOT NULL,
    at              timestamptz NOT NULL,
    PRIMARY KEY (registration_id, kind, version),
    FOREIGN KEY (organisation_id, registration_id) REFERENCES registration (organisation_id, id),
    FOREIGN KEY (organisation_id, kind, version)
        REFERENCES consent_text (organisation_id, kind, version),
    CHECK (given OR kind <> 'participation')    -- without it there is no registration
);

-- Which profiles a registration matches; written in the registration's own transaction and
-- recomputed in the transaction that changes a profile.
CREATE TABLE registration_profile (
    organisation_id   uuid NOT NULL,
    congress_id       uuid NOT NULL,
    registration_id   uuid NOT NULL,
    target_profile_id uuid NOT NULL,
    PRIMARY KEY (registration_id, target_profile_id),
    FOREIGN KEY (organisation_id, congress_id, registration_id)
        REFERENCES registration (organisation_id, congress_id, id),
    FOREIGN KEY (organisation_id, congress_id, target_profile_id)
        REFERENCES target_profile (organisation_id, congress_id, id) ON DELETE CASCADE
);
CREATE INDEX registration_profile_profile ON registration_profile (target_profile_id);
