// Rule: a hospital behind one address gets in when all of its people press "Enter" at once; whoever guesses
// links there is limited all the same; and a page that is refused for a moment waits, says so and tries again.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe, openBrowser, openContext } from "./lib/browser.mjs";
import { cleanup } from "./lib/cleanup.mjs";
import { request } from "./lib/http.mjs";
import { Live } from "./lib/live.mjs";
import { hcps, organisation, token } from "./lib/people.mjs";
import { Postgres } from "./lib/postgres.mjs";
import { Server } from "./lib/server.mjs";

after(cleanup);

const CROWD = 200, WITHIN_MS = 15000;
const shots = process.env.SHOTS; // a folder: what the page looks like
let pg, server, o, people;
before(async () => {
  pg = new Postgres();
  server = await new Server({ database: pg }).start();
  o = organisation(pg, "Un", { live: true });
  people = hcps(pg, o, CROWD + 3).map((person) => ({ ...person, link: token() }));
  pg.sql(`INSERT INTO one_time_link (token_hash, organisation_id, purpose, registration_id, created_at, expires_at)
    VALUES ${people.map((p) => `('\\x${p.link.hash}', '${o.id}', 'join', '${p.registration}', now(), now() + interval '1 day')`)}`);
});

const post = (path, token) => request({ port: server.port, method: "POST", path, body: { token } });
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// As web/src/net/patience.ts does.
let refused = 0;
async function patiently(path, token) {
  for (let tries = 0; ; tries++) {
    const answer = await post(path, token);
    const seconds = Number(answer.headers["retry-after"]);
    if (![429, 503].includes(answer.status) || Number.isNaN(seconds)) return answer;
    refused++;
    await pause(seconds * 1000 + Math.random() * Math.min(8000, 1000 * 2 ** tries));
  }
}

async function enter({ link }) {
  const shown = await patiently("/api/join/preview", link.text);
  assert.equal(shown.status, 200, shown.text);
  const joined = await patiently("/api/join", link.text);
  assert.equal(joined.status, 200, joined.text);
  const [, cookie] = /^__Host-[^=]+=([^;]+)/.exec(joined.headers["set-cookie"][0]);
  return new Live({ port: server.port, cookie, session: o.session, keep: false }).open();
}

test(`${CROWD} people of one address are in within ${WITHIN_MS / 1000} s`, { timeout: 60000 }, async () => {
  const began = Date.now();
  const after = [];
  const inside = await Promise.all(people.slice(0, CROWD).map(async (person) => {
    const live = await enter(person);
    after.push(Date.now() - began);
    return live;
  }));
  after.sort((a, b) => a - b);
  console.log(`# the first in after ${after[0]} ms, half after ${after[CROWD / 2]}, the last after ${after.at(-1)}; ${refused} refusals`);
  assert.ok(after.at(-1) < WITHIN_MS, `${after.at(-1)} ms`);
  for (const live of inside) live.close();
});

test("guesses from there are limited, and a page that has to wait says so and gets in", { timeout: 60000 }, async () => {
  const guesses = await Promise.all(Array.from({ length: 120 }, () => post("/api/join/preview", token().text)));
  const wrong = guesses.filter(({ status }) => status === 410).length;
  assert.ok(wrong >= 60 && wrong < 80, `${wrong} guesses`);
  assert.ok(guesses.every(({ status }) => [410, 429].includes(status)));

  const context = await openContext(await openBrowser(), { locale: "fr-FR", width: 390, bypassCSP: true });
  const page = await context.newPage();
  let guessing = true; // so that there is nothing left when the page asks
  const guesser = async () => {
    while (guessing) await post("/api/join/preview", token().text);
  };
  const guessers = Array.from({ length: 8 }, guesser);
  const waits = page.getByText("Merci de patienter");
  for (let tries = 0; tries < 5 && !(await waits.isVisible()); tries++) { // one a second is let through
    await page.goto("about:blank");
    await page.goto(`${server.url}/join#${people[CROWD].link.text}`);
    await Promise.race([waits.waitFor(), page.getByRole("button", { name: "Entrer", exact: true }).waitFor()]);
  }
  await waits.waitFor();
  guessing = false;
  await Promise.all(guessers);
  assert.deepEqual(await axe(page), []);
  if (shots) await page.screenshot({ path: `${shots}/crowd-wait.png` });
  await page.getByRole("button", { name: "Entrer", exact: true }).click();
  await page.waitForURL(`**/live/${o.session}`);
  await page.getByText("Merci de patienter").waitFor({ state: "detached" });
});
