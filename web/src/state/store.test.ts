// Rules: a store gets the messages that its feature declares, decoded, and no others; the answer to a
// command is decoded too.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DecodeError, number, object, string, unknown } from '../net/decode';
import { type Call, type EventOf, liveStore, type StateOf } from './store';

const messages = {
  common: object({ notes: number }),
  own: unknown,
  events: { 'note.added': object({ text: string }) },
  follows: { 'slide.moved': object({ page: number }) },
  states: { 'note.count': object({ count: number }) },
  commands: { 'note.add': object({ id: string }) },
};
type Messages = typeof messages;

class NoteStore {
  readonly seen: unknown[] = [];
  constructor(readonly call: Call<Messages>) {}
  snapshot({ notes }: { notes: number }): void {
    this.seen.push(notes);
  }
  event({ event, data }: EventOf<Messages>): void {
    this.seen.push(event === 'note.added' ? data.text : data.page);
  }
  state({ key, data }: StateOf<Messages>): void {
    this.seen.push([key, data.count]);
  }
}

const kind = liveStore(messages, (call) => new NoteStore(call));
const silent = () => Promise.reject(new Error('no server'));
const event = (name: string, data: unknown) => ({ event: name, place: 'p', seq: 1, at: 'now', data });

test('declared messages arrive decoded, in the order in which they came', () => {
  const open = kind.open(silent, false);
  open.snapshot({ common: { notes: 2, polls: [] }, own: undefined });
  open.event(event('note.added', { text: 'a', later: true }));
  open.event(event('slide.moved', { page: 3 }));
  open.state({ state: 'note.count', place: 'p', key: 'k', version: 1, data: { count: 4 } });
  assert.deepEqual(open.store.seen, [2, 'a', 3, ['k', 4]]);
});

test('messages of other features and names of object properties reach no store', () => {
  const open = kind.open(silent, false);
  for (const name of ['poll.opened', 'constructor', 'toString']) {
    open.event(event(name, {}));
    open.state({ state: name, place: 'p', key: 'k', version: 1, data: {} });
  }
  assert.deepEqual(open.store.seen, []);
});

test('a mistyped message is told with its path', () => {
  const open = kind.open(silent, false);
  assert.throws(() => open.event(event('note.added', { text: 1 })), /note\.added\.text: expected a string/);
  assert.throws(() => open.snapshot({ common: null, own: null }), /common\.notes: expected a number/);
});

test('the answer to a command is decoded', async () => {
  const sent: unknown[] = [];
  const answers = [{ id: 'n' }, { id: 7 }];
  const open = kind.open((command, data) => {
    sent.push([command, data]);
    return Promise.resolve(answers.shift());
  }, false);
  assert.deepEqual(await open.store.call('note.add', { text: 'a' }), { id: 'n' });
  await assert.rejects(open.store.call('note.add', { text: 'b' }), DecodeError);
  assert.deepEqual(sent, [
    ['note.add', { text: 'a' }],
    ['note.add', { text: 'b' }],
  ]);
});
