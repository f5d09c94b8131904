// A room in which nothing happens but pings, at 1.5 times the members of the other figures.
import { figure } from "../lib/figures.mjs";
import { pick, rounds } from "./fanout.mjs";

export const names = ["idle.core", "idle.ping"];

const FULL = { pingMs: 15000, periods: 2 };
const SHORT = { pingMs: 5000, periods: 2 };

async function once(context, server, n, { pingMs, periods }) {
  const gen = context.generator();
  await server.start({ tls: true, pingMs });
  try {
    await server.join(gen, n);
    await gen.run("idle", { for_ms: pingMs }); // the first round is spread out
    const before = server.cpu();
    const answer = await gen.run("idle", { for_ms: periods * pingMs });
    const ns = server.cpu() - before;
    if (answer.members !== n) throw new Error(`${server.name}: ${n - answer.members} members were lost: ${answer.fault}`);
    return { core: ns / 1e4 / answer.ms, ping_us: ns / 1000 / answer.pings, pings: answer.pings };
  } finally {
    await gen.end();
    await server.stop();
  }
}

export async function run(context) {
  const { Amphi, Raw } = context.servers;
  const n = Math.min(19000, Math.round(context.n * 1.5));
  const how = context.n < 10000 ? SHORT : FULL;
  context.stage.need(n);
  const samples = await rounds(context, [Amphi, Raw], async (server, repeat) => {
    const result = await once(context, server, n, how);
    context.say(`${server.name} idle ${n} #${repeat + 1}: ${result.core.toFixed(2)} % of a core, ${result.ping_us.toFixed(1)} us a ping, ${result.pings} pings`);
    return result;
  });
  return [
    figure(`idle.core.tls.${n}`, "% of a core", pick(samples, "core"), { text: "<= 4 %", holds: (m) => m.amphi <= 4 }, { ping_ms: how.pingMs }),
    figure(`idle.ping.tls.${n}`, "us/ping", pick(samples, "ping_us"), { text: "<= 1.5 x raw", holds: (m) => m.amphi <= 1.5 * m.raw }, { ping_ms: how.pingMs }),
  ];
}
