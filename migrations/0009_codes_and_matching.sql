-- Code lists, and the match between registrations and target profiles.
--
-- Professions, specialties and practice settings are the French national health code lists of the
-- Agence du Numérique en Santé (ANS), from https://github.com/ansforge/IG-NOS, folder ig/allNos2:
-- TRE-G15-ProfessionSante (2021-12-17), TRE-R38-SpecialiteOrdinale (2022-08-26) and
-- TRE-R02-SecteurActivite (2023-03-31). French labels are theirs, less the suffixes that name the
-- list; English labels are ours. Codes that ANS has ended are kept inactive. Regions are the INSEE
-- codes; age bands and channels are our own.
--
-- position is the order in which people are offered the codes: the most common first, then by name.

INSERT INTO code (list, code, label_fr, label_en, position, active, grouped_as) VALUES
    ('profession', '10', 'Médecin', 'Physician', 1, true, NULL),
    ('profession', '60', 'Infirmier', 'Nurse', 2, true, NULL),
    ('profession', '21', 'Pharmacien', 'Pharmacist', 3, true, NULL),
    ('profession', '50', 'Sage-Femme', 'Midwife', 4, true, NULL),
    ('profession', '40', 'Chirurgien-Dentiste', 'Dental surgeon', 5, true, NULL),
    ('profession', '70', 'Masseur-Kinésithérapeute', 'Physiotherapist', 6, true, NULL),
    ('profession', '95', 'Diététicien', 'Dietitian', 7, true, NULL),
    ('profession', '94', 'Ergothérapeute', 'Occupational therapist', 8, true, NULL),
    ('profession', '91', 'Orthophoniste', 'Speech and language therapist', 9, true, NULL),
    ('profession', '92', 'Orthoptiste', 'Orthoptist', 10, true, NULL),
    ('profession', '96', 'Psychomotricien', 'Psychomotor therapist', 11, true, NULL),
    ('profession', '93', 'Psychologue', 'Psychologist', 12, false, NULL),
    ('profession', '80', 'Pédicure-Podologue', 'Podiatrist', 13, true, NULL),
    ('profession', '98', 'Manipulateur ERM', 'Medical radiographer', 14, true, NULL),
    ('profession', '86', 'Technicien de labo médical',
     'Medical laboratory technician', 15, true, NULL),
    ('profession', '39', 'Préparateur en pharmacie', 'Pharmacy technician', 16, true, NULL),
    ('profession', '38', 'Préparateur en pharmacie hospitalière',
     'Hospital pharmacy technician', 17, true, NULL),
    ('profession', '35', 'Aide-soignant', 'Nursing assistant', 18, true, NULL),
    ('profession', '37', 'Auxiliaire de puériculture',
     'Childcare nursing assistant', 19, true, NULL),
    ('profession', '31', 'Assistant dentaire', 'Dental assistant', 20, true, NULL),
    ('profession', '69', 'Infirmier psychiatrique', 'Psychiatric nurse', 21, true, NULL),
    ('profession', '32', 'Physicien médical', 'Medical physicist', 22, true, NULL),
    ('profession', '26', 'Audioprothésiste', 'Hearing aid audiologist', 23, true, NULL),
    ('profession', '28', 'Opticien-Lunetier', 'Dispensing optician', 24, true, NULL),
    ('profession', '36', 'Ambulancier', 'Ambulance driver', 25, true, NULL),
    ('profession', '81', 'Orthoprothésiste', 'Orthotist-prosthetist', 26, true, NULL),
    ('profession', '82', 'Podo-Orthésiste', 'Orthopaedic footwear specialist', 27, true, NULL),
    ('profession', '83', 'Orthopédiste-Orthésiste', 'Orthotist (bandagist)', 28, true, NULL),
    ('profession', '84', 'Oculariste', 'Ocularist', 29, true, NULL),
    ('profession', '85', 'Epithésiste', 'Epithesis maker (facial prosthetist)', 30, true, NULL);

INSERT INTO code (list, code, label_fr, label_en, position, active, grouped_as) VALUES
    ('specialty', 'SM54', 'Médecine générale', 'General practice', 1, true, NULL),
    ('specialty', 'SM57', 'Allergologie', 'Allergology', 2, true, NULL),
    ('specialty', 'SM01', 'Anatomie et Cytologie pathologiques',
     'Pathology (anatomical and cytological)', 3, true, NULL),
    ('specialty', 'SM02', 'Anesthésie-réanimation',
     'Anaesthesia and intensive care', 4, true, NULL),
    ('specialty', 'SM03', 'Biologie médicale', 'Laboratory medicine', 5, true, NULL),
    ('specialty', 'SM66', 'Biologie médicale option agents infectieux',
     'Laboratory medicine, infectious agents option', 6, true, NULL),
    ('specialty', 'SM67', 'Biologie médicale option biologie de la reproduction',
     'Laboratory medicine, reproductive biology option', 7, true, NULL),
    ('specialty', 'SM63', 'Biologie médicale option biologie générale',
     'Laboratory medicine, general biology option', 8, true, NULL),
    ('specialty', 'SM65', 'Biologie médicale option hématologie et immunologie',
     'Laboratory medicine, haematology and immunology option', 9, true, NULL),
    ('specialty', 'SM64', 'Biologie médicale option médecine moléculaire, génétique et pharmacologie',
     'Laboratory medicine, molecular medicine, genetics and pharmacology option', 10, true, NULL),
    ('specialty', 'SM04', 'Cardiologie et Maladies vasculaires',
     'Cardiology and vascular diseases', 11, true, NULL),
    ('specialty', 'SM05', 'Chirurgie générale', 'General surgery', 12, true, NULL),
    ('specialty', 'SM09', 'Chirurgie infantile', 'Paediatric surgery', 13, true, NULL),
    ('specialty', 'SM06', 'Chirurgie maxillo-faciale', 'Maxillofacial surgery', 14, true, NULL),
    ('specialty', 'SM68', 'Chirurgie maxillo-faciale (réforme 2017)',
     'Maxillofacial surgery (2017 reform)', 15, true, 'SM06'),
    ('specialty', 'SM07', 'Chirurgie maxillo-faciale et Stomatologie',
     'Maxillofacial surgery and stomatology', 16, true, NULL),
    ('specialty', 'SM56', 'Chirurgie orale (médecin)',
     'Oral surgery (physician)', 17, true, NULL),
    ('specialty', 'SM08', 'Chirurgie orthopédique et Traumatologie',
     'Orthopaedic surgery and traumatology', 18, true, NULL),
    ('specialty', 'SM69', 'Chirurgie pédiatrique option chirurgie viscérale pédiatrique',
     'Paediatric surgery, visceral surgery option', 19, true, NULL),
    ('specialty', 'SM70', 'Chirurgie pédiatrique option orthopédie pédiatrique',
     'Paediatric surgery, orthopaedics option', 20, true, NULL),
    ('specialty', 'SM10', 'Chirurgie plastique reconstructrice et esthétique',
     'Plastic, reconstructive and aesthetic surgery', 21, true, NULL),
    ('specialty', 'SM11', 'Chirurgie thoracique et cardio-vasculaire',
     'Thoracic and cardiovascular surgery', 22, true, NULL),
    ('specialty', 'SM12', 'Chirurgie urologique', 'Urological surgery', 23, true, NULL),
    ('specialty', 'SM13', 'Chirurgie vasculaire', 'Vascular surgery', 24, true, NULL),
    ('specialty', 'SM14', 'Chirurgie viscérale et digestive',
     'Visceral and digestive surgery', 25, true, NULL),
    ('specialty', 'SM15', 'Dermatologie et Vénéréologie',
     'Dermatology and venereology', 26, true, NULL),
    ('specialty', 'SM16', 'Endocrinologie et Métabolisme',
     'Endocrinology and metabolism', 27, true, 'SM62'),
    ('specialty', 'SM62', 'Endocrinologie, diabétologie, nutrition',
     'Endocrinology, diabetology and nutrition', 28, true, NULL),
    ('specialty', 'SM24', 'Gastro-entérologie et Hépatologie',
     'Gastroenterology and hepatology', 29, true, NULL),
    ('specialty', 'SM17', 'Génétique médicale', 'Medical genetics', 30, true, NULL),
    ('specialty', 'SM18', 'Gériatrie', 'Geriatrics', 31, true, NULL),
    ('specialty', 'SM52', 'Gynéco-obstétrique et Gynéco-médicale, option Gynéco-médicale',
     'Obstetrics and medical gynaecology, medical gynaecology option', 32, true, 'SM19'),
    ('specialty', 'SM51', 'Gynéco-obstétrique et Gynéco-médicale, option Gynéco-obstétrique',
     'Obstetrics and medical gynaecology, obstetrics option', 33, true, 'SM20'),
    ('specialty', 'SM19', 'Gynécologie médicale', 'Medical gynaecology', 34, true, NULL),
    ('specialty', 'SM20', 'Gynécologie-obstétrique',
     'Obstetrics and gynaecology', 35, true, NULL),
    ('specialty', 'SM21', 'Hématologie', 'Haematology', 36, true, NULL),
    ('specialty', 'SM71', 'Hématologie (réforme 2017)',
     'Haematology (2017 reform)', 37, true, 'SM21'),
    ('specialty', 'SM22', 'Hématologie, option Maladie du sang',
     'Haematology, blood diseases option', 38, true, NULL),
    ('specialty', 'SM23', 'Hématologie, option Onco-hématologie',
     'Haematology, haemato-oncology option', 39, true, NULL),
    ('specialty', 'SM58', 'Maladies infectieuses et tropicales',
     'Infectious and tropical diseases', 40, true, NULL),
    ('specialty', 'SM59', 'Médecine d''urgence', 'Emergency medicine', 41, true, NULL),
    ('specialty', 'SM25', 'Médecine du travail', 'Occupational medicine', 42, true, NULL),
    ('specialty', 'SM46', 'Médecine intensive-réanimation',
     'Intensive care medicine', 43, true, NULL),
    ('specialty', 'SM27', 'Médecine interne', 'Internal medicine', 44, true, 'SM72'),
    ('specialty', 'SM72', 'Médecine interne et immunologie clinique',
     'Internal medicine and clinical immunology', 45, true, NULL),
    ('specialty', 'SM60', 'Médecine légale et expertises médicales',
     'Forensic medicine and medical expertise', 46, true, NULL),
    ('specialty', 'SM28', 'Médecine nucléaire', 'Nuclear medicine', 47, true, NULL),
    ('specialty', 'SM29', 'Médecine physique et de réadaptation',
     'Physical medicine and rehabilitation', 48, true, NULL),
    ('specialty', 'SM61', 'Médecine vasculaire', 'Vascular medicine', 49, true, NULL),
    ('specialty', 'SM30', 'Néphrologie', 'Nephrology', 50, true, NULL),
    ('specialty', 'SM31', 'Neuro-chirurgie', 'Neurosurgery', 51, true, NULL),
    ('specialty', 'SM33', 'Neuro-psychiatrie', 'Neuropsychiatry', 52, true, NULL),
    ('specialty', 'SM32', 'Neurologie', 'Neurology', 53, true, NULL),
    ('specialty', 'SM36', 'Oncologie, option médicale', 'Medical oncology', 54, true, NULL),
    ('specialty', 'SM35', 'Oncologie, option Onco-hématologie',
     'Oncology, haemato-oncology option', 55, true, NULL),
    ('specialty', 'SM37', 'Oncologie, option radiothérapie',
     'Oncology, radiotherapy option', 56, true, NULL),
    ('specialty', 'SM38', 'Ophtalmologie', 'Ophthalmology', 57, true, NULL),
    ('specialty', 'SM34', 'ORL et Chirurgie cervico-faciale',
     'Otorhinolaryngology, head and neck surgery', 58, true, NULL),
    ('specialty', 'SM39', 'Oto-rhino-laryngologie', 'Otorhinolaryngology', 59, true, 'SM34'),
    ('specialty', 'SM40', 'Pédiatrie', 'Paediatrics', 60, true, NULL),
    ('specialty', 'SM41', 'Pneumologie', 'Respiratory medicine', 61, true, NULL),
    ('specialty', 'SM42', 'Psychiatrie', 'Psychiatry', 62, true, NULL),
    ('specialty', 'SM43', 'Psychiatrie, option enfant et adolescent',
     'Child and adolescent psychiatry', 63, true, NULL),
    ('specialty', 'SM26', 'Qualifié en Médecine générale',
     'General practice (qualified)', 64, true, 'SM54'),
    ('specialty', 'SM44', 'Radio-diagnostic', 'Diagnostic radiology', 65, true, NULL),
    ('specialty', 'SM55', 'Radio-diagnostic et Radio-thérapie',
     'Diagnostic radiology and radiotherapy', 66, true, NULL),
    ('specialty', 'SM45', 'Radio-thérapie', 'Radiotherapy', 67, true, NULL),
    ('specialty', 'SM47', 'Recherche médicale', 'Medical research', 68, true, NULL),
    ('specialty', 'SM48', 'Rhumatologie', 'Rheumatology', 69, true, NULL),
    ('specialty', 'SM49', 'Santé publique et Médecine sociale',
     'Public health and social medicine', 70, true, NULL),
    ('specialty', 'SM53', 'Spécialiste en Médecine générale',
     'General practice (specialist)', 71, true, 'SM54'),
    ('specialty', 'SM50', 'Stomatologie', 'Stomatology', 72, true, NULL),
    ('specialty', 'SCD02', 'Chirurgie orale (chirurgien-dentiste)',
     'Oral surgery (dental surgeon)', 73, true, NULL),
    ('specialty', 'SCD03', 'Médecine bucco-dentaire', 'Oral medicine', 74, true, NULL),
    ('specialty', 'SCD01', 'Orthopédie dento-faciale', 'Orthodontics', 75, true, NULL),
    ('specialty', 'SI03', 'Exercice infirmier en pratique avancée maladie rénale chronique',
     'Advanced practice nursing, chronic kidney disease', 76, true, NULL),
    ('specialty', 'SI02', 'Exercice infirmier en pratique avancée oncologie et hémato-oncologie',
     'Advanced practice nursing, oncology and haemato-oncology', 77, true, NULL),
    ('specialty', 'SI01', 'Exercice infirmier en pratique avancée pathologies chroniques stabilisées',
     'Advanced practice nursing, stabilised chronic diseases', 78, true, NULL),
    ('specialty', 'SI04', 'Exercice infirmier en pratique avancée santé mentale',
     'Advanced practice nursing, mental health', 79, true, NULL),
    ('specialty', 'SI05', 'Exercice infirmier en pratique avancée urgences',
     'Advanced practice nursing, emergency care', 80, true, NULL),
    ('specialty', 'SP04', 'Hémovigilance', 'Haemovigilance', 81, false, NULL),
    ('specialty', 'SP02', 'Hygiène', 'Hospital hygiene', 82, false, NULL),
    ('specialty', 'SP03', 'Pharmacovigilance', 'Pharmacovigilance', 83, false, NULL),
    ('specialty', 'SP01', 'Radio-pharmacie', 'Radiopharmacy', 84, false, NULL);

INSERT INTO code (list, code, label_fr, label_en, position, active, grouped_as) VALUES
    ('practice_setting', 'SA01', 'Etablissement public de santé', 'Public hospital', 1, true, NULL),
    ('practice_setting', 'SA07', 'Cabinet individuel', 'Individual practice', 2, true, NULL),
    ('practice_setting', 'SA08', 'Cabinet de groupe', 'Group practice', 3, true, NULL),
    ('practice_setting', 'SA04', 'Etablissement privé non PSPH',
     'Private hospital or clinic', 4, true, NULL),
    ('practice_setting', 'SA03', 'Etablissement privé PSPH',
     'Private non-profit hospital (public service)', 5, true, NULL),
    ('practice_setting', 'SA52', 'Maison de santé ou Pôle de santé',
     'Multi-professional health centre', 6, true, NULL),
    ('practice_setting', 'SA05', 'Centre de santé', 'Health centre', 7, true, NULL),
    ('practice_setting', 'SA33', 'Pharmacie d''officine', 'Community pharmacy', 8, true, NULL),
    ('practice_setting', 'SA09', 'Exercice en société', 'Practice company', 9, true, NULL),
    ('practice_setting', 'SA36', 'Centre anti-cancer', 'Cancer centre', 10, true, NULL),
    ('practice_setting', 'SA17', 'Etablissement pour personnes âgées',
     'Care home for older people', 11, true, NULL),
    ('practice_setting', 'SA21', 'Etablissement d''hébergement et de réadaptation',
     'Residential and rehabilitation facility', 12, true, NULL),
    ('practice_setting', 'SA34', 'Centre de dialyse', 'Dialysis centre', 13, true, NULL),
    ('practice_setting', 'SA63', 'Communauté Professionnelle Territoriale de Santé',
     'Local professional health community (CPTS)', 14, true, NULL),
    ('practice_setting', 'SA25', 'Laboratoire de biologie médicale',
     'Medical laboratory', 15, true, NULL),
    ('practice_setting', 'SA40', 'Secteur privé, praticien hospitalier temps plein',
     'Private practice of a full-time hospital physician', 16, true, NULL),
    ('practice_setting', 'SA12', 'Etablissement de soins et prévention',
     'Care and prevention facility', 17, true, NULL),
    ('practice_setting', 'SA13', 'Prévention et soins en entreprise',
     'Occupational health service', 18, true, NULL),
    ('practice_setting', 'SA15', 'PMI et Planification familiale',
     'Maternal and child health, family planning', 19, true, NULL),
    ('practice_setting', 'SA16', 'Etablissement pour personnes handicapées',
     'Facility for people with disabilities', 20, true, NULL),
    ('practice_setting', 'SA30', 'Autre établissement sanitaire',
     'Other health facility', 21, true, NULL),
    ('practice_setting', 'SA50', 'Permanence de soins ambulatoires hors cabinet',
     'Out-of-hours ambulatory care', 22, true, NULL),
    ('practice_setting', 'SA54', 'Centre de dépistage et de prévention',
     'Screening and prevention centre', 23, true, NULL),
    ('practice_setting', 'SA37', 'Centre de transfusion sanguine',
     'Blood transfusion centre', 24, true, NULL),
    ('practice_setting', 'SA02', 'Hôpital militaire du Service de santé des armées',
     'Military hospital', 25, true, NULL),
    ('practice_setting', 'SA22', 'Recherche', 'Research', 26, true, NULL),
    ('practice_setting', 'SA14', 'Etablissements scolaires, universitaires et de formation hors champ FINESS',
     'School, university or training institution', 27, true, NULL),
    ('practice_setting', 'SA19', 'Etablissements FINESS de formation aux professions sanitaires et sociales',
     'Training institute for health and social care professions', 28, true, NULL),
    ('practice_setting', 'SA24', 'Organisme de sécurité sociale',
     'Social security body', 29, true, NULL),
    ('practice_setting', 'SA26', 'Ministère ou Service déconcentré',
     'Ministry or its local service', 30, true, NULL),
    ('practice_setting', 'SA27', 'Collectivité territoriale', 'Local authority', 31, true, NULL),
    ('practice_setting', 'SA28', 'Association ou organisme humanitaire',
     'Association or humanitarian organisation', 32, true, NULL),
    ('practice_setting', 'SA06', 'Autre structure du Service de santé des armées',
     'Other military health facility', 33, true, NULL),
    ('practice_setting', 'SA10', 'Transporteur sanitaire', 'Medical transport', 34, true, NULL),
    ('practice_setting', 'SA11', 'Entreprise d''intérim', 'Temporary employment agency', 35, false, NULL),
    ('practice_setting', 'SA18', 'Etablissement aide à la famille',
     'Family support facility', 36, true, NULL),
    ('practice_setting', 'SA20', 'Etablissement pour la protection de l''enfance',
     'Child protection facility', 37, true, NULL),
    ('practice_setting', 'SA23', 'Assurance privée', 'Private insurance', 38, true, NULL),
    ('practice_setting', 'SA29', 'Laboratoire d''analyses et de biologie médicale',
     'Medical analysis laboratory', 39, true, 'SA25'),
    ('practice_setting', 'SA31', 'Répartition et Distribution de médicaments et dispositifs médicaux',
     'Wholesale of medicines and medical devices', 40, true, NULL),
    ('practice_setting', 'SA32', 'Fabrication, Exploitation et Importation de médicaments et dispositifs médicaux',
     'Manufacture, marketing and import of medicines and medical devices', 41, true, NULL),
    ('practice_setting', 'SA35', 'Para-pharmacie', 'Parapharmacy', 42, true, NULL),
    ('practice_setting', 'SA38', 'Pharmacie minière', 'Mining company pharmacy', 43, true, NULL),
    ('practice_setting', 'SA39', 'Pharmacie mutualiste', 'Mutual insurance pharmacy', 44, true, NULL),
    ('practice_setting', 'SA41', 'Autre établissement du domaine social ou médico-social',
     'Other social or medico-social facility', 45, true, NULL),
    ('practice_setting', 'SA42', 'Appareillage médical', 'Medical appliances', 46, true, NULL),
    ('practice_setting', 'SA43', 'Secteur non défini', 'Setting not defined', 47, true, NULL),
    ('practice_setting', 'SA44', 'Recrutement ou Gestion RH',
     'Recruitment or human resources', 48, true, NULL),
    ('practice_setting', 'SA45', 'Communication, Marketing, Consulting, Média',
     'Communication, marketing, consulting, media', 49, true, NULL),
    ('practice_setting', 'SA46', 'Fab, Exploit, Import, Répart, Distrib médicaments et dispo médicaux',
     'Manufacture, marketing, import and distribution of medicines and medical devices', 50, true, NULL),
    ('practice_setting', 'SA47', 'Incendie et secours', 'Fire and rescue service', 51, true, NULL),
    ('practice_setting', 'SA48', 'Entreprise indus et tertiaire hors pharmaceutique',
     'Company outside pharmaceuticals', 52, true, NULL),
    ('practice_setting', 'SA49', 'Entité Outre-Mer', 'Overseas entity', 53, true, NULL),
    ('practice_setting', 'SA51', 'Structure de coop avec autorisation de soins',
     'Cooperation structure authorised to provide care', 54, true, NULL),
    ('practice_setting', 'SA53', 'Siège administratif d''un établissement de santé',
     'Head office of a health facility', 55, true, NULL),
    ('practice_setting', 'SA55', 'Laboratoire pharmaceutique préparant délivrant allergènes',
     'Laboratory preparing allergens', 56, true, NULL),
    ('practice_setting', 'SA56', 'Propharmacie', 'Dispensing physician', 57, true, NULL),
    ('practice_setting', 'SA57', 'Structure de coop avec mission coordination soins',
     'Care coordination structure', 58, true, NULL),
    ('practice_setting', 'SA58', 'Entreprise de taxis', 'Taxi company', 59, true, NULL),
    ('practice_setting', 'SA59', 'Labo de biologie médicale hors catégorie standard',
     'Other medical laboratory', 60, true, NULL),
    ('practice_setting', 'SA60', 'Centres médicaux SNCF',
     'Railway medical centre (SNCF)', 61, true, NULL),
    ('practice_setting', 'SA61', 'Structure Dispensatrice à domicile d''Oxygène à usage médical',
     'Home oxygen provider', 62, true, NULL),
    ('practice_setting', 'SA62', 'Ordre professionnel de santé',
     'Professional health council', 63, false, NULL);

INSERT INTO code (list, code, label_fr, label_en, position, active, grouped_as) VALUES
    ('region', '84', 'Auvergne-Rhône-Alpes', 'Auvergne-Rhône-Alpes', 1, true, NULL),
    ('region', '27', 'Bourgogne-Franche-Comté', 'Burgundy-Franche-Comté', 2, true, NULL),
    ('region', '53', 'Bretagne', 'Brittany', 3, true, NULL),
    ('region', '24', 'Centre-Val de Loire', 'Centre-Val de Loire', 4, true, NULL),
    ('region', '94', 'Corse', 'Corsica', 5, true, NULL),
    ('region', '44', 'Grand Est', 'Grand Est', 6, true, NULL),
    ('region', '32', 'Hauts-de-France', 'Hauts-de-France', 7, true, NULL),
    ('region', '11', 'Île-de-France', 'Île-de-France', 8, true, NULL),
    ('region', '28', 'Normandie', 'Normandy', 9, true, NULL),
    ('region', '75', 'Nouvelle-Aquitaine', 'Nouvelle-Aquitaine', 10, true, NULL),
    ('region', '76', 'Occitanie', 'Occitanie', 11, true, NULL),
    ('region', '52', 'Pays de la Loire', 'Pays de la Loire', 12, true, NULL),
    ('region', '93', 'Provence-Alpes-Côte d''Azur',
     'Provence-Alpes-Côte d''Azur', 13, true, NULL),
    ('region', '01', 'Guadeloupe', 'Guadeloupe', 14, true, NULL),
    ('region', '03', 'Guyane', 'French Guiana', 15, true, NULL),
    ('region', '04', 'La Réunion', 'Réunion', 16, true, NULL),
    ('region', '02', 'Martinique', 'Martinique', 17, true, NULL),
    ('region', '06', 'Mayotte', 'Mayotte', 18, true, NULL);

INSERT INTO code (list, code, label_fr, label_en, position, active, grouped_as) VALUES
    ('age_band', 'under_35', 'Moins de 35 ans', 'Under 35', 1, true, NULL),
    ('age_band', '35_44', '35 à 44 ans', '35 to 44', 2, true, NULL),
    ('age_band', '45_54', '45 à 54 ans', '45 to 54', 3, true, NULL),
    ('age_band', '55_64', '55 à 64 ans', '55 to 64', 4, true, NULL),
    ('age_band', '65_or_over', '65 ans ou plus', '65 or over', 5, true, NULL);

INSERT INTO code (list, code, label_fr, label_en, position, active, grouped_as) VALUES
    ('channel', 'representative', 'Délégué médical', 'Representative', 1, true, NULL),
    ('channel', 'email', 'E-mail', 'E-mail', 2, true, NULL),
    ('channel', 'web_site', 'Site web', 'Web site', 3, true, NULL),
    ('channel', 'social_network', 'Réseau social', 'Social network', 4, true, NULL),
    ('channel', 'congress_desk', 'Accueil du congrès', 'Congress desk', 5, true, NULL),
    ('channel', 'other', 'Autre', 'Other', 6, true, NULL);

-- The matching predicate, the only one: which registrations of a congress match which of the given
-- profiles. p_registration: only this one, null: all. p_profiles names the profiles and p_criteria
-- holds the criteria of them all, so that a preview can ask about a profile that is not stored.
-- A criterion means whole groups of codes: naming one form of general practice names all three.
-- For each profile and attribute the criteria become one set of codes a mode (all_of twice on one
-- attribute: the intersection; null: no such criterion), so that a registration costs a few array
-- look-ups and a congress one pass.
CREATE FUNCTION matching_registrations(p_congress uuid, p_registration uuid, p_profiles uuid[],
                                       p_criteria target_profile_criterion[])
RETURNS TABLE (registration_id uuid, target_profile_id uuid)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_custom_plan SET jit = off AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH criterion AS (
        SELECT c.target_profile_id AS profile, c.mode, c.attribute, c.codes,
               count(*) OVER (PARTITION BY c.target_profile_id, c.mode, c.attribute) AS alike,
               row_number() OVER () AS n
          FROM unnest(p_criteria) c
    ), accepted AS (
        SELECT c.profile, c.mode, c.attribute, member.code,
               count(DISTINCT c.n) = min(c.alike) OR c.mode <> 'all_of' AS holds
          FROM criterion c
         CROSS JOIN unnest(c.codes) AS named (code)
          LEFT JOIN code w ON w.list = c.attribute AND w.code = named.code
          LEFT JOIN code member ON member.list = c.attribute
           AND coalesce(member.grouped_as, member.code) = coalesce(w.grouped_as, w.code)
         GROUP BY c.profile, c.mode, c.attribute, member.code
    ), code_set AS (
        SELECT profile, mode, attribute,
               coalesce(array_agg(code) FILTER (WHERE holds AND code IS NOT NULL), '{}') AS codes
          FROM accepted
         GROUP BY profile, mode, attribute
    ), rule AS MATERIALIZED (
        SELECT p.id,
               max(s.codes) FILTER (WHERE mode = 'all_of' AND attribute = 'profession') AS all_p,
               max(s.codes) FILTER (WHERE mode = 'all_of' AND attribute = 'specialty') AS all_s,
               max(s.codes) FILTER (WHERE mode = 'all_of' AND attribute = 'practice_setting')
                   AS all_t,
               max(s.codes) FILTER (WHERE mode = 'all_of' AND attribute = 'region') AS all_r,
               max(s.codes) FILTER (WHERE mode = 'all_of' AND attribute = 'age_band') AS all_a,
               bool_or(mode = 'any_of') IS TRUE AS any_wanted,
               max(s.codes) FILTER (WHERE mode = 'any_of' AND attribute = 'profession') AS any_p,
               max(s.codes) FILTER (WHERE mode = 'any_of' AND attribute = 'specialty') AS any_s,
               max(s.codes) FILTER (WHERE mode = 'any_of' AND attribute = 'practice_setting')
                   AS any_t,
               max(s.codes) FILTER (WHERE mode = 'any_of' AND attribute = 'region') AS any_r,
               max(s.codes) FILTER (WHERE mode = 'any_of' AND attribute = 'age_band') AS any_a,
               max(s.codes) FILTER (WHERE mode = 'none_of' AND attribute = 'profession') AS no_p,
               max(s.codes) FILTER (WHERE mode = 'none_of' AND attribute = 'specialty') AS no_s,
               max(s.codes) FILTER (WHERE mode = 'none_of' AND attribute = 'practice_setting')
                   AS no_t,
               max(s.codes) FILTER (WHERE mode = 'none_of' AND attribute = 'region') AS no_r,
               max(s.codes) FILTER (WHERE mode = 'none_of' AND attribute = 'age_band') AS no_a
          FROM unnest(p_profiles) AS p (id)
          LEFT JOIN code_set s ON s.profile = p.id
         GROUP BY p.id
    )
    SELECT r.id, rule.id
      FROM registration r
     CROSS JOIN rule
     WHERE r.congress_id = p_congress AND (p_registration IS NULL OR r.id = p_registration)
       AND (all_p IS NULL OR r.profession = ANY (all_p))
       AND (all_s IS NULL OR r.specialty = ANY (all_s))
       AND (all_t IS NULL OR r.practice_setting = ANY (all_t))
       AND (all_r IS NULL OR r.region = ANY (all_r))
       AND (all_a IS NULL OR r.age_band = ANY (all_a))
       AND (NOT any_wanted OR r.profession = ANY (any_p) OR r.specialty = ANY (any_s)
            OR r.practice_setting = ANY (any_t) OR r.region = ANY (any_r)
            OR r.age_band = ANY (any_a))
       AND (r.profession = ANY (no_p)) IS NOT TRUE AND (r.specialty = ANY (no_s)) IS NOT TRUE
       AND (r.practice_setting = ANY (no_t)) IS NOT TRUE AND (r.region = ANY (no_r)) IS NOT TRUE
       AND (r.age_band = ANY (no_a)) IS NOT TRUE;
END $$;

-- The stored profiles of a congress (p_profile: only this one) against their registrations.
CREATE FUNCTION matching_stored(p_congress uuid, p_registration uuid, p_profile uuid)
RETURNS TABLE (registration_id uuid, target_profile_id uuid)
LANGUAGE sql STABLE AS $$
    SELECT m.registration_id, m.target_profile_id
      FROM matching_registrations(p_congress, p_registration,
               ARRAY(SELECT p.id FROM target_profile p
                      WHERE p.congress_id = p_congress
                        AND (p_profile IS NULL OR p.id = p_profile)),
               ARRAY(SELECT c FROM target_profile_criterion c
                       JOIN target_profile p ON p.id = c.target_profile_id
                      WHERE p.congress_id = p_congress
                        AND (p_profile IS NULL OR p.id = p_profile))) m
$$;

-- Computes a registration's profiles again. In the transaction that writes the registration.
CREATE FUNCTION match_registration(p_registration uuid) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    r registration;
BEGIN
    SELECT * INTO r FROM registration WHERE id = p_registration;
    IF r.id IS NULL THEN
        RAISE EXCEPTION 'no registration %', p_registration USING ERRCODE = 'AM404';
    END IF;
    -- Waits for a change of this congress's profiles: see match_congress().
    PERFORM FROM congress WHERE id = r.congress_id FOR KEY SHARE;
    DELETE FROM registration_profile x
     WHERE x.registration_id = r.id
       AND x.target_profile_id NOT IN (
           SELECT m.target_profile_id FROM matching_stored(r.congress_id, r.id, NULL) m);
    INSERT INTO registration_profile (organisation_id, congress_id, registration_id,
                                      target_profile_id)
    SELECT r.organisation_id, r.congress_id, m.registration_id, m.target_profile_id
      FROM matching_stored(r.congress_id, r.id, NULL) m
        ON CONFLICT DO NOTHING;
END $$;

-- Computes the profiles of all registrations of a congress again (p_profile: only this one). In the
-- transaction that changes a profile. Registrations being written meanwhile hold their congress by
-- key share: they are waited for, and later ones see the changed profiles. Writes only what differs.
CREATE FUNCTION match_congress(p_congress uuid, p_profile uuid DEFAULT NULL) RETURNS void
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
BEGIN
    PERFORM FROM congress WHERE id = p_congress FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no congress %', p_congress USING ERRCODE = 'AM404';
    END IF;
    WITH m AS MATERIALIZED (
        SELECT * FROM matching_stored(p_congress, NULL, p_profile)
    ), gone AS (
        DELETE FROM registration_profile x
         USING target_profile p
         WHERE p.congress_id = p_congress AND (p_profile IS NULL OR p.id = p_profile)
           AND x.target_profile_id = p.id
           AND NOT EXISTS (SELECT FROM m WHERE m.registration_id = x.registration_id
                                           AND m.target_profile_id = x.target_profile_id)
    )
    INSERT INTO registration_profile (organisation_id, congress_id, registration_id,
                                      target_profile_id)
    SELECT c.organisation_id, c.id, m.registration_id, m.target_profile_id
      FROM m
      JOIN congress c ON c.id = p_congress
     WHERE NOT EXISTS (SELECT FROM registration_profile x
                        WHERE x.registration_id = m.registration_id
                          AND x.target_profile_id = m.target_profile_id)
        ON CONFLICT DO NOTHING;
END $$;

-- Criteria between their JSON form {"all_of":[{"attribute","codes"}],"any_of":[…],"none_of":[…]}
-- and rows.
CREATE FUNCTION criteria_rows(p_profile uuid, p_criteria jsonb)
RETURNS SETOF target_profile_criterion LANGUAGE sql IMMUTABLE AS $$
    SELECT p_profile, (row_number() OVER (ORDER BY m.n, e.n))::int, m.mode, e.value ->> 'attribute',
           ARRAY(SELECT jsonb_array_elements_text(e.value -> 'codes'))
      FROM (VALUES (1, 'all_of'), (2, 'any_of'), (3, 'none_of')) AS m (n, mode)
     CROSS JOIN LATERAL jsonb_array_elements(p_criteria -> m.mode) WITH ORDINALITY AS e (value, n)
$$;

CREATE FUNCTION criteria_json(p_profile uuid) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('all_of', '[]'::jsonb, 'any_of', '[]'::jsonb, 'none_of', '[]'::jsonb)
           || coalesce(jsonb_object_agg(mode, criteria), '{}')
      FROM (SELECT mode, jsonb_agg(jsonb_build_object('attribute', attribute, 'codes', codes)
                                   ORDER BY position) AS criteria
              FROM target_profile_criterion
             WHERE target_profile_id = p_profile
             GROUP BY mode) c
$$;
