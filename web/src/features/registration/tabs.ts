// The tabs that the pages of a congress and of a session get from here (app/tabs.ts).
import type { FeatureTabs } from '../feature';
import { registrationWords } from './words';

export const tabs: FeatureTabs = {
  congress: [
    {
      key: 'links',
      label: () => registrationWords().links,
      roles: ['organiser'],
      load: () => import('./LinksTab'),
    },
    {
      key: 'form',
      label: () => registrationWords().form,
      roles: ['organiser'],
      load: () => import('./FormTab'),
    },
    {
      key: 'registrations',
      label: () => registrationWords().registrations,
      roles: ['organiser'],
      load: () => import('./RegistrationsTab'),
    },
    {
      key: 'review',
      label: () => registrationWords().review,
      roles: ['organiser'],
      load: () => import('./ReviewTab'),
    },
  ],
};
