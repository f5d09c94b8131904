/* What happened in the sample's past session, and the polls that are prepared for the coming one.
 * Statements as in sample_people_store.c, after those. */
#include "sample_store.h"

static const char NODE[] =
    "INSERT INTO node (id, name, started_at, lease_at, stopped_at) "
    "SELECT $1, 'sample', live_at - interval '1 day', ended_at + interval '1 hour', "
    "ended_at + interval '1 hour' "
    "  FROM session WHERE organisation_id = $1 AND state = 'ended' ";

static const char SPANS[] =
    "WITH person AS ( "
    " SELECT r.id, substr(h.email, 4, 2)::int AS i, s.id AS session_id, s.live_at, s.ended_at "
    "   FROM session s JOIN registration r ON r.congress_id = s.congress_id AND r.state = "
    "'registered' "
    "   JOIN hcp h ON h.id = r.hcp_id "
    "  WHERE s.organisation_id = $1 AND s.state = 'ended'), "
    "visit AS ( "
    " SELECT id, session_id, live_at - (40 + i * 13 % 500) * interval '1 second' AS at, "
    "        ended_at + (i * 7 % 90) * interval '1 second' AS until "
    "   FROM person WHERE i % 10 IN (0, 1, 2, 5) "
    " UNION ALL "
    " SELECT id, session_id, live_at - interval '3 minutes', live_at + (20 + i) * interval "
    "'20 seconds' "
    "   FROM person WHERE i % 10 IN (3, 8) "
    " UNION ALL "
    " SELECT id, session_id, live_at + (20 + i) * interval '20 seconds' + interval '12 "
    "seconds', ended_at "
    "   FROM person WHERE i % 10 = 3 "
    " UNION ALL "
    " SELECT id, session_id, live_at + (300 + i * 11) * interval '1 second', ended_at FROM "
    "person WHERE i % 10 = 4 "
    " UNION ALL "
    " SELECT id, session_id, live_at + interval '10 minutes', live_at + interval '25 minutes' "
    "   FROM person WHERE i % 10 = 5 "
    " UNION ALL "
    " SELECT id, session_id, live_at + interval '5 minutes', live_at + interval '5 minutes "
    "35 seconds' "
    "   FROM person WHERE i % 20 = 6), "
    "connected AS (SELECT gen_random_uuid() AS span, v.* FROM visit v) "
    "INSERT INTO span (id, organisation_id, session_id, registration_id, kind, connection, "
    "node_id, "
    "        joined_at, left_at) "
    "SELECT span, $1, session_id, id, 'connected', span, $1, at, until FROM connected "
    "UNION ALL "
    "SELECT gen_random_uuid(), $1, session_id, id, 'attentive', span, $1, at + (until - "
    "at) * 0.05, "
    "       at + (until - at) * 0.85 "
    "  FROM connected ";

static const char QUESTIONS[] =
    "INSERT INTO question (id, organisation_id, session_id, registration_id, text, "
    "anonymous, state, "
    "        asked_at, state_at) "
    "SELECT gen_random_uuid(), $1, s.id, r.id, q.text, q.anonymous, q.state, "
    "       s.live_at + q.minute * interval '1 minute', s.live_at + (q.minute + 6) * "
    "interval '1 minute' "
    "  FROM session s "
    "  JOIN (VALUES "
    "   (1, 12, 'Quel délai conseillez-vous entre le dépistage et la consultation de "
    "cardiologie ?', false, 'answered'), "
    "   (30, 19, 'Comment organiser le suivi quand le patient vit loin d’un centre ?', "
    "false, 'answered'), "
    "   (11, 27, 'La montre connectée suffit-elle pour documenter un épisode ?', true, "
    "'approved'), "
    "   (50, 33, 'Existe-t-il un support d’éducation du patient que nous pourrions "
    "réutiliser ?', false, 'approved'), "
    "   (2, 41, 'Pouvez-vous remettre la diapositive précédente ?', false, 'dismissed'), "
    "   (40, 55, 'Faut-il répéter le dépistage chaque année chez les plus de 75 ans ?', "
    "true, 'asked')) "
    "   q (i, minute, text, anonymous, state) ON true "
    "  JOIN hcp h ON h.organisation_id = $1 AND h.email = 'hcp' || to_char(q.i, 'FM00') || "
    "'@example.org' "
    "  JOIN registration r ON r.hcp_id = h.id AND r.congress_id = s.congress_id "
    " WHERE s.organisation_id = $1 AND s.state = 'ended' ";

static const char QUESTION_VOTES[] =
    "INSERT INTO question_vote (session_id, question_id, registration_id, at) "
    "SELECT q.session_id, q.id, a.registration_id, q.asked_at + interval '8 minutes' "
    "  FROM question q "
    "  JOIN attendance a ON a.session_id = q.session_id AND a.attended AND "
    "a.registration_id <> q.registration_id "
    " WHERE q.organisation_id = $1 AND q.state IN ('approved', 'answered') "
    "   AND (get_byte(uuid_send(a.registration_id), 3) + length(q.text)) % 4 = 0 ";

static const char POLLS[] =
    "INSERT INTO poll (organisation_id, session_id, position, question, choice, state, "
    "results_shown, "
    "        opened_at, closed_at, created_at) "
    "SELECT $1, s.id, p.position, p.question, p.choice, "
    "       CASE s.state WHEN 'ended' THEN 'closed' ELSE 'draft' END, s.state = 'ended', "
    "       CASE s.state WHEN 'ended' THEN s.live_at + p.position * interval '15 minutes' END, "
    "       CASE s.state WHEN 'ended' THEN s.live_at + p.position * interval '15 minutes' "
    "        + interval '3 minutes' END, "
    "       s.created_at "
    "  FROM session s JOIN (VALUES "
    "   ('lobby', 1, 'Combien de patients insuffisants cardiaques suivez-vous chaque mois "
    "?', 'single'), "
    "   ('lobby', 2, 'Quels freins rencontrez-vous à la titration ?', 'multiple'), "
    "   ('ended', 1, 'Pratiquez-vous le dépistage opportuniste par la prise du pouls ?', "
    "'single'), "
    "   ('ended', 2, 'Quels outils utilisez-vous pour le suivi ?', 'multiple')) "
    "   p (state, position, question, choice) ON p.state = s.state "
    " WHERE s.organisation_id = $1 ";

static const char OPTIONS[] =
    "INSERT INTO poll_option (poll_id, position, text) "
    "SELECT p.id, o.position, o.text FROM poll p JOIN session s ON s.id = p.session_id "
    "  JOIN (VALUES "
    "   ('lobby', 1, ARRAY['Moins de 5', 'De 5 à 15', 'De 16 à 30', 'Plus de 30']), "
    "   ('lobby', 2, ARRAY['La pression artérielle', 'La fonction rénale', 'Le manque de "
    "temps', 'La coordination avec l’hôpital', 'Aucun']), "
    "   ('ended', 1, ARRAY['À chaque consultation', 'Chez les plus de 65 ans', 'Rarement', "
    "'Jamais']), "
    "   ('ended', 2, ARRAY['Carnet papier', 'Application du patient', 'Télésurveillance', "
    "'Aucun'])) "
    "   t (state, position, texts) ON t.state = s.state AND t.position = p.position "
    " CROSS JOIN LATERAL unnest(t.texts) WITH ORDINALITY o (text, position) "
    " WHERE p.organisation_id = $1 ";

static const char VOTES[] =
    "INSERT INTO poll_vote (session_id, poll_id, registration_id, choices, at) "
    "SELECT p.session_id, p.id, a.registration_id, "
    "       CASE p.choice WHEN 'single' THEN (ARRAY[1, 2, 2, 2, 4, 1, 2, 8])[1 + b % 8] "
    "        ELSE (ARRAY[1, 3, 6, 2, 4, 6, 8, 5])[1 + b % 8] END, "
    "       p.opened_at + (5 + b % 120) * interval '1 second' "
    "  FROM poll p "
    "  JOIN attendance a ON a.session_id = p.session_id AND a.attended "
    " CROSS JOIN LATERAL (SELECT get_byte(uuid_send(a.registration_id), 5) AS b) x "
    " WHERE p.organisation_id = $1 AND p.state = 'closed' AND b % 9 <> 0 ";

static const char EVENTS[] =
    "SELECT session_append_event(e.id, e.type, 1, 31, NULL, e.payload, e.at) FROM ( "
    " SELECT id, 'session.started' AS type, live_at AS at, "
    "        jsonb_build_object('version', 1, 'live_at', json_time(live_at)) AS payload "
    "   FROM session WHERE organisation_id = $1 AND state = 'ended' "
    " UNION ALL "
    " SELECT p.session_id, 'poll.closed', p.closed_at, "
    "        jsonb_build_object('id', p.id, 'closed_at', json_time(p.closed_at), "
    "                           'tally', poll_tally(p.id)) "
    "   FROM poll p WHERE p.organisation_id = $1 AND p.state = 'closed' "
    " UNION ALL "
    " SELECT id, 'session.ended', ended_at, jsonb_build_object('version', 2, 'ended_at', "
    "json_time(ended_at)) "
    "   FROM session WHERE organisation_id = $1 AND state = 'ended' "
    " ORDER BY 3) e ";

static const char MARK[] = "INSERT INTO sample (organisation_id, loaded_at) VALUES ($1, $2) ";

static const char AUDIT[] =
    "SELECT audit($1, $2, 'system', NULL, 'sample.load', 'organisation', $1) ";

const char *const sample_past[] = {NODE,  SPANS,  QUESTIONS, QUESTION_VOTES, POLLS, OPTIONS,
                                   VOTES, EVENTS, MARK,      AUDIT,          NULL};
