// Rule: who read or took whose data is in the audit log, with how many people and where, and nothing of them;
// the log's page tells these lines from the changes. In both languages, on a phone too.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe, openBrowser, openContext } from "./lib/browser.mjs";
import { cleanup } from "./lib/cleanup.mjs";
import { request } from "./lib/http.mjs";
import { hcps, organisation } from "./lib/people.mjs";
import { Postgres } from "./lib/postgres.mjs";
import { Server } from "./lib/server.mjs";

after(cleanup);

const shots = process.env.SHOTS; // a folder: what each page looks like
let pg, server, o, people;
before(async () => {
  pg = new Postgres();
  server = await new Server({ database: pg }).start();
  o = organisation(pg, "Un");
  people = hcps(pg, o, 3);
});

const get = (path, cookie = o.staff.organiser.cookie) => request({ port: server.port, path, cookie });
async function reads(part = "reads") {
  const { status, json, text } = await get(`/api/audit?part=${part}`);
  assert.equal(status, 200, text);
  return json.items.map(({ actor_kind, action, object_id, details }) => ({ by: actor_kind, action, on: object_id, details }));
}

test("lists and files that are read are in the log, with how many people", async () => {
  const list = `/api/congresses/${o.congress}/registrations`;
  for (const path of [list, `${list}?limit=2`, `${list}?q=${people[0].email}`, `${list}?q=nobody-at-all`, `/api/sessions/${o.session}/attendance.csv`, `/api/sessions/${o.session}/participation.csv`, `${list}.csv`])
    assert.equal((await get(path)).status, 200, path);
  assert.equal((await get("/api/my/data", people[0].cookie)).status, 200);
  assert.deepEqual(await reads(), [
    { by: "registration", action: "registration.export", on: people[0].registration, details: {} },
    { by: "account", action: "registrations.export", on: o.congress, details: { people: 3 } },
    { by: "account", action: "participation.export", on: o.session, details: { profiles: 0 } },
    { by: "account", action: "attendance.export", on: o.session, details: { people: 3 } },
    { by: "account", action: "registrations.read", on: o.congress, details: { people: 1, searched: true } },
    { by: "account", action: "registrations.read", on: o.congress, details: { people: 2, searched: false } },
    { by: "account", action: "registrations.read", on: o.congress, details: { people: 3, searched: false } },
  ]);
  assert.deepEqual((await reads("changes")).filter(({ action }) => /\.(read|export)$/.test(action)), []);
  assert.equal((await get("/api/audit?part=all")).status, 422);
});

const WORDS = {
  "fr-FR": { all: "Tout", reads: "Consultations", changes: "Modifications", read: "Liste des inscriptions consultée", changed: "Congrès créé", people: "Personnes\u00a0: 3" },
  "en-GB": { all: "Everything", reads: "Data access", changes: "Changes", read: "List of registrations read", changed: "Congress created", people: "People: 3" },
};

for (const [locale, width] of [["fr-FR", 390], ["en-GB", 1440], ["fr-FR", 820]])
  test(`the page of the log tells reads from changes, ${locale} ${width}`, { timeout: 60000 }, async () => {
    const words = WORDS[locale];
    const made = await request({ port: server.port, method: "POST", path: "/api/congresses", cookie: o.staff.organiser.cookie, body: { title: "T", description: "", language: "fr", time_zone: "Europe/Paris" } });
    assert.equal(made.status, 201, made.text);
    const context = await openContext(await openBrowser(), { locale, width, bypassCSP: true });
    await context.addCookies([{ name: "__Host-amphi", value: o.staff.organiser.cookie, url: server.url, secure: true, httpOnly: true, sameSite: "Strict" }]);
    const page = await context.newPage();
    await page.goto(`${server.url}/audit`);
    await page.getByText(words.changed).first().waitFor();
    await page.getByText(words.read).first().waitFor();
    await page.getByText(words.reads, { exact: true }).click();
    await page.getByText(words.changed).first().waitFor({ state: "detached" });
    await page.getByText(words.people).first().waitFor();
    await page.waitForLoadState("networkidle");
    assert.deepEqual(await axe(page), []);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
    if (shots) await page.screenshot({ path: `${shots}/reads-${locale.slice(0, 2)}-${width}.png` });
    await page.getByText(words.changes, { exact: true }).click();
    await page.getByText(words.read).first().waitFor({ state: "detached" });
    assert.deepEqual(context.errors, []);
    await context.close();
  });
