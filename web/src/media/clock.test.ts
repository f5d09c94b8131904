// Rules of a publisher's clock: voice and picture of one moment have the same time, for hours.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FRAME, MediaClock } from './clock';

const MS = 48;

/** Frames of a microphone whose clock runs `fast` times as fast, each told up to `jitter` ms late. */
function speak(clock: MediaClock, from: number, seconds: number, fast = 1, jitter = 0) {
  let last = 0;
  let now = from;
  for (let n = 1; n <= seconds * 50; n++) {
    now = from + (n * 20) / fast;
    last = clock.voice(now + (n % 7 === 0 ? 0 : ((n * 37) % 100) * (jitter / 100)));
  }
  return { last, now };
}

test('voice frames follow each other sample by sample', () => {
  const clock = new MediaClock(1000);
  const times = [20, 45, 60, 95, 100].map((ms) => clock.voice(1000 + ms));
  assert.deepEqual(times, [0, 1, 2, 3, 4].map((n) => n * FRAME));
});

test('the picture stays with the voice although the clocks drift', () => {
  for (const fast of [1.0001, 0.9999]) {
    const clock = new MediaClock(0);
    const { last, now } = speak(clock, 0, 7200, fast, 30);
    const apart = clock.at(now) - (last + FRAME);
    assert.ok(Math.abs(apart) < 10 * MS, `${apart / MS} ms apart`);
  }
});

test('the time of a picture never goes back', () => {
  const clock = new MediaClock(0);
  let last = -1;
  for (let n = 1; n < 20_000; n++) {
    clock.voice(n * 20.01 + ((n * 37) % 30));
    const time = clock.at(n * 20.01);
    assert.ok(time >= last);
    last = time;
  }
});

test('a page that was held up for a moment moves nothing', () => {
  const clock = new MediaClock(0);
  const { last, now } = speak(clock, 0, 10);
  const times = Array.from({ length: 25 }, () => clock.voice(now + 500)); // 500 ms of them at once
  assert.equal(times.at(-1), last + 25 * FRAME);
  const after = speak(clock, now + 500, 5);
  assert.ok(Math.abs(clock.at(after.now) - (after.last + FRAME)) < 5 * MS);
});

test('samples that are missing for good leave a hole, and the voice is right after it', () => {
  const clock = new MediaClock(0);
  const { now } = speak(clock, 0, 10);
  const after = speak(clock, now + 3000, 5);
  assert.ok(Math.abs(after.last + FRAME - after.now * MS) < 20 * MS);
});

test('a microphone that loses samples all the time does not slow the clock down', () => {
  const clock = new MediaClock(0);
  let [now, last] = [0, 0];
  for (let n = 0; n < 5_000; n++) {
    now += n % 10 === 0 ? 70 : 20; // 20 % of the time
    last = clock.voice(now);
  }
  assert.ok(Math.abs(clock.at(now) - now * MS) < 150 * MS, `${clock.at(now) / MS - now} ms`);
  assert.ok(Math.abs(last + FRAME - now * MS) < 250 * MS, `${(last + FRAME) / MS - now} ms`);
});

test('nor does one whose frames come in bursts hurry it', () => {
  const clock = new MediaClock(0);
  let [now, last] = [0, 0];
  for (let burst = 0; burst < 500; burst++) {
    now += 240;
    for (let n = 0; n < 11; n++) last = clock.voice(now); // of 12
  }
  assert.ok(Math.abs(clock.at(now) - now * MS) < 300 * MS, `${clock.at(now) / MS - now} ms`);
  assert.ok(Math.abs(last + FRAME - clock.at(now)) < 200 * MS, `${(last + FRAME - clock.at(now)) / MS} ms`);
});

test('after a pause the voice goes on where the clock is, and never back', () => {
  const clock = new MediaClock(0);
  const { last, now } = speak(clock, 0, 2);
  clock.pause();
  assert.ok(clock.voice(now) >= last + FRAME);
  clock.pause();
  const late = clock.voice(now + 60_000);
  assert.ok(Math.abs(late + FRAME - (now + 60_000) * MS) < 25 * MS);
});
