// Rule: nothing crosses an organisation's border. Every route and command that takes an id, listed by
// the server itself from its tables, first succeeds with its own organisation's id and then answers
// 404 with the other's (a command not found or forbidden). A route or command without an example here fails the test.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { cleanup } from "./lib/cleanup.mjs";
import { request } from "./lib/http.mjs";
import { Live } from "./lib/live.mjs";
import { hcps, ROLES, staff } from "./lib/people.mjs";
import { Postgres } from "./lib/postgres.mjs";
import { Server } from "./lib/server.mjs";
import { call, commandExample, destroys, example, furnish, keyOf, parameter, tables, use, withIds, withoutExample } from "./lib/tables.mjs";

let pg, server, own, other;
after(cleanup);

before(async () => {
  pg = new Postgres();
  server = await new Server({ database: pg }).start();
  use(pg, server);
  own = await furnish("Un", { rendered: true });
  other = await furnish("Deux");
});

test("every route that takes an id has an example", () => {
  for (const r of withIds) {
    const key = keyOf(r);
    assert.ok(example[key] || withoutExample.has(key), `${key} is not in this test`);
    for (const [, name] of r.pattern.matchAll(/\{(\w+)\}/g)) assert.ok(parameter[name], `parameter ${name} of ${key}`);
  }
});

test("every route that takes an id says which thing's place decides", () => {
  for (const r of withIds) assert.ok(r.thing && r.pattern.includes(`{${r.thing}}`), `${keyOf(r)} declares no thing`);
});

test("routes: another organisation's id is refused, one's own is served", { timeout: 120000 }, async () => {
  for (const [n, route] of withIds.entries()) {
    const key = keyOf(route);
    if (n % 30 === 29) for (const role of ROLES) own.staff[role] = staff(pg, own, role, [role], {}); // one person may not ask so much in a moment
    const mine = destroys(route) ? await furnish(`Un ${key}`) : own;
    example[key]?.prepare?.(mine);
    const refused = await call(route, mine, other);
    assert.equal(refused.status, 404, `${key} with the other's id: ${refused.status} ${refused.text.slice(0, 200)}`);
    const served = await call(route, mine, mine);
    assert.ok(served.status >= 200 && served.status < 300, `${key} with one's own id: ${served.status} ${served.text.slice(0, 300)}`);
  }
});

test("routes: nobody signed in, and an HCP on staff routes, are refused", async () => {
  const people = hcps(pg, own, 4); // so many requests in a moment are more than one client may send
  for (const [n, route] of tables.routes.filter((r) => r.roles.length > 0).entries()) {
    const path = route.pattern.replace(/\{(\w+)\}/g, (_, name) => (parameter[name] ?? (() => "x"))(own));
    const body = example[`${route.method} ${route.pattern}`]?.binary ? Buffer.from("%PDF-1.4") : undefined; // an upload must have a size
    const nobody = await request({ port: server.port, method: route.method, path, body, from: `127.0.0.${2 + (n % 4)}` });
    assert.equal(nobody.status, 401, `${route.method} ${route.pattern}: ${nobody.status}`);
    if (route.roles.includes("hcp")) continue;
    const hcp = await request({ port: server.port, method: route.method, path, body, cookie: people[n % 4].cookie });
    assert.equal(hcp.status, 403, `${route.method} ${route.pattern} as HCP: ${hcp.status}`);
  }
});

test("commands: another organisation's id is refused, one's own is served", { timeout: 120000 }, async () => {
  for (const command of tables.commands.filter((c) => c.ids.length > 0)) {
    const e = commandExample[command.name];
    assert.ok(e, `${command.name} is not in this test`);
    // Things are made before the room opens, because they are put into the database behind its back.
    const mine = await furnish(`Un ${command.name}`);
    const theirs = await furnish(`Deux ${command.name}`);
    for (const o of [mine, theirs]) pg.sql(`UPDATE session SET state = 'live', live_at = now() WHERE id = '${o.session}'`);
    const thing = await e.thing(mine);
    const foreign = await (e.foreign ? e.foreign(theirs) : e.thing(theirs));
    const role = command.roles.find((r) => r !== "hcp");
    const live = await new Live({ port: server.port, cookie: role ? mine.staff[role].cookie : mine.hcp.cookie, session: mine.session }).open();
    const data = e.data?.(live.joined.snapshot.common.session.version) ?? {};
    await assert.rejects(live.command(command.name, { ...data, [command.ids[0]]: foreign }), (error) => ["not_found", "auth.forbidden", "slide.page", "request.invalid"].includes(error.code), command.name);
    await live.command(command.name, { ...data, [command.ids[0]]: thing });
    live.close();
  }
});

test("a live session of another organisation cannot be entered", async () => {
  for (const cookie of [own.staff.organiser.cookie, own.hcp.cookie]) {
    const live = new Live({ port: server.port, cookie, session: other.session });
    await assert.rejects(live.open(), /4404|not_found/);
  }
  const inside = await new Live({ port: server.port, cookie: own.hcp.cookie, session: own.session }).open();
  assert.ok(inside.joined.snapshot);
  inside.close();
});
