// A speaker's voice and picture (440 kbit/s) to every member of a room: what a member costs the server's
// processor each 100 ms, beside raw, which sends each frame of the publisher on as it comes. amphi's own
// part is what it does for publishers, rings, cursors and rounds.
import { figure } from "../lib/figures.mjs";
import { Studio } from "../lib/servers.mjs";
import { pick, rounds } from "./fanout.mjs";

export const names = ["media.cpu", "media.viewers", "media.last"];

const TICK_US = 100000;
const WARM_UP = 10;
const ROUNDS = 80;

async function once(context, server, tls) {
  const gen = context.generator();
  await server.start({ tls });
  try {
    await server.join(gen, context.n);
    const by = await server.publisher(gen);
    await gen.run("idle", { for_ms: 1500 });
    await gen.run("media", { by, rounds: WARM_UP, timeout_ms: 30000 });
    const before = server.cpu();
    const answer = await gen.run("media", { by, rounds: ROUNDS, again: true, timeout_ms: 120000 });
    const us = (server.cpu() - before) / 1000 / answer.members / answer.rounds;
    if (answer.timeout || answer.closed_by_peer) throw new Error(`media: ${JSON.stringify(answer)}`);
    const frames = answer.frames / answer.members / answer.rounds;
    context.say(`${server.name} ${tls ? "tls" : "plain"}: ${us.toFixed(2)} us, last ${answer.last_ms.p50.toFixed(0)} ms, ${frames.toFixed(2)} frames a round`);
    return { us, last: answer.last_ms.p50, bytes: answer.round_bytes };
  } finally {
    await gen.end();
    await server.stop();
  }
}

export async function run(context) {
  const figures = [];
  for (const tls of [false, true]) {
    const samples = await rounds(context, [Studio, context.servers.Raw], (server) => once(context, server, tls));
    const way = `${tls ? "tls" : "plain"}.${context.n}`;
    const asked = tls ? { text: "≤ 1.2 x raw", holds: ({ amphi, raw }) => amphi <= 1.2 * raw } : null;
    const viewers = { amphi: samples.amphi.map(({ us }) => TICK_US / us), raw: samples.raw.map(({ us }) => TICK_US / us) };
    figures.push(
      figure(`media.cpu.${way}`, "us a member and 100 ms", pick(samples, "us"), asked, { round_bytes: samples.amphi[0].bytes }),
      figure(`media.viewers.${way}`, "a core", viewers, tls ? { text: "≥ 5000", holds: ({ amphi }) => amphi >= 5000 } : null),
      figure(`media.last.${way}`, "ms", pick(samples, "last")),
    );
  }
  return figures;
}
