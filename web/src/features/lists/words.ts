// What every page loads: the name of the feature's own, and no more. The page has its texts, this too.
import { language } from '../../i18n';

export const listsTitle = () => (language.value === 'fr' ? 'Listes de ciblage' : 'Target lists');
