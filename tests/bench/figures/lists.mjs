// How long an import of a target list of 200,000 lines takes, from the upload to the list, beside `psql \copy` of the same
// file into one table, in turns in one run: into an empty list, and once more by "merge", when everybody is on it.
import { execFileSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { rpps } from "../../e2e/lib/listed.mjs";
import { FIELDS, Lists } from "../../e2e/lib/lists.mjs";
import { organisation } from "../../e2e/lib/people.mjs";
import { Postgres, temporaryFolder } from "../../e2e/lib/postgres.mjs";
import { Server } from "../../e2e/lib/server.mjs";
import { figure } from "../lib/figures.mjs";

export const names = ["list.upload", "list.check", "list.store", "list.again"];

const LAST = ["Martin", "Lefèvre", "De La Tour", "Durand", "Nguyễn", "Petit-Jean", "O’Connor", "Bernard"];
const FIRST = ["Anne", "Élise", "Jean-Pierre", "Zoé", "Paul", "Marie"];

// One in twenty is there twice.
function somebody(line) {
  const n = line % 20 ? line : line / 2;
  return { rpps: n % 3 ? rpps(n) : "", email: n % 10 === 1 ? "" : `p${n}@hopital.test`, last_name: `${LAST[n % 8]} ${n.toString(36)}`, first_name: FIRST[n % 6], postcode: String(1000 + (n % 94000)).padStart(5, "0"), segment: `S${n % 5}` };
}

async function seconds(work) {
  const begin = process.hrtime.bigint();
  const result = await work();
  return [Number(process.hrtime.bigint() - begin) / 1e9, result];
}

// One import; the seconds of its steps.
async function imported(lists, list, people) {
  const [upload, id] = await seconds(() => lists.upload(list, people));
  const [check] = await seconds(async () => (await lists.map(list, id, "merge"), lists.until(list, id, "checked", 600000)));
  const [store] = await seconds(async () => (await lists.confirm(list, id), lists.until(list, id, "stored", 600000)));
  return { upload, check, store };
}

function copied(pg, file) {
  pg.sql(`DROP TABLE IF EXISTS raw; CREATE TABLE raw (${FIELDS.map((f) => `${f} text`).join(", ")})`);
  return seconds(() => execFileSync("psql", [pg.url, "-qc", `\\copy raw from '${file}' with (format csv, delimiter ';', header)`]));
}

export async function run({ n, repeats }) {
  const people = Array.from({ length: n * 20 }, (_, line) => somebody(line + 1));
  const file = `${temporaryFolder("list")}/list.csv`;
  writeFileSync(file, [FIELDS, ...people.map((p) => FIELDS.map((f) => p[f]))].map((cells) => cells.join(";")).join("\n"));
  const pg = new Postgres({ durable: true }), server = await new Server({ database: pg }).start();
  const lists = new Lists(server, pg, organisation(pg, "Un").staff.organiser.cookie);
  const took = { upload: [], check: [], store: [], again: [], psql: [] };
  for (let i = 0; i < repeats; i++) {
    took.psql.push((await copied(pg, file))[0]);
    const list = await lists.make(), first = await imported(lists, list, people);
    for (const step of ["upload", "check", "store"]) took[step].push(first[step]);
    took.again.push((await imported(lists, list, people)).store);
  }
  await server.kill();
  rmSync(file);
  const of = (step, must) => figure(`list.${step}`, "s", { amphi: took[step], psql: took.psql }, must);
  const soon = { text: "at most 25", holds: ({ amphi }) => amphi <= 25 };
  return [of("upload"), of("check"), of("store", soon), of("again")];
}
