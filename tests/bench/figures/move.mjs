// People who go from one session of the congress to another on the connection they have: one of them beside a full room, then the whole
// room within ten seconds, and what a third session's events notice of it. A half of the other figures' members.
import { randomUUID } from "node:crypto";
import { waitFor } from "../../e2e/lib/cleanup.mjs";
import { Live } from "../../e2e/lib/live.mjs";
import { deck } from "../../e2e/lib/people.mjs";
import { figure, median } from "../lib/figures.mjs";
import { PAGES } from "../lib/stage.mjs";

export const names = ["move.one", "move.all", "move.others", "move.kept"];

const WALKERS = 100;
const SPREAD_MS = 10000;
const BEFORE_MS = 10000; // of the third session's events, while nobody moves
const EVENT_EVERY_MS = 100;

const quantile = (samples, q) => [...samples].sort((a, b) => a - b)[Math.ceil(samples.length * q) - 1];
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// Another session of the congress, live as the first.
function another(stage) {
  const session = randomUUID();
  stage.pg.sql(`CREATE TEMP TABLE t AS SELECT * FROM session WHERE id = '${stage.organisation.session}';
    UPDATE t SET id = '${session}'; INSERT INTO session SELECT * FROM t; DROP TABLE t`);
  return session;
}

// A host who turns pages in a session, and somebody there who sees them.
class Lecture {
  constructor(stage, server, session) {
    const o = stage.organisation;
    const live = (cookie) => new Live({ port: server.port, cookie, session, check: false, keep: false });
    Object.assign(this, { deck: deck(stage.pg, { ...o, session }, PAGES), host: live(o.staff.host.cookie), hearer: live(stage.people[0].cookie) });
    this.version = Number(stage.pg.sql(`SELECT version FROM session WHERE id = '${session}'`)[0][0]);
    this.sent = new Map();
    this.hearer.onEvent = ({ event, data }) => event === "slide.moved" && this.samples?.push(performance.now() - this.sent.get(data.page));
  }

  async open() {
    await this.host.open();
    await this.hearer.open();
    return this;
  }

  // ms from a page's turn to whoever sees it, of those turned while during() lasts.
  async while(during) {
    const samples = (this.samples = []);
    let over = false;
    const done = during().finally(() => (over = true));
    for (let page = 1; !over; page = 1 + (page % PAGES)) {
      this.sent.set(page, performance.now());
      ({ version: this.version } = await this.host.command("slide.move", { version: this.version, deck: this.deck, page }));
      await sleep(EVENT_EVERY_MS);
    }
    return { result: await done, samples };
  }

  close() {
    this.host.close();
    this.hearer.close();
  }
}

async function walk(stage, server, people, to) {
  const ms = [];
  for (const { cookie } of people) {
    const live = await new Live({ port: server.port, cookie, session: stage.organisation.session, check: false, keep: false }).open();
    await sleep(50);
    const from = performance.now();
    live.place = (await live.command("session.join", { session: to })).place;
    ms.push(performance.now() - from);
    live.close();
  }
  return ms;
}

// People whom the database has in `to` alone, at the end: all of them.
const there = (pg, to) => Number(pg.sql(`SELECT count(DISTINCT registration_id) FROM span WHERE session_id = '${to}' AND kind = 'connected' AND left_at IS NULL`)[0][0]);

async function once(context, n) {
  const { stage } = context;
  const to = another(stage), lecture = another(stage);
  const server = await new context.servers.Amphi(context).start({ tls: true });
  const gen = context.generator();
  const third = await new Lecture(stage, server, lecture).open();
  try {
    await gen.run("target", server.target());
    await gen.connect(n, { cookies: stage.file("movers", stage.people.slice(WALKERS, WALKERS + n).map((p) => p.cookie)) });
    await sleep(3000);
    const one = await walk(stage, server, stage.people.slice(1, WALKERS), to);
    const before = await third.while(() => sleep(BEFORE_MS));
    const cpu = server.cpu();
    const rest = [`"command":"session.join","data":{"session":"${to}"}}`];
    const during = await third.while(() => gen.run("votes", { rest, spread_ms: SPREAD_MS, timeout_ms: 60000 }));
    const all = during.result;
    await waitFor("the spans of whoever moved", () => there(stage.pg, to) >= n, 15000).catch(() => {});
    return {
      one: quantile(one, 0.95),
      all: all.latency_ms.p99,
      cpu_us: (server.cpu() - cpu) / 1000 / n,
      astray: all.refused + all.wrong + (all.sent - all.acked) + Math.max(0, n - there(stage.pg, to)),
      before: quantile(before.samples, 0.99),
      during: quantile(during.samples, 0.99),
    };
  } finally {
    third.close();
    await gen.end();
    await server.stop();
  }
}

export async function run(context) {
  const n = Math.round(context.n / 2);
  context.stage.need(n + WALKERS);
  const rounds = [];
  for (let i = 0; i < context.repeats; i++) {
    rounds.push(await once(context, n));
    context.say(`move ${n} #${i + 1}: ${JSON.stringify(rounds.at(-1))}`);
  }
  const of = (what) => rounds.map((r) => r[what]);
  return [
    figure(`move.one.${n}`, "ms p95", { amphi: of("one") }, { text: "<= 150 ms", holds: (m) => m.amphi <= 150 }),
    figure(`move.all.${n}`, "ms p99", { amphi: of("all") }, { text: "<= 1 s", holds: (m) => m.amphi <= 1000 }, { cpu_us: median(of("cpu_us")) }),
    figure("move.others", "ms p99", { amphi: of("during"), before: of("before") }, { text: "<= 2 x before", holds: (m) => m.amphi <= 2 * m.before }),
    figure("move.kept", "people astray", { amphi: of("astray").reduce((a, b) => a + b) }, { text: "0", holds: (m) => m.amphi === 0 }),
  ];
}
