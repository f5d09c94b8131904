// An action that a person starts: whether it is running, and the error of the last try.
import { useRef, useState } from 'preact/hooks';
import { errorField, errorText, fieldText } from '../i18n/errors';

export interface Action<A extends unknown[]> {
  run: (...values: A) => Promise<void>;
  busy: boolean;
  error: unknown;
  /** The sentence for the whole form; null when there is no error or a field shows it. */
  text: (fields?: readonly string[]) => string | null;
  /** The sentence for one field, or an item of it ("options[2]"), when the server named it. */
  field: (name: string) => string | null;
}

export function useAction<A extends unknown[]>(act: (...values: A) => Promise<void>): Action<A> {
  const [state, setState] = useState<{ busy: boolean; error: unknown }>({
    busy: false,
    error: null,
  });
  const latest = useRef(act);
  latest.current = act;
  const running = useRef(false);
  const run = async (...values: A) => {
    if (running.current) return;
    running.current = true;
    setState({ busy: true, error: null });
    try {
      await latest.current(...values);
      setState({ busy: false, error: null });
    } catch (error) {
      setState({ busy: false, error });
    } finally {
      running.current = false;
    }
  };
  const exact = errorField(state.error);
  const named = exact?.split(/[.[]/)[0] ?? null;
  const text = (fields: readonly string[] = []) =>
    state.error === null || (named !== null && fields.includes(named))
      ? null
      : errorText(state.error);
  const field = (name: string) => (name === named || name === exact ? fieldText(state.error) : null);
  return { run, ...state, text, field };
}
