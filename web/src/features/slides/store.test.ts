// Rules: the newest images that were received ahead of their page are kept; the server decides whether
// it sends them or browsers fetch them.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { MEDIA_SLIDE } from '../../net/protocol';
import { type SlideStore, slideStore } from './store';

const golden = (name: string) =>
  JSON.parse(readFileSync(join(process.env.AMPHI_ROOT ?? '..', `tests/golden/slides/${name}.json`), 'utf8'));

type Send = Parameters<typeof slideStore.open>[0];
const hcpStore = (send: Send): SlideStore => slideStore.open(send, false).store;

const image = (page: number) => ({
  kind: MEDIA_SLIDE,
  header: { deck: 'd', page, width: 960 },
  bytes: new Uint8Array([1, 2, page]),
});

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

test('a server that cannot say leaves fetching', async () => {
  const store = hcpStore(() => Promise.reject(new Error('server.busy')));
  await store.receive(960);
  assert.equal(store.receiving.value?.by, 'http');
});

test('the newest images are kept and the others let go', () => {
  const store = hcpStore(() => Promise.resolve({}));
  for (let page = 1; page <= 6; page++) store.media(image(page));
  store.media({ ...image(7), kind: 99 });
  const kept = [1, 2, 3, 4, 5, 6, 7].filter((page) => store.image('d', page)?.startsWith('blob:'));
  assert.deepEqual(kept, [3, 4, 5, 6]);
  const before = store.image('d', 6);
  store.media(image(6));
  assert.notEqual(store.image('d', 6), before);
  store.stop();
  assert.equal(store.image('d', 6), null);
});
