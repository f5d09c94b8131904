// What is said of the people of a profile's target list.
import { defineTexts, formatNumber, plural } from '../../i18n';

export const peopleTexts = defineTexts(
  {
    title: (profile: string) => `${profile}: by name`,
    notReached: (n: number, people: number, list: string) =>
      plural(n, {
        one: `# of ${formatNumber(people)} people of the list “${list}” is not registered yet.`,
        other: `# of ${formatNumber(people)} people of the list “${list}” are not registered yet.`,
      }),
    everybody: (list: string) => `Everybody on the list “${list}” is registered.`,
    noneLeft: (list: string, cancelled: number) =>
      plural(cancelled, {
        one: `Everybody on the list “${list}” has registered; # person cancelled.`,
        other: `Everybody on the list “${list}” has registered; # people cancelled.`,
      }),
    someWait: (list: string, waiting: number) =>
      plural(waiting, {
        one: `Everybody on the list “${list}” has registered; # person is on the waiting list.`,
        other: `Everybody on the list “${list}” has registered; # people are on the waiting list.`,
      }),
    someReviewed: (list: string, n: number) =>
      plural(n, {
        one: `Everybody on the list “${list}” has registered; # person is in review or was declined.`,
        other: `Everybody on the list “${list}” has registered; # people are in review or were declined.`,
      }),
    nobodyAccepted: (list: string) => `Nobody on the list “${list}” fits the profile.`,
    see: 'See them by name',
    counted: 'Those people of the list who fit the profile.',
    people: 'People of the list',
    search: 'Name, e-mail, RPPS, external id',
    state: 'Registration',
    anyState: 'Any state',
    states: { not_reached: 'Not registered', registered: 'Registered', waiting: 'On the waiting list', in_review: 'In review', declined: 'Declined', attended: 'Attended', cancelled: 'Cancelled' },
    isIn: { not_reached: 'Not registered', registered: 'Registered', waiting: 'On the waiting list', in_review: 'In review', declined: 'Declined', attended: 'Attended', cancelled: 'Cancelled' },
    notes: {
      not_reached: 'Nobody has confirmed a registration for them.',
      registered: 'They have not attended a session yet.',
      waiting: 'They confirmed, and no place is free for them.',
      in_review: 'They confirmed, and an organiser is to approve it.',
      declined: 'An organiser declined their registration.',
      attended: 'At least one session.',
      cancelled: 'They had registered and attended nothing.',
    },
    region: 'Region or country',
    anyRegion: 'All regions',
    found: (n: number) => plural(n, { one: 'person', other: 'people' }),
    download: 'Download (CSV)',
    person: 'Person',
    specialty: 'Specialty',
    segment: 'Segment',
    external: 'External id',
    nameless: 'No name',
    unsaid: '–',
    changed: 'Meanwhile somebody has registered or cancelled.',
    refresh: 'Show the list as it is now',
    noMatch: 'Nobody matches',
    noMatchText: 'Try other words, or another state or region.',
    allRegistered: 'Everybody on the list is registered',
    allRegisteredText: 'Nobody of this list is left to invite to this congress.',
    noneLeftTitle: 'Nobody is left to reach',
    noneLeftText: (n: number) =>
      plural(n, {
        one: 'Everybody on the list has registered. # person cancelled since.',
        other: 'Everybody on the list has registered. # people cancelled since.',
      }),
    nobody: 'Nobody on the list fits the profile',
    nobodyText: 'Check the criteria of the profile, or what the list says of its people.',
    nobodyInState: 'Nobody at the moment',
    noList: 'This profile is not counted in a target list',
    noListText: 'Choose a target list as its target population to see here who is not registered yet.',
    toProfiles: 'Target profiles',
  },
  {
    title: (profile) => `${profile} : liste nominative`,
    notReached: (n, people, list) =>
      plural(n, {
        one: `# personne sur ${formatNumber(people)} de la liste « ${list} » n’est pas encore inscrite.`,
        other: `# personnes sur ${formatNumber(people)} de la liste « ${list} » ne sont pas encore inscrites.`,
      }),
    everybody: (list) => `Toutes les personnes de la liste « ${list} » sont inscrites.`,
    noneLeft: (list, cancelled) =>
      plural(cancelled, {
        one: `Toutes les personnes de la liste « ${list} » se sont inscrites ; # personne a annulé.`,
        other: `Toutes les personnes de la liste « ${list} » se sont inscrites ; # personnes ont annulé.`,
      }),
    someWait: (list, waiting) =>
      plural(waiting, {
        one: `Toutes les personnes de la liste « ${list} » ont demandé à s’inscrire ; # est sur liste d’attente.`,
        other: `Toutes les personnes de la liste « ${list} » ont demandé à s’inscrire ; # sont sur liste d’attente.`,
      }),
    someReviewed: (list, n) =>
      plural(n, {
        one: `Toutes les personnes de la liste « ${list} » ont demandé à s’inscrire ; # demande est en cours de validation ou refusée.`,
        other: `Toutes les personnes de la liste « ${list} » ont demandé à s’inscrire ; # demandes sont en cours de validation ou refusées.`,
      }),
    nobodyAccepted: (list) => `Aucune personne de la liste « ${list} » ne correspond au profil.`,
    see: 'Voir la liste nominative',
    counted: 'Les personnes de la liste qui correspondent au profil.',
    people: 'Personnes de la liste',
    search: 'Nom, e-mail, RPPS, identifiant externe',
    state: 'Inscription',
    anyState: 'Tous les états',
    states: { not_reached: 'Non inscrites', registered: 'Inscrites', waiting: 'Sur liste d’attente', in_review: 'En cours de validation', declined: 'Refusées', attended: 'Ont participé', cancelled: 'Ont annulé' },
    isIn: { not_reached: 'Non inscrite', registered: 'Inscrite', waiting: 'Sur liste d’attente', in_review: 'En cours de validation', declined: 'Refusée', attended: 'A participé', cancelled: 'A annulé' },
    notes: {
      not_reached: 'Aucune inscription confirmée à leur nom.',
      registered: 'Sans participation à une session pour le moment.',
      waiting: 'Inscription confirmée, sans place libre pour le moment.',
      in_review: 'Inscription confirmée, à valider par un organisateur.',
      declined: 'Inscription refusée par un organisateur.',
      attended: 'À une session au moins.',
      cancelled: 'Inscription annulée, sans aucune participation.',
    },
    region: 'Région ou pays',
    anyRegion: 'Toutes les régions',
    found: (n) => plural(n, { one: 'personne', other: 'personnes' }),
    download: 'Télécharger (CSV)',
    person: 'Personne',
    specialty: 'Spécialité',
    segment: 'Segment',
    external: 'Identifiant externe',
    nameless: 'Sans nom',
    unsaid: '–',
    changed: 'Entre-temps, des personnes se sont inscrites ou ont annulé.',
    refresh: 'Actualiser la liste',
    noMatch: 'Aucune personne ne correspond',
    noMatchText: 'Essayez d’autres mots, ou un autre état ou une autre région.',
    allRegistered: 'Toutes les personnes de la liste sont inscrites',
    allRegisteredText: 'Il ne reste personne de cette liste à inviter à ce congrès.',
    noneLeftTitle: 'Il ne reste personne à contacter',
    noneLeftText: (n) =>
      plural(n, {
        one: 'Toutes les personnes de la liste se sont inscrites. # personne a annulé depuis.',
        other: 'Toutes les personnes de la liste se sont inscrites. # personnes ont annulé depuis.',
      }),
    nobody: 'Aucune personne de la liste ne correspond au profil',
    nobodyText: 'Vérifiez les critères du profil, ou ce que la liste indique de ses personnes.',
    nobodyInState: 'Personne pour le moment',
    noList: 'La population de ce profil n’est pas comptée dans une liste de ciblage',
    noListText: 'Choisissez une liste de ciblage comme population cible pour voir ici qui n’est pas encore inscrit.',
    toProfiles: 'Profils cibles',
  },
);
