// Rule: where a slide leads can be followed by those who follow it, by pointer and by key, on every screen, and only to where
// people may be sent; what the deck's author noted is for staff alone.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { axe, counted, openBrowser, openContext } from "./lib/browser.mjs";
import { cleanup, waitFor } from "./lib/cleanup.mjs";
import { request } from "./lib/http.mjs";
import { Live } from "./lib/live.mjs";
import { root } from "./lib/need.mjs";
import { hcps, organisation } from "./lib/people.mjs";
import { Postgres, temporaryFolder } from "./lib/postgres.mjs";
import { Server } from "./lib/server.mjs";

const shots = process.env.SHOTS; // a folder: what the pages look like
const WEB = "example.org/%E9tude (s’ouvre dans un nouvel onglet)";
const MAIL = "Écrire à info@example.org";
let pg, server, o, people, browser, host, linked, noted;
after(cleanup);

async function upload(trait) {
  const pdf = `${temporaryFolder("pdf")}/${trait}.pdf`;
  execFileSync("python3", [`${root}tests/fixtures/make_page.py`, trait, pdf]);
  const { json: deck } = await request({ port: server.port, method: "POST", path: `/api/sessions/${o.session}/decks?file_name=${trait}.pdf`,
    cookie: o.staff.organiser.cookie, body: readFileSync(pdf), headers: { "Content-Type": "application/pdf" } });
  await waitFor("the deck", () => pg.sql(`SELECT state FROM deck WHERE id = '${deck.id}'`)[0][0] === "ready", 60000);
  return deck.id;
}

async function visit(path, cookie, options) {
  const context = await openContext(browser, { locale: "en", ...options });
  await context.addCookies([{ name: "__Host-amphi", value: cookie, url: server.url, secure: true, httpOnly: true, sameSite: "Strict" }]);
  const page = await context.newPage();
  await page.goto(`${server.url}${path}`);
  return page;
}

const follow = (options) => visit(`/live/${o.session}`, people[0].cookie, options);

before(async () => {
  pg = new Postgres();
  server = await new Server({ database: pg }).start();
  o = organisation(pg, "Un", { live: true });
  people = hcps(pg, o, 1);
  [linked, noted] = [await upload("links"), await upload("note")];
  browser = await openBrowser();
  host = await new Live({ port: server.port, cookie: o.staff.host.cookie, session: o.session }).open();
  await host.command("slide.move", { version: 0, deck: linked, page: 1 });
});

test("links lie where the slide has them, on every width and over the whole screen", { timeout: 120000 }, async () => {
  for (const [width, height] of [[320, 640], [390, 844], [844, 390], [820, 1180], [1440, 900]]) {
    const page = await follow({ viewport: { width, height } });
    const slide = page.locator("img.slide"), mail = page.getByRole("link", { name: MAIL });
    await mail.waitFor();
    const check = async (what) => {
      const [at, box] = [await mail.boundingBox(), await slide.boundingBox()];
      const drawn = Math.min(box.width, (box.height * 16) / 9); // within the image's box
      const left = box.x + (box.width - drawn) / 2, top = box.y + (box.height - (drawn * 9) / 16) / 2;
      const off = [at.x - left - drawn / 2, at.y - top - drawn * (9 / 16) * 0.4, at.width - drawn / 2, at.height - drawn * (9 / 160)];
      assert.ok(off.every((by) => Math.abs(by) < 2), `${width}×${height} ${what}: ${off}`);
      const small = await page.locator(".slide-link").evaluateAll((all) => all.filter((a) => {
        const { width: w, height: h } = getComputedStyle(a, "::after");
        return Number.parseFloat(w) < 24 || Number.parseFloat(h) < 24;
      }).length);
      assert.equal(small, 0, `${width}×${height} ${what}: a target is too small`);
    };
    await check("in the page");
    if (shots) await page.screenshot({ path: `${shots}/links-${width}.png` });
    await page.getByRole("button", { name: "Plein écran" }).click();
    await page.getByRole("button", { name: "Quitter le plein écran" }).waitFor();
    await check("over the whole screen");
    await page.context().close();
  }
});

test("a link is reached by key, opens beside the room, and nothing but what may be offered is there", { timeout: 60000 }, async () => {
  const page = await follow();
  const web = page.getByRole("link", { name: WEB });
  await web.waitFor();
  await counted(page.locator(".slide-link"), 2);
  await counted(page.getByRole("group", { name: "Liens de cette diapositive" }), 1);
  assert.deepEqual(await web.evaluate((a) => [a.href, a.target, a.rel]), ["https://example.org/%E9tude?a=%3Cb%3E", "_blank", "noopener noreferrer"]);
  assert.deepEqual(await page.getByRole("link", { name: MAIL }).evaluate((a) => [a.href, a.target]), ["mailto:info@example.org", ""]);
  await page.context().route("https://example.org/**", (route) => route.fulfill({ body: "there" }));
  await page.locator("body").press("Tab");
  for (let n = 0; n < 40 && !(await web.evaluate((a) => a === document.activeElement)); n++) await page.keyboard.press("Tab");
  if (shots) await page.screenshot({ path: `${shots}/links-focus.png` });
  const opened = page.context().waitForEvent("page");
  await page.keyboard.press("Enter");
  const there = await opened;
  await there.waitForLoadState();
  assert.equal(there.url(), "https://example.org/%E9tude?a=%3Cb%3E");
  assert.equal(await there.evaluate(() => window.opener), null);
  await there.close();
  await page.getByRole("button", { name: "Texte de cette diapositive" }).click();
  await page.getByRole("list", { name: "Liens de cette diapositive" }).getByRole("link", { name: WEB }).waitFor();
  assert.deepEqual(await axe(page), []);
  if (shots) await page.screenshot({ path: `${shots}/links-list.png`, fullPage: true });

  await web.first().focus(); // the page goes while its link has the focus
  await host.command("slide.move", { version: 1, deck: noted, page: 1 });
  await page.locator(".slide-link").first().waitFor({ state: "detached" });
  assert.ok(await page.evaluate(() => document.activeElement.matches(".slide-links")), "the focus stays at the slide");
  assert.ok(!(await page.content()).includes("For the speaker only"));
  await page.context().close();
});

test("the host sees what the author noted on the page that is on", { timeout: 60000 }, async () => {
  for (const [width, height] of [[390, 844], [1440, 900]]) {
    const page = await visit(`/host/${o.session}`, o.staff.host.cookie, { viewport: { width, height } });
    const notes = page.getByRole("region", { name: "Speaker notes" });
    await notes.getByText("For the speaker only").waitFor();
    if (shots) await notes.scrollIntoViewIfNeeded();
    if (shots) await page.screenshot({ path: `${shots}/notes-${width}.png` });
    assert.deepEqual(await axe(page), []);
    await page.context().close();
  }
});
