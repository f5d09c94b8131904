// The run's own PostgreSQL with one congress, a live session, a deck, and as many registered people
// with a sign-in as the largest figure needs. Servers come and go; the stage stays.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { onCleanup } from "../../e2e/lib/cleanup.mjs";
import { root } from "../../e2e/lib/need.mjs";
import { deck, hcps, organisation } from "../../e2e/lib/people.mjs";
import { Postgres } from "../../e2e/lib/postgres.mjs";
import { Server } from "../../e2e/lib/server.mjs";

export const PAGES = 20;

export class Stage {
  constructor(build) {
    this.build = build;
    this.folder = mkdtempSync("/tmp/amphi-bench-");
    onCleanup(() => rmSync(this.folder, { recursive: true, force: true }));
    this.pg = new Postgres({ durable: process.env.FSYNC !== "0" });
    this.people = [];
  }

  // The server itself brings the tables; then the people are put straight into them.
  async prepare() {
    const server = await new Server({ database: this.pg, binary: `${this.build}/amphi`, env: { AMPHI_WEB: `${root}web/dist` } }).start();
    await server.kill();
    this.organisation = organisation(this.pg, "Bench", { live: true });
    this.deck = deck(this.pg, this.organisation, PAGES);
    return this;
  }

  // At least n people; their cookies are the lines of .cookies.
  need(n) {
    if (this.people.length < n) this.people.push(...hcps(this.pg, this.organisation, n - this.people.length));
    this.cookies = `${this.folder}/cookies`;
    writeFileSync(this.cookies, `${this.people.map((p) => p.cookie).join("\n")}\n`);
    this.pg.sql("ANALYZE hcp, registration, sign_in");
    return this.people.slice(0, n);
  }

  file(name, lines) {
    const path = `${this.folder}/${name}`;
    writeFileSync(path, `${lines.join("\n")}\n`);
    return path;
  }

  sessionVersion() {
    return Number(this.pg.sql(`SELECT version FROM session WHERE id = '${this.organisation.session}'`)[0][0]);
  }
}

export const checkpoint = (pg) => execFileSync("psql", [pg.url, "-X", "-q", "-c", "CHECKPOINT"]);
