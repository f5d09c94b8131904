// Every page: those of the features, and those that are composed of what several features declare.
import type { ComponentType } from 'preact';
import type { Feature, LivePart, Page, PageProps } from '../features/feature';
import { addErrorTexts } from '../i18n/errors';
import type { Load } from '../state/module';
import { features } from './features';
import type { RoomPageProps } from './live/room';

type RoomPage = { default: ComponentType<RoomPageProps> };

async function loadParts(of: 'live' | 'host'): Promise<LivePart[]> {
  const modules = features.flatMap((feature) => feature[of]?.() ?? []);
  return (await Promise.all(modules)).map((module) => module.default);
}

/** A page of a live room, loaded together with what the features put into it. */
async function roomPage(page: Promise<RoomPage>, of: 'live' | 'host') {
  const [{ default: View }, parts] = await Promise.all([page, loadParts(of)]);
  return { default: (props: PageProps) => <View {...props} parts={parts} /> };
}

/** `load`, together with the sentences for the codes that are met only there. */
function withErrors<P>(load: Load<P>, { laterErrors }: Feature): Load<P> {
  if (!laterErrors) return load;
  return async () => {
    const [view, { default: texts }] = await Promise.all([load(), laterErrors()]);
    addErrorTexts(texts);
    return view;
  };
}

const composed: readonly Page[] = [
  { path: '/congresses/:id/:tab?', load: () => import('./CongressPage'), staff: true },
  { path: '/sessions/:id/:tab?', load: () => import('./SessionPage'), staff: true },
  { path: '/live/:session', load: () => roomPage(import('./live/LivePage'), 'live') },
  { path: '/host/:session', load: () => roomPage(import('./host/HostPage'), 'host'), staff: true },
];

export const pages: readonly Page[] = [
  ...features.flatMap((feature) =>
    (feature.pages ?? []).map((page) => ({ ...page, load: withErrors(page.load, feature) })),
  ),
  ...composed,
];

const proving = features.find((feature) => feature.proof);
export const proof = proving?.proof && withErrors(proving.proof, proving);
