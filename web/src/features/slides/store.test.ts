// Rules: the newest images that were received ahead of their page are kept; the server decides whether
// it sends them or browsers fetch them.
import assert from 'node:assert/strict';
import { resolveObjectURL } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { MEDIA_SLIDE } from '../../net/protocol';
import { slideTitle } from './image';
import { type SlideStore, slideStore } from './store';

const golden = (name: string) =>
  JSON.parse(readFileSync(join(process.env.AMPHI_ROOT ?? '..', `tests/golden/slides/${name}.json`), 'utf8'));

type Send = Parameters<typeof slideStore.open>[0];
const hcpStore = (send: Send): SlideStore => slideStore.open(send, false).store;

const page = (number: number, text = '') => ({
  page: number,
  state: 'ready' as const,
  shown: true,
  width: 960,
  height: 540,
  text,
  text_cut: false,
  links: [],
  error: null,
  warnings: null,
  notes: null,
  notes_cut: null,
  images: [480, 960, 1920].map((width) => ({ width, height: (width * 9) / 16, bytes: 1 })),
});

const piece = (page: number, offset: number, bytes: number[], total = 3, width = 960) => ({
  kind: MEDIA_SLIDE,
  header: { deck: 'd', page, width, offset, total },
  bytes: new Uint8Array(bytes),
});
const image = (page: number, width = 960) => piece(page, 0, [1, 2, page], 3, width);

test('the server is asked for images of a width, and says how they come', async () => {
  const asked: unknown[] = [];
  const store = hcpStore((command, data) => {
    asked.push({ id: 8, command, data });
    return Promise.resolve(golden('slide.receive.ok').ok);
  });
  assert.equal(store.receiving.value, null);
  await store.receive(960);
  const { place, ...sent } = golden('slide.receive');
  assert.equal(typeof place, 'string'); // added by the connection
  assert.deepEqual(asked, [sent]);
  assert.deepEqual(store.receiving.value, { by: 'websocket', spread_ms: 8000 });
});

test('where nothing but text is carried, images are fetched', async () => {
  const screen = { matchMedia: () => ({ matches: false }), innerWidth: 800, devicePixelRatio: 1 };
  Object.assign(globalThis, screen);
  const store = hcpStore(() => Promise.resolve(golden('slide.receive.ok').ok));
  store.joined?.(true);
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(store.receiving.value, { by: 'http', spread_ms: 8000 });
  store.joined?.(false);
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(store.receiving.value?.by, 'websocket');
});

test('a server that cannot say leaves fetching', async () => {
  const store = hcpStore(() => Promise.reject(new Error('server.busy')));
  await store.receive(960);
  assert.equal(store.receiving.value?.by, 'http');
});

test('an image is there with its last piece, and one that misses a piece never', async () => {
  const store = hcpStore(() => Promise.resolve({}));
  store.media(piece(1, 0, [1, 2], 5));
  store.media(piece(1, 2, [3, 4], 5));
  assert.equal(store.image('d', page(1), 900), null);
  store.media(piece(1, 4, [5], 5));
  const blob = resolveObjectURL(store.image('d', page(1), 900) ?? '');
  assert.deepEqual([...new Uint8Array((await blob?.arrayBuffer()) ?? [])], [1, 2, 3, 4, 5]);

  store.media(piece(2, 0, [1, 2], 5));
  store.media(piece(2, 4, [5], 5)); // the second piece was dropped
  store.media(piece(2, 2, [3, 4, 5, 6], 5)); // more than the image has
  assert.equal(store.image('d', page(2), 900), null);
  store.media(piece(2, 0, [1], 2)); // and it is sent again
  store.media(piece(2, 1, [2], 2));
  assert.ok(store.image('d', page(2), 900));
  store.media(piece(3, 0, [], 1e12)); // no memory for what cannot be an image
  assert.equal(store.image('d', page(3), 900), null);
  store.stop();
});

test('the newest images are kept and the others let go', () => {
  const store = hcpStore(() => Promise.resolve({}));
  for (let number = 1; number <= 6; number++) store.media(image(number));
  store.media({ ...image(7), kind: 99 });
  const kept = [1, 2, 3, 4, 5, 6, 7].filter((number) =>
    store.image('d', page(number), 900)?.startsWith('blob:'),
  );
  assert.deepEqual(kept, [3, 4, 5, 6]);
  const before = store.image('d', page(6), 900);
  store.media(image(6));
  assert.notEqual(store.image('d', page(6), 900), before);
  store.stop();
  assert.equal(store.image('d', page(6), 900), null);
});

test('an image that came ahead counts only where no wider one would be chosen', () => {
  const store = hcpStore(() => Promise.resolve({}));
  store.media(image(2, 960));
  assert.ok(store.image('d', page(2), 700));
  assert.equal(store.image('d', page(2), 1440), null);
  store.media(image(2, 1920));
  assert.ok(store.image('d', page(2), 4000)); // there is none that is wider
  store.stop();
});

test('over the whole screen wider images are asked for, once', () => {
  const asked: unknown[] = [];
  const store = hcpStore((_, data) => {
    asked.push(data);
    return Promise.resolve(golden('slide.receive.ok').ok);
  });
  void store.receive(960);
  store.widen(900);
  store.widen(1440);
  store.widen(1440);
  assert.deepEqual(asked, [{ width: 960 }, { width: 1440 }]);
});

test('a slide is called by the first line of its text', () => {
  assert.equal(slideTitle(page(1, '\n  Insuffisance cardiaque \nPage 1')), 'Insuffisance cardiaque');
  assert.equal(slideTitle(page(1)), '');
  const long = slideTitle(page(1, 'mot '.repeat(40)));
  assert.ok(long.length <= 81 && long.endsWith('mot…'), long);
});

test('a deck that everybody is told of keeps what staff know of it', () => {
  const store = slideStore.open(() => Promise.resolve({}), true).store;
  const deck = {
    id: 'd', file_name: 'd.pdf', page_count: 2, pages: [{ ...page(1), notes: 'Hello', notes_cut: false }],
    state: 'rendering' as const, error: null, created_at: null, bytes: null,
  };
  const at = { at: '2026-11-21T18:07:30.000Z' };
  store.event({ event: 'deck.changed', data: { deck }, ...at });
  store.event({ event: 'slide.deck', data: { deck: { ...deck, state: null, pages: [page(1), page(2)] } }, ...at });
  assert.equal(store.decks.value[0]?.state, 'rendering');
  assert.deepEqual(store.decks.value[0]?.pages.map(({ notes }) => notes), ['Hello', null]);
});

test('what a page says comes with its first time, and stays', () => {
  const store = hcpStore(() => Promise.resolve({}));
  const untold = { ...page(1), shown: false };
  const deck = {
    id: 'd', file_name: 'd.pdf', page_count: 2, pages: [untold, { ...untold, page: 2 }],
    state: null, error: null, created_at: null, bytes: null,
  };
  const at = { at: '2026-11-21T18:07:30.000Z' };
  const moved = (number: number, text: string | null) => {
    const cut = text === null ? null : false;
    const links = text === null ? null : [{ x: 0, y: 0, width: 1, height: 1, url: 'https://a.test' }];
    store.event({ event: 'slide.moved', data: { version: 1, deck: 'd', page: number, text, text_cut: cut, links, media: null }, ...at });
  };
  const texts = () => store.deck.value?.pages.map(({ text, shown, links }) => [text, shown, links.length]);
  store.event({ event: 'slide.deck', data: { deck }, ...at });
  moved(2, 'Two');
  assert.deepEqual(texts(), [['', false, 0], ['Two', true, 1]]);
  store.event({ event: 'slide.deck', data: { deck }, ...at }); // what was read before the move
  moved(2, null);
  assert.deepEqual(texts(), [['', false, 0], ['Two', true, 1]]);
});
