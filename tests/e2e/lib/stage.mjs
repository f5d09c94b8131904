// Two pages on a Relay: one gives a synthetic voice and picture that carry the time, the other takes them and reads it back.
// What runs in the pages is here as functions; `media` is the built library.
import { readdirSync } from "node:fs";
import { root } from "./need.mjs";

const library = () => `/assets/${readdirSync(`${root}web/dist/assets`).find((name) => /^media-.*\.js$/.test(name))}`;

// Tells the test when a beep begins, and its pitch. Served as a file: the policy allows nothing else.
export const TAP = `
class Tap extends AudioWorkletProcessor {
  constructor() { super(); this.quiet = 1e9; this.beep = null; this.n = 0; }
  process([[x]]) {
    if (x) for (let i = 0; i < x.length; i++) {
      const loud = Math.abs(x[i]) > 0.3;
      if (loud && this.quiet > 12000) this.beep = { time: currentTime + i / sampleRate, n: 0, crossings: 0, last: 0 };
      this.quiet = loud ? 0 : this.quiet + 1;
      if (!this.beep) continue;
      if (this.beep.last < 0 !== x[i] < 0) this.beep.crossings++;
      this.beep.last = x[i];
      if (++this.beep.n === 1200) { this.port.postMessage({ time: this.beep.time, hz: this.beep.crossings / 2 / 0.025 }); this.beep = null; }
    }
    return true;
  }
}
registerProcessor("tap", Tap);
`;

// In each page: the wall clock, and a time code of 24 bits of ms, a parity and a mark.
export function common() {
  const BITS = 26;
  window.wall = () => performance.timeOrigin + performance.now();
  window.paintCode = (g, width, ms) => {
    const block = width / BITS;
    const bits = [...Array(24).keys()].map((i) => (Math.round(ms) >> i) & 1);
    [...bits, bits.reduce((a, b) => a ^ b), 1].forEach((bit, i) => {
      g.fillStyle = bit ? "#fff" : "#000";
      g.fillRect(i * block, 0, block + 1, 40);
    });
  };
  window.readCode = (canvas) => {
    const { data } = canvas.getContext("2d").getImageData(0, Math.round((20 * canvas.height) / 432), canvas.width, 1);
    const bits = [...Array(BITS).keys()].map((i) => (data[Math.floor(((i + 0.5) * canvas.width) / BITS) * 4 + 1] > 128 ? 1 : 0));
    const value = bits.slice(0, 24).reduce((all, bit, i) => all | (bit << i), 0);
    return bits[25] && bits[24] === bits.slice(0, 24).reduce((a, b) => a ^ b) ? value : null;
  };
  window.latencyOf = (value) => ((Math.round(window.wall()) - value) << 8) >> 8;
}

// A camera that paints the time, a microphone that hums, and beeps at each whole second, or `late` ms after it, in a pitch of its own:
// the lowest is `low`; 0: it hums only.
export function devices({ hum = 140, low = 800, late = 0 } = {}) {
  window.tracks = [];
  const camera = () => {
    const [width, height] = [640, 360];
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    const g = canvas.getContext("2d", { alpha: false });
    let n = 0;
    const draw = () => {
      g.fillStyle = "#345";
      g.fillRect(0, 0, width, height);
      g.fillStyle = "#c96";
      g.beginPath();
      g.ellipse(320 + 40 * Math.sin(n++ / 11), 210, 70, 100, 0, 0, 7);
      g.fill();
      g.save();
      g.scale(1, 360 / 432);
      window.paintCode(g, width, window.wall());
      g.restore();
    };
    setInterval(draw, 1000 / 15);
    return canvas.captureStream(15);
  };
  const microphone = async () => {
    const context = new AudioContext({ sampleRate: 48000 });
    await context.resume();
    const to = context.createMediaStreamDestination();
    const gain = new GainNode(context, { gain: 0 });
    const beep = new OscillatorNode(context);
    const tone = new OscillatorNode(context, { frequency: hum });
    const quiet = new GainNode(context, { gain: 0.02 });
    beep.connect(gain).connect(to);
    tone.connect(quiet).connect(to);
    beep.start();
    tone.start();
    let next = Math.ceil(window.wall() / 1000) + 1;
    setInterval(() => {
      const [now, at] = [window.wall(), context.currentTime];
      for (; low && next * 1000 + late < now + 400; next++) {
        const time = at + (next * 1000 + late - now) / 1000;
        if (time <= at) continue;
        beep.frequency.setValueAtTime(low + 200 * (next % 4), Math.max(at, time - 0.05));
        gain.gain.setValueAtTime(0.7, time);
        gain.gain.setValueAtTime(0, time + 0.03);
      }
    }, 100);
    return to.stream;
  };
  const screen = () => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 1600, height: 1000 });
    const g = canvas.getContext("2d");
    g.fillStyle = "#0a0";
    g.fillRect(0, 0, 1600, 1000);
    return canvas.captureStream(); // and nothing more is ever drawn
  };
  const noted = (stream) => {
    window.tracks.push(...stream.getTracks());
    return stream;
  };
  const media = navigator.mediaDevices;
  if (!media) return; // the page before the first
  media.getUserMedia = async (asked) => {
    window.askedFor = asked;
    if (window.refusal) throw new DOMException("no", window.refusal);
    return noted(asked.video ? camera() : await microphone());
  };
  media.getDisplayMedia = async () => noted(screen());
}

// What the player plays is heard by the test, too.
function ears() {
  const connect = AudioNode.prototype.connect;
  AudioNode.prototype.connect = function (to, ...rest) {
    if (to instanceof AudioDestinationNode) window.output = this;
    return connect.call(this, to, ...rest);
  };
  window.beeps = [];
  window.listen = async () => {
    const { output } = window;
    await output.context.audioWorklet.addModule("/tap.js");
    const tap = new AudioWorkletNode(output.context, "tap");
    tap.port.onmessage = ({ data }) => {
      const { contextTime, performanceTime } = output.context.getOutputTimestamp();
      const at = performance.timeOrigin + performanceTime + (data.time - contextTime) * 1000;
      window.beeps.push({ at, hz: data.hz });
    };
    connect.call(output, tap);
    connect.call(tap, output.context.destination);
  };
}

async function page(context, relay, ...scripts) {
  const opened = await context.newPage();
  for (const script of [common, ...scripts]) await opened.addInitScript(script);
  await opened.goto(relay.url);
  await opened.evaluate(async (path) => (window.media = await import(path)), library());
  return opened;
}

// Browsers other than Chrome have no frames of a track: what a <video> shows is taken there.
export function withoutProcessor() {
  delete window.MediaStreamTrackProcessor;
}

// scripts: before the library; without `devices` the browser's own fake ones are asked.
export async function giver(context, relay, scripts = [devices]) {
  const opened = await page(context, relay, ...scripts);
  await opened.evaluate(() => {
    window.capture = window.media.createCapture({ serverNow: () => Date.now() });
    window.publish = () => window.capture.publish({ url: `ws://${location.host}/publish`, session: "s", person: "p" });
    window.levels = [];
    window.capture.onLevel(({ dbov }) => window.levels.push(dbov));
  });
  return opened;
}

export async function taker(context, relay, options = {}) {
  const opened = await page(context, relay, ears);
  await opened.evaluate((options) => {
    const player = (window.player = window.media.createPlayer(options));
    const socket = new WebSocket(`ws://${location.host}/watch`);
    socket.binaryType = "arraybuffer";
    let forced = null;
    const ask = () => socket.readyState === 1 && socket.send(JSON.stringify({ rung: forced ?? player.state.rung }));
    window.force = (of) => ((forced = of), ask());
    let rung = "voice";
    window.rungs = [];
    player.listen((state) => {
      if (state.rung === rung) return;
      rung = state.rung;
      window.rungs.push(rung);
      ask();
    });
    socket.onopen = ask;
    socket.onmessage = ({ data }) => player.receive(new Uint8Array(data, 4 + new DataView(data).getUint16(2)));
    window.seen = [];
    window.watch = (stream) => {
      const canvas = document.body.appendChild(document.createElement("canvas"));
      canvas.style.width = "64px"; // a small page leaves the machine its time
      const end = player.show(stream, canvas);
      let [last, drawn] = [null, 0];
      const look = () => {
        if (!canvas.isConnected) return;
        requestAnimationFrame(look);
        if (drawn === (drawn = player.stats().drawn)) return;
        const value = canvas.width > 1 && window.readCode(canvas);
        if (value === last) return;
        last = value;
        window.seen.push({ latency: value === null ? null : window.latencyOf(value), width: canvas.width, at: window.wall() });
      };
      look();
      return { canvas, end: () => (canvas.remove(), end()) };
    };
  }, options);
  return opened;
}
