// An organisation's things, and how each route and command that names one succeeds: for tests that go
// through the tables which the server itself lists (`amphi tables`).
import assert from "node:assert/strict";
import { createHash, randomUUID } from "node:crypto";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { waitFor } from "./cleanup.mjs";
import { tables } from "./declared.mjs";
import { request } from "./http.mjs";
import { Live } from "./live.mjs";
import { root } from "./need.mjs";
import { deck, hcps, link, organisation, poll } from "./people.mjs";
import { temporaryFolder } from "./postgres.mjs";

export { tables };
// {code} is a public address on a registration page, not an id that belongs to somebody.
// {list} is a word, of one's own organisation. A logo is for everybody, as the page is that shows it. {token} is a secret of whoever has the link.
export const withIds = tables.routes.filter((r) => /\{(?!code\}|list\}|logo\}|token\})/.test(r.pattern));
export const keyOf = (route) => `${route.method} ${route.pattern}`;
export const destroys = (route) => route.method === "DELETE" || /\/(erase|cancel|publish|review)$/.test(route.pattern);

let pg, server, pdf;
export function use(database, running) {
  pg = database;
  server = running;
}

// Everything an organisation can have one of. Called afresh for routes that destroy what they touch; only
// a deck whose images are asked for is rendered.
export async function furnish(name, { o = organisation(pg, name), rendered = false } = {}) {
  o.hcp = hcps(pg, o, 1)[0];
  const [[last]] = pg.sql(`SELECT coalesce(max(position), 0) FROM poll WHERE session_id = '${o.session}'`);
  o.poll = poll(pg, o, Number(last) + 1);
  o.profile = randomUUID();
  o.question = randomUUID();
  pg.sql(`INSERT INTO target_profile (id, organisation_id, congress_id, name, position, created_at) VALUES ('${o.profile}', '${o.id}', '${o.congress}', 'P${o.profile}', 1, now());
    INSERT INTO question (id, organisation_id, session_id, registration_id, text, asked_at, state_at) VALUES ('${o.question}', '${o.id}', '${o.session}', '${o.hcp.registration}', 'Q', now(), now())`);
  o.deck = rendered ? await renderedDeck(o) : deck(pg, o, 2);
  return o;
}

async function renderedDeck(o) {
  if (!pdf) {
    const file = `${temporaryFolder("pdf")}/deck.pdf`;
    execFileSync("python3", [`${root}tests/fixtures/make_pdf.py`, "--pages", "2", file]);
    pdf = readFileSync(file);
  }
  const up = await request({ port: server.port, method: "POST", path: `/api/sessions/${o.session}/decks?file_name=deck.pdf`, cookie: o.staff.organiser.cookie, body: pdf, headers: { "Content-Type": "application/pdf" } });
  assert.equal(up.status, 201, up.text);
  await waitFor("the deck to be rendered", () => pg.sql(`SELECT state FROM deck WHERE id = '${up.json.id}'`)[0][0] === "ready", 60000);
  return up.json.id;
}

const session = { title: "T", description: "", language: "fr", starts_at: "2030-01-01T10:00:00Z", planned_minutes: 60, capacity: 10, listen_at: "" };
const profile = { name: "N", goal_registrations: null, goal_attendees: null, goal_participation_rate: null, universe: null, universe_source: null, criteria: { all_of: [], any_of: [], none_of: [] } };
const pollBody = { question: "?", choice: "single", options: ["a", "b"] };

function passkeyOf(o) {
  const id = randomUUID();
  pg.sql(`INSERT INTO account_passkey (id, organisation_id, account_id, credential_id, public_key, counter, backed_up, name, created_at)
    VALUES ('${id}', '${o.id}', '${o.staff.organiser.id}', sha256('${id}'), '', 0, false, 'P', now())`);
  return id;
}

// One that has stopped, with a film that is any blob of the organisation.
function recordingOf(o) {
  const id = randomUUID();
  pg.sql(`INSERT INTO recording (id, organisation_id, session_id, started_at, stopped_at, why) VALUES ('${id}', '${o.id}', '${o.session}', now(), now(), 'host');
    INSERT INTO recording_film (recording_id, organisation_id, state, blob, bytes, made_at)
      SELECT '${id}', '${o.id}', 'ready', pdf, bytes, now() FROM deck WHERE id = '${o.deck}'`);
  return id;
}

function speakerOf(o) {
  const id = randomUUID();
  pg.sql(`INSERT INTO speaker (id, organisation_id, congress_id, name, created_at) VALUES ('${id}', '${o.id}', '${o.congress}', 'Pr S', now())`);
  return id;
}

// A guest speaker of the session, who was mailed a while ago.
function guestSpeakerOf(o) {
  const id = randomUUID();
  pg.sql(`INSERT INTO account (id, organisation_id, name, language, created_at) VALUES ('${id}', '${o.id}', 'Dr G', 'fr', now());
    INSERT INTO guest_speaker (account_id, organisation_id, congress_id, session_id, email, secret_hash, invited_at, sent_at, mail_id)
      VALUES ('${id}', '${o.id}', '${o.congress}', '${o.session}', '${id}@example.org', sha256('${id}'), now() - interval '1 hour', now() - interval '1 hour', '${id}')`);
  return id;
}

// A link that nobody came by, of a representative whose secret was mailed a while ago.
function linkOf(o) {
  const id = link(pg, o);
  pg.sql(`INSERT INTO representative (link_id, organisation_id, name, email, language, secret_hash, sent_at) VALUES ('${id}', '${o.id}', 'R', 'r@example.org', 'fr', sha256('${id}'), now() - interval '1 hour')`);
  return id;
}

// An import of one good line into the list, checked.
function listImport(o) {
  const id = randomUUID();
  pg.sql(`INSERT INTO target_list_import (id, organisation_id, target_list_id, made_by, file_name, created_at, state, encoding, delimiter, columns, proposed, mapping, counts)
      VALUES ('${id}', '${o.id}', '${o.list}', '${o.staff.organiser.id}', 'a.csv', now(), 'checked', 'utf-8', ',', '{Nom}', '{last_name}', '{last_name}', '{"good": 1, "refused": 0, "new": 1, "twice_in_file": 0, "on_list": 0}');
    INSERT INTO target_list_import_line VALUES ('${id}', 2, '{Petit}', NULL);
    INSERT INTO target_list_import_person (import_id, line, person) VALUES ('${id}', 2, '{"last_name": "Petit"}')`);
  return id;
}

// A target list of one person.
function targetList(o) {
  const id = randomUUID();
  pg.sql(`INSERT INTO target_list (id, organisation_id, name, people, created_at, changed_at) VALUES ('${id}', '${o.id}', '${id}', 1, now(), now());
    INSERT INTO target_list_person (organisation_id, target_list_id, position, last_name) VALUES ('${o.id}', '${id}', 1, 'Petit')`);
  return id;
}

// Its profile is counted in a list of one person.
const listedProfile = (o) => pg.sql(`UPDATE target_profile SET universe_from = 'target_list', universe_list = '${targetList(o)}' WHERE id = '${o.profile}'`);

// A profile of the library that matches everybody.
function libraryProfile(o) {
  const id = randomUUID();
  pg.sql(`INSERT INTO library_profile (id, organisation_id, name, criteria, lists, universe_from, kept_at) VALUES ('${id}', '${o.id}', '${id}', '{"all_of": [], "any_of": [], "none_of": []}', '{}', 'given', now())`);
  return id;
}

const formVersion = (o) => Number(pg.sql(`SELECT coalesce((SELECT version FROM registration_form WHERE congress_id = '${o.congress}'), 0)`)[0][0]);

// The halls and tracks as they are.
function structureOf(o) {
  const { structure_version: version, halls, tracks } = JSON.parse(pg.sql(`SELECT structure_json('${o.congress}')`)[0][0]);
  return { version, halls, tracks };
}

function inReview(o) {
  pg.sql(`UPDATE registration SET state = 'in_review' WHERE id = '${o.hcp.registration}';
    INSERT INTO registration_review (registration_id, organisation_id, since) VALUES ('${o.hcp.registration}', '${o.id}', now()) ON CONFLICT DO NOTHING`);
}

// A round of invitations for a CRM: a draft, or one that was sent.
function invitationRound(o, sent = false) {
  const id = randomUUID();
  pg.sql(`INSERT INTO invitation_round (id, organisation_id, congress_id, channel, target_list_id, list_name, state, link_id, created_at, started_at)
    VALUES ('${id}', '${o.id}', '${o.congress}', 'crm', '${targetList(o)}', 'L', ${sent ? `'sent', '${o.link}', now(), now()` : "'draft', NULL, now(), NULL"})`);
  return id;
}
function invitationOf(o) {
  const id = randomUUID();
  pg.sql(`INSERT INTO invitation (id, organisation_id, congress_id, round_id, person_key, external_id, first_name, last_name, language, token_hash, invited_at)
    VALUES ('${id}', '${o.id}', '${o.congress}', '${invitationRound(o, true)}', '${id}', 'C', 'A', 'B', 'fr', sha256('${id}'), now())`);
  return id;
}

// For each parameter of a pattern: which of an organisation's things it names.
export const parameter = {
  congress: (o) => o.congress, session: (o) => o.session, profile: (o) => o.profile, registration: (o) => o.hcp.registration,
  sign_in: (o) => pg.sql(`SELECT id FROM sign_in WHERE account_id = '${o.staff.organiser.id}' LIMIT 1`)[0][0],
  round: (o) => invitationRound(o, o.sentRound), invitation: (o) => invitationOf(o),
  import: (o) => listImport(o), library_profile: (o) => libraryProfile(o),
  passkey: (o) => passkeyOf(o), account: (o) => o.staff.speaker.id, deck: (o) => o.deck, poll: (o) => o.poll, link: (o) => linkOf(o), recording: (o) => recordingOf(o), speaker: (o) => speakerOf(o), guest_speaker: (o) => guestSpeakerOf(o), target_list: (o) => (o.list = targetList(o)),
  listed: (o) => pg.sql(`SELECT id FROM target_list_person WHERE target_list_id = '${o.list}'`)[0][0], page: () => "1", width: () => "480",
};
// Bodies of the routes that need one, and what must be prepared so that a route succeeds.
export const example = {
  "PATCH /api/congresses/{congress}": { body: { title: "Other" } },
  "POST /api/congresses/{congress}/halls": { body: () => ({ name: `R${Math.random()}` }) },
  "POST /api/congresses/{congress}/tracks": { body: () => ({ name: `T${Math.random()}` }) },
  "PUT /api/congresses/{congress}/structure": { body: (o) => structureOf(o) },
  "POST /api/congresses/{congress}/sessions": { body: { ...session, hall: null, track: null } },
  "PATCH /api/sessions/{session}": { body: { title: "Other" } },
  "POST /api/sessions/{session}/publish": { prepare: (o) => pg.sql(`UPDATE session SET state = 'draft' WHERE id = '${o.session}'`) },
  "POST /api/congresses/{congress}/target-profiles": { body: () => ({ ...profile, name: `N${Math.random()}` }) },
  "POST /api/congresses/{congress}/target-profiles/preview": { body: { criteria: profile.criteria } },
  "POST /api/congresses/{congress}/target-profiles/universe": { body: { criteria: profile.criteria, universe_from: "registry" } },
  "POST /api/congresses/{congress}/target-profiles/from-library": { body: (o) => ({ library_profiles: [libraryProfile(o)] }) },
  "PATCH /api/library-profiles/{library_profile}": { body: () => ({ name: `L${Math.random()}` }) },
  "PATCH /api/target-profiles/{profile}": { body: { name: "Other" } },
  "GET /api/target-profiles/{profile}/people": { prepare: listedProfile },
  "GET /api/target-profiles/{profile}/people.csv": { prepare: listedProfile },
  "PUT /api/congresses/{congress}/registration-policy": { body: { policy: "matching" } },
  "PUT /api/congresses/{congress}/form-questions": { body: (o) => ({ version: formVersion(o), questions: [{ key: "why", kind: "text", label_fr: "P", label_en: "W", help_fr: "", help_en: "", required: false, hidden: false, limited: false, profiles: [], max_length: 9 }] }) },
  "POST /api/registrations/{registration}/review": { body: { decision: "decline", version: 1, reason: "other" }, prepare: inReview },
  "PUT /api/congresses/{congress}/mails": { body: { remind_day: true, remind_hour: true, remind_minutes: false, thanks: true, missed: false, gather_minutes: 30 } },
  "POST /api/congresses/{congress}/mails/preview": { body: { kind: "welcome", language: "fr", subject: "S", body: "{congress}" } },
  "POST /api/congresses/{congress}/mails/test": { body: { kind: "reminder", language: "en", subject: "S", body: "{when}" } },
  "POST /api/congresses/{congress}/links": { body: () => ({ channel: "web_site", label: `L${Math.random()}` }) },
  "PATCH /api/links/{link}": { body: { open: false } },
  "PATCH /api/target-lists/{target_list}": { body: () => ({ name: `L${Math.random()}` }) },
  "POST /api/target-lists": { body: () => ({ name: `L${Math.random()}` }) },
  "POST /api/target-lists/{target_list}/imports": { binary: () => Buffer.from("Nom;E-mail\nPetit;petit@example.org\n"), query: "?file_name=a.csv", type: "text/csv" },
  "PUT /api/target-lists/{target_list}/imports/{import}/mapping": { body: { fields: ["last_name"], duplicates: "keep" } },
  "POST /api/congresses/{congress}/invitation-rounds": { body: (o) => ({ channel: "mail", target_list: targetList(o) }) },
  "PATCH /api/invitation-rounds/{round}": { body: { subject_en: "Hello {first_name}" }, prepare: (o) => (o.sentRound = false) },
  "POST /api/invitation-rounds/{round}/test": { body: { language: "en" }, prepare: (o) => (o.sentRound = false) },
  "POST /api/invitation-rounds/{round}/send": { body: {}, prepare: (o) => (o.sentRound = false) },
  "GET /api/invitation-rounds/{round}/links.csv": { prepare: (o) => (o.sentRound = true) },
  "PATCH /api/staff/{account}": { body: { name: "Other" } },
  "DELETE /api/staff/{account}/factors": { prepare: (o) => pg.sql(`INSERT INTO account_totp (account_id, organisation_id, secret, confirmed_at) VALUES ('${o.staff.speaker.id}', '${o.id}', '', now()) ON CONFLICT DO NOTHING`) },
  "POST /api/congresses/{congress}/representatives": { body: () => ({ name: "Luc Petit", email: "luc@example.org", language: "fr", label: randomUUID() }) },
  "POST /api/sessions/{session}/guest-speakers": { body: () => ({ name: "Dr Anne Roux", email: `${randomUUID()}@example.org`, language: "fr" }) },
  "POST /api/sessions/{session}/decks": { binary: () => pdf, query: "?file_name=deck.pdf" },
  "POST /api/sessions/{session}/upload-check": { binary: () => Buffer.alloc(1000) },
  "POST /api/sessions/{session}/polls": { body: pollBody },
  "PUT /api/sessions/{session}/goals": { body: { profiles: [] } },
  "PUT /api/sessions/{session}/recording": { body: { automatic: true } },
  "PUT /api/sessions/{session}/programme": { body: { version: createHash("md5").update('{"talks": [], "speakers": []}').digest("hex"), talks: [], speakers: [] } },
  "POST /api/sessions/{session}/speakers": { body: { name: "Dr N" } },
  "PATCH /api/speakers/{speaker}": { body: { name: "Dr O" } },
  "PATCH /api/polls/{poll}": { body: { question: "Other?" } },
  "PUT /api/sessions/{session}/polls/order": { body: (o) => ({ polls: pg.sql(`SELECT id FROM poll WHERE session_id = '${o.session}' ORDER BY position`).map((r) => r[0]) }) },
};
export const withoutExample = new Set([
  "GET /api/congresses/{congress}", "GET /api/sessions/{session}", "POST /api/sessions/{session}/cancel", "POST /api/sessions/{session}/tell", "GET /api/congresses/{congress}/target-profiles",
  "GET /api/congresses/{congress}/library-profiles", "DELETE /api/library-profiles/{library_profile}",
  "DELETE /api/target-profiles/{profile}", "GET /api/congresses/{congress}/links", "GET /api/congresses/{congress}/representatives", "GET /api/congresses/{congress}/registration-policy", "GET /api/congresses/{congress}/form-questions", "GET /api/congresses/{congress}/registrations.csv", "GET /api/congresses/{congress}/mails", "GET /api/congresses/{congress}/registrations", "GET /api/congresses/{congress}/reviews",
  "DELETE /api/links/{link}", "POST /api/links/{link}/representative/send", "DELETE /api/links/{link}/representative", "POST /api/registrations/{registration}/erase", "POST /api/registrations/{registration}/cancel", "POST /api/registrations/{registration}/send-link", "POST /api/staff/{account}/invite",
  "DELETE /api/me/sign-ins/{sign_in}", "DELETE /api/me/passkeys/{passkey}",
  "GET /api/congresses/{congress}/goals", "GET /api/congresses/{congress}/goals/earlier", "GET /api/sessions/{session}/goals", "GET /api/sessions/{session}/participation", "GET /api/sessions/{session}/attendance.csv", "GET /api/sessions/{session}/participation.csv",
  "GET /api/sessions/{session}/decks", "DELETE /api/decks/{deck}", "GET /api/decks/{deck}/pages/{page}/{width}", "GET /api/sessions/{session}/polls", "DELETE /api/polls/{poll}", "GET /api/sessions/{session}/askers",
  "GET /api/sessions/{session}/programme", "GET /api/congresses/{congress}/speakers", "DELETE /api/speakers/{speaker}",
  "GET /api/sessions/{session}/guest-speakers", "POST /api/guest-speakers/{guest_speaker}/send", "DELETE /api/guest-speakers/{guest_speaker}",
  "GET /api/sessions/{session}/recordings", "DELETE /api/recordings/{recording}", "POST /api/recordings/{recording}/film", "GET /api/recordings/{recording}/film.webm",
  "GET /api/congresses/{congress}/invitation-rounds", "GET /api/invitation-rounds/{round}", "DELETE /api/invitation-rounds/{round}", "GET /api/invitation-rounds/{round}/audience", "GET /api/invitation-rounds/{round}/left-out",
  "GET /api/invitation-rounds/{round}/preview", "POST /api/invitation-rounds/{round}/cancel", "GET /api/congresses/{congress}/invitations", "DELETE /api/congresses/{congress}/invitations/{invitation}",
  "GET /api/target-lists/{target_list}", "DELETE /api/target-lists/{target_list}", "GET /api/target-lists/{target_list}/people", "DELETE /api/target-lists/{target_list}/people/{listed}",
  "GET /api/target-lists/{target_list}/imports/{import}", "DELETE /api/target-lists/{target_list}/imports/{import}", "GET /api/target-lists/{target_list}/imports/{import}/report.csv", "POST /api/target-lists/{target_list}/imports/{import}/confirm",
]);

let calls = 0; // one address may not ask so much in a moment

export async function call(route, as, target) {
  const e = example[keyOf(route)] ?? {};
  const path = route.pattern.replace(/\{(\w+)\}/g, (_, name) => parameter[name](target)) + (e.query ?? "");
  const body = e.binary ? e.binary() : typeof e.body === "function" ? e.body(target) : e.body;
  const role = route.roles.find((r) => r !== "hcp");
  return request({ port: server.port, method: route.method, path, from: `127.0.${++calls % 250}.7`, cookie: role ? as.staff[role].cookie : as.hcp.cookie, body, headers: e.binary ? { "Content-Type": e.type ?? "application/pdf" } : {} });
}

// How a command succeeds with one's own thing: who sends it, and its other fields.
export const commandExample = {
  "slide.move": { thing: (o) => o.deck, data: (v) => ({ version: v, page: 1 }) },
  "question.ask": { thing: () => randomUUID(), data: () => ({ text: "?", anonymous: false }), foreign: (o) => o.question },
  "question.vote": { thing: (o) => asked(o, "approved") },
  "question.approve": { thing: (o) => asked(o, "asked") },
  "question.answer": { thing: (o) => asked(o, "approved") },
  "question.dismiss": { thing: (o) => asked(o, "asked") },
  "question.stage": { thing: (o) => asked(o, "approved"), data: () => ({ on: true }) },
  "poll.open": { thing: (o) => prepared(o, "draft") },
  "poll.close": { thing: (o) => prepared(o, "open") },
  "poll.show_results": { thing: (o) => prepared(o, "open") },
  "poll.hide_results": { thing: (o) => prepared(o, "open", true) },
  "poll.vote": { thing: (o) => prepared(o, "open"), data: () => ({ choices: [1] }) },
  "stage.move": { thing: (o) => staged(o, "backstage"), data: () => ({ place: "stage" }) },
  "stage.remove": { thing: (o) => staged(o, "stage") },
  "stage.mute": { thing: (o) => staged(o, "stage"), data: () => ({ muted: true }) },
  "stage.camera": { thing: (o) => staged(o, "stage"), data: () => ({ off: true }) },
  "stage.spotlight": { thing: (o) => staged(o, "stage") },
  "stage.invite": { thing: present, data: () => ({ picture: true }) },
  "hand.lower": { thing: handUp },
};
function staged(o, place) {
  const someone = hcps(pg, o, 1)[0].registration;
  pg.sql(`INSERT INTO stage_person (session_id, organisation_id, registration_id, place, picture, muted, camera_off, screen, since)
      VALUES ('${o.session}', '${o.id}', '${someone}', '${place}', true, false, false, false, now());
    SELECT session_append_event('${o.session}', 'stage.entered', 1, 31, NULL, '{"person": "${someone}"}', now())`);
  return someone;
}
function handUp(o) {
  const someone = hcps(pg, o, 1)[0].registration;
  pg.sql(`INSERT INTO stage_hand (session_id, organisation_id, registration_id, raised_at) VALUES ('${o.session}', '${o.id}', '${someone}', now())`);
  return someone;
}
async function present(o) {
  const someone = hcps(pg, o, 1)[0];
  await new Live({ port: server.port, cookie: someone.cookie, session: o.session }).open();
  return someone.registration;
}
function asked(o, state) {
  const id = randomUUID();
  const someone = hcps(pg, o, 1)[0];
  pg.sql(`INSERT INTO question (id, organisation_id, session_id, registration_id, text, asked_at, state_at, state) VALUES ('${id}', '${o.id}', '${o.session}', '${someone.registration}', 'Q', now(), now(), '${state}')`);
  return id;
}
function prepared(o, state, shown = false) {
  const [[next]] = pg.sql(`SELECT coalesce(max(position), 0) + 1 FROM poll WHERE session_id = '${o.session}'`);
  const id = poll(pg, o, Number(next), { state });
  if (shown) pg.sql(`UPDATE poll SET results_shown = true WHERE id = '${id}'`);
  return id;
}

