// Rule: a track that is stopped while it is read leaves a frame that nobody closes, in Chrome; so a copy is read, which ends
// after the frame that comes next, or soon where none comes, and each frame is closed or handed over.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readFrames } from './picture-frames';

interface Frame {
  closed: boolean;
  close(): void;
}

function frame(): Frame {
  return {
    closed: false,
    close() {
      this.closed = true;
    },
  };
}

/** A camera whose frames the test gives, and what is done to its copy, in order. */
function camera() {
  const done: string[] = [];
  let give: (value: Frame) => void = () => assert.fail('nobody reads');
  const copy = { stop: () => done.push('stopped') };
  const track = { clone: () => copy, stop: () => assert.fail('it is its owner’s to stop') };
  const reader = {
    read: () => new Promise<{ value: Frame; done: false }>((resolve) => (give = (value) => resolve({ value, done: false }))),
    cancel: async () => void done.push('cancelled'),
  };
  class Processor {
    readable = { getReader: () => reader };
    constructor({ track: read }: { track: unknown }) {
      assert.equal(read, copy);
    }
  }
  Object.assign(globalThis, { MediaStreamTrackProcessor: Processor });
  const next = async (value = frame()): Promise<Frame> => {
    give(value);
    await new Promise(setImmediate);
    return value;
  };
  return { track: track as unknown as MediaStreamTrack, done, next };
}

test('the copy of a track is read, and ends after the frame that comes next', async (t) => {
  t.mock.method(globalThis, 'setTimeout', () => 0);
  const { track, done, next } = camera();
  const taken: unknown[] = [];
  const end = readFrames(track, (one) => taken.push(one));
  const first = await next();
  assert.deepEqual(taken, [first]);
  assert.equal(first.closed, false, 'its taker closes it');
  end();
  assert.deepEqual(done, []);
  const last = await next();
  assert.deepEqual(taken, [first]);
  assert.equal(last.closed, true);
  assert.deepEqual(done, ['cancelled', 'stopped']);
});

test('a still picture’s copy ends soon', (t) => {
  const late: (() => void)[] = [];
  t.mock.method(globalThis, 'setTimeout', (run: () => void) => late.push(run));
  const { track, done } = camera();
  readFrames(track, () => undefined)();
  assert.deepEqual(done, []);
  for (const run of late) run(); // its time is over
  assert.deepEqual(done, ['stopped']);
});
