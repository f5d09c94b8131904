// When requests carry the live connection, and when it is a websocket again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeWorld, greetAndJoin, HELLO } from './fake';
import { LiveSocket } from './socket';

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

function start(answers: boolean) {
  const world = new FakeWorld();
  world.answers = answers;
  const client = new LiveSocket({
    url: 'wss://example/live',
    session: 's',
    world,
    handlers: { snapshot: () => undefined, event: () => undefined, state: () => undefined },
  });
  client.start();
  return { world, client };
}

async function refuse(world: FakeWorld, times: number) {
  for (let i = 0; i < times; i++) {
    world.socket.drop(1006);
    await settle();
    world.pass(2_000);
  }
}

/** Joins over what was opened last. */
function join(world: FakeWorld, carried: boolean) {
  const line = (carried ? world.carried : world.sockets).at(-1);
  if (!line) throw new Error('nothing was opened');
  line.say(HELLO);
  const { id } = line.last('session.join');
  line.say({ id, ok: { place: 'p', epoch: 'e', seq: 5, resumed: false, snapshot: { common: {}, own: {} } } });
  return line;
}

test('a websocket that is refused twice, while the server answers, gives way to requests', async () => {
  const { world, client } = start(true);
  await refuse(world, 1);
  assert.equal(world.carried.length, 0);
  await refuse(world, 1);
  assert.equal(world.carried.length, 1);
  join(world, true);
  assert.deepEqual(client.connection.value, { is: 'online', carried: true });
});

test('while the server does not answer either, it is not the network', async () => {
  const { world } = start(false);
  await refuse(world, 5);
  assert.equal(world.carried.length, 0);
  assert.ok(world.sockets.length > 4);
});

test('one that never answers gives way at once', async () => {
  const { world } = start(true);
  world.pass(5_000);
  await settle();
  world.pass(2_000);
  assert.equal(world.carried.length, 1);
});

test('one that opens, and then nothing comes, gives way', async () => {
  const { world } = start(true);
  world.socket.onopen?.({} as Event);
  world.pass(9_000);
  assert.equal(world.carried.length, 0);
  world.pass(1_000);
  await settle();
  world.pass(2_000);
  assert.equal(world.carried.length, 1);
});

test('one that is cut again and again gives way, one that lasts does not', async () => {
  const { world } = start(true);
  for (let i = 0; i < 2; i++) {
    greetAndJoin(world);
    await refuse(world, 1);
  }
  assert.equal(world.carried.length, 1);
  const other = start(true).world;
  for (let i = 0; i < 4; i++) {
    greetAndJoin(other);
    other.pass(11_000);
    await refuse(other, 1);
  }
  assert.equal(other.carried.length, 0);
});

test('closes of the server itself say nothing of the network', async () => {
  const { world } = start(true);
  for (let i = 0; i < 4; i++) {
    greetAndJoin(world);
    world.socket.drop(1001);
    await settle();
    world.pass(1_000);
  }
  assert.equal(world.carried.length, 0);
});

test('requests that get nowhere let the websocket be tried again', async () => {
  const { world } = start(true);
  await refuse(world, 2);
  const before = world.sockets.length;
  world.carried.at(-1)?.drop(1006);
  world.pass(10_000);
  assert.equal(world.sockets.length, before + 1);
});

test('a websocket is tried meanwhile, and takes over where the other one was', async () => {
  const { world, client } = start(true);
  await refuse(world, 2);
  const former = join(world, true);
  const before = world.sockets.length;
  world.pass(29_000);
  assert.equal(world.sockets.length, before);
  world.pass(1_000);
  world.socket.drop(1006); // still refused: some minutes later
  world.pass(299_000);
  assert.equal(world.sockets.length, before + 1);
  assert.equal(client.connection.value.is, 'online');
  world.pass(1_000);
  assert.equal(world.sockets.length, before + 2);
  world.socket.say(HELLO);
  assert.deepEqual(world.socket.last('session.join').data.resume, { epoch: 'e', seq: 5 });
  assert.ok(!former.closedByClient, 'there until the other one is');
  world.socket.say({ id: world.socket.last('session.join').id, ok: { place: 'p', epoch: 'e', seq: 5, resumed: true } });
  assert.ok(former.closedByClient);
  assert.deepEqual(client.connection.value, { is: 'online', carried: false });
});

test('another network is tried from the beginning', async () => {
  const { world, client } = start(true);
  await refuse(world, 2);
  join(world, true);
  world.network(false);
  const before = world.sockets.length;
  world.network(true);
  assert.equal(world.sockets.length, before + 1);
  greetAndJoin(world);
  assert.deepEqual(client.connection.value, { is: 'online', carried: false });
});
