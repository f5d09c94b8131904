-- Imports of target lists: a file's lines wait here while somebody says what its columns are, and become people of the
-- list when that is confirmed. What waits is erased then, when it is cancelled, and after a day.

CREATE TABLE target_list_import (
    id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    organisation_id uuid NOT NULL,
    target_list_id  uuid NOT NULL,
    made_by         uuid NOT NULL,
    file_name       text NOT NULL CHECK (length(file_name) BETWEEN 1 AND 200),
    created_at      timestamptz NOT NULL,
    state           text NOT NULL CHECK (state IN ('read', 'checking', 'checked', 'storing', 'stored', 'failed')),
    error           text,                          -- of failed: a stable code
    -- as found in the file
    encoding        text NOT NULL CHECK (encoding IN ('utf-8', 'utf-16le', 'utf-16be', 'windows-1252')),
    delimiter       text NOT NULL CHECK (delimiter IN (',', ';', E'\t', '|')),
    has_header      boolean NOT NULL DEFAULT false,
    columns         text[] NOT NULL DEFAULT '{}',   -- names, '' without a header
    proposed        text[] NOT NULL DEFAULT '{}',   -- a field for each column, or null
    lines           int NOT NULL DEFAULT 0,         -- without the header and empty ones
    -- as somebody says
    mapping         text[],                        -- a field for each column, or null: it is left out
    duplicates      text CHECK (duplicates IN ('keep', 'merge', 'replace')),
    -- what comes of it
    work_id         uuid,                          -- of the job that works on it
    checked         int NOT NULL DEFAULT 0,         -- lines so far
    checked_to      int NOT NULL DEFAULT 0,         -- number of the last of them
    counts          jsonb,
    FOREIGN KEY (organisation_id, target_list_id) REFERENCES target_list (organisation_id, id) ON DELETE CASCADE,
    FOREIGN KEY (organisation_id, made_by) REFERENCES account (organisation_id, id)
);
CREATE INDEX target_list_import_list ON target_list_import (organisation_id, target_list_id);
CREATE INDEX target_list_import_work ON target_list_import (work_id) WHERE work_id IS NOT NULL;

-- The lines as they are in the file. fault: it could not even be split into cells.
CREATE TABLE target_list_import_line (
    import_id uuid NOT NULL REFERENCES target_list_import (id) ON DELETE CASCADE,
    line      int NOT NULL,                         -- its first, as editors number them
    cells     text[] NOT NULL,
    fault     text,
    PRIMARY KEY (import_id, line)
);

-- What a line comes to with the mapping; person: columns of target_list_person.
CREATE TABLE target_list_import_person (
    import_id    uuid NOT NULL REFERENCES target_list_import (id) ON DELETE CASCADE,
    line         int NOT NULL,
    person       jsonb NOT NULL,
    fault        text,                              -- why it is refused: a stable code
    fault_column int,                               -- from 1; null: the whole line
    same_line    int,                               -- an earlier line about the same person
    same_person  uuid,                              -- of the list
    PRIMARY KEY (import_id, line)
);

-- The field of which a column of this name is, in French or English; null: none is known.
CREATE FUNCTION target_list_field(p_name text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    name text := regexp_replace(folded(p_name), '[^[:alnum:]]', '', 'g');
BEGIN
    RETURN CASE
        WHEN name IN ('rpps', 'norpps', 'nrpps', 'numerorpps', 'numrpps', 'idrpps', 'identifiantrpps', 'codrpps', 'coderpps',
                      'rppsnumber', 'rppsid', 'rppsadeli', 'identifiantpp') THEN 'rpps'
        WHEN name IN ('email', 'emails', 'mail', 'courriel', 'adresseemail', 'adressemail', 'adressecourriel',
                      'adresseelectronique', 'emailaddress', 'mailaddress', 'emailpro', 'mailpro',
                      'emailprofessionnel') THEN 'email'
        WHEN name IN ('nom', 'noms', 'nomdefamille', 'nomdexercice', 'nomexercice', 'nomusuel', 'lastname', 'surname',
                      'familyname', 'name') THEN 'last_name'
        WHEN name IN ('prenom', 'prenoms', 'prenomdexercice', 'prenomexercice', 'prenomusuel', 'firstname', 'givenname',
                      'forename') THEN 'first_name'
        WHEN name IN ('codepostal', 'codepostaux', 'cp', 'postcode', 'postalcode', 'zip', 'zipcode') THEN 'postcode'
        WHEN name IN ('id', 'identifiant', 'idexterne', 'idcrm', 'crmid', 'codecrm', 'externalid', 'customerid', 'accountid',
                      'idclient', 'codeclient', 'numeroclient', 'onekeyid', 'onekey', 'idonekey',
                      'veevaid') THEN 'external_id'
        WHEN name IN ('profession', 'professions', 'codeprofession', 'metier', 'occupation', 'libelleprofession') THEN 'profession'
        WHEN name IN ('specialite', 'specialites', 'specialty', 'speciality', 'codespecialite', 'codesavoirfaire',
                      'libellespecialite', 'libellesavoirfaire', 'savoirfaire', 'specialiteprincipale') THEN 'specialty'
        WHEN name IN ('typedesavoirfaire', 'typesavoirfaire', 'codetypesavoirfaire', 'skilltype') THEN 'skill_type'
        WHEN name IN ('secteurdactivite', 'secteuractivite', 'codesecteurdactivite', 'lieudexercice', 'cadredexercice',
                      'practicesetting', 'setting', 'workplace') THEN 'practice_setting'
        WHEN name IN ('modedexercice', 'modeexercice', 'codemodeexercice', 'practicemode') THEN 'practice_mode'
        WHEN name IN ('categorieprofessionnelle', 'codecategorieprofessionnelle',
                      'professionalcategory') THEN 'professional_category'
        WHEN name IN ('region', 'regions', 'coderegion') THEN 'region'
        WHEN name IN ('departement', 'dept', 'dpt', 'dep', 'codedepartement', 'department') THEN 'department'
        WHEN name IN ('pays', 'codepays', 'country', 'countrycode') THEN 'country'
        WHEN name IN ('tranchedage', 'trancheage', 'classedage', 'ageband', 'agegroup', 'agerange') THEN 'age_band'
        WHEN name IN ('segment', 'segmentation', 'codesegment') THEN 'segment'
        WHEN name IN ('tier', 'rang', 'priorite', 'potentiel', 'priority', 'potential') THEN 'tier'
        WHEN name IN ('langue', 'language', 'lang', 'languecode') THEN 'language'
        WHEN name IN ('interettherapeutique', 'airetherapeutique', 'domainetherapeutique',
                      'therapeuticinterest', 'therapeuticarea') THEN 'therapeutic_interest' END;
END $$;

-- An RPPS or ADELI number as it is kept (server/base/rpps.c, which a test holds this against); null: it is neither; '':
-- its check digit is wrong.
CREATE FUNCTION rpps_kept(p_typed text, p_check boolean) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    kept text := upper(regexp_replace(p_typed, '[ \t\u00a0\u202f]', '', 'g'));
    n bigint;
BEGIN
    IF kept ~ '^(8[0-9]{11}|0[0-9][0-9AB][0-9]{7})$' THEN
        kept := substr(kept, 2);
    END IF;
    IF kept ~ '^([0-9]{2}|2[AB])[0-9]{7}$' THEN
        RETURN kept;
    ELSIF kept IS NULL OR kept !~ '^[1-9][0-9]{10}$' THEN
        RETURN NULL;
    END IF;
    n := kept::bigint; -- every second digit from the right counts double, as the sum of its digits
    RETURN CASE WHEN p_check
            AND (   n % 10 + (n / 10 % 10) * 2 - (n / 10 % 10) / 5 * 9 + n / 100 % 10
                    + (n / 1000 % 10) * 2 - (n / 1000 % 10) / 5 * 9 + n / 10000 % 10
                    + (n / 100000 % 10) * 2 - (n / 100000 % 10) / 5 * 9 + n / 1000000 % 10
                    + (n / 10000000 % 10) * 2 - (n / 10000000 % 10) / 5 * 9 + n / 100000000 % 10
                    + (n / 1000000000 % 10) * 2 - (n / 1000000000 % 10) / 5 * 9 + n / 10000000000 % 10) % 10 <> 0
           THEN '' ELSE kept END;
END $$;

-- Checks the next lines, p_most at most. False: there are no more, or nobody waits for this any more.
CREATE FUNCTION target_list_import_check(p_work uuid, p_most bigint, p_check boolean) RETURNS boolean
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan SET enable_nestloop = off SET jit = off AS $$
DECLARE
    i target_list_import;
    done int;
    last int;
BEGIN
    SELECT * INTO i FROM target_list_import WHERE work_id = p_work AND state = 'checking' FOR UPDATE;
    IF i.id IS NULL THEN
        RETURN false;
    END IF;
    WITH batch AS MATERIALIZED (
        SELECT l.line, l.cells, l.fault FROM target_list_import_line l
         WHERE l.import_id = i.id AND l.line > i.checked_to ORDER BY l.line LIMIT p_most),
    cell AS MATERIALIZED (
        SELECT b.line, m.field, m.n::int AS n, b.cells[m.n] AS value
          FROM batch b CROSS JOIN unnest(i.mapping) WITH ORDINALITY m (field, n)
         WHERE m.field IS NOT NULL AND b.fault IS NULL AND b.cells[m.n] <> ''),
    -- What stands for a code, the code itself before all others.
    word AS MATERIALIZED (
        SELECT DISTINCT ON (w.list, w.word) w.list, w.word, w.code
          FROM (SELECT c.list, folded(s.said) AS word, c.code, s.rank, NOT c.active AS ended, c.position
                  FROM code c CROSS JOIN LATERAL (
                       VALUES (c.code, 1), (c.label_fr, 2), (c.label_en, 2)) s (said, rank)
                UNION ALL SELECT c.list, folded(s.said), c.code, 4, NOT c.active, c.position
                  FROM code c CROSS JOIN unnest(c.synonyms) s (said)
                UNION ALL SELECT c.list, folded(s.said), c.code, 3, false, c.position
                  FROM organisation_code c CROSS JOIN LATERAL (
                       VALUES (c.code), (c.label_fr), (c.label_en)) s (said)
                 WHERE c.organisation_id = i.organisation_id) w
         ORDER BY w.list, w.word, w.rank, w.ended, w.position, w.code),
    known AS MATERIALIZED (
        SELECT d.field, d.value, w.code
          FROM (SELECT DISTINCT c.field, c.value FROM cell c
                 WHERE c.field NOT IN ('rpps', 'email', 'first_name', 'last_name', 'external_id', 'postcode')) d
          JOIN word w ON w.list = d.field AND w.word = folded(d.value)),
    meant AS MATERIALIZED (
        SELECT c.line, c.field, c.n, CASE
                   WHEN c.field = 'rpps' THEN rpps_kept(c.value, p_check)
                   WHEN c.field = 'email' THEN lower(c.value)
                   WHEN c.field IN ('first_name', 'last_name', 'external_id', 'postcode') THEN c.value
                   WHEN c.field IN ('segment', 'tier', 'therapeutic_interest') THEN coalesce(k.code, c.value)
                   ELSE k.code END AS kept
          FROM cell c LEFT JOIN known k ON k.field = c.field AND k.value = c.value),
    judged AS MATERIALIZED (
        SELECT m.line, m.field, m.n, m.kept, CASE
                   WHEN m.field = 'rpps' AND m.kept IS NULL THEN 'rpps.malformed'
                   WHEN m.field = 'rpps' AND m.kept = '' THEN 'rpps.check_digit'
                   WHEN m.kept IS NULL THEN 'code.unknown'
                   WHEN length(m.kept) > CASE WHEN m.field = 'email' THEN 254 WHEN m.field = 'postcode' THEN 12
                            WHEN m.field IN ('first_name', 'last_name', 'external_id') THEN 100
                            ELSE 60 END THEN 'cell.too_long'
                   WHEN m.field = 'email' AND m.kept !~ '^[^[:space:]@<>(),;:"]+@[^[:space:]@<>(),;:"]+\.[^[:space:]@<>(),;:".]+$'
                       THEN 'email.malformed' END AS fault
          FROM meant m),
    line AS MATERIALIZED (
        SELECT j.line, jsonb_object_agg(j.field, j.kept) FILTER (WHERE j.fault IS NULL) AS person,
               min(j.n) FILTER (WHERE j.fault IS NOT NULL) AS fault_column,
               (array_agg(j.fault ORDER BY j.n) FILTER (WHERE j.fault IS NOT NULL))[1] AS fault
          FROM judged j GROUP BY j.line),
    whole AS (
        INSERT INTO target_list_import_person (import_id, line, person, fault, fault_column)
        SELECT i.id, b.line, coalesce(l.person, '{}')
                   || CASE WHEN NOT l.person ? 'region' AND d.region IS NOT NULL
                           THEN jsonb_build_object('region', d.region) ELSE '{}' END,
               coalesce(b.fault, l.fault,
                        CASE WHEN l.person ?| '{rpps,email,last_name}' THEN NULL ELSE 'person.missing' END),
               l.fault_column
          FROM batch b LEFT JOIN line l ON l.line = b.line
          LEFT JOIN code d ON d.list = 'department' AND d.code = l.person->>'department'
        RETURNING line)
    SELECT count(*), max(line) INTO done, last FROM whole;
    UPDATE target_list_import SET checked = checked + done, checked_to = coalesce(last, checked_to) WHERE id = i.id;
    RETURN done > 0;
END $$;

-- Finds who is there twice, in the file or of the list: by the RPPS number; else by the address, where they have a word of
-- their names in common; else by name and postcode. Never with two numbers.
CREATE FUNCTION target_list_import_match(p_import uuid) RETURNS void
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan SET enable_nestloop = off SET jit = off AS $$
DECLARE
    list uuid := (SELECT target_list_id FROM target_list_import WHERE id = p_import);
    n bigint;
BEGIN
    UPDATE target_list_import_person SET same_line = NULL, same_person = NULL
     WHERE import_id = p_import AND (same_line IS NOT NULL OR same_person IS NOT NULL);

    FOR pass IN 1 .. 3 LOOP
        WITH entry AS MATERIALIZED (
            SELECT q.line, q.same_line, q.rpps, q.name, CASE pass WHEN 2 THEN name_words(q.name) END AS words,
                   CASE pass WHEN 1 THEN q.rpps WHEN 2 THEN q.email
                        ELSE nullif(q.name, '') || '/' || q.postcode END AS key
              FROM (SELECT p.line, p.same_line, p.person->>'rpps' AS rpps, p.person->>'email' AS email,
                           p.person->>'postcode' AS postcode,
                           CASE WHEN pass = 1 THEN '' ELSE folded(coalesce(p.person->>'first_name', '') || ' '
                                || coalesce(p.person->>'last_name', '')) END AS name
                      FROM target_list_import_person p
                     WHERE p.import_id = p_import AND p.fault IS NULL) q),
        -- Whom the others of a key are held against: the first of each name. Few, as a placeholder may be in all lines.
        head AS MATERIALIZED (
            SELECT n.* FROM (
                SELECT d.*, row_number() OVER (PARTITION BY d.key ORDER BY d.rpps IS NOT NULL, d.line) AS rank
                  FROM (SELECT DISTINCT ON (e.key, e.rpps IS NULL, e.name) e.key, e.line, e.rpps, e.name, e.words
                          FROM entry e WHERE e.key IS NOT NULL
                         ORDER BY e.key, e.rpps IS NULL, e.name, e.line) d) n
             WHERE n.rank <= 20),
        found AS (
            SELECT e.line, min(h.line) AS same
              FROM entry e JOIN head h ON h.key = e.key AND h.line < e.line
             WHERE e.same_line IS NULL AND coalesce(h.rpps = e.rpps, true)
               AND (pass <> 2 OR h.name = '' OR e.name = '' OR h.words && e.words)
             GROUP BY e.line)
        UPDATE target_list_import_person p SET same_line = f.same
          FROM found f WHERE p.import_id = p_import AND p.line = f.line;
    END LOOP;

    LOOP -- what is the same as something that is the same as a third
        UPDATE target_list_import_person p SET same_line = q.same_line
          FROM target_list_import_person q
         WHERE p.import_id = p_import AND q.import_id = p_import AND q.line = p.same_line AND q.same_line IS NOT NULL;
        GET DIAGNOSTICS n = ROW_COUNT;
        EXIT WHEN n = 0;
    END LOOP;

    FOR pass IN 1 .. 3 LOOP
        WITH entry AS MATERIALIZED (
            SELECT q.line, q.rpps, q.name, CASE pass WHEN 2 THEN name_words(q.name) END AS words,
                   CASE pass WHEN 1 THEN q.rpps WHEN 2 THEN q.email
                        ELSE nullif(q.name, '') || '/' || q.postcode END AS key
              FROM (SELECT p.line, p.person->>'rpps' AS rpps, p.person->>'email' AS email,
                           p.person->>'postcode' AS postcode,
                           CASE WHEN pass = 1 THEN '' ELSE folded(coalesce(p.person->>'first_name', '') || ' '
                                || coalesce(p.person->>'last_name', '')) END AS name
                      FROM target_list_import_person p
                     WHERE p.import_id = p_import AND p.fault IS NULL AND p.same_line IS NULL
                       AND p.same_person IS NULL) q),
        listed AS MATERIALIZED (
            SELECT n.*, CASE pass WHEN 2 THEN name_words(n.name) END AS words FROM (
                SELECT d.*, row_number() OVER (PARTITION BY d.key ORDER BY d.rpps IS NOT NULL, d.position) AS rank
                  FROM (SELECT DISTINCT ON (q.key, q.rpps IS NULL, q.name) q.* FROM (
                            SELECT t.id, t.rpps, t.position, f.name, CASE pass WHEN 1 THEN t.rpps WHEN 2 THEN t.email
                                   ELSE nullif(f.name, '') || '/' || t.postcode END AS key
                              FROM target_list_person t CROSS JOIN LATERAL (
                                   SELECT CASE WHEN pass = 1 THEN ''
                                          ELSE folded(t.first_name || ' ' || t.last_name) END AS name) f
                             WHERE t.target_list_id = list) q
                         WHERE q.key IS NOT NULL ORDER BY q.key, q.rpps IS NULL, q.name, q.position, q.id) d) n
             WHERE n.rank <= 20),
        found AS (
            SELECT DISTINCT ON (e.line) e.line, t.id
              FROM entry e JOIN listed t ON t.key = e.key
             WHERE coalesce(t.rpps = e.rpps, true)
               AND (pass <> 2 OR t.name = '' OR e.name = '' OR t.words && e.words)
             ORDER BY e.line, t.position, t.id)
        UPDATE target_list_import_person p SET same_person = f.id
          FROM found f WHERE p.import_id = p_import AND p.line = f.line;
    END LOOP;

    -- Two lines about one person of the list, each in its own way, are about one person.
    WITH first AS (SELECT same_person, min(line) AS line FROM target_list_import_person
                    WHERE import_id = p_import AND same_person IS NOT NULL GROUP BY 1),
    moved AS (UPDATE target_list_import_person p SET same_line = f.line, same_person = NULL FROM first f
               WHERE p.import_id = p_import AND p.same_person = f.same_person AND p.line > f.line
              RETURNING p.line, f.line AS head)
    UPDATE target_list_import_person p SET same_line = m.head FROM moved m
     WHERE p.import_id = p_import AND p.same_line = m.line;
END $$;

-- All lines are checked: what came of it.
CREATE FUNCTION target_list_import_settle(p_work uuid) RETURNS void
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan SET jit = off AS $$
DECLARE
    i target_list_import;
BEGIN
    SELECT * INTO i FROM target_list_import WHERE work_id = p_work AND state = 'checking' FOR UPDATE;
    IF i.id IS NULL THEN
        RETURN;
    END IF;
    PERFORM target_list_import_match(i.id);
    UPDATE target_list_import SET state = 'checked', work_id = NULL, counts = (
        SELECT jsonb_build_object('good', count(*) FILTER (WHERE fault IS NULL),
                   'refused', count(*) FILTER (WHERE fault IS NOT NULL),
                   'new', count(*) FILTER (WHERE fault IS NULL AND same_line IS NULL AND same_person IS NULL),
                   'twice_in_file', count(*) FILTER (WHERE same_line IS NOT NULL),
                   'on_list', count(*) FILTER (WHERE same_person IS NOT NULL))
          FROM target_list_import_person WHERE import_id = i.id)
     WHERE id = i.id;
END $$;

-- Makes them people of the list, unless nobody waits for it any more.
CREATE FUNCTION target_list_import_store(p_work uuid, p_most bigint, p_now timestamptz) RETURNS void
LANGUAGE plpgsql SET enable_nestloop = off SET jit = off AS $$
DECLARE
    i target_list_import;
    l target_list;
    added bigint;
    changed bigint := 0;
BEGIN
    SELECT t.* INTO l FROM target_list t JOIN target_list_import m ON m.target_list_id = t.id
     WHERE m.work_id = p_work AND m.state = 'storing' FOR UPDATE OF t;
    SELECT * INTO i FROM target_list_import WHERE work_id = p_work AND state = 'storing' FOR UPDATE;
    IF i.id IS NULL THEN
        RETURN;
    END IF;
    PERFORM target_list_import_match(i.id); -- the list may be another by now
    -- Lines about one person become one, by the rule.
    IF i.duplicates <> 'keep' THEN
        WITH one AS (
            SELECT coalesce(p.same_line, p.line) AS head, p.line, p.person,
                   max(p.line) OVER (PARTITION BY coalesce(p.same_line, p.line)) AS last
              FROM target_list_import_person p
             WHERE p.import_id = i.id AND p.fault IS NULL
               AND coalesce(p.same_line, p.line) IN (SELECT q.same_line FROM target_list_import_person q
                                                     WHERE q.import_id = i.id)),
        all_of AS (
            SELECT o.head, jsonb_object_agg(v.key, v.value ORDER BY o.line DESC) AS person -- the first one's counts
              FROM one o CROSS JOIN LATERAL jsonb_each(o.person) v
             WHERE i.duplicates = 'merge' OR o.line = o.last GROUP BY o.head)
        UPDATE target_list_import_person p SET person = a.person FROM all_of a
         WHERE p.import_id = i.id AND p.line = a.head;

        WITH becomes AS (
            SELECT p.same_person, jsonb_populate_record(NULL::target_list_person, CASE i.duplicates
                       WHEN 'replace' THEN p.person
                       ELSE p.person || jsonb_strip_nulls(to_jsonb(t))
                            || CASE WHEN t.first_name = '' AND p.person ? 'first_name'
                                    THEN jsonb_build_object('first_name', p.person->'first_name') ELSE '{}' END
                            || CASE WHEN t.last_name = '' AND p.person ? 'last_name'
                                    THEN jsonb_build_object('last_name', p.person->'last_name') ELSE '{}' END
                       END) AS v
              FROM target_list_import_person p JOIN target_list_person t ON t.id = p.same_person
             WHERE p.import_id = i.id AND p.fault IS NULL AND p.same_line IS NULL)
        UPDATE target_list_person t SET
               external_id = (v).external_id, rpps = (v).rpps, email = (v).email,
               first_name = coalesce((v).first_name, ''), last_name = coalesce((v).last_name, ''),
               postcode = (v).postcode, profession = (v).profession, specialty = (v).specialty,
               skill_type = (v).skill_type, practice_setting = (v).practice_setting,
               practice_mode = (v).practice_mode, professional_category = (v).professional_category,
               region = (v).region, department = (v).department, country = (v).country, age_band = (v).age_band,
               segment = (v).segment, tier = (v).tier, language = (v).language,
               therapeutic_interest = (v).therapeutic_interest,
               hcp_id = listed_hcp(i.organisation_id, (v).rpps, (v).email,
                                   coalesce((v).first_name, '') || ' ' || coalesce((v).last_name, ''))
          FROM becomes b WHERE t.id = b.same_person;
        GET DIAGNOSTICS changed = ROW_COUNT;
    END IF;

    INSERT INTO target_list_person (organisation_id, target_list_id, position, external_id, rpps, email, first_name,
               last_name, postcode, profession, specialty, skill_type, practice_setting, practice_mode,
               professional_category, region, department, country, age_band, segment, tier, language,
               therapeutic_interest, hcp_id)
    SELECT i.organisation_id, i.target_list_id, coalesce(m.most, 0) + p.line, v.external_id, v.rpps, v.email,
           coalesce(v.first_name, ''), coalesce(v.last_name, ''), v.postcode, v.profession, v.specialty, v.skill_type,
           v.practice_setting, v.practice_mode, v.professional_category, v.region, v.department, v.country, v.age_band,
           v.segment, v.tier, v.language, v.therapeutic_interest,
           CASE WHEN v.rpps IS NOT NULL OR v.email IS NOT NULL
                THEN listed_hcp(i.organisation_id, v.rpps, v.email,
                                coalesce(v.first_name, '') || ' ' || coalesce(v.last_name, '')) END
      FROM target_list_import_person p
      CROSS JOIN LATERAL jsonb_populate_record(NULL::target_list_person, p.person) v
      CROSS JOIN (SELECT max(t.position) AS most FROM target_list_person t WHERE t.target_list_id = i.target_list_id) m
     WHERE p.import_id = i.id AND p.fault IS NULL AND p.same_line IS NULL AND p.same_person IS NULL
     ORDER BY p.line;
    GET DIAGNOSTICS added = ROW_COUNT;
    IF l.people + added > p_most THEN
        RAISE EXCEPTION 'the list would be too long' USING ERRCODE = 'AM422';
    END IF;
    UPDATE target_list SET people = people + added, version = version + 1, changed_at = p_now WHERE id = l.id;
    DELETE FROM target_list_import_line WHERE import_id = i.id;
    DELETE FROM target_list_import_person WHERE import_id = i.id;
    UPDATE target_list_import SET state = 'stored', work_id = NULL, columns = '{}', proposed = '{}', mapping = '{}',
           counts = counts || jsonb_build_object('added', added, 'changed', changed)
     WHERE id = i.id;
END $$;
