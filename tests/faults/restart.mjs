// The server is restarted under a full room. The rule: everybody is back and in sync within 20 s of the
// server being ready, by themselves, with the backoff and jitter of PROTOCOL.md. The members are those of
// the load generator (../bench/gen), so that it is not they who are slow.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { amphiTarget, Generator } from "../bench/lib/generator.mjs";
import { waitFor } from "../e2e/lib/cleanup.mjs";
import { root } from "../e2e/lib/need.mjs";
import { temporaryFolder } from "../e2e/lib/postgres.mjs";
import { fault, short } from "./lib/case.mjs";
import { room } from "./lib/room.mjs";

const PAGES = 40;

await fault({ limit: 300 }, async (figures) => {
  const N = short ? 200 : Number(process.env.N ?? 10000);
  const { pg, server, o, people, decks } = await room({ people: N, decks: [{ pages: PAGES, chars: 300 }] });
  const folder = temporaryFolder("restart");
  const file = (name, people) => {
    writeFileSync(`${folder}/${name}`, `${people.map((p) => p.cookie).join("\n")}\n`);
    return `${folder}/${name}`;
  };
  const cookies = file("people", people);
  const hosts = file("host", [o.staff.host]);
  const gen = new Generator(`${root}${process.env.BUILD ?? "build/release"}`);
  await gen.run("target", amphiTarget({ port: server.port, tls: true, session: o.session }));

  // The host comes (again) and turns a page; everybody must have it.
  let moves = 0;
  async function everybodyInSync() {
    const by = (await gen.connect(1, { cookies: hosts, member: false })).first;
    const [[version]] = pg.sql(`SELECT version FROM session WHERE id = '${o.session}'`);
    const move = { id: 100, command: "slide.move", data: { version: Number(version), deck: decks[0], page: 1 + (moves++ % PAGES) } };
    const told = await gen.run("publish", { by, events: [[JSON.stringify(move)]], marker: '{"event":"slide.moved"', timeout_ms: 20000 });
    assert.equal(told.refused, 0, told.refusal);
    assert.equal(told.missed + told.extra + told.closed_by_peer, 0, "nobody missed the event");
    assert.equal(told.deliveries, N, "everybody has the event");
  }

  const began = Date.now();
  await gen.connect(N, { cookies });
  figures.members = N;
  figures.first_in_s = (Date.now() - began) / 1000;
  await everybodyInSync();

  for (const signal of short ? ["SIGKILL"] : ["SIGTERM", "SIGKILL"]) {
    const down = Date.now();
    const returned = gen.run("return", { cookies, members: N, timeout_ms: 90000 });
    await server.kill(signal);
    await server.start();
    const ready = Date.now();
    const { lost, tries, back: members } = await returned;
    figures[`${signal}_away_s`] = (ready - down) / 1000;
    figures[`${signal}_back_s`] = (Date.now() - ready) / 1000;
    figures[`${signal}_tries`] = tries / N;
    assert.deepEqual({ lost, members }, { lost: N, members: N }, "everybody came back");
    await everybodyInSync();
    const synced = Date.now() - ready;
    figures[`${signal}_in_sync_s`] = synced / 1000;
    assert.ok(synced <= 20000, `in sync after ${synced} ms`);
  }
  const open = () => Number(pg.sql(`SELECT count(DISTINCT registration_id) FROM span WHERE left_at IS NULL AND registration_id IS NOT NULL`)[0][0]);
  await waitFor("everybody to have an open span again", () => open() === N, 5000);
  await gen.end();
});
