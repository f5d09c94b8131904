// haproxy in front of servers, as README.md has it: TCP mode, PROXY protocol v2, health by /readyz.
import { execFileSync, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import net from "node:net";
import { onCleanup, waitFor } from "./cleanup.mjs";
import { temporaryFolder } from "./postgres.mjs";

function installed() {
  try {
    return /version ([\d.]+)/.exec(execFileSync("haproxy", ["-v"]).toString())[1];
  } catch {
    return null;
  }
}
export const skip = installed() ? false : "haproxy is not installed";

// Nobody listens there now.
export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.on("error", reject);
    probe.listen(0, () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

export class Haproxy {
  // ports: of the servers; sticky: an address stays at one of them.
  constructor({ ports, port, sticky = false }) {
    Object.assign(this, { ports, port, sticky });
    this.folder = temporaryFolder("haproxy");
    this.processes = [];
    onCleanup(() => this.stop());
  }

  // A server that is gone refuses at once; one that answers late, on a busy machine, is not gone.
  #write() {
    const servers = this.ports.map((port, i) => `  server s${i + 1} 127.0.0.1:${port} send-proxy-v2 check check-ssl verify none inter 200ms fall 1 rise 1`);
    writeFileSync(`${this.folder}/haproxy.cfg`, [
      "global", `  stats socket ${this.folder}/admin.sock level admin expose-fd listeners`, "  hard-stop-after 10m",
      "defaults", "  mode tcp", "  timeout connect 3s", "  timeout client 60s", "  timeout server 60s", "  timeout check 5s", "  retries 3", "  option redispatch",
      "frontend web", `  bind :::${this.port} v4v6`, "  default_backend nodes",
      "backend nodes", "  balance leastconn", "  option httpchk", "  http-check send meth GET uri /readyz ver HTTP/1.1 hdr Host localhost", "  http-check expect status 200",
      ...(this.sticky ? ["  stick-table type ipv6 size 1m expire 30m", "  stick on src"] : []), ...servers, "",
    ].join("\n"));
  }

  #run(args) {
    const child = spawn("haproxy", ["-db", "-q", "-f", `${this.folder}/haproxy.cfg`, ...args], { stdio: ["ignore", "ignore", "inherit"] });
    const ended = new Promise((resolve) => child.on("exit", resolve));
    this.processes.push({ child, ended });
  }

  async start() {
    this.#write();
    this.#run([]);
    await this.until("UP");
    return this;
  }

  // A new process takes over the listening sockets; the old one stays until its last connection ends.
  async reload() {
    const old = this.processes.at(-1);
    this.#run(["-x", `${this.folder}/admin.sock`, "-sf", String(old.child.pid)]);
    await waitFor("the new haproxy", async () => (await this.#pid()) === this.processes.at(-1).child.pid, 10000);
    await this.until("UP");
    return old;
  }

  async #pid() {
    return Number(/^Pid: (\d+)/m.exec(await this.ask("show info").catch(() => ""))?.[1]);
  }

  // What the process that runs says to a command of its management socket.
  ask(command) {
    return new Promise((resolve, reject) => {
      let text = "";
      const socket = net.connect(`${this.folder}/admin.sock`, () => socket.end(`${command}\n`));
      socket.on("data", (bytes) => (text += bytes));
      socket.on("end", () => resolve(text));
      socket.on("error", reject);
    });
  }

  async state(n = 1) {
    const lines = (await this.ask("show stat").catch(() => "")).split("\n").map((line) => line.split(","));
    const column = lines[0].indexOf("status");
    return lines.find((line) => line[0] === "nodes" && line[1] === `s${n}`)?.[column];
  }

  until(state, n = 1) {
    return waitFor(`haproxy to find s${n} ${state}`, async () => (await this.state(n))?.startsWith(state), 20000);
  }

  stop() {
    for (const { child } of this.processes) child.kill("SIGKILL");
  }
}
