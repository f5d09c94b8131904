// How the audit log names what is done here.
import { defineTexts } from '../../i18n';

export default defineTexts(
  {
    action: {
      'account.change': 'Account changed',
      'account.end_sign_in': 'Signed out elsewhere',
      'account.invite': 'Invitation sent',
      'account.invite_again': 'Invitation sent again',
      'account.link': 'Sign-in link sent',
      'account.password': 'Password set',
      'account.sign_in': 'Signed in',
      'account.sign_out': 'Signed out',
      'consent.add': 'Consent wording published',
      'organisation.change': 'Organisation changed',
      'organisation.create': 'Organisation created',
    },
    kind: { account: 'account', consent_text: 'consent', organisation: 'organisation' },
  },
  {
    action: {
      'account.change': 'Compte modifié',
      'account.end_sign_in': 'Autre connexion fermée',
      'account.invite': 'Invitation envoyée',
      'account.invite_again': 'Invitation renvoyée',
      'account.link': 'Lien de connexion envoyé',
      'account.password': 'Mot de passe défini',
      'account.sign_in': 'Connexion',
      'account.sign_out': 'Déconnexion',
      'consent.add': 'Texte de consentement publié',
      'organisation.change': 'Organisation modifiée',
      'organisation.create': 'Organisation créée',
    },
    kind: {
      account: 'compte',
      consent_text: 'consentement',
      organisation: 'organisation',
    },
  },
);
