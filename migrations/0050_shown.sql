-- A page is for the audience from the moment when it is on for the first time.
ALTER TABLE slide ADD COLUMN shown_at timestamptz;

UPDATE slide s SET shown_at = m.at
  FROM (SELECT payload->>'deck' AS deck, payload->>'page' AS page, min(at) AS at
          FROM session_event WHERE type = 'slide.moved' GROUP BY 1, 2
         UNION ALL
        SELECT deck_id::text, page::text, at FROM slide_position) m
 WHERE m.deck = s.deck_id::text AND m.page = s.page::text;
