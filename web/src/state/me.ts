// Who is signed in. Undefined: not asked yet; null: nobody.
import { computed, signal } from '@preact/signals';
import { ApiError, get, post } from '../net/api';
import type { Me, Role } from '../net/types';
import { forgetDrafts } from './drafts';

export const me = signal<Me | null | undefined>(undefined);
export const staff = computed(() => (me.value?.kind === 'staff' ? me.value : null));

/** As the live protocol names a person: the account, or the registration of an HCP. */
export const personId = computed(() => {
  const who = me.value;
  return who?.kind === 'hcp' ? who.registration.id : who?.account.id;
});

export function hasRole(...roles: Role[]): boolean {
  return staff.value?.account.roles.some((role) => roles.includes(role)) ?? false;
}

let asking: Promise<void> | null = null;

/** Asks the server once, and again after forgetMe(); network errors reject. */
export function loadMe(): Promise<void> {
  asking ??= get<Me>('/api/me').then(
    (found) => {
      me.value = found;
    },
    (error: unknown) => {
      asking = null;
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
      me.value = null;
    },
  );
  return asking;
}

export function signedIn(found: Me): void {
  me.value = found;
  asking = Promise.resolve();
}

export function forgetMe(): void {
  forgetDrafts();
  me.value = null;
  asking = null;
}

/** Signs out on the server; the caller then calls forgetMe(). */
export const signOut = (): Promise<void> => post('/api/sign-out');
