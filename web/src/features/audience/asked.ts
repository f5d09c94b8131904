// What the server says of what is being typed, one question at a time.
import { useEffect, useRef, useState } from 'preact/hooks';
import { refusalText } from '../../i18n/errors';

const AFTER_MS = 350;

export type Answer<T> = { found: T } | { problem: string };

/** null: being asked. `key` says what is asked; while it is not `ready`, the last answer stays. */
export function useAsked<T>(key: string, ready: boolean, ask: () => Promise<T>): Answer<T> | null {
  const [answer, setAnswer] = useState<Answer<T> | null>(null);
  const latest = useRef('');
  const asking = useRef<Promise<void>>(Promise.resolve());
  useEffect(() => {
    if (!ready) return;
    latest.current = key;
    setAnswer(null);
    const go = async () => {
      if (latest.current !== key) return;
      const said = await ask().then(
        (found) => ({ found }),
        (error: unknown) => ({ problem: refusalText(error) }),
      );
      if (latest.current === key) setAnswer(said);
    };
    const timer = setTimeout(() => (asking.current = asking.current.then(go)), AFTER_MS);
    return () => clearTimeout(timer);
  }, [key, ready]);
  useEffect(() => () => void (latest.current = ''), []);
  return answer;
}
