// What is said to screen readers of who comes and goes; what happens to this person is said by what it opens.
import type { News } from '../feature';
import type { StageStore } from './store';
import { stageTexts } from './texts';

export function news(store: StageStore): News | null {
  const last = store.happened.value;
  const t = stageTexts().news;
  if (!last || (last.person === store.me && last.what !== 'hand')) return null;
  const { what, name } = last;
  return what === 'entered' || what === 'offstage' || what === 'hand' ? { id: String(last.number), text: t[what](name) } : null;
}
