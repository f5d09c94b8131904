// How long an event takes to members on a thin line while their next slide's image is on its way, and what an
// image costs, with the kernel's queue of unsent bytes bounded (TCP_NOTSENT_LOWAT) and left as it is; beside
// them another build, named by AMPHI_OTHER, if any. One round starts each of them once.
import { upload } from "../lib/deck.mjs";
import { figure, median } from "../lib/figures.mjs";

export const names = ["bulk.event", "bulk.image"];

const MEMBERS = 100;
const BYTES_PER_S = 40000; // 320 kbit/s
const EVENTS = 12;

// [label, environment, binary]
const ways = (context) => [
  ["amphi", {}],
  ["unbounded", { LD_PRELOAD: `${context.build}/bench/long_sends.so` }],
  ...(process.env.AMPHI_OTHER ? [["other", {}, process.env.AMPHI_OTHER]] : []),
];

// A move, at once followed by the image of the page after it; 300 ms later the session is extended, which
// everybody is told, too.
async function once(context, deck, env, binary) {
  const gen = context.generator();
  const server = new context.servers.Amphi(context, binary);
  await server.start({ tls: false, env: { AMPHI_DATA: deck.data, AMPHI_SLIDE_SPREAD_MS: "0", ...env } });
  try {
    await gen.run("target", server.target());
    const by = await server.publisher(gen);
    await gen.connect(MEMBERS, { cookies: context.stage.cookies, bytes_per_s: BYTES_PER_S });
    const o = context.stage.organisation;
    const planned = Number(context.stage.pg.sql(`SELECT planned_minutes FROM session WHERE id = '${o.session}'`)[0][0]);
    let version = context.stage.sessionVersion();
    const command = (id, name, data) => JSON.stringify({ id, command: name, data: { version: version++, ...data } });
    const told = (events, marker) => gen.run("publish", { by, events, marker, gap_ms: 300, timeout_ms: 60000 });
    await gen.run("receive", { width: deck.width });
    await told([[command(100, "slide.move", { deck: deck.id, page: 1 })]], '{"event":"slide.moved"');
    await gen.run("idle", { for_ms: 3000 });
    const events = Array.from({ length: EVENTS }, (_, i) =>
      i % 2 === 0
        ? [command(200 + i, "slide.move", { deck: deck.id, page: 2 + ((i / 2) % (deck.pages - 2)) })]
        : [command(200 + i, "session.extend", { planned_minutes: planned + 1 + ((planned + i) % 7) })],
    );
    const answer = await told(events, '{"event":"s');
    if (answer.refused || answer.timeout) throw new Error(`bulk: ${JSON.stringify(answer)}`);
    return answer.from_start_ms.filter((_, i) => i % 2 === 1);
  } finally {
    await gen.end();
    await server.stop();
  }
}

// Members that read as fast as they can, all at once: the server's CPU an image, and the time to the last.
async function images(context, deck, env, binary) {
  const gen = context.generator();
  const server = new context.servers.Amphi(context, binary);
  await server.start({ tls: true, env: { AMPHI_DATA: deck.data, AMPHI_SLIDE_SPREAD_MS: "0", ...env } });
  try {
    await server.join(gen, context.n);
    const by = await server.publisher(gen);
    await gen.run("idle", { for_ms: 2500 });
    const before = server.cpu();
    const answer = await gen.run("slides", { by, way: "websocket", deck: deck.id, page: 1, moves: 5, width: deck.width, gap_ms: 3000, spread_ms: 0,
      version: context.stage.sessionVersion(), first_id: 1000, timeout_ms: 60000 });
    if (answer.refused || answer.timeout) throw new Error(`bulk: ${JSON.stringify(answer)}`);
    return { us: (server.cpu() - before) / 1000 / answer.images, last: answer.delay_ms.max, bad: answer.bad };
  } finally {
    await gen.end();
    await server.stop();
  }
}

export async function run(context) {
  const deck = await upload(context, 12);
  context.stage.need(Math.max(MEMBERS, context.n));
  const event = {}, image = {}, last = {};
  for (let repeat = 0; repeat < context.repeats; repeat++)
    for (const [label, env, binary] of ways(context)) {
      if (context.wanted("bulk.event")) {
        const ms = await once(context, deck, env, binary);
        context.say(`bulk ${label}: events after ${ms.map((m) => m.toFixed(0)).join(" ")} ms`);
        (event[label] ??= []).push(median(ms));
      }
      if (context.wanted("bulk.image") && label !== "other") {
        const all = await images(context, deck, env, binary);
        context.say(`bulk ${label}: ${all.us.toFixed(1)} us an image, the last after ${all.last.toFixed(0)} ms`);
        (image[label] ??= []).push(all.us);
        (last[label] ??= []).push(all.last);
      }
    }
  const more = { image_bytes: deck.bytes };
  return [
    figure("bulk.event", "ms to the last member", event, null, { ...more, members: MEMBERS, bytes_per_s: BYTES_PER_S }),
    figure("bulk.image", "us an image", image, null, { ...more, last_ms: last }),
  ].filter((f) => context.wanted(f.name));
}
