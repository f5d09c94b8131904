// Rule: decks may lie in an S3-compatible store, or in a folder that servers share: what one server takes, every server shows;
// what is removed at one is gone from the store; wrong credentials stop the start; a store that is away loses nothing.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { after, test } from "node:test";
import { cleanup, waitFor } from "./lib/cleanup.mjs";
import { request } from "./lib/http.mjs";
import { servers as cluster, withoutNats } from "./lib/nats.mjs";
import { root } from "./lib/need.mjs";
import { organisation } from "./lib/people.mjs";
import { Postgres, rolesOf, temporaryFolder } from "./lib/postgres.mjs";
import { Store, secret, skip as withoutStore } from "./lib/s3.mjs";
import { Server } from "./lib/server.mjs";

after(cleanup);
const skip = withoutStore || withoutNats;
const folder = temporaryFolder("pdf");
const file = `${folder}/deck.pdf`;
execFileSync("python3", [`${root}tests/fixtures/make_pdf.py`, "--pages", "3", file]);

const upload = (server, o) => request({ port: server.port, method: "POST", path: `/api/sessions/${o.session}/decks?file_name=deck.pdf`, cookie: o.staff.organiser.cookie,
  body: readFileSync(file), headers: { "Content-Type": "application/pdf" }, timeout: 30000 });
const get = (server, o, path) => request({ port: server.port, path, cookie: o.staff.organiser.cookie });
const state = (pg, deck) => pg.sql(`SELECT state FROM deck WHERE id = '${deck}'`)[0]?.[0];
const ready = (pg, deck) => waitFor("the deck", () => state(pg, deck) === "ready", 90000);

async function twoServers(pg, env) {
  const { node } = await cluster(env, pg);
  return [await node("one").start(), await node("two").start()];
}

async function showsEverywhere(pg, [one, two], o) {
  const { status, json: deck } = await upload(one, o);
  assert.equal(status, 201);
  await ready(pg, deck.id);
  for (let page = 1; page <= 3; page++) {
    const path = `/api/decks/${deck.id}/pages/${page}/960`;
    const [mine, others] = [await get(one, o, path), await get(two, o, path)];
    assert.deepEqual([mine.status, others.status], [200, 200]);
    assert.ok(mine.buffer.length > 100 && mine.buffer.equals(others.buffer));
  }
  return deck.id;
}

test("two servers on one store: a deck of one is shown by the other, and removed from the store", { skip, timeout: 180000 }, async () => {
  const store = await new Store().start();
  const pg = new Postgres();
  const servers = await twoServers(pg, store.env());
  const o = organisation(pg, "Un");
  const deck = await showsEverywhere(pg, servers, o);
  assert.ok(store.objects().length >= 4, store.objects().join("\n"));
  assert.equal((await request({ port: servers[1].port, method: "DELETE", path: `/api/decks/${deck}`, cookie: o.staff.organiser.cookie })).status, 204);
  await waitFor("an empty store", () => store.objects().length === 0, 60000);
  // What a crash left is found by the sweep of whoever starts, beside what is referred to.
  const kept = await showsEverywhere(pg, servers, o);
  const orphan = store.copy(store.objects()[0]);
  assert.ok(store.objects().includes(orphan));
  await servers[1].kill();
  await servers[1].start();
  await waitFor("the sweep", () => !store.objects().includes(orphan), 60000);
  assert.equal((await get(servers[1], o, `/api/decks/${kept}/pages/1/480`)).status, 200);
  for (const server of servers) {
    await server.kill();
    assert.ok(!JSON.stringify(server.log).includes(secret), "the secret is in the log");
  }
});

test("a store that refuses stops the start, and says why", { skip, timeout: 60000 }, async () => {
  const store = await new Store().start();
  const pg = new Postgres();
  const refused = (env, pattern) => {
    const run = spawnSync(`${root}${process.env.BUILD ?? "build/release"}/amphi`, ["serve"], { cwd: root, timeout: 30000, encoding: "utf8",
      env: { PATH: process.env.PATH, AMPHI_DATA: temporaryFolder("refused"), AMPHI_PORT: "0", AMPHI_METRICS_PORT: "0", ...rolesOf(pg), ...env } });
    assert.equal(run.status, 1, run.stderr + run.stdout);
    assert.match(run.stderr, pattern);
    assert.ok(!(run.stderr + run.stdout).includes("not the secret"), "the secret is told");
  };
  // This process is the store: it answers while another waits.
  const isRefused = (env, pattern) => new Promise((resolve, reject) => {
    const server = new Server({ database: pg, env });
    server.start().then(() => reject(new Error("started")), () => resolve(server)).catch(reject);
  }).then((server) => {
    const told = JSON.stringify(server.log);
    assert.match(told, pattern);
    assert.ok(!told.includes("not the secret"), "the secret is told");
  });
  await isRefused(store.env({ AMPHI_S3_SECRET_KEY: "not the secret" }), /SignatureDoesNotMatch/);
  await isRefused(store.env({ AMPHI_S3_ACCESS_KEY: "nobody" }), /InvalidAccessKeyId/);
  await isRefused(store.env({ AMPHI_BLOBS: "s3://no-such-bucket" }), /NoSuchBucket/);
  refused(store.env({ AMPHI_S3_SECRET_KEY: "" }), /s3_secret_key is not set/);
  refused(store.env({ AMPHI_S3_ENDPOINT: "http://192.0.2.1" }), /begins with https/);
  refused(store.env({ AMPHI_BLOBS: "blobs" }), /absolute path/);
  refused(store.env({ AMPHI_BLOBS: "/proc/no/such" }), /cannot use the folder of blobs/);
});

test("a store that is away: uploads are refused, nothing is lost, and it goes on", { skip, timeout: 180000 }, async () => {
  const store = await new Store().start();
  const pg = new Postgres();
  const [one, two] = await twoServers(pg, store.env());
  const o = organisation(pg, "Un");
  const kept = await showsEverywhere(pg, [one, one], o);
  // The next one is in the store, and its images do not come so far.
  const rendering = await upload(one, o);
  assert.equal(rendering.status, 201);
  await store.stop();
  const rs = await upload(one, o);
  assert.deepEqual([rs.status, rs.json.code], [503, "server.busy"]);
  // What this server keeps it shows; the other one says that it cannot now, and not that it is lost.
  assert.equal((await get(one, o, `/api/decks/${kept}/pages/1/960`)).status, 200);
  assert.equal((await get(two, o, `/api/decks/${kept}/pages/1/960`)).status, 503);
  assert.equal((await get(two, o, `/api/sessions/${o.session}/decks`)).status, 200);
  await store.start();
  await ready(pg, rendering.json.id);
  await waitFor("the other server", async () => (await get(two, o, `/api/decks/${kept}/pages/1/960`)).status === 200, 20000);
  const again = await upload(two, o);
  assert.equal(again.status, 201);
  await ready(pg, again.json.id);
  assert.equal(pg.sql("SELECT count(*) FROM deck WHERE state = 'ready'")[0][0], "3");
  for (const server of [one, two]) await server.kill();
});

test("two servers on one folder, of which one starts again while the other takes a deck", { timeout: 180000 }, async () => {
  const pg = new Postgres();
  const shared = temporaryFolder("shared");
  const [one, two] = await twoServers(pg, { AMPHI_BLOBS: shared });
  const o = organisation(pg, "Un");
  await showsEverywhere(pg, [one, two], o);
  // Half an upload, during which the other server starts.
  const body = readFileSync(file);
  const half = request({ port: one.port, method: "POST", path: `/api/sessions/${o.session}/decks?file_name=deck.pdf`, cookie: o.staff.organiser.cookie,
    headers: { "Content-Type": "application/pdf", "Content-Length": String(body.length) }, timeout: 30000,
    write: async (socket) => {
      socket.write(body.subarray(0, body.length / 2));
      await waitFor("a draft", () => readdirSync(`${shared}/tmp/one`).length > 0, 10000);
      await two.kill();
      await two.start();
      socket.write(body.subarray(body.length / 2));
    } });
  const { status, json: deck } = await half;
  assert.equal(status, 201);
  await ready(pg, deck.id);
  for (const server of [one, two]) await server.kill();
});
