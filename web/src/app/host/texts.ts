import { defineTexts, plural } from '../../i18n';

export const hostTexts = defineTexts(
  {
    console: 'Host console',
    signedOut: 'You are signed out',
    signedOutText: 'The session goes on. Sign in again and you are back in this console.',
    signIn: 'Sign in again',
    start: 'Start the session',
    startTitle: 'Start the session now?',
    startText: (count: number) =>
      `${plural(count, { one: '# participant is', other: '# participants are' })} in the lobby. Attendance is counted from now on.`,
    end: 'End the session',
    endTitle: 'End the session for everybody?',
    endText: 'Attendance is counted up to this moment. An ended session cannot be started again.',
    extend: 'Extend',
    extended: (minutes: number) => `The planned duration is now ${minutes} minutes.`,
    more: (minutes: number) => `by ${minutes} min`,
    left: 'Time left',
    over: 'Overtime',
    planned: 'Planned',
    forgotten: 'This session is still live',
    forgottenText: (count: number) =>
      `Its planned end has passed and ${plural(count, { one: '# participant is', other: '# participants are' })} still here. Extend it, or end it: attendance is counted until then.`,
    forgottenAlone:
      'Its planned end has passed and no participant is left. End it; when you leave, too, it ends by itself after a while.',
    notPublished: 'This session is not published yet.',
    notPublishedText: 'Publish it on its page so that participants can enter the lobby.',
    open: 'Session page',
    participation: 'Participation',
    ended: 'This session has ended',
    endedText:
      'Figures and the attendance file are on the participation page; questions and poll results stay here.',
    cancelled: 'This session was cancelled',
    panels: 'Questions, polls and people',
    follow: 'You can follow and moderate. Only hosts and speakers move the slides.',
  },
  {
    console: 'Régie',
    signedOut: 'Vous êtes déconnecté',
    signedOutText: 'La session continue. Reconnectez-vous pour revenir dans la régie.',
    signIn: 'Se reconnecter',
    start: 'Démarrer la session',
    startTitle: 'Démarrer la session maintenant ?',
    startText: (count) =>
      `${plural(count, { one: '# participant est', other: '# participants sont' })} dans la salle d’attente. Le temps de présence est compté à partir de maintenant.`,
    end: 'Terminer la session',
    endTitle: 'Terminer la session pour tout le monde ?',
    endText: 'Le temps de présence est compté jusqu’à cet instant. Une session terminée ne peut pas être relancée.',
    extend: 'Prolonger',
    extended: (minutes) => `La durée prévue est maintenant de ${minutes} minutes.`,
    more: (minutes) => `de ${minutes} min`,
    left: 'Temps restant',
    over: 'Dépassement',
    planned: 'Durée prévue',
    forgotten: 'Cette session est toujours en direct',
    forgottenText: (count) =>
      `La fin prévue est passée et ${plural(count, { one: '# participant est encore là', other: '# participants sont encore là' })}. Prolongez-la ou terminez-la : le temps de présence est compté jusque-là.`,
    forgottenAlone:
      'La fin prévue est passée et il n’y a plus aucun participant. Terminez-la ; si vous partez aussi, elle se terminera d’elle-même au bout d’un moment.',
    notPublished: 'Cette session n’est pas encore publiée.',
    notPublishedText:
      'Publiez-la sur sa page ; les participants pourront alors entrer dans la salle d’attente.',
    open: 'Page de la session',
    participation: 'Participation',
    ended: 'Cette session est terminée',
    endedText:
      'Les chiffres et le fichier de présence sont sur la page de participation ; les questions et les résultats des sondages restent ici.',
    cancelled: 'Cette session a été annulée',
    panels: 'Questions, sondages et participants',
    follow: 'Vous pouvez suivre et modérer. Seuls les animateurs et les orateurs changent de diapositive.',
  },
);
