// Loaded before the feature itself: the name of its tab.
import { defineTexts } from '../../i18n';

export const invitationsWords = defineTexts({ title: 'Invitations' }, { title: 'Invitations' });
