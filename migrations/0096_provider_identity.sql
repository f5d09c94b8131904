-- Sign-in at an OpenID Connect provider, such as Pro Santé Connect, in front of the registration form: what the provider
-- said of a person is kept beside what they typed, with who said it. What differs is marked and never corrected, as what
-- the register says (migration 0068). No token of the provider is kept.

-- From the click on the form to the form that is sent. token_hash: of the cookie of the browser that asked, from which the
-- state, the nonce and the code verifier are made again: none of them is kept.
CREATE TABLE provider_sign_in (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    link_id         uuid NOT NULL,
    token_hash      bytea NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    state_hash      bytea NOT NULL UNIQUE CHECK (length(state_hash) = 32),
    asked_at        timestamptz NOT NULL,
    expires_at      timestamptz NOT NULL,
    spent_at        timestamptz,                -- the provider sent the browser back: the state is good once
    claims          jsonb,                      -- what it said
    email           text GENERATED ALWAYS AS (claims->>'email') STORED,
    FOREIGN KEY (organisation_id, link_id) REFERENCES registration_link (organisation_id, id) ON DELETE CASCADE,
    CHECK (claims IS NULL OR spent_at IS NOT NULL)
);
CREATE INDEX provider_sign_in_expired ON provider_sign_in (organisation_id, expires_at);
CREATE INDEX provider_sign_in_link ON provider_sign_in (organisation_id, link_id);

ALTER TABLE registration_request
    ADD COLUMN provider jsonb;

-- What the provider said of whoever confirmed such a form; the newest.
CREATE TABLE provider_identity (
    hcp_id          uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    source          text NOT NULL CHECK (length(source) BETWEEN 1 AND 300), -- the issuer's address
    provider        text NOT NULL CHECK (length(provider) BETWEEN 1 AND 300), -- its name, as the form had it
    first_name      text NOT NULL,
    last_name       text NOT NULL,
    rpps            text CHECK (rpps ~ '^([1-9][0-9]{10}|[0-9][0-9AB][0-9]{7})$'),
    profession      text,
    specialty       text,
    at              timestamptz NOT NULL,
    FOREIGN KEY (organisation_id, hcp_id) REFERENCES hcp (organisation_id, id)
);

-- Whoever erases, a server of before this migration, too.
CREATE FUNCTION hcp_forgets_provider() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM provider_identity WHERE hcp_id = NEW.id;
    DELETE FROM provider_sign_in
     WHERE organisation_id = OLD.organisation_id AND (claims->>'rpps' = OLD.rpps OR email = OLD.email);
    RETURN NEW;
END $$;
CREATE TRIGGER hcp_forgets_provider AFTER UPDATE OF erased_at ON hcp
    FOR EACH ROW WHEN (NEW.erased_at IS NOT NULL) EXECUTE FUNCTION hcp_forgets_provider();

CREATE FUNCTION provider_keep(p_hcp uuid, p_claims jsonb, p_now timestamptz) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO provider_identity (hcp_id, organisation_id, source, provider, first_name, last_name, rpps, profession,
                                   specialty, at)
    SELECT h.id, h.organisation_id, c.source, c.provider, coalesce(c.first_name, ''), coalesce(c.last_name, ''), c.rpps,
           c.profession, c.specialty, p_now
      FROM hcp h, jsonb_to_record(p_claims) AS c (source text, provider text, first_name text, last_name text, rpps text,
                                                  profession text, specialty text)
     WHERE h.id = p_hcp
    ON CONFLICT (hcp_id) DO UPDATE
       SET source = excluded.source, provider = excluded.provider, first_name = excluded.first_name,
           last_name = excluded.last_name, rpps = excluded.rpps, profession = excluded.profession,
           specialty = excluded.specialty, at = excluded.at;
END $$;

-- The mark that staff and the person see; null: no provider said anything. It is of this moment: a name or profession that
-- changes later changes it.
CREATE FUNCTION provider_mark(p_registration registration) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
DECLARE
    v_said provider_identity;
    v_hcp hcp;
    v_differs text[];
BEGIN
    SELECT * INTO v_said FROM provider_identity WHERE hcp_id = p_registration.hcp_id;
    IF v_said.hcp_id IS NULL THEN
        RETURN NULL;
    END IF;
    SELECT * INTO v_hcp FROM hcp WHERE id = p_registration.hcp_id;
    v_differs := array_remove(ARRAY[
        CASE WHEN NOT registry_same_name(v_hcp.first_name, v_hcp.last_name, v_said.first_name, v_said.last_name)
             THEN 'name' END,
        CASE WHEN v_hcp.rpps <> v_said.rpps THEN 'rpps' END,
        CASE WHEN p_registration.profession <> v_said.profession THEN 'profession' END,
        CASE WHEN specialty_group(p_registration.specialty) <> specialty_group(v_said.specialty) THEN 'specialty' END],
        NULL);
    RETURN jsonb_build_object('provider', v_said.provider, 'at', json_time(v_said.at), 'differs', v_differs,
        'verdict', CASE WHEN v_differs = '{}' THEN 'verified' ELSE 'differs' END);
END $$;

-- As in migration 0074, with what a provider said.
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
        'target_list_imports', (SELECT coalesce(jsonb_agg(p.person || jsonb_build_object('list', l.name,
                'file', i.file_name, 'uploaded_at', json_time(i.created_at)) ORDER BY i.created_at, i.id, p.line), '[]')
            FROM target_list_import_person p JOIN target_list_import i ON i.id = p.import_id
            JOIN target_list l ON l.id = i.target_list_id
           WHERE i.organisation_id = h.organisation_id AND (p.email = h.email OR p.rpps = h.rpps)
             AND listed_hcp(h.organisation_id, p.rpps, p.email, listed_name(p.person)) = h.id),
        'provider', (SELECT jsonb_build_object('source', p.source, 'provider', p.provider, 'first_name', p.first_name,
                'last_name', p.last_name, 'rpps', p.rpps, 'profession', p.profession, 'specialty', p.specialty,
                'at', json_time(p.at))
            FROM provider_identity p WHERE p.hcp_id = h.id),
        'registrations', (SELECT coalesce(jsonb_agg(registration_data(r.id)
                || jsonb_build_object('registry', registry_mark(r), 'provider', provider_mark(r)) ORDER BY r.registered_at, r.id), '[]')
            FROM registration r WHERE r.hcp_id = h.id))
      FROM hcp h JOIN organisation o ON o.id = h.organisation_id
     WHERE h.id = p_hcp
$$;
