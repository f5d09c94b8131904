// Rule: the goal board is read on a phone and on a desk, in light and dark and in both languages: by organisers with each number, by hosts
// masked, with a word for what is hidden instead of a number.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { play, profile } from "./lib/board.mjs";
import { axe, openBrowser, signedInContext } from "./lib/browser.mjs";
import { cleanup } from "./lib/cleanup.mjs";
import { hcps, organisation } from "./lib/people.mjs";
import { Postgres } from "./lib/postgres.mjs";
import { seeded } from "./lib/random.mjs";
import { Server } from "./lib/server.mjs";

const shots = process.env.SHOTS; // a folder: what each page looks like
const random = seeded(4);
const one = (list) => list[Math.floor(random() * list.length)];
let pg, server, browser, o;
before(async () => {
  pg = new Postgres();
  server = await new Server({ database: pg }).start();
  browser = await openBrowser();
  o = organisation(pg, "Un");
  await profile(server, o, "Cardiologists", { goal_registrations: 120, goal_attendees: 60, universe: 4000, universe_source: "Register, October 2026" }, { specialty: ["SM04"] });
  await profile(server, o, "General practitioners in Brittany", { goal_registrations: 20 }, { region: ["53"], specialty: ["SM54"] });
  const people = [["11", "SM04", 60], ["53", "SM04", 24], ["53", "SM54", 3], ["76", "SM54", 31], ["94", "SM54", 2]].flatMap(([region, specialty, n]) => hcps(pg, o, n, { region, specialty }));
  const rows = people.map(({ registration }) => `('${registration}'::uuid, '${one(["email", "email", "email", "web_site", "representative"])}', now() - interval '${Math.floor(random() * 480)} hours')`);
  pg.sql(`UPDATE registration r SET channel = v.channel, registered_at = v.at FROM (VALUES ${rows.join(",")}) v (id, channel, at) WHERE r.id = v.id;
    UPDATE session SET state = 'ended', live_at = now() - interval '2 hours', ended_at = now() - interval '1 hour' WHERE id = '${o.session}'; SELECT match_congress('${o.congress}')`);
  play(pg, o, [o.session], people, one, 90);
});
after(cleanup);

const WORDS = {
  en: { masked: "Small numbers are masked", hidden: "masked", table: "Show as a table", missing: "What is missing" },
  fr: { masked: "Les petits effectifs sont masqués", hidden: "masqué", table: "Afficher en tableau", missing: "Ce qui manque" },
};
const LOOKS = [
  { language: "en", width: 390, dark: false },
  { language: "fr", width: 390, dark: true },
  { language: "fr", width: 1440, dark: false },
  { language: "en", width: 1440, dark: true },
];

async function open(role, look) {
  const context = await signedInContext(browser, { server, cookie: o.staff[role].cookie, ...look, bypassCSP: true });
  const page = await context.newPage();
  await page.goto(`${server.url}/congresses/${o.congress}/goals`);
  await page.getByRole("heading", { name: "Cardiologists" }).waitFor();
  return { context, page };
}

async function check(page, name) {
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${name} scrolls sideways`);
  assert.deepEqual(await axe(page), [], name);
  if (shots) await page.screenshot({ path: `${shots}/goals-${name}.png`, fullPage: true });
}

for (const look of LOOKS) {
  const w = WORDS[look.language], name = `${look.language}-${look.width}-${look.dark ? "dark" : "light"}`;
  test(`as organisers see it: ${name}`, { timeout: 60000 }, async () => {
    const { context, page } = await open("organiser", look);
    await page.getByRole("heading", { name: w.missing }).waitFor();
    assert.equal(await page.getByText(w.masked).count(), 0);
    assert.equal(await page.getByText(w.hidden, { exact: true }).count(), 0);
    await check(page, `organiser-${name}`);
    assert.deepEqual(context.errors, []);
  });
  test(`as hosts see it, masked: ${name}`, { timeout: 60000 }, async () => {
    const { context, page } = await open("host", look);
    await page.getByText(w.masked).waitFor();
    const small = page.getByRole("region", { name: "General practitioners in Brittany" });
    assert.equal(await small.getByText(w.hidden, { exact: true }).count(), 3, "registered, attended, completed");
    assert.equal(await small.getByText(/%/).count(), 0, "no rate of what is hidden");
    for (const button of await page.getByRole("button", { name: w.table }).all()) await button.click();
    const numbers = await page.locator(".ranked dd > .number, .as-table__table td").allTextContents();
    assert.ok(numbers.length > 20);
    for (const text of numbers) assert.ok(!/^[1-4]$/.test(text), `a number below five: ${text}`);
    await check(page, `host-${name}`);
    assert.deepEqual(context.errors, []);
  });
}
