// A NATS server on a free port, to be stopped, frozen and started again. Undefined where Debian's nats-server is not installed.
import { spawn, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { onCleanup, waitFor } from "./cleanup.mjs";
import { Postgres, temporaryFolder } from "./postgres.mjs";
import { Server } from "./server.mjs";

export const hasNats = spawnSync("nats-server", ["--version"]).status === 0;

export const freePort = () => new Promise((resolve) => {
  const server = createServer().listen(0, "127.0.0.1", () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});

export class Nats {
  // config: more lines for its configuration file.
  constructor({ config = "", userinfo = "" } = {}) {
    Object.assign(this, { config, userinfo });
    onCleanup(() => this.kill("SIGKILL"));
  }

  async start() {
    this.port ??= await freePort();
    const file = `${temporaryFolder("nats")}/nats.conf`;
    writeFileSync(file, `host: 127.0.0.1\nport: ${this.port}\n${this.config}\n`);
    this.process = spawn("nats-server", ["-c", file], { stdio: ["ignore", "ignore", "pipe"] });
    this.exited = new Promise((resolve) => this.process.on("exit", resolve));
    let said = "";
    this.process.stderr.on("data", (text) => (said += text));
    await waitFor("NATS to be ready", () => said.includes("Server is ready"));
    this.url = `nats://${this.userinfo}127.0.0.1:${this.port}`;
    return this;
  }

  async kill(signal = "SIGTERM") {
    if (!this.process || this.process.exitCode !== null || this.process.signalCode !== null) return;
    this.process.kill(signal);
    await this.exited;
  }
}

// What is no NATS: answers each connection with this, and ends it.
export async function speaking(answer, port = 0) {
  const sockets = new Set();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {}).end(answer());
  });
  await new Promise((resolve) => server.listen(port, "127.0.0.1", resolve));
  const stop = () => new Promise((resolve) => {
    sockets.forEach((socket) => socket.destroy());
    server.close(resolve);
  });
  onCleanup(stop);
  return { port: server.address().port, stop };
}

export const withoutNats = hasNats ? false : "SKIPPED: nats-server is not installed";

// Nodes of one database and NATS, `all` in the environment of each: {pg, nats, node(name, env) → a server that is not started yet}.
export async function servers(all = {}, pg = new Postgres()) {
  const nats = await new Nats().start();
  const key = `${temporaryFolder("key")}/secret.key`;
  const node = (name, env = {}) => new Server({ database: pg, env: { AMPHI_NODE_NAME: name, AMPHI_NATS_URL: nats.url, AMPHI_SECRET_KEY_FILE: key, ...all, ...env } });
  return { pg, nats, node };
}

// The same, and a, b: two that run.
export async function twoNodes(all = {}) {
  const cluster = await servers(all);
  return { ...cluster, a: await cluster.node("a").start(), b: await cluster.node("b").start() };
}
