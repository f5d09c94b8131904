// Loaded before the feature itself: the names of its tabs and pages, the sentences for its error codes.
import { defineTexts } from '../../i18n';

export const audienceWords = defineTexts(
  {
    audience: 'Audience',
    errors: {
      'profile.name': 'This congress has a target profile of this name already.',
      'profile.limit': 'A congress has at most 64 target profiles.',
      'profile.circle': 'These target profiles would build on each other in a circle.',
      'profile.used': 'Other target profiles build on this one.',
    },
  },
  {
    audience: 'Public visé',
    errors: {
      'profile.name': 'Ce congrès a déjà un profil cible de ce nom.',
      'profile.limit': 'Un congrès a au plus 64 profils cibles.',
      'profile.circle': 'Ces profils cibles se définiraient les uns par les autres, en boucle.',
      'profile.used': 'D’autres profils cibles reposent sur celui-ci.',
    },
  },
);
