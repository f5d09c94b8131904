/* The sample's organisation, congresses and people. Every statement takes the organisation's id and
 * the time of loading; all names and numbers are invented. */
#include "sample_store.h"

static const char ORGANISATION[] =
    "INSERT INTO organisation (id, name, contact_email, privacy_notice_fr, "
    "privacy_notice_en, created_at) "
    "VALUES ($1, 'Laboratoire Exemple', 'contact@example.org', "
    " 'Laboratoire Exemple (organisation inventée pour la démonstration) utilise vos "
    "données pour gérer votre inscription, votre participation et, si vous l’acceptez, "
    "pour vous informer de ses prochains événements. Vous pouvez demander l’accès à vos "
    "données, leur rectification ou leur effacement à contact@example.org.', "
    " 'Laboratoire Exemple (an organisation invented for this demonstration) uses your "
    "data to manage your registration and your participation and, if you agree, to tell "
    "you about its coming events. You may ask to see, correct or erase your data at "
    "contact@example.org.', "
    " $2::timestamptz - interval '60 days') ";

static const char CONSENTS[] =
    "INSERT INTO consent_text (organisation_id, kind, version, text_fr, text_en, created_at) "
    "SELECT $1, kind, 1, fr, en, $2::timestamptz - interval '60 days' FROM (VALUES "
    " ('participation', "
    "  'J’accepte que Laboratoire Exemple traite mes données pour mon inscription et ma "
    "participation à ce congrès.', "
    "  'I agree that Laboratoire Exemple processes my data for my registration and "
    "participation in this congress.'), "
    " ('contact', "
    "  'J’accepte d’être informé(e) par e-mail des prochains événements de Laboratoire "
    "Exemple.', "
    "  'I agree to be informed by e-mail about upcoming events of Laboratoire Exemple.')) t "
    "(kind, fr, en) ";

static const char ACCOUNTS[] =
    "WITH a AS ( "
    " INSERT INTO account (organisation_id, email, name, language, created_at) "
    " SELECT $1, email, name, 'fr', $2::timestamptz - interval '60 days' FROM (VALUES "
    "  ('organisation@example.org', 'Camille Organisatrice'), ('animation@example.org', "
    "'Hugo Animateur'), "
    "  ('moderation@example.org', 'Maya Modératrice')) t (email, name) "
    " RETURNING id, email) "
    "INSERT INTO role_grant (organisation_id, account_id, role, granted_at) "
    "SELECT $1, a.id, r.role, $2::timestamptz - interval '60 days' FROM a JOIN (VALUES "
    " ('organisation@example.org', 'organiser'), ('animation@example.org', 'host'), "
    " ('moderation@example.org', 'moderator')) r (email, role) ON r.email = a.email ";

static const char CONGRESSES[] =
    "WITH c AS ( "
    " INSERT INTO congress (organisation_id, title, description, language, time_zone, "
    "created_at) "
    " SELECT $1, title, description, 'fr', 'Europe/Paris', $2::timestamptz - days * "
    "interval '1 day' FROM (VALUES "
    "  ('Insuffisance cardiaque : actualités 2026', "
    "   'Dépistage, titration et suivi partagé entre la ville et l’hôpital : ce qui change "
    "dans la pratique. Congrès inventé pour la démonstration.', 30), "
    "  ('Fibrillation atriale : du dépistage au suivi', "
    "   'Retour d’expérience sur le dépistage opportuniste et l’éducation du patient. "
    "Congrès inventé pour la démonstration.', 55)) "
    "  t (title, description, days) "
    " RETURNING id, title, description), "
    "r AS ( "
    " INSERT INTO hall (organisation_id, congress_id, name) SELECT $1, id, 'Amphithéâtre' "
    "FROM c "
    " RETURNING id, congress_id) "
    "INSERT INTO session (organisation_id, congress_id, hall_id, title, description, "
    "language, starts_at, "
    "        planned_minutes, capacity, listen_at, state, live_at, ended_at, version, "
    "created_at) "
    "SELECT $1, c.id, r.id, c.title, c.description, 'fr', starts_at, 60, 500, "
    "       'Téléphone : +33 1 99 00 12 34, code 2026#', state, live_at, ended_at, "
    "       CASE state WHEN 'ended' THEN 2 ELSE 0 END, $2::timestamptz - interval '30 days' "
    "  FROM c JOIN r ON r.congress_id = c.id "
    " CROSS JOIN (SELECT (date_trunc('day', $2::timestamptz AT TIME ZONE 'Europe/Paris') "
    "     - interval '21 days' + interval '18 hours 30 minutes') AT TIME ZONE 'Europe/Paris' "
    "AS at) past "
    "  JOIN LATERAL (VALUES "
    "   ('Insuffisance%', date_trunc('hour', $2::timestamptz) + interval '90 minutes', "
    "'lobby', NULL, NULL), "
    "   ('Fibrillation%', past.at, 'ended', past.at + interval '2 minutes', "
    "past.at + interval '64 minutes')) t "
    "   (like_title, starts_at, state, live_at, ended_at) ON c.title LIKE t.like_title ";

static const char PROFILES[] =
    "INSERT INTO target_profile (organisation_id, congress_id, name, position, "
    "goal_registrations, "
    "  goal_attendees, goal_participation_rate, universe, universe_source, created_at) "
    "SELECT $1, c.id, p.name, p.position, p.registrations, p.attendees, p.rate, "
    "p.universe, p.source, "
    "       c.created_at "
    "  FROM congress c CROSS JOIN (VALUES "
    "   ('Cardiologues hospitaliers', 1, 20, 14, 0.700, 2400, 'Nombre inventé pour la "
    "démonstration'), "
    "   ('Médecins généralistes', 2, 25, 15, 0.600, 41000, 'Nombre inventé pour la "
    "démonstration'), "
    "   ('Infirmiers', 3, 10, NULL, NULL, NULL, NULL)) "
    "   p (name, position, registrations, attendees, rate, universe, source) "
    " WHERE c.organisation_id = $1 ";

static const char CRITERIA[] =
    "INSERT INTO target_profile_criterion (target_profile_id, position, mode, attribute, "
    "codes) "
    "SELECT p.id, k.position, 'all_of', k.attribute, k.codes "
    "  FROM target_profile p JOIN (VALUES "
    "   (1, 1, 'specialty', '{SM04}'::text[]), (1, 2, 'practice_setting', '{SA01,SA03,SA04}'), "
    "   (2, 1, 'specialty', '{SM54}'), (3, 1, 'profession', '{60}')) "
    "   k (profile, position, attribute, codes) ON k.profile = p.position "
    " WHERE p.organisation_id = $1 ";

static const char LINKS[] =
    "INSERT INTO registration_link (organisation_id, congress_id, channel, label, code, "
    "created_at) "
    "SELECT $1, c.id, l.channel, l.label, "
    "       left(translate(md5(gen_random_uuid()::text), '01', 'xy'), 12), "
    "       c.created_at "
    "  FROM congress c CROSS JOIN (VALUES ('representative', 'Délégués Nord'), ('email', "
    "'Invitation'), "
    "   ('web_site', ''), ('social_network', ''), ('congress_desk', '')) l (channel, label) "
    " WHERE c.organisation_id = $1 ";

static const char PEOPLE[] =
    "INSERT INTO hcp (organisation_id, email, first_name, last_name, created_at) "
    "SELECT $1, 'hcp' || to_char(i, 'FM00') || '@example.org', "
    "       (ARRAY['Alix','Bastien','Chloé','Damien','Élise','Farid','Gaëlle','Hervé','Inè"
    "s','Jules','Karima', "
    "        'Louis','Manon','Nadia','Olivier','Pauline','Quentin'])[1 + i % 17], "
    "       (ARRAY['Valfictif','Imaginot','Desexemples','Faussart','Maquettin','Modelon','"
    "Démontrin','Spécimel', "
    "        'Bacassable','Échantillet','Prototypin','Figurin','Hypothésard','Placebert','"
    "Chimérin', "
    "        'Utopiet','Fabulin','Fantasin','Songeron'])[1 + i % 19], "
    "       $2::timestamptz - interval '55 days' "
    "  FROM generate_series(1, 60) i ";

static const char REGISTRATIONS[] =
    "WITH person AS ( "
    " SELECT h.id, i, CASE WHEN i <= 44 THEN '10' WHEN i <= 56 THEN '60' ELSE '21' END AS "
    "profession, "
    "        CASE WHEN i <= 24 THEN 'SM04' WHEN i <= 44 THEN "
    "(ARRAY['SM54','SM26','SM53'])[1 + i % 3] END "
    "        AS specialty, "
    "        CASE WHEN i <= 24 THEN (ARRAY['SA01','SA01','SA04','SA01','SA08','SA03'])[1 + "
    "i % 6] "
    "        WHEN i <= 44 THEN (ARRAY['SA08','SA07','SA52','SA05'])[1 + i % 4] "
    "        WHEN i <= 56 THEN (ARRAY['SA01','SA07','SA52'])[1 + i % 3] ELSE 'SA33' END AS "
    "setting, "
    "        (ARRAY['11','11','84','93','76','75','44','32','53','52','28','27','24','04']"
    ")[1 + i * 5 % 14] "
    "        AS region, "
    "        (ARRAY['35_44','45_54','under_35','55_64','45_54','35_44','65_or_over'])[1 + "
    "i * 3 % 7] AS age, "
    "        (ARRAY['email','representative','email','web_site','social_network','congress"
    "_desk'])[1 + i * 5 % 6] "
    "        AS channel "
    "   FROM generate_series(1, 60) i "
    "   JOIN hcp h ON h.organisation_id = $1 AND h.email = 'hcp' || to_char(i, 'FM00') || "
    "'@example.org') "
    "INSERT INTO registration (organisation_id, congress_id, hcp_id, link_id, channel, "
    "language, state, "
    "  profession, specialty, practice_setting, region, age_band, registered_at, "
    "cancelled_at, confirmed_at) "
    "SELECT $1, s.congress_id, p.id, l.id, p.channel, 'fr', "
    "       CASE WHEN p.i % 29 = 7 THEN 'cancelled' ELSE 'registered' END, p.profession, "
    "p.specialty, "
    "       p.setting, p.region, p.age, t.at, "
    "       CASE WHEN p.i % 29 = 7 THEN t.at + interval '2 hours' END, "
    "       CASE WHEN p.i % 5 <> 0 THEN t.at + interval '9 minutes' END "
    "  FROM session s CROSS JOIN person p "
    "  JOIN registration_link l ON l.congress_id = s.congress_id AND l.channel = p.channel "
    " CROSS JOIN LATERAL (SELECT least(s.starts_at, $2::timestamptz) - interval '1 hour' "
    "        - (p.i * 7 % 60) * interval '7 hours 13 minutes' AS at) t "
    " WHERE s.organisation_id = $1 ";

static const char GIVEN_CONSENTS[] =
    "INSERT INTO registration_consent (registration_id, organisation_id, kind, version, "
    "language, given, at) "
    "SELECT r.id, $1, k.kind, 1, 'fr', k.kind = 'participation' OR length(r.region || "
    "r.age_band) % 2 = 0, "
    "       r.registered_at "
    "  FROM registration r CROSS JOIN (VALUES ('participation'), ('contact')) k (kind) "
    " WHERE r.organisation_id = $1 ";

static const char ATTRIBUTES[] =
    "INSERT INTO hcp_attributes (organisation_id, hcp_id, source, profession, specialty, "
    "practice_setting, "
    "        region, age_band, at) "
    "SELECT DISTINCT ON (r.hcp_id) $1, r.hcp_id, 'declared', r.profession, r.specialty, "
    "r.practice_setting, "
    "       r.region, r.age_band, r.registered_at "
    "  FROM registration r WHERE r.organisation_id = $1 "
    " ORDER BY r.hcp_id, r.registered_at DESC ";

static const char MATCH[] = "SELECT match_congress(id) FROM congress WHERE organisation_id = $1 ";

const char *const sample_people[] = {
    ORGANISATION, CONSENTS,      ACCOUNTS,       CONGRESSES, PROFILES, CRITERIA, LINKS,
    PEOPLE,       REGISTRATIONS, GIVEN_CONSENTS, ATTRIBUTES, MATCH,    NULL};
