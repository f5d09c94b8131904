// A primary and a synchronous standby of it, which change places: of two folders, whose sockets never change.
import { rmSync } from "node:fs";
import { onCleanup, waitFor } from "../../e2e/lib/cleanup.mjs";
import { Database, Postgres, processes, temporaryFolder, unprivileged } from "../../e2e/lib/postgres.mjs";

export class Pair extends Database {
  constructor() {
    const first = new Postgres();
    const folders = [first.folder, temporaryFolder("pg")];
    const both = (url) => `${url.replace(/host=[^&]*/, `host=${folders.join(",")}`)}&target_session_attrs=read-write`;
    super(both(first.url)); // whoever takes writes
    Object.assign(this, { folders, both, bin: first.bin, primary: 0, applicationUrl: both(first.applicationUrl), ownerUrl: both(first.ownerUrl), one: first.url });
    onCleanup(() => this.#stop(1));
  }

  #at(n) {
    return this.one.replace(/host=[^&]*/, `host=${this.folders[n]}`);
  }

  #ask(n, text) {
    return unprivileged(`${this.bin}/psql`, ["-XAtq", this.#at(n), "-c", text]).trim();
  }

  // At the primary, each statement a transaction of its own.
  ask(text) {
    return this.#ask(this.primary, text);
  }

  #stop(n) {
    try {
      unprivileged(`${this.bin}/pg_ctl`, ["-D", `${this.folders[n]}/data`, "-m", "immediate", "-w", "stop"], { stdio: "ignore" });
    } catch {
      // it does not run
    }
  }

  // The other one begins anew as the standby, and commits wait for it. through: the folder of a socket that leads to the primary.
  async follow(through = this.folders[this.primary]) {
    const to = 1 - this.primary;
    this.#stop(to);
    rmSync(`${this.folders[to]}/data`, { recursive: true, force: true });
    const from = `host=${through} user=amphi application_name=standby`;
    unprivileged(`${this.bin}/pg_basebackup`, ["-D", `${this.folders[to]}/data`, "-d", from, "-R", "-N", "-c", "fast"]);
    unprivileged(`${this.bin}/pg_ctl`, ["-D", `${this.folders[to]}/data`, "-o", `-c listen_addresses='' -k ${this.folders[to]} -c fsync=off`, "-l", `${this.folders[to]}/log`, "-w", "start"], { stdio: "ignore" });
    this.#ask(this.primary, "ALTER SYSTEM SET synchronous_standby_names = 'standby'");
    this.#ask(this.primary, "SELECT pg_reload_conf()");
    await waitFor("the standby to be synchronous", () => this.#ask(this.primary, "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'") === "1", 30000);
  }

  killPrimary() {
    for (const pid of processes(`${this.folders[this.primary]}/data`)) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // ended meanwhile
      }
    }
  }

  // Which takes writes afterwards, and waits for nobody.
  promote() {
    this.primary = 1 - this.primary;
    this.#ask(this.primary, "ALTER SYSTEM RESET synchronous_standby_names");
    this.#ask(this.primary, "SELECT pg_reload_conf()");
    this.#ask(this.primary, "SELECT pg_promote()");
  }

  // What an operator's hand, or a tool's, does to backends that wait for the standby. How many.
  cancelWaits() {
    return Number(this.#ask(this.primary, "SELECT count(pg_cancel_backend(pid)) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"));
  }

  signalStandby(signal) {
    const pids = processes(`${this.folders[1 - this.primary]}/data`);
    for (const pid of pids) process.kill(pid, signal);
  }
}
