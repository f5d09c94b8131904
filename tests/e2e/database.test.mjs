// Rule: migrations run as the owner of the database, everything else as the application's role, which is no
// superuser; with one URL everything runs as that role.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import net from "node:net";
import { after, test } from "node:test";
import { cleanup } from "./lib/cleanup.mjs";
import { request } from "./lib/http.mjs";
import { root } from "./lib/need.mjs";
import { organisation } from "./lib/people.mjs";
import { Database, Postgres, rolesOf, temporaryFolder, unprivileged } from "./lib/postgres.mjs";
import { Server } from "./lib/server.mjs";

const binary = `${root}build/release/amphi`;
after(cleanup);

// Who is connected, and to whom the tables belong.
const roles = (pg) => pg.sql("SELECT DISTINCT usename FROM pg_stat_activity WHERE application_name = 'amphi'").flat();
const owners = (pg) => pg.sql("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'").flat();

async function serves(server, pg) {
  const o = organisation(pg, "Un");
  const made = await request({ port: server.port, method: "POST", path: "/api/congresses", cookie: o.staff.organiser.cookie, body: { title: "T", description: "", language: "fr", time_zone: "Europe/Paris" } });
  assert.equal(made.status, 201, made.text);
}

test("two roles: the owner migrates, the application does the rest", async () => {
  const pg = new Postgres({ empty: true });
  const server = await new Server({ database: pg }).start();
  assert.deepEqual([roles(pg), owners(pg)], [["amphi_app"], ["amphi_owner"]]);
  await serves(server, pg);
});

test("one role does everything", async () => {
  const pg = new Postgres({ empty: true });
  const server = await new Server({ env: { DATABASE_URL: pg.ownerUrl } }).start();
  assert.deepEqual([roles(pg), owners(pg)], [["amphi_owner"], ["amphi_owner"]]);
  await serves(server, pg);
});

test("the application alone serves a database that is migrated, and says so where it is not", async () => {
  const pg = new Postgres({ empty: true });
  const env = { PATH: process.env.PATH, DATABASE_URL: pg.applicationUrl, AMPHI_DATA: temporaryFolder("alone") };
  const run = spawnSync(binary, ["serve"], { cwd: root, env, timeout: 20000, encoding: "utf8" });
  assert.equal(run.status, 1);
  assert.match(run.stderr, /schema_migration/);
  await (await new Server({ database: pg }).start()).kill();
  await serves(await new Server({ env: { DATABASE_URL: pg.applicationUrl } }).start(), pg);
});

test("amphi migrate brings the database to this version, again without harm, and only by who may", async () => {
  const pg = new Postgres({ empty: true });
  const env = { PATH: process.env.PATH, AMPHI_DATA: temporaryFolder("migrate") };
  const migrate = (urls) => spawnSync(binary, ["migrate"], { cwd: root, env: { ...env, ...urls }, timeout: 60000, encoding: "utf8" });
  const refused = migrate({ DATABASE_URL: pg.applicationUrl });
  assert.deepEqual([refused.status, /schema_migration/.test(refused.stderr)], [1, true]);
  for (let time = 0; time < 2; time++) assert.deepEqual([migrate(rolesOf(pg)).status, owners(pg)], [0, ["amphi_owner"]]);
  await serves(await new Server({ env: { DATABASE_URL: pg.applicationUrl } }).start(), pg);
});

test("an owner without a database is a mistake", () => {
  const run = spawnSync(binary, ["check-config"], { cwd: root, env: { PATH: process.env.PATH, AMPHI_DATABASE_OWNER_URL: "postgresql:///x" }, encoding: "utf8" });
  assert.equal(run.status, 1);
  assert.match(run.stderr, /database_owner_url is set and database_url is not/);
});

test("the private cluster: its URL is the owner's, who can dump everything; the server is not", { timeout: 60000 }, async () => {
  const server = await new Server({}).start();
  const url = execFileSync(binary, ["admin", "database-url"], { cwd: root, env: server.environment(), encoding: "utf8" }).trim();
  assert.match(url, /user=amphi_owner&/);
  const pg = new Database(url);
  assert.deepEqual([roles(pg), owners(pg)], [["amphi_app"], ["amphi_owner"]]);
  await serves(server, pg);
  assert.match(execFileSync("pg_dump", [url], { encoding: "utf8" }), /COPY public\.session_event /);
});

async function freePort() {
  const server = net.createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

// A certificate for db.example.test that vouches for itself, readable by the database's user alone.
function certificate() {
  const folder = temporaryFolder("db-cert");
  const tls = { certificate: `${folder}/cert.pem`, key: `${folder}/key.pem` };
  unprivileged("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=db.example.test",
    "-addext", "subjectAltName=DNS:db.example.test", "-keyout", tls.key, "-out", tls.certificate]);
  return tls;
}

// 0.0.0.0 leads to this machine and is no loopback address: it stands for another one.
test("another machine: TLS with its name verified, whether said or not, and nothing less", { timeout: 60000 }, async () => {
  const tls = { ...certificate(), port: await freePort() };
  const pg = new Postgres({ tls, empty: true });
  const url = (role, more, host = "db.example.test") => `postgresql://${role}@/amphi?host=${host}&hostaddr=0.0.0.0&port=${tls.port}&sslrootcert=${tls.certificate}${more}`;
  const at = (more, host) => ({ DATABASE_URL: url("amphi_app", more, host), AMPHI_DATABASE_OWNER_URL: url("amphi_owner", more, host) });
  const refused = (env, pattern) => {
    const run = spawnSync(binary, ["serve"], { cwd: root, env: { PATH: process.env.PATH, AMPHI_DATA: temporaryFolder("tls"), ...env }, timeout: 20000, encoding: "utf8" });
    assert.equal(run.status, 1, run.stderr);
    assert.match(run.stderr, pattern);
    assert.equal(run.stderr.trim().split("\n").length, 1, run.stderr);
  };
  for (const more of ["", "&sslmode=verify-full"]) {
    const server = await new Server({ env: at(more) }).start();
    const links = pg.sql("SELECT DISTINCT usename, ssl FROM pg_stat_activity JOIN pg_stat_ssl USING (pid) WHERE application_name = 'amphi'");
    assert.deepEqual(links, [["amphi_app", "t"]]);
    await server.kill();
  }
  refused(at("&sslmode=require"), /0\.0\.0\.0 is not this machine, and sslmode=require is weaker/);
  refused({ ...at(""), PGSSLMODE: "prefer" }, /sslmode=prefer is weaker/);
  refused(at("", "other.example.test"), /does not match host name "other\.example\.test"/);
  refused({ DATABASE_URL: url("amphi_app", "").replace(/&sslrootcert=[^&]*/, "") }, /root certificate/);
});
