// The rules of the registration form, without its looks.
import type { Language } from '../../net/types';
import type { RegistrationForm, RegistrationPage } from './api';

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

/** The code of physicians, who must give a specialty. */
export const PHYSICIAN = '10';
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
export type Fault = 'missing' | 'badEmail' | 'consentNeeded';

const TEXTS = [
  'email',
  'first_name',
  'last_name',
  'profession',
  'practice_setting',
  'region',
  'age_band',
] as const;

/** What is wrong with each field, by its name; with a consent, by its kind. */
export function faults(
  draft: Draft,
  requiredConsents: readonly { kind: string }[],
): Record<string, Fault> {
  const found: Record<string, Fault> = {};
  for (const name of TEXTS) if (!draft[name].trim()) found[name] = 'missing';
  if (draft.email.trim() && !EMAIL.test(draft.email.trim())) found.email = 'badEmail';
  if (draft.profession === PHYSICIAN && !draft.specialty) found.specialty = 'missing';
  for (const { kind } of requiredConsents) if (!draft.given[kind]) found[kind] = 'consentNeeded';
  return found;
}

/** The body that is sent. Each consent names the version that the page showed. */
export function toForm(draft: Draft, page: RegistrationPage, language: Language): RegistrationForm {
  const { given, specialty, email, ...rest } = draft;
  const consents = page.consents.map(({ kind, version }) => ({
    kind,
    version,
    given: given[kind] ?? false,
  }));
  return { ...rest, email: email.trim(), specialty: specialty || null, language, consents };
}
