// Showing once more that it is oneself, before something that matters. Whoever needs it waits here; the
// dialog, which app/App.tsx shows, answers all of them at once.
import { signal } from '@preact/signals';
import { ApiError, get, whenStale } from '../net/api';

type Answer = (shown: boolean) => void;

/** Those who wait for the person; null: nobody. */
export const asking = signal<readonly Answer[] | null>(null);

/** Asks the person to show that it is them. False: they would not. */
export function askForProof(): Promise<boolean> {
  return new Promise((resolve) => {
    asking.value = [...(asking.value ?? []), resolve];
  });
}

/** The person has shown it, or has closed the dialog. */
export function answerAll(shown: boolean): void {
  const waiting = asking.value ?? [];
  asking.value = null;
  for (const answer of waiting) answer(shown);
}

whenStale.run = askForProof;

/** For what the browser fetches by itself and could only show the refusal of: asks beforehand. */
export async function ensureProof(): Promise<void> {
  const { fresh } = await get<{ fresh: boolean }>('/api/me/proof');
  if (!fresh && !(await askForProof())) throw new ApiError(403, 'auth.fresh');
}
