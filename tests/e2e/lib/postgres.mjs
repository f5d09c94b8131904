// A private PostgreSQL for one test program: unix socket only, in a short temporary folder.
import { execFileSync } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { onCleanup } from "./cleanup.mjs";

const isRoot = process.getuid() === 0;

function binaries() {
  const versions = readdirSync("/usr/lib/postgresql").map(Number).filter((v) => v >= 14);
  return `/usr/lib/postgresql/${Math.max(...versions)}/bin`;
}

export function unprivileged(command, args, options = {}) {
  const prefix = isRoot ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"] : [];
  const [program, ...rest] = [...prefix, command, ...args];
  return String(execFileSync(program, rest, { stdio: ["ignore", "pipe", "pipe"], ...options }) ?? "");
}

export function temporaryFolder(name) {
  const folder = mkdtempSync(`/tmp/amphi-${name}-`);
  if (isRoot) {
    const [uid, gid] = execFileSync("sh", ["-c", "id -u postgres; id -g postgres"]).toString().split("\n").map(Number);
    chownSync(folder, uid, gid);
  }
  onCleanup(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export class Postgres {
  constructor({ durable = false } = {}) {
    this.folder = temporaryFolder("pg");
    this.bin = binaries();
    this.durable = durable;
    unprivileged(`${this.bin}/initdb`, ["-D", `${this.folder}/data`, "-A", "trust", "-U", "amphi", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]);
    this.start();
    onCleanup(() => this.stop("immediate"));
    unprivileged(`${this.bin}/createdb`, ["-h", this.folder, "-U", "amphi", "amphi"]);
    this.url = `postgresql:///amphi?host=${this.folder}&user=amphi`;
  }

  start() {
    const options = `-c listen_addresses='' -k ${this.folder}${this.durable ? "" : " -c fsync=off"}`;
    unprivileged(`${this.bin}/pg_ctl`, ["-D", `${this.folder}/data`, "-o", options, "-l", `${this.folder}/log`, "-w", "start"], { stdio: "ignore" });
  }

  stop(mode = "fast") {
    if (existsSync(`${this.folder}/data/postmaster.pid`))
      unprivileged(`${this.bin}/pg_ctl`, ["-D", `${this.folder}/data`, "-m", mode, "-w", "stop"], { stdio: "ignore" });
  }

  // Rows as arrays of strings; null is \N.
  sql(text) {
    const out = execFileSync("psql", [this.url, "-X", "-q", "-A", "-t", "-F", "\t", "-P", "null=\\N", "-v", "ON_ERROR_STOP=1", "-1", "-f", "-"], { input: text, maxBuffer: 1 << 28 }).toString();
    return out.split("\n").filter((line) => line !== "").map((line) => line.split("\t"));
  }
}
