// A private PostgreSQL for one test program: unix socket only, in a short temporary folder.
import { execFile, execFileSync } from "node:child_process";
import { chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { onCleanup } from "./cleanup.mjs";
import { root } from "./need.mjs";
import { Psql } from "./psql.mjs";
import { Lost } from "./resident.mjs";

const isRoot = process.getuid() === 0;

function binaries() {
  const versions = readdirSync("/usr/lib/postgresql").map(Number).filter((v) => v >= 14);
  return `/usr/lib/postgresql/${Math.max(...versions)}/bin`;
}

const psql = `${binaries()}/psql`; // Debian's command of that name is a script, four times as slow to start

const asPostgres = isRoot ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"] : [];

export function unprivileged(command, args, options = {}) {
  const [program, ...rest] = [...asPostgres, command, ...args];
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

// The settings of a server with the two roles that README.md describes.
export function rolesOf(database) {
  return { DATABASE_URL: database.applicationUrl, AMPHI_DATABASE_OWNER_URL: database.ownerUrl };
}

// Any database, by its URL.
export class Database {
  constructor(url) {
    this.url = url;
  }

  // Rows as arrays of strings; null is \N. In one transaction.
  sql(text) {
    return this.#run(text).split("\n").filter((line) => line !== "").map((line) => line.split("\t"));
  }

  // A server that was started again, or one that takes writes now, is connected to anew.
  #run(text) {
    const kept = this.psql;
    this.psql ??= new Psql(psql, this.url, temporaryFolder("psql"));
    try {
      return this.psql.run(text);
    } catch (error) {
      if (!(error instanceof Lost)) throw error;
      this.psql.close();
      this.psql = null;
      if (kept) return this.#run(text);
      throw error;
    }
  }
}

// Of the cluster in a data folder: the postmaster first, then its children.
export function processes(data) {
  const postmaster = Number(readFileSync(`${data}/postmaster.pid`, "utf8").split("\n")[0]);
  const children = readdirSync("/proc").filter((pid) => {
    try {
      return Number(readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\) /s, "").split(" ")[1]) === postmaster;
    } catch {
      return false; // no process, or gone meanwhile
    }
  });
  return [postmaster, ...children.map(Number)];
}

const copyTree = (from, to) => execFileSync("cp", ["-a", from, to]);

// An empty cluster of this version and user, made once by initdb, which takes a second; each test begins
// with a copy. Two that make it at the same time: the first that is done wins.
function template(bin) {
  const version = /[\d.]+/.exec(unprivileged(`${bin}/initdb`, ["--version"]))[0];
  const made = `${root}build/postgres/${version}-${process.getuid()}`;
  if (existsSync(made)) return made;
  const folder = temporaryFolder("initdb");
  unprivileged(`${bin}/initdb`, ["-D", `${folder}/data`, "-A", "trust", "-U", "amphi", "-E", "UTF8", "--locale=C.UTF-8"]);
  mkdirSync(dirname(made), { recursive: true });
  const mine = mkdtempSync(`${made}-`);
  copyTree(`${folder}/data`, `${mine}/data`);
  try {
    renameSync(`${mine}/data`, made);
  } catch (error) {
    if (!["ENOTEMPTY", "EEXIST"].includes(error.code)) throw error;
  }
  rmSync(mine, { recursive: true });
  return made;
}

export class Postgres extends Database {
  // tls: {port, certificate, key}, to be reached by TCP too, by TLS where a client asks for it.
  constructor({ durable = false, env = {}, tls = null } = {}) {
    const folder = temporaryFolder("pg");
    const as = (role) => `postgresql:///amphi?host=${folder}&port=${tls?.port ?? 5432}&user=${role}`;
    super(as("amphi")); // a superuser: tests look and prepare as such
    this.applicationUrl = as("amphi_app");
    this.ownerUrl = as("amphi_owner");
    this.folder = folder;
    this.bin = binaries();
    this.durable = durable;
    this.env = env;
    this.tls = tls;
    copyTree(template(this.bin), `${this.folder}/data`);
    this.start();
    onCleanup(() => this.stop("immediate"));
    unprivileged(`${this.bin}/psql`, ["-Xq", this.url.replace("/amphi?", "/postgres?"), "-c", "CREATE ROLE amphi_owner LOGIN", "-c", "CREATE ROLE amphi_app LOGIN",
      "-c", "CREATE DATABASE amphi OWNER amphi_owner"]);
  }

  #starting() {
    const t = this.tls;
    const tcp = t ? `127.0.0.1 -c port=${t.port} -c ssl=on -c ssl_cert_file=${t.certificate} -c ssl_key_file=${t.key}` : "''";
    const options = `-c listen_addresses=${tcp} -k ${this.folder}${this.durable ? "" : " -c fsync=off"}`;
    const env = Object.entries(this.env).map(([name, value]) => `${name}=${value}`);
    return ["env", [...env, `${this.bin}/pg_ctl`, "-D", `${this.folder}/data`, "-o", options, "-l", `${this.folder}/log`, "-w", "start"], { stdio: "ignore" }];
  }

  start() {
    unprivileged(...this.#starting());
  }

  // Beside what the test does meanwhile; whether it started.
  startAgain() {
    const [command, args, options] = this.#starting();
    const [program, ...rest] = [...asPostgres, command, ...args];
    return new Promise((resolve) => execFile(program, rest, options, (error) => resolve(!error)));
  }

  stop(mode = "fast") {
    if (existsSync(`${this.folder}/data/postmaster.pid`))
      unprivileged(`${this.bin}/pg_ctl`, ["-D", `${this.folder}/data`, "-m", mode, "-w", "stop"], { stdio: "ignore" });
  }
}
