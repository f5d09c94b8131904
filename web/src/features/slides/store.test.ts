// Rules: the newest images that were received ahead of their page are kept; the server decides whether
// it sends them or browsers fetch them.
import assert from 'node:assert/strict';
import { resolveObjectURL } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { MEDIA_SLIDE } from '../../net/protocol';
import { type SlideStore, slideStore } from './store';

const golden = (name: string) =>
  JSON.parse(readFileSync(join(process.env.AMPHI_ROOT ?? '..', `tests/golden/slides/${name}.json`), 'utf8'));

type Send = Parameters<typeof slideStore.open>[0];
const hcpStore = (send: Send): SlideStore => slideStore.open(send, false).store;

const piece = (page: number, offset: number, bytes: number[], total = 3) => ({
  kind: MEDIA_SLIDE,
  header: { deck: 'd', page, width: 960, offset, total },
  bytes: new Uint8Array(bytes),
});
const image = (page: number) => piece(page, 0, [1, 2, page]);

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

test('an image is there with its last piece, and one that misses a piece never', async () => {
  const store = hcpStore(() => Promise.resolve({}));
  store.media(piece(1, 0, [1, 2], 5));
  store.media(piece(1, 2, [3, 4], 5));
  assert.equal(store.image('d', 1), null);
  store.media(piece(1, 4, [5], 5));
  const blob = resolveObjectURL(store.image('d', 1) ?? '');
  assert.deepEqual([...new Uint8Array((await blob?.arrayBuffer()) ?? [])], [1, 2, 3, 4, 5]);

  store.media(piece(2, 0, [1, 2], 5));
  store.media(piece(2, 4, [5], 5)); // the second piece was dropped
  store.media(piece(2, 2, [3, 4, 5, 6], 5)); // more than the image has
  assert.equal(store.image('d', 2), null);
  store.media(piece(2, 0, [1], 2)); // and it is sent again
  store.media(piece(2, 1, [2], 2));
  assert.ok(store.image('d', 2));
  store.media(piece(3, 0, [], 1e12)); // no memory for what cannot be an image
  assert.equal(store.image('d', 3), null);
  store.stop();
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
