// Rules of what a microphone's and a camera's frames are made into.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faultOf } from './devices';
import { FrameClock } from './frame-clock';
import { Framer } from './framer';
import { dbovOf, levelOf } from './level';
import { fit, KeyPlan, Pace } from './pace';

const tone = (rate: number, hz: number, seconds: number) =>
  Float32Array.from({ length: rate * seconds }, (_, i) => 0.5 * Math.sin((2 * Math.PI * hz * i) / rate));

function framesOf(samples: Float32Array, rate: number): Float32Array[] {
  const frames: Float32Array[] = [];
  const framer = new Framer(rate, (frame) => frames.push(frame));
  for (let at = 0; at < samples.length; at += 128) framer.push(samples.subarray(at, at + 128));
  return frames;
}

test('frames are exactly 960 samples and lose none', () => {
  const samples = Float32Array.from({ length: 9600 }, (_, i) => i / 9600);
  const frames = framesOf(samples, 48_000);
  assert.equal(frames.length, 10);
  assert.deepEqual(frames.flatMap((frame) => [...frame]), [...samples]);
});

for (const rate of [44_100, 16_000, 96_000])
  test(`a tone at ${rate} Hz is the same tone at 48 kHz`, () => {
    const all = framesOf(tone(rate, 1000, 1), rate).flatMap((frame) => [...frame]);
    assert.ok(Math.abs(all.length - 48_000) <= 960, `${all.length}`);
    // The phase is the filter's own: what is compared is the rest against the best sine of 1 kHz.
    const part = all.slice(4800, 43_200);
    let [s, c] = [0, 0];
    part.forEach((x, i) => {
      s += (2 * x * Math.sin((2 * Math.PI * 1000 * i) / 48_000)) / part.length;
      c += (2 * x * Math.cos((2 * Math.PI * 1000 * i) / 48_000)) / part.length;
    });
    const rest = part.map((x, i) => {
      const phase = (2 * Math.PI * 1000 * i) / 48_000;
      return x - s * Math.sin(phase) - c * Math.cos(phase);
    });
    const power = (of: number[]) => of.reduce((sum, x) => sum + x * x, 0) / of.length;
    const clean = 10 * Math.log10(power(part) / power(rest));
    assert.ok(clean > 40, `${clean} dB`);
    assert.ok(Math.abs(Math.hypot(s, c) - 0.5) < 0.02);
  });

test('a level is −dBov', () => {
  assert.equal(dbovOf(new Float32Array(960).fill(1)), 0);
  assert.equal(dbovOf(new Float32Array(960).fill(0.1)), 20);
  assert.equal(dbovOf(new Float32Array(960)), 127);
  assert.equal(dbovOf(new Float32Array(960).fill(4)), 0);
  assert.equal(levelOf(30).meter, 0.5);
  assert.equal(levelOf(127).meter, 0);
});

test('of 30 frames a second it takes 15 or 7.5, evenly', () => {
  for (const [perSecond, every] of [
    [15, 2],
    [7.5, 4],
  ] as const) {
    const pace = new Pace(perSecond);
    const taken: number[] = [];
    for (let n = 0; n < 300; n++) if (pace.take((n * 1000) / 30 + (n % 3))) taken.push(n);
    const gaps = taken.slice(1).map((n, i) => n - (taken[i] ?? 0));
    assert.ok(gaps.every((gap) => gap === every), `${gaps}`);
  }
});

test('of 15 frames a second, told unevenly, it takes all; of none for a while, no burst', () => {
  const pace = new Pace(15);
  let taken = 0;
  for (let n = 0; n < 150; n++) if (pace.take((n * 1000) / 15 + (n % 2) * 12)) taken++;
  assert.equal(taken, 150);
  assert.deepEqual([60_000, 60_010, 60_020, 60_070].map((now) => pace.take(now)), [true, false, false, true]);
});

test('a frame has the time at which it was taken, however busy the page was', () => {
  const clock = new FrameClock();
  const delay = (n: number) => 5 + (n % 10 === 9 ? 150 : n % 3);
  for (let n = 0; n < 200; n++) {
    const now = 50_000 + n * 66 + delay(n);
    const told = clock.at(n * 66, now);
    if (n > 0) assert.ok(Math.abs(told - (50_000 + n * 66 + 5)) < 3, `${n}: ${told}`);
  }
});

test('a source whose clock begins anew goes on, and never back', () => {
  const clock = new FrameClock();
  const times = [1000, 1066, 1132, 5, 71].map((own, n) => clock.at(own, 50_000 + n * 66));
  assert.deepEqual(times, [50_000, 50_066, 50_132, 50_198, 50_264]);
});

test('key frames come each 4 s, and at most once a second when they are asked for', () => {
  const plan = new KeyPlan();
  const keys = (from: number, to: number, ask: boolean, needed = false) => {
    const found: number[] = [];
    for (let now = from; now < to; now += 100) {
      if (ask) plan.ask();
      if (plan.take(now, needed)) found.push(now);
    }
    return found;
  };
  assert.deepEqual(keys(0, 9000, false), [0, 4000, 8000]);
  assert.deepEqual(keys(9000, 12_000, true), [9000, 10_000, 11_000]);
  assert.deepEqual(keys(12_000, 14_000, false, true), [12_000, 13_000]);
});

test('cameras of all shapes are cut to 16:9 in multiples of 16, and never made larger', () => {
  const most = { width: 768, height: 432 };
  assert.deepEqual(fit({ width: 1280, height: 720 }, most, 'most'), { ...most, crop: { x: 0, y: 0, width: 1280, height: 720 } });
  assert.deepEqual(fit({ width: 640, height: 480 }, most, 'most'), { width: 640, height: 368, crop: { x: 0, y: 56, width: 640, height: 368 } });
  const portrait = fit({ width: 1080, height: 1920 }, most, 'most');
  assert.deepEqual([portrait.width, portrait.height, portrait.crop.width], [768, 432, 1080]);
});

test('a screen keeps its shape and all of it', () => {
  const most = { width: 1280, height: 720 };
  assert.deepEqual(fit({ width: 1920, height: 1200 }, most, 'source'), { width: 1152, height: 720, crop: { x: 0, y: 0, width: 1920, height: 1200 } });
  const tall = fit({ width: 901, height: 1601 }, most, 'source');
  assert.deepEqual(tall, { width: 400, height: 720, crop: { x: 0, y: 0, width: 900, height: 1600 } });
});

test('why a device cannot be had is told apart', () => {
  const fault = (name: string, screen = false) => faultOf(Object.assign(new Error('x'), { name }), screen);
  assert.equal(fault('NotAllowedError'), 'denied');
  assert.equal(fault('NotAllowedError', true), 'cancelled');
  assert.equal(fault('NotFoundError'), 'none');
  assert.equal(fault('NotReadableError'), 'busy');
  assert.equal(fault('What'), 'failed');
  assert.equal(faultOf('text'), 'failed');
});
