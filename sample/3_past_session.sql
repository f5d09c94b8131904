-- What happened in the session that has ended: who was there, what they asked, how they voted.

DO $$
DECLARE
    p_organisation uuid := (SELECT organisation_id FROM sample);
    p_session session := (SELECT s FROM session s WHERE organisation_id = p_organisation AND state = 'ended');
    p_node uuid := gen_random_uuid();
BEGIN
    INSERT INTO node (id, name, started_at, lease_at, stopped_at)
    VALUES (p_node, 'sample', p_session.live_at - interval '1 day', p_session.ended_at + interval '1 hour',
            p_session.ended_at + interval '1 hour');

    -- By the last digit of i. 0, 1, 2, 5: there all the time (5 for a while in two tabs); 3: away for twelve
    -- seconds; 4: late; 6: half of them, for 35 seconds; 8: left early; 7, 9: never came.
    WITH person AS (
        SELECT r.id, substr(h.email, 4, 2)::int AS i, p_session.live_at AS live_at, p_session.ended_at AS ended_at
          FROM registration r JOIN hcp h ON h.id = r.hcp_id
         WHERE r.congress_id = p_session.congress_id AND r.state = 'registered'),
    visit AS (
        SELECT id, live_at - (40 + i * 13 % 500) * interval '1 second' AS at,
               ended_at + (i * 7 % 90) * interval '1 second' AS until
          FROM person WHERE i % 10 IN (0, 1, 2, 5)
        UNION ALL
        SELECT id, live_at - interval '3 minutes', live_at + (20 + i) * interval '20 seconds'
          FROM person WHERE i % 10 IN (3, 8)
        UNION ALL
        SELECT id, live_at + (20 + i) * interval '20 seconds' + interval '12 seconds', ended_at
          FROM person WHERE i % 10 = 3
        UNION ALL
        SELECT id, live_at + (300 + i * 11) * interval '1 second', ended_at FROM person WHERE i % 10 = 4
        UNION ALL
        SELECT id, live_at + interval '10 minutes', live_at + interval '25 minutes'
          FROM person WHERE i % 10 = 5
        UNION ALL
        SELECT id, live_at + interval '5 minutes', live_at + interval '5 minutes 35 seconds'
          FROM person WHERE i % 20 = 6),
    connected AS (SELECT gen_random_uuid() AS span, v.* FROM visit v)
    INSERT INTO span (id, organisation_id, session_id, registration_id, kind, connection, node_id, joined_at, left_at)
    SELECT span, p_organisation, p_session.id, id, 'connected', span, p_node, at, until FROM connected
    UNION ALL
    SELECT gen_random_uuid(), p_organisation, p_session.id, id, 'attentive', span, p_node,
           at + (until - at) * 0.05, at + (until - at) * 0.85 FROM connected;

    INSERT INTO question (id, organisation_id, session_id, registration_id, text, anonymous, state, asked_at, state_at)
    SELECT gen_random_uuid(), p_organisation, p_session.id, r.id, q.text, q.anonymous, q.state,
           p_session.live_at + q.minute * interval '1 minute', p_session.live_at + (q.minute + 6) * interval '1 minute'
      FROM (VALUES
            (1, 12, 'Quel délai conseillez-vous entre le dépistage et la consultation de cardiologie ?', false,
             'answered'),
            (30, 19, 'Comment organiser le suivi quand le patient vit loin d’un centre ?', false, 'answered'),
            (11, 27, 'La montre connectée suffit-elle pour documenter un épisode ?', true, 'approved'),
            (50, 33, 'Existe-t-il un support d’éducation du patient que nous pourrions réutiliser ?', false,
             'approved'),
            (2, 41, 'Pouvez-vous remettre la diapositive précédente ?', false, 'dismissed'),
            (40, 55, 'Faut-il répéter le dépistage chaque année chez les plus de 75 ans ?', true, 'asked'))
           q (i, minute, text, anonymous, state)
      JOIN hcp h ON h.organisation_id = p_organisation AND h.email = 'hcp' || to_char(q.i, 'FM00') || '@example.org'
      JOIN registration r ON r.hcp_id = h.id AND r.congress_id = p_session.congress_id;
    INSERT INTO question_vote (session_id, question_id, registration_id, at)
    SELECT q.session_id, q.id, a.registration_id, q.asked_at + interval '8 minutes'
      FROM question q
      JOIN attendance a ON a.session_id = q.session_id AND a.attended AND a.registration_id <> q.registration_id
     WHERE q.session_id = p_session.id AND q.state IN ('approved', 'answered')
       AND (get_byte(uuid_send(a.registration_id), 3) + length(q.text)) % 4 = 0;

    INSERT INTO poll_vote (session_id, poll_id, registration_id, choices, at)
    SELECT p.session_id, p.id, a.registration_id,
           CASE p.choice WHEN 'single' THEN (ARRAY[1, 2, 2, 2, 4, 1, 2, 8])[1 + b % 8]
                ELSE (ARRAY[1, 3, 6, 2, 4, 6, 8, 5])[1 + b % 8] END,
           p.opened_at + (5 + b % 120) * interval '1 second'
      FROM poll p
      JOIN attendance a ON a.session_id = p.session_id AND a.attended
     CROSS JOIN LATERAL (SELECT get_byte(uuid_send(a.registration_id), 5) AS b) x
     WHERE p.session_id = p_session.id AND b % 9 <> 0;

    PERFORM session_append_event(p_session.id, e.type, 1, 31, NULL, e.payload, e.at) FROM (
        SELECT 'session.started' AS type, p_session.live_at AS at,
               jsonb_build_object('version', 1, 'live_at', json_time(p_session.live_at)) AS payload
        UNION ALL
        SELECT 'poll.closed', closed_at,
               jsonb_build_object('id', id, 'closed_at', json_time(closed_at), 'tally', poll_tally(id))
          FROM poll WHERE session_id = p_session.id
        UNION ALL
        SELECT 'session.ended', p_session.ended_at,
               jsonb_build_object('version', 2, 'ended_at', json_time(p_session.ended_at))
         ORDER BY 2) e;
END $$;
