// What must hold whenever the database is away for a while and comes back by whatever means.
import assert from "node:assert/strict";
import { waitFor } from "../../e2e/lib/cleanup.mjs";
import { quantile } from "./case.mjs";

export const BUSY_AFTER_MS = 1000; // of the short form
export const env = { AMPHI_BUSY_AFTER_MS: String(BUSY_AFTER_MS), AMPHI_LEASE_MS: "200" };

// A command waits for the batch before it as long as for its own; spans are written again after a
// second; and the machine of the test may be slow.
export const bound = (busyAfterMs) => 2 * busyAfterMs + 2500;

// break_() makes the database go away and resolves when it is back. Returns {busy, resumedMs}.
export async function outage({ crowd }, break_, { resumeMs = 20000 } = {}) {
  const from = crowd.tries.length;
  await crowd.during(break_());
  const back = Date.now();
  const answered = (name) => crowd.tries.findLast((t) => t.name === name && !t.code)?.at > back;
  await crowd.during(waitFor("votes, questions, moves and registrations to go on", () => ["question.ask", "slide.move", "register"].every(answered), resumeMs));
  const tries = crowd.tries.slice(from);
  return { busy: tries.filter((t) => t.code === "server.busy").length, resumedMs: Date.now() - back };
}

// After finish(): nobody noticed but by waiting, and nothing is missing.
export function verify({ crowd, ledger }, busyAfterMs, figures) {
  assert.deepEqual(crowd.everybody.flatMap((m) => m.closes), [], "nobody was disconnected");
  const isRequest = (t) => ["register", "confirm"].includes(t.name); // over HTTP: no lane bounds it
  const waits = crowd.tries.filter((t) => !isRequest(t));
  const most = waits.reduce((a, b) => (a.ms > b.ms ? a : b));
  figures.wait_p99_ms = quantile(waits.map((t) => t.ms), 0.99);
  figures.wait_most_ms = most.ms;
  figures.register_most_ms = Math.max(...crowd.tries.filter(isRequest).map((t) => t.ms));
  assert.ok(most.ms <= bound(busyAfterMs), `${most.name} waited ${Math.round(most.ms)} ms`);
  ledger.verify();
  Object.assign(figures, ledger.acknowledged);
}
