import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { ApiError, get, post } from './api';
import { times, waiting } from './patience';

interface Answer {
  status: number;
  retryAfter?: string;
}

let now = 0;
let waits: number[] = [];
let shown: number[] = [];
let asked = 0;

times.now = () => now;
times.random = () => 0.5;
times.later = (run, ms) => {
  waits.push(ms);
  shown.push(waiting.value);
  now += ms;
  queueMicrotask(run);
  return null;
};

/** The answers that the server gives, one a try; the last one again and again. */
function server(...answers: Answer[]): void {
  globalThis.fetch = async () => {
    const answer = answers[Math.min(asked++, answers.length - 1)] ?? { status: 500 };
    const headers = new Headers({ 'content-type': 'application/json' });
    if (answer.retryAfter !== undefined) headers.set('retry-after', answer.retryAfter);
    return new Response('{}', { status: answer.status, headers });
  };
}

beforeEach(() => {
  now = 0;
  waits = [];
  shown = [];
  asked = 0;
});

const fails = (promise: Promise<unknown>, status: number) =>
  assert.rejects(promise, (error) => error instanceof ApiError && error.status === status);

test('what was refused is asked again, later each time, and the page says that it waits', async () => {
  server({ status: 429, retryAfter: '1' }, { status: 503, retryAfter: '2' }, { status: 200 });
  await post('/api/join', { token: 'x' });
  assert.deepEqual(waits, [1500, 3000]);
  assert.deepEqual(shown, [1, 1]);
  assert.equal(waiting.value, 0);
});

test('a refusal that lasts is told to the person', async () => {
  server({ status: 429, retryAfter: '600' });
  await fails(post('/api/sign-in'), 429);
  assert.equal(asked, 1);
});

test('so is one that comes again and again', async () => {
  server({ status: 429, retryAfter: '1' });
  await fails(get('/api/me'), 429);
  assert.ok(now > 60_000 && now < 75_000, `${now} ms`);
  assert.equal(waiting.value, 0);
});

test('a change is not sent again when nobody knows what became of it', async () => {
  server({ status: 503 });
  await fails(post('/api/congresses'), 503);
  assert.equal(asked, 1);
  server({ status: 503 }, { status: 200 });
  asked = 0;
  await get('/api/congresses');
  assert.equal(asked, 2);
});

test('no other failure is tried again', async () => {
  for (const status of [400, 404, 409, 410, 422, 500, 502]) {
    asked = 0;
    server({ status, retryAfter: '1' });
    await fails(get('/api/me'), status);
    assert.equal(asked, 1, `${status}`);
  }
});

test('whoever aborts does not wait', async () => {
  server({ status: 429, retryAfter: '1' });
  const abort = new AbortController();
  times.later = () => queueMicrotask(() => abort.abort());
  await assert.rejects(get('/api/me', abort.signal), { name: 'AbortError' });
  assert.equal(asked, 1);
});
