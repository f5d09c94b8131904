// Peers vanish without FIN: every packet to them is dropped from one moment on. The rule: noticed within
// 45 s, and the span ends at the last byte received, not at the time it was noticed.
import assert from "node:assert/strict";
import { waitFor } from "../e2e/lib/cleanup.mjs";
import { fault, short } from "./lib/case.mjs";
import { Member } from "./lib/member.mjs";
import { Peers } from "./lib/peers.mjs";
import { metric, room } from "./lib/room.mjs";

const N = 20;

await fault({ limit: 120 }, async (figures) => {
  const env = short ? { AMPHI_PING_MS: "500" } : {};
  const { pg, server, o, people } = await room({ people: N + 1, env });
  const at = { port: server.port, session: o.session };
  const witness = await new Member({ ...at, cookie: people[N].cookie }).open();
  const peers = new Peers();
  await peers.ask("join", { ...at, cookies: people.slice(0, N).map((p) => p.cookie) });
  await peers.ask("answer", { ms: short ? 700 : 20000 }); // pings are answered, at first
  const last = await peers.ask("say");
  const spans = (where) => pg.sql(`SELECT registration_id, kind, extract(epoch FROM left_at) FROM span WHERE registration_id <> '${people[N].registration}' AND ${where}`);
  await waitFor("their last command to be committed", () => spans("kind = 'attentive'").length === N);
  await peers.ask("vanish");

  const limit = short ? 10 : 45;
  const left = () => limit - (Date.now() / 1000 - last[0].said);
  await waitFor("everybody who vanished to be noticed", () => spans("left_at IS NULL").length === 0, Math.max(0, left()) * 1000);
  const noticed = Date.now() / 1000 - last[0].said;

  const said = new Map(people.slice(0, N).map((p, i) => [p.registration, last[i].said]));
  const off = spans("true").map(([id, , end]) => Number(end) - said.get(id));
  assert.equal(off.length, 2 * N, "each has a span of the connection and one of the visible tab");
  const worst = off.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a));
  figures.vanished = N;
  figures.noticed_s = noticed;
  figures.span_end_off_s = worst;
  assert.ok(Math.abs(worst) < 1, `a span ends ${worst} s from the last byte`);
  assert.equal(await metric(server, "amphi_net_live_closed_silent_total"), N);
  await waitFor("the others to be told", () => JSON.parse(witness.states.get("presence.count")?.toString() ?? "{}").data?.people === 1, 5000);
  assert.ok(witness.online, "who is still there stays");
});
