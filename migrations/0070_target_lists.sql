-- Target lists: people an organisation wants to reach, by name, from a file of its own. Read by organisers alone.

CREATE TABLE target_list (
    id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    organisation_id uuid NOT NULL REFERENCES organisation (id),
    name            text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    source          text CHECK (length(source) BETWEEN 1 AND 300),
    as_of           date,                           -- the day of the data, by whoever imported it
    people          int NOT NULL DEFAULT 0 CHECK (people >= 0),
    made_by         uuid,
    created_at      timestamptz NOT NULL,
    changed_at      timestamptz NOT NULL,           -- its people
    version         int NOT NULL DEFAULT 0,         -- counts what happens to its people
    UNIQUE (organisation_id, id),
    CONSTRAINT target_list_name UNIQUE (organisation_id, name),
    FOREIGN KEY (organisation_id, made_by) REFERENCES account (organisation_id, id)
);

-- Attributes have the codes of the table code; segment, tier and therapeutic_interest are the organisation's own words.
CREATE TABLE target_list_person (
    id                    uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    organisation_id       uuid NOT NULL,
    target_list_id        uuid NOT NULL,
    position              int NOT NULL,             -- in the file
    external_id           text CHECK (length(external_id) BETWEEN 1 AND 100),
    rpps                  text CHECK (length(rpps) BETWEEN 9 AND 11),
    email                 text CHECK (email = lower(email) AND length(email) BETWEEN 3 AND 254),
    first_name            text NOT NULL DEFAULT '' CHECK (length(first_name) <= 100),
    last_name             text NOT NULL DEFAULT '' CHECK (length(last_name) <= 100),
    postcode              text CHECK (length(postcode) BETWEEN 1 AND 12),
    profession            text,
    specialty             text,
    skill_type            text,
    practice_setting      text,
    practice_mode         text,
    professional_category text,
    region                text,
    department            text,
    country               text,
    age_band              text,
    segment               text CHECK (length(segment) BETWEEN 1 AND 60),
    tier                  text CHECK (length(tier) BETWEEN 1 AND 60),
    language              text,
    therapeutic_interest  text CHECK (length(therapeutic_interest) BETWEEN 1 AND 60),
    hcp_id                uuid,                     -- who that is, once they are known to the organisation
    search                text NOT NULL GENERATED ALWAYS AS (
        search_text(first_name || ' ' || last_name || ' ' || coalesce(email, '') || ' ' || coalesce(rpps, '')
                    || ' ' || coalesce(external_id, '')) || ' ' || replace(search_text(last_name), ' ', '')) STORED,
    FOREIGN KEY (organisation_id, target_list_id) REFERENCES target_list (organisation_id, id) ON DELETE CASCADE,
    FOREIGN KEY (organisation_id, hcp_id) REFERENCES hcp (organisation_id, id)
);
CREATE INDEX target_list_person_place ON target_list_person (target_list_id, position, id);
CREATE INDEX target_list_person_hcp ON target_list_person (hcp_id, target_list_id) WHERE hcp_id IS NOT NULL;
CREATE INDEX target_list_person_email ON target_list_person (organisation_id, email) WHERE email IS NOT NULL;
CREATE INDEX target_list_person_rpps ON target_list_person (organisation_id, rpps) WHERE rpps IS NOT NULL;

CREATE FUNCTION place_of_target_list(p_id uuid)
RETURNS TABLE (organisation_id uuid, congress_id uuid, session_id uuid, session_state text)
LANGUAGE sql STABLE ROWS 1 AS $$
    SELECT l.organisation_id, NULL::uuid, NULL::uuid, NULL::text FROM target_list l WHERE l.id = p_id
$$;

-- --- who of a list is known to the organisation ---

CREATE FUNCTION name_words(p_name text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
    RETURN array_remove(regexp_split_to_array(search_text(p_name), '[^[:alnum:]]+'), '');

-- The HCP whom a line of a list is about, the one place that decides it: by the RPPS number; else by the address, when
-- they have a word of their names in common, as practices share mailboxes, and no two RPPS numbers. Of several, the one
-- of the same name.
CREATE FUNCTION listed_hcp(p_organisation uuid, p_rpps text, p_email text, p_name text) RETURNS uuid
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN coalesce(
        (SELECT h.id FROM hcp h WHERE h.rpps = p_rpps AND h.organisation_id = p_organisation
          ORDER BY h.created_at, h.id LIMIT 1),
        (SELECT h.id FROM hcp h
          WHERE h.email = p_email AND h.organisation_id = p_organisation AND coalesce(h.rpps = p_rpps, true)
            AND (p_name = ' ' OR name_words(h.first_name || ' ' || h.last_name) && name_words(p_name))
          ORDER BY folded(h.first_name || ' ' || h.last_name) = folded(p_name) DESC, h.created_at, h.id LIMIT 1));
END $$;

-- Somebody registered, or changed their address, name or number: the lines of lists that are about them are theirs.
-- Found by the indexes, whatever the size of the table was when a connection first asked.
CREATE FUNCTION hcp_listed() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
    UPDATE target_list_person p SET hcp_id = NEW.id
     WHERE p.organisation_id = NEW.organisation_id AND (p.email = NEW.email OR p.rpps = NEW.rpps) AND p.hcp_id IS NULL
       AND listed_hcp(p.organisation_id, p.rpps, p.email, p.first_name || ' ' || p.last_name) = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER hcp_listed AFTER INSERT OR UPDATE OF email, first_name, last_name, rpps ON hcp
    FOR EACH ROW WHEN (NEW.erased_at IS NULL) EXECUTE FUNCTION hcp_listed();

-- As in migration 0068, with the lists that have the person.
CREATE OR REPLACE FUNCTION personal_data(p_hcp uuid) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'person', jsonb_build_object('id', h.id, 'email', h.email, 'first_name', h.first_name,
            'last_name', h.last_name, 'rpps', h.rpps, 'created_at', json_time(h.created_at)),
        'organisation', jsonb_build_object('name', o.name, 'contact_email', o.contact_email),
        'attributes', (SELECT coalesce(jsonb_agg(jsonb_build_object('source', a.source,
                'profession', a.profession, 'specialty', a.specialty,
                'practice_setting', a.practice_setting, 'region', a.region,
                'age_band', a.age_band, 'at', json_time(a.at)) ORDER BY a.source), '[]')
            FROM hcp_attributes a WHERE a.hcp_id = h.id),
        'address_changes', (SELECT coalesce(jsonb_agg(jsonb_build_object('from', a.from_email,
                'to', a.to_email, 'asked_at', json_time(a.asked_at),
                'confirmed_at', json_time(a.confirmed_at)) ORDER BY a.asked_at), '[]')
            FROM address_change a WHERE a.hcp_id = h.id),
        'mails', (SELECT coalesce(jsonb_agg(jsonb_build_object('created_at', json_time(m.created_at),
                'subject', m.message->>'subject') ORDER BY m.created_at), '[]')
            FROM outbox m
           WHERE m.organisation_id = h.organisation_id AND m.message IS NOT NULL
             AND (m.hcp_id = h.id OR (m.hcp_id IS NULL AND m.to_address = h.email))),
        'target_lists', (SELECT coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object('list', l.name,
                'source', l.source, 'as_of', l.as_of, 'external_id', t.external_id, 'rpps', t.rpps,
                'email', t.email, 'first_name', t.first_name, 'last_name', t.last_name, 'postcode', t.postcode,
                'profession', t.profession, 'specialty', t.specialty, 'skill_type', t.skill_type,
                'practice_setting', t.practice_setting, 'practice_mode', t.practice_mode,
                'professional_category', t.professional_category, 'region', t.region,
                'department', t.department, 'country', t.country, 'age_band', t.age_band,
                'segment', t.segment, 'tier', t.tier, 'language', t.language,
                'therapeutic_interest', t.therapeutic_interest)) ORDER BY l.name, t.position), '[]')
            FROM target_list_person t JOIN target_list l ON l.id = t.target_list_id WHERE t.hcp_id = h.id),
        'registrations', (SELECT coalesce(jsonb_agg(registration_data(r.id)
                || jsonb_build_object('registry', registry_mark(r)) ORDER BY r.registered_at, r.id), '[]')
            FROM registration r WHERE r.hcp_id = h.id))
      FROM hcp h JOIN organisation o ON o.id = h.organisation_id
     WHERE h.id = p_hcp
$$;
