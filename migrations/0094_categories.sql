-- The category of a participant: health professionals (HCPs), students, industry, press, the public. It is apart from attributes: only
-- HCPs match profiles, have places of them and count in figures of HCPs. What there is of others beside their name is `affiliation`: the
-- school, the company, the medium; a student's profession is what they study.

ALTER TABLE congress ADD COLUMN categories text[] NOT NULL DEFAULT '{hcp}' -- whom it admits
    CHECK (cardinality(categories) > 0 AND categories <@ '{hcp,student,industry,press,public}');

ALTER TABLE registration
    ADD COLUMN category text NOT NULL DEFAULT 'hcp' CHECK (category IN ('hcp', 'student', 'industry', 'press', 'public'))
        CHECK (category <> 'hcp' OR (profession IS NOT NULL AND practice_setting IS NOT NULL AND region IS NOT NULL AND age_band IS NOT NULL)),
    ADD COLUMN affiliation text CHECK (char_length(affiliation) <= 200),
    ALTER COLUMN profession DROP NOT NULL,
    ALTER COLUMN practice_setting DROP NOT NULL,
    ALTER COLUMN region DROP NOT NULL,
    ALTER COLUMN age_band DROP NOT NULL;
CREATE INDEX registration_other ON registration (congress_id) WHERE category <> 'hcp';

ALTER TABLE registration_request
    ADD COLUMN category text NOT NULL DEFAULT 'hcp' CHECK (category IN ('hcp', 'student', 'industry', 'press', 'public'))
        CHECK (category <> 'hcp' OR (profession IS NOT NULL AND practice_setting IS NOT NULL AND region IS NOT NULL AND age_band IS NOT NULL)),
    ADD COLUMN affiliation text CHECK (char_length(affiliation) <= 200),
    ALTER COLUMN profession DROP NOT NULL,
    ALTER COLUMN practice_setting DROP NOT NULL,
    ALTER COLUMN region DROP NOT NULL,
    ALTER COLUMN age_band DROP NOT NULL;

-- --- who is let in ---

-- Where registration is for whom a profile matches, or who is on a list, that says nothing of others whom the congress admits: an
-- organiser looks at each of them.
CREATE FUNCTION category_is_reviewed(p_congress uuid, p_category text) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN p_category <> 'hcp' AND EXISTS (SELECT FROM registration_policy p
                                            WHERE p.congress_id = p_congress AND p.policy IN ('matching', 'target_list'));
END $$;

-- As the one without a category, which the version before calls.
CREATE FUNCTION confirmed_state(p_congress uuid, p_hcp uuid, p_category text) RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN CASE WHEN category_is_reviewed(p_congress, p_category)
                     AND NOT EXISTS (SELECT FROM registration r WHERE r.congress_id = p_congress AND r.hcp_id = p_hcp
                                        AND r.state IN ('registered', 'waiting'))
                THEN 'in_review' ELSE confirmed_state(p_congress, p_hcp) END;
END $$;

-- As in migration 0083, and of others whom it admits an organiser decides.
CREATE OR REPLACE FUNCTION registration_admitted(p_registration uuid) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT category_is_reviewed(r.congress_id, r.category) OR CASE p.policy
                   WHEN 'matching' THEN EXISTS (SELECT FROM registration_profile m WHERE m.registration_id = r.id)
                   WHEN 'target_list' THEN EXISTS (SELECT FROM target_list_person t
                                                    WHERE t.hcp_id = r.hcp_id AND t.target_list_id = p.target_list_id)
                   WHEN 'invitation' THEN EXISTS (SELECT FROM invitation i WHERE i.registration_id = r.id)
                   ELSE true END
              FROM registration r LEFT JOIN registration_policy p ON p.congress_id = r.congress_id WHERE r.id = p_registration);
END $$;

-- As in migration 0081, with the categories.
CREATE OR REPLACE FUNCTION registration_policy_json(p_congress uuid) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT jsonb_build_object(
                'policy', coalesce(p.policy, 'open'),
                'target_list', (SELECT jsonb_build_object('id', l.id, 'name', l.name) FROM target_list l WHERE l.id = p.target_list_id),
                'target_profiles', (SELECT count(*) FROM target_profile t WHERE t.congress_id = c.id),
                'review', c.review, 'categories', to_jsonb(c.categories), 'waiting_list', c.waiting_list)
              FROM congress c LEFT JOIN registration_policy p ON p.congress_id = c.id WHERE c.id = p_congress);
END $$;

-- As in migration 0081, and whoever says that they are of the industry.
CREATE OR REPLACE FUNCTION review_flags(p_registrations uuid[]) RETURNS TABLE (registration_id uuid, flags text[]) LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY
        SELECT r.id, array_remove(ARRAY[
                   CASE WHEN r.category = 'industry' OR r.practice_setting IN ('SA32', 'SA46') OR EXISTS (
                            SELECT FROM hcp_attributes a WHERE a.hcp_id = r.hcp_id AND a.practice_setting IN ('SA32', 'SA46'))
                        THEN 'industry' END,
                   CASE WHEN EXISTS (SELECT FROM review_twins(r.congress_id, h) t WHERE t.same_rpps) THEN 'same_rpps' END,
                   CASE WHEN EXISTS (SELECT FROM review_twins(r.congress_id, h) t WHERE NOT t.same_rpps) THEN 'same_name' END,
                   CASE WHEN r.registry_verdict IN ('differs', 'unknown') THEN 'registry' END,
                   CASE WHEN v.declined_before THEN 'declined_before' END], NULL)
          FROM registration r JOIN hcp h ON h.id = r.hcp_id JOIN registration_review v ON v.registration_id = r.id
         WHERE r.id = ANY (p_registrations);
END $$;

-- --- whom profiles match ---

-- As in migration 0093, of HCPs.
CREATE OR REPLACE FUNCTION matching_registrations(p_congress uuid, p_registration uuid, p_profiles uuid[],
                                                  p_criteria target_profile_criterion[])
RETURNS TABLE (registration_id uuid, target_profile_id uuid)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_custom_plan SET jit = off AS $$
#variable_conflict use_column
DECLARE
    builds CONSTANT boolean := EXISTS (SELECT FROM unnest(p_criteria) c WHERE c.attribute = 'target_profile');
    listed CONSTANT boolean := EXISTS (SELECT FROM unnest(p_criteria) c WHERE c.attribute = 'target_list');
    worded CONSTANT boolean := EXISTS (SELECT FROM unnest(p_criteria) c WHERE is_own_word(c.attribute));
BEGIN
    RETURN QUERY
    SELECT (known.r).id, rule.target_profile_id
      FROM (SELECT CASE WHEN worded THEN registration_worded(g) ELSE g END AS r,
                   CASE WHEN builds THEN ARRAY(
                       SELECT x.target_profile_id::text FROM registration_profile x WHERE x.registration_id = g.id) END AS profiles,
                   CASE WHEN listed THEN ARRAY(
                       SELECT t.target_list_id::text FROM target_list_person t WHERE t.hcp_id = g.hcp_id) END AS lists
              FROM registration g
             WHERE g.congress_id = p_congress AND g.category = 'hcp'
               AND (p_registration IS NULL OR g.id = p_registration) OFFSET 0) AS known
     CROSS JOIN profile_rules(p_profiles, p_criteria) AS rule
     WHERE profile_accepts(rule, registration_facts(known.r, known.lists, known.profiles));
END $$;

-- As in migration 0093, and of no other category, who have no place of a profile either.
CREATE OR REPLACE FUNCTION match_registration(p_registration uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    r registration;
    lists text[];
    matched text[] := '{}';
    deepest int;
BEGIN
    SELECT * INTO r FROM registration WHERE id = p_registration;
    IF r.id IS NULL THEN
        RAISE EXCEPTION 'no registration %', p_registration USING ERRCODE = 'AM404';
    END IF;
    IF r.category <> 'hcp' THEN
        DELETE FROM registration_profile x WHERE x.registration_id = r.id;
        IF r.place_profile_id IS NOT NULL THEN
            UPDATE registration SET place_profile_id = NULL WHERE id = r.id;
            PERFORM places_freed(r.organisation_id, r.congress_id);
        END IF;
        RETURN;
    END IF;
    -- Waits for a change of this congress's profiles: see match_congress().
    PERFORM FROM congress WHERE id = r.congress_id FOR KEY SHARE;
    lists := ARRAY(SELECT t.target_list_id::text FROM target_list_person t WHERE t.hcp_id = r.hcp_id);
    IF lists <> '{}' THEN
        r := registration_worded(r);
    END IF;
    deepest := (SELECT max(rule.depth) FROM target_profile p JOIN profile_rule rule ON rule.target_profile_id = p.id
                 WHERE p.congress_id = r.congress_id);
    FOR level IN 0 .. coalesce(deepest, 0) LOOP
        matched := matched || ARRAY(
            SELECT p.id::text FROM target_profile p
              LEFT JOIN profile_rule rule ON rule.target_profile_id = p.id
             WHERE p.congress_id = r.congress_id AND coalesce(rule.depth, 0) = level
               AND profile_accepts(rule, registration_facts(r, lists, matched)));
    END LOOP;
    DELETE FROM registration_profile x WHERE x.registration_id = r.id AND x.target_profile_id <> ALL (matched::uuid[]);
    INSERT INTO registration_profile (organisation_id, congress_id, registration_id, target_profile_id)
    SELECT r.organisation_id, r.congress_id, r.id, m FROM unnest(matched::uuid[]) AS m ON CONFLICT DO NOTHING;
END $$;

-- As in migration 0088, of others only what is asked of everybody.
CREATE OR REPLACE FUNCTION form_asked(p_congress uuid, r registration) RETURNS SETOF form_question LANGUAGE plpgsql STABLE AS $$
DECLARE
    profiles uuid[] := '{}';
BEGIN
    IF r.profession IS NOT NULL AND coalesce(r.category, 'hcp') = 'hcp'
       AND EXISTS (SELECT FROM form_question q WHERE q.congress_id = p_congress AND q.limited AND NOT q.hidden) THEN
        profiles := form_profiles(p_congress, r);
    END IF;
    RETURN QUERY SELECT q.* FROM form_question q
         WHERE q.congress_id = p_congress AND NOT q.hidden
           AND (NOT q.limited OR EXISTS (SELECT FROM form_question_profile p
                 WHERE p.congress_id = q.congress_id AND p.question_key = q.key AND p.target_profile_id = ANY (profiles)))
         ORDER BY q.position, q.key;
END $$;

-- As in migration 0068, of HCPs.
CREATE OR REPLACE FUNCTION registry_verify(p_hcp uuid, p_now timestamptz) RETURNS void LANGUAGE plpgsql AS $$
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
     WHERE o.hcp_id = p_hcp AND r.id = o.id AND r.category = 'hcp';
    DELETE FROM hcp_attributes WHERE hcp_id = p_hcp AND source = 'registry';
    INSERT INTO hcp_attributes (organisation_id, hcp_id, source, profession, specialty, practice_setting, region, at,
                                edition_id)
    SELECT v_hcp.organisation_id, p_hcp, 'registry', v_found.profession, v_found.specialty, v_found.practice_setting,
           v_found.region, p_now, v_edition
     WHERE v_same AND EXISTS (SELECT FROM registration WHERE hcp_id = p_hcp AND registry_verdict = 'verified');
END $$;

-- --- what a person sees of it ---

-- As in migration 0079, with the category.
CREATE OR REPLACE FUNCTION registration_json(p_registration uuid) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT jsonb_build_object(
        'id', r.id, 'first_name', h.first_name, 'last_name', h.last_name, 'email', h.email,
        'language', r.language, 'category', r.category, 'affiliation', r.affiliation, 'state', r.state,
        'registered_at', json_time(r.registered_at),
        'waiting_place', waiting_place(r), 'waiting_since', json_time(r.waiting_since),
        'organisation', organisation_public(r.organisation_id),
        'congress', jsonb_build_object('id', c.id, 'title', c.title,
            'description', c.description, 'time_zone', c.time_zone),
        'sessions', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                'id', s.id, 'title', s.title, 'description', s.description,
                'language', s.language, 'starts_at', json_time(s.starts_at),
                'planned_minutes', s.planned_minutes, 'state', s.state,
                'listen_at', s.listen_at,
                'programme', programme_json(s.id, true)) ORDER BY s.starts_at, s.id), '[]')
           FROM session s WHERE s.congress_id = c.id AND s.state <> 'draft'))
      FROM registration r
      JOIN hcp h ON h.id = r.hcp_id
      JOIN congress c ON c.id = r.congress_id
     WHERE r.id = p_registration);
END $$;

-- As in migration 0042, with the category.
CREATE OR REPLACE FUNCTION my_profile(p_registration uuid, p_now timestamptz) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('email', h.email,
        'new_email', (SELECT a.to_email FROM address_change a
                       WHERE a.hcp_id = h.id AND a.confirmed_at IS NULL AND a.expires_at > p_now
                       ORDER BY a.asked_at DESC LIMIT 1),
        'category', r.category, 'affiliation', r.affiliation,
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

-- As in migration 0081, and reviewed where the policy leaves others to an organiser.
CREATE OR REPLACE FUNCTION link_preview(p_token_hash bytea, p_now timestamptz) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
    WITH found AS (
        SELECT r.id, r.state, waiting_place(r) AS waiting_place, r.congress_id, r.link_id, r.language, r.category, h.first_name, h.last_name,
               '[]'::jsonb AS people
          FROM one_time_link l JOIN registration r ON r.id = l.registration_id
          JOIN hcp h ON h.id = r.hcp_id AND h.erased_at IS NULL
         WHERE l.token_hash = p_token_hash AND l.expires_at > p_now
        UNION ALL
        SELECT NULL, 'requested', NULL, q.congress_id, q.link_id, q.language, q.category, q.first_name, q.last_name,
               coalesce((SELECT jsonb_agg(jsonb_build_object('id', h.id, 'first_name', h.first_name,
                                'last_name', h.last_name) ORDER BY h.created_at, h.id)
                           FROM hcp h WHERE h.organisation_id = q.organisation_id AND h.email = q.email
                         HAVING bool_and(folded(h.first_name || ' ' || h.last_name)
                                         <> folded(q.first_name || ' ' || q.last_name))), '[]')
          FROM registration_request q WHERE q.token_hash = p_token_hash AND q.expires_at > p_now)
    SELECT jsonb_build_object('state', f.state, 'waiting_place', f.waiting_place,
        'review', c.review OR category_is_reviewed(c.id, f.category),
        'message', (SELECT v.message FROM registration_review v WHERE v.registration_id = f.id AND f.state = 'declined'),
        'proof_message', (SELECT v.proof_message FROM registration_review v WHERE v.registration_id = f.id AND f.state = 'in_review'),
        'first_name', f.first_name, 'last_name', f.last_name,
        'language', f.language, 'people', f.people, 'page', '/r/' || l.code,
        'organisation', organisation_public(c.organisation_id),
        'congress', jsonb_build_object('title', c.title, 'language', c.language, 'time_zone', c.time_zone),
        'sessions', (SELECT coalesce(jsonb_agg(jsonb_build_object('title', s.title,
                'description', s.description, 'language', s.language, 'starts_at', json_time(s.starts_at),
                'planned_minutes', s.planned_minutes, 'state', s.state,
                'programme', programme_json(s.id, false)) ORDER BY s.starts_at, s.id), '[]')
            FROM session s WHERE s.congress_id = c.id AND s.state <> 'draft'))
      FROM found f JOIN congress c ON c.id = f.congress_id
      JOIN registration_link l ON l.id = f.link_id);
END $$;
