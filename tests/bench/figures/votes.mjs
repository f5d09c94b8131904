// A poll: every member votes at once, or within one second. Each vote is durable before it is
// acknowledged; the database is asked afterwards. Beside it a plain libpq program that sends the same
// upserts in the same batches (votes_pg.c), for as many other people.
import { execFileSync } from "node:child_process";
import { polls } from "../../e2e/lib/people.mjs";
import { processes } from "../../e2e/lib/postgres.mjs";
import { cpuClock } from "../lib/cpu.mjs";
import { figure } from "../lib/figures.mjs";
import { sqlOf } from "../lib/sql.mjs";
import { checkpoint } from "../lib/stage.mjs";

export const names = ["votes.kept", "votes.rate", "votes.paced"];

const BATCH = 500; // LANE_BATCH
const BURSTS = 3, PACED = 5; // in a round: a disk that pauses for 100 ms spoils one of them
const OPTIONS = 3;

// What the database holds of a poll, against what was acknowledged: 0 is right.
function astray(pg, poll, acked) {
  const [[rows, people]] = pg.sql(`SELECT count(*), count(DISTINCT registration_id) FROM poll_vote WHERE poll_id = '${poll}'`).map((row) => row.map(Number));
  return Math.abs(rows - acked) + (rows - people);
}

// What a vote costs: {server, database}, microseconds of processor time.
async function costs(context, server, during) {
  const database = cpuClock(processes(`${context.stage.pg.folder}/data`)), before = server.cpu();
  const result = await during();
  const us = (ns) => ns / 1000 / result.votes;
  return { ...result, us: { server: us(server.cpu() - before), database: us(database()) } };
}

async function vote(context, gen, poll, spread) {
  const { stage } = context;
  const rest = Array.from({ length: OPTIONS }, (_, i) => `"command":"poll.vote","data":{"poll":"${poll}","choices":[${i + 1}]}}`);
  checkpoint(stage.pg);
  const answer = await gen.run("votes", { rest, spread_ms: spread, timeout_ms: 60000 });
  return { ...answer, votes: answer.sent, astray: astray(stage.pg, poll, answer.acked) + answer.refused + answer.wrong + answer.closed_by_peer + (answer.sent - answer.acked) };
}

function plain(context, poll, people, spread) {
  const { stage, build } = context;
  const sql = stage.file("votes.sql", [sqlOf("features/polls/polls_store.c", "insert_votes")]);
  checkpoint(stage.pg);
  const said = execFileSync("taskset", ["-c", "0", `${build}/bench/votes_pg`, stage.pg.url, sql, stage.organisation.session, poll, String(BATCH), String(spread)], { input: people.map((p) => p.registration).join("\n") + "\n" });
  const { votes, counted, seconds, p99_ms } = JSON.parse(said.toString());
  if (counted !== people.length) throw new Error(`votes_pg counted ${counted} of ${votes}`);
  return { per_second: votes / seconds, p99_ms };
}

async function once(context, tls, people, open) {
  const gen = context.generator();
  const server = new context.servers.Amphi(context);
  const bursts = [], paced = [], pg = [];
  const voted = (spread) => costs(context, server, () => vote(context, gen, open.shift(), spread));
  await server.start({ tls });
  try {
    await server.join(gen, people.length);
    await gen.run("idle", { for_ms: 2500 });
    for (let i = 0; i < BURSTS; i++) {
      bursts.push(await voted(0));
      pg.push(plain(context, open.shift(), people, 0).per_second);
    }
    for (let i = 0; i < PACED; i++) {
      await gen.run("idle", { for_ms: 500 });
      paced.push(await voted(1000));
    }
    return { bursts, paced, pg, pgPaced: plain(context, open.shift(), people, 1000).p99_ms };
  } finally {
    await gen.end();
    await server.stop();
  }
}

const digits = (numbers, n) => numbers.map((x) => x.toFixed(n)).join(", ");

export async function run(context) {
  const { stage, n, repeats } = context;
  const people = stage.need(n);
  const figures = [];
  const polled = 2 * BURSTS + PACED + 1;
  for (const tls of [false, true]) {
    const first = 1 + stage.pg.sql(`SELECT coalesce(max(position), 0) FROM poll WHERE session_id = '${stage.organisation.session}'`).map(([p]) => Number(p))[0];
    const open = polls(stage.pg, stage.organisation, first, repeats * polled, { state: "open" });
    const runs = [];
    for (let i = 0; i < repeats; i++) {
      const r = await once(context, tls, people, open.splice(0, polled));
      context.say(`votes ${tls ? "TLS" : "plain"}: ${digits(r.bursts.map((b) => b.per_second), 0)} a second beside ${digits(r.pg, 0)}; paced p99 ${digits(r.paced.map((s) => s.latency_ms.p99), 1)} ms beside ${digits([r.pgPaced], 1)}`);
      runs.push(r);
    }
    figures.push(...figuresOf(runs, `${tls ? "TLS" : "plain"} ${n}`));
  }
  return figures;
}

function figuresOf(runs, way) {
  const bursts = runs.flatMap((r) => r.bursts), paced = runs.flatMap((r) => r.paced);
  const astray = [...bursts, ...paced].map((votes) => votes.astray);
  const us = (all) => all.map((votes) => votes.us);
  return [
    figure(`votes.kept ${way}`, "lost or double", { amphi: astray }, { text: "0", holds: () => astray.every((a) => a === 0) }),
    figure(`votes.rate ${way}`, "votes/s", { amphi: bursts.map((b) => b.per_second), libpq: runs.flatMap((r) => r.pg) }, { text: ">= 0.5 x libpq", holds: (m) => m.amphi >= 0.5 * m.libpq }, { us_per_vote: us(bursts) }),
    figure(`votes.paced ${way}`, "ms p99", { amphi: paced.map((p) => p.latency_ms.p99), libpq: runs.map((r) => r.pgPaced) }, { text: "<= 50 ms", holds: (m) => m.amphi <= 50 }, { latency_ms: paced.map((p) => p.latency_ms), us_per_vote: us(paced) }),
  ];
}
