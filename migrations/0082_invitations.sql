-- Invitations: people of a target list are invited to a congress by name, each with a link of their own. README.md, "Invitations".
--
-- Definitions. A round invites the people of a target list, or those of them whom a profile of the congress accepts, by a mail of
-- ours or by a file for the CRM that sends its own. A person is an address and a name, as everywhere; without an address their number
-- or the list's own id. Each is invited once to a congress. Who is left out, in this order:
--   registered   has a registration for the congress that is not cancelled
--   invited      was invited to it already
--   no_address   the list has no e-mail address of them (a round of mails)
--   no_id        the list has no external id of them (a round for the CRM)
--   opted_out    their address wants no invitations of the organisation; nobody overrules that
--   twice        stands further up on the same list
--   pressure     one more would be more than the organisation's invitations_most within its invitations_days: congresses to which
--                their address was invited in that time

ALTER TABLE organisation
    ADD COLUMN invitations_most int NOT NULL DEFAULT 3 CONSTRAINT organisation_invitations_most CHECK (invitations_most BETWEEN 1 AND 100),
    ADD COLUMN invitations_days int NOT NULL DEFAULT 30 CONSTRAINT organisation_invitations_days CHECK (invitations_days BETWEEN 1 AND 730);

-- list_name, profile_name: as they were when the round was begun; the list or the profile may go afterwards. A profile that went leaves
-- a round which cannot be sent: it never becomes the whole list.
CREATE TABLE invitation_round (
    id                uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    organisation_id   uuid NOT NULL,
    congress_id       uuid NOT NULL,
    channel           text NOT NULL CHECK (channel IN ('mail', 'crm')),
    target_list_id    uuid REFERENCES target_list (id) ON DELETE SET NULL,
    target_profile_id uuid REFERENCES target_profile (id) ON DELETE SET NULL,
    list_name         text NOT NULL,
    profile_name      text,                 -- null: the whole list
    subject_fr        text NOT NULL DEFAULT '' CHECK (length(subject_fr) <= 200),
    text_fr           text NOT NULL DEFAULT '' CHECK (length(text_fr) <= 8000),
    subject_en        text NOT NULL DEFAULT '' CHECK (length(subject_en) <= 200),
    text_en           text NOT NULL DEFAULT '' CHECK (length(text_en) <= 8000),
    overrule          text CHECK (length(overrule) BETWEEN 1 AND 500), -- why people under contact pressure are invited; null: they are not
    state             text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'sending', 'sent', 'cancelled', 'failed')),
    people            int CHECK (people >= 0),          -- to be invited, once they were gathered
    invited           int NOT NULL DEFAULT 0 CHECK (invited >= 0),
    link_id           uuid,                             -- the registration page that it leads to, once it is sent
    made_by           uuid,
    created_at        timestamptz NOT NULL,
    started_at        timestamptz,
    ended_at          timestamptz,
    FOREIGN KEY (organisation_id, congress_id) REFERENCES congress (organisation_id, id),
    FOREIGN KEY (organisation_id, made_by) REFERENCES account (organisation_id, id),
    FOREIGN KEY (organisation_id, congress_id, link_id) REFERENCES registration_link (organisation_id, congress_id, id),
    UNIQUE (organisation_id, congress_id, id),
    CHECK ((state = 'draft') = (started_at IS NULL)),
    CHECK (state = 'draft' OR link_id IS NOT NULL)
);
CREATE INDEX invitation_round_congress ON invitation_round (congress_id, created_at, id);
CREATE INDEX invitation_round_link ON invitation_round (link_id) WHERE link_id IS NOT NULL;
CREATE INDEX invitation_round_list ON invitation_round (target_list_id) WHERE target_list_id IS NOT NULL;
CREATE INDEX invitation_round_profile ON invitation_round (target_profile_id) WHERE target_profile_id IS NOT NULL;

-- The id is that of the mail, too (outbox.id, Message-ID). target_list_person_id has no key: lines come and go with imports. What was
-- mailed or given out is kept here, as the line may change.
CREATE TABLE invitation (
    id                    uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    organisation_id       uuid NOT NULL,
    congress_id           uuid NOT NULL,
    round_id              uuid NOT NULL,
    target_list_person_id uuid,
    person_key            text NOT NULL,        -- invitation_key()
    hcp_id                uuid,                 -- who that is, once they are known to the organisation
    registration_id       uuid,                 -- that the link led to
    external_id           text,
    email                 text,
    first_name            text NOT NULL,
    last_name             text NOT NULL,
    language              text NOT NULL CHECK (language IN ('fr', 'en')),
    token_hash            bytea UNIQUE,         -- of the personal link; null: not invited yet, or erased
    opt_out_hash          bytea UNIQUE,         -- of the link that wants no more invitations
    invited_at            timestamptz,
    opened_at             timestamptz,          -- somebody followed the personal link
    declined_at           timestamptz,
    opted_out_at          timestamptz,
    search                text NOT NULL GENERATED ALWAYS AS (search_text(first_name || ' ' || last_name || ' ' || coalesce(email, '')
                                || ' ' || coalesce(external_id, '')) || ' ' || replace(search_text(last_name), ' ', '')) STORED,
    bounced_at            timestamptz,          -- a mail server said for good that its mail cannot be delivered (RFC 3464, status 5)
    CONSTRAINT invitation_once UNIQUE (congress_id, person_key),
    FOREIGN KEY (organisation_id, congress_id, round_id) REFERENCES invitation_round (organisation_id, congress_id, id),
    FOREIGN KEY (organisation_id, hcp_id) REFERENCES hcp (organisation_id, id),
    FOREIGN KEY (organisation_id, registration_id) REFERENCES registration (organisation_id, id)
);
CREATE INDEX invitation_due ON invitation (round_id, id) WHERE invited_at IS NULL;
CREATE INDEX invitation_of_round ON invitation (round_id);
CREATE INDEX invitation_email ON invitation (organisation_id, email) WHERE email IS NOT NULL;
CREATE INDEX invitation_hcp ON invitation (hcp_id, congress_id) WHERE hcp_id IS NOT NULL;
CREATE INDEX invitation_registration ON invitation (registration_id) WHERE registration_id IS NOT NULL;
CREATE INDEX invitation_name ON invitation (congress_id, (search_text(last_name || ' ' || first_name) COLLATE "C"), id);

-- Addresses that want no invitations of an organisation. Only their hash is kept, so that it holds for somebody who was erased, too.
CREATE TABLE invitation_opt_out (
    organisation_id uuid NOT NULL REFERENCES organisation (id),
    address_hash    bytea NOT NULL,
    at              timestamptz NOT NULL,
    PRIMARY KEY (organisation_id, address_hash)
);

-- Addresses to which no mail came, as hashes; until somebody registers with one.
CREATE TABLE invitation_bounce (
    organisation_id uuid NOT NULL REFERENCES organisation (id),
    address_hash    bytea NOT NULL,
    status          text NOT NULL CHECK (length(status) BETWEEN 1 AND 20),
    at              timestamptz NOT NULL,
    PRIMARY KEY (organisation_id, address_hash)
);

-- Who filled in a form by an invitation.
ALTER TABLE registration_request ADD COLUMN invitation_id uuid;
CREATE INDEX registration_request_invitation ON registration_request (invitation_id) WHERE invitation_id IS NOT NULL;

-- Invitations, and the lists that they are from, are read by organisers of the whole organisation.
CREATE FUNCTION place_of_invitations(p_id uuid) -- of a congress
RETURNS TABLE (organisation_id uuid, congress_id uuid, session_id uuid, session_state text)
LANGUAGE sql STABLE ROWS 1 AS $$
    SELECT c.organisation_id, NULL::uuid, NULL::uuid, NULL::text FROM congress c WHERE c.id = p_id
$$;
CREATE FUNCTION place_of_invitation_round(p_id uuid)
RETURNS TABLE (organisation_id uuid, congress_id uuid, session_id uuid, session_state text)
LANGUAGE sql STABLE ROWS 1 AS $$
    SELECT r.organisation_id, NULL::uuid, NULL::uuid, NULL::text FROM invitation_round r WHERE r.id = p_id
$$;

-- --- whom a round invites ---

CREATE FUNCTION invitation_key(p_email text, p_first text, p_last text, p_external text, p_line uuid) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN coalesce(p_email || ' ' || folded(p_first || ' ' || p_last), 'id ' || p_external, 'line ' || p_line::text);

CREATE FUNCTION address_mark(p_organisation uuid, p_email text) RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
    RETURN sha256(convert_to(p_organisation::text || ' ' || lower(p_email), 'UTF8'));

-- The people of a round's list that its profile accepts: the columns of target_list_person, key, and barrier: why they are left out,
-- null: they are not. $1: from when on invitations count. Null: its list or its profile is gone.
CREATE FUNCTION invitation_people_sql(p_round uuid) RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
    r invitation_round;
    o organisation;
    joins text := '';
    accepts text := 'true';
BEGIN
    SELECT * INTO r FROM invitation_round WHERE id = p_round;
    IF r.target_list_id IS NULL OR (r.profile_name IS NOT NULL AND r.target_profile_id IS NULL) THEN
        RETURN NULL;
    END IF;
    SELECT * INTO o FROM organisation WHERE id = r.organisation_id;
    IF r.target_profile_id IS NOT NULL THEN
        SELECT w.joins, w.accepts INTO joins, accepts
          FROM universe_rule_sql('target_list', (SELECT x FROM profile_rule x WHERE x.target_profile_id = r.target_profile_id)) w;
    END IF;
    RETURN format(
        'WITH person AS MATERIALIZED (SELECT p.*, invitation_key(p.email, p.first_name, p.last_name, p.external_id, p.id) AS key'
        '   FROM target_list_person p%s WHERE p.target_list_id = %L AND %s),'
        ' contacted AS (SELECT coalesce(i.email, i.person_key) AS whom, count(DISTINCT i.congress_id) AS times FROM invitation i'
        '   WHERE i.organisation_id = %L AND i.invited_at > $1 GROUP BY 1)'
        ' SELECT p.*, CASE WHEN g.id IS NOT NULL THEN ''registered'''
        '   WHEN i.id IS NOT NULL OR h.hcp_id IS NOT NULL THEN ''invited'''
        '   WHEN p.%I IS NULL THEN %L'
        '   WHEN u.address_hash IS NOT NULL THEN ''opted_out'''
        '   WHEN b.address_hash IS NOT NULL AND %L = ''mail'' THEN ''bounced'''
        '   WHEN row_number() OVER (PARTITION BY p.key ORDER BY p.position, p.id) > 1 THEN ''twice'''
        '   WHEN c.times >= %s THEN ''pressure'' END AS barrier'
        ' FROM person p'
        ' LEFT JOIN registration g ON g.congress_id = %L AND g.hcp_id = p.hcp_id AND g.state <> ''cancelled'''
        ' LEFT JOIN invitation i ON i.congress_id = %L AND i.person_key = p.key'
        ' LEFT JOIN (SELECT DISTINCT hcp_id FROM invitation WHERE congress_id = %L AND hcp_id IS NOT NULL) h ON h.hcp_id = p.hcp_id'
        ' LEFT JOIN invitation_opt_out u ON u.organisation_id = %L AND u.address_hash = address_mark(%L, p.email)'
        ' LEFT JOIN invitation_bounce b ON b.organisation_id = %L AND b.address_hash = address_mark(%L, p.email)'
        ' LEFT JOIN contacted c ON c.whom = coalesce(p.email, p.key)',
        joins, r.target_list_id, accepts, r.organisation_id,
        CASE r.channel WHEN 'mail' THEN 'email' ELSE 'external_id' END, CASE r.channel WHEN 'mail' THEN 'no_address' ELSE 'no_id' END,
        r.channel, o.invitations_most, r.congress_id, r.congress_id,
        r.congress_id, r.organisation_id, r.organisation_id, r.organisation_id, r.organisation_id);
END $$;

CREATE FUNCTION invitations_since(p_round uuid, p_now timestamptz) RETURNS timestamptz LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT p_now - make_interval(days => o.invitations_days)
              FROM invitation_round r JOIN organisation o ON o.id = r.organisation_id WHERE r.id = p_round);
END $$;

-- How the people of a round stand: how many there are, how many would get it in which language, how many are left out and why.
CREATE FUNCTION invitation_audience(p_round uuid, p_now timestamptz) RETURNS jsonb LANGUAGE plpgsql STABLE SET jit = off AS $$
DECLARE
    whom CONSTANT text := invitation_people_sql(p_round);
    v_language CONSTANT text := (SELECT c.language FROM invitation_round r JOIN congress c ON c.id = r.congress_id WHERE r.id = p_round);
    answer jsonb;
BEGIN
    IF whom IS NULL THEN
        RAISE EXCEPTION 'its list or profile is gone' USING ERRCODE = 'AM409';
    END IF;
    EXECUTE format(
        'WITH q AS (SELECT barrier, invitation_language(language, %L) AS language, count(*) AS n FROM (%s) x GROUP BY 1, 2)'
        ' SELECT jsonb_build_object(''people'', coalesce(sum(n), 0),'
        '   ''invited'', coalesce(sum(n) FILTER (WHERE barrier IS NULL), 0),'
        '   ''french'', coalesce(sum(n) FILTER (WHERE barrier IS NULL AND language = ''fr''), 0),'
        '   ''left_out'', (SELECT jsonb_object_agg(w, (SELECT coalesce(sum(n), 0) FROM q WHERE barrier = w))'
        '       FROM unnest(ARRAY[''registered'', ''invited'', ''no_address'', ''no_id'', ''opted_out'', ''bounced'', ''twice'', ''pressure'']) AS w)) FROM q',
        v_language, whom)
    INTO answer USING invitations_since(p_round, p_now);
    RETURN answer;
END $$;

-- The language of a person: what the list says, if it is one of ours, else the congress's.
CREATE FUNCTION invitation_language(p_theirs text, p_congress text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN lower(left(p_theirs, 2)) IN ('fr', 'en') THEN lower(left(p_theirs, 2)) ELSE p_congress END;

-- Those who are left out, for a reason or for any, by name, after the line p_after. AM422: p_after is not on the list any more.
CREATE FUNCTION invitation_left_out(p_round uuid, p_reason text, p_search text, p_after uuid, p_limit int, p_now timestamptz)
RETURNS TABLE (id uuid, external_id text, email text, first_name text, last_name text, reason text)
LANGUAGE plpgsql STABLE SET jit = off AS $$
DECLARE
    name CONSTANT text := 'search_text(last_name || '' '' || first_name) COLLATE "C"';
    whom CONSTANT text := invitation_people_sql(p_round);
    v_after text;
BEGIN
    IF whom IS NULL THEN
        RAISE EXCEPTION 'its list or profile is gone' USING ERRCODE = 'AM409';
    END IF;
    IF p_after IS NOT NULL THEN
        SELECT search_text(p.last_name || ' ' || p.first_name) INTO v_after FROM target_list_person p
          JOIN invitation_round r ON r.target_list_id = p.target_list_id WHERE p.id = p_after AND r.id = p_round;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'that person is not on the list' USING ERRCODE = 'AM422';
        END IF;
    END IF;
    RETURN QUERY EXECUTE format(
        'SELECT id, external_id, email, first_name, last_name, barrier FROM (%s) x WHERE barrier %s%s%s ORDER BY %s, id LIMIT %L',
        whom, CASE WHEN p_reason IS NULL THEN 'IS NOT NULL' ELSE format('= %L', p_reason) END,
        CASE WHEN p_search IS NULL THEN '' ELSE format(' AND search LIKE ALL (%L::text[])', search_patterns(p_search)) END,
        CASE WHEN p_after IS NULL THEN '' ELSE format(' AND (%s, id) > (%L, %L)', name, v_after, p_after) END, name, p_limit)
    USING invitations_since(p_round, p_now);
END $$;

-- Writes down whom a round that is sent invites; how many they are. One round of an organisation after the other: each sees whom the
-- one before invites.
CREATE FUNCTION invitation_gather(p_round uuid, p_now timestamptz) RETURNS int LANGUAGE plpgsql SET jit = off AS $$
DECLARE
    r invitation_round;
    whom text;
    v_language text;
    n int;
BEGIN
    SELECT * INTO r FROM invitation_round WHERE id = p_round;
    PERFORM pg_advisory_xact_lock(hashtext('invitation_gather'), hashtext(r.organisation_id::text));
    SELECT * INTO r FROM invitation_round WHERE id = p_round FOR UPDATE;
    IF r.state <> 'sending' OR r.people IS NOT NULL THEN
        RETURN 0;
    END IF;
    whom := invitation_people_sql(p_round);
    IF whom IS NULL THEN
        RAISE EXCEPTION 'its list or profile is gone' USING ERRCODE = 'AM409';
    END IF;
    SELECT c.language INTO v_language FROM congress c WHERE c.id = r.congress_id;
    EXECUTE format(
        'INSERT INTO invitation (organisation_id, congress_id, round_id, target_list_person_id, person_key, hcp_id, external_id, email,'
        '                        first_name, last_name, language)'
        ' SELECT %L, %L, %L, id, key, hcp_id, external_id, email, first_name, last_name, invitation_language(language, %L)'
        '   FROM (%s) x WHERE barrier IS NULL%s ON CONFLICT DO NOTHING',
        r.organisation_id, r.congress_id, p_round, v_language, whom,
        CASE WHEN r.overrule IS NULL THEN '' ELSE ' OR barrier = ''pressure''' END)
    USING invitations_since(p_round, p_now);
    GET DIAGNOSTICS n = ROW_COUNT;
    UPDATE invitation_round SET people = n WHERE id = p_round;
    RETURN n;
END $$;

-- Somebody registered, or changed their address or name: the invitations that are about them are theirs.
CREATE FUNCTION hcp_invited() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
    UPDATE invitation i SET hcp_id = NEW.id
     WHERE i.organisation_id = NEW.organisation_id AND i.email = NEW.email AND i.hcp_id IS NULL
       AND listed_hcp(i.organisation_id, NULL, i.email, i.first_name || ' ' || i.last_name) = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER hcp_invited AFTER INSERT OR UPDATE OF email, first_name, last_name ON hcp
    FOR EACH ROW WHEN (NEW.erased_at IS NULL) EXECUTE FUNCTION hcp_invited();

-- A round as its routes answer it. An id that is null: the list, the profile was removed.
CREATE FUNCTION invitation_round_json(r invitation_round) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN jsonb_build_object(
        'id', r.id, 'congress', r.congress_id, 'channel', r.channel, 'state', r.state,
        'target_list', jsonb_build_object('id', r.target_list_id, 'name', r.list_name),
        'target_profile', CASE WHEN r.profile_name IS NOT NULL
                               THEN jsonb_build_object('id', r.target_profile_id, 'name', r.profile_name) END,
        'subject_fr', r.subject_fr, 'text_fr', r.text_fr, 'subject_en', r.subject_en, 'text_en', r.text_en,
        'overrule', r.overrule, 'people', r.people, 'invited', r.invited,
        'made_by', (SELECT a.name FROM account a WHERE a.id = r.made_by),
        'created_at', json_time(r.created_at), 'started_at', json_time(r.started_at), 'ended_at', json_time(r.ended_at));
END $$;

-- Whom it is from and what it is about, for its mails.
CREATE FUNCTION invitation_about(p_round uuid) RETURNS TABLE (organisation text, contact text, accent text, congress text, language text,
    time_zone text, starts text)
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY
    SELECT o.name, o.contact_email, (SELECT b.accent FROM organisation_branding b WHERE b.organisation_id = o.id), c.title, c.language,
           c.time_zone, (SELECT to_char(min(s.starts_at) AT TIME ZONE zone_here(c.time_zone), 'YYYY-MM-DD"T"HH24:MI') FROM session s
                          WHERE s.congress_id = c.id AND s.state NOT IN ('draft', 'cancelled'))
      FROM invitation_round r JOIN congress c ON c.id = r.congress_id JOIN organisation o ON o.id = r.organisation_id
     WHERE r.id = p_round;
END $$;

-- --- how the invited stand ---

-- One word of each, the first that is true: queued (not invited yet), registered, waiting (for a place, or for a decision: migrations
-- 0079 and 0081), opted_out, bounced, declined (or their registration was cancelled or declined), opened, invited.
CREATE FUNCTION invitation_state(i invitation, p_registration text) RETURNS text LANGUAGE sql IMMUTABLE
    RETURN CASE WHEN i.invited_at IS NULL THEN 'queued'
                WHEN p_registration = 'registered' THEN 'registered'
                WHEN p_registration IN ('waiting', 'in_review') THEN 'waiting'
                WHEN i.opted_out_at IS NOT NULL THEN 'opted_out'
                WHEN i.bounced_at IS NOT NULL AND i.opened_at IS NULL THEN 'bounced'
                WHEN i.declined_at IS NOT NULL OR p_registration IN ('cancelled', 'declined') THEN 'declined'
                WHEN i.opened_at IS NOT NULL THEN 'opened' ELSE 'invited' END;

-- The invitations of a congress with the registration of whom each is about; for goal boards, too: whoever was invited has invited_at.
CREATE VIEW invited_person AS
    SELECT i.id AS invitation_id, i.organisation_id, i.congress_id, i.round_id, i.target_list_person_id, i.hcp_id, i.invited_at,
           r.id AS registration_id, invitation_state(i, r.state) AS state
      FROM invitation i LEFT JOIN registration r ON r.congress_id = i.congress_id AND r.hcp_id = i.hcp_id;

-- How many people were invited to a congress.
CREATE FUNCTION invited_people(p_congress uuid) RETURNS bigint LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT count(*) FROM invitation WHERE congress_id = p_congress AND invited_at IS NOT NULL);
END $$;

-- A page of the invited by name, after the one before it. AM422: that one is gone.
CREATE FUNCTION invitation_page(p_congress uuid, p_round uuid, p_state text, p_search text, p_after uuid, p_limit int)
RETURNS TABLE (id uuid, round uuid, external_id text, email text, first_name text, last_name text, language text, invited_at text, state text)
LANGUAGE plpgsql STABLE AS $$
DECLARE
    name CONSTANT text := 'search_text(i.last_name || '' '' || i.first_name) COLLATE "C"';
    v_after text;
BEGIN
    IF p_after IS NOT NULL THEN
        SELECT search_text(i.last_name || ' ' || i.first_name) INTO v_after FROM invitation i WHERE i.id = p_after AND i.congress_id = p_congress;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'that invitation is gone' USING ERRCODE = 'AM422';
        END IF;
    END IF;
    RETURN QUERY EXECUTE
        'SELECT i.id, i.round_id, i.external_id, i.email, i.first_name, i.last_name, i.language, json_time(i.invited_at),'
        '       invitation_state(i, r.state)'
        '  FROM invitation i LEFT JOIN registration r ON r.congress_id = i.congress_id AND r.hcp_id = i.hcp_id'
        ' WHERE i.congress_id = ' || quote_literal(p_congress)
        || CASE WHEN p_round IS NULL THEN '' ELSE format(' AND i.round_id = %L', p_round) END
        || CASE WHEN p_state IS NULL THEN '' ELSE format(' AND invitation_state(i, r.state) = %L', p_state) END
        || CASE WHEN p_search IS NULL THEN '' ELSE format(' AND i.search LIKE ALL (%L::text[])', search_patterns(p_search)) END
        || CASE WHEN p_after IS NULL THEN '' ELSE format(' AND (%s, i.id) > (%L, %L)', name, v_after, p_after) END
        || format(' ORDER BY %s, i.id LIMIT %s', name, p_limit);
END $$;

-- How many are in each state, of a round or of the congress, and how many are found of a search.
CREATE FUNCTION invitation_counts(p_congress uuid, p_round uuid, p_search text) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (WITH n AS (SELECT invitation_state(i, r.state) AS state, count(*) AS n
                         FROM invitation i LEFT JOIN registration r ON r.congress_id = i.congress_id AND r.hcp_id = i.hcp_id
                        WHERE i.congress_id = p_congress AND (p_round IS NULL OR i.round_id = p_round)
                          AND (p_search IS NULL OR i.search LIKE ALL (search_patterns(p_search))) GROUP BY 1)
            SELECT jsonb_object_agg(w, coalesce((SELECT n.n FROM n WHERE n.state = w), 0))
              FROM unnest(ARRAY['queued', 'invited', 'opened', 'registered', 'waiting', 'declined', 'opted_out', 'bounced']) AS w);
END $$;

-- --- what a personal link opens ---

-- Somebody follows a personal link: the page of its congress, and what is known of whom it is of, for the form. Null: no such link.
-- What the organisation thinks of them (segment, tier, interest) is not theirs to see here: their copy has it.
CREATE FUNCTION invitation_open(p_token_hash bytea, p_now timestamptz) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    i invitation;
    p target_list_person;
BEGIN
    UPDATE invitation SET opened_at = coalesce(opened_at, p_now) WHERE token_hash = p_token_hash RETURNING * INTO i;
    IF i.id IS NULL THEN
        RETURN NULL;
    END IF;
    SELECT * INTO p FROM target_list_person WHERE id = i.target_list_person_id AND organisation_id = i.organisation_id;
    RETURN (SELECT jsonb_build_object('page', '/r/' || l.code, 'state', invitation_state(i, r.state),
                'email', i.email, 'first_name', i.first_name, 'last_name', i.last_name, 'language', i.language,
                'rpps', p.rpps, 'profession', p.profession, 'specialty', p.specialty, 'practice_setting', p.practice_setting,
                'region', p.region, 'age_band', p.age_band)
              FROM invitation_round o JOIN registration_link l ON l.id = o.link_id
              LEFT JOIN registration r ON r.congress_id = i.congress_id AND r.hcp_id = i.hcp_id
             WHERE o.id = i.round_id);
END $$;

-- Whom a personal link is of, for a form of this page; no row: it is not good there.
CREATE FUNCTION invitation_of_form(p_token_hash bytea, p_code text) RETURNS TABLE (id uuid, email text) LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY SELECT i.id, i.email FROM invitation i JOIN registration_link l ON l.congress_id = i.congress_id
                  WHERE i.token_hash = p_token_hash AND l.code = p_code;
END $$;

-- Declines, or takes that back. Null: no such link.
CREATE FUNCTION invitation_decline(p_token_hash bytea, p_declines boolean, p_now timestamptz) RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
    v_id uuid;
BEGIN
    UPDATE invitation SET declined_at = CASE WHEN p_declines THEN coalesce(declined_at, p_now) END
     WHERE token_hash = p_token_hash RETURNING id INTO v_id;
    RETURN v_id;
END $$;

-- Who a link that wants no more invitations is of, and whether they have said so. Null: no such link.
CREATE FUNCTION invitation_opt_out_json(p_hash bytea) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT jsonb_build_object('organisation', organisation_public(i.organisation_id), 'language', i.language,
                'opted_out', EXISTS (SELECT FROM invitation_opt_out u WHERE u.organisation_id = i.organisation_id
                                        AND u.address_hash = address_mark(i.organisation_id, i.email)))
              FROM invitation i WHERE i.opt_out_hash = p_hash AND i.email IS NOT NULL);
END $$;

-- The address of that link wants no invitations any more, or wants them again: all of them, of the whole organisation.
CREATE FUNCTION invitation_opt_out_set(p_hash bytea, p_out boolean, p_now timestamptz) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    v_organisation uuid;
    v_email text;
BEGIN
    SELECT organisation_id, email INTO v_organisation, v_email FROM invitation WHERE opt_out_hash = p_hash AND email IS NOT NULL;
    IF v_email IS NULL THEN
        RETURN NULL;
    END IF;
    IF p_out THEN
        INSERT INTO invitation_opt_out VALUES (v_organisation, address_mark(v_organisation, v_email), p_now) ON CONFLICT DO NOTHING;
    ELSE
        DELETE FROM invitation_opt_out WHERE organisation_id = v_organisation AND address_hash = address_mark(v_organisation, v_email);
    END IF;
    PERFORM FROM invitation WHERE organisation_id = v_organisation AND email = v_email ORDER BY id FOR NO KEY UPDATE;
    UPDATE invitation SET opted_out_at = CASE WHEN p_out THEN coalesce(opted_out_at, p_now) END
     WHERE organisation_id = v_organisation AND email = v_email;
    RETURN invitation_opt_out_json(p_hash);
END $$;

-- A mail bounced. Its id is random and stands in the mail alone, so whoever names it had the mail. False: it is of no invitation, or that
-- was known.
CREATE FUNCTION invitation_bounced(p_mail uuid, p_status text, p_now timestamptz) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    i invitation;
BEGIN
    UPDATE invitation SET bounced_at = p_now WHERE id = p_mail AND email IS NOT NULL AND invited_at IS NOT NULL AND bounced_at IS NULL
    RETURNING * INTO i;
    IF i.id IS NULL THEN
        RETURN false;
    END IF;
    INSERT INTO invitation_bounce VALUES (i.organisation_id, address_mark(i.organisation_id, i.email), p_status, p_now)
        ON CONFLICT DO NOTHING;
    RETURN true;
END $$;

-- A form by an invitation became a registration; a mailbox that registers is one.
CREATE FUNCTION invitation_registered(p_invitation uuid, p_registration uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    UPDATE invitation i SET registration_id = r.id, hcp_id = r.hcp_id, declined_at = NULL
      FROM registration r WHERE i.id = p_invitation AND r.id = p_registration AND r.congress_id = i.congress_id;
    DELETE FROM invitation_bounce b USING registration r, hcp h
     WHERE r.id = p_registration AND h.id = r.hcp_id AND b.organisation_id = r.organisation_id
       AND b.address_hash = address_mark(r.organisation_id, h.email);
END $$;

-- Nothing names whom an invitation is of any more: figures stay. Whoever was not invited yet is not any more.
CREATE FUNCTION invitations_forget(p_ids uuid[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM invitation WHERE id = ANY (p_ids) ORDER BY id FOR UPDATE;
    DELETE FROM invitation WHERE id = ANY (p_ids) AND invited_at IS NULL;
    UPDATE invitation SET email = NULL, first_name = '', last_name = '', external_id = NULL, token_hash = NULL, opt_out_hash = NULL,
           target_list_person_id = NULL, person_key = 'erased ' || id
     WHERE id = ANY (p_ids);
END $$;

-- Those that are about an HCP, also as the list was stored at that moment.
CREATE FUNCTION invitations_of(p_hcp uuid) RETURNS uuid[] LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN ARRAY(SELECT i.id FROM invitation i JOIN hcp h ON h.id = p_hcp
                  WHERE i.hcp_id = h.id OR (i.hcp_id IS NULL AND i.organisation_id = h.organisation_id AND i.email = h.email
                        AND listed_hcp(i.organisation_id, NULL, i.email, i.first_name || ' ' || i.last_name) = h.id));
END $$;

-- --- what a person has of it in their copy ---

CREATE FUNCTION invitation_data(p_hcp uuid) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object('congress', c.title, 'channel', o.channel, 'email', i.email,
                'first_name', i.first_name, 'last_name', i.last_name, 'external_id', i.external_id, 'language', i.language,
                'list', o.list_name, 'invited_at', json_time(i.invited_at), 'opened_at', json_time(i.opened_at),
                'declined_at', json_time(i.declined_at), 'opted_out_at', json_time(i.opted_out_at),
                'bounced_at', json_time(i.bounced_at))) ORDER BY i.invited_at, i.id), '[]')
              FROM invitation i JOIN invitation_round o ON o.id = i.round_id JOIN congress c ON c.id = i.congress_id
             WHERE i.hcp_id = p_hcp);
END $$;
