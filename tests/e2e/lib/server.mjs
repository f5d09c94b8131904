// Starts the real server binary on a free port, finds its mails, stops or kills it.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { createInterface } from "node:readline";
import { onCleanup, waitFor } from "./cleanup.mjs";
import { decodeMail } from "./mail_reader.mjs";
import { root } from "./need.mjs";
import { startPair } from "./pair.mjs";
import { rolesOf, temporaryFolder } from "./postgres.mjs";

// Another day, by libfaketime: LD_PRELOAD=…/libfaketime.so.1 FAKETIME=+40d node --test … The database inherits it anyway.
// What is rendered then fails: libfaketime also moves the processor time of other processes.
function otherDay() {
  const { LD_PRELOAD, FAKETIME } = process.env;
  return FAKETIME ? { LD_PRELOAD, FAKETIME } : {};
}

export class Server {
  // wrapper: a command and its arguments that run the binary, as prlimit does.
  constructor({ database, env = {}, args = [], port = 0, binary = `${root}${process.env.BUILD ?? "build/release"}/amphi`, data = temporaryFolder("data"), wrapper = [], pair = process.env.NODES === "2" }) {
    this.data = data;
    this.wrapper = wrapper;
    this.database = database;
    this.env = env;
    this.args = args;
    this.port = port;
    this.binary = binary;
    this.log = [];
    this.pair = pair;
    this.nodes = []; // those of a pair
    this.keys = certificate();
    onCleanup(() => this.kill("SIGKILL"));
  }

  environment() {
    return {
      PATH: process.env.PATH,
      ...otherDay(),
      AMPHI_DATA: this.data,
      AMPHI_PORT: String(this.port),
      AMPHI_METRICS_PORT: "0",
      AMPHI_CERTIFICATE: this.keys.certificate,
      AMPHI_KEY: this.keys.key,
      AMPHI_WEB: `${root}web/dist`,
      AMPHI_MIGRATIONS: `${root}migrations`,
      AMPHI_SAMPLE: `${root}sample`,
      ...(this.database ? rolesOf(this.database) : {}),
      ...this.env,
    };
  }

  #node(env, data) {
    const { database, args, binary, wrapper } = this;
    return new Server({ database, env, args, binary, data, wrapper, pair: false });
  }

  async start() {
    if (this.pair) return startPair(this, (env, data) => this.#node(env, data));
    const [program, ...args] = [...this.wrapper, this.binary, "serve", ...this.args];
    this.process = spawn(program, args, { env: this.environment(), cwd: root, stdio: ["ignore", "pipe", "inherit"] });
    this.exited = new Promise((resolve) => this.process.on("exit", (code, signal) => resolve({ code, signal })));
    createInterface({ input: this.process.stdout }).on("line", (line) => this.#read(line));
    let end = null;
    this.exited.then((how) => (end = how));
    this.ready = null;
    const ready = await waitFor("the server to be ready", () => this.ready ?? (end && assert.fail(this.#endedAtStart(end))), 60000);
    this.port = ready.port;
    this.metricsPort = ready.metrics_port;
    this.url = `https://localhost:${this.port}`;
    return this;
  }

  #endedAtStart({ code, signal }) {
    return `server ended at start: ${code ?? signal}\n${this.log.slice(-5).map((l) => JSON.stringify(l)).join("\n")}`;
  }

  #read(line) {
    let entry;
    try {
      entry = JSON.parse(line);
    } catch {
      entry = { text: line };
    }
    this.log.push(entry);
    if (entry.event === "server.ready") this.ready = entry;
    this.onLine?.(entry);
  }

  async kill(signal = "SIGTERM") {
    await Promise.all(this.nodes.map((node) => node.kill(signal)));
    if (!this.process || this.process.exitCode !== null || this.process.signalCode !== null) return;
    this.process.kill(signal);
    await this.exited;
  }

  // Mails as {to, subject, text, html} in the order they were written.
  mails() {
    const folder = `${this.data}/mail`;
    if (!existsSync(folder)) return [];
    return readdirSync(folder).filter((f) => f.endsWith(".eml")).sort().map((f) => decodeMail(`${folder}/${f}`));
  }

  // The newest link /page#token in a mail to this address; undefined: none came yet.
  mailed(to, page) {
    const pattern = new RegExp(`https://[^\\s"<>]+/${page}#[A-Za-z0-9_-]+`);
    const mail = this.mails().filter((m) => m.to.includes(to) && pattern.test(m.text)).pop();
    return mail?.text.match(pattern)[0];
  }

  async link(to, page) {
    return waitFor(`a mail with a ${page} link to ${to}`, () => this.mailed(to, page));
  }
}

let keys;
export function certificate() {
  if (keys) return keys;
  const folder = temporaryFolder("cert");
  keys = { certificate: `${folder}/server.pem`, key: `${folder}/server.key.pem` };
  execFileSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=localhost",
    "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", keys.key, "-out", keys.certificate], { stdio: "ignore" });
  execFileSync("chmod", ["644", keys.key]);
  return keys;
}

export const readText = (file) => readFileSync(file, "utf8");
