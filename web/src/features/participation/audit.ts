// How the audit log names what is done here.
import { defineTexts } from '../../i18n';

export default defineTexts(
  {
    action: {
      'attendance.export': 'Attendance exported',
      'participation.export': 'Participation exported',
    },
    kind: {},
    detail: { people: 'People', profiles: 'Target profiles' },
  },
  {
    action: {
      'attendance.export': 'Présence exportée',
      'participation.export': 'Participation exportée',
    },
    kind: {},
    detail: { people: 'Personnes', profiles: 'Profils cibles' },
  },
);
