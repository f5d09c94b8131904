// Rule: every page passes axe (WCAG 2.2 AA) in light and dark, on a phone and on a desk, in both languages; it
// scrolls one way only, asks no third party, breaks no content policy, and the live room's first load is small.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { cleanup, onCleanup, waitFor } from "./lib/cleanup.mjs";
import { request } from "./lib/http.mjs";
import { axe, openBrowser } from "./lib/browser.mjs";
import { Live } from "./lib/live.mjs";
import { need, root } from "./lib/need.mjs";
import { hcps, organisation, poll } from "./lib/people.mjs";
import { Postgres, temporaryFolder } from "./lib/postgres.mjs";
import { Server } from "./lib/server.mjs";

const LIVE_LIMIT = 80 * 1024;
const LIVE_REQUESTS = 12;
let server, browser, o, link, live;
after(cleanup);

// A live session with a deck on screen, questions and an open poll; another one in its lobby.
before(async () => {
  const pg = new Postgres();
  server = await new Server({ database: pg }).start();
  o = organisation(pg, "Laboratoire Exemple");
  poll(pg, o, 1);
  const open = poll(pg, o, 2);
  o.people = hcps(pg, o, 3);
  link = pg.sql(`SELECT code FROM registration_link WHERE id = '${o.link}'`)[0][0];
  pg.sql(`INSERT INTO target_profile (id, organisation_id, congress_id, name, position, goal_registrations, universe, universe_source, created_at)
    VALUES (gen_random_uuid(), '${o.id}', '${o.congress}', 'Cardiologues', 1, 10, 100, 'RPPS', now())`);
  const folder = temporaryFolder("pdf");
  execFileSync("python3", [`${root}tests/fixtures/make_pdf.py`, "--pages", "4", `${folder}/deck.pdf`]);
  const deck = await request({ port: server.port, method: "POST", path: `/api/sessions/${o.session}/decks?file_name=deck.pdf`, cookie: o.staff.organiser.cookie, body: readFileSync(`${folder}/deck.pdf`), headers: { "Content-Type": "application/pdf" } });
  await waitFor("the deck", () => pg.sql(`SELECT state FROM deck WHERE id = '${deck.json.id}'`)[0][0] === "ready", 60000);
  const host = await new Live({ port: server.port, cookie: o.staff.host.cookie, session: o.session }).open();
  live = await new Live({ port: server.port, cookie: o.people[1].cookie, session: o.session }).open();
  onCleanup(() => [host, live].forEach((l) => l.close()));
  await host.command("session.start", { version: 0 });
  await host.command("slide.move", { version: 1, deck: deck.json.id, page: 2 });
  const question = randomUUID();
  await live.command("question.ask", { question, text: "Et après 75 ans ?", anonymous: false });
  await host.command("question.approve", { question });
  await live.command("question.ask", { question: randomUUID(), text: "Et chez l’enfant ?", anonymous: true });
  await host.command("poll.open", { poll: open });
  await live.command("poll.vote", { poll: open, choices: [2] });
  await host.command("poll.show_results", { poll: open });
  browser = await openBrowser();
});

const pages = () => ({
  nobody: ["/sign-in", `/r/${link}`, "/join", "/cancel", "/my", "/nowhere"],
  hcp: ["/my", `/live/${o.session}`],
  organiser: ["/congresses", ...["overview", "sessions", "goals", "audience", "links", "registrations", "settings"].map((tab) => `/congresses/${o.congress}/${tab}`),
    `/sessions/${o.session}`, ...["slides", "polls", "participation", "settings"].map((tab) => `/sessions/${o.session}/${tab}`),
    "/team", "/organisation", "/audit", "/account", `/host/${o.session}`],
});

async function visit(who, { width, dark, language }) {
  const context = await browser.newContext({ ignoreHTTPSErrors: true, bypassCSP: true, viewport: { width, height: 900 }, colorScheme: dark ? "dark" : "light", locale: language });
  const cookie = who === "hcp" ? o.people[0].cookie : o.staff[who]?.cookie;
  if (cookie) await context.addCookies([{ name: "__Host-amphi", value: cookie, url: server.url, secure: true, httpOnly: true, sameSite: "Strict" }]);
  const page = await context.newPage();
  const wrong = [];
  page.on("console", (m) => m.type() === "error" && !/status of 40[14]/.test(m.text()) && wrong.push(m.text()));
  page.on("pageerror", (e) => wrong.push(e.message));
  page.on("request", (r) => new URL(r.url()).host !== `localhost:${server.port}` && !/^(data|blob):/.test(r.url()) && wrong.push(`asks ${r.url()}`));
  return { context, page, wrong };
}

async function settled(page) {
  await page.locator("main:not([aria-busy])").first().waitFor();
  await page.waitForFunction(() => !document.querySelector(".skeleton, .page-loading"));
  await page.evaluate(() => Promise.all(document.getAnimations().map((a) => (a.effect?.getComputedTiming().iterations === Infinity ? null : a.finished.catch(() => null)))));
}

for (const look of [{ width: 390, dark: false, language: "fr-FR" }, { width: 1440, dark: true, language: "en-GB" }, { width: 390, dark: true, language: "en-GB" }, { width: 1440, dark: false, language: "fr-FR" }]) {
  test(`every page at ${look.width} px, ${look.dark ? "dark" : "light"}, ${look.language}`, { timeout: 120000 }, async () => {
    const faults = [];
    for (const [who, paths] of Object.entries(pages())) {
      const { context, page, wrong } = await visit(who, look);
      for (const path of paths) {
        await page.goto(server.url + path);
        await settled(page);
        for (const found of await axe(page)) faults.push(`${path}: ${found}`);
        if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)) faults.push(`${path}: scrolls sideways`);
        const lang = await page.evaluate(() => document.documentElement.lang);
        if (!look.language.startsWith(lang) && who === "organiser") faults.push(`${path}: language ${lang}`);
        faults.push(...wrong.splice(0).map((w) => `${path}: ${w}`));
      }
      await context.close();
    }
    assert.deepEqual(faults, []);
  });
}

// axe is put into the pages above with the policy off; here it is on.
test("the content policy holds", async () => {
  const wrong = [];
  const strict = await browser.newContext({ ignoreHTTPSErrors: true });
  await strict.addCookies([{ name: "__Host-amphi", value: o.staff.organiser.cookie, url: server.url, secure: true, httpOnly: true, sameSite: "Strict" }]);
  const strictPage = await strict.newPage();
  strictPage.on("console", (m) => /Content.Security.Policy/i.test(m.text()) && wrong.push(m.text()));
  for (const path of [`/sessions/${o.session}/participation`, `/host/${o.session}`, "/congresses"]) {
    await strictPage.goto(server.url + path);
    await settled(strictPage);
  }
  assert.deepEqual(wrong, []);
  await strict.close();
});

test("presses that come faster than the server's answers each move one slide", async () => {
  const { context, page, wrong } = await visit("organiser", { width: 1440, dark: false, language: "en-GB" });
  await page.goto(`${server.url}/host/${o.session}`);
  await page.getByText("Slide 2 of 4", { exact: true }).waitFor();
  for (let round = 0; round < 5; round++) {
    for (const key of ["Home", "ArrowRight", "ArrowRight", "ArrowRight"]) await page.keyboard.press(key);
    await page.getByText("Slide 4 of 4", { exact: true }).waitFor();
    for (const key of ["ArrowLeft", "ArrowLeft"]) await page.keyboard.press(key);
    await page.getByText("Slide 2 of 4", { exact: true }).waitFor();
  }
  assert.deepEqual(wrong, []);
  await context.close();
});

test("a form with changes asks before it is left", async () => {
  const { context, page } = await visit("organiser", { width: 1440, dark: false, language: "en-GB" });
  await page.goto(`${server.url}/congresses/${o.congress}/sessions`);
  await page.getByRole("link", { name: "Settings" }).click();
  const title = page.getByLabel("Title");
  const before = await title.inputValue();
  const asked = page.getByRole("dialog", { name: "Leave without saving?" });
  await title.fill("Changed");
  await page.getByRole("link", { name: "Team" }).click();
  await asked.getByRole("button", { name: "Stay here" }).click();
  await page.goBack();
  await asked.getByRole("button", { name: "Stay here" }).click();
  assert.equal(await title.inputValue(), "Changed");
  await title.fill(before); // nothing left to lose
  await page.getByRole("link", { name: "Team" }).click();
  await page.getByRole("button", { name: "Invite someone" }).click();
  await page.getByLabel("Name").fill("Somebody");
  await page.keyboard.press("Escape");
  await asked.getByRole("button", { name: "Leave without saving" }).click();
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.getByRole("link", { name: "Organisation" }).click();
  await page.waitForURL("**/organisation");
  await context.close();
});

test("the live room's first load is small, in few requests, and compressed", async () => {
  const { context, page } = await visit("hcp", { width: 390, dark: false, language: "fr-FR" });
  const session = await context.newCDPSession(page);
  await session.send("Network.enable");
  let bytes = 0;
  const images = new Set(), asked = [], plain = [];
  session.on("Network.responseReceived", ({ requestId, response }) => {
    if (/image\/webp/.test(response.mimeType)) images.add(requestId);
    else asked.push(new URL(response.url).pathname);
    if (/json/.test(response.mimeType) && Number(response.headers["content-length"]) > 1000 && !response.headers["content-encoding"]) plain.push(response.url);
  });
  session.on("Network.loadingFinished", (e) => {
    if (!images.has(e.requestId)) bytes += e.encodedDataLength;
  });
  await page.goto(`${server.url}/live/${o.session}`);
  await page.getByRole("tab").first().waitFor();
  assert.ok(bytes > 10000 && bytes <= LIVE_LIMIT, `${bytes} bytes`);
  assert.ok(asked.length <= LIVE_REQUESTS, `${asked.length} requests: ${asked.join(" ")}`);
  assert.deepEqual(plain, []);
  await context.close();
});

test("the registration page loads the countries only for whoever chooses where they are from", async () => {
  const { context, page } = await visit("nobody", { width: 390, dark: false, language: "fr-FR" });
  const session = await context.newCDPSession(page);
  await session.send("Network.enable");
  const asked = new Map(), sizes = {};
  session.on("Network.responseReceived", ({ requestId, response }) => asked.set(requestId, new URL(response.url).pathname));
  session.on("Network.loadingFinished", (e) => (sizes[asked.get(e.requestId)] = e.encodedDataLength));
  await page.goto(`${server.url}/r/${link}`);
  const region = page.getByRole("combobox", { name: "Région ou pays" });
  await region.waitFor();
  await waitFor("the code lists", () => sizes["/api/codes"]);
  assert.ok(sizes["/api/codes"] <= 9 * 1024, `${sizes["/api/codes"]} bytes`);
  assert.ok(![...asked.values()].includes("/api/codes/countries"));
  await region.click();
  await page.getByRole("option", { name: "Guadeloupe" }).waitFor();
  await region.fill("Belgi");
  await page.getByRole("option", { name: "Belgique" }).click();
  assert.equal(await region.inputValue(), "Belgique");
  await context.close();
});
