// Rule: while servers are exchanged one by one nothing is written that one of them could not read: what would is refused with
// a code of its own and changes nothing, and goes through once the last older server has ended.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { cleanup, waitFor } from "./lib/cleanup.mjs";
import { request } from "./lib/http.mjs";
import { Live } from "./lib/live.mjs";
import { twoNodes, withoutNats } from "./lib/nats.mjs";
import { organisation } from "./lib/people.mjs";

const skip = withoutNats;
after(cleanup);

test("what an older node does not read waits until it has ended, and none begins beside who writes it", { skip, timeout: 60000 }, async () => {
  const { pg, node, a, b } = await twoNodes();
  const o = organisation(pg, "Un", { live: true });
  // b is of a version that had neither polls that open nor sessions that change.
  pg.sql("UPDATE node SET reads = reads - 'poll.opened' - 'session.changed' WHERE name = 'b'");
  const host = await new Live({ port: a.port, cookie: o.staff.host.cookie, session: o.session }).open();
  const ask = (method, path, body) => request({ port: a.port, method, path, cookie: o.staff.host.cookie, body });
  const made = await ask("POST", `/api/sessions/${o.session}/polls`, { question: "Yes?", choice: "single", options: ["Yes", "No"] });
  assert.equal(made.status, 201, made.text);
  const poll = made.json.id;
  await assert.rejects(host.command("poll.open", { poll }), ({ code }) => code === "server.upgrading");
  const change = () => request({ port: a.port, method: "PATCH", path: `/api/sessions/${o.session}`, cookie: o.staff.organiser.cookie, body: { title: "Another" } });
  const refused = await change();
  assert.deepEqual([refused.status, refused.json.code, refused.headers["retry-after"]], [503, "server.upgrading", undefined], refused.text);
  assert.deepEqual(pg.sql(`SELECT p.state, s.title = 'Another' FROM poll p JOIN session s ON s.id = p.session_id`), [["draft", "f"]]);
  b.process.kill("SIGTERM");
  await b.exited;
  await host.command("poll.open", { poll });
  await waitFor("the poll to be open", () => host.events.find(({ event }) => event === "poll.opened"));
  assert.equal((await change()).status, 200);
  // As the version before would begin.
  assert.throws(() => pg.sql("INSERT INTO node (id, name, started_at, lease_at, reads) VALUES (gen_random_uuid(), 'old', now(), now(), '{}')"), /newer servers write the event/);
  host.close();
  await node("c").start();
});
