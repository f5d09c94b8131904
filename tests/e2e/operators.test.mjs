// Rule: operators see on each node's own machine, and nowhere else, which nodes live and what they have, in French and
// English, also while the database is away; what other nodes call themselves is text.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import http from "node:http";
import { axe, counted, openBrowser, openContext } from "./lib/browser.mjs";
import { cleanup, onCleanup, waitFor } from "./lib/cleanup.mjs";
import { request } from "./lib/http.mjs";
import { Live } from "./lib/live.mjs";
import { hcps, organisation } from "./lib/people.mjs";
import { Postgres } from "./lib/postgres.mjs";
import { Server } from "./lib/server.mjs";

const shots = process.env.SHOTS; // a folder: what the page looks like
let pg, server, silent;

function ask(path, headers = {}) {
  return new Promise((resolve, reject) => {
    const asked = http.get({ host: "127.0.0.1", port: server.metricsPort, path, headers }, (reply) => {
      let text = "";
      reply.on("data", (bytes) => (text += bytes)).on("end", () => resolve({ status: reply.statusCode, headers: reply.headers, text }));
    });
    asked.on("error", reject);
  });
}
const nodes = async () => JSON.parse((await ask("/nodes.json")).text);

before(async () => {
  pg = new Postgres();
  server = await new Server({ database: pg, env: { AMPHI_NODE_NAME: "n1" } }).start();
  const o = organisation(pg, "Un", { live: true });
  for (const person of hcps(pg, o, 2)) await new Live({ port: server.port, cookie: person.cookie, session: o.session }).open();
  // Two that are not there: one that does not answer, whose name is markup, and one that was stopped.
  pg.sql(`INSERT INTO node (id, name, started_at, lease_at, renewed_at, address, build, figures) VALUES
    (gen_random_uuid(), '<b>n2</b>', now() - interval '1 hour', now() - interval '7 s', now() - interval '7 s', '10.0.0.12:8443', '1.1', '{"rooms":1234,"members":56789,"missed":3,"bus":3,"apart":1,"skew_us":-612000}');
    INSERT INTO node (id, name, started_at, lease_at, renewed_at, stopped_at) VALUES (gen_random_uuid(), 'n3', now() - interval '2 hours', now() - interval '1 hour', now() - interval '1 hour', now() - interval '1 hour')`);
  // It stays as it is: after ten seconds its run would be ended.
  silent = setInterval(() => pg.sql("UPDATE node SET renewed_at = now() - interval '4 s' WHERE build = '1.1' AND stopped_at IS NULL"), 1500);
  onCleanup(() => clearInterval(silent));
});
after(cleanup);

test("which nodes live, with rooms and members", { timeout: 60000 }, async () => {
  const all = await waitFor("the figures", async () => ((told) => told.nodes.length === 3 && told.nodes[1].members === 2 && told)(await nodes()));
  assert.deepEqual(all.nodes.map(({ name, state }) => [name, state]), [["<b>n2</b>", "away"], ["n1", "lives"], ["n3", "ended"]]);
  assert.ok(all.age_us < 10e6 && all.nodes[1].rooms === 1 && all.nodes[1].lease_age_us < 5e6 && all.nodes[1].bus === null, JSON.stringify(all));
});

test("it is on this machine only, under its own name only, and not where people come", { timeout: 60000 }, async () => {
  for (const path of ["/nodes", "/nodes/fr", "/nodes.json"]) {
    assert.equal((await ask(path)).status, 200);
    assert.equal((await ask(path, { Host: "rebound.example" })).status, 404, "a page of elsewhere whose name was led here");
    assert.doesNotMatch((await request({ port: server.port, path })).text ?? "", /n1/);
  }
  for (const path of ["/nodes/de", "/nodes/", "/nodes.js", "/"]) assert.equal((await ask(path)).status, 404, path);
  assert.match((await ask("/nodes", { "Accept-Language": "fr-FR" })).text, /<html lang="fr">/);
  assert.match((await ask("/nodes", { "Accept-Language": "de" })).text, /<html lang="en">/);
});

test("both languages, light and dark, wide and narrow, without a fault", { timeout: 120000 }, async () => {
  const browser = await openBrowser();
  const texts = { en: ["Not responding", "56,789", "−612.0 ms"], fr: ["Ne répond pas", "56\u202f789", "−612,0 ms"] };
  for (const [width, language, dark] of [[1440, "en", false], [390, "fr", true], [390, "en", false], [1440, "fr", true]]) {
    const context = await openContext(browser, { width, dark, locale: language, bypassCSP: true });
    const page = await context.newPage();
    await page.goto(`http://127.0.0.1:${server.metricsPort}/nodes/${language}`);
    const text = await page.innerText("main");
    for (const part of texts[language]) assert.ok(text.includes(part), `${part} in ${text}`);
    await counted(page.locator("h2", { hasText: "<b>n2</b>" }), 1, "a name is text");
    assert.deepEqual(await axe(page), []);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), "nothing is cut off");
    assert.equal(await page.evaluate(() => getComputedStyle(document.querySelector(".card")).borderTopLeftRadius), "10px", "it has its style");
    if (shots) await page.screenshot({ path: `${shots}/nodes-${language}-${width}.png`, fullPage: true });
    assert.deepEqual(context.errors, []);
    await context.close();
  }
});

test("a database that is away: what was read last, and that it is old", { timeout: 60000 }, async () => {
  clearInterval(silent);
  pg.stop("immediate");
  const text = await waitFor("the page to say so", async () => ((reply) => reply.text.includes("has not answered") && reply.text)(await ask("/nodes/en")), 30000);
  assert.ok(text.includes("n1"));
});
