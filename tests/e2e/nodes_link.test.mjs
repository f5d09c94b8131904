// Rule: a mistake on a link of a node is one clear line at the start, never a server that runs and hears nothing. Nodes of one
// database that are of two clusters do not serve beside each other, nor do those that cannot read what others write. What appears
// while they run: tests/faults/nodes-link.mjs.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { createServer as createSecure } from "node:https";
import net from "node:net";
import { after, before, test } from "node:test";
import { Authority, read } from "./lib/authority.mjs";
import { cleanup, onCleanup } from "./lib/cleanup.mjs";
import { freePort, Nats, speaking, withoutNats } from "./lib/nats.mjs";
import { root } from "./lib/need.mjs";
import { organisation } from "./lib/people.mjs";
import { Postgres, unprivileged } from "./lib/postgres.mjs";
import { Server } from "./lib/server.mjs";

const skip = withoutNats;
const SELF = "IP:127.0.0.1", OTHER = "DNS:other.example.test";
let authority, keys, pg;

before(async () => {
  if (skip) return;
  authority = new Authority();
  keys = authority.all(SELF, OTHER);
  pg = new Postgres();
  await (await new Server({ database: pg }).start()).kill(); // migrates, once for all that follow
});
after(cleanup);

const tls = ({ certificate, key }) => `tls { cert_file: "${certificate}", key_file: "${key}" }`;
const secure = (nats) => nats.url.replace("nats://", "tls://");

// Beside what this process answers meanwhile: it is some of the servers.
function start(env) {
  const server = new Server({ database: pg, env: { AMPHI_NODE_NAME: `x${randomUUID()}`, ...env } });
  return new Promise((resolve) => execFile(server.binary, ["serve"], { cwd: root, env: server.environment(), timeout: 20000 },
    (error, out, said) => resolve({ status: error ? error.code : 0, said: said.trim() })));
}

async function refused(what, env, pattern) {
  const { status, said } = await start(env);
  assert.equal(status, 1, `${what}: ${said}`);
  assert.match(said, pattern, what);
  assert.equal(said.split("\n").length, 1, `${what}: one line: ${said}`);
  assert.ok(!/wrong-password/.test(said), "a password is told");
}

test("NATS: wrong TLS, wrong credentials and a server that speaks nonsense are refused at the start", { skip, timeout: 90000 }, async () => {
  const plain = await new Nats().start();
  const locked = await new Nats({ config: 'authorization { user: "amphi", password: "secret" }' }).start();
  const words = await speaking(() => "HTTP/1.1 400 Bad Request\r\n\r\n");
  const noise = await speaking(() => 'INFO {"server_id":}\r\n');
  const at = ({ port }) => ({ AMPHI_NATS_URL: `nats://127.0.0.1:${port}` });
  await refused("TLS where there is none", { AMPHI_NATS_URL: secure(plain) }, /nats_url: .*secure/i);
  await refused("an authority that is not there", { AMPHI_NATS_URL: secure(plain), AMPHI_NATS_CA: "/nowhere.pem" }, /nats_url: .*SSL.*(No such file|load)/i);
  await refused("another password", { AMPHI_NATS_URL: locked.url.replace("//", "//amphi:wrong-password@") }, /nats_url: .*auth/i);
  await refused("words", at(words), /nats_url: .*protocol/i);
  await refused("noise", at(noise), /nats_url: /i);
  const faults = { otherName: /mismatch|name/i, expired: /expired/i, unknown: /self.signed|unable to get|issuer/i };
  for (const [name, pattern] of Object.entries(faults)) {
    const nats = await new Nats({ config: tls(keys[name]) }).start();
    await refused(name, { AMPHI_NATS_URL: secure(nats), AMPHI_NATS_CA: authority.ca }, new RegExp(`nats_url: .*(${pattern.source})`, "i"));
    await nats.kill();
  }
  const nats = await new Nats({ config: tls(keys.right) }).start();
  await refused("nats:// where there is TLS", { AMPHI_NATS_URL: nats.url }, /nats_url: .*(secure|SSL)/i);
  const node = await new Server({ database: pg, env: { AMPHI_NODE_NAME: "right", AMPHI_NATS_URL: secure(nats), AMPHI_NATS_CA: authority.ca } }).start();
  node.process.kill("SIGTERM");
  assert.deepEqual(await node.exited, { code: 0, signal: null }, "it ends as it should");
});

test("database and store: certificates of others, expired ones and unknown ones are refused at the start", { skip, timeout: 90000 }, async () => {
  const mine = new Authority({ reader: "postgres" });
  const all = mine.all(SELF, OTHER);
  const place = { certificate: `${mine.folder}/now.pem`, key: `${mine.folder}/now.key` };
  const use = (pair) => ["certificate", "key"].forEach((file) => unprivileged("cp", [pair[file], place[file]]));
  use(all.right);
  const secured = new Postgres({ tls: { ...place, port: await freePort() } });
  const at = (role) => `postgresql://${role}@127.0.0.1:${secured.tls.port}/amphi?sslmode=verify-full&sslrootcert=${mine.ca}`;
  const env = { DATABASE_URL: at("amphi_app"), AMPHI_DATABASE_OWNER_URL: at("amphi_owner") };
  for (const [name, pattern] of Object.entries({ otherName: /does not match host name/, expired: /certificate verify failed/, unknown: /certificate verify failed/ })) {
    use(all[name]);
    secured.sql("SELECT pg_reload_conf()");
    const shown = () => new Promise((resolve) => {
      const client = net.connect(secured.tls.port, "127.0.0.1", () => client.end(Buffer.from("0000000804d2162f", "hex")));
      client.on("close", resolve).on("error", resolve).resume();
    });
    await shown();
    await refused(name, env, new RegExp(`database: .*${pattern.source}`));
  }
  for (const name of ["otherName", "expired", "unknown"]) {
    const store = createSecure(read(keys[name]), (rq, rs) => rs.end()).on("tlsClientError", () => {});
    await new Promise((resolve) => store.listen(0, "127.0.0.1", resolve));
    onCleanup(() => store.close());
    await refused(`store: ${name}`, { AMPHI_BLOBS: "s3://bucket/", AMPHI_S3_ENDPOINT: `https://127.0.0.1:${store.address().port}`, AMPHI_S3_CA: authority.ca, AMPHI_S3_ACCESS_KEY: "a", AMPHI_S3_SECRET_KEY: "wrong-password" }, /SSL|certificate/i);
  }
});

test("two clusters on one database: who comes second does not start, but where the first has ended", { skip, timeout: 60000 }, async () => {
  const [nats, elsewhere] = await Promise.all([new Nats().start(), new Nats().start()]);
  const own = new Postgres();
  const env = { AMPHI_NATS_URL: nats.url, DATABASE_URL: own.applicationUrl, AMPHI_DATABASE_OWNER_URL: own.ownerUrl };
  const node = (name, more = {}) => new Server({ database: own, env: { ...env, AMPHI_NODE_NAME: name, ...more } }).start();
  const a = await node("a");
  await Promise.all([
    refused("another NATS", { ...env, AMPHI_NATS_URL: elsewhere.url }, /nats_url: node 'a' on this database has one, and is not heard on this one/),
    refused("no NATS", { ...env, AMPHI_NATS_URL: "" }, /nats_url: node 'a' on this database has one, and this server has none/),
  ]);
  await (await node("b")).kill();
  await a.kill("SIGKILL"); // its lease is still young
  const alone = await node("alone", { AMPHI_NATS_URL: "" });
  await refused("beside one without", env, /nats_url: node 'alone' on this database has none/);
  await alone.kill();
});

test("two servers without NATS on one database: the second does not start, but soon after the first was killed", { skip, timeout: 60000 }, async () => {
  const own = new Postgres();
  const env = { DATABASE_URL: own.applicationUrl, AMPHI_DATABASE_OWNER_URL: own.ownerUrl };
  const alone = (name) => new Server({ database: own, env: { AMPHI_NODE_NAME: name } });
  const first = await alone("first").start();
  await refused("a second one", env, /nats_url: node 'first' on this database has none, nor has this server/);
  // Its own name: as a service that is started again at once. Another one's is waited for.
  await first.kill("SIGKILL");
  let began = Date.now();
  const again = await alone("first").start();
  const own_ = Date.now() - began;
  await again.kill("SIGKILL");
  began = Date.now();
  const other = await alone("other").start();
  const others = Date.now() - began;
  console.log(`# after SIGKILL: under its own name in ${own_} ms, under another one in ${others} ms`);
  assert.ok(other.log.some(({ event, node }) => event === "nodes.waiting" && node === "first"), "it said for whom it waits");
  assert.ok(others <= own_ + 4000, `${others} ms`);
  await other.kill();
  // Both at once, as after a power cut: one of them serves.
  const both = [alone("left"), alone("right")];
  const outcomes = await Promise.allSettled(both.map((server) => server.start()));
  assert.deepEqual(outcomes.map(({ status }) => status).sort(), ["fulfilled", "rejected"], JSON.stringify(outcomes.map(({ reason }) => reason?.message)));
});

test("events of a newer version in a session that is not over stop the start", { skip, timeout: 60000 }, async () => {
  const own = new Postgres();
  const first = await new Server({ database: own }).start();
  const o = organisation(own, "Un", { live: true });
  await first.kill();
  own.sql(`UPDATE session SET seq = seq + 1 WHERE id = '${o.session}';
    INSERT INTO session_event (session_id, seq, at, type, version, audience, payload) SELECT id, seq, now(), 'poll.opened', 99, 0, '{}' FROM session WHERE id = '${o.session}'`);
  const env = { DATABASE_URL: own.applicationUrl, AMPHI_DATABASE_OWNER_URL: own.ownerUrl };
  await refused("a newer version", env, /newer version: sessions have the event poll\.opened 99/);
  own.sql(`UPDATE session SET seq = seq + 1 WHERE id = '${o.session}';
    INSERT INTO session_event (session_id, seq, at, type, version, audience, payload) SELECT id, seq, now(), 'hologram.shown', 1, 0, '{}' FROM session WHERE id = '${o.session}'`);
  await refused("an unknown type", env, /newer version: sessions have the event hologram\.shown 1/);
  own.sql(`UPDATE session SET state = 'ended', ended_at = now() WHERE id = '${o.session}'`);
  await (await new Server({ database: own }).start()).kill();
});
