-- Registering is asking first: the form makes a request, which the mail to its address confirms. A
-- request holds no seat, changes nothing of anybody and is deleted after a day. Who confirms it owns
-- the mailbox: from then on its name, attributes and consents count.

-- Names that people would call the same: case, accents, ligatures, apostrophes, hyphens, dots and
-- blanks make no difference.
CREATE FUNCTION folded(p_text text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
    SELECT btrim(regexp_replace(
        regexp_replace(
            replace(replace(replace(replace(replace(lower(normalize(p_text, NFKD)),
                'œ', 'oe'), 'æ', 'ae'), 'ß', 'ss'), 'ø', 'o'), 'ł', 'l'),
            '[\u0300-\u036f]', '', 'g'),
        '[[:space:]''’‘.,\u2010-\u2015-]+', ' ', 'g'))
$$;

CREATE TABLE registration_request (
    id               uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    organisation_id  uuid NOT NULL,
    congress_id      uuid NOT NULL,
    link_id          uuid NOT NULL,
    token_hash       bytea NOT NULL UNIQUE CHECK (octet_length(token_hash) = 32),
    email            text NOT NULL,
    first_name       text NOT NULL,
    last_name        text NOT NULL,
    language         text NOT NULL CHECK (language IN ('fr', 'en')),
    profession       text NOT NULL,
    specialty        text,
    practice_setting text NOT NULL,
    region           text NOT NULL,
    age_band         text NOT NULL,
    consents         jsonb NOT NULL,            -- [{kind, version, given}]
    requested_at     timestamptz NOT NULL,
    expires_at       timestamptz NOT NULL,
    FOREIGN KEY (organisation_id, congress_id, link_id)
        REFERENCES registration_link (organisation_id, congress_id, id)
);
CREATE INDEX registration_request_address ON registration_request (organisation_id, email);
CREATE INDEX registration_request_congress ON registration_request (congress_id, expires_at);

-- Two people may share an address (a practice's mailbox): they are told apart by name.
ALTER TABLE hcp DROP CONSTRAINT hcp_organisation_id_email_key;
CREATE UNIQUE INDEX hcp_person ON hcp (organisation_id, email, folded(first_name || ' ' || last_name));

-- What somebody agreed to, answer by answer: the newest of a kind counts.
ALTER TABLE registration_consent DROP CONSTRAINT registration_consent_pkey;
ALTER TABLE registration_consent ADD COLUMN id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY;
CREATE INDEX registration_consent_newest ON registration_consent (registration_id, kind, id);
INSERT INTO application_privilege VALUES ('registration_consent', 'SELECT, INSERT', '{}');

-- How many are registered, without counting them. Several rows a congress, so that registrations
-- that are confirmed at the same moment seldom wait for each other.
CREATE TABLE seats_taken (
    congress_id uuid NOT NULL REFERENCES congress (id),
    part        int NOT NULL CHECK (part BETWEEN 0 AND 63),
    taken       int NOT NULL,
    PRIMARY KEY (congress_id, part)
) WITH (fillfactor = 50);
INSERT INTO seats_taken (congress_id, part, taken)
SELECT congress_id, uuid_hash(id) & 63, count(*) FROM registration WHERE state = 'registered' GROUP BY 1, 2;

CREATE FUNCTION seats_count() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    change int := (CASE WHEN TG_OP <> 'DELETE' AND NEW.state = 'registered' THEN 1 ELSE 0 END)
                - (CASE WHEN TG_OP <> 'INSERT' AND OLD.state = 'registered' THEN 1 ELSE 0 END);
    changed registration := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
BEGIN
    IF change <> 0 THEN
        INSERT INTO seats_taken AS s (congress_id, part, taken)
        VALUES (changed.congress_id, uuid_hash(changed.id) & 63, change)
            ON CONFLICT (congress_id, part) DO UPDATE SET taken = s.taken + excluded.taken;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER registration_seats AFTER INSERT OR UPDATE OF state OR DELETE ON registration
    FOR EACH ROW EXECUTE FUNCTION seats_count();

-- A congress has as many seats as its largest session that is open; null: none is.
CREATE FUNCTION seats_free(p_congress uuid) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT max(capacity) - (SELECT coalesce(sum(taken), 0) FROM seats_taken WHERE congress_id = p_congress)
      FROM session WHERE congress_id = p_congress AND state IN ('lobby', 'live')
$$;

-- Mails that somebody's forms and requests sent to an address since then.
CREATE FUNCTION registration_mails(p_organisation uuid, p_email text, p_since timestamptz) RETURNS bigint
LANGUAGE sql STABLE AS $$
    SELECT (SELECT count(*) FROM registration_request
             WHERE organisation_id = p_organisation AND email = p_email AND requested_at > p_since)
         + (SELECT count(*) FROM hcp h JOIN registration r ON r.hcp_id = h.id
              JOIN one_time_link l ON l.registration_id = r.id AND l.created_at > p_since
             WHERE h.organisation_id = p_organisation AND h.email = p_email)
$$;

-- What a mailed link is about, before it is used. `people`: others that are known at the address of a
-- request, whose name none of them has: who confirms it says whether they are one of them.
CREATE FUNCTION link_preview(p_token_hash bytea, p_now timestamptz) RETURNS jsonb LANGUAGE sql STABLE AS $$
    WITH found AS (
        SELECT r.state, r.congress_id, r.link_id, r.language, h.first_name, h.last_name, '[]'::jsonb AS people
          FROM one_time_link l JOIN registration r ON r.id = l.registration_id
          JOIN hcp h ON h.id = r.hcp_id AND h.erased_at IS NULL
         WHERE l.token_hash = p_token_hash AND l.expires_at > p_now
        UNION ALL
        SELECT 'requested', q.congress_id, q.link_id, q.language, q.first_name, q.last_name,
               coalesce((SELECT jsonb_agg(jsonb_build_object('id', h.id, 'first_name', h.first_name,
                                'last_name', h.last_name) ORDER BY h.created_at, h.id)
                           FROM hcp h WHERE h.organisation_id = q.organisation_id AND h.email = q.email
                         HAVING bool_and(folded(h.first_name || ' ' || h.last_name)
                                         <> folded(q.first_name || ' ' || q.last_name))), '[]')
          FROM registration_request q WHERE q.token_hash = p_token_hash AND q.expires_at > p_now)
    SELECT jsonb_build_object('state', f.state, 'first_name', f.first_name, 'last_name', f.last_name,
        'language', f.language, 'people', f.people, 'page', '/r/' || l.code,
        'organisation', jsonb_build_object('name', o.name, 'contact_email', o.contact_email),
        'congress', jsonb_build_object('title', c.title, 'language', c.language, 'time_zone', c.time_zone),
        'sessions', (SELECT coalesce(jsonb_agg(jsonb_build_object('title', s.title,
                'description', s.description, 'language', s.language, 'starts_at', json_time(s.starts_at),
                'planned_minutes', s.planned_minutes, 'state', s.state) ORDER BY s.starts_at, s.id), '[]')
            FROM session s WHERE s.congress_id = c.id AND s.state <> 'draft'))
      FROM found f JOIN congress c ON c.id = f.congress_id JOIN organisation o ON o.id = c.organisation_id
      JOIN registration_link l ON l.id = f.link_id
$$;
