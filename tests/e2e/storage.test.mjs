// Rule: an organisation's decks take no more of the disk than they may, and the slides tab says how much that is;
// nobody waits for an upload that cannot be kept; the disk keeps a floor of free space for the database.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import { openBrowser, openContext } from "./lib/browser.mjs";
import { cleanup, waitFor } from "./lib/cleanup.mjs";
import { request } from "./lib/http.mjs";
import { root } from "./lib/need.mjs";
import { organisation } from "./lib/people.mjs";
import { Postgres, temporaryFolder } from "./lib/postgres.mjs";
import { Server } from "./lib/server.mjs";

after(cleanup);
const folder = temporaryFolder("pdf");
const file = `${folder}/Vaccination.pdf`;
execFileSync("python3", [`${root}tests/fixtures/make_pdf.py`, "--pages", "3", file]);

const upload = (server, o, headers = {}) => request({ port: server.port, method: "POST", path: `/api/sessions/${o.session}/decks?file_name=deck.pdf`, cookie: o.staff.organiser.cookie,
  body: headers["Content-Length"] ? Buffer.alloc(0) : readFileSync(file), headers: { "Content-Type": "application/pdf", ...headers }, timeout: 10000 });

test("a quota bounds one organisation, and the slides tab shows it", { timeout: 120000 }, async () => {
  const pg = new Postgres();
  const server = await new Server({ database: pg, env: { AMPHI_STORAGE_MB: "1" } }).start();
  const [o, other] = [organisation(pg, "Un"), organisation(pg, "Deux")];
  const large = await upload(server, o, { "Content-Length": String(2 << 20) }); // of which nothing is sent
  assert.deepEqual([large.status, large.json.code], [409, "storage.quota"]);
  const { json: deck } = await upload(server, o);
  await waitFor("the deck", () => pg.sql(`SELECT state FROM deck WHERE id = '${deck.id}'`)[0][0] === "ready", 60000);
  pg.sql(`UPDATE deck SET bytes = ${1 << 20} - image_bytes`);
  assert.equal((await upload(server, other)).status, 201);

  const context = await openContext(await openBrowser({ server }), { locale: "fr-FR" });
  await context.addCookies([{ name: "__Host-amphi", value: o.staff.organiser.cookie, url: server.url, secure: true, httpOnly: true, sameSite: "Strict" }]);
  const page = await context.newPage();
  await page.goto(`${server.url}/sessions/${o.session}/slides`);
  await page.getByText(/occupent 1\sMo sur 1\sMo\. Il reste peu de place\./).waitFor();
  await page.setInputFiles("input[type=file]", file);
  await page.getByText(/l’espace de stockage de votre organisation est plein/).waitFor();
  await page.getByRole("button", { name: /Vaccination|deck\.pdf/ }).click();
  await page.getByRole("menuitem", { name: "Supprimer le diaporama" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Supprimer" }).click();
  await page.getByText("Aucune diapositive").waitFor();
  await page.setInputFiles("input[type=file]", file);
  await page.getByText("Vaccination.pdf").first().waitFor();
  await server.kill();
});

test("a disk that is nearly full takes no uploads, and the server goes on", { timeout: 60000 }, async () => {
  const pg = new Postgres();
  const server = await new Server({ database: pg, env: { AMPHI_DISK_FLOOR_MB: "1000000" } }).start();
  const o = organisation(pg, "Un");
  const rs = await upload(server, o);
  assert.deepEqual([rs.status, rs.json.code], [507, "server.storage"]);
  assert.equal((await request({ port: server.port, path: `/api/sessions/${o.session}/decks`, cookie: o.staff.organiser.cookie })).status, 200);
  await server.kill();
});
