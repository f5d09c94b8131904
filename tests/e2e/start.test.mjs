// Rule: an error at start is one clear line and a non-zero exit.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, cpSync, readFileSync, writeFileSync } from "node:fs";
import net from "node:net";
import { after, before, test } from "node:test";
import { cleanup, onCleanup } from "./lib/cleanup.mjs";
import { request } from "./lib/http.mjs";
import { root } from "./lib/need.mjs";
import { Postgres, temporaryFolder } from "./lib/postgres.mjs";
import { Server } from "./lib/server.mjs";

const binary = `${root}build/release/amphi`;
let pg, server;
after(cleanup);
before(async () => {
  pg = new Postgres({ empty: true });
  server = await new Server({ database: pg }).start();
});

function environment(extra = {}) {
  return {
    PATH: process.env.PATH, DATABASE_URL: pg.url, AMPHI_DATA: temporaryFolder("start"), AMPHI_PORT: "0", AMPHI_METRICS_PORT: "-1",
    AMPHI_NODE_NAME: "second", AMPHI_CERTIFICATE: server.keys.certificate, AMPHI_KEY: server.keys.key, ...extra,
  };
}

function start(extra, args = ["serve"]) {
  const run = spawnSync(binary, args, { cwd: root, env: environment(extra), timeout: 20000, encoding: "utf8" });
  return { status: run.status, line: run.stderr.trim(), out: run.stdout };
}

function refused({ status, line }, pattern) {
  assert.notEqual(status, 0);
  assert.notEqual(status, null, "it ended by itself");
  assert.match(line, pattern);
  assert.equal(line.split("\n").length, 1, `one line: ${line}`);
}

test("the port is in use by something else", async () => {
  const other = net.createServer().listen(0, "127.0.0.1");
  onCleanup(() => other.close());
  await new Promise((resolve) => other.once("listening", resolve));
  refused(start({ AMPHI_PORT: String(other.address().port) }), /port .*(in use|taken)/i);
});

test("the port is in use by another amphi, whose listening sockets may be shared", () => refused(start({ AMPHI_PORT: String(server.port) }), /port .*(in use|taken)/i));
test("two servers on one data folder", () => refused(start({ AMPHI_DATA: server.data }), /another amphi/));
test("an unknown key in the environment", () => refused(start({ AMPHI_PROT: "1" }), /unknown key 'prot'/));
test("a value that cannot be", () => refused(start({ AMPHI_PORT: "70000" }), /port must be a number from 0 to 65535/));

test("an unknown key in the file", () => {
  const file = `${temporaryFolder("conf")}/amphi.conf`;
  writeFileSync(file, "colour = blue\n");
  chmodSync(file, 0o644);
  refused(start({}, ["serve", "--config", file]), /unknown key 'colour'/);
});

test("a certificate that does not fit its key", () => {
  const folder = temporaryFolder("pair");
  execFileSync("openssl", ["ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", `${folder}/key.pem`]);
  chmodSync(`${folder}/key.pem`, 0o644);
  refused(start({ AMPHI_KEY: `${folder}/key.pem` }), /certificate/i);
});

test("a database of a newer schema", () => {
  const folder = `${temporaryFolder("mig")}/migrations`;
  cpSync(`${root}migrations`, folder, { recursive: true });
  const files = execFileSync("ls", [folder], { encoding: "utf8" }).trim().split("\n");
  execFileSync("chmod", ["-R", "a+rX", folder]);
  execFileSync("rm", [`${folder}/${files.at(-1)}`]);
  refused(start({ AMPHI_MIGRATIONS: folder }), /newer/);
});

test("an applied migration that was edited", () => {
  const folder = `${temporaryFolder("mig")}/migrations`;
  cpSync(`${root}migrations`, folder, { recursive: true });
  writeFileSync(`${folder}/0001_organisations.sql`, `${readFileSync(`${folder}/0001_organisations.sql`)}-- edited\n`);
  execFileSync("chmod", ["-R", "a+rX", folder]);
  refused(start({ AMPHI_MIGRATIONS: folder }), /0001_organisations/);
});

test("a database that cannot be reached", () => refused(start({ DATABASE_URL: "postgresql:///x?host=/nonexistent" }), /database/));

test("no free space for the private cluster", { skip: process.getuid() !== 0 && "needs root for a tmpfs" }, () => {
  const folder = temporaryFolder("full");
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=2m,mode=777", "tmpfs", folder]);
  onCleanup(() => execFileSync("umount", [folder]));
  refused(start({ AMPHI_DATA: `${folder}/var`, DATABASE_URL: "" }), /space/i);
});

test("the libuv plugin of libwebsockets is missing", { skip: spawnSync("unshare", ["-m", "true"]).status !== 0 && "needs a mount namespace of its own" }, () => {
  const plugin = execFileSync("sh", ["-c", "dpkg -L libwebsockets-evlib-uv | grep '\\.so'"], { encoding: "utf8" }).trim().split("\n")[0];
  const run = spawnSync("unshare", ["-m", "sh", "-c", `mount --bind /dev/null ${plugin} && exec ${binary} serve`], { cwd: root, env: environment(), timeout: 20000, encoding: "utf8" });
  refused({ status: run.status, line: run.stderr.trim() }, /libwebsockets-evlib-uv/);
});

test("alive, ready, help and version", async () => {
  assert.equal((await request({ port: server.port, path: "/healthz" })).status, 200);
  assert.equal((await request({ port: server.port, path: "/readyz" })).status, 200);
  for (const args of [["--help"], ["--version"], ["check-config"]]) assert.equal(start({}, args).status, 0);
});

test("a first organisation without sample data", () => {
  const made = start({}, ["admin", "create-organisation", "--name", "Réel", "--contact", "contact@example.org", "--organiser", "chef@example.org", "--organiser-name", "Chef", "--language", "fr"]);
  assert.equal(made.status, 0, made.line);
  assert.match(made.out, /https:\/\/[^ ]+\/sign-in#[A-Za-z0-9_-]{43}/);
  assert.deepEqual(pg.sql("SELECT o.name, r.role FROM organisation o JOIN role_grant r ON r.organisation_id = o.id"), [["Réel", "organiser"]]);
  refused(start({}, ["admin", "create-organisation", "--name", "", "--contact", "x", "--organiser", "y", "--organiser-name", "z"]), /./);
});

test("a second factor that nobody else can take off", () => {
  const reset = (address) => start({}, ["admin", "reset-factors", "--organiser", address]);
  refused(reset("chef@example.org"), /no account of this address has a second factor/);
  refused(reset("chef"), /no e-mail address/);
  pg.sql("INSERT INTO account_totp (account_id, organisation_id, secret, confirmed_at) SELECT id, organisation_id, '', now() FROM account WHERE email = 'chef@example.org'");
  const done = reset("Chef@Example.org");
  assert.equal(done.status, 0, done.line);
  assert.deepEqual(pg.sql("SELECT count(*) FROM account_totp"), [["0"]]);
  assert.deepEqual(pg.sql("SELECT actor_kind FROM audit_log WHERE action = 'account.factor_reset'"), [["admin"]]);
});

test("what organisations store is listed and bounded", () => {
  assert.match(start({}, ["admin", "storage"]).out, / 0\.0 MB of +20480 MB +Réel$/m);
  assert.match(start({}, ["admin", "storage", "--name", "Réel", "--mb", "0"]).out, /no bound \(its own\) +Réel$/m);
  assert.deepEqual(pg.sql("SELECT storage_mb FROM organisation"), [["0"]]);
  for (const bad of [["--name", "Réel"], ["--name", "Réel", "--mb", "-1"], ["--name", "Réel", "--mb", "1x"], ["--name", "Nobody", "--mb", "1"]]) refused(start({}, ["admin", "storage", ...bad]), /quota|--mb/);
});
