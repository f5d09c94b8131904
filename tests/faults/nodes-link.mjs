// NATS comes back with a wrong certificate, or something that speaks nonsense is where it was, and, in the long form, two nodes
// of one database have each a NATS of their own, which neither could know at its start. Each is told in the log; what happens at
// one node is seen at the other all the same, and nothing acknowledged is lost.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { copyFileSync } from "node:fs";
import { Authority } from "../e2e/lib/authority.mjs";
import { waitFor } from "../e2e/lib/cleanup.mjs";
import { Live } from "../e2e/lib/live.mjs";
import { hasNats, Nats, speaking } from "../e2e/lib/nats.mjs";
import { root } from "../e2e/lib/need.mjs";
import { hcps, organisation } from "../e2e/lib/people.mjs";
import { Postgres, temporaryFolder } from "../e2e/lib/postgres.mjs";
import { Server } from "../e2e/lib/server.mjs";
import { fault, short, skip } from "./lib/case.mjs";

const SEEN_MS = 8000, TOLD_MS = 20000, APART_MS = 40000;
const WRONG = { expired: /expired/i, ...(short ? {} : { otherName: /mismatch|name/i, unknown: /self.signed|issuer/i }) };

const pg = () => new Postgres();
const enter = (server, o, person) => new Live({ port: server.port, cookie: person.cookie, session: o.session }).open();

// Two nodes, somebody who asks at one and somebody who sees it at the other.
async function pair(env) {
  const database = pg();
  const key = `${temporaryFolder("key")}/secret.key`;
  const nodes = [];
  for (const name of ["a", "b"])
    nodes.push(await new Server({ database, env: { AMPHI_NODE_NAME: name, AMPHI_SECRET_KEY_FILE: key, AMPHI_LOOPS: "1", ...env[name] } }).start());
  const o = organisation(database, "Un", { live: true });
  const [person] = hcps(database, o, 1);
  return { database, nodes, o, asker: await enter(nodes[0], o, person), seer: await enter(nodes[1], o, o.staff.moderator), asked: 0 };
}

async function passes(made, figures, what) {
  const question = randomUUID(), began = Date.now();
  await made.asker.command("question.ask", { question, text: what, anonymous: false });
  await waitFor(`the question at the other node: ${what}`, () => made.seer.events.some((e) => e.event === "question.asked" && e.data.question.id === question), SEEN_MS);
  figures[`${what}_ms`] = Date.now() - began;
  made.asked++;
}

function verify({ database, o, asked }) {
  assert.equal(Number(database.sql(`SELECT count(*) FROM question WHERE session_id = '${o.session}'`)[0][0]), asked, "everything acknowledged, once");
}

async function wrongLink(figures) {
  const authority = new Authority();
  const keys = authority.all("IP:127.0.0.1", "DNS:other.example.test");
  const place = { certificate: `${authority.folder}/now.pem`, key: `${authority.folder}/now.key` };
  const use = (pair) => ["certificate", "key"].forEach((file) => copyFileSync(pair[file], place[file]));
  use(keys.right);
  const nats = await new Nats({ config: `tls { cert_file: "${place.certificate}", key_file: "${place.key}" }` }).start();
  const link = { AMPHI_NATS_URL: nats.url.replace("nats://", "tls://"), AMPHI_NATS_CA: authority.ca };
  const made = await pair({ a: link, b: link });
  const logs = made.nodes.map(({ log }) => log);
  const mark = () => new Map(logs.map((log) => [log, log.length]));
  const told = (pattern, from) => waitFor(`the log to say ${pattern}`, () => logs.every((log) => log.slice(from.get(log)).some((l) => l.event === "bus.away" && pattern.test(`${l.what} ${l.more}`))), TOLD_MS);
  await passes(made, figures, "right");
  let from;
  for (const [name, pattern] of Object.entries(WRONG)) {
    from = mark();
    await nats.kill();
    use(keys[name]);
    await nats.start();
    await passes(made, figures, name);
    await told(pattern, from);
  }
  from = mark();
  await nats.kill();
  const noise = await speaking(() => randomBytes(5000), nats.port);
  await passes(made, figures, "noise");
  if (!short) await told(/./, from);
  await noise.stop();
  use(keys.right);
  await nats.start();
  await waitFor("the bus", () => logs.every((log) => log.slice(from.get(log)).filter((l) => l.event === "bus.connected").length >= 4), TOLD_MS);
  await passes(made, figures, "again");
  verify(made);
}

// While its NATS is away a node cannot know that the others have another one.
async function apart(figures) {
  const nats = await new Nats().start(), elsewhere = await new Nats().start();
  await elsewhere.kill();
  const made = await pair({ a: { AMPHI_NATS_URL: nats.url }, b: { AMPHI_NATS_URL: elsewhere.url } });
  await elsewhere.start();
  await passes(made, figures, "apart");
  await waitFor("both to say so", () => made.nodes.every(({ log }) => log.some((l) => l.event === "nodes.apart" && l.level === "error")), APART_MS);
  const nodes = () => spawnSync(`${root}build/release/amphi`, ["nodes"], { env: { DATABASE_URL: made.database.applicationUrl } }).status;
  await waitFor("amphi nodes to say so", () => nodes() === 1, SEEN_MS);
  await passes(made, figures, "still_apart");
  verify(made);
}

await fault({ limit: 180 }, async (figures) => {
  if (!hasNats) skip("nats-server is not installed");
  await wrongLink(figures);
  if (!short) await apart(figures);
});
