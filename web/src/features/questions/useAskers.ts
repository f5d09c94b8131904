// What the people are who asked, by question. Asked for again when a question of somebody unknown is there, not more
// often than every few seconds: a full room asks many at once.
import { useEffect, useRef, useState } from 'preact/hooks';
import { loadCodes } from '../../state/codes';
import { type Asker, api } from './api';
import type { Question } from './messages';

const PAUSE_MS = 4_000;
export type Askers = ReadonlyMap<string, Asker>;
const nobody: Askers = new Map();

/** `wanted` false: for people who may not see them. Without an answer the questions are there all the same. */
export function useAskers(session: string, questions: readonly Question[], wanted: boolean): Askers {
  const [askers, setAskers] = useState(nobody);
  const looked = useRef(new Set<string>()); // erased people stay unknown
  const last = useRef(0);
  const unknown = questions.filter(({ id }) => !looked.current.has(id)).map(({ id }) => id);
  const next = unknown.at(-1);
  useEffect(() => {
    if (!wanted || !next) return;
    const ask = async () => {
      last.current = Date.now();
      const [{ items }] = await Promise.all([api.askers(session), loadCodes()]);
      for (const id of unknown) looked.current.add(id);
      setAskers(new Map(items.map((asker) => [asker.question, asker])));
    };
    const timer = setTimeout(() => void ask().catch(() => {}), Math.max(0, last.current + PAUSE_MS - Date.now()));
    return () => clearTimeout(timer);
  }, [session, wanted, next]);
  return askers;
}
