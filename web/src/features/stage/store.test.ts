// Rules: who is where is what the server said last; an HCP knows of themselves only; frames wait for the player;
// what is large follows the host's layout as far as there is something to see.
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { MEDIA_LIVE, MEDIA_SLIDE } from '../../net/protocol';
import type { StagePerson } from './messages';
import { uploadOf, verdictOf } from './network';
import { arrange, focusOf, shapeOf } from './shape';
import { type StageStore, stageStore } from './store';

const at = { at: '2026-11-21T18:05:00.000Z', seq: 1 };
let sent: [string, object][] = [];

beforeEach(() => {
  sent = [];
});

function open(staff: boolean, me: string | null = null): StageStore {
  const side = staff ? 'staff' : 'hcp';
  Object.assign(globalThis, { sessionStorage: { getItem: (key: string) => (key.endsWith(side) ? me : null) } });
  const send = (command: string, data: object) => {
    sent.push([command, data]);
    return Promise.resolve(command === 'hand.raise' ? at : {});
  };
  const { store } = stageStore.open(send, staff);
  store.snapshot(
    { stage: { layout: 'slide', spotlight: null, people: [] }, hands: [], slides: null },
    { stage: { hand: null, invited: null } },
  );
  return store;
}

const person = (id: string, part: Partial<StagePerson> = {}): StagePerson => ({
  id,
  name: `Name of ${id}`,
  kind: 'account',
  role: null,
  place: 'stage',
  picture: true,
  muted: false,
  camera_off: false,
  screen: false,
  since: at.at,
  ...part,
});

const enter = (store: StageStore, ...people: StagePerson[]) => {
  for (const one of people) store.event({ event: 'stage.entered', data: { person: one }, ...at });
};

const ids = (people: readonly StagePerson[]) => people.map(({ id }) => id);

test('people are where they were led, and gone when they left', () => {
  const store = open(true);
  enter(store, person('a', { place: 'backstage' }), person('b'));
  assert.deepEqual([ids(store.backstage.value), ids(store.onStage.value)], [['a'], ['b']]);
  store.event({ event: 'stage.moved', data: { person: person('a') }, ...at });
  assert.deepEqual(ids(store.onStage.value), ['a', 'b']);
  store.event({ event: 'stage.spotlight', data: { person: 'a' }, ...at });
  store.event({ event: 'stage.left', data: { person: 'a', why: 'removed' }, ...at });
  assert.deepEqual([ids(store.onStage.value), store.spotlight.value], [['b'], null]);
  assert.deepEqual([store.happened.value?.what, store.happened.value?.person], ['removed', 'a']);
});

test('an HCP’s hand and invitation are their own', async () => {
  const store = open(false, 'me');
  await store.raise();
  assert.equal(store.hand.value, at.at);
  store.event({ event: 'stage.invited', data: { person: person('me', { place: 'invited', picture: false }) }, ...at });
  assert.deepEqual([store.invited.value, store.hand.value], [{ picture: false }, null]);
  enter(store, person('me'));
  assert.deepEqual([store.invited.value, store.mine.value?.place], [null, 'stage']);
  store.event({ event: 'stage.left', data: { person: 'me', why: 'removed' }, ...at });
  assert.equal(store.mine.value, null);
});

test('an invitation that is withdrawn is gone', () => {
  const store = open(false, 'me');
  store.event({ event: 'stage.invited', data: { person: person('me', { place: 'invited' }) }, ...at });
  store.event({ event: 'stage.left', data: { person: 'me', why: 'removed' }, ...at });
  assert.equal(store.invited.value, null);
  assert.equal(store.happened.value?.what, 'withdrawn');
});

test('hands stand in the order of raising, each once', () => {
  const store = open(true);
  const raise = (id: string, time: string) =>
    store.event({ event: 'hand.raised', data: { hand: { person: id, name: id, at: time } }, ...at });
  raise('a', '1');
  raise('b', '2');
  raise('a', '3');
  assert.deepEqual(store.hands.value.map((hand) => hand.person), ['b', 'a']);
  store.event({ event: 'hand.lowered', data: { person: 'b' }, ...at });
  store.event({ event: 'stage.renamed', data: { person: 'a', name: 'Ada' }, ...at });
  assert.deepEqual(store.hands.value.map(({ name }) => name), ['Ada']);
});

test('frames wait for the player, and begin with voice', () => {
  const store = open(false);
  const frame = (byte: number, kind = MEDIA_LIVE) => store.media({ kind, header: {}, bytes: new Uint8Array([byte]) });
  frame(1);
  frame(9, MEDIA_SLIDE);
  frame(2);
  assert.deepEqual(sent, [['media.watch', { rung: 'voice' }]]);
  const taken: number[] = [];
  store.play((bytes) => taken.push(...bytes));
  frame(3);
  assert.deepEqual(taken, [1, 2, 3]);
});

test('frames of a connection that is lost are not played', () => {
  const store = open(false);
  store.media({ kind: MEDIA_LIVE, header: {}, bytes: new Uint8Array([1]) });
  store.joined(false);
  const taken: number[] = [];
  store.play((bytes) => taken.push(...bytes));
  assert.deepEqual(taken, []);
});

test('what is large is there', () => {
  const store = open(false);
  const layout = (of: 'slide' | 'speaker' | 'screen') => store.event({ event: 'stage.layout', data: { layout: of }, ...at });
  layout('speaker');
  assert.deepEqual([shapeOf(store), arrange(store)], ['slide', null]);
  store.event({ event: 'slide.moved', data: { media: null }, ...at });
  enter(store, person('a'), person('b'));
  assert.deepEqual([shapeOf(store), focusOf(store)?.id], ['speaker', 'a']);
  store.state({ state: 'stage.speaking', key: '', data: { person: 'b', stream: 4 } });
  assert.equal(focusOf(store)?.id, 'b');
  store.event({ event: 'stage.spotlight', data: { person: 'a' }, ...at });
  assert.equal(focusOf(store)?.id, 'a');
  layout('screen');
  assert.equal(shapeOf(store), 'slide');
  store.event({ event: 'stage.changed', data: { person: person('b', { screen: true }) }, ...at });
  assert.equal(arrange(store), 'room__screen--cast cast--screen');
});

test('while there is no slide a speaker is large; the first slide takes the place', () => {
  const store = open(false);
  enter(store, person('a'));
  assert.equal(arrange(store), 'room__screen--cast cast--speaker cast--no-slide');
  store.event({ event: 'slide.moved', data: { media: null }, ...at });
  assert.equal(arrange(store), 'room__screen--cast cast--slide');
  const stage = { layout: 'slide' as const, spotlight: null, people: [person('a')] };
  const own = { stage: { hand: null, invited: null } };
  store.snapshot({ stage, hands: [], slides: { position: null } }, own);
  assert.equal(shapeOf(store), 'speaker');
  store.snapshot({ stage, hands: [], slides: { position: { deck: 'd', page: 1 } } }, own);
  assert.equal(shapeOf(store), 'slide');
});

test('what is sent carries a screen, a picture or a voice', () => {
  assert.deepEqual([9_000, 1_449, 849, 80, 79].map(uploadOf), ['screen', 'picture', 'voice', 'voice', 'little']);
});

test('a network is good, fair or poor by the worse of two measures', () => {
  assert.equal(verdictOf(20_000, 40), 'good');
  assert.equal(verdictOf(20_000, 400), 'fair');
  assert.equal(verdictOf(900, 40), 'fair');
  assert.equal(verdictOf(200, 40), 'poor');
  assert.equal(verdictOf(20_000, 900), 'poor');
});
