// From mouth to ear, as far as the network and the player's rules make it: a talker with voice and picture, a viewer in rounds, a speaker who
// is sent everything at once; on loopback, over a line with a round trip of 40 ms and 1 % loss both ways (build/bench/link: root and
// /dev/net/tun), and behind a proxy that ends TCP before a thin line. Chromium's part (microphone, loudspeaker) is measured by
// tests/e2e/media.test.mjs. Browsers' own rules run here: lib/ear.mjs.
import { accessSync, constants } from "node:fs";
import { Server } from "../../e2e/lib/server.mjs";
import { follower, onStage, publisher, Talker } from "../../e2e/lib/talking.mjs";
import { heard, Listener } from "../lib/ear.mjs";
import { figure, notMeasured } from "../lib/figures.mjs";
import { thin } from "../lib/thin.mjs";


export const names = ["ear.clean", "ear.loss", "ear.thin", "ear.voice"];

const WARM_MS = 4000;
const quantile = (values, q) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(q * values.length))] ?? NaN;
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const most = (limit, unit) => ({ text: `≤ ${limit} ${unit}`, holds: ({ amphi }) => amphi <= limit });

let links = 0;

// lossy: the line of whoever listens; both: the talker's, too.
async function scene(context, { lossy = false, both = false } = {}) {
  const { stage } = context;
  const person = stage.need(1)[0];
  const subnet = (++links % 200) + 20;
  const wrapper = lossy ? [`${context.build}/bench/link`, String(subnet), "20", "0.01", "--"] : [];
  const server = await new Server({ database: stage.pg, binary: `${context.build}/amphi`, wrapper, env: { AMPHI_LOOPS: "1", ...(lossy ? { AMPHI_ADDRESS: "0.0.0.0" } : {}) } }).start();
  const made = { server, o: stage.organisation, address: lossy ? `10.213.${subnet}.2` : "127.0.0.1" };
  const { staff } = made.o;
  const host = await onStage(made, staff.host);
  await onStage(made, staff.speaker, { host });
  const voice = await publisher({ ...made, ...(lossy && !both ? { from: `10.213.${subnet}.3` } : {}) }, staff.speaker);
  const talker = new Talker(voice);
  await onStage(made, staff.moderator, { host, place: "backstage" });
  return { ...made, person, voice, talker, end: async () => (talker.stop(), server.kill("SIGKILL")) };
}

async function listen(made, who, { via, rung } = {}) {
  return new Listener(await follower({ ...made, via }, who, made.voice.stream, rung));
}

// Both hear for so long.
async function both(context, ms, options) {
  const made = await scene(context, options);
  try {
    const listeners = [await listen(made, made.person), await listen(made, made.o.staff.moderator)];
    const from = Date.now() + WARM_MS;
    await sleep(WARM_MS + ms);
    const [viewer, speaker] = listeners.map(({ came }) => heard(came, made.talker.begun, from, from + ms - 500));
    context.say(`viewer ${quantile(viewer.ear, 0.5).toFixed(0)}/${quantile(viewer.ear, 0.95).toFixed(0)} ms, silent ${viewer.silence.toFixed(0)}; speaker ${quantile(speaker.ear, 0.5).toFixed(0)}/${quantile(speaker.ear, 0.95).toFixed(0)} ms, silent ${speaker.silence.toFixed(0)}`);
    return { viewers: quantile(viewer.ear, 0.95), speakers: quantile(speaker.ear, 0.95), silence: viewer.silence, speakersSilence: speaker.silence };
  } finally {
    await made.end();
  }
}

async function behind(context, kbits, ms) {
  const made = await scene(context);
  const proxy = await thin(made.server.port, kbits);
  try {
    const listener = await listen(made, made.person, { via: proxy.port, rung: null });
    const measured = await listener.climb({ address: made.address, port: made.server.port, via: proxy.port });
    const from = Date.now() + WARM_MS;
    await sleep(WARM_MS + ms);
    listener.stop();
    const { silence, underruns, ear } = heard(listener.came, made.talker.begun, from, from + ms - 500);
    const lows = listener.lows.filter((at) => at > from + 10000);
    const gap = Math.max(...lows.slice(1).map((at, i) => at - lows[i]), lows.length ? from + ms - 1000 - lows.at(-1) : Infinity);
    context.say(`${kbits} kbit/s: ${measured?.toFixed(0)} measured, rungs ${listener.rungs.join(" ") || "voice"}, silent ${silence.toFixed(0)} ms, ${underruns} underruns, ${quantile(ear, 0.95).toFixed(0)} ms late, low picture without for ${gap.toFixed(0)} ms at most`);
    return { silence, underruns, gap, late: quantile(ear, 0.95) };
  } finally {
    proxy.close();
    await made.end();
  }
}

const column = (runs, name) => ({ amphi: runs.map((run) => run[name]) });

async function repeat(context, run) {
  const runs = [];
  for (let i = 0; i < context.repeats; i++) runs.push(await run());
  return runs;
}

function canLink() {
  try {
    accessSync("/dev/net/tun", constants.R_OK | constants.W_OK);
    return process.getuid() === 0;
  } catch {
    return false;
  }
}

export async function run(context) {
  const figures = [];
  const wants = (name) => context.wanted(name) || (process.env.ONLY || "").split(",").includes("ear");
  if (wants("ear.clean")) {
    const runs = await repeat(context, () => both(context, 20000));
    figures.push(figure("ear.clean.viewers", "ms, p95", column(runs, "viewers"), most(350, "ms")), figure("ear.clean.speakers", "ms, p95", column(runs, "speakers")));
  }
  if (wants("ear.loss") && canLink()) {
    const runs = await repeat(context, () => both(context, 40000, { lossy: true }));
    figures.push(
      figure("ear.loss.speakers", "ms, p95", column(runs, "speakers"), most(260, "ms")),
      figure("ear.loss.silence", "ms of 40 s", column(runs, "silence"), most(300, "ms")),
      figure("ear.loss.viewers", "ms, p95", column(runs, "viewers")),
      figure("ear.loss.silence.speakers", "ms of 40 s", column(runs, "speakersSilence")),
    );
    const bothWays = await both(context, 40000, { lossy: true, both: true });
    figures.push(figure("ear.loss.both", "ms, p95", column([bothWays], "speakers")));
  } else if (wants("ear.loss")) figures.push({ ...notMeasured("ear.loss", null), unit: "SKIPPED: no root, or no /dev/net/tun", error: undefined });
  if (wants("ear.thin")) {
    const runs = await repeat(context, () => behind(context, 300, 60000));
    figures.push(figure("ear.thin.silence", "ms of 60 s", column(runs, "silence"), most(500, "ms")), figure("ear.thin.picture", "ms without", column(runs, "gap"), most(2000, "ms")), figure("ear.thin.viewers", "ms, p95", column(runs, "late")));
  }
  if (wants("ear.voice")) {
    const runs = await repeat(context, () => behind(context, 64, 40000));
    figures.push(figure("ear.voice.underruns", "in 40 s", column(runs, "underruns"), most(0, "")), figure("ear.voice.viewers", "ms, p95", column(runs, "late")));
  }
  return figures;
}
