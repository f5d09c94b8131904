// Using the token that a mail, or a personal invitation, brought: it confirms a registration, and is the way in.
import type { MyRegistration } from '../../net/types';
import { enteredAs } from '../../state/me';
import { navigate } from '../../state/place';
import { cookieFault } from '../../ui/SignInFault';
import { toast } from '../../ui/Toast';
import { api } from './api';
import { registrationTexts } from './texts';

/** Whoever waits for a place is not signed in: their place in the line. Nor is who is in review. */
export type Held = number | 'in_review';
export type Joined = MyRegistration | Held;

export const isHeld = (joined: Joined | void): joined is Held => typeof joined === 'number' || joined === 'in_review';

async function join(token: string, person = ''): Promise<Joined> {
  const { registration, waiting_place, state } = await api.join(token, person || undefined);
  if (!registration) return state ?? waiting_place ?? 1;
  if (!(await enteredAs({ kind: 'hcp', registration }))) throw cookieFault();
  return registration;
}

/** Goes to the session that is open, or to the list when several are open or none is. */
export async function enter(token: string): Promise<Joined> {
  const registration = await join(token);
  if (isHeld(registration)) return registration;
  const open = registration.sessions.filter((s) => s.state === 'lobby' || s.state === 'live');
  const only = open.length === 1 ? open[0] : undefined;
  navigate(only ? `/live/${only.id}` : '/my', true);
  return registration;
}

export async function confirm(token: string, person = ''): Promise<Joined> {
  const registration = await join(token, person);
  if (isHeld(registration)) return registration;
  navigate('/my', true);
  toast.good(registrationTexts().confirmed);
  return registration;
}
