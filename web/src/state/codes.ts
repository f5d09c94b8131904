// The code lists (professions, specialties, …), fetched once a page.
import { signal } from '@preact/signals';
import { api } from '../net/api';
import type { Codes } from '../net/types';

export const codes = signal<Codes | null>(null);
let asking: Promise<Codes> | null = null;

export function loadCodes(): Promise<Codes> {
  asking ??= api.codes().then(
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
