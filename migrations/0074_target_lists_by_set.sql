-- Imports of target lists are stored by a few statements over all their lines, and what waits of a person is in the copy
-- of their data and goes with them.

-- What lines are compared by, as it is kept; name: folded, '' without one.
ALTER TABLE target_list_import_person ADD COLUMN rpps text, ADD COLUMN email text, ADD COLUMN name text NOT NULL DEFAULT '';

-- The list's version as it was when somebody last looked who is there twice.
ALTER TABLE target_list_import ADD COLUMN matched int;

-- First and last name of a line.
CREATE FUNCTION listed_name(p_person jsonb) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN coalesce(p_person->>'first_name', '') || ' ' || coalesce(p_person->>'last_name', '');

UPDATE target_list_import_person SET rpps = person->>'rpps', email = person->>'email', name = folded(listed_name(person));
CREATE INDEX target_list_import_person_email ON target_list_import_person (email) WHERE email IS NOT NULL;
CREATE INDEX target_list_import_person_rpps ON target_list_import_person (rpps) WHERE rpps IS NOT NULL;

-- As in migration 0043, faster for what is ASCII but for accents: most of what people are called.
CREATE OR REPLACE FUNCTION search_text(p_text text) RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT AS $$
DECLARE
    plain text := p_text;
BEGIN
    IF octet_length(plain) <> length(plain) THEN
        plain := regexp_replace(normalize(plain, NFKD), '[\u0300-\u036f]', '', 'g');
    END IF;
    IF octet_length(plain) = length(plain) THEN
        RETURN btrim(regexp_replace(lower(plain), '[][:space:]''.,`"<>()[{};:/|-]+', ' ', 'g'));
    END IF;
    RETURN public.folded(translate( -- no schema is searched while a backup is restored
        regexp_replace(normalize(p_text, NFKD),
            '[\u00ad\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u061c\u064b-\u065f\u0670'
            || '\u115f\u1160\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]',
            '', 'g'),
        'ĐđÐðĦħŦŧıς`´ʹʻʼʽˊˋ′‛<>"“”„«»‹›()[]{};:/|',
        'ddddhhttiσ' || repeat('''', 10) || repeat(' ', 20)));
END $$;

-- As in migration 0073, with what lines are compared by.
CREATE OR REPLACE FUNCTION target_list_import_check(p_work uuid, p_most bigint, p_check boolean) RETURNS boolean
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
        INSERT INTO target_list_import_person (import_id, line, person, fault, fault_column, rpps, email, name)
        SELECT i.id, b.line, coalesce(l.person, '{}')
                   || CASE WHEN NOT l.person ? 'region' AND d.region IS NOT NULL
                           THEN jsonb_build_object('region', d.region) ELSE '{}' END,
               coalesce(b.fault, l.fault,
                        CASE WHEN l.person ?| '{rpps,email,last_name}' THEN NULL ELSE 'person.missing' END),
               l.fault_column, l.person->>'rpps', l.person->>'email', folded(listed_name(l.person))
          FROM batch b LEFT JOIN line l ON l.line = b.line
          LEFT JOIN code d ON d.list = 'department' AND d.code = l.person->>'department'
        RETURNING line)
    SELECT count(*), max(line) INTO done, last FROM whole;
    UPDATE target_list_import SET checked = checked + done, checked_to = coalesce(last, checked_to) WHERE id = i.id;
    RETURN done > 0;
END $$;

-- --- who of a list is known to the organisation ---

-- Whether a line of a list is about an HCP, the one place that decides it: 0 by the RPPS number; else by the address, when
-- they have a word of their names in common, as practices share mailboxes, and no two RPPS numbers: 1 with the same name,
-- 2 with another. Null: it is not. Of several the least.
CREATE FUNCTION listed_rank(h hcp, p_rpps text, p_email text, p_name text) RETURNS int
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    name text := h.first_name || ' ' || h.last_name;
    same boolean;
BEGIN
    IF h.rpps = p_rpps THEN
        RETURN 0;
    ELSIF h.email = p_email AND coalesce(h.rpps = p_rpps, true) THEN
        same := name = p_name OR folded(name) = folded(p_name);
        IF p_name = ' ' OR (same AND name ~ '[A-Za-z]') OR name_words(name) && name_words(p_name) THEN
            RETURN CASE WHEN same THEN 1 ELSE 2 END;
        END IF;
    END IF;
    RETURN NULL;
END $$;

-- The HCP whom a line of a list is about.
CREATE OR REPLACE FUNCTION listed_hcp(p_organisation uuid, p_rpps text, p_email text, p_name text) RETURNS uuid
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT h.id FROM hcp h CROSS JOIN LATERAL listed_rank(h, p_rpps, p_email, p_name) r
             WHERE h.organisation_id = p_organisation AND (h.rpps = p_rpps OR h.email = p_email) AND r IS NOT NULL
             ORDER BY r, h.created_at, h.id LIMIT 1);
END $$;

-- As in migration 0070, in the order of imports.
CREATE OR REPLACE FUNCTION hcp_listed() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
    UPDATE target_list_person p SET hcp_id = NEW.id
      FROM (SELECT q.id FROM target_list_person q
             WHERE q.organisation_id = NEW.organisation_id AND (q.email = NEW.email OR q.rpps = NEW.rpps)
               AND q.hcp_id IS NULL
               AND listed_hcp(q.organisation_id, q.rpps, q.email, q.first_name || ' ' || q.last_name) = NEW.id
             ORDER BY q.id FOR NO KEY UPDATE) l
     WHERE p.id = l.id;
    RETURN NULL;
END $$;

-- --- who is there twice ---

-- Lines of an import and people of a list alike. source: the import or list; called: as it is written; name: folded, null
-- where that is not kept.
CREATE VIEW target_list_entry AS
    SELECT p.import_id AS source, p.line AS place, NULL::uuid AS person, p.rpps, p.email, NULL::text AS called, p.name,
           p.person->>'postcode' AS postcode, p.same_line IS NOT NULL OR p.same_person IS NOT NULL AS found
      FROM target_list_import_person p WHERE p.fault IS NULL
    UNION ALL
    SELECT t.target_list_id, t.position, t.id, t.rpps, t.email, t.first_name || ' ' || t.last_name, NULL, t.postcode, false
      FROM target_list_person t;

-- Who of the lines that are not found yet is the same as an earlier line, or with p_list as somebody of the list: in pass
-- 1 by the RPPS number; in 2 by the address, where they have a word of their names in common; in 3 by name and postcode.
-- Never with two numbers.
CREATE FUNCTION target_list_same(p_import uuid, p_list uuid, p_pass int)
RETURNS TABLE (line int, same_line int, same_person uuid) LANGUAGE plpgsql STABLE ROWS 10000
SET plan_cache_mode = force_custom_plan SET enable_nestloop = off SET jit = off AS $$
BEGIN
    RETURN QUERY
    WITH near AS MATERIALIZED (
        SELECT e.*, CASE p_pass WHEN 1 THEN e.rpps WHEN 2 THEN e.email ELSE e.postcode END AS by
          FROM target_list_entry e
         WHERE e.source IN (p_import, p_list) AND (p_list IS NULL OR NOT e.found)),
    entry AS MATERIALIZED (
        SELECT n.*, CASE WHEN p_pass < 3 THEN n.by
                    ELSE nullif(coalesce(n.name, folded(n.called)), '') || '/' || n.by END AS key
          FROM near n JOIN (SELECT DISTINCT f.by FROM near f WHERE f.person IS NULL) l ON l.by = n.by),
    shared AS MATERIALIZED (
        SELECT e.key FROM entry e WHERE e.key IS NOT NULL GROUP BY e.key
        HAVING CASE WHEN p_list IS NULL THEN count(*) > 1
               ELSE bool_or(e.person IS NULL) AND bool_or(e.person IS NOT NULL) END),
    named AS MATERIALIZED (
        SELECT e.key, e.place, e.person, e.rpps, e.found,
               CASE WHEN p_pass > 1 THEN coalesce(e.name, folded(e.called)) END AS name
          FROM entry e JOIN shared s ON s.key = e.key),
    one AS MATERIALIZED (SELECT n.*, CASE p_pass WHEN 2 THEN name_words(n.name) END AS words FROM named n),
    -- Whom the others of a key are held against: the first of each name. Few, as a placeholder may be in all lines.
    head AS MATERIALIZED (
        SELECT n.* FROM (
            SELECT d.*, row_number() OVER (PARTITION BY d.key ORDER BY d.rpps IS NOT NULL, d.place, d.person) AS rank
              FROM (SELECT DISTINCT ON (o.key, o.rpps IS NULL, o.name) o.* FROM one o
                     WHERE p_list IS NULL OR o.person IS NOT NULL
                     ORDER BY o.key, o.rpps IS NULL, o.name, o.place, o.person) d) n
         WHERE n.rank <= 20)
    SELECT DISTINCT ON (o.place) o.place, CASE WHEN p_list IS NULL THEN h.place END, h.person
      FROM one o JOIN head h ON h.key = o.key
     WHERE o.person IS NULL AND NOT o.found AND (p_list IS NOT NULL OR h.place < o.place)
       AND coalesce(h.rpps = o.rpps, true) AND (p_pass <> 2 OR h.name = '' OR o.name = '' OR h.words && o.words)
     ORDER BY o.place, h.place, h.person;
END $$;

-- As in migration 0073: finds who is there twice, in the file or of the list.
CREATE OR REPLACE FUNCTION target_list_import_match(p_import uuid) RETURNS void
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan SET enable_nestloop = off SET jit = off AS $$
DECLARE
    list uuid := (SELECT target_list_id FROM target_list_import WHERE id = p_import);
    version int := (SELECT l.version FROM target_list l WHERE l.id = list); -- before it is looked at
    n bigint;
BEGIN
    UPDATE target_list_import_person SET same_line = NULL, same_person = NULL
     WHERE import_id = p_import AND (same_line IS NOT NULL OR same_person IS NOT NULL);
    FOR pass IN 1 .. 3 LOOP
        UPDATE target_list_import_person p SET same_line = s.same_line
          FROM target_list_same(p_import, NULL, pass) s WHERE p.import_id = p_import AND p.line = s.line;
    END LOOP;
    LOOP -- what is the same as something that is the same as a third
        UPDATE target_list_import_person p SET same_line = q.same_line
          FROM target_list_import_person q
         WHERE p.import_id = p_import AND q.import_id = p_import AND q.line = p.same_line AND q.same_line IS NOT NULL;
        GET DIAGNOSTICS n = ROW_COUNT;
        EXIT WHEN n = 0;
    END LOOP;
    FOR pass IN 1 .. 3 LOOP
        UPDATE target_list_import_person p SET same_person = s.same_person
          FROM target_list_same(p_import, list, pass) s WHERE p.import_id = p_import AND p.line = s.line;
    END LOOP;

    -- Two lines about one person of the list, each in its own way, are about one person.
    WITH first AS (SELECT same_person, min(line) AS line FROM target_list_import_person
                    WHERE import_id = p_import AND same_person IS NOT NULL GROUP BY 1),
    moved AS (UPDATE target_list_import_person p SET same_line = f.line, same_person = NULL FROM first f
               WHERE p.import_id = p_import AND p.same_person = f.same_person AND p.line > f.line
              RETURNING p.line, f.line AS head)
    UPDATE target_list_import_person p SET same_line = m.head FROM moved m
     WHERE p.import_id = p_import AND p.same_line = m.line;
    UPDATE target_list_import SET matched = version WHERE id = p_import;
END $$;

-- --- storing, one transaction of these, in their order ---

-- Locks what is stored, the list first, as everywhere; finds anew who is there twice, if the list is another by now or
-- lines were erased. Null: nobody waits for it any more.
CREATE FUNCTION target_list_import_begin(p_work uuid) RETURNS uuid
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan SET enable_nestloop = off SET jit = off AS $$
DECLARE
    i target_list_import;
    now_at int;
BEGIN
    SELECT t.version INTO now_at FROM target_list t JOIN target_list_import m ON m.target_list_id = t.id
     WHERE m.work_id = p_work AND m.state = 'storing' FOR NO KEY UPDATE OF t;
    SELECT m.* INTO i FROM target_list_import m WHERE m.work_id = p_work AND m.state = 'storing' FOR UPDATE;
    IF i.id IS NOT NULL AND (i.matched IS DISTINCT FROM now_at OR EXISTS (
            SELECT FROM target_list_import_person p
             WHERE p.import_id = i.id AND p.same_line IS NOT NULL
               AND NOT EXISTS (SELECT FROM target_list_import_person q
                                WHERE q.import_id = i.id AND q.line = p.same_line))) THEN
        PERFORM target_list_import_match(i.id);
    END IF;
    RETURN i.id;
END $$;

-- By the rule that was chosen, lines about one person become one.
CREATE FUNCTION target_list_import_fold(p_import uuid) RETURNS void
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan SET enable_nestloop = off SET jit = off AS $$
DECLARE
    rule text := (SELECT duplicates FROM target_list_import WHERE id = p_import);
BEGIN
    IF rule = 'keep' THEN
        RETURN;
    END IF;
    WITH one AS (
        SELECT coalesce(p.same_line, p.line) AS head, p.line, p.person,
               max(p.line) OVER (PARTITION BY coalesce(p.same_line, p.line)) AS last
          FROM target_list_import_person p
         WHERE p.import_id = p_import AND p.fault IS NULL
           AND coalesce(p.same_line, p.line) IN (SELECT q.same_line FROM target_list_import_person q
                                                 WHERE q.import_id = p_import)),
    all_of AS (
        SELECT o.head, jsonb_object_agg(v.key, v.value ORDER BY o.line DESC) AS person -- the first one's counts
          FROM one o CROSS JOIN LATERAL jsonb_each(o.person) v
         WHERE rule = 'merge' OR o.line = o.last GROUP BY o.head)
    UPDATE target_list_import_person p SET person = a.person FROM all_of a
     WHERE p.import_id = p_import AND p.line = a.head;
END $$;

-- The HCPs whom lines are about, of those about people of the list or of the others: as listed_hcp() says. Held until the
-- end, so that they stay; one that somebody changes or erases at this moment is not waited for.
CREATE FUNCTION target_list_import_known(p_import uuid, p_of_list boolean) RETURNS TABLE (line int, hcp_id uuid)
LANGUAGE plpgsql ROWS 10000
SET plan_cache_mode = force_custom_plan SET enable_nestloop = off SET jit = off AS $$
BEGIN
    RETURN QUERY
    WITH wanted AS MATERIALIZED (
        SELECT p.line, i.organisation_id, coalesce(t.rpps, p.person->>'rpps') AS rpps,
               coalesce(t.email, p.person->>'email') AS email,
               coalesce(nullif(t.first_name, ''), p.person->>'first_name', '') || ' '
               || coalesce(nullif(t.last_name, ''), p.person->>'last_name', '') AS name
          FROM target_list_import_person p JOIN target_list_import i ON i.id = p.import_id
          LEFT JOIN target_list_person t ON t.id = p.same_person AND i.duplicates = 'merge'
         WHERE p.import_id = p_import AND p.fault IS NULL AND p.same_line IS NULL
           AND (p.same_person IS NOT NULL) = p_of_list),
    candidate AS MATERIALIZED (
        SELECT w.line, h.id, h.created_at, listed_rank(h, w.rpps, w.email, w.name) AS rank
          FROM wanted w JOIN hcp h ON h.organisation_id = w.organisation_id AND h.rpps = w.rpps
        UNION ALL
        SELECT w.line, h.id, h.created_at, listed_rank(h, w.rpps, w.email, w.name)
          FROM wanted w JOIN hcp h ON h.organisation_id = w.organisation_id AND h.email = w.email),
    best AS MATERIALIZED (
        SELECT DISTINCT ON (c.line) c.line, c.id FROM candidate c WHERE c.rank IS NOT NULL
         ORDER BY c.line, c.rank, c.created_at, c.id),
    held AS MATERIALIZED (
        SELECT h.id FROM hcp h WHERE h.id IN (SELECT b.id FROM best b) FOR KEY SHARE SKIP LOCKED)
    SELECT b.line, b.id FROM best b JOIN held ON held.id = b.id;
END $$;

-- Lines about others become people of the list; how many. AM422: the list would have more than p_most.
CREATE FUNCTION target_list_import_add(p_import uuid, p_most bigint) RETURNS bigint
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan SET enable_nestloop = off SET jit = off AS $$
DECLARE
    l target_list;
    added bigint;
    last int; -- position
BEGIN
    SELECT t.* INTO l FROM target_list t JOIN target_list_import i ON i.target_list_id = t.id WHERE i.id = p_import;
    SELECT count(*) INTO added FROM target_list_import_person p
     WHERE p.import_id = p_import AND p.fault IS NULL AND p.same_line IS NULL AND p.same_person IS NULL;
    IF l.people + added > p_most THEN
        RAISE EXCEPTION 'the list would be too long' USING ERRCODE = 'AM422';
    END IF;
    SELECT coalesce(max(t.position), 0) INTO last FROM target_list_person t WHERE t.target_list_id = l.id;
    INSERT INTO target_list_person (organisation_id, target_list_id, position, external_id, rpps, email, first_name,
               last_name, postcode, profession, specialty, skill_type, practice_setting, practice_mode,
               professional_category, region, department, country, age_band, segment, tier, language,
               therapeutic_interest, hcp_id)
    SELECT l.organisation_id, l.id, last + w.line, (w.v).external_id, (w.v).rpps, (w.v).email,
           coalesce((w.v).first_name, ''), coalesce((w.v).last_name, ''), (w.v).postcode, (w.v).profession,
           (w.v).specialty, (w.v).skill_type, (w.v).practice_setting, (w.v).practice_mode, (w.v).professional_category,
           (w.v).region, (w.v).department, (w.v).country, (w.v).age_band, (w.v).segment, (w.v).tier, (w.v).language,
           (w.v).therapeutic_interest, w.hcp_id
      FROM (SELECT p.line, k.hcp_id, jsonb_populate_record(NULL::target_list_person, p.person) AS v
              FROM target_list_import_person p LEFT JOIN target_list_import_known(p_import, false) k ON k.line = p.line
             WHERE p.import_id = p_import AND p.fault IS NULL AND p.same_line IS NULL AND p.same_person IS NULL
            OFFSET 0) w; -- each read once
    RETURN added;
END $$;

-- People of the list become what lines about them say, unless those are to be left as they are; how many. Last, as whoever
-- registers waits for them; in the order of their ids.
CREATE FUNCTION target_list_import_change(p_import uuid) RETURNS bigint
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan SET enable_nestloop = off SET jit = off AS $$
DECLARE
    rule text := (SELECT duplicates FROM target_list_import WHERE id = p_import);
    changed bigint;
BEGIN
    IF rule = 'keep' THEN
        RETURN 0;
    END IF;
    PERFORM FROM target_list_person t
      WHERE t.id IN (SELECT p.same_person FROM target_list_import_person p WHERE p.import_id = p_import)
      ORDER BY t.id FOR NO KEY UPDATE;
    UPDATE target_list_person t SET
           external_id = coalesce(o.external_id, (w.v).external_id), rpps = coalesce(o.rpps, (w.v).rpps),
           email = coalesce(o.email, (w.v).email),
           first_name = coalesce(nullif(o.first_name, ''), (w.v).first_name, ''),
           last_name = coalesce(nullif(o.last_name, ''), (w.v).last_name, ''),
           postcode = coalesce(o.postcode, (w.v).postcode), profession = coalesce(o.profession, (w.v).profession),
           specialty = coalesce(o.specialty, (w.v).specialty), skill_type = coalesce(o.skill_type, (w.v).skill_type),
           practice_setting = coalesce(o.practice_setting, (w.v).practice_setting),
           practice_mode = coalesce(o.practice_mode, (w.v).practice_mode),
           professional_category = coalesce(o.professional_category, (w.v).professional_category),
           region = coalesce(o.region, (w.v).region), department = coalesce(o.department, (w.v).department),
           country = coalesce(o.country, (w.v).country), age_band = coalesce(o.age_band, (w.v).age_band),
           segment = coalesce(o.segment, (w.v).segment), tier = coalesce(o.tier, (w.v).tier),
           language = coalesce(o.language, (w.v).language),
           therapeutic_interest = coalesce(o.therapeutic_interest, (w.v).therapeutic_interest), hcp_id = w.hcp_id
      FROM (SELECT p.same_person, k.hcp_id, jsonb_populate_record(NULL::target_list_person, p.person) AS v
              FROM target_list_import_person p LEFT JOIN target_list_import_known(p_import, true) k ON k.line = p.line
             WHERE p.import_id = p_import AND p.fault IS NULL AND p.same_line IS NULL
            OFFSET 0) w -- each read once
      LEFT JOIN target_list_person o ON o.id = w.same_person AND rule = 'merge' -- what it has stays
     WHERE t.id = w.same_person;
    GET DIAGNOSTICS changed = ROW_COUNT;
    RETURN changed;
END $$;

-- It is stored: what was uploaded goes.
CREATE FUNCTION target_list_import_end(p_import uuid, p_added bigint, p_changed bigint, p_now timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    UPDATE target_list l SET people = people + p_added, version = version + 1, changed_at = p_now
      FROM target_list_import i WHERE i.id = p_import AND l.id = i.target_list_id;
    DELETE FROM target_list_import_line WHERE import_id = p_import;
    DELETE FROM target_list_import_person WHERE import_id = p_import;
    UPDATE target_list_import SET state = 'stored', work_id = NULL, columns = '{}', proposed = '{}', mapping = '{}',
           counts = counts || jsonb_build_object('added', p_added, 'changed', p_changed)
     WHERE id = p_import;
END $$;

-- All of it in one statement: for the version before.
CREATE OR REPLACE FUNCTION target_list_import_store(p_work uuid, p_most bigint, p_now timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    import uuid := target_list_import_begin(p_work);
    added bigint;
BEGIN
    IF import IS NOT NULL THEN
        PERFORM target_list_import_fold(import);
        added := target_list_import_add(import, p_most);
        PERFORM target_list_import_end(import, added, target_list_import_change(import), p_now);
    END IF;
END $$;

-- --- what waits, in the copy of a person's data ---

-- As in migration 0070, with the lines of imports that wait and are about the person.
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
        'registrations', (SELECT coalesce(jsonb_agg(registration_data(r.id)
                || jsonb_build_object('registry', registry_mark(r)) ORDER BY r.registered_at, r.id), '[]')
            FROM registration r WHERE r.hcp_id = h.id))
      FROM hcp h JOIN organisation o ON o.id = h.organisation_id
     WHERE h.id = p_hcp
$$;
