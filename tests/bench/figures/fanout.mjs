// One room: what it costs to join it, to keep a member, to tell all members of one event, and of
// eight host commands sent back to back. One start of a server gives all of these figures.
import { figure, median, notMeasured } from "../lib/figures.mjs";

export const names = ["event.cpu", "event.last", "event.missed", "burst.cpu", "burst.last", "join.cpu", "join.slope", "memory"];

const WARM_UP = 2;
const EVENTS = 11;
const BURSTS = 5;
const BURST = 8;
const SETTLE_MS = 2500; // what follows a join at once is part of its cost
const QUIET_MS = (n) => n + 2000; // amphi tells a crowd its size at most every n/1000 seconds: not during events

async function published(server, gen, by, count, per, marker) {
  const before = server.cpu();
  const answer = await gen.run("publish", { by, events: server.events(count, per), per_event: per, marker, gap_ms: 20, timeout_ms: 60000 });
  if (answer.refused) throw new Error(`${server.name} refused: ${answer.refusal}`);
  return { ...answer, ns: server.cpu() - before };
}

const perDelivery = (answer) => answer.ns / 1000 / answer.deliveries;
const missing = (answer) => answer.missed + answer.extra + answer.closed_by_peer + (answer.timeout ? 1 : 0);

// One start of one server: everything but the medians.
export async function once(context, server, n, tls) {
  const gen = context.generator();
  await server.start({ tls, ...(server.name === "amphi" ? { pingMs: 20000 } : {}) });
  try {
    const resident = server.resident(), before = server.cpu();
    const joined = await server.join(gen, n);
    await gen.run("idle", { for_ms: SETTLE_MS });
    const joinNs = server.cpu() - before;
    const memory = (server.resident() - resident) / n;
    if (server.name === "amphi") await gen.run("idle", { for_ms: Math.max(0, QUIET_MS(n) - SETTLE_MS) });
    const by = await server.publisher(gen);
    const marker = server.name === "amphi" ? '{"event":"slide.moved"' : "";
    const warm = await published(server, gen, by, WARM_UP, 1, marker);
    if (server.name === "amphi") context.eventText = warm.last_frame;
    const event = await published(server, gen, by, EVENTS, 1, marker);
    const burst = await published(server, gen, by, BURSTS, BURST, marker);
    return {
      join_us: joinNs / 1000 / n,
      join_ms: joined.ms,
      memory_kb: memory / 1024,
      event_us: perDelivery(event),
      event_ms: median(event.last_ms),
      event_bytes: event.frame_bytes,
      missed: missing(warm) + missing(event) + missing(burst),
      burst_us: perDelivery(burst),
      burst_ms: median(burst.from_start_ms),
      burst_reads: burst.reads / (burst.deliveries / BURST),
    };
  } finally {
    await gen.end();
    await server.stop();
  }
}

// {server: [one a repeat] or "SKIPPED: …"}, the servers taking turns.
export async function rounds(context, servers, measure) {
  const samples = {};
  for (let repeat = 0; repeat < context.repeats; repeat++) {
    for (const Server of servers) {
      const server = new Server(context);
      const available = server.available();
      if (available !== true) {
        samples[server.name] = available;
        context.say(`${server.name} ${available}`);
        continue;
      }
      if (typeof samples[server.name] === "string") continue;
      samples[server.name] ??= [];
      try {
        samples[server.name].push(await measure(server, repeat));
      } catch (error) {
        if (server.name === "amphi" || server.name === "raw") throw error;
        context.say(`${server.name}: ${error.message}`);
        samples[server.name] = `failed: ${error.message}`;
      }
    }
  }
  return samples;
}

export const pick = (samples, field) => Object.fromEntries(Object.entries(samples).map(([name, s]) => [name, Array.isArray(s) ? s.map((x) => x[field]) : s]));

const atMost = (factor) => ({ text: `<= ${factor} x raw`, holds: (m) => m.amphi <= factor * m.raw });
const atMostAndNchan = (factor) => ({ text: `<= ${factor} x raw, <= nchan`, holds: (m) => m.amphi <= factor * m.raw && (typeof m.nchan !== "number" || m.amphi <= m.nchan) });
const below = (limit, unit) => ({ text: `<= ${limit} ${unit}`, holds: (m) => m.amphi <= limit });

function figuresOf(samples, n, tls, judged) {
  const way = `${tls ? "tls" : "plain"}.${n}`;
  const must = (m) => (judged ? m : null);
  const bytes = median(pick(samples, "event_bytes").amphi);
  return [
    figure(`event.cpu.${way}`, "us/delivery", pick(samples, "event_us"), must(atMostAndNchan(1.2)), { event_bytes: bytes }),
    figure(`event.last.${way}`, "ms", pick(samples, "event_ms"), must(atMost(1.3))),
    figure(`event.missed.${way}`, "frames", { amphi: pick(samples, "missed").amphi.reduce((a, b) => a + b), ...Object.fromEntries(Object.entries(pick(samples, "missed")).filter(([k]) => k !== "amphi")) }, { text: "0", holds: (m) => m.amphi === 0 }),
    figure(`burst.cpu.${way}`, "us/delivery", pick(samples, "burst_us"), must(atMost(0.3)), { reads_per_burst: median(pick(samples, "burst_reads").amphi) }),
    figure(`burst.last.${way}`, "ms", pick(samples, "burst_ms")),
    figure(`join.cpu.${way}`, "us", pick(samples, "join_us"), must(tls ? atMost(1.5) : null)),
    figure(`memory.${way}`, "KB/member", pick(samples, "memory_kb"), must(tls ? below(22, "KB") : below(6, "KB"))),
  ];
}

export async function run(context) {
  const figures = [];
  for (const tls of [false, true]) {
    const joins = {};
    for (const n of context.sizes) {
      context.stage.need(n);
      const samples = await measured(context, n, tls);
      if (!samples) {
        figures.push(notMeasured(`fanout.${tls ? "tls" : "plain"}.${n}`, "see above"));
        continue;
      }
      joins[n] = samples;
      figures.push(...figuresOf(samples, n, tls, n === context.n));
    }
    if (tls && context.sizes.every((n) => joins[n])) figures.push(slope(context, joins));
  }
  return figures.filter((f) => f.error || names.some((name) => f.name.startsWith(name) && (context.wanted(f.name) || context.wanted("fanout"))));
}

async function measured(context, n, tls) {
  const { Amphi, Raw, Nchan, Ws } = context.servers;
  try {
    return await rounds(context, [Amphi, Raw, Nchan, Ws], async (server, repeat) => {
      const result = await once(context, server, n, tls);
      context.say(`${server.name} ${tls ? "tls" : "plain"} ${n} #${repeat + 1}: ${Object.entries(result).map(([k, v]) => `${k} ${Number(v).toFixed(2)}`).join("  ")}`);
      return result;
    });
  } catch (error) {
    context.say(`${n} members, ${tls ? "tls" : "plain"}: ${error.stack}`);
    return null;
  }
}

function slope(context, joins) {
  const [small, , large] = context.sizes;
  const of = (server) => (Array.isArray(joins[small][server]) && Array.isArray(joins[large][server]) ? median(joins[large][server].map((x) => x.join_us)) / median(joins[small][server].map((x) => x.join_us)) : null);
  return figure(`join.slope.tls`, `cost at ${large} / at ${small}`, { amphi: of("amphi"), raw: of("raw"), nchan: of("nchan"), ws: of("ws") }, { text: "<= 1.3", holds: (m) => m.amphi <= 1.3 }, { repeats: context.repeats });
}
