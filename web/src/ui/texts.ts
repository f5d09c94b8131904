// Texts of the design system's own components.
import { defineTexts } from '../i18n';

export const meterTexts = defineTexts(
  { goal: (value: string) => `goal ${value}`, reached: 'goal reached' },
  { goal: (value) => `objectif ${value}`, reached: 'objectif atteint' },
);

export const comboboxTexts = defineTexts(
  {
    filter: 'Type to search',
    nothing: 'Nothing found',
    remove: (label: string) => `Remove ${label}`,
  },
  {
    filter: 'Saisissez pour rechercher',
    nothing: 'Aucun résultat',
    remove: (label) => `Retirer ${label}`,
  },
);

export const dateTexts = defineTexts(
  { date: 'Date', time: 'Time', zone: (zone: string) => `Time zone: ${zone}` },
  { date: 'Date', time: 'Heure', zone: (zone) => `Fuseau horaire : ${zone}` },
);

export const leaveTexts = defineTexts(
  {
    title: 'Leave without saving?',
    text: 'What you changed here is not saved yet.',
    leave: 'Leave without saving',
    stay: 'Stay here',
  },
  {
    title: 'Quitter sans enregistrer ?',
    text: 'Vos modifications ne sont pas encore enregistrées.',
    leave: 'Quitter sans enregistrer',
    stay: 'Rester ici',
  },
);

export const shellTexts = defineTexts(
  {
    navigation: 'Main',
    congresses: 'Congresses',
    team: 'Team',
    organisation: 'Organisation',
    audit: 'Audit log',
    signOut: 'Sign out',
    menu: 'Menu',
    account: 'Your account',
    password: 'Password',
    breadcrumb: 'You are here',
    organiser: 'Organised by',
    contact: 'Contact',
  },
  {
    navigation: 'Principal',
    congresses: 'Congrès',
    team: 'Équipe',
    organisation: 'Organisation',
    audit: 'Journal d’audit',
    signOut: 'Se déconnecter',
    menu: 'Menu',
    account: 'Votre compte',
    password: 'Mot de passe',
    breadcrumb: 'Vous êtes ici',
    organiser: 'Organisé par',
    contact: 'Contact',
  },
);
