// Rule: an organisation adds codes of its own to the lists of the trade, all that are sent or none; imports of target lists read them, by
// code and by label, criteria name them, and files and matches follow. What is used is not removed. No other organisation sees or uses them.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { cleanup, waitFor } from "./lib/cleanup.mjs";
import { request } from "./lib/http.mjs";
import { organisation, staff } from "./lib/people.mjs";
import { Postgres } from "./lib/postgres.mjs";
import { Server } from "./lib/server.mjs";

let pg, server, o, other;
before(async () => {
  pg = new Postgres();
  server = await new Server({ database: pg }).start();
  o = organisation(pg, "Un");
  other = organisation(pg, "Deux");
});
after(cleanup);

const call = (method, path, body, who = o.staff.organiser) => request({ port: server.port, method, path, cookie: who.cookie, body });
const ok = (answer, status) => (assert.equal(answer.status, status, answer.text), answer.json);
const code = (list, name, fr, en = fr) => ({ list, code: name, fr, en });
const send = (codes, who) => call("POST", "/api/organisation/codes", { codes }, who);
const own = async (who) => ok(await call("GET", "/api/organisation/codes", undefined, who), 200).items;
const remove = (list, name, who) => call("DELETE", `/api/organisation/codes/${list}/${name}`, undefined, who);
const profile = (name, attribute, ...codes) => ({ name, criteria: { all_of: [{ attribute, codes }], any_of: [], none_of: [] } });
const add = (fields, who = o) => call("POST", `/api/congresses/${who.congress}/target-profiles`, fields, who.staff.organiser);
const audited = () => pg.sql(`SELECT action, details FROM audit_log WHERE organisation_id = '${o.id}' AND action LIKE 'own\\_codes.%' ORDER BY id`).map(([action, details]) => [action, JSON.parse(details)]);

test("codes are added in their order, changed by their labels, and told to all staff of the organisation alone", async () => {
  assert.deepEqual(ok(await send([code("segment", "B", "Suivi", "Followed"), code("segment", "A", "Prioritaire", "Priority"), code("specialty", "BE_CARDIO", "Cardiologue (Belgique)", "Cardiologist (Belgium)")]), 200), { added: 3, changed: 0 });
  assert.deepEqual(ok(await send([code("segment", "B", "Suivi", "Followed"), code("segment", "A", "  Très   prioritaire ", "Priority"), code("tier", "1", "Un", "One")]), 200), { added: 1, changed: 1 });
  assert.deepEqual(ok(await send([code("tier", "1", "Un", "One")]), 200), { added: 0, changed: 0 });
  const all = [code("segment", "B", "Suivi", "Followed"), code("segment", "A", "Très prioritaire", "Priority"), code("specialty", "BE_CARDIO", "Cardiologue (Belgique)", "Cardiologist (Belgium)"), code("tier", "1", "Un", "One")];
  for (const role of ["organiser", "host", "moderator", "speaker"]) assert.deepEqual(await own(o.staff[role]), all, role);
  assert.deepEqual(await own(staff(pg, o, "one", ["organiser"], { congress: o.congress })), all, "who organises one congress");
  assert.deepEqual(await own(other.staff.organiser), []);
  assert.deepEqual(audited(), [["own_codes.import", { added: 3, changed: 0 }], ["own_codes.import", { added: 1, changed: 1 }]]);
});

test("of codes with a fault among them none is kept, and the answer names it", async () => {
  const before = await own();
  for (const [codes, field, reason] of [
    [[code("segment", "C", "C"), code("segment", "C", "D")], "codes[1].code", "repeated"],
    [[code("segment", "C", "C"), code("segment", "é", "E")], "codes[1].code", "not a code"],
    [[code("segment", "x".repeat(21), "C")], "codes[0].code", "too long"],
    [[code("country", "XX", "X")], "codes[0].list", "unknown word"],
    [[code("segment", "C", " ")], "codes[0].fr", "too short"],
    [[code("segment", "C", "C", "a\u202eb")], "codes[0].en", "invisible character"],
    [[{ list: "segment", code: "C", fr: "C" }], "codes[0].en", "missing"],
    [[7], "codes[0].", "wrong type"],
    [[], "codes", "empty"],
  ]) {
    const { status, json } = await send(codes);
    assert.equal(status, 422, field);
    assert.equal(json.field, field);
    assert.equal(json.reason, reason);
  }
  const { status, json } = await send([code("segment", "C", "C"), code("specialty", "SM04", "Cardio"), code("specialty", "SM26", "MG")]);
  assert.deepEqual([status, json.code, json.reason], [409, "codes.taken", "SM04, SM26"]);
  const many = Array.from({ length: 1997 }, (_, i) => code("tier", `t${i}`, `T${i}`));
  assert.equal((await send(many)).json.code, "codes.limit");
  assert.deepEqual(await own(), before);
});

test("only who organises the whole organisation changes them, and no other organisation's", async () => {
  for (const who of [o.staff.host, o.staff.moderator, o.staff.speaker, staff(pg, o, "two", ["organiser"], { congress: o.congress })]) {
    assert.equal((await send([code("segment", "C", "C")], who)).status, 403);
    assert.equal((await remove("segment", "A", who)).status, 403);
  }
  assert.equal((await remove("segment", "A", other.staff.organiser)).status, 404);
  assert.equal((await add(profile("Theirs", "segment", "A"), other)).status, 422);
});

test("an import reads them by code and label, a profile matches by them, and the file has their labels", async () => {
  const list = ok(await call("POST", "/api/target-lists", { name: "CRM" }, undefined), 201);
  const csv = "Nom;E-mail;Spécialité;Segment\nPetit;petit@example.org;Cardiologist (Belgium);très prioritaire\nRoux;roux@example.org;BE_CARDIO;B\nBlanc;blanc@example.org;SM04;Autre\n";
  const made = ok(await request({ port: server.port, method: "POST", path: `/api/target-lists/${list.id}/imports?file_name=a.csv`, cookie: o.staff.organiser.cookie, body: Buffer.from(csv), headers: { "Content-Type": "text/csv" } }), 201);
  const path = `/api/target-lists/${list.id}/imports/${made.id}`;
  const stands = (state) => waitFor(state, async () => (await call("GET", path)).json.state === state);
  await stands("read");
  ok(await call("PUT", `${path}/mapping`, { fields: ["last_name", "email", "specialty", "segment"], duplicates: "keep" }), 200);
  await stands("checked");
  ok(await call("POST", `${path}/confirm`, {}), 200);
  await stands("stored");
  assert.deepEqual(pg.sql(`SELECT last_name, specialty, segment FROM target_list_person WHERE target_list_id = '${list.id}' ORDER BY 1`), [["Blanc", "SM04", "Autre"], ["Petit", "BE_CARDIO", "A"], ["Roux", "BE_CARDIO", "B"]]);

  const belgians = ok(await add({ ...profile("Belgians", "specialty", "BE_CARDIO"), universe_from: "target_list", universe_list: list.id }), 201);
  await waitFor("the count", async () => (await call("GET", `/api/congresses/${o.congress}/target-profiles`)).json.items.find(({ id }) => id === belgians.id).universe_counted === 2);
  const people = (await call("GET", `/api/target-profiles/${belgians.id}/people.csv?language=en`)).text;
  assert.match(people, /BE_CARDIO.Cardiologist \(Belgium\)/);
});

test("what profiles and lists use is not removed, and they are named; what nothing uses is", async () => {
  ok(await add(profile("Priority", "segment", "A")), 201);
  const refused = async (...which) => {
    const { status, json } = await remove(...which);
    return [status, json?.code, json?.reason];
  };
  assert.deepEqual(await refused("specialty", "BE_CARDIO"), [409, "codes.used", "Belgians, CRM"]);
  assert.deepEqual(await refused("segment", "A"), [409, "codes.used", "CRM, Priority"]);
  ok(await remove("tier", "1"), 204);
  assert.equal((await remove("tier", "1")).status, 404);
  assert.equal((await remove("nonsense", "1")).status, 404);
  assert.deepEqual((await own()).map(({ code }) => code), ["B", "A", "BE_CARDIO"]);
  assert.deepEqual(audited().at(-1), ["own_codes.delete", { list: "tier", code: "1", name: "Un" }]);
});
