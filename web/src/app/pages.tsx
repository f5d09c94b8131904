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

declare const PAGE_STYLES: string;
let styled: Promise<void> | null = null;

/** The stylesheet of pages outside live rooms, fetched once. Without it a page is not shown, but can be tried again. */
function pageStyles(): Promise<void> {
  if (typeof document === 'undefined') return Promise.resolve();
  styled ??= new Promise<void>((resolve, reject) => {
    const link = document.createElement('link');
    link.rel = 'stylesheet';
    link.href = PAGE_STYLES;
    link.onload = () => resolve();
    link.onerror = () => {
      styled = null;
      link.remove();
      reject(new Error('stylesheet'));
    };
    document.head.append(link);
  });
  return styled;
}

function outsideRooms(page: Page): Page {
  return { ...page, load: () => Promise.all([page.load(), pageStyles()]).then(([view]) => view) };
}

/** `load`, together with the sentences for the codes that are met only there. */
function withErrors<P>(load: Load<P>, from: readonly Feature[]): Load<P> {
  return async () => {
    const [view, ...later] = await Promise.all([load(), ...from.flatMap(({ laterErrors }) => laterErrors?.() ?? [])]);
    later.forEach((module) => addErrorTexts(module.default));
    return view;
  };
}

const composed: readonly Page[] = [
  outsideRooms({ path: '/congresses/:id/:tab?', load: withErrors(() => import('./CongressPage'), features), staff: true }),
  outsideRooms({ path: '/sessions/:id/:tab?', load: withErrors(() => import('./SessionPage'), features), staff: true }),
  { path: '/live/:session', load: () => roomPage(import('./live/LivePage'), 'live') },
  { path: '/host/:session', load: () => roomPage(import('./host/HostPage'), 'host'), staff: true },
];

export const pages: readonly Page[] = [
  ...features.flatMap((feature) =>
    (feature.pages ?? []).map((page) => outsideRooms({ ...page, load: withErrors(page.load, [feature]) })),
  ),
  ...composed,
];

const proving = features.find((feature) => feature.proof);
export const proof = proving?.proof && withErrors(proving.proof, [proving]);
