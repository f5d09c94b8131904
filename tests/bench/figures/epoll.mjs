// epoll_ctl calls per delivery, counted by a shim: a server that arms and disarms each connection
// for each event cannot hide it, however noisy the machine.
import { readFileSync, writeFileSync } from "node:fs";
import { figure } from "../lib/figures.mjs";

export const names = ["epoll.ctl"];

const EVENTS = 10;

async function count(context, tls) {
  const file = context.stage.file("epoll", []);
  writeFileSync(file, Buffer.alloc(8));
  const calls = () => Number(readFileSync(file).readBigUInt64LE());
  const server = new context.servers.Amphi(context);
  const gen = context.generator();
  await server.start({ tls, env: { LD_PRELOAD: `${context.build}/bench/epoll_count.so`, EPOLL_COUNT_FILE: file } });
  try {
    await server.join(gen, context.n);
    const joins = calls();
    await gen.run("idle", { for_ms: 2500 });
    const by = await server.publisher(gen);
    const publish = (events) => gen.run("publish", { by, events, marker: '{"event":"slide.moved"', per_event: events[0].length });
    await publish(server.events(2));
    const before = calls();
    const answers = [await publish(server.events(EVENTS)), await publish(server.events(2, 8))];
    const made = calls() - before, deliveries = answers.reduce((sum, a) => sum + a.deliveries, 0);
    context.say(`amphi ${tls ? "tls" : "plain"}: ${made} epoll_ctl for ${deliveries} deliveries, ${(joins / context.n).toFixed(2)} per join`);
    if (joins === 0) throw new Error("the shim counted nothing: it was not loaded");
    return { per_delivery: made / deliveries, made, deliveries, per_join: joins / context.n };
  } finally {
    await gen.end();
    await server.stop();
  }
}

export async function run(context) {
  context.stage.need(context.n);
  const figures = [];
  for (const tls of [false, true]) {
    const counted = await count(context, tls);
    // The loop's own calls (the host's connection, say) are a handful in all, not one a member.
    const must = { text: "0", holds: (m) => m.amphi < 1 / context.n };
    figures.push(figure(`epoll.ctl.${tls ? "tls" : "plain"}.${context.n}`, "per delivery", { amphi: [counted.per_delivery] }, must, counted));
  }
  return figures;
}
