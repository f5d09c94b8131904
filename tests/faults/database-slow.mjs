// Every answer of the database comes late for a while, by 200 ms in the long form, under more than it can then do:
// everybody stays, commands are answered within a bound, some of them busy, nothing acknowledged is
// lost, and all that was put off is done when it is fast again.
import assert from "node:assert/strict";
import { SlowDatabase } from "../e2e/lib/database.mjs";
import { fault, short, sleep } from "./lib/case.mjs";
import { verify } from "./lib/outage.mjs";
import { scene } from "./lib/scene.mjs";

// As many answers fit the time that a command waits in the short form as in the long one.
const LATE_MS = short ? 80 : 200;
const LOAD_MS = short ? 4000 : 60000;
const BUSY_AFTER_MS = short ? 2000 : 5000;

await fault({ limit: 240 }, async (figures) => {
  let proxy;
  const slow = async (pg) => (proxy = await new SlowDatabase(`${pg.folder}/.s.PGSQL.5432`, 0).listen());
  const made = await scene({ members: short ? 60 : 200, between: slow, server: { env: { AMPHI_BUSY_AFTER_MS: String(BUSY_AFTER_MS) } } });
  const { crowd, ledger } = made;
  await crowd.enter();
  proxy.ms = LATE_MS;
  crowd.start({ perSecond: 60, registrants: 2 });
  await crowd.during(sleep(LOAD_MS));
  const kept = Object.values(ledger.acknowledged).reduce((a, b) => a + b, 0);
  proxy.ms = 0;
  const fast = Date.now();
  await crowd.finish();
  figures.kept_per_s = kept / (LOAD_MS / 1000);
  figures.resumed_ms = Date.now() - fast;
  assert.ok(kept > 0, "something is kept also while it is slow");
  figures.busy = crowd.tries.filter((t) => t.code === "server.busy").length;
  verify(made, BUSY_AFTER_MS, figures);
});
