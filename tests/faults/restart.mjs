// The server is restarted under a full room. The rule: everybody is back and in sync within 20 s of the
// server being ready, by themselves, with the backoff and jitter of PROTOCOL.md.
import assert from "node:assert/strict";
import { waitFor } from "../e2e/lib/cleanup.mjs";
import { fault, short, sleep } from "./lib/case.mjs";
import { Multitude } from "./lib/multitude.mjs";
import { Member } from "./lib/member.mjs";
import { Mover, room } from "./lib/room.mjs";

await fault({ limit: 420 }, async (figures) => {
  const N = short ? 200 : Number(process.env.N ?? 10000);
  const { pg, server, o, people, decks } = await room({ people: N, decks: [{ pages: 40, chars: 300 }] });
  const at = { port: server.port, session: o.session };
  const crowd = new Multitude({ ...at, cookies: people.map((p) => p.cookie), processes: short ? 1 : 4 });
  const began = Date.now();
  await crowd.open();
  figures.members = N;
  figures.first_in_s = (Date.now() - began) / 1000;

  for (const signal of short ? ["SIGKILL"] : ["SIGTERM", "SIGKILL"]) {
    const down = Date.now();
    await server.kill(signal);
    await server.start();
    const ready = Date.now();
    // The host is among those who come back, and goes on with the talk.
    const host = new Member({ ...at, cookie: o.staff.host.cookie, comesBack: true });
    await host.open();
    const mover = new Mover(host);
    let page = 1;
    let all;
    await waitFor(`everybody to be back after ${signal}`, async () => {
      await mover.to(decks[0], 1 + (page++ % 40));
      all = await crowd.status();
      if (all.online < N) await sleep(200);
      return all.online === N;
    }, 60000);
    const back = Date.now();
    await waitFor("everybody to be in sync", async () => (all = await crowd.status()).oldest === host.place.seq && all.online === N, 20000);
    const synced = Date.now();
    figures[`${signal}_away_s`] = (ready - down) / 1000;
    figures[`${signal}_back_s`] = (back - ready) / 1000;
    figures[`${signal}_in_sync_s`] = (synced - ready) / 1000;
    assert.equal(all.finals, 0, "nobody was turned away for good");
    assert.ok(synced - ready <= 20000, `in sync after ${synced - ready} ms`);
    host.close();
  }
  const [[open]] = pg.sql(`SELECT count(DISTINCT registration_id) FROM span WHERE left_at IS NULL AND registration_id IS NOT NULL`);
  assert.equal(Number(open), N, "everybody has an open span again");
});
