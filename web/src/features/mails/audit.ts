// How the audit log names what is done here.
import { defineTexts } from '../../i18n';
import { kindTexts } from './kindTexts';

const words = defineTexts(
  {
    action: {
      'mails.settings': 'Mails of a congress set',
      'mail_text.change': 'Text of a mail changed',
      'mail_text.reset': 'Text of a mail reset to the default',
    },
    kind: {},
    detail: {
      remind_day: 'Reminder the day before',
      remind_hour: 'Reminder an hour before',
      remind_minutes: 'Reminder 10 minutes before',
      thanks: 'Thanks',
      missed: 'Sorry we missed you',
      gather_minutes: 'Changes gathered, minutes',
      mail: 'Mail',
      language: 'Language',
      subject: 'Subject',
      text: 'Text',
    },
    value: {
      remind_day: { true: 'on', false: 'off' },
      remind_hour: { true: 'on', false: 'off' },
      remind_minutes: { true: 'on', false: 'off' },
      thanks: { true: 'on', false: 'off' },
      missed: { true: 'on', false: 'off' },
      language: { fr: 'French', en: 'English' },
    },
  },
  {
    action: {
      'mails.settings': 'Réglages des e-mails d’un congrès modifiés',
      'mail_text.change': 'Texte d’un e-mail modifié',
      'mail_text.reset': 'Texte d’un e-mail rétabli par défaut',
    },
    kind: {},
    detail: {
      remind_day: 'Rappel la veille',
      remind_hour: 'Rappel une heure avant',
      remind_minutes: 'Rappel 10 minutes avant',
      thanks: 'Remerciement',
      missed: 'Mot aux absents',
      gather_minutes: 'Regroupement des changements, en minutes',
      mail: 'E-mail',
      language: 'Langue',
      subject: 'Objet',
      text: 'Texte',
    },
    value: {
      remind_day: { true: 'activé', false: 'désactivé' },
      remind_hour: { true: 'activé', false: 'désactivé' },
      remind_minutes: { true: 'activé', false: 'désactivé' },
      thanks: { true: 'activé', false: 'désactivé' },
      missed: { true: 'activé', false: 'désactivé' },
      language: { fr: 'français', en: 'anglais' },
    },
  },
);

export default () => ({ ...words(), value: { ...words().value, mail: kindTexts() } });
