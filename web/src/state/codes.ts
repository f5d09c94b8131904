// The code lists (professions, specialties, …), fetched once a page.
import { signal } from '@preact/signals';
import { codeLabel } from '../i18n';
import { get } from '../net/api';
import type { Attribute, Codes } from '../net/types';

export const codes = signal<Codes | null>(null);
let asking: Promise<Codes> | null = null;

export function loadCodes(): Promise<Codes> {
  asking ??= get<Codes>('/api/codes').then(
    (found) => {
      codes.value = found;
      return found;
    },
    (error: unknown) => {
      asking = null;
      throw error;
    },
  );
  return asking;
}

/** The codes to choose from. Where several mean the same, only the one that stands for them. */
export function codeOptions(list: Attribute): { value: string; label: string }[] {
  const all = codes.value?.[list] ?? [];
  return all
    .filter(({ code, grouped_as }) => grouped_as === null || grouped_as === code)
    .map(({ code }) => ({ value: code, label: codeLabel(all, code) }));
}
