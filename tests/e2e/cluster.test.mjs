// Rule: `make cluster` starts three nodes, NATS, a database with a synchronous standby and haproxy, serves the sample through
// haproxy, goes on when a node dies, lists its nodes, and leaves no process behind, however it ends.
import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { after, before, test } from "node:test";
import { cleanup, onCleanup, waitFor } from "./lib/cleanup.mjs";
import { freePort, skip as noHaproxy } from "./lib/haproxy.mjs";
import { request } from "./lib/http.mjs";
import { hasNats } from "./lib/nats.mjs";
import { root } from "./lib/need.mjs";
import { temporaryFolder } from "./lib/postgres.mjs";
import { certificate } from "./lib/server.mjs";

const skip = noHaproxy ? `SKIPPED: ${noHaproxy}` : hasNats ? false : "SKIPPED: nats-server is not installed";
let cluster;
after(cleanup);

// Eight ports in a row.
async function freePorts() {
  for (;;) {
    const first = await freePort();
    const used = new Set(["tcp", "tcp6"].flatMap((file) => readFileSync(`/proc/net/${file}`, "utf8").split("\n").slice(1).map((line) => parseInt(line.split(":")[2], 16))));
    if (first < 65000 && [...Array(8).keys()].every((i) => !used.has(first + i))) return first;
  }
}

const alive = (pid) => existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));

class Cluster {
  constructor(port) {
    Object.assign(this, { port, data: temporaryFolder("cluster") });
    onCleanup(() => this.process?.kill("SIGKILL"));
  }

  async start() {
    this.said = "";
    const keys = certificate();
    const env = { PATH: process.env.PATH, AMPHI_DATA: this.data, CLUSTER_PORT: String(this.port), AMPHI_CERTIFICATE: keys.certificate, AMPHI_KEY: keys.key };
    this.process = spawn(`${root}server/cluster.sh`, { cwd: root, env, stdio: ["ignore", "pipe", "pipe"] });
    this.exited = new Promise((resolve) => this.process.on("close", (code, signal) => resolve({ code, signal })));
    for (const out of [this.process.stdout, this.process.stderr]) out.on("data", (text) => (this.said += text));
    await Promise.race([waitFor("the cluster", () => this.said.includes("Ctrl-C stops everything"), 60000), this.exited.then(() => Promise.reject(new Error(this.said)))]);
    this.pids = Object.fromEntries([...this.said.matchAll(/^ {2}(\w+) +process (\d+)$/gm)].map(([, name, pid]) => [name, Number(pid)]));
    return this;
  }

  // Every process that works in its folders.
  left() {
    return readdirSync("/proc").filter((pid) => {
      try {
        return /^\d+$/.test(pid) && alive(pid) && (readFileSync(`/proc/${pid}/environ`, "latin1").includes(this.data) || readFileSync(`/proc/${pid}/cmdline`, "latin1").includes(this.data));
      } catch {
        return false; // gone meanwhile
      }
    });
  }

  sql(text) {
    const [, host] = /psql -h (\S+)\/standby/.exec(this.said);
    return execFileSync("psql", ["-XqAt", "-U", "postgres", "-h", `${host}/primary`, "-d", "amphi", "-c", text]).toString().trim();
  }

  nodes() {
    const [, url] = /DATABASE_URL="([^"]+)"/.exec(this.said);
    const { status, stdout } = spawnSync(`${root}build/release/amphi`, ["nodes"], { env: { DATABASE_URL: url } });
    return { status, out: stdout.toString() };
  }
}

const ready = async () => (await request({ port: cluster.port, path: "/readyz" }).catch(() => null))?.status === 200;

before(async () => {
  if (!skip) cluster = await new Cluster(await freePorts()).start();
});

test("the sample is served through haproxy, with sign-in links", { skip, timeout: 30000 }, async () => {
  assert.ok(await ready());
  const page = await request({ port: cluster.port, path: "/" });
  assert.equal(page.status, 200);
  const [, token] = /HCP +https:\/\/localhost:\d+\/join#(\S+)/.exec(cluster.said);
  assert.ok(token);
  assert.equal(cluster.sql("SELECT count(*) FROM node WHERE stopped_at IS NULL"), "3");
  assert.equal(cluster.sql("SELECT sync_state FROM pg_stat_replication"), "sync");
  assert.equal(readdirSync(`${cluster.data}/cluster`).includes("secret.key"), true);
  for (const node of "abc") assert.equal(existsSync(`${cluster.data}/cluster/${node}/secret.key`), false);
});

// Rows of a table of columns that are apart by two spaces or more.
const listed = (text) => Object.fromEntries(text.trim().split("\n").slice(1).map((line) => {
  const [name, state, age, , rooms, members, missed, bus, apart, skew, unit, since, build, address] = line.trim().split(/\s+/);
  return [name, { state, age: Number(age), rooms, members, missed, bus, apart, skew: Number(skew), unit, since, build, address }];
}));

test("amphi nodes lists them, with what each has", { skip, timeout: 30000 }, async () => {
  const all = listed(cluster.nodes().out);
  assert.deepEqual(Object.keys(all), ["a", "b", "c"]);
  for (const [i, node] of Object.values(all).entries()) {
    assert.deepEqual([node.state, node.bus, node.apart, node.unit, node.address], ["lives", "4", "0", "ms", `127.0.0.1:${cluster.port + 1 + i}`], JSON.stringify(node));
    assert.ok(node.age < 2.5 && Math.abs(node.skew) < 500 && Date.now() - Date.parse(node.since) < 60000, JSON.stringify(node));
  }
});

test("a node that is killed is not asked any more, and the others go on", { skip, timeout: 30000 }, async () => {
  process.kill(cluster.pids.b, "SIGKILL");
  await waitFor("it to be said", () => cluster.said.includes("b has ended"));
  for (let i = 0; i < 10; i++) await waitFor("an answer", ready);
  const away = await waitFor("it to be away", () => (({ status, out }) => status === 1 && out)(cluster.nodes()));
  assert.equal(listed(away).b.state, "away");
});

test("the end leaves no process and no socket behind", { skip, timeout: 30000 }, async () => {
  cluster.process.kill("SIGINT");
  assert.deepEqual(await cluster.exited, { code: 0, signal: null }, cluster.said);
  assert.deepEqual(cluster.left(), []);
  assert.equal(existsSync(/(\/tmp\/amphi-cluster-\w+)\/standby/.exec(cluster.said)[1]), false);
});

test("it starts again on what it has, and ends when what started it is killed", { skip, timeout: 60000 }, async () => {
  await cluster.start();
  assert.ok(await ready());
  assert.equal(cluster.sql("SELECT count(*) FROM organisation"), "1");
  cluster.process.kill("SIGKILL");
  await waitFor("all to end", () => cluster.left().length === 0);
  rmSync(/-h (\S+)\/standby/.exec(cluster.said)[1], { recursive: true });
});
