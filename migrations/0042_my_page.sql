-- What people see and correct about themselves on their page: profile, consents, e-mail address.

-- A new address counts once its mailbox confirmed it, by a code of an hour. Confirmed ones are history:
-- what was sent to a former address is forgotten with the person.
CREATE TABLE address_change (
    id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    organisation_id uuid NOT NULL,
    hcp_id          uuid NOT NULL,
    from_email      text NOT NULL,
    to_email        text NOT NULL CHECK (to_email = lower(to_email) AND to_email <> from_email),
    code_hash       bytea NOT NULL CHECK (octet_length(code_hash) = 32),
    tries           int NOT NULL DEFAULT 0,     -- wrong codes
    asked_at        timestamptz NOT NULL,
    expires_at      timestamptz NOT NULL,
    confirmed_at    timestamptz,
    FOREIGN KEY (organisation_id, hcp_id) REFERENCES hcp (organisation_id, id)
);
CREATE INDEX address_change_person ON address_change (hcp_id, asked_at);
CREATE INDEX address_change_address ON address_change (organisation_id, to_email, asked_at);

-- Whom a mail is to: people may share an address, and somebody's may have been another one.
ALTER TABLE outbox ADD COLUMN hcp_id uuid;      -- null: no HCP, or none that is known yet
CREATE INDEX outbox_person ON outbox (hcp_id) WHERE hcp_id IS NOT NULL;

-- Mails that somebody's forms and requests sent to an address since then.
CREATE OR REPLACE FUNCTION registration_mails(p_organisation uuid, p_email text, p_since timestamptz) RETURNS bigint
LANGUAGE sql STABLE AS $$
    SELECT (SELECT count(*) FROM registration_request
             WHERE organisation_id = p_organisation AND email = p_email AND requested_at > p_since)
         + (SELECT count(*) FROM address_change
             WHERE organisation_id = p_organisation AND to_email = p_email AND asked_at > p_since)
         + (SELECT count(*) FROM hcp h JOIN registration r ON r.hcp_id = h.id
              JOIN one_time_link l ON l.registration_id = r.id AND l.created_at > p_since
             WHERE h.organisation_id = p_organisation AND h.email = p_email)
$$;

-- The newest answer to each wording in force. new_email: it waits for its code.
CREATE FUNCTION my_profile(p_registration uuid, p_now timestamptz) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('email', h.email,
        'new_email', (SELECT a.to_email FROM address_change a
                       WHERE a.hcp_id = h.id AND a.confirmed_at IS NULL AND a.expires_at > p_now
                       ORDER BY a.asked_at DESC LIMIT 1),
        'declared', jsonb_build_object('profession', r.profession, 'specialty', r.specialty,
            'practice_setting', r.practice_setting, 'region', r.region, 'age_band', r.age_band),
        'consents', (SELECT coalesce(jsonb_agg(jsonb_build_object('kind', t.kind,
                'version', t.version, 'text_fr', t.text_fr, 'text_en', t.text_en,
                'required', t.kind = 'participation', 'given', coalesce(a.given, false),
                'at', json_time(a.at)) ORDER BY t.kind DESC), '[]')
            FROM (SELECT DISTINCT ON (kind) * FROM consent_text
                   WHERE organisation_id = r.organisation_id ORDER BY kind, version DESC) t
            LEFT JOIN LATERAL (SELECT given, at FROM registration_consent c
                   WHERE c.registration_id = r.id AND c.kind = t.kind ORDER BY c.id DESC LIMIT 1) a ON true),
        'privacy_notice_fr', o.privacy_notice_fr, 'privacy_notice_en', o.privacy_notice_en)
      FROM registration r JOIN hcp h ON h.id = r.hcp_id JOIN organisation o ON o.id = r.organisation_id
     WHERE r.id = p_registration
$$;

CREATE OR REPLACE FUNCTION personal_data(p_hcp uuid) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'person', jsonb_build_object('id', h.id, 'email', h.email, 'first_name', h.first_name,
            'last_name', h.last_name, 'created_at', json_time(h.created_at)),
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
                ORDER BY r.registered_at, r.id), '[]')
            FROM registration r WHERE r.hcp_id = h.id))
      FROM hcp h JOIN organisation o ON o.id = h.organisation_id
     WHERE h.id = p_hcp
$$;
