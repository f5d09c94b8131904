import type { StaffMember } from './api';

export type StaffState = 'active' | 'invited' | 'expired' | 'disabled';

/** Whether somebody of the team works with it, was invited to it, or may not any more. */
export function staffState(
  person: Pick<StaffMember, 'disabled_at' | 'last_sign_in_at' | 'invited_until'>,
  now = Date.now(),
): StaffState {
  if (person.disabled_at) return 'disabled';
  if (person.last_sign_in_at) return 'active';
  return person.invited_until && Date.parse(person.invited_until) > now ? 'invited' : 'expired';
}
