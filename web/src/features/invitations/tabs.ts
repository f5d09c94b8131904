// The tabs that the pages of a congress and of a session get from here (app/tabs.ts).
import type { FeatureTabs } from '../feature';
import { invitationsWords } from './words';

export const tabs: FeatureTabs = {
  congress: [
    {
      key: 'invitations',
      label: () => invitationsWords().title,
      roles: ['organiser'],
      load: () => import('./InvitationsTab'),
    },
  ],
};
