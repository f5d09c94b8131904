// Rule: the next slide is in the browser before it is shown, by the websocket or by a request of its
// own as the configuration says, and never both ways.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import { openBrowser, openContext } from "./lib/browser.mjs";
import { cleanup, waitFor } from "./lib/cleanup.mjs";
import { request } from "./lib/http.mjs";
import { Live } from "./lib/live.mjs";
import { root } from "./lib/need.mjs";
import { hcps, organisation } from "./lib/people.mjs";
import { Postgres, temporaryFolder } from "./lib/postgres.mjs";
import { Server } from "./lib/server.mjs";

after(cleanup);

for (const push of [true, false])
  test(`the next slide comes ahead ${push ? "over the websocket" : "over HTTP"}`, { timeout: 120000 }, async () => {
    const pg = new Postgres();
    const server = await new Server({ database: pg, env: { AMPHI_SLIDE_PUSH: String(push), AMPHI_SLIDE_SPREAD_MS: "200" } }).start();
    const o = organisation(pg, "Un", { live: true });
    const [person] = hcps(pg, o, 1);
    const pdf = `${temporaryFolder("pdf")}/deck.pdf`;
    execFileSync("python3", [`${root}tests/fixtures/make_pdf.py`, "--pages", "3", pdf]);
    const { json: deck } = await request({ port: server.port, method: "POST", path: `/api/sessions/${o.session}/decks?file_name=deck.pdf`,
      cookie: o.staff.organiser.cookie, body: readFileSync(pdf), headers: { "Content-Type": "application/pdf" } });
    await waitFor("the deck", () => pg.sql(`SELECT state FROM deck WHERE id = '${deck.id}'`)[0][0] === "ready", 60000);
    const host = await new Live({ port: server.port, cookie: o.staff.host.cookie, session: o.session }).open();
    await host.command("slide.move", { version: 0, deck: deck.id, page: 1 });

    const context = await openContext(await openBrowser());
    await context.addCookies([{ name: "__Host-amphi", value: person.cookie, url: server.url, secure: true, httpOnly: true, sameSite: "Strict" }]);
    const page = await context.newPage();
    const fetched = [], ahead = [];
    page.on("request", (r) => r.url().includes("/pages/") && fetched.push(Number(/pages\/(\d+)\//.exec(r.url())[1])));
    page.on("websocket", (socket) => socket.on("framereceived", ({ payload }) => typeof payload !== "string" && ahead.push(Number(/"page":(\d+)/.exec(payload.toString("latin1"))[1]))));
    await page.goto(`${server.url}/live/${o.session}`);
    await page.getByText("Diapositive 1 sur 3", { exact: true }).waitFor();
    await waitFor("page 2 ahead of the move", () => (push ? ahead : fetched).includes(2));

    await host.command("slide.move", { version: 1, deck: deck.id, page: 2 });
    await page.getByText("Diapositive 2 sur 3", { exact: true }).waitFor();
    const image = page.locator("img.slide").first();
    assert.equal((await image.getAttribute("src")).startsWith("blob:"), push);
    await waitFor("page 2 to be drawn", () => image.evaluate((shown) => shown.complete && shown.naturalWidth > 0));
    await waitFor("page 3 ahead of the move", () => (push ? ahead : fetched).includes(3));
    assert.deepEqual([...new Set(push ? ahead : fetched)].sort(), push ? [2, 3] : [1, 2, 3]);
    assert.deepEqual([...new Set(push ? fetched : ahead)], push ? [1] : [], "and not the other way");
    assert.deepEqual(context.errors, []);
    host.close();
    await server.kill();
  });

test("a deck of 316 pages shows them all: as they come into view, and again where one fails", { timeout: 120000 }, async () => {
  const PAGES = 316;
  const pg = new Postgres();
  const server = await new Server({ database: pg }).start();
  const o = organisation(pg, "Un");
  const pdf = `${temporaryFolder("pdf")}/deck.pdf`;
  execFileSync("python3", [`${root}tests/fixtures/make_pdf.py`, "--pages", "1", pdf]);
  const { json: deck } = await request({ port: server.port, method: "POST", path: `/api/sessions/${o.session}/decks?file_name=deck.pdf`,
    cookie: o.staff.organiser.cookie, body: readFileSync(pdf), headers: { "Content-Type": "application/pdf" } });
  await waitFor("the deck", () => pg.sql(`SELECT state FROM deck WHERE id = '${deck.id}'`)[0][0] === "ready", 60000);
  pg.sql(`UPDATE deck SET page_count = ${PAGES};
    INSERT INTO slide (deck_id, page, state, width, height, text) SELECT deck_id, n, state, width, height, text FROM slide, generate_series(2, ${PAGES}) n;
    INSERT INTO slide_image SELECT deck_id, n, width, height, blob, bytes FROM slide_image, generate_series(2, ${PAGES}) n`);

  const context = await openContext(await openBrowser());
  await context.addCookies([{ name: "__Host-amphi", value: o.staff.organiser.cookie, url: server.url, secure: true, httpOnly: true, sameSite: "Strict" }]);
  const page = await context.newPage();
  const asked = new Set(), refused = new Set();
  page.on("response", (r) => {
    if (r.url().includes("/pages/")) asked.add(r.url());
    if (r.status() === 429 && !r.url().includes("/pages/7/")) refused.add(r.url());
  });
  let failed = 0; // one page fails twice
  await page.route("**/pages/7/*", (route) => (failed++ < 2 ? route.fulfill({ status: 429 }) : route.continue()));
  await page.goto(`${server.url}/sessions/${o.session}/slides`);
  await page.getByRole("button", { name: `Show all ${PAGES} pages` }).click();
  await page.locator(".page-thumb").nth(PAGES - 1).waitFor();
  await waitFor("the page that failed", () => page.getByAltText("Page 7", { exact: true }).evaluate((shown) => shown.complete && shown.naturalWidth > 0));
  assert.equal(failed, 3);
  assert.ok(asked.size < 100, `only what is near the screen is asked for, not ${asked.size}`);
  for (let at = 0; at < PAGES; at += 10) await page.locator(".page-thumb").nth(at).scrollIntoViewIfNeeded();
  await page.locator(".page-thumb").nth(PAGES - 1).scrollIntoViewIfNeeded();
  await waitFor("all images", () => page.evaluate((n) => [...document.images].filter((i) => i.closest(".page-thumb") && i.complete && i.naturalWidth > 0).length === n, PAGES), 30000);
  assert.deepEqual([...refused], []);
  await server.kill();
});

test("a console that was open before the upload sees the deck come, and may show its first page at once", { timeout: 120000 }, async () => {
  const pg = new Postgres();
  const server = await new Server({ database: pg }).start();
  const o = organisation(pg, "Un", { live: true });
  const context = await openContext(await openBrowser());
  await context.addCookies([{ name: "__Host-amphi", value: o.staff.host.cookie, url: server.url, secure: true, httpOnly: true, sameSite: "Strict" }]);
  const page = await context.newPage();
  await page.goto(`${server.url}/host/${o.session}`);
  await page.getByText("No deck is ready").waitFor();
  const pdf = `${temporaryFolder("pdf")}/deck.pdf`;
  execFileSync("python3", [`${root}tests/fixtures/make_pdf.py`, "--pages", "30", pdf]);
  const { json: deck } = await request({ port: server.port, method: "POST", path: `/api/sessions/${o.session}/decks?file_name=deck.pdf`,
    cookie: o.staff.organiser.cookie, body: readFileSync(pdf), headers: { "Content-Type": "application/pdf" } });
  await page.getByRole("button", { name: "Go to slide 1", exact: true }).click();
  await waitFor("the page to be on", () => pg.sql(`SELECT page FROM slide_position WHERE deck_id = '${deck.id}'`)[0]?.[0] === "1");
  assert.equal(pg.sql(`SELECT state FROM deck WHERE id = '${deck.id}'`)[0][0], "rendering");
  await page.getByRole("button", { name: "Go to slide 30", exact: true }).waitFor({ timeout: 60000 });
  await server.kill();
});
