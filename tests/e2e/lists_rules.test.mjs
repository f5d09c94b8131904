// Rule: whoever is there twice becomes one by the rule that was chosen, and whoever the organisation knows is known, as an
// evaluator in another language says of random files, in which people are there twice in all ways.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { cleanup } from "./lib/cleanup.mjs";
import { imported, known } from "./lib/list_rules.mjs";
import { rpps } from "./lib/listed.mjs";
import { FIELDS, Lists } from "./lib/lists.mjs";
import { organisation } from "./lib/people.mjs";
import { Postgres } from "./lib/postgres.mjs";
import { seeded } from "./lib/random.mjs";
import { Server } from "./lib/server.mjs";

let pg, server, o, lists;
before(async () => {
  pg = new Postgres();
  server = await new Server({ database: pg }).start();
  o = organisation(pg, "Un");
  lists = new Lists(server, pg, o.staff.organiser.cookie);
});
after(cleanup);

const LAST = ["Martin", "MARTIN", "Lefèvre", "Lefevre", "O’Connor", "De La Tour", "Petit-Jean", ""];
const FIRST = ["Anne", "anne", "Élise", "Zoé", "Paul", ""];

// Few numbers, addresses and names, so that lines meet in every way, and in two that contradict each other.
function somebody(next) {
  const pick = (all) => all[Math.floor(next() * all.length)];
  const one = (share, n, text) => (next() < share ? text(Math.floor(next() * n)) : "");
  const p = { rpps: one(0.4, 60, rpps), email: one(0.5, 60, (n) => `p${n}@x.test`), last_name: pick(LAST), first_name: pick(FIRST), postcode: one(0.5, 6, (n) => `7500${n}`), segment: one(0.5, 9, (n) => `S${n}`) };
  return p.rpps || p.email || p.last_name ? p : { ...p, email: "p1@x.test" };
}

function hcps(next) {
  const names = ["Anne Martin", "Élise Lefèvre", "Paul O’Connor"].map((name) => name.split(" "));
  return Array.from({ length: 60 }, (_, n) => {
    const [first_name, last_name] = names[Math.floor(next() * 3)];
    return { id: randomUUID(), email: `p${Math.floor(n / 2)}@x.test`, first_name, last_name: n % 2 ? `${last_name}-Durand` : last_name, rpps: n % 3 ? "" : rpps(Math.floor(next() * 60)) };
  });
}

const insertHcps = (all) => pg.sql(all.map((h, n) => `INSERT INTO hcp (id, organisation_id, email, first_name, last_name, rpps, created_at)
  VALUES ('${h.id}', '${o.id}', '${h.email}', '${h.first_name}', '${h.last_name}', nullif('${h.rpps}', ''), timestamptz '2026-01-01' + interval '${n} s')`).join(";"));

for (const [seed, rule] of [[1, "keep"], [2, "merge"], [3, "replace"], [4, "merge"], [5, "replace"]]) {
  test(`random file ${seed}, ${rule}`, { timeout: 60000 }, async () => {
    const next = seeded(seed);
    const files = [150, 250].map((n) => Array.from({ length: n }, () => somebody(next)));
    const list = await lists.make();
    if (seed === 1) insertHcps(hcps(next));
    const all = pg.sql(`SELECT id, email, first_name, last_name, coalesce(rpps, '') FROM hcp WHERE organisation_id = '${o.id}' ORDER BY created_at, id`).map(([id, email, first_name, last_name, rpps]) => ({ id, email, first_name, last_name, rpps }));
    let expected = { people: [] };
    for (const [i, file] of files.entries()) {
      expected = imported(expected.people, file, i ? rule : "keep");
      const { counts } = await lists.store(list, file, i ? rule : "keep");
      assert.deepEqual(counts, { good: file.length, refused: 0, ...expected.counts });
    }
    const columns = FIELDS.map((f) => `coalesce(${f}, '')`).join(", ");
    const people = pg.sql(`SELECT ${columns}, coalesce(hcp_id::text, '') FROM target_list_person WHERE target_list_id = '${list}' ORDER BY position, id`);
    assert.deepEqual(people, expected.people.map((p) => [...FIELDS.map((f) => p[f] ?? ""), known(all, p) ?? ""]));
    assert.ok(people.some((row) => row.at(-1) !== "") && expected.counts.on_list > 20 && expected.counts.twice_in_file > 20, "there was something to decide");
    assert.deepEqual(pg.sql(`SELECT people FROM target_list WHERE id = '${list}'`), [[String(people.length)]]);
  });
}
