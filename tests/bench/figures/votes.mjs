// A poll: every member votes at once, or within one second. Each vote is durable before it is
// acknowledged; the database is asked afterwards. Beside it a plain libpq program that sends the same
// upserts in the same batches (votes_pg.c), for as many other people.
import { execFileSync } from "node:child_process";
import { polls } from "../../e2e/lib/people.mjs";
import { processes } from "../../e2e/lib/postgres.mjs";
import { cpuNs } from "../lib/cpu.mjs";
import { figure } from "../lib/figures.mjs";
import { sqlOf } from "../lib/sql.mjs";
import { checkpoint } from "../lib/stage.mjs";

export const names = ["votes.kept", "votes.rate", "votes.paced"];

const BATCH = 500; // LANE_BATCH
const OPTIONS = 3;

// What the database holds of a poll, against what was acknowledged: 0 is right.
function astray(pg, poll, acked) {
  const [[rows, people]] = pg.sql(`SELECT count(*), count(DISTINCT registration_id) FROM poll_vote WHERE poll_id = '${poll}'`).map((row) => row.map(Number));
  return Math.abs(rows - acked) + (rows - people);
}

// What a vote costs: {server, database}, microseconds of processor time.
async function costs(context, server, during) {
  const database = processes(`${context.stage.pg.folder}/data`);
  const before = [server ? server.cpu() : 0, cpuNs(database)];
  const result = await during();
  const us = (ns, votes) => ns / 1000 / votes;
  return { ...result, us: { server: server ? us(server.cpu() - before[0], result.votes) : 0, database: us(cpuNs(database) - before[1], result.votes) } };
}

async function vote(context, gen, poll, spread) {
  const { stage } = context;
  const rest = Array.from({ length: OPTIONS }, (_, i) => `"command":"poll.vote","data":{"poll":"${poll}","choices":[${i + 1}]}}`);
  checkpoint(stage.pg);
  const answer = await gen.run("votes", { rest, spread_ms: spread, timeout_ms: 60000 });
  return { ...answer, votes: answer.sent, astray: astray(stage.pg, poll, answer.acked) + answer.refused + answer.wrong + answer.closed_by_peer + (answer.sent - answer.acked) };
}

function plain(context, poll, people) {
  const { stage, build } = context;
  const sql = stage.file("votes.sql", [sqlOf("features/polls/polls_store.c", "insert_votes")]);
  checkpoint(stage.pg);
  const said = execFileSync(`${build}/bench/votes_pg`, [stage.pg.url, sql, stage.organisation.session, poll, String(BATCH)], { input: people.map((p) => p.registration).join("\n") + "\n" });
  const { votes, counted, seconds } = JSON.parse(said.toString());
  if (counted !== people.length) throw new Error(`votes_pg counted ${counted} of ${votes}`);
  return votes / seconds;
}

async function once(context, tls, people, [atOnce, paced, byPg]) {
  const gen = context.generator();
  const server = new context.servers.Amphi(context);
  await server.start({ tls });
  try {
    await server.join(gen, people.length);
    await gen.run("idle", { for_ms: 2500 });
    const burst = await costs(context, server, () => vote(context, gen, atOnce, 0));
    await gen.run("idle", { for_ms: 1000 });
    const spread = await costs(context, server, () => vote(context, gen, paced, 1000));
    return { burst, spread, pg: plain(context, byPg, people) };
  } finally {
    await gen.end();
    await server.stop();
  }
}

export async function run(context) {
  const { stage, n, repeats } = context;
  const people = stage.need(n);
  const figures = [];
  for (const tls of [false, true]) {
    const first = 1 + stage.pg.sql(`SELECT coalesce(max(position), 0) FROM poll WHERE session_id = '${stage.organisation.session}'`).map(([p]) => Number(p))[0];
    const open = polls(stage.pg, stage.organisation, first, repeats * 3, { state: "open" });
    const runs = [];
    for (let i = 0; i < repeats; i++) {
      const r = await once(context, tls, people, open.slice(i * 3, i * 3 + 3));
      context.say(`votes ${tls ? "TLS" : "plain"}: ${r.burst.per_second.toFixed(0)} a second beside ${r.pg.toFixed(0)} (${r.burst.us.server.toFixed(0)} us server, ${r.burst.us.database.toFixed(0)} us database), paced p99 ${r.spread.latency_ms?.p99.toFixed(1)} ms`);
      runs.push(r);
    }
    const name = (text) => `${text} ${tls ? "TLS" : "plain"} ${n}`;
    figures.push(
      figure(name("votes.kept"), "lost or double", { amphi: runs.map((r) => r.burst.astray + r.spread.astray) }, { text: "0", holds: () => runs.every((r) => r.burst.astray + r.spread.astray === 0) }),
      figure(name("votes.rate"), "votes/s", { amphi: runs.map((r) => r.burst.per_second), libpq: runs.map((r) => r.pg) }, { text: ">= 0.5 x libpq", holds: (m) => m.amphi >= 0.5 * m.libpq }, { us_per_vote: runs.map((r) => r.burst.us) }),
      figure(name("votes.paced"), "ms p99", { amphi: runs.map((r) => r.spread.latency_ms?.p99 ?? NaN) }, { text: "<= 50 ms", holds: (m) => m.amphi <= 50 }, { latency_ms: runs.map((r) => r.spread.latency_ms), us_per_vote: runs.map((r) => r.spread.us) }),
    );
  }
  return figures;
}
