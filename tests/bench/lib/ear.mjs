// What a browser would hear of a talker (tests/e2e/lib/talking.mjs), without a browser: the player's own rules, from web/src/media, on
// when the records came. They run afterwards, on the times that were noted, so that a busy generator is no bad network.
import https from "node:https";
import { readdirSync } from "node:fs";
import { need, root } from "../../e2e/lib/need.mjs";
import { CAMERA, LOW, VOICE } from "../../e2e/lib/talking.mjs";

const QUANTUM = 128;
const PER_MS = 48;
const FRAME = 960;
const CODEC_MS = 20 + 7; // a frame is full before it is sent, and Opus looks ahead
const AIM_MS = 250;
const TICK_MS = 250;
const MEASURE_MS = 2500;

const stdin = { contents: ["arrivals", "jitter", "ladder", "throughput"].map((name) => `export * from "./${name}";`).join("\n"), resolveDir: `${root}web/src/media`, loader: "ts" };
const { outputFiles } = need("esbuild").buildSync({ stdin, bundle: true, format: "esm", write: false });
const { Arrivals, JitterBuffer, Ladder, rateOf, Throughput } = await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].text).toString("base64")}`);

// came: [{at, timestamp}] of one voice, in order, at in ms; begun: when its timestamp 0 was. What is heard from `from` until `to`, ms: how
// late (mouth to ear), how much of it is silence that nobody meant, how often it ran dry.
export function heard(came, begun, from, to) {
  const arrivals = new Arrivals();
  const buffer = new JitterBuffer(160 * PER_MS);
  const sound = new Float32Array(FRAME).fill(0.5);
  const out = new Float32Array(QUANTUM);
  const ear = [];
  let [next, aimed, told, before] = [0, -Infinity, -Infinity, null];
  for (let now = came[0].at; now < to; now += QUANTUM / PER_MS) {
    for (; next < came.length && came[next].at <= now; next++) buffer.put(arrivals.note(came[next].timestamp, came[next].at), sound);
    if (now - aimed >= AIM_MS) {
      aimed = now;
      buffer.aim(Math.round(arrivals.target() * PER_MS));
    }
    buffer.read(out.fill(0), 1);
    if (now < from) continue;
    const view = buffer.view();
    before ??= view;
    if (now - told < 100 || !view.playing) continue;
    told = now;
    ear.push(now - (begun + view.position / PER_MS) + CODEC_MS);
  }
  const { silent, underruns } = buffer.view();
  return { ear, silence: (silent - before.silent) / PER_MS, underruns: underruns - before.underruns };
}

// A page that plays: what came, and the rung that its ladder asks for.
export class Listener {
  constructor(follower) {
    Object.assign(this, { follower, came: [], lows: [], rungs: [], arrivals: new Map(), throughput: new Throughput(), ladder: new Ladder(performance.now()) });
    follower.keep = (record, now) => this.#take(record, now);
    follower.live.socket.on("message", (bytes, binary) => binary && this.throughput.note(bytes.length, performance.now()));
  }

  #take({ type, flags, stream, timestamp }, now) {
    if (type === VOICE) this.came.push({ at: now, timestamp });
    if (type === CAMERA && flags & LOW) this.lows.push(now);
    if (type > CAMERA) return;
    if (!this.arrivals.has(stream)) this.arrivals.set(stream, new Arrivals());
    this.arrivals.get(stream).note(timestamp, performance.now());
  }

  // As the player: voice at first, what the line carries is measured, then the ladder is asked.
  async climb({ address, port, via }) {
    await this.follower.live.command("media.watch", { rung: "voice" });
    let rung = "voice";
    this.timer = setInterval(() => {
      const now = performance.now();
      const late = [...this.arrivals.values()].map((one) => one.late(now)).filter((ms) => ms !== null);
      const before = this.ladder.now;
      const next = this.ladder.look({ now, lateMs: late.length ? Math.max(...late) : null, throughput: this.throughput.value, hidden: false, ceiling: "high" });
      if (before === "high" ? this.ladder.now !== "high" : before === "low" && this.ladder.now === "voice") this.throughput.tooMuch(now);
      if (next === rung) return;
      rung = next;
      this.rungs.push(rung);
      this.follower.live.command("media.watch", { rung }).catch(() => {});
    }, TICK_MS);
    const kbits = await measure(address, port, via);
    if (kbits !== null) this.throughput.measured(kbits);
    return kbits;
  }

  stop() {
    clearInterval(this.timer);
    this.follower.keep = null;
  }
}

function measure(address, port, via) {
  const file = readdirSync(`${root}web/dist/assets`).find((name) => /^measure-.*\.bin$/.test(name));
  const came = [[performance.now(), 0]];
  return new Promise((resolve) => {
    const done = () => {
      asked.destroy();
      resolve(rateOf(came, performance.now()) || null);
    };
    const asked = https.get({ host: address, port: via, path: `/assets/${file}`, headers: { Host: `localhost:${port}` }, rejectUnauthorized: false, agent: false }, (answer) => {
      answer.on("data", (part) => came.push([performance.now(), came.at(-1)[1] + part.length]));
      answer.on("end", done);
      answer.on("error", () => {});
    });
    asked.on("error", () => {});
    setTimeout(done, MEASURE_MS);
  });
}
