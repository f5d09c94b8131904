// A server with a database of its own and one live session full of people.
import { execFileSync } from "node:child_process";
import { deck, hcps, organisation, polls as makePolls } from "../../e2e/lib/people.mjs";
import { Database, Postgres } from "../../e2e/lib/postgres.mjs";
import { Server } from "../../e2e/lib/server.mjs";
import { root } from "../../e2e/lib/need.mjs";
import { onFailure } from "./case.mjs";
import { Crowd } from "./crowd.mjs";
import { Ledger } from "./ledger.mjs";

const PAGES = 20;

// The private cluster of a running server.
export function embedded(server) {
  const url = execFileSync(server.binary, ["admin", "database-url"], { env: server.environment(), cwd: root, encoding: "utf8" }).trim();
  return new Database(url);
}

// pg: an external database, made here unless given; null for the server's own cluster. between: what
// stands between the server and the database, given the database. Nobody is connected yet.
export async function scene({ members, polls = 30, live = true, pg = new Postgres(), between = async (database) => database, server: options = {} }) {
  const server = new Server({ database: pg ? await between(pg) : null, ...options });
  onFailure(() => server.log.filter((l) => l.level !== "info").slice(-30).map((l) => JSON.stringify(l)).join("\n"));
  await server.start();
  const database = pg ?? embedded(server);
  const o = organisation(database, "Un", { live });
  const made = {
    pg: database,
    server,
    o,
    polls: makePolls(database, o, 1, polls, { state: "open" }),
    deck: deck(database, o, PAGES),
    pages: PAGES,
    people: hcps(database, o, members),
    ledger: new Ledger(database, o, server.data),
  };
  return { ...made, crowd: new Crowd(made) };
}
