// The way to a provider that vouches for people, and back: what was typed stays in this tab meanwhile, and what the provider
// said fills in what is empty.
import type { ProviderSaid, RegistryPerson } from './api';
import type { Draft } from './form';
import { differences, fillIn, rppsOf } from './rpps';

export type ProviderFault = 'refused' | 'away' | 'failed' | 'expired';
const FAULTS: readonly string[] = ['refused', 'away', 'failed', 'expired'] satisfies ProviderFault[];

/** What the fragment says that the server sent the browser back with; null: it did not. */
export function backFrom(hash: string): 'good' | ProviderFault | null {
  const word = /^#provider=([a-z]+)$/.exec(hash)?.[1] ?? '';
  if (word === 'good') return 'good';
  return FAULTS.includes(word) ? (word as ProviderFault) : null;
}

const key = (code: string) => `amphi.form.${code}`;

/** For this tab alone, until it is back. */
export function keepDraft(code: string, draft: Draft): void {
  try {
    sessionStorage.setItem(key(code), JSON.stringify(draft));
  } catch {
    // it is typed again
  }
}

/** What was kept, once. */
export function takeDraft(code: string): Draft | null {
  try {
    const kept = sessionStorage.getItem(key(code));
    sessionStorage.removeItem(key(code));
    return kept ? (JSON.parse(kept) as Draft) : null;
  } catch {
    return null;
  }
}

/** As the register would say it; what the provider does not say is as it is typed. */
const personOf = (said: ProviderSaid, draft: Draft, group: (specialty: string) => string): RegistryPerson => ({
  rpps: said.rpps ?? '',
  first_name: said.first_name ?? draft.first_name,
  last_name: said.last_name ?? draft.last_name,
  profession: said.profession ?? draft.profession,
  specialty: said.specialty && group(said.specialty),
  region: null,
});

type Known = Parameters<typeof fillIn>[2];

/** What it says and the person did not fill in. */
export function fillInSaid(draft: Draft, said: ProviderSaid, group: (specialty: string) => string, known: (profession: string) => Known): Partial<Draft> {
  const person = personOf(said, draft, group);
  const filled: Partial<Draft> = fillIn(draft, person, known(person.profession));
  if (!draft.rpps.trim() && said.rpps) filled.rpps = said.rpps;
  if (!draft.email.trim() && said.email) filled.email = said.email;
  if (!draft.category || draft.category === 'hcp') return { ...filled, category: 'hcp' };
  const { first_name, last_name, email } = filled; // who registers as something else has no profession there
  return Object.fromEntries(Object.entries({ first_name, last_name, email }).filter(([, value]) => value !== undefined));
}

export type Differs = 'name' | 'rpps' | 'profession' | 'specialty';

/** What is typed otherwise than it was said; the server decides when the registration is confirmed. */
export function differsFromSaid(draft: Draft, said: ProviderSaid, group: (specialty: string) => string): Differs[] {
  const found: Differs[] = differences(draft, personOf(said, draft, group), group);
  if (said.rpps && draft.rpps.trim() && rppsOf(draft.rpps) !== said.rpps) found.push('rpps');
  return found;
}
