// RPPS and ADELI numbers as people type them, and what the register says of one (server/base/rpps.h).
import type { RegistryPerson } from './api';

export type RppsFault = 'badRpps' | 'badRppsDigit';

/** As it is kept: without blanks and the digit of its kind before it; '' when it is neither RPPS nor ADELI. */
export function rppsOf(typed: string): string {
  const text = typed.replace(/\s/g, '').toUpperCase();
  const found = /^(?:8?([1-9]\d{10})|0?(\d[\dAB]\d{7}))$/.exec(text);
  const kept = found?.[1] ?? found?.[2] ?? '';
  return kept.length === 9 && !/^(\d\d|2[AB])/.test(kept) ? '' : kept;
}

/** Every second digit from the right counts double, as the sum of its digits. */
function luhn(digits: string): boolean {
  const sum = [...digits].reverse().reduce((all, digit, i) => {
    const value = Number(digit) * (i % 2 ? 2 : 1);
    return all + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}

/** Null: it is good, or there is none. check: whether numbers with a wrong check digit are refused. */
export function rppsFault(typed: string, check: boolean): RppsFault | null {
  if (!typed.trim()) return null;
  const rpps = rppsOf(typed);
  if (!rpps) return 'badRpps';
  return check && rpps.length === 11 && !luhn(rpps) ? 'badRppsDigit' : null;
}

type Named = { first_name: string; last_name: string };
export type Filled = Named & { profession: string; specialty: string; region: string };

/** What the register has and the person did not fill in. Nothing that they wrote is replaced. */
export function fillIn(draft: Filled, person: RegistryPerson, known: (list: 'profession' | 'specialty' | 'region', code: string) => boolean): Partial<Filled> {
  const filled: Partial<Filled> = {};
  if (!draft.first_name.trim()) filled.first_name = person.first_name;
  if (!draft.last_name.trim()) filled.last_name = person.last_name;
  if (!draft.profession && known('profession', person.profession)) {
    filled.profession = person.profession;
    filled.specialty = '';
  }
  const { specialty, region } = person;
  const profession = filled.profession ?? draft.profession;
  if (specialty && !(filled.specialty ?? draft.specialty) && profession === person.profession && known('specialty', specialty)) filled.specialty = specialty;
  if (region && !draft.region && known('region', region)) filled.region = region;
  return filled;
}

const folded = (name: string) =>
  name
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/œ/g, 'oe')
    .replace(/[\s'’.,\u2010-\u2015-]+/g, ' ')
    .trim();
const first = (name: string) => folded(name).split(' ')[0];

/** Which of them the register has otherwise; the server decides when the registration is confirmed. */
export function differences(draft: Filled, person: RegistryPerson, group: (specialty: string) => string): ('name' | 'profession' | 'specialty')[] {
  const found: ('name' | 'profession' | 'specialty')[] = [];
  const named = draft.first_name.trim() && draft.last_name.trim();
  if (named && (folded(draft.last_name) !== folded(person.last_name) || first(draft.first_name) !== first(person.first_name))) found.push('name');
  if (draft.profession && draft.profession !== person.profession) found.push('profession');
  if (person.specialty && draft.specialty && group(draft.specialty) !== group(person.specialty)) found.push('specialty');
  return found;
}
