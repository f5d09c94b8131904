// Loaded before the feature itself: the name of its tab.
import { defineTexts } from '../../i18n';

export const guestWords = defineTexts({ title: 'Guest speakers' }, { title: 'Intervenants invités' });
