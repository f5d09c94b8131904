import { defineTexts } from '../../i18n';

export const recordingTexts = defineTexts(
  {
    on: 'Recording',
    onText: 'This session is being recorded.',
    off: 'Not being recorded',
    start: 'Record',
    stop: 'Stop recording',
    startTitle: 'Record this session?',
    startText:
      'Everybody here sees that it is being recorded. Voice, camera and screen of those who agreed are kept; whoever did not is heard live and not recorded.',
    stopTitle: 'Stop recording?',
    stopText: 'What was recorded is kept. A film of it will be ready to download in a few minutes.',
    stopped: {
      host: 'The recording has been stopped.',
      ended: 'The recording ended with the session.',
      storage: 'The recording stopped: the disk is full or too slow. The session goes on.',
      quota: 'The recording stopped: your organisation’s storage is used up. The session goes on.',
    },
    ask: 'May you be recorded?',
    askText:
      'When you speak, your voice, camera and screen become part of the recording. You can change your mind later: what was recorded of you is then deleted.',
    agree: 'I agree',
    decline: 'Do not record me',
    guest: {
      ask: 'This session is being recorded. May your voice and picture be kept?',
      askLater: 'This session will be recorded. May your voice and picture be kept?',
      askText:
        'If not, everybody here hears you all the same, and nothing of you is kept. Until you answer, nothing is.',
      agree: 'Yes, record me',
      decline: 'Speak without being recorded',
    },
    agreed: 'You agreed to be recorded.',
    declined: 'You speak without being recorded.',
    withdraw: 'Withdraw',
    change: 'Agree',
    withdrawTitle: 'No longer be recorded?',
    withdrawText: 'Everything that was recorded of you in this session is deleted. This can’t be undone.',
    automatic: 'Recording starts with the session.',
    news: { on: 'This session is now being recorded.', off: 'The recording has stopped.' },
  },
  {
    on: 'Enregistrement',
    onText: 'Cette session est enregistrée.',
    off: 'Pas d’enregistrement',
    start: 'Enregistrer',
    stop: 'Arrêter l’enregistrement',
    startTitle: 'Enregistrer cette session ?',
    startText:
      'Tous les participants voient que la session est enregistrée. La voix, la caméra et l’écran des personnes qui l’ont accepté sont conservés ; les autres sont entendues en direct sans être enregistrées.',
    stopTitle: 'Arrêter l’enregistrement ?',
    stopText:
      'Ce qui a été enregistré est conservé. Un film sera prêt à télécharger dans quelques minutes.',
    stopped: {
      host: 'L’enregistrement a été arrêté.',
      ended: 'L’enregistrement s’est terminé avec la session.',
      storage: 'L’enregistrement s’est arrêté : le disque est plein ou trop lent. La session continue.',
      quota:
        'L’enregistrement s’est arrêté : l’espace de stockage de votre organisation est épuisé. La session continue.',
    },
    ask: 'Acceptez-vous d’être enregistré ?',
    askText:
      'Lorsque vous parlez, votre voix, votre caméra et votre écran font partie de l’enregistrement. Vous pourrez changer d’avis : ce qui a été enregistré de vous sera alors supprimé.',
    guest: {
      ask: 'Cette session est enregistrée. Votre voix et votre image peuvent-elles être conservées ?',
      askLater: 'Cette session sera enregistrée. Votre voix et votre image peuvent-elles être conservées ?',
      askText:
        'Sinon, tout le monde vous entend quand même ici, et rien de vous n’est conservé. Tant que vous n’avez pas répondu, rien ne l’est.',
      agree: 'Oui, m’enregistrer',
      decline: 'Parler sans enregistrement',
    },
    agree: 'J’accepte',
    decline: 'Ne pas m’enregistrer',
    agreed: 'Vous avez accepté d’être enregistré.',
    declined: 'Vous parlez sans être enregistré.',
    withdraw: 'Retirer mon accord',
    change: 'Accepter',
    withdrawTitle: 'Ne plus être enregistré ?',
    withdrawText:
      'Tout ce qui a été enregistré de vous dans cette session sera supprimé. Cette action est irréversible.',
    automatic: 'L’enregistrement démarre avec la session.',
    news: { on: 'Cette session est maintenant enregistrée.', off: 'L’enregistrement est arrêté.' },
  },
);
