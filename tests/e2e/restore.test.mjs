// Rule: the README's backup and restore give back everything: rows, slide images, and the right to sign in.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import { cleanup, waitFor } from "./lib/cleanup.mjs";
import { request } from "./lib/http.mjs";
import { root } from "./lib/need.mjs";
import { hcps, organisation, poll } from "./lib/people.mjs";
import { Postgres, temporaryFolder } from "./lib/postgres.mjs";
import { Server } from "./lib/server.mjs";

after(cleanup);

test("a dump and the blobs, restored on another server", { timeout: 120000 }, async () => {
  const pg = new Postgres();
  const first = await new Server({ database: pg }).start();
  const o = organisation(pg, "Un");
  hcps(pg, o, 20);
  poll(pg, o, 1);
  const folder = temporaryFolder("backup");
  execFileSync("python3", [`${root}tests/fixtures/make_pdf.py`, "--pages", "2", `${folder}/deck.pdf`]);
  const up = await request({ port: first.port, method: "POST", path: `/api/sessions/${o.session}/decks?file_name=deck.pdf`, cookie: o.staff.organiser.cookie, body: readFileSync(`${folder}/deck.pdf`), headers: { "Content-Type": "application/pdf" } });
  assert.equal(up.status, 201, up.text);
  const image = `/api/decks/${up.json.id}/pages/2/960`;
  const read = (server, path) => request({ port: server.port, path, cookie: o.staff.organiser.cookie, raw: true });
  await waitFor("the deck", () => pg.sql(`SELECT state FROM deck WHERE id = '${up.json.id}'`)[0][0] === "ready", 60000);
  const paths = [image, `/api/congresses/${o.congress}`, `/api/congresses/${o.congress}/registrations?limit=200`, `/api/sessions/${o.session}/polls`, `/api/sessions/${o.session}/decks`];
  const before = [];
  for (const path of paths) before.push((await read(first, path)).buffer);

  execFileSync("pg_dump", ["-Fc", "-f", `${folder}/amphi.dump`, pg.ownerUrl]);
  execFileSync("tar", ["-C", first.data, "-cf", `${folder}/blobs.tar`, "blobs"]);
  await first.kill("SIGTERM");

  const empty = new Postgres({ empty: true });
  execFileSync("pg_restore", ["--no-owner", "--no-privileges", "-d", empty.ownerUrl, `${folder}/amphi.dump`]);
  const second = new Server({ database: empty });
  execFileSync("tar", ["-C", second.data, "-xf", `${folder}/blobs.tar`]);
  await second.start();
  for (const [i, path] of paths.entries()) {
    const after = await read(second, path);
    assert.equal(after.status, 200, path);
    assert.ok(after.buffer.equals(before[i]), `${path} is what it was`);
  }
});
