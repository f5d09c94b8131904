-- Registration by personal invitation alone, and addresses to which no mail comes.
-- wider: registration_policy_policy_check

ALTER TABLE registration_policy DROP CONSTRAINT registration_policy_policy_check;
ALTER TABLE registration_policy ADD CONSTRAINT registration_policy_policy_check CHECK (policy IN ('matching', 'target_list', 'invitation'));

-- As in migration 0078, and of a congress for the invited alone whoever came by a personal invitation (invitation_registered).
CREATE OR REPLACE FUNCTION registration_admitted(p_registration uuid) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT CASE p.policy
                   WHEN 'matching' THEN EXISTS (SELECT FROM registration_profile m WHERE m.registration_id = r.id)
                   WHEN 'target_list' THEN EXISTS (SELECT FROM target_list_person t
                                                    WHERE t.hcp_id = r.hcp_id AND t.target_list_id = p.target_list_id)
                   WHEN 'invitation' THEN EXISTS (SELECT FROM invitation i WHERE i.registration_id = r.id)
                   ELSE true END
              FROM registration r LEFT JOIN registration_policy p ON p.congress_id = r.congress_id WHERE r.id = p_registration);
END $$;

-- --- bounces ---

-- bounced_at: a mail server said for good that the invitation's mail cannot be delivered (RFC 3464, status 5).
ALTER TABLE invitation ADD COLUMN bounced_at timestamptz;

-- Addresses to which no mail came, as hashes; until somebody registers with one.
CREATE TABLE invitation_bounce (
    organisation_id uuid NOT NULL REFERENCES organisation (id),
    address_hash    bytea NOT NULL,
    status          text NOT NULL CHECK (length(status) BETWEEN 1 AND 20),
    at              timestamptz NOT NULL,
    PRIMARY KEY (organisation_id, address_hash)
);

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

-- As in migration 0082; a mailbox that registers is one.
CREATE OR REPLACE FUNCTION invitation_registered(p_invitation uuid, p_registration uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    UPDATE invitation i SET registration_id = r.id, hcp_id = r.hcp_id, declined_at = NULL
      FROM registration r WHERE i.id = p_invitation AND r.id = p_registration AND r.congress_id = i.congress_id;
    DELETE FROM invitation_bounce b USING registration r, hcp h
     WHERE r.id = p_registration AND h.id = r.hcp_id AND b.organisation_id = r.organisation_id
       AND b.address_hash = address_mark(r.organisation_id, h.email);
END $$;

-- As in migration 0082, with those to whom no mail comes: of a round of mails, after opted_out.
CREATE OR REPLACE FUNCTION invitation_people_sql(p_round uuid) RETURNS text LANGUAGE plpgsql STABLE AS $$
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

CREATE OR REPLACE FUNCTION invitation_audience(p_round uuid, p_now timestamptz) RETURNS jsonb LANGUAGE plpgsql STABLE SET jit = off AS $$
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

CREATE OR REPLACE FUNCTION invitation_state(i invitation, p_registration text) RETURNS text LANGUAGE sql IMMUTABLE
    RETURN CASE WHEN i.invited_at IS NULL THEN 'queued'
                WHEN p_registration = 'registered' THEN 'registered'
                WHEN p_registration IN ('waiting', 'in_review') THEN 'waiting'
                WHEN i.opted_out_at IS NOT NULL THEN 'opted_out'
                WHEN i.bounced_at IS NOT NULL AND i.opened_at IS NULL THEN 'bounced'
                WHEN i.declined_at IS NOT NULL OR p_registration IN ('cancelled', 'declined') THEN 'declined'
                WHEN i.opened_at IS NOT NULL THEN 'opened' ELSE 'invited' END;

CREATE OR REPLACE FUNCTION invitation_counts(p_congress uuid, p_round uuid, p_search text) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (WITH n AS (SELECT invitation_state(i, r.state) AS state, count(*) AS n
                         FROM invitation i LEFT JOIN registration r ON r.congress_id = i.congress_id AND r.hcp_id = i.hcp_id
                        WHERE i.congress_id = p_congress AND (p_round IS NULL OR i.round_id = p_round)
                          AND (p_search IS NULL OR i.search LIKE ALL (search_patterns(p_search))) GROUP BY 1)
            SELECT jsonb_object_agg(w, coalesce((SELECT n.n FROM n WHERE n.state = w), 0))
              FROM unnest(ARRAY['queued', 'invited', 'opened', 'registered', 'waiting', 'declined', 'opted_out', 'bounced']) AS w);
END $$;

CREATE OR REPLACE FUNCTION invitation_data(p_hcp uuid) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object('congress', c.title, 'channel', o.channel, 'email', i.email,
                'first_name', i.first_name, 'last_name', i.last_name, 'external_id', i.external_id, 'language', i.language,
                'list', o.list_name, 'invited_at', json_time(i.invited_at), 'opened_at', json_time(i.opened_at),
                'declined_at', json_time(i.declined_at), 'opted_out_at', json_time(i.opted_out_at),
                'bounced_at', json_time(i.bounced_at))) ORDER BY i.invited_at, i.id), '[]')
              FROM invitation i JOIN invitation_round o ON o.id = i.round_id JOIN congress c ON c.id = i.congress_id
             WHERE i.hcp_id = p_hcp);
END $$;
