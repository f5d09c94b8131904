// What a person has typed or chosen in a room and not sent yet. It survives tabs, lost connections and
// reloads. It is kept in this browser only, for one person and session, and goes when it was sent, when
// the session is over, and when somebody signs out.
import { type Signal, signal } from '@preact/signals';

const PREFIX = 'amphi.draft.';

export type DraftValue = string | boolean | readonly number[];

interface Kept {
  /** Milliseconds of Date.now. */
  until: number;
  values: Record<string, unknown>;
}

/** Null where the browser refuses storage: drafts then live as long as the page. */
function browserStorage(): Storage | null {
  try {
    return localStorage;
  } catch {
    return null;
  }
}

function read(storage: Storage | null, key: string): Kept | null {
  try {
    const kept = JSON.parse(storage?.getItem(key) ?? 'null') as Kept | null;
    return typeof kept?.until === 'number' && typeof kept.values === 'object' ? kept : null;
  } catch {
    return null; // written by something else
  }
}

function draftKeys(storage: Storage): string[] {
  return Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? '').filter(
    (key) => key.startsWith(PREFIX),
  );
}

/** Removes what is out of date; called when the application starts. */
export function sweepDrafts(storage = browserStorage(), now = Date.now()): void {
  if (!storage) return;
  for (const key of draftKeys(storage))
    if ((read(storage, key)?.until ?? 0) <= now) storage.removeItem(key);
}

/** Removes all drafts of the person; called when they sign out. */
export function forgetDrafts(person: string, storage = browserStorage()): void {
  if (!storage) return;
  for (const key of draftKeys(storage))
    if (key.startsWith(`${PREFIX}${person}.`)) storage.removeItem(key);
}

/** What was stored counts only where it has the type that the view expects. */
function fits<T extends DraftValue>(value: unknown, empty: T): value is T {
  if (Array.isArray(empty))
    return Array.isArray(value) && value.every((item) => typeof item === 'number');
  return typeof value === typeof empty;
}

const isEmpty = (value: DraftValue) => value === '' || value === false || String(value) === '';

export class Drafts {
  private readonly key: string;
  private readonly signals = new Map<string, Signal<DraftValue>>();

  /** `until` says when what is written now expires, in milliseconds of Date.now. */
  constructor(
    session: string,
    person: string,
    private readonly until: () => number,
    private readonly storage = browserStorage(),
  ) {
    this.key = `${PREFIX}${person}.${session}`;
  }

  /** The draft of that name; `empty` when there is none. */
  of<T extends DraftValue>(name: string, empty: T): Signal<T> {
    const known = this.signals.get(name);
    if (known) return known as unknown as Signal<T>;
    const kept = read(this.storage, this.key)?.values[name];
    const made = signal<T>(fits(kept, empty) ? kept : empty);
    this.signals.set(name, made as unknown as Signal<DraftValue>);
    return made;
  }

  set<T extends DraftValue>(name: string, value: T): void {
    this.of(name, value).value = value;
    this.write(name, value);
  }

  /** Whether some text was begun. */
  get begun(): boolean {
    return [...this.signals.values()].some(({ value }) => typeof value === 'string' && value.trim());
  }

  /** Removes what is stored; the views keep what they show. */
  forget(): void {
    this.storage?.removeItem(this.key);
  }

  /** Other tabs of the same person write too: only this value changes. */
  private write(name: string, value: DraftValue): void {
    const values = { ...read(this.storage, this.key)?.values };
    if (isEmpty(value)) delete values[name];
    else values[name] = value;
    try {
      if (Object.keys(values).length === 0) this.forget();
      else this.storage?.setItem(this.key, JSON.stringify({ until: this.until(), values }));
    } catch {
      // The storage is full: the draft lives as long as the page.
    }
  }
}

/** A draft as a component's state. */
export function useDraft<T extends DraftValue>(
  drafts: Drafts,
  name: string,
  empty: T,
): readonly [T, (value: T) => void] {
  return [drafts.of(name, empty).value, (value) => drafts.set(name, value)];
}
