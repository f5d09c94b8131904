// What a form says of a field that cannot be sent yet, in the page's own words and beside the field: the browser's
// bubbles speak its language, not the page's, are gone after a moment, and are read badly.
import { createContext } from 'preact';
import { defineTexts, formatNumber } from '../i18n';

const validityTexts = defineTexts(
  {
    missing: 'Please fill this in.',
    notChosen: 'Please choose from the list.',
    notTicked: 'Please tick this box to go on.',
    email: 'Please enter a valid e-mail address.',
    url: 'Please enter a complete web address.',
    number: 'Please enter a number.',
    whole: 'Please enter a whole number.',
    date: 'Please enter a complete date.',
    time: 'Please enter a complete time.',
    least: (least: string) => `${least} at least.`,
    most: (most: string) => `${most} at most.`,
    other: 'Please check this value.',
  },
  {
    missing: 'Veuillez compléter ce champ.',
    notChosen: 'Veuillez choisir dans la liste.',
    notTicked: 'Veuillez cocher cette case pour continuer.',
    email: 'Veuillez saisir une adresse e-mail valable.',
    url: 'Veuillez saisir une adresse web complète.',
    number: 'Veuillez saisir un nombre.',
    whole: 'Veuillez saisir un nombre entier.',
    date: 'Veuillez saisir une date complète.',
    time: 'Veuillez saisir une heure complète.',
    least: (least) => `Au moins ${least}.`,
    most: (most) => `Au plus ${most}.`,
    other: 'Veuillez vérifier cette valeur.',
  },
);

/** What the page needs of an element of a form. */
export type Checked = Pick<HTMLInputElement, 'id' | 'type' | 'validity' | 'willValidate'> & {
  min?: string;
  max?: string;
  role?: string | null;
};

const bound = (text = '') => (Number.isFinite(Number(text)) ? formatNumber(Number(text)) : text);

function missing(type: string, role: string | null | undefined): string {
  const t = validityTexts();
  if (type === 'checkbox') return t.notTicked;
  if (type === 'date') return t.date;
  if (type === 'time') return t.time;
  return type.startsWith('select') || role === 'combobox' ? t.notChosen : t.missing;
}

/** Null: nothing is wrong with it. */
export function faultOf({ type, validity, willValidate, min, max, role }: Checked): string | null {
  const t = validityTexts();
  if (!willValidate || validity.valid) return null;
  if (validity.badInput) return type === 'date' ? t.date : type === 'time' ? t.time : t.number;
  if (validity.valueMissing) return missing(type, role);
  if (validity.typeMismatch) return type === 'email' ? t.email : t.url;
  if (validity.rangeUnderflow) return t.least(bound(min));
  if (validity.rangeOverflow) return t.most(bound(max));
  return validity.stepMismatch ? t.whole : t.other;
}

export type Faults = ReadonlyMap<string, string>;
export const noFaults: Faults = new Map();

/** The faults of the form around a field, by the control's id. */
export const FormFaults = createContext<Faults>(noFaults);

/** Of all controls, or only of those that were at fault before. */
export function faultsOf(elements: Iterable<Checked>, among?: Faults): Faults {
  const found = [...elements]
    .filter(({ id }) => id && (!among || among.has(id)))
    .map((control) => [control.id, faultOf(control)] as const);
  return new Map(found.filter((entry): entry is readonly [string, string] => entry[1] !== null));
}
