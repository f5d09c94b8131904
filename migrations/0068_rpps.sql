-- RPPS at registration: who gives their number is compared with the French register. What differs is marked for staff
-- to look at, and never corrected. The form keeps the number until it is confirmed; from then on it is the person's.
-- Two people of one organisation may have given the same number: whoever typed somebody else's would keep them out,
-- were it unique. Staff sees that it is shared.

ALTER TABLE registration_request
    ADD COLUMN rpps text CHECK (rpps ~ '^([1-9][0-9]{10}|[0-9][0-9AB][0-9]{7})$'); -- RPPS or ADELI
ALTER TABLE hcp
    ADD COLUMN rpps text CHECK (rpps ~ '^([1-9][0-9]{10}|[0-9][0-9AB][0-9]{7})$');
CREATE INDEX hcp_rpps ON hcp (organisation_id, rpps) WHERE rpps IS NOT NULL;

-- Whoever erases, a server of before this migration, too.
CREATE FUNCTION hcp_forgets_rpps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.rpps := NULL;
    RETURN NEW;
END $$;
CREATE TRIGGER hcp_forgets_rpps BEFORE UPDATE OF erased_at ON hcp
    FOR EACH ROW WHEN (NEW.erased_at IS NOT NULL) EXECUTE FUNCTION hcp_forgets_rpps();

-- What the register said of a registration, and which edition of it; null: no number, or no register then.
ALTER TABLE registration
    ADD COLUMN registry_verdict text CHECK (registry_verdict IN ('verified', 'differs', 'unknown')),
    ADD COLUMN registry_differs text[] NOT NULL DEFAULT '{}', -- of name, profession, specialty
    ADD COLUMN registry_edition_id int REFERENCES registry_edition (id);
CREATE INDEX registration_registry ON registration (congress_id, registry_verdict) WHERE registry_verdict IS NOT NULL;

-- What the register says of a person beside what they declare, while both agree. verified_by is of what staff verifies.
-- wider: hcp_attributes_source_check
ALTER TABLE hcp_attributes
    DROP CONSTRAINT hcp_attributes_source_check,
    ADD CONSTRAINT hcp_attributes_source_check CHECK (source IN ('declared', 'verified', 'registry')),
    ADD COLUMN edition_id int REFERENCES registry_edition (id); -- of source 'registry'

-- The register has names in capitals, and often only the first of several first names.
CREATE FUNCTION registry_same_name(p_first text, p_last text, p_registry_first text, p_registry_last text)
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT folded(p_last) = folded(p_registry_last)
       AND split_part(folded(p_first), ' ', 1) = split_part(folded(p_registry_first), ' ', 1)
$$;

-- Several codes that people mean as one.
CREATE FUNCTION specialty_group(p_specialty text) RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN coalesce((SELECT grouped_as FROM code WHERE list = 'specialty' AND code = p_specialty), p_specialty);
END $$;

-- Compares a person's registrations with the register of this moment: after their name, number or profession changed.
CREATE FUNCTION registry_verify(p_hcp uuid, p_now timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v_hcp hcp;
    v_edition int;
    v_found registry_person;
    v_same boolean;
BEGIN
    SELECT * INTO v_hcp FROM hcp WHERE id = p_hcp AND rpps IS NOT NULL;
    SELECT id INTO v_edition FROM registry_edition WHERE current;
    IF v_hcp.id IS NULL OR v_edition IS NULL THEN
        RETURN;
    END IF;
    SELECT * INTO v_found FROM registry_person WHERE rpps = v_hcp.rpps;
    v_same := registry_same_name(v_hcp.first_name, v_hcp.last_name, v_found.first_name, v_found.last_name);
    UPDATE registration r
       SET registry_edition_id = v_edition, registry_differs = d.differs,
           registry_verdict = CASE WHEN v_found.rpps IS NULL THEN 'unknown'
                                   WHEN d.differs = '{}' THEN 'verified' ELSE 'differs' END
      FROM registration o CROSS JOIN LATERAL (SELECT array_remove(ARRAY[
               CASE WHEN NOT v_same THEN 'name' END,
               CASE WHEN o.profession <> v_found.profession THEN 'profession' END,
               CASE WHEN specialty_group(o.specialty) <> specialty_group(v_found.specialty) THEN 'specialty' END],
               NULL) AS differs) d
     WHERE o.hcp_id = p_hcp AND r.id = o.id;
    DELETE FROM hcp_attributes WHERE hcp_id = p_hcp AND source = 'registry';
    INSERT INTO hcp_attributes (organisation_id, hcp_id, source, profession, specialty, practice_setting, region, at,
                                edition_id)
    SELECT v_hcp.organisation_id, p_hcp, 'registry', v_found.profession, v_found.specialty, v_found.practice_setting,
           v_found.region, p_now, v_edition
     WHERE v_same AND EXISTS (SELECT FROM registration WHERE hcp_id = p_hcp AND registry_verdict = 'verified');
END $$;

-- The mark that staff and the person see.
CREATE FUNCTION registry_mark(p_registration registration) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF p_registration.registry_verdict IS NULL THEN
        RETURN NULL;
    END IF;
    RETURN jsonb_build_object('verdict', p_registration.registry_verdict,
        'differs', p_registration.registry_differs, 'data_at',
        (SELECT json_time(data_at) FROM registry_edition WHERE id = p_registration.registry_edition_id));
END $$;

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
        'registrations', (SELECT coalesce(jsonb_agg(registration_data(r.id)
                || jsonb_build_object('registry', registry_mark(r)) ORDER BY r.registered_at, r.id), '[]')
            FROM registration r WHERE r.hcp_id = h.id))
      FROM hcp h JOIN organisation o ON o.id = h.organisation_id
     WHERE h.id = p_hcp
$$;
