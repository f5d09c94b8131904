// Rule: what is kept of people is declared, every table and file store of it; a person's copy has all
// that is theirs and nothing of anybody else's; and once they are erased, nothing names them any more.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFileSync, readdirSync, statSync } from "node:fs";
import { after, before, test } from "node:test";
import { cleanup, waitFor } from "./lib/cleanup.mjs";
import { tables } from "./lib/declared.mjs";
import { request } from "./lib/http.mjs";
import { Live } from "./lib/live.mjs";
import { hcps, organisation, poll, token } from "./lib/people.mjs";
import { Postgres } from "./lib/postgres.mjs";
import { Server } from "./lib/server.mjs";

after(cleanup);

const stores = new Map(tables.stores.map((s) => [s.name, s]));
const storedTables = [...stores.values()].filter((s) => !s.name.startsWith("files: "));
let pg, server, o;
before(async () => {
  pg = new Postgres();
  server = await new Server({ database: pg }).start();
  o = organisation(pg, "Un", { live: true });
  o.list = randomUUID();
  o.seenBy = token();
  pg.sql(`INSERT INTO representative (link_id, organisation_id, name, email, language, secret_hash, sent_at) VALUES ('${o.link}', '${o.id}', 'Luc Petit', 'luc@example.org', 'fr', '\\x${o.seenBy.hash}', now())`);
});

// --- the declarations, against the catalogue ---

const catalogue = () => pg.sql(`SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
  WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped`);

test("every table is declared by one feature, with whom it is about or why it is about nobody", () => {
  const columns = catalogue();
  assert.equal(stores.size, tables.stores.length, "no store is declared twice");
  assert.deepEqual(storedTables.map((s) => s.name).sort(), [...new Set(columns.map(([table]) => table))].sort());
  for (const s of storedTables) {
    if (!s.person) {
      assert.ok(s.why && !s.holds && !s.copy && s.erasure === "none", `${s.name}: why is nobody in it?`);
      continue;
    }
    assert.ok(columns.some(([table, column]) => table === s.name && column === s.person), `${s.name} has no ${s.person}`);
    assert.ok(s.holds && s.erasure !== "none", `${s.name}: what is held, and what becomes of it?`);
    assert.ok(s.why || (s.copy && s.erasure !== "kept"), `${s.name}: why is it kept, or not in the copy?`);
  }
});

test("a table that refers to a person is about persons", () => {
  const referring = pg.sql(`SELECT DISTINCT c.conrelid::regclass::text FROM pg_constraint c
    WHERE c.contype = 'f' AND c.confrelid IN ('hcp'::regclass, 'registration'::regclass)`).flat();
  for (const table of referring) assert.ok(stores.get(table).person, table);
  const named = catalogue().filter(([table, column]) => /^(email|to_address|first_name|last_name|registration_id|hcp_id)$/.test(column) && !stores.get(table).person);
  assert.deepEqual(named, []);
});

// --- one person everywhere, and another beside them ---

const MARKER = "Zquxmarker";
const OTHER = "Bvorpother";
let person, neighbour, host, guest;

async function fillIn(name, firstName, email = `${name}@example.org`.toLowerCase()) {
  const body = { email, first_name: firstName, last_name: `${name}son`, rpps: name === MARKER ? "10000001916" : null, language: "fr", profession: "10", specialty: "SM04", practice_setting: "SA01", region: "11", age_band: "45_54",
    consents: [{ kind: "participation", version: 1, given: true }, { kind: "contact", version: 1, given: true }], answers: { meal: `What ${name} eats` } };
  const registered = await request({ port: server.port, method: "POST", path: `/api/registration-pages/${o.code}`, body });
  assert.equal(registered.status, 202, registered.text);
  return email;
}

async function register(name) {
  const email = await fillIn(name, name);
  const link = await server.link(email, "join");
  const joined = await request({ port: server.port, method: "POST", path: "/api/join", body: { token: link.split("#")[1] } });
  assert.equal(joined.status, 200, joined.text);
  return { email, name, registration: joined.json.registration.id, cookie: /__Host-amphi-hcp=([^;]+)/.exec(joined.headers["set-cookie"][0])[1] };
}

// Corrects profile, consent and address, whose former one names them, too.
async function correct(who) {
  const mine = async (method, path, body, status = 200) => {
    const answer = await request({ port: server.port, method, path, cookie: who.cookie, body });
    assert.equal(answer.status, status, answer.text);
    return answer.json;
  };
  const email = `new-${who.email}`;
  await mine("PATCH", "/api/my/profile", { profession: "10", specialty: "SM02", practice_setting: "SA01", region: "84", age_band: "45_54" });
  await mine("PATCH", "/api/my/answers", { answers: { meal: `Like ${who.name}` } });
  await mine("POST", "/api/my/consents", { kind: "contact", version: 1, given: false, language: "fr" });
  await mine("POST", "/api/my/address", { email }, 202);
  const mail = await waitFor("the code", () => server.mails().find((m) => m.to.includes(email)));
  who.email = (await mine("POST", "/api/my/address/confirm", { code: /\b\d{6}\b/.exec(mail.text)[0] })).email;
  assert.equal(who.email, email);
  await waitFor("the new link", () => server.mailed(email, "join"));
}

const enter = (who) => new Live({ port: server.port, cookie: who.cookie, session: o.session }).open();
const organiser = (method, path, body) => request({ port: server.port, method, path, cookie: o.staff.organiser.cookie, body });

// What a person does, and what others write about them, by the API where there is a way.
async function everything(who, theirPoll, foreignQuestion) {
  await correct(who);
  const live = await enter(who);
  who.questions = [randomUUID(), randomUUID()];
  await live.command("presence.visible", { visible: true });
  await live.command("question.ask", { question: who.questions[0], text: `${who.name} asks from the ward`, anonymous: false });
  await live.command("question.ask", { question: who.questions[1], text: `${who.name} asks nameless`, anonymous: true });
  await live.command("question.vote", { question: foreignQuestion });
  await live.command("poll.vote", { poll: theirPoll, choices: [1] });
  await live.command("hand.raise", {});
  await host.command("stage.invite", { person: who.registration, picture: true });
  await live.command("stage.enter", {});
  await live.command("recording.consent", { given: true });
  await live.command("media.hearing", { playing: true });
  for (const question of who.questions) await host.command("question.approve", { question });
  await fillIn(who.name, `${who.name}ine`, who.email); // another request, which nobody confirms
  const renamed = await request({ port: server.port, method: "PATCH", path: "/api/my/registration", cookie: who.cookie, body: { first_name: `${who.name}ette`, last_name: `${who.name}sen` } });
  assert.equal(renamed.status, 200, renamed.text);
  pg.sql(`INSERT INTO hcp_attributes SELECT organisation_id, hcp_id, 'verified', profession, specialty, practice_setting, region, age_band, now(), '${o.staff.organiser.id}' FROM registration WHERE id = '${who.registration}';
    INSERT INTO role_grant (organisation_id, registration_id, role, congress_id, session_id, granted_at)
      VALUES ('${o.id}', '${who.registration}', 'speaker', '${o.congress}', '${o.session}', now());
    INSERT INTO recording (organisation_id, session_id, started_at, stopped_at, why) VALUES ('${o.id}', '${o.session}', now(), now(), 'host');
    INSERT INTO recording_chunk (recording_id, organisation_id, registration_id, from_at, to_at, bytes, width, height, blob)
      SELECT id, '${o.id}', '${who.registration}', now(), now(), 1, 0, 0, sha256('${who.registration}') FROM recording WHERE session_id = '${o.session}' LIMIT 1;
    INSERT INTO target_list (id, organisation_id, name, people, created_at, changed_at) VALUES ('${o.list}', '${o.id}', 'L', 0, now(), now()) ON CONFLICT DO NOTHING;
    INSERT INTO target_list_person (organisation_id, target_list_id, position, email, first_name, last_name, hcp_id)
      SELECT '${o.id}', '${o.list}', 1, '${who.email}', '${who.name}', '${who.name}son', hcp_id FROM registration WHERE id = '${who.registration}';
    UPDATE target_list SET people = people + 1 WHERE id = '${o.list}';
    INSERT INTO invitation_round (id, organisation_id, congress_id, channel, list_name, state, link_id, created_at, started_at)
      VALUES ('${o.list}', '${o.id}', '${o.congress}', 'mail', 'L', 'sent', '${o.link}', now(), now()) ON CONFLICT DO NOTHING;
    INSERT INTO invitation (organisation_id, congress_id, round_id, person_key, hcp_id, external_id, email, first_name, last_name, language, token_hash, opt_out_hash, invited_at, opened_at)
      SELECT '${o.id}', '${o.congress}', '${o.list}', invitation_key('${who.email}', '${who.name}', '${who.name}son', NULL, NULL), hcp_id, 'CRM ${who.name}', '${who.email}', '${who.name}', '${who.name}son', 'fr',
             sha256('${who.email}'), sha256('out ${who.email}'), now(), now() FROM registration WHERE id = '${who.registration}';
    INSERT INTO target_list_import (id, organisation_id, target_list_id, made_by, file_name, created_at, state, encoding, delimiter)
      VALUES ('${o.list}', '${o.id}', '${o.list}', '${o.staff.organiser.id}', 'l.csv', now(), 'checked', 'utf-8', ',') ON CONFLICT DO NOTHING;
    INSERT INTO target_list_import_line (import_id, line, cells) SELECT '${o.list}', count(*), '{${who.name}sen, ${who.email}}' FROM target_list_import_line;
    INSERT INTO target_list_import_person (import_id, line, person, email)
      SELECT '${o.list}', count(*), '{"last_name": "${who.name}sen", "email": "${who.email}"}', '${who.email}' FROM target_list_import_person;
    INSERT INTO registration_review (registration_id, organisation_id, since, proof_asked_at, proof_message, decision, decided_at, message)
      VALUES ('${who.registration}', '${o.id}', now(), now(), 'Who is ${who.name}?', 'declined', now(), 'Dear ${who.name}son');
    INSERT INTO provider_sign_in (id, organisation_id, link_id, token_hash, state_hash, asked_at, expires_at, spent_at, claims)
      VALUES (gen_random_uuid(), '${o.id}', '${o.link}', sha256('t ${who.email}'), sha256('s ${who.email}'), now(), now() + interval '1 hour', now(), '{"last_name": "${who.name}son", "email": "${who.email}"}');
    INSERT INTO provider_identity (hcp_id, organisation_id, source, provider, first_name, last_name, rpps, profession, at)
      SELECT hcp_id, '${o.id}', 'https://id.example.org', 'P', '${who.name}', '${who.name}son', '10000001916', '10', now() FROM registration WHERE id = '${who.registration}';
    UPDATE registration SET affiliation = 'School of ${who.name}' WHERE id = '${who.registration}';
    INSERT INTO stage_hand (organisation_id, session_id, registration_id, raised_at) VALUES ('${o.id}', '${o.session}', '${who.registration}', now());
    INSERT INTO outbox (organisation_id, to_address, message, language, created_at, due_at, attempts, last_error)
      VALUES ('${o.id}', '${who.email}', '{"subject": "For ${who.name}", "text": "${who.name}"}', 'fr', now(), now() + interval '1 day', 1, '450 <${who.email}> is busy');
    INSERT INTO outbox (organisation_id, language, created_at, due_at, attempts, last_error, failed_at)
      VALUES ('${o.id}', 'fr', now(), now(), 9, '550 no such user <${who.email}>', now())`);
  await waitFor("the new role to be told", () => live.closed === 1001);
  return enter(who);
}

test("everything that a person can leave", { timeout: 60000 }, async () => {
  [o.hcp] = hcps(pg, o, 1);
  const open = poll(pg, o, 1, { state: "open" });
  const question = randomUUID();
  host = await enter(o.staff.host);
  guest = await enter(o.hcp);
  await guest.command("question.ask", { question, text: "Neutral", anonymous: false });
  await host.command("question.approve", { question });
  const profile = await organiser("POST", `/api/congresses/${o.congress}/target-profiles`, { name: "All", goal_registrations: null, goal_attendees: null, goal_participation_rate: null, universe: null, universe_source: null, criteria: { all_of: [{ attribute: "profession", codes: ["10"] }], any_of: [], none_of: [] } });
  assert.equal(profile.status, 201, profile.text);
  pg.sql(`INSERT INTO target_profile (id, organisation_id, congress_id, name, position, created_at) VALUES ('${o.list}', '${o.id}', '${o.congress}', 'Listed', 2, now())`);
  const meal = { kind: "text", label_fr: "Repas", label_en: "Meal", help_fr: "", help_en: "", required: false, hidden: false, limited: false, profiles: [], max_length: 100 };
  const form = await organiser("PUT", `/api/congresses/${o.congress}/form-questions`, { version: 0, questions: [{ ...meal, key: "meal" }] });
  assert.equal(form.status, 200, form.text);
  person = await register(MARKER);
  neighbour = await register(OTHER);
  person.live = await everything(person, open, question);
  neighbour.live = await everything(neighbour, open, question);
  pg.sql(`UPDATE target_profile SET universe_from = 'target_list', universe_list = '${o.list}' WHERE id = '${o.list}'`);
  await waitFor("the question at the guest", () => JSON.stringify(guest.seen).includes(`${MARKER} asks nameless`));
});

// --- the copy ---

const at = (value, path) => path.split(".").reduce((list, key) => list.flatMap((v) => v?.[key] ?? []), [value]);

test("a person's copy has all that is declared, and nothing of another person", async () => {
  for (const [who, other] of [[person, neighbour], [neighbour, person]]) {
    const { json, text } = await request({ port: server.port, path: "/api/my/data", cookie: who.cookie });
    for (const { name, copy } of stores.values()) if (copy) assert.ok(at(json, copy).length > 0, `${name}: ${copy} is empty`);
    for (const said of [who.email, `${who.name}ette`, `${who.name} asks from the ward`, `${who.name} asks nameless`, `For ${who.name}`, `Like ${who.name}`]) assert.ok(text.includes(said), said);
    assert.ok(!text.toLowerCase().includes(other.name.toLowerCase()));
    assert.ok(!text.includes(other.registration));
    assert.deepEqual(json.representatives.map(({ name }) => name), ["Luc Petit"], "who sees that they registered and attended");
    assert.equal(json.registrations[0].poll_votes.length, 1);
    assert.equal(json.registrations[0].question_votes.length, 1);
    assert.equal(json.registrations[0].questions.length, 2);
  }
});

// --- erasure ---

// A text however it is written down: as it is, in a bytea, in base64 at any offset.
function spellings(marker) {
  const words = [marker, marker.toLowerCase()];
  const base64 = words.flatMap((w) => [0, 1, 2].map((shift) => Buffer.from(" ".repeat(shift) + w).toString("base64").slice(shift ? 4 : 0, -4)));
  return [...words, ...words.map((w) => Buffer.from(w).toString("hex")), ...base64];
}
const names = (text, marker) => spellings(marker).some((s) => text.includes(s));

// One query for all tables: each psql takes a tenth of a second.
const inEach = (names, select) => pg.sql(names.map((name) => `SELECT '${name}', ${select(name)}`).join(" UNION ALL "));

function tablesThatName(marker) {
  const all = [...new Set(catalogue().map(([table]) => table))];
  const rows = inEach(all, (name) => `row_to_json(t)::text FROM "${name}" t`);
  return [...new Set(rows.filter(([, row]) => names(row, marker)).map(([table]) => table))].sort();
}

function filesThatName(marker) {
  const all = readdirSync(server.data, { recursive: true }).map((f) => `${server.data}/${f}`).filter((f) => statSync(f).isFile());
  return all.filter((f) => names(readFileSync(f, "latin1"), marker) || names(f, marker));
}

async function exportsThatName(marker) {
  const paths = [`/api/sessions/${o.session}/attendance.csv`, `/api/sessions/${o.session}/participation.csv`, `/api/congresses/${o.congress}/registrations`, `/api/congresses/${o.congress}/registrations.csv`,
    `/api/congresses/${o.congress}/registrations?q=${marker}`, "/api/audit?limit=200", "/api/staff", `/api/sessions/${o.session}/polls`, `/api/target-lists/${o.list}/people`,
    `/api/target-profiles/${o.list}/people`, `/api/target-profiles/${o.list}/people.csv`];
  const replies = await Promise.all(paths.map((path) => organiser("GET", path)));
  replies.forEach((r, i) => assert.equal(r.status, 200, `${paths[i]}: ${r.text}`));
  const seen = await request({ port: server.port, method: "POST", path: "/api/representative", body: { token: o.seenBy.text } });
  assert.equal(seen.status, 200, seen.text);
  return [...paths.filter((_, i) => names(replies[i].text, marker)), ...(names(seen.text, marker) ? ["/api/representative"] : [])];
}

// How many rows of each table are about the person; an account and who gives a link out are staff's, and the public register is of everybody.
function rowsAbout({ registration, email }) {
  const [[hcp]] = pg.sql(`SELECT hcp_id FROM registration WHERE id = '${registration}'`);
  const about = storedTables.filter((s) => s.person && !["account", "representative"].includes(s.name) && !["account_id", "rpps"].includes(s.person)).map((s) => s.name);
  const rows = inEach(about, (name) => `count(*) FROM "${name}" WHERE ${stores.get(name).person}::text IN ('${registration}', '${hcp}', '${email}')`);
  return new Map(rows.map(([name, n]) => [name, Number(n)]));
}

test("an erased person is named nowhere, and others as before", { timeout: 60000 }, async () => {
  assert.deepEqual(tablesThatName(MARKER), ["address_change", "form_answer", "hcp", "invitation", "outbox", "provider_identity", "provider_sign_in", "question", "registration", "registration_request", "registration_review", "target_list_import_line", "target_list_import_person", "target_list_person"], "before: what this test looks with sees");
  assert.ok(filesThatName(MARKER).length >= 1 && (await exportsThatName(MARKER)).length >= 2);
  const others = { tables: tablesThatName(OTHER), files: filesThatName(OTHER), exports: await exportsThatName(OTHER) };
  const { epoch, seq } = guest;
  const rows = rowsAbout(person);
  for (const [name, n] of rows) assert.ok(n > 0, `${name}: the person is not in it, so this test says nothing of it`);

  const erased = await organiser("POST", `/api/registrations/${person.registration}/erase`);
  assert.equal(erased.status, 204, erased.text);

  assert.deepEqual(tablesThatName(MARKER), []);
  assert.deepEqual(filesThatName(MARKER), []);
  assert.deepEqual(await exportsThatName(MARKER), []);
  assert.ok(!names(JSON.stringify(server.log), MARKER), "nor does the server's log");
  assert.deepEqual({ tables: tablesThatName(OTHER), files: filesThatName(OTHER), exports: await exportsThatName(OTHER) }, others);

  for (const [name, n] of rowsAbout(person)) {
    const gone = stores.get(name).erasure === "deleted" || name === "outbox"; // by address: that is emptied
    assert.ok(gone ? n === 0 : n >= rows.get(name), `${name}: ${stores.get(name).erasure}, ${n} of ${rows.get(name)} rows`);
  }

  for (const live of [host, guest]) {
    const told = await waitFor("the erasure to be told", () => live.events.find((e) => e.event === "question.erased"));
    assert.deepEqual(told.data.questions.sort(), [...person.questions].sort());
    await waitFor("the stage to be told", () => live.events.find((e) => e.event === "stage.erased" && e.data.person === person.registration));
  }
  for (const who of [o.staff.host, o.hcp]) {
    const fresh = await enter(who);
    assert.ok(!names(JSON.stringify(fresh.seen), MARKER), "a snapshot");
    assert.equal(JSON.stringify(fresh.joined).match(new RegExp(person.questions.join("|"), "g")).length, 2, "the questions stay, empty");
    fresh.close();
  }
  const resumed = await new Live({ port: server.port, cookie: o.hcp.cookie, session: o.session }).open({ resume: { epoch, seq: Math.max(1, seq - 8) } });
  assert.ok(!names(JSON.stringify(resumed.seen), MARKER), "what a room keeps for those who come back");
});

test("an erased person is out, and cannot come back", async () => {
  const mine = await request({ port: server.port, path: "/api/my/data", cookie: person.cookie });
  assert.equal(mine.status, 401);
  await waitFor("the connection to close", () => person.live.closed === 1001 || person.live.closed === 4401);
  assert.equal(neighbour.live.closed, null);
});

test("every kind of thing in the data folder is declared", () => {
  const declaredFiles = [...stores.keys()].filter((name) => name.startsWith("files: ")).map((name) => name.slice(7));
  const unknown = readdirSync(server.data).filter((name) => !declaredFiles.includes(name));
  assert.deepEqual(unknown, []);
  assert.ok(statSync(server.data).isDirectory());
});
