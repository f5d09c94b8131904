// Rules of the live connection, against a WebSocket and a clock of the test's own.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeWorld, greetAndJoin, HELLO } from './fake';
import { CommandError } from './protocol';
import type { Options } from './connection';
import { LiveSocket } from './socket';

function start(options: Partial<Options> = {}) {
  const world = new FakeWorld();
  const seen: string[] = [];
  const client = new LiveSocket({
    url: 'wss://example/live',
    session: 's',
    world,
    handlers: {
      snapshot: () => seen.push('snapshot'),
      event: ({ event, seq }) => seen.push(`${event} ${seq}`),
      state: ({ state, version }) => seen.push(`${state} v${version}`),
    },
    ...options,
  });
  client.start();
  return { world, client, seen };
}

test('joins after the greeting and takes the snapshot', () => {
  const { world, client, seen } = start();
  assert.equal(world.socket.sent.length, 0);
  greetAndJoin(world);
  assert.deepEqual(world.socket.last('session.join').data, { session: 's' });
  assert.deepEqual(seen, ['snapshot']);
  assert.equal(client.connection.value.is, 'online');
});

test('a command resolves with its answer and rejects with its code', async () => {
  const { world, client } = start();
  greetAndJoin(world);
  const vote = client.call('poll.vote', { poll: 'p', choices: [1] });
  world.socket.say({ id: world.socket.last('poll.vote').id, ok: { choices: [1] } });
  assert.deepEqual(await vote, { choices: [1] });
  const late = client.call('poll.vote', { poll: 'p', choices: [2] });
  world.socket.say({ id: world.socket.last('poll.vote').id, error: { code: 'poll.closed' } });
  await assert.rejects(
    late,
    (error) => error instanceof CommandError && error.code === 'poll.closed',
  );
});

test('a command given before the join waits for it', async () => {
  const { world, client } = start();
  const asked = client.call('question.ask', { text: 'x' });
  world.socket.say(HELLO);
  assert.equal(world.socket.sent.length, 1);
  const { id } = world.socket.last('session.join');
  world.socket.say({
    id,
    ok: { place: 'p', epoch: 'e', seq: 0, resumed: false, snapshot: { common: {}, own: {} } },
  });
  world.socket.say({ id: world.socket.last('question.ask').id, ok: {} });
  await asked;
});

test('what is asked because the connection is back goes once, after what waited', () => {
  const { world, client } = start();
  void client.call('question.ask', { text: 'x' });
  client.connection.subscribe(({ is }) => {
    if (is === 'online') void client.call('stage.offer', {});
  });
  greetAndJoin(world);
  assert.deepEqual(
    world.socket.sent.map(({ command }) => command),
    ['session.join', 'question.ask', 'stage.offer'],
  );
});

test('resumes with epoch and the last seq it saw, and repeats what was not answered', async () => {
  const { world, client, seen } = start();
  greetAndJoin(world, 5);
  world.socket.say({ event: 'slide.moved', place: 'p', seq: 9, at: 'now', data: {} });
  const vote = client.call('poll.vote', { poll: 'p', choices: [1] });
  const first = world.socket.last('poll.vote');
  world.socket.drop(1006);
  assert.equal(client.connection.value.is, 'waiting');
  world.pass(500);
  greetAndJoin(world, 11, true);
  assert.deepEqual(world.socket.last('session.join').data.resume, { epoch: 'e', seq: 9 });
  assert.deepEqual(world.socket.last('poll.vote'), first);
  world.socket.say({ event: 'slide.moved', place: 'p', seq: 10, at: 'now', data: {} });
  world.socket.say({ event: 'slide.moved', place: 'p', seq: 11, at: 'now', data: {} });
  world.socket.say({ id: first.id, ok: { choices: [1] } });
  assert.deepEqual(await vote, { choices: [1] });
  assert.deepEqual(seen, ['snapshot', 'slide.moved 9', 'slide.moved 10', 'slide.moved 11']);
});

test('an event that was seen already is not given twice', () => {
  const { world, seen } = start();
  greetAndJoin(world, 5);
  world.socket.say({ event: 'a', place: 'p', seq: 6, at: 'now', data: {} });
  world.socket.say({ event: 'a', place: 'p', seq: 6, at: 'now', data: {} });
  assert.deepEqual(seen, ['snapshot', 'a 6']);
});

test('an event behind one that was given does not count', () => {
  const { world, seen } = start();
  greetAndJoin(world, 5);
  world.socket.say({ event: 'a', place: 'p', seq: 8, at: 'now', data: {} });
  world.socket.say({ event: 'b', place: 'p', seq: 7, at: 'now', data: {} });
  assert.deepEqual(seen, ['snapshot', 'a 8']);
  world.socket.drop(1006);
  world.pass(500);
  world.socket.say(HELLO);
  assert.deepEqual(world.socket.last('session.join').data.resume, { epoch: 'e', seq: 8 });
});

test('an older state never replaces a newer one, except after a join', () => {
  const { world, seen } = start();
  greetAndJoin(world);
  for (const version of [2, 1, 3])
    world.socket.say({ state: 'poll.tally', place: 'p', key: 'p', version, data: {} });
  world.socket.drop(1006);
  world.pass(500);
  greetAndJoin(world);
  world.socket.say({ state: 'poll.tally', place: 'p', key: 'p', version: 1, data: {} });
  assert.deepEqual(seen, [
    'snapshot',
    'poll.tally v2',
    'poll.tally v3',
    'snapshot',
    'poll.tally v1',
  ]);
});

test('backs off from 0.5 s doubling to 10 s, each times 0.5 to 1.5', () => {
  const { world } = start();
  const delays: number[] = [];
  for (let attempt = 0; attempt < 7; attempt++) {
    const count = world.sockets.length;
    const begin = world.time;
    world.socket.drop(1006);
    while (world.sockets.length === count) world.pass(10);
    delays.push(world.time - begin);
  }
  assert.deepEqual(delays, [500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
  for (const [chance, wanted] of [
    [0, 5000],
    [0.999, 14_990],
  ] as const) {
    world.chance = chance;
    const count = world.sockets.length;
    const begin = world.time;
    world.socket.drop(1006);
    while (world.sockets.length === count) world.pass(10);
    assert.equal(world.time - begin, wanted);
  }
});

test('a farewell names when to come back', () => {
  const { world } = start();
  greetAndJoin(world);
  world.socket.say({ bye: { code: 'server.draining', retry_ms: 3000 } });
  world.socket.drop(1001);
  world.pass(2999);
  assert.equal(world.sockets.length, 1);
  world.pass(1);
  assert.equal(world.sockets.length, 2);
});

test('a command without an answer for 10 s means the connection is lost', async () => {
  const { world, client } = start();
  greetAndJoin(world);
  void client.call('question.vote', { question: 'q' }).catch(() => undefined);
  const before = world.socket;
  world.pass(9_000);
  assert.equal(client.connection.value.is, 'online');
  world.pass(2_000);
  assert.ok(before.closedByClient);
  assert.equal(world.sockets.length, 2);
});

test('an opening that takes 5 s is given up', () => {
  const { world } = start();
  world.pass(5_600);
  assert.equal(world.sockets.length, 2);
});

test('after 2.5 ping periods of silence a probe finds out', () => {
  const { world } = start({
    probe: () => ({ command: 'presence.visible', data: { visible: true } }),
  });
  greetAndJoin(world);
  world.pass(49_000);
  assert.equal(world.socket.sent.length, 1);
  world.pass(1_000);
  assert.deepEqual(world.socket.last('presence.visible').data, { visible: true });
  world.pass(11_000);
  assert.equal(world.sockets.length, 2);
});

test('offline closes at once, online opens at once', () => {
  const { world, client } = start();
  greetAndJoin(world);
  world.network(false);
  assert.ok(world.socket.closedByClient);
  assert.deepEqual(client.connection.value, { is: 'waiting', at: null, attempt: 0 });
  world.pass(60_000);
  assert.equal(world.sockets.length, 1);
  world.network(true);
  assert.equal(world.sockets.length, 2);
});

for (const [code, why] of [
  [4401, 'signed-out'],
  [1008, 'refused'],
  [1003, 'refused'],
  [1009, 'refused'],
] as const)
  test(`close ${code} ends as ${why}, without a retry`, async () => {
    const { world, client } = start();
    greetAndJoin(world);
    const open = client.call('question.vote', { question: 'q' });
    world.socket.drop(code);
    assert.deepEqual(client.connection.value, { is: 'closed', why });
    await assert.rejects(open, { code: `connection.${why}` });
    await assert.rejects(client.call('question.vote', {}), { code: `connection.${why}` });
    world.pass(60_000);
    assert.equal(world.sockets.length, 1);
  });

test('frames of another place are dropped, and commands name theirs', () => {
  const { world, client, seen } = start();
  greetAndJoin(world);
  world.socket.say({ event: 'a', place: 'q', seq: 6, at: 'now', data: {} });
  world.socket.say({ state: 's', place: 'q', key: 'k', version: 1, data: {} });
  assert.deepEqual(seen, ['snapshot']);
  void client.call('poll.vote', { poll: 'p', choices: [1] });
  assert.equal(world.socket.last('poll.vote').place, 'p');
});

test('a newer protocol reloads the page and does not join', () => {
  const { world, client } = start();
  world.socket.say({ hello: { ...HELLO.hello, protocol: 3 } });
  assert.equal(world.reloads, 1);
  assert.equal(world.socket.sent.length, 0);
  assert.deepEqual(client.connection.value, { is: 'closed', why: 'outdated' });
});

test('a busy server at the join is tried again, a missing session is not', () => {
  const { world, client } = start();
  world.socket.say(HELLO);
  world.socket.say({ id: world.socket.last('session.join').id, error: { code: 'server.busy' } });
  assert.equal(client.connection.value.is, 'waiting');
  world.pass(500);
  world.socket.say(HELLO);
  world.socket.say({ id: world.socket.last('session.join').id, error: { code: 'not_found' } });
  assert.deepEqual(client.connection.value, { is: 'closed', why: 'gone' });
});

test('a frame of an abandoned connection is not heard', () => {
  const { world, seen } = start();
  greetAndJoin(world);
  const old = world.socket;
  const hear = old.onmessage;
  world.network(false);
  world.network(true);
  const data = JSON.stringify({ event: 'a', place: 'p', seq: 99, at: 'now', data: {} });
  hear?.({ data } as MessageEvent);
  assert.deepEqual(seen, ['snapshot']);
});
