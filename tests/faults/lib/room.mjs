// A server, a database and a live session as the network cases need them, and what can be read off a
// running server from outside.
import { randomUUID } from "node:crypto";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import http from "node:http";
import { root } from "../../e2e/lib/need.mjs";
import { hcps, organisation } from "../../e2e/lib/people.mjs";
import { Postgres } from "../../e2e/lib/postgres.mjs";
import { Server } from "../../e2e/lib/server.mjs";
import { onFailure } from "./case.mjs";

// pages of at most 4,000 characters each: the deck's text travels whole when the host turns to it.
function deck(pg, o, { pages = 8, chars = 4000 }) {
  const id = randomUUID();
  const text = "lorem ipsum dolor sit amet ".repeat(200).slice(0, chars);
  pg.sql([
    `INSERT INTO deck (id, organisation_id, session_id, file_name, pdf, bytes, state, page_count, created_at, created_by)
       VALUES ('${id}', '${o.id}', '${o.session}', 'Talk.pdf', decode(repeat('ab', 32), 'hex'), 1000, 'ready', ${pages}, now(), '${o.staff.organiser.id}')`,
    `INSERT INTO slide (deck_id, page, state, width, height, text) SELECT '${id}', n, 'ready', 720, 405, '${text}' FROM generate_series(1, ${pages}) n`,
  ].join(";\n"));
  return id;
}

export async function room({ people = 0, decks = [], env = {}, ...options } = {}) {
  const pg = new Postgres();
  const server = new Server({ database: pg, env, ...options });
  onFailure(() => server.log.filter((l) => l.level !== "info").slice(-30).map((l) => JSON.stringify(l)).join("\n"));
  await server.start();
  const o = organisation(pg, "Un", { live: true });
  return { pg, server, o, people: hcps(pg, o, people), decks: decks.map((d) => deck(pg, o, d)) };
}

// Turns between decks and pages as a host does: each turn to another deck sends that deck.
export class Mover {
  constructor(host) {
    this.host = host;
    this.version = host.snapshot.common.session.version;
  }

  async to(deckId, page = 1) {
    const ok = await this.host.command("slide.move", { version: this.version, deck: deckId, page });
    this.version = ok.version;
  }
}

export const asan = `${root}build/san-address-undefined/amphi`;
export const hasAsan = () => existsSync(asan);

const status = (pid, name) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]);
export const rssKb = (server) => status(server.process.pid, "VmRSS");
export const descriptors = (server) => readdirSync(`/proc/${server.process.pid}/fd`).length;

// Watches a figure of the server while work runs; returns what it was at most.
export async function most(figure, work) {
  let max = figure();
  const timer = setInterval(() => (max = Math.max(max, figure())), 50);
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
  return Math.max(max, figure());
}

// One figure of /metrics, summed over its labels.
export function metric(server, name) {
  return new Promise((resolve, reject) => {
    http.get({ host: "127.0.0.1", port: server.metricsPort, path: "/metrics", agent: false }, (rs) => {
      let text = "";
      rs.on("data", (b) => (text += b));
      rs.on("end", () => {
        const lines = text.split("\n").filter((l) => l.startsWith(name) && /^[ {]/.test(l.slice(name.length)));
        if (!lines.length) return reject(new Error(`no metric ${name}`));
        resolve(lines.reduce((sum, l) => sum + Number(l.split(" ").pop()), 0));
      });
    }).on("error", reject);
  });
}
