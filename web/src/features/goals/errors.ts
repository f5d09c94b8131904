// The sentences for the error codes of the goal board.
import { defineTexts } from '../../i18n';

export default defineTexts(
  { 'profile.no_list': 'The population of this profile is not counted in a target list.' },
  { 'profile.no_list': 'La population de ce profil n’est pas comptée dans une liste de ciblage.' },
);
