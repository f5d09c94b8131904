// Rule: an acknowledged vote is in the database exactly once, whatever happens to the server.
// The server is killed with SIGKILL five times, each time with at least 1,000 votes in flight.
// Rule: work behind requests goes on after a SIGKILL where it was, and nothing is done twice.
// Rule: the disk holds the files of the decks that are there and no others, wherever the server was killed.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { after, test } from "node:test";
import { cleanup, onCleanup, waitFor } from "./lib/cleanup.mjs";
import { request } from "./lib/http.mjs";
import { root } from "./lib/need.mjs";
import { hcps, organisation, poll } from "./lib/people.mjs";
import { Postgres, temporaryFolder } from "./lib/postgres.mjs";
import { seeded } from "./lib/random.mjs";
import { Resuming } from "./lib/resuming.mjs";
import { Server } from "./lib/server.mjs";

const PEOPLE = 1100;
const ROUNDS = 5;
after(cleanup);

test("votes survive five SIGKILLs under a burst", { timeout: 240000 }, async () => {
  const pg = new Postgres({ durable: true });
  const server = await new Server({ database: pg }).start();
  const o = organisation(pg, "Un", { live: true });
  const polls = Array.from({ length: ROUNDS }, (_, i) => poll(pg, o, i + 1, { state: "open" }));
  const people = hcps(pg, o, PEOPLE);
  const voters = people.map((person) => new Resuming({ server, person, session: o.session }));
  onCleanup(() => voters.forEach((v) => v.end()));
  for (let i = 0; i < voters.length; i += 50) await Promise.all(voters.slice(i, i + 50).map((v) => v.connect()));

  for (let round = 0; round < ROUNDS; round++) {
    let answered = 0;
    const votes = voters.map((v, i) => v.do("poll.vote", { poll: polls[round], choices: [1 + ((i + round) % 3)] }).then(({ ok, code }) => (answered++, ok?.choices[0] ?? code)));
    const killAfter = [0, 20, 60, 120, 250][round];
    await waitFor("some votes to be on the way", () => answered >= 0);
    await new Promise((resolve) => setTimeout(resolve, killAfter));
    await server.kill("SIGKILL");
    await server.start();
    const choices = await Promise.all(votes);
    assert.deepEqual(choices, voters.map((_, i) => 1 + ((i + round) % 3)), "each client learns its own vote");
    const rows = pg.sql(`SELECT registration_id, choices, count(*) OVER (PARTITION BY registration_id) FROM poll_vote WHERE poll_id = '${polls[round]}'`);
    assert.equal(rows.length, PEOPLE, "every acknowledged vote is there, once");
    const stored = new Map(rows.map(([id, bits]) => [id, Number(bits)]));
    people.forEach((p, i) => assert.equal(stored.get(p.registration), 1 << ((i + round) % 3)));
  }

  const [[gaps]] = pg.sql(`SELECT count(*) FROM (SELECT seq - row_number() OVER (ORDER BY seq) AS d FROM session_event WHERE session_id = '${o.session}') x WHERE d <> 0`);
  assert.equal(gaps, "0", "the log's seq has no gaps");
  const [[beyond]] = pg.sql("SELECT count(*) FROM span s JOIN node n ON n.id = s.node_id WHERE n.stopped_at IS NOT NULL AND s.left_at > n.lease_at + interval '2 seconds'");
  assert.equal(beyond, "0", "no span of a killed run ends after its last lease");
  const [[open]] = pg.sql("SELECT count(*) FROM span s JOIN node n ON n.id = s.node_id WHERE s.left_at IS NULL AND n.id <> (SELECT id FROM node ORDER BY started_at DESC LIMIT 1)");
  assert.equal(open, "0", "no span of a killed run is still open");
});

test("rendering survives SIGKILLs and goes on where it was", { timeout: 180000 }, async () => {
  const PAGES = 40;
  const pg = new Postgres({ durable: true });
  const server = await new Server({ database: pg }).start();
  const o = organisation(pg, "Un", { live: true });
  const pdf = `${temporaryFolder("pdf")}/deck.pdf`;
  execFileSync("python3", [`${root}tests/fixtures/make_pdf.py`, "--pages", String(PAGES), pdf]);
  const upload = () => request({ port: server.port, method: "POST", path: `/api/sessions/${o.session}/decks?file_name=deck.pdf`,
    cookie: o.staff.organiser.cookie, body: readFileSync(pdf), headers: { "Content-Type": "application/pdf" } });
  const { json: deck } = await upload();
  const pages = () => Number(pg.sql(`SELECT count(*) FROM slide WHERE deck_id = '${deck.id}'`)[0][0]);
  const went = [];
  for (const least of [0, 3, 12, 25]) {
    await waitFor(`${least} pages`, () => pages() >= least, 60000);
    await server.kill("SIGKILL");
    went.push(pages());
    await server.start();
  }
  await waitFor("the deck", () => pg.sql(`SELECT state FROM deck WHERE id = '${deck.id}'`)[0][0] !== "rendering", 90000);
  assert.equal(pg.sql(`SELECT state FROM deck WHERE id = '${deck.id}'`)[0][0], "ready");
  const rows = pg.sql(`SELECT s.page, s.state, count(*), min(s.text) LIKE '%Page ' || s.page || ' of %' FROM slide s JOIN slide_image i USING (deck_id, page) WHERE deck_id = '${deck.id}' GROUP BY 1, 2 ORDER BY 1`);
  assert.deepEqual(rows, Array.from({ length: PAGES }, (_, i) => [String(i + 1), "ready", "3", "t"]), "each page once, and its own");
  assert.ok(went.at(-1) < PAGES, `killed in the middle of it: ${went}`);
  assert.deepEqual(pg.sql("SELECT * FROM job"), [], "nothing is left to do");
  // Killed while bodies are on their way, before any has a name: nothing of them is left.
  const lost = upload().catch(() => {});
  await server.kill("SIGKILL");
  await lost;
  await server.start();
  const [[there]] = pg.sql("SELECT count(*) FROM deck");
  const [[jobs]] = pg.sql("SELECT count(*) FROM deck WHERE state = 'rendering' AND NOT EXISTS (SELECT 1 FROM job WHERE object_id = deck.id)");
  assert.ok(there === "1" || there === "2");
  assert.equal(jobs, "0", "a deck that waits has a job");
  await server.kill();
});

test("files of decks survive SIGKILLs, those of removed decks do not", { timeout: 240000 }, async () => {
  const pg = new Postgres({ durable: true });
  const server = await new Server({ database: pg }).start();
  const o = organisation(pg, "Un", { live: true });
  const folder = temporaryFolder("pdf");
  // Of the same pages in part: what one deck gives back the other keeps.
  const pdfs = [1, 2, 3, 5].map((pages) => {
    execFileSync("python3", [`${root}tests/fixtures/make_pdf.py`, "--pages", String(pages), `${folder}/${pages}.pdf`]);
    return readFileSync(`${folder}/${pages}.pdf`);
  });
  const call = (method, path, more = {}) => request({ port: server.port, method, path, cookie: o.staff.organiser.cookie, ...more }).catch(() => {});
  const upload = (pdf) => call("POST", `/api/sessions/${o.session}/decks?file_name=deck.pdf`, { body: pdf, headers: { "Content-Type": "application/pdf" } });
  const decks = () => pg.sql("SELECT id FROM deck WHERE removed_at IS NULL ORDER BY created_at").map(([id]) => id);
  const next = seeded(1);
  for (let round = 0; round < 8; round++) {
    const done = [...pdfs.map((pdf) => upload(pdf)), ...decks().slice(0, 3).map((id) => call("DELETE", `/api/decks/${id}`))];
    await new Promise((resolve) => setTimeout(resolve, next() * 700));
    await server.kill("SIGKILL");
    await Promise.all(done);
    await server.start();
  }
  await waitFor("all work to be done", () => pg.sql("SELECT count(*) FROM job")[0][0] === "0", 90000);
  const wanted = pg.sql("SELECT encode(pdf, 'hex') FROM deck WHERE removed_at IS NULL UNION SELECT encode(blob, 'hex') FROM slide_image").map(([hash]) => hash).sort();
  const shelves = () => readdirSync(`${server.data}/blobs`).filter((name) => name.length === 2).map((name) => `${server.data}/blobs/${name}`);
  const files = () => shelves().flatMap((shelf) => readdirSync(shelf).map((name) => `${shelf}/${name}`));
  const names = () => files().map((file) => file.split("/").pop()).sort();
  assert.ok(decks().length > 3 && pg.sql("SELECT count(*) FROM deck WHERE removed_at IS NOT NULL")[0][0] > 3, "both were there");
  await waitFor("the sweep", () => names().join() === wanted.join(), 60000);
  for (const file of files())
    assert.equal(createHash("sha256").update(readFileSync(file)).digest("hex"), file.split("/").pop(), "each is whole");
  assert.deepEqual(readdirSync(`${server.data}/blobs/aside`), []);
  await server.kill();
});
