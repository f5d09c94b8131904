// One member in ten never reads. The rule: what waits for them is bounded in bytes and age, the others do
// not feel it, the server lets go of them and, when they read again, they resume.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { waitFor } from "../e2e/lib/cleanup.mjs";
import { fault, short, sleep } from "./lib/case.mjs";
import { Member, median, openAll } from "./lib/member.mjs";
import { Peers } from "./lib/peers.mjs";
import { metric, most, Mover, rssKb, room } from "./lib/room.mjs";

// Connections that the server has closed, whose last bytes the kernel still holds (FIN-WAIT-1).
function unsent(port) {
  const local = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  return readFileSync("/proc/net/tcp", "utf8").split("\n").map((l) => l.trim().split(/\s+/)).filter((f) => f[1]?.endsWith(local) && f[3] === "04").length;
}

const PAGES = 9; // of 4,000 characters: a turn to another deck is an event of 36 KB

await fault({ limit: 600 }, async (figures) => {
  const N = short ? 90 : Number(process.env.N ?? 900);
  const SLOW = Math.ceil(N / 9);
  const rounds = short ? 1 : 3;
  const env = short ? {} : { AMPHI_PING_MS: "5000" };
  const { server, o, people, decks } = await room({ people: N + SLOW, decks: [{ pages: PAGES }, { pages: PAGES }], env });
  const at = { port: server.port, session: o.session };
  const host = await new Member({ ...at, cookie: o.staff.host.cookie }).open();
  const mover = new Mover(host);

  let arrived = [];
  const moved = Buffer.from('{"event":"slide.moved"');
  const onEvent = (_, __, body) => body.subarray(0, moved.length).equals(moved) && arrived.push(performance.now());
  const members = await openAll(people.slice(0, N).map((p) => new Member({ ...at, cookie: p.cookie, onEvent })));
  const cookies = people.slice(N).map((p) => p.cookie);
  let turns = 0;

  // Turns between the two decks; the median over the turns of what the middle member waited.
  async function phase(count, everyMs) {
    const middles = [];
    for (let i = 0; i < count; i++) {
      arrived = [];
      const begin = performance.now();
      await mover.to(decks[turns++ % 2]);
      await waitFor("every other member to have the slide", () => arrived.length >= N, 10000);
      middles.push(median(arrived) - begin);
      await sleep(Math.max(0, everyMs - (performance.now() - begin)));
    }
    return middles;
  }

  const closedSlow = () => metric(server, "amphi_net_live_closed_slow_total");
  const closedSilent = () => metric(server, "amphi_net_live_closed_silent_total");

  // Slow members come, work is done, they must be let go of; then they read and resume.
  async function withSlow(what, work, counter, deadlineMs) {
    const before = await counter();
    const peers = new Peers();
    await peers.ask("join", { ...at, cookies, rcvbuf: 4096 });
    const result = await work();
    const began = Date.now();
    await waitFor(`${SLOW} members to be closed: ${what}`, async () => (await counter()) - before >= SLOW, deadlineMs);
    figures[`closed_by_${what.replace(" ", "_")}_s`] = (Date.now() - began) / 1000;
    await waitFor("the kernel to hold nothing for them", () => unsent(server.port) === 0, 10000);
    const ends = await peers.ask("wake", { ms: 5000 });
    const kinds = [...new Set(ends.map((e) => e.ended))].sort();
    assert.ok(ends.every((e) => ["1013", "reset", "end"].includes(e.ended)), `${what}: they see ${kinds}`);
    const back = await peers.ask("resume");
    const newest = host.at.seq;
    assert.ok(back.every((b) => b.seq === newest), `${what}: all are at ${newest} after resuming`);
    peers.end();
    return { result, sees: kinds.join(", "), resumed: back.filter((b) => b.resumed).length };
  }

  const bare = [];
  const beside = [];
  const rssBefore = rssKb(server);
  let rssMost = 0;
  let sees;
  await phase(short ? 4 : 20, 50); // warm
  for (let round = 0; round < rounds; round++) {
    bare.push(...(await phase(short ? 8 : 60, short ? 50 : 100)));
    rssMost = Math.max(rssMost, await most(() => rssKb(server), async () => {
      // By bytes: more than the queue's bound and the kernel's buffers in a few seconds.
      const run = await withSlow("queue bytes", () => phase(60, short ? 60 : 100), closedSlow, 15000);
      beside.push(...run.result);
      sees = run.sees;
    }));
  }
  if (!short) {
    // By age: enough to choke them, not to fill the queue. By silence: nothing but pings.
    await withSlow("queue age", () => phase(20, 50), closedSlow, 20000);
    await withSlow("missing pong", async () => {}, closedSilent, 30000);
  }

  const ratio = median(beside) / median(bare);
  figures.members = N;
  figures.slow = SLOW;
  figures.latency_without_ms = median(bare);
  figures.latency_beside_ms = median(beside);
  figures.ratio = ratio;
  figures.grew_mb = (rssMost - rssBefore) / 1024;
  figures.they_see = sees;
  assert.ok(members.every((m) => m.online && m.joins === 1), "nobody else lost their connection");
  assert.ok(rssMost - rssBefore < SLOW * 128 + 32 * 1024, `memory is bounded: grew by ${rssMost - rssBefore} KB`);
  assert.ok(ratio <= (short ? 4 : 1.2), `the others' latency: ${ratio.toFixed(2)} times that without slow readers`);
});
