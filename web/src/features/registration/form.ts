// What a registration needs, apart from how it looks.
import type { RegistrationForm } from '../../net/types';

export type Draft = Omit<RegistrationForm, 'language' | 'consents' | 'specialty'> & {
  specialty: string;
  given: Record<string, boolean>;
};

export const emptyDraft: Draft = {
  email: '',
  first_name: '',
  last_name: '',
  profession: '',
  specialty: '',
  practice_setting: '',
  region: '',
  age_band: '',
  given: {},
};

/** Physicians name their specialty; for others it is open. */
export const PHYSICIAN = '10';
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
export type Fault = 'missing' | 'badEmail' | 'consentNeeded';

export function faults(draft: Draft, required: readonly string[]): Record<string, Fault> {
  const found: Record<string, Fault> = {};
  const texts = ['email', 'first_name', 'last_name', 'profession', 'practice_setting', 'region', 'age_band'] as const;
  for (const name of texts) if (!draft[name].trim()) found[name] = 'missing';
  if (draft.email.trim() && !EMAIL.test(draft.email.trim())) found.email = 'badEmail';
  if (draft.profession === PHYSICIAN && !draft.specialty) found.specialty = 'missing';
  for (const kind of required) if (!draft.given[kind]) found[kind] = 'consentNeeded';
  return found;
}
