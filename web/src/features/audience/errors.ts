// The sentences for error codes of target profiles, the library and an organisation's own codes.
import { defineTexts } from '../../i18n';

export default defineTexts(
  {
    'profile.name': 'This congress has a target profile of this name already.',
    'profile.limit': 'A congress has at most 64 target profiles.',
    'profile.circle': 'These target profiles would build on each other in a circle.',
    'profile.places': 'More places of this profile are taken than you enter, and nobody loses theirs. Places taken:',
    'profile.used': 'Other target profiles build on this one.',
    'library.name': 'The library has a profile of this name already.',
    'library.limit': 'The library has as many profiles as it may have (200). Remove one first.',
    'library.used': 'Other profiles of the library build on this one.',
    'library.lists': 'Target lists that these profiles ask for were removed.',
    'library.codes': 'This profile asks for a value that no longer exists.',
    'codes.limit': 'Your organisation would have more than 2,000 codes of its own.',
    'codes.taken': 'The common lists have these codes already. Give yours other ones.',
    'codes.used': 'Target profiles or target lists use this code.',
  },
  {
    'profile.name': 'Ce congrès a déjà un profil cible de ce nom.',
    'profile.limit': 'Un congrès a au plus 64 profils cibles.',
    'profile.circle': 'Ces profils cibles se définiraient les uns par les autres, en boucle.',
    'profile.places': 'Ce profil a déjà plus de places prises que le nombre saisi, et personne ne perd la sienne. Places prises :',
    'profile.used': 'D’autres profils cibles reposent sur celui-ci.',
    'library.name': 'La bibliothèque contient déjà un profil de ce nom.',
    'library.limit': 'La bibliothèque a atteint le nombre maximal de profils (200). Supprimez-en un d’abord.',
    'library.used': 'D’autres profils de la bibliothèque reposent sur celui-ci.',
    'library.lists': 'Des listes de ciblage que ces profils utilisent ont été supprimées.',
    'library.codes': 'Ce profil utilise une valeur qui n’existe plus.',
    'codes.limit': 'Votre organisation aurait plus de 2 000 codes internes.',
    'codes.taken': 'Les listes communes contiennent déjà ces codes. Donnez-en d’autres aux vôtres.',
    'codes.used': 'Des profils cibles ou des listes de ciblage utilisent ce code.',
  },
);
