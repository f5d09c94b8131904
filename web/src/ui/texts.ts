// The texts of the frames around pages.
import { defineTexts } from '../i18n';

export const shellTexts = defineTexts(
  {
    navigation: 'Main',
    signOut: 'Sign out',
    signedInAs: 'Signed in as',
    menu: 'Menu',
    account: 'Your account',
    password: 'Password',
    breadcrumb: 'You are here',
    organiser: 'Organised by',
    contact: 'Contact',
  },
  {
    navigation: 'Principal',
    signOut: 'Se déconnecter',
    signedInAs: 'Au nom de',
    menu: 'Menu',
    account: 'Votre compte',
    password: 'Mot de passe',
    breadcrumb: 'Vous êtes ici',
    organiser: 'Organisé par',
    contact: 'Contact',
  },
);
