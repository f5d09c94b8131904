// The live goal view of a large congress: what a refresh costs, that it asks the database nothing,
// that its figures are those of an independent computation in SQL, and how long computing all of it
// again from the spans takes (by SQL, and by a room that opens again).
import https from "node:https";
import { setTimeout as delay } from "node:timers/promises";
import { Live } from "../../e2e/lib/live.mjs";
import { request } from "../../e2e/lib/http.mjs";
import { hcps } from "../../e2e/lib/people.mjs";
import { processes } from "../../e2e/lib/postgres.mjs";
import { waitFor } from "../../e2e/lib/cleanup.mjs";
import { cpuNs } from "./cpu.mjs";
import { logged, seconds } from "./sql.mjs";

const WATCH_MS = 10000;
const AFTER_END_MS = 2500; // without new figures: the last ones come a second after the end
// Statements of others (the lease, the mail outbox) go on; these are what figures are made of.
const ABOUT_FIGURES = /LOG:\s+(?:duration:.*?)?(?:execute [^:]*|statement): .*\b(span|registration|registration_profile|target_profile|attendance|session_participation)\b/;

class Staff {
  constructor(server, o) {
    this.live = new Live({ port: server.port, cookie: o.staff.host.cookie, session: o.session, check: false });
  }

  // Seconds until the join was answered, and until the figures were there.
  async join() {
    const begin = process.hrtime.bigint();
    await this.live.open();
    const joined = seconds(begin);
    await waitFor("the figures", () => this.figures(), 30000);
    return { joined, shown: seconds(begin) };
  }

  figures() {
    return this.live.states.get("participation ")?.data;
  }

  // Milliseconds since the figures came last.
  quietSince() {
    const last = this.live.states.get("participation ");
    if (last !== this.last) {
      this.last = last;
      this.lastAt = Date.now();
    }
    return Date.now() - this.lastAt;
  }

  version() {
    return this.live.states.get("participation ")?.version ?? 0;
  }
}

// Round trips of a page from memory, one after the other: a loop that computes does not answer.
async function longestStall(server, until) {
  const agent = new https.Agent({ keepAlive: true, maxSockets: 1, rejectUnauthorized: false });
  let longest = 0;
  while (Date.now() < until) {
    const begin = process.hrtime.bigint();
    await new Promise((resolve, reject) => {
      https.get({ host: "127.0.0.1", port: server.port, path: "/", agent, headers: { Host: `localhost:${server.port}` } },
        (rs) => rs.resume().on("end", resolve)).on("error", reject);
    });
    longest = Math.max(longest, seconds(begin) * 1000);
    await delay(2);
  }
  agent.destroy();
  return longest;
}

const statements = async (pg, during) => (await logged(pg, during)).filter((line) => ABOUT_FIGURES.test(line)).length;

const numbers = (p) =>
  JSON.stringify([p.registered, p.attended, p.completed, p.profiles.map((x) => [x.id, x.registered, x.attended, x.completed])]);

// The processor time of the database says how long it takes where nothing else runs.
async function bySql(pg, server, o) {
  const database = processes(`${pg.folder}/data`), cpu = cpuNs(database), begin = process.hrtime.bigint();
  const rs = await request({ port: server.port, path: `/api/sessions/${o.session}/participation`, cookie: o.staff.host.cookie });
  if (rs.status !== 200) throw new Error(`participation answered ${rs.status}: ${rs.text}`);
  return { took: seconds(begin), cpu: (cpuNs(database) - cpu) / 1e9, figures: rs.json };
}

async function refreshes(pg, server, staff) {
  const result = {};
  const first = staff.version();
  const pid = server.process.pid;
  const cpu = cpuNs([pid]);
  await delay(WATCH_MS);
  result.cpuMs = (cpuNs([pid]) - cpu) / 1e6 / (WATCH_MS / 1000);
  result.queries = await statements(pg, async () => {
    const before = staff.live.seen.length;
    result.stallMs = await longestStall(server, Date.now() + WATCH_MS);
    result.refreshes = staff.live.seen.slice(before).filter((f) => f.state === "participation").length;
  });
  if (staff.version() === first) throw new Error("the figures were not refreshed");
  return result;
}

// {live: {refreshes, queries, stallMs, cpuMs}, again: {sql, opening, reopening}, agrees, change, …}
export async function goals({ pg, server, o }) {
  const staff = new Staff(server, o);
  const opening = await staff.join();
  const live = await refreshes(pg, server, staff);

  // A change: one more person comes; then the end, after which time moves no figure any more.
  const [newcomer] = hcps(pg, o, 1);
  const present = staff.figures().present, begin = process.hrtime.bigint();
  const person = new Live({ port: server.port, cookie: newcomer.cookie, session: o.session, check: false });
  await person.open();
  await waitFor("the figures to count the newcomer", () => staff.figures().present === present + 1);
  const change = seconds(begin);
  person.close();
  await waitFor("the newcomer to be gone", () => staff.figures().present === present);
  await staff.live.command("session.end", { version: staff.live.joined.snapshot.common.session.version });
  await waitFor("the last figures", () => staff.quietSince() > AFTER_END_MS);
  const shown = numbers(staff.figures());
  const sql = await bySql(pg, server, o);
  staff.live.close();

  await server.kill("SIGTERM");
  await server.start();
  const again = new Staff(server, o);
  const reopening = await again.join();
  const reopened = numbers(again.figures());
  again.live.close();
  const agrees = shown === numbers(sql.figures) && shown === reopened;
  if (!agrees) console.error(JSON.stringify({ shown, sql: numbers(sql.figures), reopened }));
  return { live, change, agrees, again: { sql: sql.took, sql_cpu: sql.cpu, opening: opening.shown, reopening: reopening.shown } };
}
