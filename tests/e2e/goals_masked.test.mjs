// Rule: hosts and moderators, who may not see who registered, are shown the goal board masked: numbers in steps of five and none
// below, which move only after five changes. Whatever happens between two views, what they see says so, and organisers see each number.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { play, profile } from "./lib/board.mjs";
import { cleanup } from "./lib/cleanup.mjs";
import { request } from "./lib/http.mjs";
import { hcps, organisation, staff } from "./lib/people.mjs";
import { Postgres } from "./lib/postgres.mjs";
import { seeded } from "./lib/random.mjs";
import { Server } from "./lib/server.mjs";

let pg, server, o;
before(async () => {
  pg = new Postgres();
  server = await new Server({ database: pg }).start();
  o = organisation(pg, "Un");
});
after(cleanup);

const random = seeded(85);
const below = (n) => Math.floor(random() * n);
const one = (list) => list[below(list.length)];
const path = () => `/api/congresses/${o.congress}/goals`;
const read = async (who) => {
  const { status, text, json } = await request({ port: server.port, path: path(), cookie: who.cookie });
  assert.equal(status, 200, text.slice(0, 300));
  return json;
};

// Each number of a board by its name; 0 for what is null or not there.
function cells(board) {
  const found = new Map();
  const add = (name, counts) => ["registered", "attended", "completed"].forEach((key) => key in counts && found.set(`${name} ${key}`, counts[key] ?? 0));
  for (const key of ["all", "no_profile"]) add(key, board[key]);
  for (const p of board.profiles) add(p.id, p);
  for (const [list, key] of [["channels", "channel"], ["regions", "region"], ["days", "day"]]) for (const row of board[list]) add(`${key} ${row[key]}`, row);
  return found;
}

// A person, or several, come, cancel, come back, or attend.
function change(people) {
  const act = below(6);
  if (act < 3) {
    const come = hcps(pg, o, 1 + below(8), { region: one(["11", "53", "76", "94"]), specialty: one(["SM04", "SM54"]) });
    const ids = come.map(({ registration }) => `'${registration}'`).join(",");
    pg.sql(`UPDATE registration SET channel = '${one(["email", "web_site", "representative"])}', registered_at = now() - interval '${below(3)} days' WHERE id IN (${ids}); SELECT match_congress('${o.congress}')`);
    people.push(...come);
  } else if (people.length && act < 5) {
    const { registration } = one(people);
    pg.sql(act === 3 ? `UPDATE registration SET state = 'cancelled', cancelled_at = now() WHERE id = '${registration}'` : `UPDATE registration SET state = 'registered', cancelled_at = NULL WHERE id = '${registration}'`);
  } else if (people.length) play(pg, o, [o.session], people, one, 3);
}

test("whatever happens, a masked board has no small number, and moves only after five changes", { timeout: 120000 }, async () => {
  await profile(server, o, "Cardiologists", { goal_registrations: 20 }, { specialty: ["SM04"] });
  await profile(server, o, "Brittany", {}, { region: ["53"] });
  pg.sql(`UPDATE session SET state = 'ended', live_at = now() - interval '2 hours', ended_at = now() - interval '1 hour' WHERE id = '${o.session}'`);
  const people = [];
  const marks = new Map(); // by cell: the number when what is shown moved last
  let before = new Map(), moves = 0, known = 0;
  for (let i = 0; i < 70; i++) {
    change(people);
    const [exact, masked] = [await read(o.staff.organiser), await read(o.staff[one(["host", "moderator"])])];
    assert.deepEqual([exact.masked, masked.masked], [false, true]);
    const [counts, shown] = [cells(exact), cells(masked)];
    for (const [cell, value] of shown) assert.ok(value === 0 || (value >= 5 && value % 5 === 0), `${cell}: ${value}`);
    for (const cell of new Set([...shown.keys(), ...before.keys()])) {
      const [value, was, count] = [shown.get(cell) ?? 0, before.get(cell) ?? 0, counts.get(cell) ?? 0];
      if (cell.startsWith("all ") || value === was) continue; // of all is at least shown what is of a part
      const base = cell.replace(/ (attended|completed)$/, " registered"); // never more attended than registered, as shown
      if (base !== cell && (shown.get(base) ?? 0) !== (before.get(base) ?? 0)) continue;
      if (/ completed$/.test(cell) && shown.get(cell.replace("completed", "attended")) !== before.get(cell.replace("completed", "attended"))) continue;
      assert.ok(Math.abs(count - (marks.get(cell) ?? 0)) >= 5, `${cell}: ${was} became ${value} at ${count}, after ${marks.get(cell)}`);
      assert.ok(value < was || value <= count, `${cell}: ${value} of ${count}`);
      marks.set(cell, count);
      moves++;
    }
    for (const p of masked.profiles) assert.deepEqual([p.recent, p.target_list], [null, null]);
    known += [...shown.values()].filter(Boolean).length;
    before = shown;
  }
  assert.ok(moves > 20 && known > 300, `${moves} moves, ${known} numbers`);
  const [exact, masked] = [await read(o.staff.organiser), await read(o.staff.host)];
  assert.ok(masked.all.registered > exact.all.registered / 2, `${masked.all.registered} of ${exact.all.registered}`);
});

test("readers at once see the same, also after a restart, and a first view is none of the numbers below five", async () => {
  const boards = await Promise.all(Array.from({ length: 6 }, (_, i) => read(i % 2 ? o.staff.host : o.staff.moderator)));
  await server.kill();
  await server.start();
  boards.push(await read(o.staff.host));
  for (const board of boards) assert.deepEqual(cells(board), cells(boards[0]));
  const fresh = organisation(pg, "Deux");
  hcps(pg, fresh, 4);
  const { status, json } = await request({ port: server.port, path: `/api/congresses/${fresh.congress}/goals`, cookie: fresh.staff.host.cookie });
  assert.equal(status, 200);
  assert.deepEqual([json.all, json.channels, json.regions, json.days], [{ registered: null, attended: null, completed: null }, [], [], []]);
});

test("who organises the congress sees each number, who speaks there none, and nobody that of another organisation", async () => {
  const theirs = staff(pg, o, "one", ["organiser"], { congress: o.congress });
  assert.equal((await read(theirs)).masked, false);
  assert.equal((await read(staff(pg, o, "both", ["host", "organiser"], { congress: o.congress }))).masked, false);
  const get = async (who) => (await request({ port: server.port, path: path(), cookie: who.cookie })).status;
  assert.equal(await get(o.staff.speaker), 403);
  assert.equal(await get(staff(pg, o, "here", ["host"], { congress: o.congress, session: o.session })), 403);
  assert.equal(await get(organisation(pg, "Trois").staff.host), 404);
});
