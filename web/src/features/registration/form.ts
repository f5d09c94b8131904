// The rules of the registration form, without its looks.
import type { Attribute, Category, Language } from '../../net/types';
import type { AskedQuestion, Typed } from './formQuestions';
import { toAnswers } from './formQuestions';
import type { DeclaredTyped, OpenInvitation, RegistrationForm, RegistrationPage } from './api';
import { isAffiliated } from './categories';
import { type RppsFault, rppsFault } from './rpps';

/** What somebody is by profession, as it is chosen; '' is not chosen. */
export type Profile = Record<Attribute, string>;
/** With what they register as. */
export type Person = Profile & { category: Category | ''; affiliation: string };
export type Draft = Pick<RegistrationForm, 'email' | 'first_name' | 'last_name'> &
  Person & { rpps: string; given: Record<string, boolean>; typed: Typed };

export const emptyDraft: Draft = {
  rpps: '',
  category: '',
  affiliation: '',
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

export function profileFaults(profile: Person): Record<string, Fault> {
  const found: Record<string, Fault> = {};
  const { category } = profile;
  if (!category) found.category = 'notChosen';
  if (isAffiliated(category) && !profile.affiliation.trim()) found.affiliation = 'missing';
  if (category === 'student' && !profile.profession) found.profession = 'notChosen';
  if (category !== 'hcp') return found;
  for (const name of CHOICES) if (!profile[name]) found[name] = 'notChosen';
  if (profile.profession === PHYSICIAN && !profile.specialty) found.specialty = 'notChosen';
  return found;
}

/** As the server takes it. */
export function declared({ category, affiliation, profession, specialty, practice_setting, region, age_band }: Person): DeclaredTyped {
  if (category === 'hcp' || category === '') return { profession, specialty: specialty || null, practice_setting, region, age_band };
  return {
    category,
    ...(category === 'student' && { profession }),
    ...(isAffiliated(category) && { affiliation: affiliation.trim() }),
  };
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
  const wrong = draft.category === 'hcp' && rppsFault(draft.rpps, checkDigits);
  if (wrong) found.rpps = wrong;
  Object.assign(found, profileFaults(draft));
  for (const { kind } of requiredConsents) if (!draft.given[kind]) found[kind] = 'consentNeeded';
  return found;
}

/** The body that is sent. Each consent names the version that the page showed; what is not asked any more is not answered. */
export function toForm(draft: Draft, page: RegistrationPage, questions: readonly AskedQuestion[], language: Language): RegistrationForm {
  const { given, typed, email, rpps, first_name, last_name } = draft;
  const consents = page.consents.map(({ kind, version }) => ({
    kind,
    version,
    given: given[kind] ?? false,
  }));
  return {
    email: email.trim(),
    first_name,
    last_name,
    ...declared(draft),
    ...(draft.category === 'hcp' && { rpps: rpps.trim() || null }),
    language,
    consents,
    answers: toAnswers(questions, typed),
  };
}
