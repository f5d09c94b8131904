// What somebody registers as: on the form, on one's own page, and where organisers see it.
import { defineTexts } from '../../i18n';

export const categoryTexts = defineTexts(
  {
    as: 'I register as…',
    self: {
      hcp: 'Healthcare professional',
      student: 'Student',
      industry: 'Industry professional',
      press: 'Journalist',
      public: 'Member of the public',
    },
    studies: 'Field of study',
    affiliation: { student: 'School or university', industry: 'Company', press: 'Publication or media outlet' },
    registeredAs: 'Registered as',
    category: 'Category',
    any: 'Any category',
    one: { hcp: 'Healthcare professional', student: 'Student', industry: 'Industry', press: 'Press', public: 'Public' },
    admitted: 'Who is admitted',
    admittedHint: 'Each category has its own form. Target profiles, goals and rates count healthcare professionals only.',
    many: { hcp: 'Healthcare professionals', student: 'Students', industry: 'Industry', press: 'Press', public: 'General public' },
    admits: (whom: string) => `Admitted: ${whom}.`,
    chooseOne: 'Please choose at least one category.',
    othersReviewed: 'Profiles and lists are about healthcare professionals: everybody else is reviewed by an organiser.',
  },
  {
    as: 'Je participe en tant que…',
    self: {
      hcp: 'Professionnel de santé',
      student: 'Étudiant',
      industry: 'Professionnel de l’industrie',
      press: 'Journaliste',
      public: 'Particulier (grand public)',
    },
    studies: 'Domaine d’études',
    affiliation: { student: 'École ou université', industry: 'Entreprise', press: 'Média' },
    registeredAs: 'Inscription en tant que',
    category: 'Catégorie',
    any: 'Toutes les catégories',
    one: { hcp: 'Professionnel de santé', student: 'Étudiant', industry: 'Industrie', press: 'Presse', public: 'Grand public' },
    admitted: 'Publics admis',
    admittedHint: 'Chaque catégorie a son propre formulaire. Les profils cibles, les objectifs et les taux ne portent que sur les professionnels de santé.',
    many: { hcp: 'Professionnels de santé', student: 'Étudiants', industry: 'Industrie', press: 'Presse', public: 'Grand public' },
    admits: (whom) => `Publics admis : ${whom}.`,
    chooseOne: 'Veuillez choisir au moins une catégorie.',
    othersReviewed: 'Les profils et les listes ne concernent que les professionnels de santé : un organisateur examine toutes les autres inscriptions.',
  },
);
