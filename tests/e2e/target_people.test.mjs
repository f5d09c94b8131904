// Rule: each person of the target list in which a profile is counted is in one state for its congress, and the board, the pages and the
// file say the same of everybody, as an evaluator in another language does of random histories: people who register before and after
// their line is imported, cancel, attend, share a mailbox, are erased or taken off the list. Names are for those who may read lists.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { parseCsv } from "./lib/attendance.mjs";
import { cleanup, waitFor } from "./lib/cleanup.mjs";
import { request } from "./lib/http.mjs";
import { known } from "./lib/list_rules.mjs";
import { rpps } from "./lib/listed.mjs";
import { Lists } from "./lib/lists.mjs";
import { elsewhere, organisation, staff } from "./lib/people.mjs";
import { Postgres } from "./lib/postgres.mjs";
import { seeded } from "./lib/random.mjs";
import { Server } from "./lib/server.mjs";

const STATES = ["not_reached", "registered", "waiting", "in_review", "declined", "attended", "cancelled"];
const FIELDS = ["external_id", "rpps", "email", "last_name", "first_name", "region", "segment"];
let pg, server, o, second, away, other, readers, reads = 0;
before(async () => {
  pg = new Postgres();
  server = await new Server({ database: pg }).start();
  o = organisation(pg, "Un");
  second = elsewhere(pg, o, "session");
  away = elsewhere(pg, o, "congress");
  other = organisation(pg, "Deux");
  readers = Array.from({ length: 12 }, (_, n) => staff(pg, o, `reader ${n}`, ["organiser"], {})); // one may not ask so much in a moment
});
after(cleanup);

const next = seeded(77);
const below = (n) => Math.floor(next() * n);
const pick = (all) => all[below(all.length)];
const call = (method, path, who = o.staff.organiser) => request({ port: server.port, method, path, cookie: who.cookie });
async function read(path, who = readers[reads++ % readers.length]) {
  const { status, text, json } = await call("GET", path, who);
  assert.equal(status, 200, text.slice(0, 300));
  return json ?? text;
}

// A profile of those whom the list has in segment A, and who are not on the list `without`.
function listedProfile(who, list, without) {
  const id = randomUUID();
  pg.sql(`INSERT INTO target_profile (id, organisation_id, congress_id, name, position, created_at, universe_from, universe_list)
      VALUES ('${id}', '${who.id}', '${who.congress}', 'P${id}', 1, now(), 'target_list', '${list}');
    INSERT INTO target_profile_criterion VALUES ('${id}', 1, 'all_of', 'segment', '{A}')${without ? `, ('${id}', 2, 'none_of', 'target_list', '{${without}}')` : ""}`);
  return id;
}

// --- the history, and what must come of it ---

const LAST = ["Lefèvre", "LE GOFF", "O’Connor", "Müller", "Petit-Jean", "Élan", "Zola"];
const FIRST = ["Zoé", "anne", "Élise", "Paul", "Jean-Marc"];
const model = { people: [], without: [], hcps: [] };

function somebody(n) {
  const way = below(4);
  return { external_id: `CRM-${n}`, rpps: way !== 1 ? rpps(n) : "", email: way ? `p${n}@x.test` : "", last_name: `${pick(LAST)} ${n}`, first_name: pick(FIRST), region: pick(["11", "53", "76", ""]), segment: pick(["A", "A", "B"]) };
}

// They come with the number or the address that the list has, or as somebody else of their practice does.
function register(person) {
  const stranger = person.email !== "" && below(5) === 0;
  const number = !stranger && person.rpps !== "" && (person.email === "" || below(2) === 0);
  const hcp = { id: randomUUID(), registration: randomUUID(), email: number ? `other-${person.external_id}@x.test` : person.email, rpps: number ? person.rpps : "", state: below(2) ? "registered" : ["waiting", "in_review", "declined"][below(3)], there: below(6) > 0, attended: false };
  Object.assign(hcp, stranger ? { first_name: "Solange", last_name: "Voisin" } : { first_name: person.first_name, last_name: person.last_name });
  const { congress, link } = hcp.there ? o : away;
  pg.sql(`INSERT INTO hcp (id, organisation_id, email, first_name, last_name, rpps, created_at) VALUES ('${hcp.id}', '${o.id}', '${hcp.email.toLowerCase()}', '${hcp.first_name}', '${hcp.last_name}', nullif('${hcp.rpps}', ''), now());
    INSERT INTO registration (id, organisation_id, congress_id, hcp_id, link_id, channel, language, state, profession, practice_setting, region, age_band, registered_at)
      VALUES ('${hcp.registration}', '${o.id}', '${congress}', '${hcp.id}', '${link}', 'email', 'fr', '${hcp.state}', '10', 'SA01', '11', '45_54', now())`);
  hcp.email = hcp.email.toLowerCase();
  model.hcps.push(hcp);
}

function stay(hcp) {
  const id = randomUUID(), seconds = pick([20, 59, 60, 3000]);
  pg.sql(`INSERT INTO span (id, organisation_id, session_id, registration_id, kind, connection, node_id, joined_at, left_at, gone_at, on_purpose)
    VALUES ('${id}', '${o.id}', '${pick([o, second]).session}', '${hcp.registration}', 'connected', '${id}', (SELECT id FROM node LIMIT 1), now() - interval '2 hours', now() - interval '2 hours' + interval '${seconds} s', now() - interval '1 hour', true)`);
  hcp.attended ||= seconds >= 60;
}

async function cancel(hcp) {
  const { status, text } = await call("POST", `/api/registrations/${hcp.registration}/cancel`);
  assert.equal(status, 204, text);
  if (hcp.state !== "declined") hcp.state = "cancelled"; // of what was declined nothing is left to cancel
}

function standing(person) {
  const hcp = model.hcps.find(({ id }) => id === known(model.hcps, person));
  if (!hcp?.there) return "not_reached";
  return hcp.attended ? "attended" : hcp.state;
}

const hcpOf = (person) => known(model.hcps, person);
const onOther = (person) => hcpOf(person) !== null && model.without.some((p) => hcpOf(p) === hcpOf(person));
const expected = (without) => model.people.filter((p) => p.segment === "A" && !(without && onOther(p))).map((p) => ({ ...p, state: standing(p) }));
const folded = (text) => text.normalize("NFKD").toLowerCase().replace(/[\u0300-\u036f]/g, "").replace(/[\s'’.,-]+/g, " ").trim();
const key = (p) => folded(`${p.last_name} ${p.first_name}`);

// --- the same, as it is said ---

async function everyPage(profile, filters) {
  const found = [];
  for (let cursor = "", n = 1; cursor !== null; n++) {
    const query = new URLSearchParams({ limit: "17", ...filters, ...(cursor && { cursor }) });
    const page = await read(`/api/target-profiles/${profile}/people?${query}`);
    found.push(...page.items);
    cursor = page.next;
    if (cursor === null) assert.equal(page.found, found.length);
    assert.ok(n < 40, "the pages end");
  }
  return found;
}

const brief = (people) => people.map((p) => [p.external_id, p.rpps || null, p.email || null, p.region || null, p.state]).sort();

async function sameEverywhere(profile, filters, want) {
  const pages = await everyPage(profile, filters);
  assert.deepEqual(brief(pages), brief(want), JSON.stringify(filters));
  const keys = pages.map(key);
  assert.deepEqual(keys, [...keys].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)), "by name");
  const file = parseCsv(await read(`/api/target-profiles/${profile}/people.csv?${new URLSearchParams({ dialect: "machine", ...filters })}`));
  assert.deepEqual(file.map((row) => [row.external_id, row.rpps, row.last_name, row.first_name, row.email, row.region, row.segment, row.state]),
    pages.map((p) => [p.external_id, p.rpps ?? "", p.last_name, p.first_name, p.email ?? "", p.region ?? "", p.segment, p.state]));
}

const countsOf = async (profile) => (await read(`/api/congresses/${o.congress}/goals`)).profiles.find(({ id }) => id === profile).target_list;

async function holds(list, profile, without = false) {
  const want = expected(without), of = (state) => want.filter((p) => p.state === state);
  const counts = { id: list, name: "List 1", people: want.length, ...Object.fromEntries(STATES.map((state) => [state, of(state).length])) };
  const work = randomUUID();
  pg.sql(`UPDATE target_profile SET universe_work = '${work}' WHERE id = '${profile}'`);
  assert.deepEqual(await countsOf(profile), counts, "while it is to be counted again");
  pg.sql(`SELECT universe_count_write('${profile}', '${work}', now())`);
  assert.deepEqual(await countsOf(profile), counts, "when it is counted");
  await sameEverywhere(profile, {}, want);
  for (const state of STATES) await sameEverywhere(profile, { state }, of(state));
  await sameEverywhere(profile, { region: "53", state: "not_reached" }, of("not_reached").filter((p) => p.region === "53"));
  const { last_name, first_name } = pick(want);
  const words = `${folded(first_name).slice(0, 3)} ${folded(last_name).slice(0, 4)}`;
  const text = (p) => `${folded(`${p.first_name} ${p.last_name} ${p.email} ${p.rpps} ${p.external_id}`)} ${folded(p.last_name).replaceAll(" ", "")}`;
  await sameEverywhere(profile, { q: words }, want.filter((p) => words.split(" ").every((word) => text(p).includes(word))));
  return counts;
}

test("random histories: the board, the pages and the file say the same as their recomputation", { timeout: 240000 }, async () => {
  pg.sql(`UPDATE session SET state = 'ended', live_at = now() - interval '2 hours', ended_at = now() - interval '1 hour' WHERE id IN ('${o.session}', '${second.session}')`);
  const lists = new Lists(server, pg, o.staff.organiser.cookie, FIELDS);
  const list = await lists.make(), without = await lists.make(), profile = listedProfile(o, list), others = listedProfile(o, list, without);
  const all = Array.from({ length: 160 }, (_, n) => somebody(n));
  const store = async (part) => {
    await lists.store(list, part, "keep");
    model.people.push(...part);
  };
  model.without = all.slice(20, 60);
  await lists.store(without, model.without, "keep");
  for (const person of all.slice(100, 130)) register(person); // their lines come later
  await store(all.slice(0, 100));
  await holds(list, profile);
  for (const person of all.slice(0, 60)) if (below(3)) register(person);
  for (const hcp of model.hcps.filter((h) => h.there && h.state === "registered")) if (below(2)) stay(hcp);
  for (const hcp of model.hcps) if (below(4) === 0) await cancel(hcp);
  await holds(list, profile);
  await store(all.slice(100));
  const counts = await holds(list, profile);
  assert.ok((await holds(list, others, true)).people < counts.people, "some are on the other list");
  for (const state of STATES) assert.ok(counts[state] > 1, `histories of each kind: ${JSON.stringify(counts)}`);
  assert.ok(model.hcps.some((h) => h.attended && h.state === "cancelled"), "one attended and cancelled");
  assert.ok(model.hcps.some((h) => h.last_name === "Voisin"), "one shares somebody's mailbox");
  for (const hcp of [model.hcps[0], model.hcps.find((h) => h.attended), model.hcps.find((h) => h.state === "cancelled")]) {
    const { status, text } = await call("POST", `/api/registrations/${hcp.registration}/erase`);
    assert.equal(status, 204, text);
    for (const on of ["people", "without"]) model[on] = model[on].filter((p) => hcpOf(p) !== hcp.id); // their lines go, too
    model.hcps = model.hcps.filter((h) => h !== hcp);
  }
  for (const external of model.people.slice(0, 3).map((p) => p.external_id)) {
    const [[id]] = pg.sql(`SELECT id FROM target_list_person WHERE target_list_id = '${list}' AND external_id = '${external}'`);
    assert.equal((await call("DELETE", `/api/target-lists/${list}/people/${id}`)).status, 204);
    model.people = model.people.filter((p) => p.external_id !== external);
  }
  await holds(list, profile);
  await holds(list, others, true);
});

// --- a list of three people, for whoever may and may not see them ---

function small(who) {
  const list = randomUUID();
  pg.sql(`INSERT INTO target_list (id, organisation_id, name, people, created_at, changed_at) VALUES ('${list}', '${who.id}', '${list}', 3, now(), now());
    INSERT INTO target_list_person (organisation_id, target_list_id, position, last_name, segment, external_id) VALUES
      ('${who.id}', '${list}', 1, 'Petit', 'A', 'E1'), ('${who.id}', '${list}', 2, '=HYPERLINK("x")', 'A', '-1+1'), ('${who.id}', '${list}', 3, 'Zola', 'A', 'E3')`);
  return { list, profile: listedProfile(who, list) };
}

test("a count that could not be taken again is not taken for the count of today", async () => {
  const { list, profile } = small(o), work = randomUUID();
  pg.sql(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''no''; END';
    CREATE TRIGGER refuse BEFORE UPDATE ON target_profile FOR EACH ROW WHEN (NEW.id = '${profile}' AND NEW.universe_counted = 4) EXECUTE FUNCTION refuse();
    INSERT INTO target_list_person (organisation_id, target_list_id, position, last_name, segment) VALUES ('${o.id}', '${list}', 4, 'Roux', 'A');
    UPDATE target_profile SET universe_counted = 3, universe_counted_at = now(), universe_work = '${work}' WHERE id = '${profile}';
    INSERT INTO job (kind, object_id, organisation_id, created_at, due_at, attempts) VALUES ('universe.count', '${work}', '${o.id}', now(), now(), 4)`);
  const woken = await request({ port: server.port, method: "PATCH", path: `/api/target-profiles/${small(o).profile}`, cookie: o.staff.organiser.cookie, body: { criteria: { all_of: [], any_of: [], none_of: [] } } }); // wakes the job
  assert.equal(woken.status, 200, woken.text);
  await waitFor("the job to give up", () => pg.sql(`SELECT count(*) FROM job WHERE object_id = '${work}'`)[0][0] === "0");
  assert.deepEqual(pg.sql(`SELECT universe_counted, universe_work FROM target_profile WHERE id = '${profile}'`), [["\\N", "\\N"]]);
  const { people, not_reached } = await countsOf(profile);
  assert.deepEqual([people, not_reached], [4, 4]);
});

const paths = (profile) => [`/api/target-profiles/${profile}/people`, `/api/target-profiles/${profile}/people.csv`];

test("whoever organises one congress alone sees how many, and nobody else sees more", async () => {
  const { list, profile } = small(o);
  const theirs = staff(pg, o, "one", ["organiser"], { congress: o.congress });
  const board = await call("GET", `/api/congresses/${o.congress}/goals`, theirs);
  const counts = board.json.profiles.find(({ id }) => id === profile).target_list;
  assert.deepEqual([counts.id, counts.people, counts.not_reached], [list, 3, 3]);
  assert.ok(!/Petit|Zola/.test(board.text));
  for (const path of paths(profile)) {
    assert.equal((await call("GET", path)).status, 200, path);
    for (const who of [theirs, o.staff.host, o.staff.moderator, o.staff.speaker]) assert.equal((await call("GET", path, who)).status, 403, path);
    assert.equal((await call("GET", path, other.staff.organiser)).status, 404, path);
  }
});

test("a file leaves only to somebody who showed that it is them", async () => {
  const { profile } = small(o);
  const late = staff(pg, o, "late", ["organiser"], {});
  pg.sql(`UPDATE sign_in SET proved_at = now() - interval '1 hour' WHERE account_id = '${late.id}'`);
  const [page, file] = paths(profile);
  assert.equal((await call("GET", page, late)).status, 200);
  const refused = await call("GET", file, late);
  assert.deepEqual([refused.status, refused.json.code], [403, "auth.fresh"]);
});

test("each page and each file is in the audit log, with how many people and none of their names", async () => {
  const { profile } = small(o);
  const [page, file] = paths(profile);
  for (const path of [page, `${page}?q=zol`, `${page}?q=nobody`, file]) await read(path, o.staff.organiser);
  const lines = pg.sql(`SELECT action, actor_id, details->>'people', details->>'searched', details::text ~ 'zol' FROM audit_log WHERE object_id = '${profile}' AND action LIKE 'target_people.%' ORDER BY at, id`);
  const who = o.staff.organiser.id;
  assert.deepEqual(lines, [["target_people.read", who, "3", "false", "f"], ["target_people.read", who, "1", "true", "f"], ["target_people.export", who, "3", "false", "f"]]);
});

test("a file says what it is, in the reader's language, and nothing in it runs in a spreadsheet", async () => {
  const { profile } = small(o);
  const { headers, text } = await call("GET", `/api/target-profiles/${profile}/people.csv?dialect=excel-fr`, readers[4]);
  assert.ok(headers["content-disposition"].includes("Liste%20de%20ciblage"), headers["content-disposition"]);
  const [head, formula] = text.split("\r\n");
  assert.ok(text.startsWith("\ufeff") && head.includes(";Nom;Prénom;E-mail;"), head);
  assert.ok(formula.startsWith("'-1+1;;\"'=HYPERLINK(\"\"x\"\")\";") && formula.endsWith(";non inscrit"), formula);
});

test("what is asked wrongly is refused", async () => {
  const { list, profile } = small(o);
  const [page] = paths(profile);
  for (const [query, field] of [["state=here", "state"], [`q=${"x".repeat(201)}`, "q"], [`region=${"1".repeat(21)}`, "region"], ["cursor=x", "cursor"]]) {
    const { status, json } = await call("GET", `${page}?${query}`, readers[0]);
    assert.deepEqual([status, json.field], [422, field], query);
  }
  const first = await read(`${page}?limit=1`);
  assert.equal((await read(`${page}?limit=1&cursor=${first.next}`)).items[0].last_name, "Petit");
  pg.sql(`DELETE FROM target_list_person WHERE id = '${first.items[0].id}'`);
  const gone = await call("GET", `${page}?limit=1&cursor=${first.next}`, readers[1]);
  assert.deepEqual([gone.status, gone.json.field], [422, "cursor"]);
  assert.equal((await call("DELETE", `/api/target-lists/${list}`, readers[2])).status, 204);
  for (const path of paths(profile)) {
    const { status, json } = await call("GET", path, readers[3]);
    assert.deepEqual([status, json.code], [409, "profile.no_list"], path);
  }
  assert.equal(await countsOf(profile), null);
});
