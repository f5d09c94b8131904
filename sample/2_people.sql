-- Sixty HCPs, hcp01@example.org to hcp60@example.org, registered at both congresses.

DO $$
DECLARE
    p_now timestamptz := current_setting('amphi.now');
    p_organisation uuid := (SELECT organisation_id FROM sample);
BEGIN
    INSERT INTO hcp (organisation_id, email, first_name, last_name, created_at)
    SELECT p_organisation, 'hcp' || to_char(i, 'FM00') || '@example.org',
           (ARRAY['Alix', 'Bastien', 'Chloé', 'Damien', 'Élise', 'Farid', 'Gaëlle', 'Hervé', 'Inès', 'Jules',
                  'Karima', 'Louis', 'Manon', 'Nadia', 'Olivier', 'Pauline', 'Quentin'])[1 + i % 17],
           (ARRAY['Valfictif', 'Imaginot', 'Desexemples', 'Faussart', 'Maquettin', 'Modelon', 'Démontrin',
                  'Spécimel', 'Bacassable', 'Échantillet', 'Prototypin', 'Figurin', 'Hypothésard', 'Placebert',
                  'Chimérin', 'Utopiet', 'Fabulin', 'Fantasin', 'Songeron'])[1 + i % 19],
           p_now - interval '55 days'
      FROM generate_series(1, 60) i;

    WITH person AS (
        SELECT h.id, i, CASE WHEN i <= 44 THEN '10' WHEN i <= 56 THEN '60' ELSE '21' END AS profession,
               CASE WHEN i <= 24 THEN 'SM04'
                    WHEN i <= 44 THEN (ARRAY['SM54', 'SM26', 'SM53'])[1 + i % 3] END AS specialty,
               CASE WHEN i <= 24 THEN (ARRAY['SA01', 'SA01', 'SA04', 'SA01', 'SA08', 'SA03'])[1 + i % 6]
                    WHEN i <= 44 THEN (ARRAY['SA08', 'SA07', 'SA52', 'SA05'])[1 + i % 4]
                    WHEN i <= 56 THEN (ARRAY['SA01', 'SA07', 'SA52'])[1 + i % 3]
                    ELSE 'SA33' END AS setting,
               (ARRAY['11', '11', '84', '93', '76', '75', '44', '32', '53', '52', '28', '27', '24',
                      '04'])[1 + i * 5 % 14] AS region,
               (ARRAY['35_44', '45_54', 'under_35', '55_64', '45_54', '35_44', '65_or_over'])[1 + i * 3 % 7] AS age,
               (ARRAY['email', 'representative', 'email', 'web_site', 'social_network',
                      'congress_desk'])[1 + i * 5 % 6] AS channel
          FROM generate_series(1, 60) i
          JOIN hcp h ON h.organisation_id = p_organisation AND h.email = 'hcp' || to_char(i, 'FM00') || '@example.org')
    INSERT INTO registration (organisation_id, congress_id, hcp_id, link_id, channel, language, state, profession,
                              specialty, practice_setting, region, age_band, registered_at, cancelled_at,
                              confirmed_at)
    SELECT p_organisation, s.congress_id, p.id, l.id, p.channel, 'fr',
           CASE WHEN p.i % 29 = 7 THEN 'cancelled' ELSE 'registered' END, p.profession, p.specialty, p.setting,
           p.region, p.age, t.at, CASE WHEN p.i % 29 = 7 THEN t.at + interval '2 hours' END,
           CASE WHEN p.i % 5 <> 0 THEN t.at + interval '9 minutes' END
      FROM session s CROSS JOIN person p
      JOIN registration_link l ON l.congress_id = s.congress_id AND l.channel = p.channel
     CROSS JOIN LATERAL (SELECT least(s.starts_at, p_now) - interval '1 hour'
                                - (p.i * 7 % 60) * interval '7 hours 13 minutes' AS at) t
     WHERE s.organisation_id = p_organisation;

    INSERT INTO registration_consent (registration_id, organisation_id, kind, version, language, given, at)
    SELECT r.id, p_organisation, k.kind, 1, 'fr',
           k.kind = 'participation' OR length(r.region || r.age_band) % 2 = 0, r.registered_at
      FROM registration r CROSS JOIN (VALUES ('participation'), ('contact')) k (kind)
     WHERE r.organisation_id = p_organisation;

    INSERT INTO hcp_attributes (organisation_id, hcp_id, source, profession, specialty, practice_setting, region,
                                age_band, at)
    SELECT DISTINCT ON (r.hcp_id) p_organisation, r.hcp_id, 'declared', r.profession, r.specialty,
           r.practice_setting, r.region, r.age_band, r.registered_at
      FROM registration r WHERE r.organisation_id = p_organisation
     ORDER BY r.hcp_id, r.registered_at DESC;

    PERFORM match_congress(id) FROM congress WHERE organisation_id = p_organisation;
END $$;
