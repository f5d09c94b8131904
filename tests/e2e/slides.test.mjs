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
