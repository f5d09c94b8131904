// The tab that the page of a congress gets from here (app/tabs.ts).
import type { FeatureTabs } from '../feature';
import { mailsWords } from './words';

export const tabs: FeatureTabs = {
  congress: [
    {
      key: 'mails',
      label: () => mailsWords().title,
      roles: ['organiser'],
      load: () => import('./MailsTab'),
    },
  ],
};
