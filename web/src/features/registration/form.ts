// The rules of the registration form, without its looks.
import type { Attribute, Language } from '../../net/types';
import type { AskedQuestion, Typed } from './formQuestions';
import { toAnswers } from './formQuestions';
import type { Declared, OpenInvitation, RegistrationForm, RegistrationPage } from './api';
import { type RppsFault, rppsFault } from './rpps';

/** What somebody is by profession, as it is chosen; '' is not chosen. */
export type Profile = Record<Attribute, string>;
export type Draft = Omit<RegistrationForm, 'language' | 'consents' | 'answers' | 'rpps' | Attribute> &
  Profile & { rpps: string; given: Record<string, boolean>; typed: Typed };

export const emptyDraft: Draft = {
  rpps: '',
  email: '',
  first_name: '',
  last_name: '',
  profession: '',
  specialty: '',
  practice_setting: '',
  region: '',
  age_band: '',
  given: {},
  typed: {},
};

/** Filled in with what is known of somebody who was invited. */
export const knownDraft = (known: OpenInvitation): Draft => ({
  ...emptyDraft,
  rpps: known.rpps ?? '',
  email: known.email ?? '',
  first_name: known.first_name,
  last_name: known.last_name,
  profession: known.profession ?? '',
  specialty: known.specialty ?? '',
  practice_setting: known.practice_setting ?? '',
  region: known.region ?? '',
  age_band: known.age_band ?? '',
});

/** The code of physicians, who must give a specialty. */
export const PHYSICIAN = '10';
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
export type Fault = 'missing' | 'notChosen' | 'badEmail' | 'consentNeeded';

const TEXTS = ['email', 'first_name', 'last_name'] as const;
const CHOICES = ['profession', 'practice_setting', 'region', 'age_band'] as const;

export function profileFaults(profile: Profile): Record<string, Fault> {
  const found: Record<string, Fault> = {};
  for (const name of CHOICES) if (!profile[name]) found[name] = 'notChosen';
  if (profile.profession === PHYSICIAN && !profile.specialty) found.specialty = 'notChosen';
  return found;
}

/** As the server takes it. */
export function declared({ profession, specialty, practice_setting, region, age_band }: Profile): Declared {
  return { profession, specialty: specialty || null, practice_setting, region, age_band };
}

/** What is wrong with each field, by its name; with a consent, by its kind. */
export function faults(
  draft: Draft,
  requiredConsents: readonly { kind: string }[],
  checkDigits: boolean,
): Record<string, Fault | RppsFault> {
  const found: Record<string, Fault | RppsFault> = {};
  for (const name of TEXTS) if (!draft[name].trim()) found[name] = 'missing';
  if (draft.email.trim() && !EMAIL.test(draft.email.trim())) found.email = 'badEmail';
  const wrong = rppsFault(draft.rpps, checkDigits);
  if (wrong) found.rpps = wrong;
  Object.assign(found, profileFaults(draft));
  for (const { kind } of requiredConsents) if (!draft.given[kind]) found[kind] = 'consentNeeded';
  return found;
}

/** The body that is sent. Each consent names the version that the page showed; what is not asked any more is not answered. */
export function toForm(draft: Draft, page: RegistrationPage, questions: readonly AskedQuestion[], language: Language): RegistrationForm {
  const { given, typed, specialty, email, rpps, ...rest } = draft;
  const consents = page.consents.map(({ kind, version }) => ({
    kind,
    version,
    given: given[kind] ?? false,
  }));
  return { ...rest, email: email.trim(), rpps: rpps.trim() || null, specialty: specialty || null, language, consents, answers: toAnswers(questions, typed) };
}
