// Rules of a connection that changes hands between two sessions.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeWorld, greetAndJoin, HELLO } from './fake';
import type { Options } from './connection';
import { LiveSocket } from './socket';

function enter(world: FakeWorld, session: string, options: Partial<Options> = {}) {
  const seen: string[] = [];
  const client = new LiveSocket({
    url: 'wss://example/live',
    session,
    world,
    handlers: {
      snapshot: () => seen.push('snapshot'),
      event: ({ event, seq }) => seen.push(`${event} ${seq}`),
      state: ({ state, version }) => seen.push(`${state} v${version}`),
    },
    ...options,
  });
  client.start();
  return { client, seen };
}

function move(world: FakeWorld, options: Partial<Options> = {}) {
  const first = enter(world, 'one');
  greetAndJoin(world, 5, false, 'p1');
  const pending = first.client.call('poll.vote', {});
  pending.catch(() => undefined);
  first.client.stop();
  const second = enter(world, 'two', options);
  return { first, second, pending };
}

test('the next session is entered over the same connection, without a leave', async () => {
  const world = new FakeWorld();
  const { second, pending } = move(world);
  world.pass(1_000);
  assert.equal(world.sockets.length, 1);
  assert.equal(world.socket.last('session.join').data.session, 'two');
  assert.ok(!world.socket.sent.some(({ command }) => command === 'session.leave'));
  await assert.rejects(pending, { code: 'connection.stopped' });
  assert.equal(second.client.connection.value.is, 'connecting');
});

test('late frames and answers of the first session are not those of the second', () => {
  const world = new FakeWorld();
  const { first, second } = move(world);
  const vote = world.socket.last('poll.vote').id;
  world.socket.say({ event: 'slide.moved', place: 'p1', seq: 6, at: 'now', data: {} });
  world.socket.say({ id: vote, error: { code: 'session.left' } });
  const { id } = world.socket.last('session.join');
  assert.notEqual(id, vote);
  const snapshot = { common: {}, own: {} };
  world.socket.say({ id, ok: { place: 'p2', epoch: 'f', seq: 1, resumed: false, snapshot } });
  world.socket.say({ event: 'slide.moved', place: 'p1', seq: 7, at: 'now', data: {} });
  world.socket.say({ event: 'slide.moved', place: 'p2', seq: 2, at: 'now', data: {} });
  assert.deepEqual(second.seen, ['snapshot', 'slide.moved 2']);
  assert.deepEqual(first.seen, ['snapshot']);
});

test('a connection that nobody takes leaves at once and is closed within a minute', () => {
  const world = new FakeWorld();
  const { client } = enter(world, 'one');
  greetAndJoin(world);
  client.stop();
  world.pass(0);
  assert.deepEqual(world.socket.last('session.leave').data, {});
  const parked = world.socket;
  world.pass(44_000);
  assert.ok(!parked.closedByClient);
  enter(world, 'two');
  assert.equal(world.sockets.length, 1);
  assert.equal(parked.last('session.join').data.session, 'two');
  greetAndJoin(world);
  world.pass(10_000);
  assert.ok(!parked.closedByClient);
});

test('one that is not taken for a while is closed, and the next page opens its own', () => {
  const world = new FakeWorld();
  const { client } = enter(world, 'one');
  greetAndJoin(world);
  client.stop();
  world.pass(45_000);
  assert.ok(world.socket.closedByClient);
  enter(world, 'two');
  assert.equal(world.sockets.length, 2);
});

test('one that was lost meanwhile is not taken', () => {
  const world = new FakeWorld();
  const { client } = enter(world, 'one');
  greetAndJoin(world);
  client.stop();
  world.socket.drop(1006);
  enter(world, 'two');
  assert.equal(world.sockets.length, 2);
});

test('one that does not answer is given up soon', () => {
  const world = new FakeWorld();
  move(world);
  world.pass(3_000);
  assert.ok(world.sockets[0]?.closedByClient);
  world.pass(1_000);
  assert.equal(world.sockets.length, 2);
});

test('when it is another person’s, a connection with the cookie of now is opened', () => {
  const world = new FakeWorld();
  const { second: { client } } = move(world, { person: 'me' });
  const { id, data } = world.socket.last('session.join');
  assert.equal(data.person, 'me');
  world.socket.say({ id, error: { code: 'auth.other_person' } });
  assert.equal(world.sockets.length, 2);
  assert.equal(world.reloads, 0);
  world.socket.say(HELLO);
  const again = world.socket.last('session.join').id;
  world.socket.say({ id: again, error: { code: 'auth.other_person' } });
  assert.equal(world.reloads, 0); // a page never becomes another person's by itself
  assert.deepEqual(client.connection.value, { is: 'closed', why: 'other-person' });
});
