// The servers that are measured, behind one face:
//   name, available() → true or why not, start({tls, pingMs}), stop(), cpu() ns, resident() bytes,
//   target() for the generator, join(gen, n), publisher(gen) → slot, events(count, per) for publish.
// Each runs alone on processor 0 (taskset); everything else is on processor 1.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import net from "node:net";
import { createInterface } from "node:readline";
import { onCleanup, waitFor } from "../../e2e/lib/cleanup.mjs";
import { root } from "../../e2e/lib/need.mjs";
import { Server } from "../../e2e/lib/server.mjs";
import { cpuNs, residentBytes, tree } from "./cpu.mjs";
import { amphiTarget } from "./generator.mjs";
import { PAGES } from "./stage.mjs";

const ALONE = ["taskset", "-c", "0"];

class Measured {
  constructor(context) {
    this.context = context;
  }

  available() {
    return true;
  }

  cpu() {
    return cpuNs(tree(this.pid));
  }

  resident() {
    return residentBytes(tree(this.pid));
  }

  target() {
    return { speaks: "plain", tls: this.tls, port: this.port, host: `localhost:${this.port}`, origin: `http://localhost:${this.port}` };
  }

  async join(gen, n) {
    await gen.run("target", this.target());
    return gen.connect(n);
  }

  async publisher(gen) {
    return (await gen.connect(1, { path: "/pub", member: false })).first;
  }

  // The same text, and so the same number of bytes, as amphi's own event.
  events(count, per = 1) {
    return Array.from({ length: count }, () => Array(per).fill(this.context.eventText));
  }

  async spawn(command, args, env = {}) {
    this.process = spawn(ALONE[0], [...ALONE.slice(1), command, ...args], { stdio: ["pipe", "pipe", "inherit"], env: { ...process.env, ...env } });
    this.pid = this.process.pid;
    this.exited = new Promise((resolve) => this.process.on("exit", resolve));
    onCleanup(() => this.stop());
  }

  // A server that says its port in its first line.
  async spawnAndHear(command, args) {
    await this.spawn(command, args);
    const line = await new Promise((resolve, reject) => {
      createInterface({ input: this.process.stdout }).once("line", resolve);
      this.exited.then((code) => reject(new Error(`${this.name} ended: ${code}`)));
    });
    this.heard = JSON.parse(line);
    this.port = this.heard.port;
  }

  async stop() {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    this.process.kill("SIGKILL");
    await this.exited;
  }
}

export class Amphi extends Measured {
  name = "amphi";

  // binary: another build's.
  constructor(context, binary = `${context.build}/amphi`) {
    super(context);
    this.binary = binary;
  }

  async start({ tls, pingMs = 15000, env = {} }) {
    const { stage } = this.context;
    this.tls = tls;
    this.stage = stage;
    this.server = await new Server({
      database: stage.pg,
      binary: this.binary,
      wrapper: ALONE,
      env: { AMPHI_LOOPS: "1", AMPHI_TLS: String(tls), AMPHI_PING_MS: String(pingMs), AMPHI_DRAIN_MS: "1000", ...env },
    }).start();
    this.pid = this.server.process.pid;
    this.port = this.server.port;
    return this;
  }

  target() {
    return amphiTarget({ port: this.port, tls: this.tls, session: this.stage.organisation.session });
  }

  async join(gen, n) {
    await gen.run("target", this.target());
    return gen.connect(n, { cookies: this.stage.cookies });
  }

  async publisher(gen) {
    this.version = this.stage.sessionVersion();
    this.moves = 0;
    const cookies = this.stage.file("host", [this.stage.organisation.staff.host.cookie]);
    return (await gen.connect(1, { cookies, member: false })).first;
  }

  // Slide moves of the host, who counts the version up; pages of two digits, so that sizes are equal.
  events(count, per = 1) {
    const move = () => {
      const id = 100 + this.moves;
      const page = 10 + (this.moves++ % (PAGES - 10));
      return JSON.stringify({ id, command: "slide.move", data: { version: this.version++, deck: this.stage.deck, page } });
    };
    return Array.from({ length: count }, () => Array.from({ length: per }, move));
  }

  async stop() {
    await this.server.kill();
  }
}

// amphi without a database, and with a feature that lets hosts publish live media (studio.c).
export class Studio extends Measured {
  name = "amphi";

  async start({ tls }) {
    this.tls = tls;
    await this.spawnAndHear(`${this.context.build}/bench/studio`, tls ? [this.context.keys.certificate, this.context.keys.key] : []);
    return this;
  }

  target() {
    return amphiTarget({ port: this.port, tls: this.tls, session: this.heard.session });
  }

  // 40 tabs a person.
  async join(gen, n) {
    const tokens = Array.from({ length: n }, (_, i) => `h${String(Math.floor(i / 40)).padStart(4, "0")}`.padEnd(43, "x"));
    await gen.run("target", this.target());
    return gen.connect(n, { cookies: this.context.stage.file("tokens", tokens) });
  }

  async publisher(gen) {
    const cookies = this.context.stage.file("speaker", ["S".repeat(43)]);
    return (await gen.connect(1, { cookies, path: "/publish", member: false })).first;
  }
}

export class Raw extends Measured {
  name = "raw";

  async start({ tls, pingMs = 0 }) {
    this.tls = tls;
    const { certificate, key } = this.context.keys;
    await this.spawnAndHear(`${this.context.build}/bench/raw`, ["--ping-ms", String(pingMs), ...(tls ? ["--certificate", certificate, "--key", key] : [])]);
    return this;
  }
}

export class Ws extends Measured {
  name = "ws";

  async start({ tls, pingMs = 0 }) {
    this.tls = tls;
    const options = { ping_ms: pingMs, ...(tls ? this.context.keys : {}) };
    await this.spawnAndHear(process.execPath, [`${root}tests/bench/ws_server.mjs`, JSON.stringify(options)]);
    return this;
  }
}

const freePort = () =>
  new Promise((resolve) => {
    const server = net.createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

const NCHAN = "/usr/lib/nginx/modules/ngx_nchan_module.so";

export class Nchan extends Measured {
  name = "nchan";

  available() {
    return existsSync(NCHAN) && existsSync("/usr/sbin/nginx") ? true : "SKIPPED: Debian's nginx-light and libnginx-mod-nchan are not installed";
  }

  async start({ tls, pingMs = 0 }) {
    this.tls = tls;
    this.folder ??= mkdtempSync("/tmp/amphi-nchan-");
    onCleanup(() => rmSync(this.folder, { recursive: true, force: true }));
    this.port = await freePort();
    this.publishPort = await freePort();
    writeFileSync(`${this.folder}/nginx.conf`, this.#configuration(tls, pingMs));
    await this.spawn("/usr/sbin/nginx", ["-e", `${this.folder}/error.log`, "-p", this.folder, "-c", `${this.folder}/nginx.conf`]);
    this.process.stdout.resume();
    await waitFor("nginx to listen", () => new Promise((resolve) => net.connect(this.publishPort, "127.0.0.1").on("connect", function () { this.destroy(); resolve(true); }).on("error", () => resolve(false))));
    return this;
  }

  #configuration(tls, pingMs) {
    const { certificate, key } = this.context.keys;
    return `load_module ${NCHAN};
${process.getuid() === 0 ? "user root;" : ""}
daemon off; worker_processes 1; worker_rlimit_nofile 20000; pid ${this.folder}/pid; error_log ${this.folder}/error.log;
events { worker_connections 19950; use epoll; }
http {
  access_log off; client_body_temp_path ${this.folder}/body; proxy_temp_path ${this.folder}/proxy; fastcgi_temp_path ${this.folder}/f; uwsgi_temp_path ${this.folder}/u; scgi_temp_path ${this.folder}/s;
  nchan_shared_memory_size 256M; keepalive_requests 1000000; tcp_nodelay on;
  ${tls ? `ssl_certificate ${certificate}; ssl_certificate_key ${key}; ssl_protocols TLSv1.3; ssl_ecdh_curve X25519; ssl_session_cache off; ssl_buffer_size 4k;` : ""}
  server { listen 127.0.0.1:${this.port} ${tls ? "ssl" : ""} backlog=4096;
    location = /live { nchan_subscriber websocket; nchan_channel_id bench; nchan_subscriber_first_message newest; ${pingMs ? `nchan_websocket_ping_interval ${Math.round(pingMs / 1000)};` : ""} } }
  server { listen 127.0.0.1:${this.publishPort};
    location = /pub { nchan_publisher http; nchan_channel_id bench; nchan_message_buffer_length 20; } }
}
`;
  }

  async publisher(gen) {
    return (await gen.connect(1, { bytes: true, port: this.publishPort, member: false })).first;
  }

  events(count, per = 1) {
    const text = this.context.eventText;
    const post = `POST /pub HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
    return Array.from({ length: count }, () => Array(per).fill(post));
  }

  // The master ends its worker when asked, not when killed.
  async stop() {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    this.process.kill("SIGTERM");
    await this.exited;
  }

  errors() {
    return readFileSync(`${this.folder}/error.log`, "utf8").split("\n").filter(Boolean);
  }
}
