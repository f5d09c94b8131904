// What a page of the room plays, heard for as long as it is open: silences, beeps and when each slide was shown. Each function named `…Page`
// runs in a page.
import { TAP } from "../../e2e/lib/stage.mjs";

// Says where it was silent, from 60 ms on, and once a second that it runs.
const QUIET = `
class Quiet extends AudioWorkletProcessor {
  constructor() { super(); this.begun = null; this.blocks = 0; }
  process([[x]]) {
    let sum = 0;
    if (x) for (const v of x) sum += v * v;
    const quiet = Math.sqrt(sum / 128) < 0.002;
    if (quiet) this.begun ??= currentTime;
    else if (this.begun !== null) {
      if (currentTime - this.begun >= 0.06) this.port.postMessage({ from: this.begun, to: currentTime });
      this.begun = null;
    }
    if (++this.blocks % 375 === 0) this.port.postMessage({ tick: currentTime, since: this.begun });
    return true;
  }
}
registerProcessor("quiet", Quiet);
`;

export const EARS = TAP + QUIET;

export function earsPage(source) {
  if (!navigator.mediaDevices) return; // the page before the first
  const connect = AudioNode.prototype.connect;
  const heard = (window.heard = { beeps: [], silences: [], ticks: [], slides: [], clicks: [] });
  const wallOf = (context, time) => {
    const { contextTime, performanceTime } = context.getOutputTimestamp();
    return performance.timeOrigin + performanceTime + (time - contextTime) * 1000;
  };
  const attach = async (node) => {
    const { context } = node;
    if (!context.tapped) {
      context.tapped = context.audioWorklet.addModule(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
    }
    await context.tapped;
    for (const name of ["tap", "quiet"]) {
      const tap = new AudioWorkletNode(context, name);
      tap.port.onmessage = ({ data }) => {
        const at = (time) => wallOf(context, time);
        if (data.hz) heard.beeps.push({ at: at(data.time), hz: data.hz });
        else if (data.tick) heard.ticks.push({ at: at(data.tick), since: data.since === null ? null : at(data.since) });
        else heard.silences.push({ from: at(data.from), to: at(data.to) });
      };
      connect.call(node, tap);
      connect.call(tap, context.destination);
    }
  };
  AudioNode.prototype.connect = function (to, ...rest) {
    if (to instanceof AudioDestinationNode && !this.context.isChime) attach(this).catch((error) => console.error(`ears: ${error}`));
    return connect.call(this, to, ...rest);
  };
  const wall = () => performance.timeOrigin + performance.now();
  addEventListener("click", (event) => heard.clicks.push({ at: wall(), on: event.target.closest?.("button")?.getAttribute("aria-label") ?? event.target.closest?.("button")?.textContent?.trim() ?? "" }), true);
  const COUNT = /^(?:Slide|Diapositive) (\d+) (?:of|sur) \d+/;
  let last = null;
  const look = () => {
    const image = [...document.querySelectorAll("img[alt]")].map((one) => COUNT.exec(one.alt)).find(Boolean);
    if (image && image[1] !== last) heard.slides.push({ at: wall(), page: Number((last = image[1])) });
  };
  addEventListener("DOMContentLoaded", () => new MutationObserver(look).observe(document.documentElement, { subtree: true, childList: true, attributes: true, attributeFilter: ["alt", "src"] }));
}

const sorted = (values) => [...values].sort((a, b) => a - b);
export const quantile = (values, q) => (values.length ? Math.round(sorted(values)[Math.min(values.length - 1, Math.floor(q * values.length))]) : null);

// Its pitch says in which second of four it was said; {low, late} as devices() took them. Null: another one's, or torn.
export function lateness({ at, hz }, { low, late }) {
  const second = [0, 1, 2, 3].find((n) => Math.abs(low + 200 * n - hz) < 95);
  return second === undefined ? null : (((at - late - second * 1000) % 4000) + 4000) % 4000;
}

// Without what lies within the spans [from, to].
export function silences(heard, from, to, without = []) {
  const open = heard.ticks.at(-1);
  const all = [...heard.silences, ...(open?.since ? [{ from: open.since, to: open.at }] : [])];
  return all
    .map((one) => ({ from: Math.max(one.from, from), to: Math.min(one.to, to) }))
    .filter((one) => one.to - one.from >= 60 && !without.some(([begin, end]) => one.from < end && one.to > begin));
}

// How much later than the word that it belongs to each slide was shown: of those that a click on `next` moved.
export function slideOffsets(heard, speaker, voice) {
  const out = [];
  for (const { at, on } of speaker.clicks) {
    if (on !== "Next slide") continue;
    const shown = heard.slides.find((slide) => slide.at > at && slide.at < at + 5000);
    const late = heard.beeps.filter((beep) => Math.abs(beep.at - at) < 4000).map((beep) => lateness(beep, voice)).filter((ms) => ms !== null && ms < 3500);
    if (shown && late.length) out.push(shown.at - at - quantile(late, 0.5));
  }
  return out;
}
