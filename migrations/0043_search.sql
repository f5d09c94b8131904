-- Finding people by what somebody types: folded() on both sides, and beside it what only a search
-- takes as the same. Invisible characters, marks of Hebrew and Arabic, and what stands around a
-- pasted address ("Anne <a@b>") make no difference, nor do letters that normalisation leaves alone.
-- A generated column calls it while a backup is restored, when no schema is searched: its body is
-- parsed here, not there.
CREATE FUNCTION search_text(p_text text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
    RETURN folded(translate(
        regexp_replace(normalize(p_text, NFKD),
            '[\u00ad\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u061c\u064b-\u065f\u0670'
            || '\u115f\u1160\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]',
            '', 'g'),
        'ĐđÐðĦħŦŧıς`´ʹʻʼʽˊˋ′‛<>"“”„«»‹›()[]{};:/|',
        'ddddhhttiσ' || repeat('''', 10) || repeat(' ', 20)));

-- Each word of a search is to be somewhere in this. The second half has the names without what parts
-- them, so that "oconnor" and "vandenberg" are found, too.
ALTER TABLE hcp ADD COLUMN search text NOT NULL GENERATED ALWAYS AS (
    search_text(first_name || ' ' || last_name || ' ' || coalesce(email, ''))
    || ' ' || replace(search_text(first_name), ' ', '')
    || ' ' || replace(search_text(last_name), ' ', '')) STORED;

-- What was typed, as patterns that are all to be in `search`: words count in any order.
CREATE FUNCTION search_patterns(p_typed text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
    SELECT string_to_array('%' || replace(regexp_replace(search_text(p_typed), '([\\%_])', '\\\1', 'g'),
                                          ' ', '% %') || '%', ' ')
$$;
