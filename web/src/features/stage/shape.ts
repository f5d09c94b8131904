// What is large for those who follow, as the host's layout and what there is to see have it.
import type { Layout, StagePerson } from './messages';
import type { StageStore } from './store';

/** Whose camera is large: who is in the spotlight, else who speaks or spoke last, else who came first. */
export function focusOf(store: StageStore): StagePerson | null {
  const people = store.onStage.value;
  const on = (id: string | null | undefined) => people.find((person) => person.id === id);
  return on(store.spotlight.value) ?? on(store.speaking.value?.person) ?? people[0] ?? null;
}

/** A screen that nobody shares and a speaker who is not there give way to the slide; a slide that is not there, to a speaker. */
export function shapeOf(store: StageStore): Layout {
  const layout = store.layout.value;
  if (layout === 'screen' && store.sharing.value) return 'screen';
  const wanted = layout === 'speaker' || !store.slide.value;
  return wanted && store.onStage.value.length > 0 ? 'speaker' : 'slide';
}

export function arrange(store: StageStore): string | null {
  if (store.onStage.value.length === 0) return null;
  return `room__screen--cast cast--${shapeOf(store)}${store.slide.value ? '' : ' cast--no-slide'}`;
}
