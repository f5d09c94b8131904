// Rule: one organisation's long work waits for nobody else's. Its slow readers keep no worker, and
// its heavy decks no render helper that another organisation needs.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import tls from "node:tls";
import { after, test } from "node:test";
import { cleanup, onCleanup, waitFor } from "./lib/cleanup.mjs";
import { request } from "./lib/http.mjs";
import { root } from "./lib/need.mjs";
import { hcps, organisation } from "./lib/people.mjs";
import { Postgres, temporaryFolder } from "./lib/postgres.mjs";
import { Server } from "./lib/server.mjs";

after(cleanup);

const pdfs = temporaryFolder("pdf");
function pdf(pages) {
  const path = `${pdfs}/${pages}.pdf`;
  execFileSync("python3", [`${root}tests/fixtures/make_pdf.py`, "--pages", String(pages), path]);
  return readFileSync(path);
}

const upload = (server, o, body) =>
  request({ port: server.port, method: "POST", path: `/api/sessions/${o.session}/decks?file_name=deck.pdf`, cookie: o.staff.organiser.cookie,
    body, headers: { "Content-Type": "application/pdf" } });

// Asks for a file, reads its head and then nothing more: what the kernel does not take stays with the server.
function slowReader(server, path, cookie) {
  return new Promise((resolve, reject) => {
    const socket = tls.connect({ port: server.port, host: "127.0.0.1", rejectUnauthorized: false, highWaterMark: 1024 }, () =>
      socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost:${server.port}\r\nCookie: __Host-amphi=${cookie}\r\n\r\n`));
    onCleanup(() => socket.destroy());
    socket.on("error", reject);
    socket.once("data", (bytes) => {
      socket.pause();
      const head = bytes.toString("latin1");
      resolve({ socket, status: Number(head.split(" ")[1]), length: Number(/content-length: (\d+)/i.exec(head)?.[1]) });
    });
  });
}

test("slow readers of an export keep nobody's worker", { timeout: 120000 }, async () => {
  const pg = new Postgres();
  const server = await new Server({ database: pg, env: { AMPHI_WORKERS_LONG: "2" } }).start();
  const slow = organisation(pg, "Slow"), other = organisation(pg, "Other");
  hcps(pg, slow, 6000);
  hcps(pg, other, 3);
  const exportOf = (o) => `/api/sessions/${o.session}/attendance.csv`;
  const readers = await Promise.all([1, 2, 3].map(() => slowReader(server, exportOf(slow), slow.staff.organiser.cookie)));
  for (const r of readers) {
    assert.equal(r.status, 200);
    assert.ok(r.length > 1 << 20, `more than any buffer holds: ${r.length}`);
  }
  const began = Date.now();
  const get = (o, path) => request({ port: server.port, path, cookie: o.staff.organiser.cookie, timeout: 10000 });
  const [mine, theirs, figures, deck] = await Promise.all([
    get(slow, exportOf(slow)), get(other, exportOf(other)), get(other, `/api/sessions/${other.session}/participation.csv`), upload(server, other, pdf(1)),
  ]);
  assert.deepEqual([mine.status, theirs.status, figures.status, deck.status], [200, 200, 200, 201]);
  assert.equal(theirs.text.trim().split("\r\n").length, 4);
  assert.equal(theirs.headers["content-disposition"]?.startsWith('attachment; filename="Attendance - '), true);
  assert.equal(mine.buffer.length, readers[0].length, "all of it, for who reads");
  assert.equal(mine.text.trim().split("\r\n").length, 6001);
  console.log(`beside three slow readers: ${Date.now() - began} ms`);
  assert.ok(readers.every((r) => !r.socket.destroyed), "and the slow ones were not cut off for it");
  readers.forEach((r) => r.socket.destroy());
  await server.kill();
});

// Announces a file of 20 MB and sends its beginning, then a byte now and then.
function slowUpload(server, o) {
  return new Promise((resolve, reject) => {
    const socket = tls.connect({ port: server.port, host: "127.0.0.1", rejectUnauthorized: false }, () => {
      socket.write(`POST /api/sessions/${o.session}/decks?file_name=slow.pdf HTTP/1.1\r\nHost: localhost:${server.port}\r\nCookie: __Host-amphi=${o.staff.organiser.cookie}\r\nX-Amphi: 1\r\n` +
        `Content-Type: application/pdf\r\nContent-Length: ${20 << 20}\r\nExpect: 100-continue\r\n\r\n`);
    });
    onCleanup(() => socket.destroy());
    socket.on("error", reject);
    socket.once("data", () => {
      socket.write("%PDF-1.4\n");
      resolve(socket);
    });
  });
}

test("slow uploads and slow readers of one organisation hold up nobody", { timeout: 120000 }, async () => {
  const pg = new Postgres();
  const server = await new Server({ database: pg, env: { AMPHI_WORKERS_LONG: "2" } }).start();
  const slow = organisation(pg, "Slow"), other = organisation(pg, "Other");
  hcps(pg, slow, 6000);
  hcps(pg, other, 3);
  const path = (o) => `/api/sessions/${o.session}/attendance.csv`;
  const sockets = await Promise.all(Array.from({ length: 30 }, () => slowUpload(server, slow)));
  for (let i = 0; i < 3; i++) sockets.push((await slowReader(server, path(slow), slow.staff.organiser.cookie)).socket);
  await Promise.all(Array.from({ length: 3 }, async () => {
    const [deck, file] = await Promise.all([upload(server, other, pdf(1)), request({ port: server.port, path: path(other), cookie: other.staff.organiser.cookie, timeout: 10000 })]);
    assert.deepEqual([deck.status, file.status], [201, 200]);
  }));
  assert.equal((await upload(server, slow, pdf(1))).status, 201, "nor its own");
  assert.ok(sockets.every((socket) => !socket.destroyed));
  sockets.forEach((socket) => socket.destroy());
  await server.kill();
});

test("heavy decks of one organisation do not hold up another's", { timeout: 180000 }, async () => {
  const pg = new Postgres();
  const server = await new Server({ database: pg }).start();
  const heavy = organisation(pg, "Heavy"), light = organisation(pg, "Light");
  const large = pdf(80), small = pdf(1);
  const state = (deck) => pg.sql(`SELECT state FROM deck WHERE id = '${deck.json.id}'`)[0][0];
  const ready = async (deck) => {
    const began = performance.now();
    await waitFor("the deck", () => state(deck) === "ready", 90000);
    return performance.now() - began;
  };
  const alone = await ready(await upload(server, light, small));
  const decks = [];
  for (let i = 0; i < 4; i++) decks.push(await upload(server, heavy, large));
  await waitFor("the first of them to be rendered", () => Number(pg.sql("SELECT count(*) FROM slide")[0][0]) > 2, 30000);
  const beside = [];
  for (let i = 0; i < 3; i++) beside.push(await ready(await upload(server, light, small)));
  const waiting = decks.filter((d) => state(d) === "rendering").length;
  console.log(`a small deck: ${alone.toFixed(0)} ms alone, ${beside.map((ms) => ms.toFixed(0)).join(", ")} ms beside ${waiting} heavy ones`);
  assert.ok(waiting >= 3, "the heavy ones are still at it");
  const [[most]] = pg.sql(`SELECT count(*) FROM job WHERE organisation_id = '${heavy.id}' AND claimed_by IS NOT NULL`);
  assert.equal(most, "1", "one helper is left for others");
  assert.ok(Math.max(...beside) < 10 * alone + 3000, "it waits for its own rendering only");
  const stopping = performance.now();
  await server.kill("SIGTERM");
  assert.ok(performance.now() - stopping < 5000, "stopping does not wait for a deck");
  assert.deepEqual(pg.sql("SELECT count(*) FROM job WHERE claimed_by IS NOT NULL OR attempts > 0"), [["0"]], "and puts it back");
});
