// Loaded before the feature itself: the name of its tab.
import { defineTexts } from '../../i18n';

export const mailsWords = defineTexts({ title: 'E-mails' }, { title: 'E-mails' });
