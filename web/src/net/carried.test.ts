// Rules of a connection that requests carry, against a server of the test's own.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Carried, type Reply } from './carried';

const ID = '0b8e1f2a-0000-4000-8000-000000000000';

interface Asked {
  path: string;
  body: string;
  leaving: boolean;
  answer(status: number, text?: string): void;
  fail(): void;
}

/** Lets what promises lead to happen. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

async function start() {
  const asked: Asked[] = [];
  const heard: string[] = [];
  let time = 0;
  const needs = {
    post: (path: string, body: string, _ms: number, leaving = false) =>
      new Promise<Reply>((resolve, reject) =>
        asked.push({
          path,
          body,
          leaving,
          answer: (status, text = '') => resolve({ status, text }),
          fail: () => reject(new Error('no network')),
        }),
      ),
    now: () => time,
    setTimer: (run: () => void) => setImmediate(run),
  };
  const line = new Carried(needs);
  line.onopen = () => heard.push('open');
  line.onmessage = ({ data }) => heard.push(data);
  line.onclose = ({ code }) => heard.push(`closed ${code}`);
  const take = async (action: string): Promise<Asked> => {
    const index = () => asked.findIndex(({ path }) => path.endsWith(action));
    for (let i = 0; i < 5 && index() < 0; i++) await settle();
    const at = index();
    const [found] = at < 0 ? [] : asked.splice(at, 1);
    if (!found) throw new Error(`${action} was not asked for`);
    return found;
  };
  return { line, asked, heard, take, pass: (ms: number) => (time += ms) };
}

async function opened() {
  const world = await start();
  (await world.take('')).answer(201, JSON.stringify({ connection: ID }));
  await settle();
  return world;
}

test('opens, asks for what comes and hands it on line by line', async () => {
  const { heard, take } = await opened();
  const first = await take('/next');
  assert.deepEqual([first.path, JSON.parse(first.body)], [`/${ID}/next`, { ack: 0, wait_ms: 20_000 }]);
  first.answer(200, '{"answer":1}\n{"hello":1}\n{"event":2}\n');
  const second = await take('/next');
  assert.equal(JSON.parse(second.body).ack, 1);
  second.answer(200, '{"answer":1}\n');
  assert.equal(JSON.parse((await take('/next')).body).ack, 1);
  assert.deepEqual(heard, ['open', '{"hello":1}', '{"event":2}']);
});

test('what is answered twice is handed on once', async () => {
  const { heard, take } = await opened();
  (await take('/next')).answer(200, '{"answer":1}\n{"a":1}\n');
  (await take('/next')).answer(200, '{"answer":1}\n{"a":1}\n');
  await take('/next');
  assert.deepEqual(heard, ['open', '{"a":1}']);
});

test('commands go one request after the other, those that come meanwhile together', async () => {
  const { line, asked, take } = await opened();
  line.send('{"id":1}');
  line.send('{"id":2}');
  line.send('{"id":3}');
  const first = await take('/commands');
  assert.equal(first.body, '{"number":1}\n{"id":1}');
  assert.ok(!asked.some(({ path }) => path.endsWith('/commands')));
  first.answer(204);
  assert.equal((await take('/commands')).body, '{"number":2}\n{"id":2}\n{"id":3}');
});

test('requests stay within the limits of the server', async () => {
  const { line, take } = await opened();
  line.send('{"first":1}');
  for (let i = 0; i < 40; i++) line.send(`{"id":${i}}`);
  (await take('/commands')).answer(204);
  const many = await take('/commands');
  assert.equal(many.body.split('\n').length, 33);
  many.answer(204);
  (await take('/commands')).answer(204);
  for (let i = 0; i < 4; i++) line.send('x'.repeat(16_000));
  (await take('/commands')).answer(204);
  for (let i = 0; i < 3; i++) {
    const large = await take('/commands');
    assert.ok(large.body.length < 50_000, `${large.body.length}`);
    large.answer(204);
  }
});

test('a lost reply is asked for again under the same number', async () => {
  const { line, heard, take } = await opened();
  line.send('{"id":1}');
  const first = await take('/commands');
  first.fail();
  const again = await take('/commands');
  assert.equal(again.body, first.body);
  again.answer(502, '<html>Bad gateway</html>');
  (await take('/commands')).answer(204);
  (await take('/next')).answer(200, '<html>Your network asks you to sign in</html>');
  (await take('/next')).answer(200, '{"answer":1}\n{"a":1}\n');
  await settle();
  assert.deepEqual(heard, ['open', '{"a":1}']);
});

test('what is on the way and does not like to wait is asked to wait for less', async () => {
  const { take, pass } = await opened();
  const waits: number[] = [];
  for (let i = 0; i < 3; i++) {
    const next = await take('/next');
    waits.push(JSON.parse(next.body).wait_ms);
    pass(JSON.parse(next.body).wait_ms);
    next.answer(504);
  }
  assert.deepEqual(waits, [20_000, 10_000, 5_000]);
});

test('a close is told with its code, and nothing follows', async () => {
  const { line, asked, heard, take } = await opened();
  (await take('/next')).answer(200, '{"answer":1}\n{"bye":1}\n{"close":{"code":4401,"reason":"signed out"}}\n');
  await settle();
  assert.deepEqual(heard, ['open', '{"bye":1}', 'closed 4401']);
  line.send('{"id":1}');
  line.close();
  await settle();
  assert.deepEqual(asked, []);
});

test('a connection that is unknown has ended, and so has one without network', async () => {
  for (const end of [
    (next: Asked) => next.answer(404, '{"code":"live.unknown"}'),
    (next: Asked) => next.fail(),
  ]) {
    const { heard, asked, take } = await opened();
    for (let i = 0; i < 4 && !heard.includes('closed 1006'); i++) {
      end(await take('/next'));
      await settle();
    }
    assert.deepEqual(heard, ['open', 'closed 1006']);
    await settle();
    assert.deepEqual(asked, []);
  }
});

test('one that cannot be opened says so', async () => {
  for (const reply of [
    (open: Asked) => open.fail(),
    (open: Asked) => open.answer(503),
    (open: Asked) => open.answer(201, '<html>'),
  ]) {
    const { heard, take } = await start();
    reply(await take(''));
    await settle();
    assert.deepEqual(heard, ['closed 1006']);
  }
});

test('whoever goes says so, also before it was open', async () => {
  const { line, heard, take } = await opened();
  line.leave();
  const close = await take('/close');
  assert.deepEqual([close.path, close.leaving], [`/${ID}/close`, true]);
  assert.deepEqual(heard, ['open', 'closed 1006']);
  const early = await start();
  early.line.close();
  (await early.take('')).answer(201, JSON.stringify({ connection: ID }));
  await early.take('/close');
  assert.deepEqual(early.heard, []);
});
