// Rule: a representative sees who came by their link, with registration, attendance and completion, and nobody else; the registration page
// of that link says so. The secret of their page opens nothing else, a new one ends the one before, and access ends when an organiser says so.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { play } from "./lib/board.mjs";
import { cleanup, waitFor } from "./lib/cleanup.mjs";
import { request } from "./lib/http.mjs";
import { elsewhere, hcps, organisation, staff, token } from "./lib/people.mjs";
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

const call = (method, path, who, body) => request({ port: server.port, method, path, cookie: who?.cookie, body });
const page = (secret) => call("POST", "/api/representative", null, { token: secret });
const codeOf = (link) => pg.sql(`SELECT code FROM registration_link WHERE id = '${link}'`)[0][0];
const registrationPage = async (link) => (await call("GET", `/api/registration-pages/${codeOf(link)}`)).json;

// A representative of the organisation's congress: their link, and the secret as it was mailed.
async function add(who, name, more = {}) {
  const email = `${name.toLowerCase().replaceAll(" ", ".")}@${who.id.slice(0, 8)}.example.org`;
  const { status, text, json } = await call("POST", `/api/congresses/${who.congress}/representatives`, who.staff.organiser, { name, email, language: "fr", label: "", ...more });
  assert.equal(status, 201, text);
  return { ...json, secret: (await server.link(email, "representative")).split("#")[1] };
}

// n people who came by a link, each with a name of their own.
function came(who, link, names) {
  const people = hcps(pg, who, names.length);
  pg.sql(people.map(({ registration, hcp }, i) => `UPDATE registration SET link_id = '${link}', channel = 'representative' WHERE id = '${registration}'; UPDATE hcp SET last_name = '${names[i]}' WHERE id = '${hcp}'`).join(";"));
  return people;
}

const named = (json) => json.people.map(({ last_name }) => last_name);
let anne, luc, theirs, people;

test("each sees who came by their own link, in two organisations", async () => {
  [anne, luc, theirs] = [await add(o, "Anne Roux"), await add(o, "Luc Petit"), await add(other, "Anne Roux")];
  people = came(o, anne.link, ["Arnaud", "Blanc", "Colin", "Durand"]);
  came(o, luc.link, ["Evrard"]);
  came(other, theirs.link, ["Faure", "Girard"]);
  hcps(pg, o, 3); // by another link
  for (const [who, names] of [[anne, ["Arnaud", "Blanc", "Colin", "Durand"]], [luc, ["Evrard"]], [theirs, ["Faure", "Girard"]]]) {
    const { status, text, json } = await page(who.secret);
    assert.equal(status, 200, text);
    assert.deepEqual(named(json), names);
    assert.equal(json.registered, names.length);
    assert.equal(json.url, `${server.url}/r/${codeOf(who.link)}`);
    assert.ok(!/@|rpps|postcode/.test(JSON.stringify(json.people)), "names and how they stand, and nothing else");
  }
});

test("registration, attendance and completion are those of the goal board, person by person", async () => {
  pg.sql(`UPDATE session SET state = 'ended', live_at = now() - interval '2 hours', ended_at = now() - interval '1 hour' WHERE id = '${o.session}'`);
  const stay = (person, seconds) => play(pg, o, [o.session], [person], (list) => (list.includes(61) ? seconds : list[0]), 1);
  stay(people[0], 3600);
  stay(people[1], 600);
  stay(people[2], 30);
  pg.sql(`UPDATE registration SET state = 'cancelled', cancelled_at = now() WHERE id IN ('${people[1].registration}', '${people[3].registration}')`);
  const { json } = await page(anne.secret);
  assert.deepEqual(json.people.map((p) => [p.last_name, p.attended, p.completed]), [["Arnaud", true, true], ["Blanc", true, false], ["Colin", false, false]]);
  assert.deepEqual([json.registered, json.attended, json.completed, json.sessions_held], [3, 2, 1, 1]);
  const board = (await call("GET", `/api/congresses/${o.congress}/goals`, o.staff.organiser)).json;
  assert.deepEqual(board.campaigns.filter(({ channel }) => channel === "representative").map((c) => [c.label, c.registered, c.attended, c.completed]), [["Anne Roux", 3, 2, 1], ["Luc Petit", 1, 0, 0]]);
});

test("whoever was erased, or is somebody else's by now, is named no more", async () => {
  assert.equal((await call("POST", `/api/registrations/${people[0].registration}/erase`, o.staff.organiser, {})).status, 204);
  const { json } = await page(anne.secret);
  assert.deepEqual(named(json), ["Blanc", "Colin"]);
  pg.sql(`UPDATE registration SET link_id = '${luc.link}' WHERE id = '${people[2].registration}'`);
  assert.deepEqual(named((await page(anne.secret)).json), ["Blanc"]);
  assert.deepEqual(named((await page(luc.secret)).json), ["Colin", "Evrard"]);
});

test("the registration page says who sees it, and only of such a link", async () => {
  assert.equal((await registrationPage(anne.link)).representative, "Anne Roux");
  assert.equal((await registrationPage(o.link)).representative, null);
});

test("the page that the server writes for browsers without scripts says it, too", async () => {
  elsewhere(pg, o, "session"); // to come: there is a form
  const plain = async (link, language) => (await request({ port: server.port, path: `/api/registration-pages/${codeOf(link)}/plain?lang=${language}` })).text;
  for (const [language, said] of [["en", "Anne Roux will see that you registered and attended"], ["fr", "Anne Roux verra votre inscription et votre participation"]]) {
    const text = await plain(anne.link, language);
    assert.ok(text.indexOf(said) > 0 && text.indexOf(said) < text.indexOf("<button"), "before the form is sent");
    assert.ok(!(await plain(o.link, language)).includes("Anne Roux"));
  }
});

test("whoever registered reads on their own page who sees it", async () => {
  const seenBy = async (who) => (await call("GET", "/api/my/profile", who)).json.representative;
  assert.equal(await seenBy(people[2]), "Luc Petit", "whose link it is by now");
  assert.equal(await seenBy(hcps(pg, o, 1)[0]), null, "of another link");
});

test("a secret opens that page alone, and nobody else's opens it", async () => {
  for (const wrong of [token().text, "x", `${anne.secret}A`, people[1].cookie]) assert.equal((await page(wrong)).status, 410, wrong);
  for (const path of ["/api/me", "/api/my/registration", `/api/congresses/${o.congress}/registrations`]) assert.equal((await request({ port: server.port, path, cookie: anne.secret })).status, 401, path);
  for (const [method, path, body] of [["GET", `/api/congresses/${o.congress}/representatives`], ["POST", `/api/congresses/${o.congress}/representatives`, { name: "X", email: "x@example.org", language: "fr", label: "" }], ["POST", `/api/links/${anne.link}/representative/send`, {}], ["DELETE", `/api/links/${anne.link}/representative`]]) {
    assert.equal((await call(method, path, other.staff.organiser, body)).status, 404, path);
    for (const role of ["host", "moderator", "speaker"]) assert.equal((await call(method, path, o.staff[role], body)).status, 403, path);
    assert.equal((await call(method, path, null, body)).status, 401, path);
  }
  const one = staff(pg, o, "one", ["organiser"], { congress: o.congress });
  assert.deepEqual((await call("GET", `/api/congresses/${o.congress}/representatives`, one)).json.items.map(({ name }) => name), ["Anne Roux", "Luc Petit"]);
});

test("a new secret ends the one before, and is not sent at once again", async () => {
  const send = () => call("POST", `/api/links/${anne.link}/representative/send`, o.staff.organiser, {});
  assert.equal((await send()).status, 429);
  assert.equal((await page(anne.secret)).status, 200);
  pg.sql(`UPDATE representative SET sent_at = now() - interval '2 minutes' WHERE link_id = '${anne.link}'`);
  assert.equal((await send()).status, 204);
  const old = anne.secret;
  anne.secret = await waitFor("a new secret", () => [server.mailed(anne.email, "representative").split("#")[1]].find((secret) => secret !== old));
  assert.equal((await page(old)).status, 410);
  assert.equal((await page(anne.secret)).status, 200);
});

test("when access has ended it has ended for good; the link stays, and says it no more", async () => {
  assert.equal((await call("DELETE", `/api/links/${luc.link}/representative`, o.staff.organiser)).status, 204);
  assert.equal((await page(luc.secret)).status, 410);
  assert.equal((await page(anne.secret)).status, 200, "nobody else's");
  assert.equal((await registrationPage(luc.link)).representative, null);
  assert.equal((await call("POST", `/api/links/${luc.link}/representative/send`, o.staff.organiser, {})).status, 404);
  assert.equal((await call("DELETE", `/api/links/${luc.link}/representative`, o.staff.organiser)).status, 404);
  const found = (await call("GET", `/api/congresses/${o.congress}/representatives`, o.staff.organiser)).json.items.find(({ link }) => link === luc.link);
  assert.deepEqual([found.email, typeof found.ended_at, typeof found.seen_at], [null, "string", "string"]);
});

test("what was read and changed is audited, and a copy of the congress has no representative", async () => {
  const actions = pg.sql(`SELECT DISTINCT action FROM audit_log WHERE organisation_id = '${o.id}' AND action LIKE 'representative.%' ORDER BY 1`).flat();
  assert.deepEqual(actions, ["representative.create", "representative.end", "representative.read", "representative.send"]);
  const copy = await call("POST", "/api/congress-copies", o.staff.organiser, { congress: o.congress, title: "Again", first_day: "2027-03-01" });
  assert.equal(copy.status, 201, copy.text);
  assert.deepEqual((await call("GET", `/api/congresses/${copy.json.id}/representatives`, o.staff.organiser)).json.items, []);
});
