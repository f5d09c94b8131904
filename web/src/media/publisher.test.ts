// Rules of the publisher's connection, against a websocket and a clock of the test's own.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeMediaWorld } from './fake';
import type { Outgoing } from './outgoing';
import { Publisher } from './publisher';
import { Flag, Type } from './records';
import type { Publishing } from './types';

const HELLO = { hello: { protocol: 2, build: 'b', now: '2026-01-01T00:00:00.000Z', ping_ms: 20_000 } };

const make = (type: number, stream: number, flags: number, size = 10): Outgoing => ({
  type,
  flags,
  stream,
  level: 0,
  generation: 1,
  timestamp: 0,
  bytes: new Uint8Array(size),
});
const voice = () => make(Type.voice, 0, 0);
const key = (size = 10) => make(Type.camera, 1, Flag.key, size);
const delta = (size = 10) => make(Type.camera, 1, 0, size);

function start() {
  const world = new FakeMediaWorld();
  const states: Publishing[] = [];
  const asked: number[] = [];
  const publisher = new Publisher(
    { url: 'wss://example/publish', session: 's', person: 'p' },
    { changed: (state) => states.push(state), keyframe: (stream) => asked.push(stream) },
    world,
  );
  const now = () => states.at(-1);
  return { world, publisher, states, asked, now };
}

function begin(world: FakeMediaWorld, stream = 8): void {
  world.line.say(HELLO);
  world.line.say({ id: world.line.commands.at(-1)?.id, ok: { stream, frame_bytes: 262_144 } });
}

test('says what it publishes after the greeting, and sends records after the answer', () => {
  const { world, publisher, now } = start();
  publisher.send(voice());
  world.line.say(HELLO);
  assert.deepEqual(world.line.commands.map(({ command, data }) => [command, data]), [
    ['session.publish', { session: 's', person: 'p' }],
  ]);
  assert.equal(world.line.records.length, 0);
  world.line.say({ id: world.line.commands[0]?.id, ok: { stream: 8, frame_bytes: 262_144 } });
  assert.deepEqual(now(), { is: 'online', stream: 8 });
  assert.equal(world.line.records.length, 1);
});

test('comes back after a lost connection, later each time, and begins with a key frame', () => {
  const { world, publisher, now } = start();
  begin(world);
  publisher.send(key());
  for (const wait of [500, 1000, 2000, 4000, 8000, 10_000, 10_000]) {
    world.line.drop(1006);
    const count = world.lines.length;
    world.pass(wait - 1);
    assert.equal(world.lines.length, count);
    world.pass(1);
    assert.equal(world.lines.length, count + 1);
  }
  begin(world, 12);
  assert.deepEqual(now(), { is: 'online', stream: 12 });
  assert.ok(publisher.queue.needsKey(1, false));
  assert.equal(publisher.send(delta()), false);
  assert.equal(publisher.send(key()), true);
  world.line.drop(1006);
  assert.deepEqual(now(), { is: 'waiting', at: world.time + 500, attempt: 1 });
});

test('nothing is sent into a connection that is closing', () => {
  const { world, publisher } = start();
  begin(world);
  publisher.send(voice());
  const sent = world.line.records.length;
  world.line.readyState = 2;
  publisher.send(voice());
  assert.equal(world.line.records.length, sent);
});

for (const [code, why] of [
  [1008, 'refused'],
  [1009, 'refused'],
  [4401, 'signed-out'],
  [4403, 'off-stage'],
  [4409, 'elsewhere'],
] as const)
  test(`close ${code} ends as ${why}, without a retry`, () => {
    const { world, now } = start();
    begin(world);
    world.line.drop(code);
    assert.deepEqual(now(), { is: 'closed', why });
    world.pass(60_000);
    assert.equal(world.lines.length, 1);
  });

for (const [code, why] of [
  ['auth.forbidden', 'forbidden'],
  ['auth.other_person', 'other-person'],
  ['not_found', 'gone'],
  ['request.invalid', 'refused'],
] as const)
  test(`the answer ${code} ends as ${why}`, () => {
    const { world, now } = start();
    world.line.say(HELLO);
    world.line.say({ id: world.line.commands[0]?.id, error: { code } });
    assert.deepEqual(now(), { is: 'closed', why });
    assert.ok(world.line.closedByClient);
  });

test('a busy server is asked again, one that was given too much is given time', () => {
  const { world, now } = start();
  world.line.say(HELLO);
  world.line.say({ id: world.line.commands[0]?.id, error: { code: 'server.busy' } });
  assert.equal(now()?.is, 'waiting');
  world.pass(500);
  begin(world);
  world.line.drop(4429);
  world.pass(4_999);
  assert.equal(world.lines.length, 2);
  world.pass(1);
  assert.equal(world.lines.length, 3);
});

test('a farewell names when to come back', () => {
  const { world } = start();
  begin(world);
  world.line.say({ bye: { code: 'server.draining', retry_ms: 3000 } });
  world.line.drop(1001);
  world.pass(2_999);
  assert.equal(world.lines.length, 1);
  world.pass(1);
  assert.equal(world.lines.length, 2);
});

test('offline closes at once, online opens at once', () => {
  const { world, now } = start();
  begin(world);
  world.network(false);
  assert.deepEqual(now(), { is: 'waiting', at: null, attempt: 0 });
  world.pass(60_000);
  assert.equal(world.lines.length, 1);
  world.network(true);
  assert.equal(world.lines.length, 2);
});

test('a notice that somebody waits for a key frame is passed on, others are not minded', () => {
  const { world, asked } = start();
  begin(world);
  world.line.say({ notice: 'media.keyframe', data: { stream: 1 } });
  world.line.say({ notice: 'media.other', data: { stream: 2 } });
  world.line.say({ notice: 'media.keyframe', data: {} });
  assert.deepEqual(asked, [1]);
});

test('an uplink that takes nothing: the picture is dropped, the voice kept, then the connection given up', () => {
  const { world, publisher } = start();
  begin(world);
  world.line.stuck = true;
  publisher.send(key(20_000)); // as much as the browser may hold
  const before = world.line.records.length;
  for (let n = 0; n < 50; n++) {
    publisher.send(voice());
    publisher.send(delta(1000));
    world.pass(20);
  }
  assert.equal(world.line.records.length, before);
  assert.ok(publisher.queue.isShut(1, false, world.time));
  world.line.stuck = false;
  world.line.bufferedAmount = 0;
  world.pass(20);
  assert.deepEqual(world.line.records.slice(before).map(({ type }) => type), Array(50).fill(Type.voice));
  world.line.stuck = true;
  world.line.bufferedAmount = 20_000;
  const count = world.lines.length;
  world.pass(13_000);
  assert.equal(world.lines.length, count + 1);
});

test('stopped is stopped', () => {
  const { world, publisher, now } = start();
  begin(world);
  publisher.stop();
  assert.deepEqual(now(), { is: 'closed', why: 'stopped' });
  assert.ok(world.line.closedByClient);
  assert.equal(publisher.send(voice()), false);
});
