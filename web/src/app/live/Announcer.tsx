// Says what happens in a room to screen readers: start and end, polls, results, slides. The region is
// there before anything happens, because readers ignore one that appears already filled.
import { effect } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { News } from '../../features/feature';
import type { SessionRoom } from './room';
import { liveTexts } from './texts';

const KEPT = 3;
/** What changes within this time is said together, and of each source only the last. */
const GATHER_MS = 250;

interface Line {
  key: number;
  text: string;
}

function sessionNews(room: SessionRoom): News | null {
  const t = liveTexts().news;
  const state = room.session?.state;
  if (state === 'live' || state === 'ended' || state === 'cancelled')
    return { id: state, text: t[state] };
  return null;
}

function connectionNews(room: SessionRoom, before: string | undefined): News | null {
  const t = liveTexts().news;
  const { is } = room.socket.connection.value;
  if (is === 'waiting') return { id: 'lost', text: t.lost };
  return is === 'online' && before === 'lost' ? { id: 'back', text: t.back } : null;
}

/** Calls `say` for each piece of news after the first look, which is what the page shows anyway. */
function follow(room: SessionRoom, say: (source: number, text: string) => void): () => void {
  const last = new Map<number, string>();
  let begun = false;
  return effect(() => {
    const sources = [
      sessionNews(room),
      connectionNews(room, last.get(1)),
      ...room.parts.map((part) => part.news(room)),
    ];
    if (!room.session) return;
    sources.forEach((news, source) => {
      if (!news || last.get(source) === news.id) return;
      last.set(source, news.id);
      if (begun) say(source, news.text);
    });
    begun = true;
  });
}

function useLines(room: SessionRoom | null): readonly Line[] {
  const [lines, setLines] = useState<readonly Line[]>([]);
  const number = useRef(0);
  useEffect(() => {
    if (!room) return;
    const waiting = new Map<number, string>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const flush = () => {
      const fresh = [...waiting.values()].map((text) => ({ key: number.current++, text }));
      waiting.clear();
      setLines((old) => [...old, ...fresh].slice(-KEPT));
    };
    const stop = follow(room, (source, text) => {
      if (waiting.size === 0) timer = setTimeout(flush, GATHER_MS);
      waiting.set(source, text);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [room]);
  return lines;
}

export function Announcer({ room }: { room: SessionRoom | null }) {
  const lines = useLines(room);
  return (
    <div class="visually-hidden" aria-live="polite" aria-relevant="additions" data-announcer>
      {lines.map(({ key, text }) => (
        <p key={key}>{text}</p>
      ))}
    </div>
  );
}
