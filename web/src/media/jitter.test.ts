// Rules of the jitter buffer, on arrivals as networks make them: simulated to the sample.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Arrivals } from './arrivals';
import { JitterBuffer, type JitterView } from './jitter';
import { PER_MS } from './time';

const QUANTUM = 128;
const FRAME_MS = 20;

function random(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 0x7fffffff) / 0x7fffffff;
}

/** When each voice frame arrives: told by the time at which it was said. In order, as TCP delivers. */
type Network = (saidMs: number) => number;

function inOrder(network: Network): Network {
  let last = 0;
  return (said) => (last = Math.max(last, network(said)));
}
const bundles = (everyMs: number, jitterMs: number, seed = 7): Network => {
  const chance = random(seed);
  return inOrder((said) => Math.ceil(said / everyMs) * everyMs + 40 + chance() * jitterMs);
};
/** Nothing gets through from `at` for `ms`, then all at once. */
const stalled = (network: Network, everyMs: number, ms: number): Network =>
  inOrder((said) => {
    const at = network(said);
    const into = at % everyMs;
    return at > everyMs && into < ms ? at - into + ms : at;
  });

interface Heard {
  view: JitterView;
  /** For each second: how far what is heard is behind what is said, ms. */
  behind: number[];
  targetMs: number;
}

function listen(network: Network, seconds: number, drift = 1): Heard {
  const arrivals = new Arrivals();
  const buffer = new JitterBuffer(160 * PER_MS);
  const frame = new Float32Array(FRAME_MS * PER_MS).fill(0.5);
  const out = new Float32Array(QUANTUM);
  const behind: number[] = [];
  let said = FRAME_MS;
  let arrives = network(said);
  for (let now = 0, aimed = 0, told = 0; now < seconds * 1000; now += QUANTUM / PER_MS) {
    for (; arrives <= now; said += FRAME_MS, arrives = network(said)) {
      const time = Math.round((said - FRAME_MS) * PER_MS * drift);
      buffer.put(arrivals.note(time >>> 0, arrives), frame);
    }
    if (now - aimed >= 500) {
      aimed = now;
      buffer.aim(arrivals.target() * PER_MS);
    }
    out.fill(0);
    buffer.read(out, 1);
    if (now - told >= 1000) {
      told = now;
      behind.push(now - (buffer.view().position ?? 0) / PER_MS);
    }
  }
  return { view: buffer.view(), behind, targetMs: arrivals.target() };
}

test('bundles of 100 ms with 30 ms of jitter: no underrun, and 0.3 s behind at most', () => {
  const { view, behind, targetMs } = listen(bundles(100, 30), 60);
  assert.equal(view.underruns, 0);
  assert.equal(view.skips, 0);
  assert.ok(targetMs > 100 && targetMs < 200, `${targetMs}`);
  assert.ok(Math.max(...behind.slice(20)) < 320, `${behind.slice(20)}`);
});

test('frames that come one by one: 60 ms in store are enough', () => {
  const { view, behind, targetMs } = listen(bundles(20, 5), 60);
  assert.equal(view.underruns, 0);
  assert.equal(targetMs, 60);
  assert.ok((behind.at(-1) ?? 999) < 160, `${behind.at(-1)}`);
});

test('a stall of 1 s each 10 s: a few underruns, then it keeps as much as it needs', () => {
  const { view, targetMs } = listen(stalled(bundles(100, 20), 10_000, 1000), 90);
  assert.ok(view.underruns <= 2, `${view.underruns}`);
  assert.ok(view.silent / PER_MS < 1500, `${view.silent / PER_MS} ms`);
  assert.ok(targetMs > 900 && targetMs <= 1500, `${targetMs}`);
});

test('after a single stall of 1 s it comes back to little delay by playing faster', () => {
  const network = bundles(100, 20);
  const once = inOrder((said) => (said > 10_000 && said < 11_000 ? 11_100 : network(said)));
  const { view, behind } = listen(once, 90);
  assert.ok(view.underruns <= 1, `${view.underruns}`);
  assert.ok((behind.at(-1) ?? 999) < 350, `${behind.at(-1)}`);
});

test('a microphone whose clock runs too fast or too slow empties and floods nothing', () => {
  for (const drift of [1.0005, 0.9995]) {
    const { view } = listen(bundles(100, 20), 100, drift);
    assert.equal(view.underruns, 0);
    assert.equal(view.skips, 0);
    assert.ok(Math.abs(view.level - view.target) < 150 * PER_MS, `${view.level} ${view.target}`);
  }
});

test('a hole in the voice is heard as silence of the same length', () => {
  const buffer = new JitterBuffer(960);
  const loud = new Float32Array(960).fill(0.5);
  buffer.put(1000, loud);
  buffer.put(1000 + 2 * 960, loud);
  const out = new Float32Array(3 * 960 - 2);
  buffer.read(out, 1);
  assert.ok(Math.abs((out[900] ?? 0) - 0.5) < 1e-6);
  assert.equal(out[1500], 0);
  assert.ok(Math.abs((out[2500] ?? 0) - 0.5) < 1e-6);
});

test('a voice that ends is played to its end, and its silence is no fault', () => {
  const buffer = new JitterBuffer(4800);
  buffer.put(0, new Float32Array(960).fill(0.5));
  buffer.finish();
  const out = new Float32Array(48_000);
  buffer.read(out, 1);
  assert.equal(buffer.view().underruns, 0);
  assert.equal(buffer.view().played, 959);
  assert.ok(Math.abs(out.at(-1) ?? 1) < 1e-6);
});

test('after an end, what follows is not kept back by the silence between', () => {
  const buffer = new JitterBuffer(960);
  buffer.put(0, new Float32Array(960).fill(0.5));
  buffer.finish();
  buffer.read(new Float32Array(4800), 1);
  buffer.put(60_000, new Float32Array(960).fill(0.5));
  assert.equal(buffer.view().position, 60_000);
  assert.equal(buffer.view().level, 960);
});

test('another beginning of the clock begins anew', () => {
  const buffer = new JitterBuffer(960);
  buffer.put(0, new Float32Array(1920).fill(0.5));
  buffer.read(new Float32Array(128), 1);
  buffer.put(50_000_000, new Float32Array(960).fill(0.5));
  assert.equal(buffer.view().position, 50_000_000);
});

test('a device at 44.1 kHz hears the same tone', () => {
  const buffer = new JitterBuffer(9600);
  const tone = Float32Array.from({ length: 9600 }, (_, i) => Math.sin((2 * Math.PI * 440 * i) / 48_000));
  buffer.put(0, tone);
  const out = new Float32Array(8000);
  buffer.read(out, 48_000 / 44_100);
  for (let i = 1000; i < 8000; i += 97)
    assert.ok(Math.abs((out[i] ?? 0) - Math.sin((2 * Math.PI * 440 * i) / 44_100)) < 0.01);
});
