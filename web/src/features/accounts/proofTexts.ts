import { defineTexts } from '../../i18n';

export const proofTexts = defineTexts(
  {
    title: 'Is it you?',
    lead: 'This step concerns personal data or access rights. Please confirm that it is you; it counts for ten minutes.',
    password: 'Your password',
    wrongPassword: 'This is not your password.',
    goOn: 'Confirm and go on',
    send: 'Mail me a code',
    sendAgain: 'Mail me another code',
    sent: 'We have sent you a code by e-mail. It is valid for ten minutes.',
    mailedCode: 'Code from the mail',
    use: {
      password: 'Use the password',
      passkey: 'Use a passkey',
      totp: 'Use a code from the app',
      recovery: 'Use a recovery code',
      mail: 'Use a code by mail',
    },
  },
  {
    title: 'Est-ce bien vous ?',
    lead: 'Cette étape concerne des données personnelles ou des droits d’accès. Confirmez que c’est bien vous ; cela vaut pour dix minutes.',
    password: 'Votre mot de passe',
    wrongPassword: 'Ce n’est pas votre mot de passe.',
    goOn: 'Confirmer et continuer',
    send: 'M’envoyer un code par e-mail',
    sendAgain: 'M’envoyer un autre code',
    sent: 'Un code vient de vous être envoyé par e-mail. Il est valable dix minutes.',
    mailedCode: 'Code reçu par e-mail',
    use: {
      password: 'Utiliser le mot de passe',
      passkey: 'Utiliser une clé d’accès',
      totp: 'Utiliser un code de l’application',
      recovery: 'Utiliser un code de secours',
      mail: 'Utiliser un code reçu par e-mail',
    },
  },
);
