// Two nodes and HTTP write one session, and each commit waits for a standby that is so many ms away: people ask at both nodes
// as fast as they are answered, polls are made by HTTP at both, the host turns slides at one. Beside it the same without a
// standby. A round is a session of its own; `delay` is what one commit alone took.
import { fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import { onCleanup } from "../../e2e/lib/cleanup.mjs";
import { request } from "../../e2e/lib/http.mjs";
import { Live } from "../../e2e/lib/live.mjs";
import { hasNats, Nats } from "../../e2e/lib/nats.mjs";
import { deck, hcps, organisation } from "../../e2e/lib/people.mjs";
import { temporaryFolder } from "../../e2e/lib/postgres.mjs";
import { Server } from "../../e2e/lib/server.mjs";
import { Pair } from "../../faults/lib/standby.mjs";
import { figure, notMeasured } from "../lib/figures.mjs";

export const names = ["standby.events", "standby.p99", "standby.deadlocks", "standby.kept"];

const DELAYS = [null, 0, 1, 5]; // ms; null: no standby
const PEOPLE = 40, ASKS = 5; // at each node, all at once; of each person, as many as the command's burst
const PROBES = 100;

const quantile = (values, q) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(q * values.length))];

async function link(pair) {
  const folder = temporaryFolder("link");
  const name = ".s.PGSQL.5432";
  const child = fork(new URL("../lib/slow_link.mjs", import.meta.url).pathname, [`${folder}/${name}`, `${pair.folders[0]}/${name}`]);
  onCleanup(() => child.kill());
  await new Promise((resolve) => child.once("message", resolve));
  return { folder, set: (ms) => child.send({ ms }) };
}

// ms of one commit that nobody else waits for.
function commitMs(pair) {
  pair.sql("CREATE TABLE IF NOT EXISTS probe (n int)");
  const began = performance.now();
  pair.ask(`DO $$ BEGIN FOR i IN 1..${PROBES} LOOP INSERT INTO probe VALUES (i); COMMIT; END LOOP; END $$`);
  return (performance.now() - began) / PROBES;
}

async function asks(live, times, kept) {
  for (let i = 0; i < ASKS; i++) {
    const question = randomUUID(), began = performance.now();
    await live.command("question.ask", { question, text: `Question ${i} ?`, anonymous: false });
    times.push(performance.now() - began);
    kept.add(question);
  }
}

async function polls(server, o, times, over) {
  while (!over.yes) {
    const began = performance.now();
    const { status, text } = await request({ port: server.port, method: "POST", path: `/api/sessions/${o.session}/polls`, cookie: o.staff.host.cookie, body: { question: "Q", choice: "single", options: ["A", "B"] } });
    if (status === 201) times.push(performance.now() - began);
    else if (status !== 429 && status !== 409) throw new Error(`a poll: ${status} ${text}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function slides(host, of, over) {
  let { version } = host.joined.snapshot.common.session;
  for (let n = 0; !over.yes; n++) {
    ({ version } = await host.command("slide.move", { version, deck: of, page: 1 + (n % 2) }));
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function round(pair, nodes, name) {
  const o = organisation(pair, name, { live: true });
  const shown = deck(pair, o, 2);
  const enter = (server, person) => new Live({ port: server.port, cookie: person.cookie, session: o.session, check: false }).open();
  const people = hcps(pair, o, 2 * PEOPLE);
  const lives = await Promise.all(people.map((person, i) => enter(nodes[i % 2], person)));
  const host = await enter(nodes[0], o.staff.host);
  const seq = () => Number(pair.sql(`SELECT seq FROM session WHERE id = '${o.session}'`)[0][0]);
  const times = [], web = [], kept = new Set(), over = { yes: false };
  const before = seq(), began = performance.now();
  const beside = [...nodes.map((node) => polls(node, o, web, over)), slides(host, shown, over)];
  await Promise.all(lives.map((live) => asks(live, times, kept)));
  const seconds = (performance.now() - began) / 1000;
  over.yes = true;
  await Promise.all(beside);
  const events = seq() - before;
  const [[rows]] = pair.sql(`SELECT count(*) FROM question WHERE session_id = '${o.session}'`);
  [...lives, host].forEach((live) => live.close());
  return { per_second: events / seconds, p99: quantile(times, 0.99), p50: quantile(times, 0.5), web_p99: quantile(web, 0.99), lost: kept.size - Number(rows) };
}

const deadlocks = (pair) => Number(pair.sql("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")[0][0]);

export async function run({ repeats, say }) {
  if (!hasNats) return names.map((name) => notMeasured(name, "SKIPPED: nats-server is not installed"));
  const pair = new Pair();
  const nats = await new Nats().start();
  const slow = await link(pair);
  const nodes = [];
  for (const name of ["one", "two"]) nodes.push(await new Server({ database: pair, env: { AMPHI_NODE_NAME: name, AMPHI_NATS_URL: nats.url, AMPHI_LOOPS: "1" } }).start());
  const all = new Map(DELAYS.map((ms) => [ms, []]));
  for (const ms of DELAYS) {
    if (ms === 0) await pair.follow(slow.folder);
    slow.set(ms ?? 0);
    for (let i = 0; i < repeats; i++) {
      const alone = commitMs(pair);
      const made = { ...(await round(pair, nodes, `Round ${ms} ${i}`)), delay: alone };
      all.get(ms).push(made);
      say(`standby ${ms ?? "none"} ms #${i + 1}: ${Object.entries(made).map(([key, n]) => `${key} ${n.toFixed(1)}`).join("  ")}`);
    }
  }
  const dead = deadlocks(pair);
  for (const node of nodes) await node.kill();
  await nats.kill();
  rmSync(slow.folder, { recursive: true, force: true });
  const of = (what) => Object.fromEntries(DELAYS.map((ms) => [ms === null ? "amphi" : `standby_${ms}`, all.get(ms).map((x) => x[what])]));
  return [
    figure("standby.events", "1/s", of("per_second")),
    figure("standby.p99", "ms", of("p99")),
    figure("standby.deadlocks", "", { amphi: dead }, { text: "0", holds: (m) => m.amphi === 0 }),
    figure("standby.kept", "acknowledged that are not there", { amphi: [...all.values()].flat().reduce((n, { lost }) => n + Math.abs(lost), 0) }, { text: "0", holds: (m) => m.amphi === 0 }),
  ];
}
