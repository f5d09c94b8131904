// Half as many people as are there already come within a minute, each with all that a browser
// fetches. All get in, those who are there feel nothing of it, and nobody signed in is refused.
import { readFileSync, readdirSync } from "node:fs";
import { root } from "../../e2e/lib/need.mjs";
import { figure, median } from "../lib/figures.mjs";
import { upload } from "../lib/deck.mjs";

export const names = ["browsers.in", "browsers.latency", "browsers.descriptors"];

const EVENT_GAP_MS = 500;
const BASE_MS = 20000; // as long without them
const SAMPLE_MS = 100;

// What the page of the web application asks for, in the order a browser learns of it.
function lanes(deck) {
  const page = readFileSync(`${root}web/dist/index.html`, "utf8");
  const script = /<script[^>]* src="([^"]+)"/.exec(page)[1], style = /<link[^>]* href="([^"]+\.css)"/.exec(page)[1];
  const slide = (n) => `/api/decks/${deck.id}/pages/${n}/${deck.width}`;
  return [["/", script, slide(1)], [style, slide(2)]];
}

// The host goes to and fro between two pages: ids and versions from where the last phase ended.
function moves(context, deck, count, firstId) {
  const version = context.stage.sessionVersion();
  return Array.from({ length: count }, (_, i) => JSON.stringify({ id: firstId + i, command: "slide.move", data: { version: version + i, deck: deck.id, page: 1 + (i % 2) } }));
}

// The most descriptors open at once while something runs.
async function watched(pid, during) {
  const count = () => readdirSync(`/proc/${pid}/fd`).length;
  let most = count();
  const sampling = setInterval(() => (most = Math.max(most, count())), SAMPLE_MS);
  try {
    return { ...(await during()), most };
  } finally {
    clearInterval(sampling);
  }
}

async function once(context, deck, there, come, spread) {
  const gen = context.generator();
  const server = new context.servers.Amphi(context);
  await server.start({ tls: true, env: { AMPHI_DATA: deck.data } });
  try {
    await server.join(gen, there);
    const by = await server.publisher(gen);
    await gen.run("idle", { for_ms: 2500 });
    const browse = async (count, ms, firstId) => {
      const cpu = server.cpu();
      const answer = await gen.run("browse", { count, spread_ms: spread, cookies: context.stage.cookies, skip: there, lanes: lanes(deck), by,
        events: moves(context, deck, Math.floor(ms / EVENT_GAP_MS), firstId), gap_ms: EVENT_GAP_MS, marker: '{"event":"slide.moved"', timeout_ms: spread + 60000 });
      return { ...answer, ns: server.cpu() - cpu };
    };
    const before = await browse(0, BASE_MS, 1000);
    const during = await watched(server.pid, () => browse(come, spread, 100000));
    const after = await browse(0, BASE_MS, 200000);
    const limit = Number(/Max open files\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/limits`, "utf8"))[1]);
    if (before.refused + during.refused + after.refused) throw new Error("the host's moves were refused");
    return { before, during, after, limit };
  } finally {
    await gen.end();
    await server.stop();
  }
}

export async function run(context) {
  const there = context.n, come = Math.round(context.n / 2), spread = context.n >= 10000 ? 60000 : 20000;
  const deck = await upload(context, 2);
  context.stage.need(there + come);
  const runs = [];
  for (let repeat = 0; repeat < context.repeats; repeat++) {
    const result = await once(context, deck, there, come, spread);
    runs.push(result);
    const { before, during, after } = result;
    context.say(`browsers: ${during.in} of ${come} in, last ${median(before.last_ms).toFixed(1)} → ${median(during.last_ms).toFixed(1)} ms (${median(after.last_ms).toFixed(1)} afterwards)`);
  }
  // Without them: the mean of before and after, because the room has grown meanwhile only for those who came.
  const ratio = ({ before, during }) => median(during.last_ms) / median(before.last_ms);
  const lost = ({ during }) => come - during.in + during.bad_gets + during.missed + during.closed_by_peer;
  // What one browser costs the server's processor, the events to everybody apart.
  const cost = ({ before, during }) => (during.ns - (before.ns * during.events) / before.events) / 1000 / come;
  const more = { there, come, within_s: spread / 1000 };
  return [
    figure("browsers.in", "people", { amphi: runs.map((r) => r.during.in) }, { text: `all ${come}, no refusal`, holds: () => runs.every((r) => lost(r) === 0) },
      { ...more, join_ms: runs.map((r) => r.during.join_ms), resumed: runs.map((r) => r.during.resumed), us_per_browser: runs.map(cost), faults: runs.map((r) => r.during.fault ?? null) }),
    figure("browsers.latency", "x without", { amphi: runs.map(ratio) }, { text: "<= 1.2", holds: (m) => m.amphi <= 1.2 },
      { ...more, last_ms: runs.map((r) => [median(r.before.last_ms), median(r.during.last_ms), median(r.after.last_ms)]), latency_ms: runs.map((r) => [r.before.latency_ms, r.during.latency_ms]) }),
    figure("browsers.descriptors", "open at most", { amphi: runs.map((r) => r.during.most) }, { text: "< limit, nobody refused", holds: () => runs.every((r) => r.during.most < r.limit && lost(r) === 0) },
      { ...more, limit: runs[0].limit }),
  ];
}
