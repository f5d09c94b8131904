// The personal link's token for a cookie, POST /api/join: what comes before the first join. The
// connections are open already; a TLS handshake's cost is in join.cpu.
import { token } from "../../e2e/lib/people.mjs";
import { figure } from "../lib/figures.mjs";

export const names = ["exchange"];

const AT_ONCE = 8;

function links(stage, n) {
  const tokens = stage.need(n).map((person) => ({ ...token(), registration: person.registration }));
  const rows = tokens.map((t) => `('\\x${t.hash}','${stage.organisation.id}','join','${t.registration}',now(),now() + interval '1 day')`);
  stage.pg.sql(`INSERT INTO one_time_link (token_hash, organisation_id, purpose, registration_id, created_at, expires_at) VALUES ${rows.join(",")}`);
  return tokens.map((t) => t.text);
}

export async function run(context) {
  const n = Math.min(500, context.n);
  const cpu = [], latency = [];
  for (let repeat = 0; repeat < context.repeats; repeat++) {
    const lines = context.stage.file("links", links(context.stage, n));
    const server = new context.servers.Amphi(context);
    const gen = context.generator();
    await server.start({ tls: true });
    try {
      await gen.run("target", server.target());
      const { first } = await gen.connect(n, { bytes: true, member: false });
      const before = server.cpu();
      const head = `POST /api/join HTTP/1.1\r\nHost: localhost:${server.port}\r\nOrigin: ${server.target().origin}\r\nX-Amphi: 1\r\nContent-Type: application/json\r\n`;
      const answer = await gen.run("requests", { first, count: n, head, body: '{"token":"%"}', lines, inflight: AT_ONCE });
      if (answer.good !== n) throw new Error(`of ${n} links ${answer.good} were exchanged: ${answer.refusal}`);
      cpu.push((server.cpu() - before) / 1000 / n);
      latency.push(answer.latency_ms.p99);
      context.say(`amphi exchange #${repeat + 1}: ${cpu.at(-1).toFixed(0)} us of the server, p99 ${latency.at(-1).toFixed(1)} ms, ${(n / answer.ms * 1000).toFixed(0)} a second`);
    } finally {
      await gen.end();
      await server.stop();
    }
  }
  return [
    figure("exchange.cpu", "us", { amphi: cpu }),
    figure("exchange.p99", "ms", { amphi: latency }, null, { at_once: AT_ONCE }),
  ];
}
