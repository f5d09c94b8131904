// How the audit log names what is done here.
import { defineTexts } from '../../i18n';

export default defineTexts(
  {
    action: {
      'target_profile.change': 'Target profile changed',
      'target_profile.create': 'Target profile created',
      'target_profile.delete': 'Target profile removed',
    },
    kind: { target_profile: 'target profile' },
  },
  {
    action: {
      'target_profile.change': 'Profil cible modifié',
      'target_profile.create': 'Profil cible créé',
      'target_profile.delete': 'Profil cible supprimé',
    },
    kind: { target_profile: 'profil cible' },
  },
);
