// What whoever wants no more invitations reads.
import { defineTexts } from '../../i18n';

export const optOutTexts = defineTexts(
  {
    title: 'No more invitations?',
    text: (organisation: string) => `${organisation} will not send invitations to your address any more.`,
    action: 'Send me no more invitations',
    isOut: 'You will get no more invitations',
    isOutText: (organisation: string) => `${organisation} sends no more invitations to your address.`,
    undo: 'Send me invitations again',
    mails: 'E-mails about events for which you are registered will still reach you.',
    unknown: 'This link is not valid',
    unknownText: 'Please open the whole link from your e-mail.',
  },
  {
    title: 'Ne plus recevoir d’invitations ?',
    text: (organisation) => `${organisation} n’enverra plus d’invitations à votre adresse.`,
    action: 'Ne plus m’envoyer d’invitations',
    isOut: 'Vous ne recevrez plus d’invitations',
    isOutText: (organisation) => `${organisation} n’envoie plus d’invitations à votre adresse.`,
    undo: 'Recevoir de nouveau des invitations',
    mails: 'Les e-mails concernant vos inscriptions continueront de vous parvenir.',
    unknown: 'Ce lien n’est pas valable',
    unknownText: 'Ouvrez le lien entier reçu par e-mail.',
  },
);
