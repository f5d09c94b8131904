// Rule: an import of a target list that a SIGKILL interrupts, while its lines are checked or while they are stored, goes on
// by itself; before it is whole nothing of it is on the list, then each line is, once. Ten wait at most, however many come
// at once.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { after, before, test } from "node:test";
import { cleanup, onCleanup, waitFor } from "./lib/cleanup.mjs";
import { rpps } from "./lib/listed.mjs";
import { Lists } from "./lib/lists.mjs";
import { organisation } from "./lib/people.mjs";
import { Postgres } from "./lib/postgres.mjs";
import { Server } from "./lib/server.mjs";

let pg, server, lists;
before(async () => {
  pg = new Postgres({ durable: true });
  server = await new Server({ database: pg }).start();
  lists = new Lists(server, pg, organisation(pg, "Un").staff.organiser.cookie);
});
after(cleanup);

const LINES = 40000; // four batches of the check
const people = (from, to) => Array.from({ length: to - from }, (_, i) => ({ rpps: rpps(from + i), last_name: `Nom${from + i}`, email: `p${from + i}@x.test`, segment: from ? "B" : "" }));
const one = (sql) => pg.sql(sql)[0][0];
const listed = (list) => pg.sql(`SELECT count(*), count(DISTINCT rpps), count(*) FILTER (WHERE segment = 'B') FROM target_list_person WHERE target_list_id = '${list}'`)[0].map(Number);

async function restart() {
  await server.kill("SIGKILL");
  await server.start();
}

// Locks what the statement selects until the answer is called.
async function hold(sql) {
  const psql = spawn("psql", [pg.url, "-XqAt"], { stdio: ["pipe", "pipe", "inherit"] });
  onCleanup(() => psql.kill());
  psql.stdin.write(`BEGIN;\n${sql};\n`);
  await new Promise((resolve) => psql.stdout.once("data", resolve));
  return () => psql.stdin.end("COMMIT;\n");
}

const waits = () => one("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%target_list_import_change%'") === "1";

test("lines are checked, and stored all at once, through SIGKILLs", { timeout: 240000 }, async () => {
  const list = await lists.make();
  await lists.store(list, people(0, 100), "keep");
  const id = await lists.upload(list, people(50, 50 + LINES));
  const checked = () => Number(one(`SELECT checked FROM target_list_import WHERE id = '${id}'`));
  await lists.map(list, id, "merge");
  const went = [];
  for (const least of [1, 20000]) {
    await waitFor(`${least} lines`, () => checked() >= least, 60000);
    await restart();
    went.push(checked());
  }
  const { counts } = await lists.until(list, id, "checked", 90000);
  assert.ok(went[0] < LINES && went[1] >= went[0], `killed in the middle of it, and nothing was lost: ${went}`);
  assert.deepEqual(counts, { good: LINES, refused: 0, new: LINES - 50, twice_in_file: 0, on_list: 50 });

  const letGo = await hold(`SELECT 1 FROM target_list_person WHERE target_list_id = '${list}' AND rpps = '${rpps(60)}' FOR UPDATE`);
  await lists.confirm(list, id);
  await waitFor("the others to be added, and the last step to wait", waits, 60000);
  await restart();
  assert.deepEqual(listed(list), [100, 100, 0], "nothing of it is there yet");
  assert.equal(lists.stateOf(id), "storing");
  letGo();
  const done = await lists.until(list, id, "stored", 90000);
  assert.deepEqual([done.counts.added, done.counts.changed], [LINES - 50, 50]);
  assert.deepEqual(listed(list), [LINES + 50, LINES + 50, LINES]);
  assert.equal(one(`SELECT people FROM target_list WHERE id = '${list}'`), String(LINES + 50));
  assert.equal(one("SELECT count(*) FROM target_list_import_person") + one("SELECT count(*) FROM target_list_import_line"), "00");
});

test("of uploads at the same moment as many are taken as may wait", { timeout: 60000 }, async () => {
  const list = await lists.make();
  const file = Buffer.from(`email\n${people(0, 3000).map((p) => p.email).join("\n")}\n`);
  const all = await Promise.all(Array.from({ length: 14 }, () => lists.call("POST", `/${list}/imports?file_name=a.csv`, file, { "Content-Type": "text/csv" })));
  const refused = all.filter((r) => r.status !== 201);
  for (const r of refused) assert.deepEqual([r.status, r.json.code], [409, "import.too_many"]);
  assert.deepEqual([all.length - refused.length, one(`SELECT count(*) FROM target_list_import WHERE target_list_id = '${list}'`)], [10, "10"]);
});
