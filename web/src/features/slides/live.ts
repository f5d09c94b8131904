// The slides of a live room, as HCPs follow them.
import { livePart, type News } from '../feature';
import { pageName } from './SlideImage';
import { SlideStage } from './SlideStage';
import { type SlideStore, slideStore } from './store';

function news(store: SlideStore): News | null {
  const on = store.position.value;
  const deck = store.deck.value;
  const page = deck?.pages.find((found) => found.page === on?.page);
  return deck && page ? { id: `${deck.id}/${page.page}`, text: `${pageName(deck, page)}.` } : null;
}

export default livePart(slideStore, { stage: SlideStage, news });
