-- Questions of the organiser's own on a congress's registration form, and what people answered. A question and an option are known
-- by a key for good: their texts may be corrected, and what somebody answered is never taken away, so that answers stay readable.

-- Goes up with each change of the questions: who changes them says which they saw, and one change comes after the other.
CREATE TABLE registration_form (
    congress_id     uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    version         int NOT NULL CHECK (version >= 1),
    FOREIGN KEY (organisation_id, congress_id) REFERENCES congress (organisation_id, id)
);

CREATE TABLE form_question (
    congress_id     uuid NOT NULL,
    key             text NOT NULL CHECK (key ~ '^[a-z][a-z0-9_]{0,29}$'),
    organisation_id uuid NOT NULL,
    position        int NOT NULL CHECK (position BETWEEN 1 AND 40),
    kind            text NOT NULL CHECK (kind IN ('text', 'choice', 'number')),
    label_fr        text NOT NULL CHECK (length(label_fr) BETWEEN 1 AND 300),
    label_en        text NOT NULL CHECK (length(label_en) BETWEEN 1 AND 300),
    help_fr         text NOT NULL CHECK (length(help_fr) <= 500),
    help_en         text NOT NULL CHECK (length(help_en) <= 500),
    required        boolean NOT NULL,
    hidden          boolean NOT NULL,               -- not asked any more
    limited         boolean NOT NULL,               -- to whom one of its profiles accepts; without one left: to nobody
    max_length      int CHECK (max_length BETWEEN 1 AND 1000),
    several         boolean,
    options         jsonb CHECK (jsonb_typeof(options) = 'array' AND octet_length(options::text) <= 65536),
                                                    -- [{key, text_fr, text_en, hidden}]
    minimum         double precision,
    maximum         double precision,
    whole           boolean,
    PRIMARY KEY (congress_id, key),
    UNIQUE (organisation_id, congress_id, key),
    FOREIGN KEY (organisation_id, congress_id) REFERENCES congress (organisation_id, id),
    CHECK ((kind = 'text') = (max_length IS NOT NULL)),
    CHECK ((kind = 'choice') = (several IS NOT NULL) AND (kind = 'choice') = (options IS NOT NULL)),
    CHECK ((kind = 'number') = (whole IS NOT NULL) AND (kind = 'number' OR (minimum IS NULL AND maximum IS NULL)))
);

CREATE TABLE form_question_profile (
    congress_id       uuid NOT NULL,
    question_key      text NOT NULL,
    organisation_id   uuid NOT NULL,
    target_profile_id uuid NOT NULL,
    PRIMARY KEY (congress_id, question_key, target_profile_id),
    FOREIGN KEY (congress_id, question_key) REFERENCES form_question (congress_id, key) ON DELETE CASCADE,
    FOREIGN KEY (organisation_id, congress_id, target_profile_id)
        REFERENCES target_profile (organisation_id, congress_id, id) ON DELETE CASCADE
);
CREATE INDEX form_question_profile_of ON form_question_profile (organisation_id, congress_id, target_profile_id);

CREATE TABLE form_answer (
    registration_id uuid NOT NULL,
    question_key    text NOT NULL,
    organisation_id uuid NOT NULL,
    congress_id     uuid NOT NULL,
    value           jsonb NOT NULL CHECK (octet_length(value::text) <= 16384), -- a text, a number, or the keys of options
    at              timestamptz NOT NULL,
    PRIMARY KEY (registration_id, question_key),
    FOREIGN KEY (organisation_id, congress_id, registration_id) REFERENCES registration (organisation_id, congress_id, id),
    FOREIGN KEY (congress_id, question_key) REFERENCES form_question (congress_id, key)
);
CREATE INDEX form_answer_of ON form_answer (congress_id, question_key);

-- Until the mail confirms the form: {key: value}.
ALTER TABLE registration_request ADD COLUMN answers jsonb NOT NULL DEFAULT '{}';

-- --- what is asked, of whom ---

-- The profiles of a congress that accept what a form says, in the order in which they build on each other. Nobody is on a list
-- here: what is asked would tell whoever types an address whether it is on one.
CREATE FUNCTION form_profiles(p_congress uuid, r registration) RETURNS uuid[] LANGUAGE plpgsql STABLE AS $$
DECLARE
    matched text[] := '{}';
    deepest int;
BEGIN
    deepest := (SELECT max(rule.depth) FROM target_profile p JOIN profile_rule rule ON rule.target_profile_id = p.id
                 WHERE p.congress_id = p_congress);
    FOR level IN 0 .. coalesce(deepest, 0) LOOP
        matched := matched || ARRAY(
            SELECT p.id::text FROM target_profile p
              LEFT JOIN profile_rule rule ON rule.target_profile_id = p.id
             WHERE p.congress_id = p_congress AND coalesce(rule.depth, 0) = level
               AND profile_accepts(rule, registration_facts(r, NULL, matched)));
    END LOOP;
    RETURN matched::uuid[];
END $$;

-- Whether a target list has a say in whom a profile accepts.
CREATE FUNCTION profile_asks_list(p_profile uuid) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (WITH RECURSIVE below (id) AS (
                SELECT p_profile
                 UNION
                SELECT b.on_profile FROM below JOIN profile_builds_on b ON b.target_profile_id = below.id)
            SELECT EXISTS (SELECT FROM below JOIN target_profile_criterion c ON c.target_profile_id = below.id
                            WHERE c.attribute = 'target_list'));
END $$;

-- What a form asks of somebody, in its order; r.profession null: nothing was typed yet, so nothing that is limited is asked.
CREATE FUNCTION form_asked(p_congress uuid, r registration) RETURNS SETOF form_question LANGUAGE plpgsql STABLE AS $$
DECLARE
    profiles uuid[] := '{}';
BEGIN
    IF r.profession IS NOT NULL AND EXISTS (SELECT FROM form_question q WHERE q.congress_id = p_congress AND q.limited AND NOT q.hidden) THEN
        profiles := form_profiles(p_congress, r);
    END IF;
    RETURN QUERY SELECT q.* FROM form_question q
         WHERE q.congress_id = p_congress AND NOT q.hidden
           AND (NOT q.limited OR EXISTS (SELECT FROM form_question_profile p
                 WHERE p.congress_id = q.congress_id AND p.question_key = q.key AND p.target_profile_id = ANY (profiles)))
         ORDER BY q.position, q.key;
END $$;

-- A question as a form shows it.
CREATE FUNCTION form_question_json(q form_question) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RETURN jsonb_build_object('key', q.key, 'kind', q.kind, 'label_fr', q.label_fr, 'label_en', q.label_en,
        'help_fr', q.help_fr, 'help_en', q.help_en, 'required', q.required)
        || CASE q.kind
           WHEN 'text' THEN jsonb_build_object('max_length', q.max_length)
           WHEN 'number' THEN jsonb_build_object('minimum', q.minimum, 'maximum', q.maximum, 'whole', q.whole)
           ELSE jsonb_build_object('several', q.several, 'options', (
               SELECT coalesce(jsonb_agg(o - 'hidden' ORDER BY n), '[]')
                 FROM jsonb_array_elements(q.options) WITH ORDINALITY AS a (o, n) WHERE NOT (o->>'hidden')::boolean)) END;
END $$;

-- What the form asks of somebody who typed this.
CREATE FUNCTION form_asked_json(p_congress uuid, p_profession text, p_specialty text, p_practice_setting text, p_region text,
                                p_age_band text, p_language text) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
DECLARE
    r registration;
BEGIN
    r.profession := p_profession;
    r.specialty := p_specialty;
    r.practice_setting := p_practice_setting;
    r.region := p_region;
    r.age_band := p_age_band;
    r.language := p_language;
    RETURN (SELECT coalesce(jsonb_agg(form_question_json(q)), '[]') FROM form_asked(p_congress, r) q);
END $$;

-- The questions of a registration with its answers, as the person's page has them.
CREATE FUNCTION my_answers(p_registration uuid) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT coalesce(jsonb_agg(form_question_json(q) || jsonb_build_object('answer', a.value)
                                      ORDER BY q.position, q.key), '[]')
              FROM registration r CROSS JOIN form_asked(r.congress_id, r) q
              LEFT JOIN form_answer a ON a.registration_id = r.id AND a.question_key = q.key
             WHERE r.id = p_registration);
END $$;

-- --- the answers ---

-- Those that are asked of the registration, and no others, are kept; answers to what is not asked any more stay. An option that
-- went since the form was sent is no answer.
CREATE FUNCTION form_answers_keep(p_registration uuid, p_answers jsonb, p_now timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    r registration;
BEGIN
    SELECT * INTO STRICT r FROM registration WHERE id = p_registration;
    -- Before they are read: options do not go from here to the end of the transaction.
    PERFORM FROM form_question WHERE congress_id = r.congress_id ORDER BY key FOR KEY SHARE;
    DELETE FROM form_answer a USING form_question q
     WHERE a.registration_id = r.id AND q.congress_id = r.congress_id AND q.key = a.question_key AND NOT q.hidden
       AND NOT EXISTS (SELECT FROM form_asked(r.congress_id, r) s WHERE s.key = q.key AND p_answers ? s.key);
    INSERT INTO form_answer AS a (registration_id, question_key, organisation_id, congress_id, value, at)
    SELECT r.id, q.key, r.organisation_id, r.congress_id, given.value, p_now
      FROM form_asked(r.congress_id, r) q
     CROSS JOIN LATERAL (SELECT CASE q.kind WHEN 'choice' THEN (
               SELECT jsonb_agg(k ORDER BY n)
                 FROM jsonb_array_elements(p_answers->q.key) WITH ORDINALITY AS picked (k, n)
                WHERE EXISTS (SELECT FROM jsonb_array_elements(q.options) o WHERE o->'key' = k))
           ELSE p_answers->q.key END) AS given (value)
     WHERE p_answers ? q.key AND given.value IS NOT NULL
    ON CONFLICT (registration_id, question_key) DO UPDATE SET value = excluded.value, at = excluded.at
     WHERE a.value <> excluded.value;
END $$;

-- Other attributes were given: what is not asked of them is dropped.
CREATE FUNCTION form_answers_drop(p_registration uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM form_answer a USING form_question q, registration r
     WHERE r.id = p_registration AND a.registration_id = r.id AND q.congress_id = r.congress_id AND q.key = a.question_key
       AND q.limited AND NOT q.hidden AND NOT EXISTS (SELECT FROM form_asked(r.congress_id, r) s WHERE s.key = q.key);
END $$;

-- An answer as people read it, in "fr" or "en"; null: options by their keys.
CREATE FUNCTION form_answer_text(q form_question, p_value jsonb, p_language text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    IF q.kind <> 'choice' THEN
        RETURN p_value #>> '{}';
    END IF;
    RETURN (SELECT string_agg(coalesce(CASE p_language WHEN 'fr' THEN o.text_fr WHEN 'en' THEN o.text_en END, picked.key), '; '
                              ORDER BY o.n, picked.key)
              FROM jsonb_array_elements_text(p_value) AS picked (key)
              LEFT JOIN (SELECT e->>'key' AS key, e->>'text_fr' AS text_fr, e->>'text_en' AS text_en, n
                           FROM jsonb_array_elements(q.options) WITH ORDINALITY AS a (e, n)) o ON o.key = picked.key);
END $$;

-- The questions that a file has a column of: those that are asked, and those that somebody answered.
CREATE FUNCTION form_columns(p_congress uuid) RETURNS SETOF form_question LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY SELECT q.* FROM form_question q
         WHERE q.congress_id = p_congress
           AND (NOT q.hidden OR EXISTS (SELECT FROM form_answer a WHERE a.congress_id = q.congress_id AND a.question_key = q.key))
         ORDER BY q.position, q.key;
END $$;

-- What somebody answered, with what they were asked, for their copy.
CREATE FUNCTION answers_data(p_registration uuid) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT coalesce(jsonb_agg(jsonb_build_object('key', q.key,
                   'question', CASE r.language WHEN 'fr' THEN q.label_fr ELSE q.label_en END,
                   'answer', form_answer_text(q, a.value, r.language), 'at', json_time(a.at)) ORDER BY q.position, q.key), '[]')
              FROM registration r JOIN form_answer a ON a.registration_id = r.id
              JOIN form_question q ON q.congress_id = a.congress_id AND q.key = a.question_key
             WHERE r.id = p_registration);
END $$;

-- Of all registrations of a person.
CREATE FUNCTION person_answers(p_hcp uuid) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT coalesce(jsonb_agg(a || jsonb_build_object('registration', r.id) ORDER BY r.registered_at, r.id), '[]')
              FROM registration r CROSS JOIN jsonb_array_elements(answers_data(r.id)) a WHERE r.hcp_id = p_hcp);
END $$;

-- --- for organisers ---

-- The form of a congress: whole, with how many answered each question and each option.
CREATE FUNCTION registration_form_json(p_congress uuid) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN jsonb_build_object(
        'version', coalesce((SELECT version FROM registration_form WHERE congress_id = p_congress), 0),
        'questions', (SELECT coalesce(jsonb_agg(form_question_json(q) || jsonb_build_object('hidden', q.hidden,
                   'limited', q.limited,
                   'profiles', (SELECT coalesce(jsonb_agg(p.target_profile_id ORDER BY p.target_profile_id), '[]')
                      FROM form_question_profile p WHERE p.congress_id = q.congress_id AND p.question_key = q.key),
                   'answers', (SELECT count(*) FROM form_answer a WHERE a.congress_id = q.congress_id AND a.question_key = q.key))
               || CASE q.kind WHEN 'choice' THEN jsonb_build_object('options', (
                   SELECT jsonb_agg(o || jsonb_build_object('answers', (SELECT count(*) FROM form_answer a
                          WHERE a.congress_id = q.congress_id AND a.question_key = q.key AND a.value @> jsonb_build_array(o->'key')))
                          ORDER BY n)
                     FROM jsonb_array_elements(q.options) WITH ORDINALITY AS e (o, n))) ELSE '{}' END
               ORDER BY q.position, q.key), '[]')
            FROM form_question q WHERE q.congress_id = p_congress),
        -- Those that may limit a question.
        'profiles', (SELECT coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'name', p.name, 'asks_list', profile_asks_list(p.id))
                            ORDER BY p.position, p.name), '[]')
            FROM target_profile p WHERE p.congress_id = p_congress));
END $$;

-- Replaces the questions of a congress by these, in their order. Null, or why nothing was changed: 'changed' (it is another
-- version by now), 'answered' (what somebody answered would go), 'profile' (it is none of the congress, or asks for a list).
CREATE FUNCTION registration_form_set(p_congress uuid, p_version int, p_questions jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    c congress;
BEGIN
    -- First, as whoever confirms does: nobody who holds it waits for a question.
    SELECT * INTO STRICT c FROM congress WHERE id = p_congress FOR KEY SHARE;
    IF p_version = 0 THEN
        INSERT INTO registration_form VALUES (c.id, c.organisation_id, 1) ON CONFLICT DO NOTHING;
    ELSE
        UPDATE registration_form SET version = version + 1 WHERE congress_id = c.id AND version = p_version;
    END IF;
    IF NOT FOUND THEN
        RETURN 'changed';
    END IF;
    PERFORM FROM form_question WHERE congress_id = c.id ORDER BY key FOR UPDATE;
    IF EXISTS (SELECT FROM form_question q LEFT JOIN jsonb_array_elements(p_questions) w ON w->>'key' = q.key
                WHERE q.congress_id = c.id AND (w IS NULL OR w->>'kind' <> q.kind)
                  AND EXISTS (SELECT FROM form_answer a WHERE a.congress_id = c.id AND a.question_key = q.key))
       OR EXISTS (SELECT FROM form_question q JOIN jsonb_array_elements(p_questions) w ON w->>'key' = q.key
                   CROSS JOIN jsonb_array_elements(q.options) o
                   WHERE q.congress_id = c.id AND q.kind = 'choice'
                     AND NOT EXISTS (SELECT FROM jsonb_array_elements(w->'options') n WHERE n->'key' = o->'key')
                     AND EXISTS (SELECT FROM form_answer a WHERE a.congress_id = c.id AND a.question_key = q.key
                                   AND a.value @> jsonb_build_array(o->'key'))) THEN
        RETURN 'answered';
    END IF;
    IF EXISTS (SELECT FROM jsonb_array_elements(p_questions) w CROSS JOIN jsonb_array_elements_text(w->'profiles') AS named (id)
                LEFT JOIN target_profile p ON p.id = named.id::uuid AND p.congress_id = c.id
                WHERE p.id IS NULL OR (profile_asks_list(p.id) AND NOT EXISTS (SELECT FROM form_question_profile s
                       WHERE s.congress_id = c.id AND s.question_key = w->>'key' AND s.target_profile_id = p.id))) THEN
        RETURN 'profile';
    END IF;
    DELETE FROM form_question q WHERE q.congress_id = c.id
       AND NOT EXISTS (SELECT FROM jsonb_array_elements(p_questions) w WHERE w->>'key' = q.key);
    INSERT INTO form_question (congress_id, key, organisation_id, position, kind, label_fr, label_en, help_fr, help_en, required,
                               hidden, limited, max_length, several, options, minimum, maximum, whole)
    SELECT c.id, w.key, c.organisation_id, e.n, w.kind, w.label_fr, w.label_en, w.help_fr, w.help_en, w.required, w.hidden,
           w.limited, w.max_length, w.several, w.options, w.minimum, w.maximum, w.whole
      FROM jsonb_array_elements(p_questions) WITH ORDINALITY AS e (q, n)
     CROSS JOIN jsonb_populate_record(NULL::form_question, e.q) w
    ON CONFLICT (congress_id, key) DO UPDATE SET position = excluded.position, kind = excluded.kind,
        label_fr = excluded.label_fr, label_en = excluded.label_en, help_fr = excluded.help_fr, help_en = excluded.help_en,
        required = excluded.required, hidden = excluded.hidden, limited = excluded.limited, max_length = excluded.max_length,
        several = excluded.several, options = excluded.options, minimum = excluded.minimum, maximum = excluded.maximum,
        whole = excluded.whole;
    DELETE FROM form_question_profile WHERE congress_id = c.id;
    INSERT INTO form_question_profile (congress_id, question_key, organisation_id, target_profile_id)
    SELECT DISTINCT c.id, w->>'key', c.organisation_id, named.id::uuid
      FROM jsonb_array_elements(p_questions) w CROSS JOIN jsonb_array_elements_text(w->'profiles') AS named (id);
    RETURN NULL;
END $$;

-- The questions of a congress that is made after another, with its own profiles, which have the same names. Hidden ones are not
-- asked any more, and have no answers there.
CREATE FUNCTION form_questions_copy(p_from uuid, p_to uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    q form_question;
BEGIN
    INSERT INTO registration_form SELECT p_to, organisation_id, 1 FROM registration_form WHERE congress_id = p_from;
    FOR q IN SELECT * FROM form_question WHERE congress_id = p_from AND NOT hidden LOOP
        q.congress_id := p_to;
        INSERT INTO form_question VALUES (q.*);
    END LOOP;
    INSERT INTO form_question_profile (congress_id, question_key, organisation_id, target_profile_id)
    SELECT p_to, s.question_key, s.organisation_id, there.id
      FROM form_question_profile s JOIN target_profile here ON here.id = s.target_profile_id
      JOIN target_profile there ON there.congress_id = p_to AND there.name = here.name
      JOIN form_question made ON made.congress_id = p_to AND made.key = s.question_key
     WHERE s.congress_id = p_from;
END $$;
