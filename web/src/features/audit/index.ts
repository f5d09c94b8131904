// The audit log, in the words that each feature declares.
import type { Feature } from '../feature';
import { auditWords } from './words';

export const audit: Feature = {
  name: 'audit',
  audit: () => import('./audit'),
  pages: [{ path: '/audit', load: () => import('./AuditPage'), staff: true }],
  navigation: [
    { href: '/audit', label: () => auditWords().title, icon: 'scroll', roles: ['organiser'] },
  ],
};
