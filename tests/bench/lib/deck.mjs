// A deck as people have it: a PDF uploaded over the API and rendered by the helper, its images in
// the data folder of the servers that are measured.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { waitFor } from "../../e2e/lib/cleanup.mjs";
import { request } from "../../e2e/lib/http.mjs";
import { root } from "../../e2e/lib/need.mjs";
import { temporaryFolder } from "../../e2e/lib/postgres.mjs";
import { Server } from "../../e2e/lib/server.mjs";

const SHAPES = 3400; // a page then weighs about 60 KB at the width of a laptop
const WANTED_BYTES = 60000;

// {id, data, pages, width, bytes}: the width whose images are nearest to 60 KB, and their mean size.
export async function upload(context, pages) {
  const { stage, build } = context;
  const o = stage.organisation, data = temporaryFolder("bench-data"), pdf = `${stage.folder}/deck.pdf`;
  execFileSync("python3", [`${root}tests/fixtures/make_pdf.py`, "--pages", String(pages), "--shapes", String(SHAPES), pdf]);
  const server = await new Server({ database: stage.pg, binary: `${build}/amphi`, data }).start();
  const reply = await request({ port: server.port, method: "POST", path: `/api/sessions/${o.session}/decks?file_name=bench.pdf`,
    cookie: o.staff.organiser.cookie, body: readFileSync(pdf), headers: { "Content-Type": "application/pdf" } });
  if (reply.status !== 201) throw new Error(`the deck was refused: ${reply.status} ${reply.text}`);
  const id = reply.json.id;
  await waitFor("the deck to be rendered", () => stage.pg.sql(`SELECT 1 FROM deck WHERE id = '${id}' AND state = 'ready'`).length, 300000);
  await server.kill();
  const widths = stage.pg.sql(`SELECT width, avg(bytes)::int FROM slide_image WHERE deck_id = '${id}' GROUP BY width`).map((row) => row.map(Number));
  widths.sort(([, a], [, b]) => Math.abs(a - WANTED_BYTES) - Math.abs(b - WANTED_BYTES));
  return { id, data, pages, width: widths[0][0], bytes: widths[0][1] };
}
