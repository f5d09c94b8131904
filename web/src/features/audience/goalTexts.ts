// What the goals of a target profile are called.
import { defineTexts, plural } from '../../i18n';

export const goalFieldTexts = defineTexts(
  {
    title: 'Goals',
    hint: 'Over the whole congress; a person counts once. Give those that matter to you: the goal board follows each of them.',
    rates: 'Rates',
    name: {
      goal_registrations: 'Registrations',
      goal_attendees: 'Attendees',
      goal_completions: 'People who complete a session',
      goal_coverage: 'Coverage',
      goal_registration_rate: 'Registration rate',
      goal_participation_rate: 'Participation rate',
      goal_completion_rate: 'Completion rate',
    },
    rateHint: {
      goal_coverage: 'Of all these HCPs, how many attend.',
      goal_registration_rate: 'Of all these HCPs, how many register.',
      goal_participation_rate: 'Share of the registered who attended.',
      goal_completion_rate: 'Share of those who attended and stayed long enough.',
    },
    due: 'Registrations by',
    dueHint: 'The last day. Without it: until the next session.',
    said: {
      goal_registrations: (n: number) => plural(n, { one: 'Goal: # registration', other: 'Goal: # registrations' }),
      goal_attendees: (n: number) => plural(n, { one: 'Goal: # attendee', other: 'Goal: # attendees' }),
      goal_completions: (n: number) => plural(n, { one: 'Goal: # person completes', other: 'Goal: # people complete' }),
      goal_coverage: (share: string) => `Goal: ${share} coverage`,
      goal_registration_rate: (share: string) => `Goal: ${share} registration`,
      goal_participation_rate: (share: string) => `Goal: ${share} participation`,
      goal_completion_rate: (share: string) => `Goal: ${share} completion`,
    },
    dueSaid: (day: string) => `Registrations by ${day}`,
  },
  {
    title: 'Objectifs',
    hint: 'Sur l’ensemble du congrès ; une personne compte une fois. Indiquez ceux qui vous importent : le tableau des objectifs suit chacun d’eux.',
    rates: 'Taux',
    name: {
      goal_registrations: 'Inscriptions',
      goal_attendees: 'Participants',
      goal_completions: 'Personnes suivant une session en entier',
      goal_coverage: 'Couverture',
      goal_registration_rate: 'Taux d’inscription',
      goal_participation_rate: 'Taux de participation',
      goal_completion_rate: 'Taux de suivi complet',
    },
    rateHint: {
      goal_coverage: 'Parmi tous ces professionnels, la part de ceux qui participent.',
      goal_registration_rate: 'Parmi tous ces professionnels, la part de ceux qui s’inscrivent.',
      goal_participation_rate: 'Part des inscrits qui ont participé.',
      goal_completion_rate: 'Part des participants restés assez longtemps.',
    },
    due: 'Inscriptions d’ici au',
    dueHint: 'Le dernier jour. À défaut : jusqu’à la prochaine session.',
    said: {
      goal_registrations: (n) => plural(n, { one: 'Objectif : # inscription', other: 'Objectif : # inscriptions' }),
      goal_attendees: (n) => plural(n, { one: 'Objectif : # participant', other: 'Objectif : # participants' }),
      goal_completions: (n) => plural(n, { one: 'Objectif : # suivi complet', other: 'Objectif : # suivis complets' }),
      goal_coverage: (share) => `Objectif : ${share} de couverture`,
      goal_registration_rate: (share) => `Objectif : ${share} d’inscription`,
      goal_participation_rate: (share) => `Objectif : ${share} de participation`,
      goal_completion_rate: (share) => `Objectif : ${share} de suivi complet`,
    },
    dueSaid: (day) => `Inscriptions d’ici au ${day}`,
  },
);
