// Who is signed in in this browser, as staff and as an HCP, and for whom this tab acts. Undefined: not
// asked yet; null: nobody. The two are side by side; each is replaced when somebody else signs in, in
// this tab or in another one. A tab acts for the person it showed first, also after it was loaded
// again, until its person says otherwise: every request names that person, and the server compares.
import { signal } from '@preact/signals';
import { ApiError, request, type Side, signIns } from '../net/api';
import type { Me, MyRegistration, Role, StaffMe } from '../net/types';
import { forgetDrafts } from './drafts';
import { navigate, place } from './place';

export const staff = signal<StaffMe | null | undefined>(undefined);
export const hcp = signal<MyRegistration | null | undefined>(undefined);

export function hasRole(...roles: Role[]): boolean {
  return staff.value?.account.roles.some((role) => roles.includes(role)) ?? false;
}

// --- for whom this tab acts ---

const key = (side: Side) => `amphi.person.${side}`;

function remembered(side: Side): string | null {
  try {
    return sessionStorage.getItem(key(side));
  } catch {
    return null; // the browser refuses storage: a tab that is loaded again is whoever is signed in
  }
}

function remember(side: Side, person: string | null): void {
  try {
    if (person) sessionStorage.setItem(key(side), person);
    else sessionStorage.removeItem(key(side));
  } catch {
    // as above
  }
}

/** As the live protocol names a person: the account, or the registration of an HCP. */
export function personId(side: Side): string | null {
  const known = side === 'staff' ? staff.value?.account.id : hcp.value?.id;
  return known ?? remembered(side);
}

// --- signing in and out ---

const asking: Partial<Record<Side, Promise<void>>> = {};

export function signedInAsStaff(found: StaffMe): void {
  staff.value = found;
  asking.staff = Promise.resolve();
  remember('staff', found.account.id);
}

export function signedInAsHcp(found: MyRegistration): void {
  hcp.value = found;
  asking.hcp = Promise.resolve();
  remember('hcp', found.id);
}

/** Nobody is signed in on that side any more. */
export function forget(side: Side): void {
  remember(side, null);
  delete asking[side];
  if (side === 'staff') staff.value = null;
  else hcp.value = null;
}

/** Signs out on the server; the caller then calls forget(). What was begun is nobody else's to see. */
export async function signOut(side: Side): Promise<void> {
  await request('POST', '/api/sign-out', {}, undefined, side);
  const person = personId(side);
  if (person) forgetDrafts(person);
}

function read(side: Side, named: boolean): Promise<Me> {
  const as = named ? side : null;
  if (side === 'staff') return request('GET', '/api/me', undefined, undefined, as);
  return request<MyRegistration>('GET', '/api/my/registration', undefined, undefined, as).then(
    (registration) => ({ kind: 'hcp', registration }),
  );
}

function met(side: Side, found: Me): void {
  if (found.kind !== side) forget(side);
  else if (found.kind === 'staff') signedInAsStaff(found);
  else signedInAsHcp(found.registration);
}

const isNobody = (error: unknown) =>
  error instanceof ApiError && (error.status === 401 || error.status === 403);
const isReplaced = (error: unknown) =>
  error instanceof ApiError && error.code === 'auth.other_person';

async function ask(side: Side): Promise<void> {
  try {
    met(side, await read(side, true));
  } catch (error) {
    if (isNobody(error)) forget(side);
    else if (!isReplaced(error) || (await notice(side))) throw error;
  }
}

/** Asks the server once, and again after forget(). Rejects when somebody else is signed in. */
export function load(side: Side): Promise<void> {
  asking[side] ??= ask(side).catch((error: unknown) => {
    delete asking[side];
    throw error;
  });
  return asking[side];
}

const idOf = (found: Me) => (found.kind === 'staff' ? found.account.id : found.registration.id);

/** Somebody signed in just now. False: the browser did not keep it, because it blocks cookies. */
export async function enteredAs(found: Me): Promise<boolean> {
  try {
    const kept = await read(found.kind, false);
    if (idOf(kept) !== idOf(found)) return false;
  } catch (error) {
    if (isNobody(error)) return false;
    throw error;
  }
  met(found.kind, found);
  return true;
}

// --- somebody else ---

export interface Somebody {
  side: Side;
  id: string;
  name: string;
  /** What an HCP is registered for. */
  event: string | null;
}

/** Who is signed in in this tab's browser now, where that is not for whom the tab acts. */
export const somebodyElse = signal<Somebody | null>(null);

function somebody(side: Side, found: Me): Somebody | null {
  if (found.kind !== side) return null;
  if (found.kind === 'staff') return { side, id: found.account.id, name: found.account.name, event: null };
  const { id, first_name, last_name, congress } = found.registration;
  return { side, id, name: `${first_name} ${last_name}`, event: congress.title };
}

const noticing: Partial<Record<Side, Promise<boolean>>> = {};

/** Finds out who is signed in instead, and says so. False: nobody is. */
export function notice(side: Side): Promise<boolean> {
  noticing[side] ??= read(side, false)
    .then((found) => somebody(side, found))
    .catch((error: unknown) => {
      if (isNobody(error)) return null;
      throw error;
    })
    .then((found) => {
      if (!found) ended(side);
      else if (found.id !== personId(side)) somebodyElse.value = found;
      return found !== null;
    })
    .finally(() => delete noticing[side]);
  return noticing[side];
}

/** The tab acts for them from here on. */
export function goOnAs({ side, id }: Somebody): void {
  remember(side, id);
  location.reload();
}

/** Nobody is signed in. Pages where somebody was until now lead to the sign-in; others merely asked. */
export function ended(side: Side): void {
  const was = side === 'staff' && staff.value;
  forget(side);
  if (was) navigate(`/sign-in?to=${encodeURIComponent(place.value.path)}`, true);
}

signIns.person = personId;
signIns.ended = ended;
signIns.replaced = (side) => void notice(side).catch(() => undefined);
