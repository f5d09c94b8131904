// The stage beside what else a room does: viewers of whom one in ten reads slowly, a crowd that comes while somebody talks, and votes and
// events while voice and picture (470 kbit/s) go to every member.
import { polls } from "../../e2e/lib/people.mjs";
import { processes } from "../../e2e/lib/postgres.mjs";
import { Publisher } from "../../e2e/lib/publisher.mjs";
import { onStage, publisher, Talker } from "../../e2e/lib/talking.mjs";
import { figure, median } from "../lib/figures.mjs";
import { goesFirst } from "../lib/priority.mjs";
import { Studio } from "../lib/servers.mjs";

export const names = ["stage.slow", "stage.joins", "stage.beside"];

const SLOW_BYTES = 8000; // a second: the voice, and little else
const ROUNDS = 150;
const EVENTS = 60;
const POLLS = 7;
const JOIN_S = 20;

// As Studio's own: 40 tabs a person.
const tokens = (letter, n) => Array.from({ length: n }, (_, i) => `${letter}${String(Math.floor(i / 40)).padStart(4, "0")}`.padEnd(43, "x"));

// --- one in ten is slow ---

async function slowly(context, slow) {
  const server = new Studio(context);
  const gen = context.generator();
  const few = Math.round(context.n / 10);
  await server.start({ tls: false });
  try {
    await server.join(gen, context.n - few);
    await gen.connect(few, { cookies: context.stage.file("slow", tokens("t", few)), member: false, ...(slow ? { bytes_per_s: SLOW_BYTES } : {}) });
    const by = await server.publisher(gen);
    await gen.run("idle", { for_ms: 1500 });
    await gen.run("media", { by, rounds: 20, timeout_ms: 30000 });
    const answer = await gen.run("media", { by, rounds: ROUNDS, again: true, timeout_ms: 120000 });
    if (answer.timeout) throw new Error(`slow: ${JSON.stringify(answer)}`);
    return { last: answer.last_ms.p50, p99: answer.last_ms.p99, resident: server.resident(), few };
  } finally {
    await gen.end();
    await server.stop();
  }
}

async function slowFigures(context) {
  const later = [], more = [], without = [], beside = [];
  for (let i = 0; i < context.repeats; i++) {
    const [fast, slow] = [await slowly(context, false), await slowly(context, true)];
    context.say(`one in ten slow: last ${slow.last.toFixed(0)} ms (p99 ${slow.p99.toFixed(0)}) beside ${fast.last.toFixed(0)} (${fast.p99.toFixed(0)}), ${((slow.resident - fast.resident) / slow.few / 1024).toFixed(1)} KB a slow one`);
    without.push(fast.last);
    beside.push(slow.last);
    later.push(slow.last - fast.last);
    more.push((slow.resident - fast.resident) / slow.few / 1024);
  }
  return [
    figure(`stage.slow.later.${context.n}`, "ms, the last of the others", { amphi: later }, { text: "≤ 100 ms", holds: ({ amphi }) => amphi <= 100 }, { without, beside }),
    figure(`stage.slow.memory.${context.n}`, "KB more of a slow one", { amphi: more }, { text: "≤ 64 KB", holds: ({ amphi }) => amphi <= 64 }),
  ];
}

// --- a crowd comes ---

async function crowd(context) {
  const server = new Studio(context);
  const gen = context.generator();
  const { n, stage } = context;
  await server.start({ tls: true });
  try {
    await gen.run("target", server.target());
    await gen.connect(1, { cookies: stage.file("first", tokens("t", 1)) });
    const voice = await new Publisher({ port: server.port, cookie: "S".repeat(43), session: server.heard.session }).open();
    const talker = new Talker(voice);
    await gen.run("idle", { for_ms: 3000 });
    const before = talker.keysAsked;
    const answer = await gen.run("arrive", { count: n, per_s: Math.ceil(n / JOIN_S), cookies: stage.file("crowd", tokens("h", n)), timeout_ms: 60000 });
    talker.stop();
    voice.close();
    const keys = (talker.keysAsked - before) / (answer.ms / 1000);
    context.say(`${n} came in ${JOIN_S} s: heard after ${answer.hear_ms.p50.toFixed(0)} ms, the last after ${answer.hear_ms.max.toFixed(0)}; picture ${answer.see_ms.p50.toFixed(0)}, ${answer.see_ms.max.toFixed(0)}; ${keys.toFixed(2)} key frames a second asked`);
    return { ...answer, keys, missing: n - answer.heard };
  } finally {
    await gen.end();
    await server.stop();
  }
}

async function crowdFigures(context) {
  const runs = [];
  for (let i = 0; i < context.repeats; i++) runs.push(await crowd(context));
  const all = (of) => ({ amphi: runs.map(of) });
  return [
    figure(`stage.joins.heard.${context.n}`, "ms, the last", all((run) => (run.missing ? Infinity : run.hear_ms.max)), { text: "≤ 3 s", holds: ({ amphi }) => amphi <= 3000 }),
    figure(`stage.joins.seen.${context.n}`, "ms, the last", all((run) => run.see_ms.max)),
    figure(`stage.joins.keys.${context.n}`, "key frames a second", all((run) => run.keys), { text: "≤ 1", holds: ({ amphi }) => amphi <= 1.05 }),
  ];
}

// --- events and votes beside it ---

// Votes come from a tenth of the members, in a program of their own: a vote is not to wait for what its own generator
// does with the media of everybody else.
async function eventsAndVotes(context, server, gen, voters, by, open) {
  const told = await gen.run("publish", { by, events: server.events(EVENTS), per_event: 1, marker: '{"event":"slide.moved"', gap_ms: 150, timeout_ms: 120000 });
  if (told.refused || told.missed) throw new Error(`beside: ${told.refusal} ${told.missed}`);
  const votes = [], usual = [];
  for (let i = 0; i < POLLS; i++) {
    const poll = open.shift();
    const rest = [1, 2, 3].map((option) => `"command":"poll.vote","data":{"poll":"${poll}","choices":[${option}]}}`);
    const { latency_ms } = await voters.run("votes", { rest, spread_ms: 1000, timeout_ms: 60000 });
    votes.push(latency_ms.p99);
    usual.push(latency_ms.p50);
    await gen.run("idle", { for_ms: 500 });
  }
  const reach = told.from_start_ms.sort((a, b) => a - b);
  return { event: reach[Math.floor(reach.length * 0.99)], middle: reach[reach.length >> 1], vote: median(votes), usual: median(usual) };
}

async function beside(context, open) {
  const server = new context.servers.Amphi(context);
  const gen = context.generator(), voters = context.generator();
  const few = Math.round(context.n / 10);
  const { staff } = context.stage.organisation;
  await server.start({ tls: true });
  try {
    await server.join(gen, context.n - few);
    for (const pid of [voters.process.pid, ...processes(`${context.stage.pg.folder}/data`)]) goesFirst(pid);
    goesFirst(server.pid, /^loop-/);
    await voters.run("target", server.target());
    await voters.connect(few, { cookies: context.stage.cookies, skip: context.n - few });
    const by = await server.publisher(gen);
    await gen.run("idle", { for_ms: 3000 });
    const without = await eventsAndVotes(context, server, gen, voters, by, open);
    const made = { server: server.server, o: context.stage.organisation };
    const host = await onStage(made, staff.organiser);
    await onStage(made, staff.speaker, { host });
    const talker = new Talker(await publisher(made, staff.speaker));
    await gen.run("idle", { for_ms: 3000 });
    const cpu = server.cpu();
    const withMedia = await eventsAndVotes(context, server, gen, voters, by, open);
    talker.stop();
    host.close();
    context.say(`event p50 ${without.middle.toFixed(1)}, p99 ${without.event.toFixed(1)} ms, beside media ${withMedia.middle.toFixed(1)}, ${withMedia.event.toFixed(1)}; vote p50 ${without.usual.toFixed(1)}, p99 ${without.vote.toFixed(1)} ms, beside media ${withMedia.usual.toFixed(1)}, ${withMedia.vote.toFixed(1)} (${((server.cpu() - cpu) / 1e9).toFixed(1)} s of processor)`);
    return { without, withMedia };
  } finally {
    await gen.end();
    await voters.end();
    await server.stop();
  }
}

async function besideFigures(context) {
  const { stage, n, repeats } = context;
  stage.need(n);
  const runs = [];
  for (let i = 0; i < repeats; i++) {
    const first = 1 + Number(stage.pg.sql(`SELECT coalesce(max(position), 0) FROM poll WHERE session_id = '${stage.organisation.session}'`)[0][0]);
    runs.push(await beside(context, polls(stage.pg, stage.organisation, first, 2 * POLLS, { state: "open" })));
  }
  const must = { text: "≤ 1.5 x without, or 10 ms more", holds: ({ amphi, without }) => amphi <= Math.max(1.5 * without, without + 10) };
  return ["event", "vote"].map((what) => figure(`stage.beside.${what}.${n}`, "ms, p99", { amphi: runs.map(({ withMedia }) => withMedia[what]), without: runs.map(({ without }) => without[what]) }, must));
}

export async function run(context) {
  const wants = (name) => context.wanted(name) || (process.env.ONLY || "").split(",").includes("stage");
  const figures = [];
  if (wants("stage.slow")) figures.push(...(await slowFigures(context)));
  if (wants("stage.joins")) figures.push(...(await crowdFigures(context)));
  if (wants("stage.beside")) figures.push(...(await besideFigures(context)));
  return figures;
}
