// A private PostgreSQL for one test program: unix socket only, in a short temporary folder.
import { execFile, execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, statfsSync } from "node:fs";
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

let owner; // [uid, gid] of whoever PostgreSQL runs as
export function temporaryFolder(name, where = "/tmp") {
  const folder = mkdtempSync(`${where}/amphi-${name}-`);
  if (isRoot) {
    owner ??= execFileSync("sh", ["-c", "id -u postgres; id -g postgres"]).toString().split("\n").map(Number);
    chownSync(folder, owner[0], owner[1]);
  }
  onCleanup(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

// A folder in memory where there is room: a database is a thousand files, which a disk makes and removes slowly.
function inMemory() {
  try {
    const { bavail, bsize } = statfsSync("/dev/shm");
    return bavail * bsize > 2e9 ? "/dev/shm" : "/tmp";
  } catch {
    return "/tmp";
  }
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

// A data folder under that name, made once by make(folder); each test begins with a copy. Two that make it at the same time: the first
// that is done wins.
function kept(name, make) {
  const made = `${root}build/postgres/${name}`;
  if (existsSync(made)) return made;
  const folder = temporaryFolder("kept");
  make(folder);
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

const version = (bin) => `${/[\d.]+/.exec(unprivileged(`${bin}/initdb`, ["--version"]))[0]}-${process.getuid()}`;

// A cluster of this version and user, with nothing in it. initdb takes a second.
const emptyCluster = (bin) =>
  kept(version(bin), (folder) => unprivileged(`${bin}/initdb`, ["-D", `${folder}/data`, "-A", "trust", "-U", "amphi", "-E", "UTF8", "--locale=C.UTF-8", "--wal-segsize=4"]));

// The same with the database of these migrations. They take seconds.
function migratedCluster(bin) {
  const digest = createHash("sha256");
  for (const file of readdirSync(`${root}migrations`).sort()) digest.update(file).update(readFileSync(`${root}migrations/${file}`));
  return kept(`${version(bin)}-${digest.digest("hex").slice(0, 12)}`, (folder) => {
    const pg = new Postgres({ empty: true });
    execFileSync(`${root}${process.env.BUILD ?? "build/release"}/amphi`, ["migrate"], { cwd: root, env: { PATH: process.env.PATH, ...rolesOf(pg), AMPHI_DATA: folder } });
    pg.stop();
    copyTree(`${pg.folder}/data`, `${folder}/data`);
  });
}

export class Postgres extends Database {
  // durable: what it acknowledged outlives the machine. tls: {port, certificate, key}, to be reached by TCP too, by TLS where a client asks
  // for it. empty: not migrated yet.
  constructor({ durable = false, env = {}, tls = null, empty = false } = {}) {
    const folder = temporaryFolder("pg", durable ? "/tmp" : inMemory());
    const as = (role) => `postgresql:///amphi?host=${folder}&port=${tls?.port ?? 5432}&user=${role}`;
    super(as("amphi")); // a superuser: tests look and prepare as such
    this.applicationUrl = as("amphi_app");
    this.ownerUrl = as("amphi_owner");
    this.folder = folder;
    this.bin = binaries();
    this.durable = durable;
    this.env = env;
    this.tls = tls;
    copyTree(empty ? emptyCluster(this.bin) : migratedCluster(this.bin), `${this.folder}/data`);
    this.start();
    onCleanup(() => this.stop("immediate"));
    if (empty)
      unprivileged(`${this.bin}/psql`, ["-Xq", this.url.replace("/amphi?", "/postgres?"), "-c", "CREATE ROLE amphi_owner LOGIN", "-c", "CREATE ROLE amphi_app LOGIN",
        "-c", "CREATE DATABASE amphi OWNER amphi_owner"]);
  }

  #starting() {
    const t = this.tls;
    const tcp = t ? `127.0.0.1 -c port=${t.port} -c ssl=on -c ssl_cert_file=${t.certificate} -c ssl_key_file=${t.key}` : "''";
    const options = `-c listen_addresses=${tcp} -k ${this.folder}${this.durable ? "" : " -c fsync=off -c full_page_writes=off"}`;
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
