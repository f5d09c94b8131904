-- The sample's organisation, its staff, and its two congresses: one to come, one that has ended. All names
-- and numbers are invented. amphi.now is the time of loading; times of day are those of Paris.

DO $$
DECLARE
    p_now timestamptz := current_setting('amphi.now');
    p_organisation uuid := gen_random_uuid();
BEGIN
    INSERT INTO organisation (id, name, contact_email, privacy_notice_fr, privacy_notice_en, created_at)
    VALUES (p_organisation, 'Laboratoire Exemple', 'contact@example.org',
            'Laboratoire Exemple (organisation inventée pour la démonstration) utilise vos données pour gérer '
            'votre inscription, votre participation et, si vous l’acceptez, pour vous informer de ses prochains '
            'événements. Vous pouvez demander l’accès à vos données, leur rectification ou leur effacement à '
            'contact@example.org.',
            'Laboratoire Exemple (an organisation invented for this demonstration) uses your data to manage your '
            'registration and your participation and, if you agree, to tell you about its coming events. You may '
            'ask to see, correct or erase your data at contact@example.org.',
            p_now - interval '60 days');
    INSERT INTO sample (organisation_id, loaded_at) VALUES (p_organisation, p_now);
    PERFORM audit(p_organisation, p_now, 'system', NULL, 'sample.load', 'organisation', p_organisation);

    INSERT INTO consent_text (organisation_id, kind, version, text_fr, text_en, created_at)
    VALUES (p_organisation, 'participation', 1,
            'J’accepte que Laboratoire Exemple traite mes données pour mon inscription et ma participation à ce '
            'congrès.',
            'I agree that Laboratoire Exemple processes my data for my registration and participation in this '
            'congress.', p_now - interval '60 days'),
           (p_organisation, 'contact', 1,
            'J’accepte d’être informé(e) par e-mail des prochains événements de Laboratoire Exemple.',
            'I agree to be informed by e-mail about upcoming events of Laboratoire Exemple.',
            p_now - interval '60 days');

    WITH staff (email, name, role) AS (VALUES
        ('organisation@example.org', 'Camille Organisatrice', 'organiser'),
        ('animation@example.org', 'Hugo Animateur', 'host'),
        ('moderation@example.org', 'Maya Modératrice', 'moderator'),
        -- whom a program plays (make speaker): host, too, so that it comes on the stage by itself
        ('synthese@example.org', 'Dr Sacha Synthèse', 'speaker'),
        ('synthese@example.org', 'Dr Sacha Synthèse', 'host')),
    a AS (
        INSERT INTO account (organisation_id, email, name, language, created_at)
        SELECT DISTINCT p_organisation, email, name, 'fr', p_now - interval '60 days' FROM staff
        RETURNING id, email)
    INSERT INTO role_grant (organisation_id, account_id, role, granted_at)
    SELECT p_organisation, a.id, staff.role, p_now - interval '60 days' FROM a JOIN staff USING (email);

    -- All of them have been here since they were invited, and have signed out.
    INSERT INTO sign_in (token_hash, organisation_id, account_id, via, created_at, seen_at, expires_at, revoked_at)
    SELECT sha256(convert_to(gen_random_uuid()::text, 'UTF8')), p_organisation, id, 'invite', t.at, t.at,
           t.at + interval '7 days', t.at + interval '2 hours'
      FROM account CROSS JOIN (SELECT p_now - interval '59 days' AS at) t WHERE organisation_id = p_organisation;

    WITH c AS (
        INSERT INTO congress (organisation_id, title, description, language, time_zone, created_at)
        VALUES (p_organisation, 'Insuffisance cardiaque : actualités 2026',
                'Dépistage, titration et suivi partagé entre la ville et l’hôpital : ce qui change dans la '
                'pratique. Congrès inventé pour la démonstration.', 'fr', 'Europe/Paris',
                p_now - interval '30 days'),
               (p_organisation, 'Fibrillation atriale : du dépistage au suivi',
                'Retour d’expérience sur le dépistage opportuniste et l’éducation du patient. Congrès inventé '
                'pour la démonstration.', 'fr', 'Europe/Paris', p_now - interval '55 days')
        RETURNING id, title, description),
    h AS (
        INSERT INTO hall (organisation_id, congress_id, name)
        SELECT p_organisation, id, 'Amphithéâtre' FROM c
        RETURNING id, congress_id)
    INSERT INTO session (organisation_id, congress_id, hall_id, title, description, language, starts_at,
                         planned_minutes, capacity, listen_at, state, live_at, ended_at, version, created_at)
    SELECT p_organisation, c.id, h.id, c.title, c.description, 'fr', t.starts_at, 60, 500,
           'Téléphone : +33 1 99 00 12 34, code 2026#', t.state, t.live_at, t.ended_at,
           CASE t.state WHEN 'ended' THEN 2 ELSE 0 END, p_now - interval '30 days'
      FROM c JOIN h ON h.congress_id = c.id
     CROSS JOIN (SELECT (date_trunc('day', p_now AT TIME ZONE 'Europe/Paris') - interval '21 days'
                         + interval '18 hours 30 minutes') AT TIME ZONE 'Europe/Paris' AS at) past
      JOIN LATERAL (VALUES
            ('Insuffisance%', date_trunc('hour', p_now) + interval '90 minutes', 'lobby', NULL, NULL),
            ('Fibrillation%', past.at, 'ended', past.at + interval '2 minutes', past.at + interval '64 minutes'))
           t (title, starts_at, state, live_at, ended_at) ON c.title LIKE t.title;

    INSERT INTO target_profile (organisation_id, congress_id, name, position, goal_registrations, goal_attendees,
                                goal_participation_rate, universe, universe_source, created_at)
    SELECT p_organisation, c.id, p.name, p.position, p.registrations, p.attendees, p.rate, p.universe, p.source,
           c.created_at
      FROM congress c CROSS JOIN (VALUES
            ('Cardiologues hospitaliers', 1, 20, 14, 0.700, 2400, 'Nombre inventé pour la démonstration'),
            ('Médecins généralistes', 2, 25, 15, 0.600, 41000, 'Nombre inventé pour la démonstration'),
            ('Infirmiers', 3, 10, NULL, NULL, NULL, NULL))
           p (name, position, registrations, attendees, rate, universe, source)
     WHERE c.organisation_id = p_organisation;
    INSERT INTO target_profile_criterion (target_profile_id, position, mode, attribute, codes)
    SELECT p.id, k.position, 'all_of', k.attribute, k.codes
      FROM target_profile p JOIN (VALUES
            (1, 1, 'specialty', '{SM04}'::text[]),
            (1, 2, 'practice_setting', '{SA01,SA03,SA04}'),
            (2, 1, 'specialty', '{SM54}'),
            (3, 1, 'profession', '{60}'))
           k (profile, position, attribute, codes) ON k.profile = p.position
     WHERE p.organisation_id = p_organisation;

    INSERT INTO registration_link (organisation_id, congress_id, channel, label, code, created_at)
    SELECT p_organisation, c.id, l.channel, l.label,
           left(translate(md5(gen_random_uuid()::text), '01', 'xy'), 12), c.created_at
      FROM congress c CROSS JOIN (VALUES ('representative', 'Délégués Nord'), ('email', 'Invitation'),
            ('web_site', ''), ('social_network', ''), ('congress_desk', '')) l (channel, label)
     WHERE c.organisation_id = p_organisation;

    INSERT INTO poll (organisation_id, session_id, position, question, choice, state, results_shown, opened_at,
                      closed_at, created_at)
    SELECT p_organisation, s.id, p.position, p.question, p.choice,
           CASE s.state WHEN 'ended' THEN 'closed' ELSE 'draft' END, s.state = 'ended',
           s.live_at + p.position * interval '15 minutes',
           s.live_at + p.position * interval '15 minutes' + interval '3 minutes', s.created_at
      FROM session s JOIN (VALUES
            ('lobby', 1, 'Combien de patients insuffisants cardiaques suivez-vous chaque mois ?', 'single'),
            ('lobby', 2, 'Quels freins rencontrez-vous à la titration ?', 'multiple'),
            ('ended', 1, 'Pratiquez-vous le dépistage opportuniste par la prise du pouls ?', 'single'),
            ('ended', 2, 'Quels outils utilisez-vous pour le suivi ?', 'multiple'))
           p (state, position, question, choice) ON p.state = s.state
     WHERE s.organisation_id = p_organisation;
    INSERT INTO poll_option (poll_id, position, text)
    SELECT p.id, o.position, o.text
      FROM poll p JOIN session s ON s.id = p.session_id
      JOIN (VALUES
            ('lobby', 1, ARRAY['Moins de 5', 'De 5 à 15', 'De 16 à 30', 'Plus de 30']),
            ('lobby', 2, ARRAY['La pression artérielle', 'La fonction rénale', 'Le manque de temps',
                               'La coordination avec l’hôpital', 'Aucun']),
            ('ended', 1, ARRAY['À chaque consultation', 'Chez les plus de 65 ans', 'Rarement', 'Jamais']),
            ('ended', 2, ARRAY['Carnet papier', 'Application du patient', 'Télésurveillance', 'Aucun']))
           t (state, position, texts) ON t.state = s.state AND t.position = p.position
     CROSS JOIN LATERAL unnest(t.texts) WITH ORDINALITY o (text, position)
     WHERE p.organisation_id = p_organisation;

    INSERT INTO speaker (organisation_id, congress_id, name, affiliation, country, biography, created_at)
    SELECT p_organisation, c.id, p.name, p.affiliation, p.country, p.biography, p_now - interval '20 days'
      FROM congress c JOIN (VALUES
            ('Insuffisance%', 'Pr Inès Valmont', 'CHU de Port-Clair', 'France',
             'Cardiologue, elle dirige l’unité d’insuffisance cardiaque de son établissement et anime le réseau '
             'ville-hôpital de la région.'),
            ('Insuffisance%', 'Dr Malik Berthier', 'Maison de santé des Tilleuls', 'France',
             'Médecin généraliste, maître de stage, il suit une centaine de patients insuffisants cardiaques.'),
            ('Insuffisance%', 'Léa Quentin', 'Centre hospitalier de Montferrand-sur-Orb', 'France',
             'Infirmière en pratique avancée, elle a créé une consultation de titration partagée.'),
            ('Insuffisance%', 'Pr Tomás Herrera', 'Hospital del Puerto', 'Espagne', ''),
            ('Fibrillation%', 'Pr Inès Valmont', 'CHU de Port-Clair', 'France', ''),
            ('Fibrillation%', 'Dr Paul Achard', 'Clinique du Val d’Yeuse', 'France',
             'Rythmologue, il a conduit l’étude de dépistage présentée ici.'))
           p (congress, name, affiliation, country, biography) ON c.title LIKE p.congress
     WHERE c.organisation_id = p_organisation;
    INSERT INTO talk (id, organisation_id, session_id, position, title, abstract, start_minute, minutes)
    SELECT gen_random_uuid(), p_organisation, s.id, t.position, t.title, t.abstract, t.start_minute, t.minutes
      FROM session s JOIN (VALUES
            ('lobby', 1, 'Dépister plus tôt : qui, quand, comment ?',
             'Signes d’appel, dosage des peptides natriurétiques et place de l’échographie en ville : un parcours '
             'en trois étapes, illustré par deux cas.', 5, 15),
            ('lobby', 2, 'Titrer à plusieurs : la consultation partagée',
             'Qui ajuste quoi, et à quel rythme ? Retour sur deux ans de protocole entre médecins et infirmières.',
             20, 15),
            ('lobby', 3, 'Table ronde : la coordination ville-hôpital', '', 35, 25),
            ('ended', 1, 'Prise du pouls et montres connectées : ce qui marche', '', 5, 25),
            ('ended', 2, 'Éduquer le patient anticoagulé', '', 30, 30))
           t (state, position, title, abstract, start_minute, minutes) ON t.state = s.state
     WHERE s.organisation_id = p_organisation;
    -- talk 0: the session as a whole
    INSERT INTO session_speaker (organisation_id, session_id, talk_id, speaker_id, position, role)
    SELECT p_organisation, s.id, t.id, p.id, r.position, r.role
      FROM session s JOIN (VALUES
            ('lobby', 0, 1, 'Pr Inès Valmont', 'chair'),
            ('lobby', 1, 1, 'Pr Inès Valmont', 'speaker'),
            ('lobby', 2, 1, 'Léa Quentin', 'speaker'),
            ('lobby', 2, 2, 'Dr Malik Berthier', 'speaker'),
            ('lobby', 3, 1, 'Dr Malik Berthier', 'moderator'),
            ('lobby', 3, 2, 'Léa Quentin', 'panellist'),
            ('lobby', 3, 3, 'Pr Tomás Herrera', 'panellist'),
            ('ended', 0, 1, 'Pr Inès Valmont', 'moderator'),
            ('ended', 1, 1, 'Dr Paul Achard', 'speaker'),
            ('ended', 2, 1, 'Pr Inès Valmont', 'speaker'))
           r (state, talk, position, name, role) ON r.state = s.state
      JOIN speaker p ON p.congress_id = s.congress_id AND p.name = r.name
      LEFT JOIN talk t ON t.session_id = s.id AND t.position = r.talk
     WHERE s.organisation_id = p_organisation;
END $$;
