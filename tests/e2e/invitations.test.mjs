// Rules of invitations: an organiser sees whom a round invites and who is left out and why, before it is sent; each person has a
// personal link, in their language, which opens the form with what is known of them and confirms itself; who opted out is never
// invited, who is under contact pressure only for a reason that is kept; nothing of another organisation is seen or counted.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { cleanup, waitFor } from "./lib/cleanup.mjs";
import { request } from "./lib/http.mjs";
import { Inviting, listOf, mailServer, read } from "./lib/inviting.mjs";
import { root } from "./lib/need.mjs";
import { elsewhere, hcps, organisation, staff } from "./lib/people.mjs";
import { Postgres } from "./lib/postgres.mjs";
import { Server } from "./lib/server.mjs";

let pg, server, smtp, o, inviting;
before(async () => {
  pg = new Postgres();
  smtp = await mailServer();
  server = await new Server({ database: pg, env: smtp.env }).start();
});
after(cleanup);

const rule = (name, run) => test(name, { timeout: 90000 }, async () => {
  o = organisation(pg, "Laboratoire Exemple");
  inviting = new Inviting(server, pg, o);
  await run();
});
const one = (sql) => pg.sql(sql)[0][0];
const none = { registered: 0, invited: 0, no_address: 0, no_id: 0, opted_out: 0, bounced: 0, twice: 0, pressure: 0 };
const open = (path, body) => request({ port: server.port, method: "POST", path, body });
let unique = 0;
const address = (name) => `${name}-${++unique}@x.test`;
const FORM = { first_name: "Anne", last_name: "Martin", language: "en", profession: "10", specialty: "SM04", practice_setting: "SA01", region: "11", age_band: "45_54",
  consents: [{ kind: "participation", version: 1, given: true }, { kind: "contact", version: 1, given: false }] };

async function invited(people, how) {
  const round = await inviting.round(listOf(pg, o, people), how);
  await inviting.send(round);
  return inviting.sent(round);
}
async function mailTo(email) {
  await waitFor(`a mail to ${email}`, () => smtp.of(email).length > 0);
  return read(smtp.of(email).at(-1));
}

rule("everybody is counted once: who gets it, in which language, and who is left out and why", async () => {
  const known = hcps(pg, o, 1)[0];
  const [gone, again] = [address("gone"), address("again")];
  pg.sql(`INSERT INTO invitation_opt_out VALUES ('${o.id}', address_mark('${o.id}', '${gone}'), now())`);
  await invited([{ email: again, last_name: "Again" }]);
  const list = listOf(pg, o, [
    { email: address("fr"), language: "fr" }, { email: address("en"), language: "en" }, { email: address("other"), language: "de" },
    { last_name: "Nowhere" }, { email: gone, last_name: "Gone" }, { email: again, last_name: "Again" },
    { email: "same@x.test", first_name: "Zoé", last_name: "Twice" }, { email: "same@x.test", first_name: "ZOE", last_name: "TWICE" }, { email: "same@x.test", last_name: "Colleague" },
    { email: known.email, first_name: "Prénom", last_name: "Nom" },
  ]);
  pg.sql(`UPDATE target_list_person SET hcp_id = '${known.hcp}' WHERE email = '${known.email}'`);
  const round = await inviting.round(list);
  const audience = await inviting.audience(round);
  assert.deepEqual(audience, { people: 10, invited: 5, french: 4, left_out: { ...none, registered: 1, invited: 1, no_address: 1, opted_out: 1, twice: 1 } });
  const { items } = await inviting.ok("GET", `/api/invitation-rounds/${round.id}/left-out`);
  assert.deepEqual(items.map((p) => `${p.last_name} ${p.reason}`).sort(), ["Again invited", "Gone opted_out", "Nom registered", "Nowhere no_address", "TWICE twice"]);
  const page = await inviting.ok("GET", `/api/invitation-rounds/${round.id}/left-out?limit=2`);
  const rest = await inviting.ok("GET", `/api/invitation-rounds/${round.id}/left-out?cursor=${page.next}`);
  assert.deepEqual([...page.items, ...rest.items], items);
  const only = await inviting.ok("GET", `/api/invitation-rounds/${round.id}/left-out?reason=opted_out&q=gon`);
  assert.deepEqual(only.items.map((p) => p.email), [gone]);
  await inviting.send(round);
  const done = await inviting.sent(round);
  assert.deepEqual([done.people, done.invited], [5, 5]);
});

rule("part of a list: those whom a profile of the congress matches; a profile that goes never makes it the whole list", async () => {
  const profile = one(`WITH p AS (INSERT INTO target_profile (id, organisation_id, congress_id, name, position, created_at) VALUES (gen_random_uuid(), '${o.id}', '${o.congress}', 'Cardio', 1, now()) RETURNING id),
    c AS (INSERT INTO target_profile_criterion SELECT id, 1, 'all_of', 'specialty', '{SM04}' FROM p) SELECT id FROM p`);
  pg.sql(`SELECT profile_rules_write(ARRAY['${profile}'::uuid])`);
  const list = listOf(pg, o, [{ email: address("c"), profession: "10", specialty: "SM04" }, { email: address("d"), profession: "10", specialty: "SM26" }]);
  const round = await inviting.round(list, { profile });
  assert.equal((await inviting.audience(round)).people, 1);
  pg.sql(`DELETE FROM target_profile WHERE id = '${profile}'`);
  assert.equal((await inviting.call("GET", `/api/invitation-rounds/${round.id}/audience`)).json.code, "round.gone");
  assert.equal((await inviting.call("POST", `/api/invitation-rounds/${round.id}/send`, {})).json.code, "round.gone");
});

rule("nothing is sent without texts in both languages, to a closed congress, or twice", async () => {
  const list = listOf(pg, o, [{ email: address("a") }]);
  const send = async (round) => (await inviting.call("POST", `/api/invitation-rounds/${round.id}/send`, {})).json.code;
  const bare = await inviting.round(list, { texts: { subject_fr: "S", text_fr: "T", subject_en: "S" } });
  assert.equal(await send(bare), "round.texts");
  for (const text_en of ["Hello {name}", "See {link} here", "{link}\n\n{link}"])
    assert.equal((await inviting.call("PATCH", `/api/invitation-rounds/${bare.id}`, { text_en })).status, 422, text_en);
  assert.equal((await inviting.call("PATCH", `/api/invitation-rounds/${bare.id}`, { subject_en: "{link}" })).status, 422);
  assert.equal((await inviting.call("PATCH", `/api/invitation-rounds/${bare.id}`, { text_en: "x".repeat(8001) })).status, 422);
  const round = await inviting.round(list);
  pg.sql(`UPDATE session SET state = 'draft' WHERE congress_id = '${o.congress}'`);
  assert.equal(await send(round), "round.closed");
  pg.sql(`UPDATE session SET state = 'lobby' WHERE congress_id = '${o.congress}'`);
  await inviting.send(round);
  assert.equal(await send(round), "round.begun");
  assert.equal((await inviting.call("PATCH", `/api/invitation-rounds/${round.id}`, { text_en: "Other" })).json.code, "round.begun");
  assert.equal((await inviting.call("DELETE", `/api/invitation-rounds/${round.id}`)).json.code, "round.begun");
  assert.equal((await inviting.call("DELETE", `/api/invitation-rounds/${bare.id}`)).status, 204);
});

rule("the preview and the test are what is mailed, to nobody and to whoever asks", async () => {
  const round = await inviting.round(listOf(pg, o, [{ email: address("a") }]));
  for (const [language, hello] of [["fr", "Bonjour Camille Martin,"], ["en", "Hello Camille Martin,"]]) {
    const preview = await inviting.ok("GET", `/api/invitation-rounds/${round.id}/preview?language=${language}`);
    assert.ok(preview.text.startsWith(hello) && preview.html.includes(hello) && !preview.text.includes("{"), preview.text);
    assert.match(preview.text, /Laboratoire Exemple/);
  }
  await inviting.ok("POST", `/api/invitation-rounds/${round.id}/test`, { language: "en" }, 204);
  const mail = await mailTo(`organiser-${o.staff.organiser.id}@example.org`);
  assert.match(mail.header("Subject")[0], /^\[Test\] Camille, join us/);
  assert.match(mail.text, /This is a test/);
  assert.deepEqual([mail.personal, mail.header("List-Unsubscribe")], [undefined, []]);
  assert.deepEqual((await inviting.people()).items, []);
});

rule("a personal link is in the person's language, and opens the form with what is known of them", async () => {
  const email = address("anne");
  await invited([{ email, first_name: "Anne", last_name: "Martin", language: "en", rpps: "10000001916", profession: "10", specialty: "SM04", region: "11", segment: "A" }]);
  const mail = await mailTo(email);
  assert.match(mail.header("Subject")[0], /Anne, join us/);
  assert.deepEqual(mail.header("Content-Language"), ["en"]);
  const token = mail.personal;
  assert.equal(one(`SELECT count(*) FROM invitation WHERE token_hash = sha256(decode('${Buffer.from(token, "base64url").toString("hex")}', 'hex'))`), "1");
  assert.equal(await inviting.stateOf("Anne Martin"), "invited");
  const { code, known } = await inviting.follow(token);
  assert.deepEqual(known, { page: `/r/${code}`, state: "opened", email, first_name: "Anne", last_name: "Martin", language: "en", rpps: "10000001916",
    profession: "10", specialty: "SM04", practice_setting: null, region: "11", age_band: null });
  assert.equal(await inviting.stateOf("Anne Martin"), "opened");
  assert.equal((await open("/api/invitations/open", { token: `${token.slice(0, -2)}AA` })).json.code, "link.expired");

  const filled = await open(`/api/registration-pages/${code}/invited`, { invitation: token, form: { ...FORM, email } });
  assert.equal(filled.status, 202, filled.text);
  const joined = await open("/api/join", { token: filled.json.token });
  assert.equal(joined.status, 200, joined.text);
  assert.equal(await inviting.stateOf("Anne Martin"), "registered");
  assert.equal(one(`SELECT count(*) FROM invitation i JOIN registration r ON r.id = i.registration_id AND r.hcp_id = i.hcp_id JOIN hcp h ON h.id = r.hcp_id WHERE h.email = '${email}'`), "1");
  assert.ok(!smtp.of(email).some((m) => /Confirm/.test(read(m).header("Subject")[0])), "nobody is asked to confirm what their mailbox brought them");
  assert.equal(one(`SELECT invited_people('${o.congress}')`), "1");
});

rule("another address than the invited one is confirmed by its own mail", async () => {
  const [email, other] = [address("anne"), address("private")];
  await invited([{ email, first_name: "Anne", last_name: "Martin", language: "en" }]);
  const { token, code } = await inviting.follow((await mailTo(email)).personal);
  const filled = await open(`/api/registration-pages/${code}/invited`, { invitation: token, form: { ...FORM, email: other } });
  assert.deepEqual([filled.status, filled.json], [202, {}]);
  const link = (await mailTo(other)).text.match(/\/join#([\w-]{43})/)[1];
  assert.equal((await open("/api/join", { token: link })).status, 200);
  assert.equal(await inviting.stateOf("Anne Martin"), "registered");
});

rule("an invitation is good for its own congress, and only its newest form is kept", async () => {
  const email = address("anne");
  const there = elsewhere(pg, o, "congress");
  await invited([{ email, first_name: "Anne", last_name: "Martin" }]);
  const { token, code } = await inviting.follow((await mailTo(email)).personal);
  assert.equal((await open(`/api/registration-pages/${there.code}/invited`, { invitation: token, form: { ...FORM, email } })).json.code, "link.expired");
  const first = await open(`/api/registration-pages/${code}/invited`, { invitation: token, form: { ...FORM, email } });
  const second = await open(`/api/registration-pages/${code}/invited`, { invitation: token, form: { ...FORM, email } });
  assert.equal((await open("/api/join", { token: first.json.token })).status, 410);
  assert.equal((await open("/api/join", { token: second.json.token })).status, 200);
});

rule("who declines, and who cancels, is said to have declined; both may come back", async () => {
  const email = address("anne");
  await invited([{ email, first_name: "Anne", last_name: "Martin" }]);
  const token = (await mailTo(email)).personal;
  assert.equal((await open("/api/invitations/decline", { token, declines: true })).status, 204);
  assert.equal(await inviting.stateOf("Anne"), "declined");
  assert.equal((await open("/api/invitations/decline", { token, declines: false })).status, 204);
  assert.equal(await inviting.stateOf("Anne"), "invited");
  const { code } = await inviting.follow(token);
  const { json } = await open(`/api/registration-pages/${code}/invited`, { invitation: token, form: { ...FORM, email } });
  const { json: mine } = await open("/api/join", { token: json.token });
  await inviting.ok("POST", `/api/registrations/${mine.registration.id}/cancel`, undefined, 204);
  assert.equal(await inviting.stateOf("Anne"), "declined");
});

rule("an opt-out is one click, holds for all congresses of the organisation and no other, and can be undone", async () => {
  const email = address("anne");
  await invited([{ email, first_name: "Anne", last_name: "Martin" }]);
  const mail = await mailTo(email);
  const url = new URL(mail.header("List-Unsubscribe")[0].match(/^<(https:[^>]+)>$/)[1]);
  assert.deepEqual(mail.header("List-Unsubscribe-Post"), ["List-Unsubscribe=One-Click"]);
  const looked = await request({ port: server.port, path: url.pathname });
  assert.deepEqual([looked.status, looked.headers.location], [303, `${url.origin}/unsubscribe#${mail.optOut}`]);
  assert.equal(await inviting.stateOf("Anne"), "invited", "looking changes nothing");
  const headers = { "Content-Type": "application/x-www-form-urlencoded", "X-Amphi": "0", Origin: "https://mail.example" };
  const click = await request({ port: server.port, method: "POST", path: url.pathname, body: Buffer.from("List-Unsubscribe=One-Click"), headers });
  assert.equal(click.status, 204, click.text);
  assert.equal(await inviting.stateOf("Anne"), "opted_out");
  const token = mail.optOut;
  assert.deepEqual((await open("/api/opt-outs/preview", { token })).json.opted_out, true);

  const there = elsewhere(pg, o, "congress"), other = organisation(pg, "Autre");
  const list = listOf(pg, o, [{ email, first_name: "Anne", last_name: "Martin" }]);
  const round = await inviting.round(list, { congress: there.congress });
  assert.equal((await inviting.audience(round)).left_out.opted_out, 1);
  await inviting.send(round, { overrule: "She asked for it" });
  assert.equal((await inviting.sent(round)).invited, 0, "nothing overrules an opt-out");
  const theirs = new Inviting(server, pg, other);
  assert.equal((await theirs.audience(await theirs.round(listOf(pg, other, [{ email }])))).invited, 1);

  assert.deepEqual((await open("/api/opt-outs/undo", { token })).json.opted_out, false);
  assert.equal(await inviting.stateOf("Anne"), "invited");
  assert.equal((await inviting.audience(await inviting.round(list, { congress: there.congress }))).invited, 1);
  assert.equal((await open("/api/opt-outs", { token: mail.personal })).status, 410, "a personal link opts nobody out");
});

rule("contact pressure counts the congresses to which an address was invited, and is overruled for a reason that is kept", async () => {
  const email = address("anne");
  assert.deepEqual(await inviting.ok("PUT", "/api/contact-pressure", { most: 2, days: 30 }), { most: 2, days: 30 });
  const list = listOf(pg, o, [{ email, first_name: "Anne", last_name: "Martin" }, { email: address("b") }]);
  const congresses = [o, elsewhere(pg, o, "congress"), elsewhere(pg, o, "congress")].map((c) => c.congress);
  for (const congress of congresses.slice(0, 2)) {
    const round = await inviting.round(listOf(pg, o, [{ email, first_name: "Anne", last_name: "Martin" }, { email, last_name: "Colleague" }]), { congress });
    await inviting.send(round);
    await inviting.sent(round);
  }
  const round = await inviting.round(list, { congress: congresses[2] });
  assert.deepEqual((await inviting.audience(round)).left_out, { ...none, pressure: 1 });
  pg.sql(`UPDATE invitation SET invited_at = invited_at - interval '31 days' WHERE congress_id = '${congresses[0]}'`);
  assert.equal((await inviting.audience(round)).left_out.pressure, 0);
  pg.sql(`UPDATE invitation SET invited_at = now() - interval '29 days' WHERE congress_id = '${congresses[0]}'`);
  assert.equal((await inviting.call("POST", `/api/invitation-rounds/${round.id}/send`, { overrule: " " })).status, 422);
  await inviting.send(round, { overrule: "Speaker of the congress" });
  const done = await inviting.sent(round);
  assert.deepEqual([done.invited, done.overrule], [2, "Speaker of the congress"]);
  assert.equal(one(`SELECT details->>'overrule' FROM audit_log WHERE object_id = '${round.id}' AND action = 'invitation.send'`), "Speaker of the congress");
});

rule("a file for the CRM has the same links each time, and counts as invited", async () => {
  const round = await inviting.round(listOf(pg, o, [{ external_id: "=1+1", email: address("a") }, { external_id: "C-2" }, { email: address("c"), last_name: "Without" }]), { channel: "crm" });
  assert.equal((await inviting.call("GET", `/api/invitation-rounds/${round.id}/links.csv`)).json.code, "round.not_ready");
  assert.equal((await inviting.audience(round)).left_out.no_id, 1);
  await inviting.send(round);
  assert.equal((await inviting.sent(round)).invited, 2);
  const file = await inviting.ok("GET", `/api/invitation-rounds/${round.id}/links.csv?dialect=machine`);
  assert.equal(await inviting.ok("GET", `/api/invitation-rounds/${round.id}/links.csv?dialect=machine`), file);
  assert.match(await inviting.ok("GET", `/api/invitation-rounds/${round.id}/links.csv?dialect=excel-fr`), /^"?'=1\+1/m, "no spreadsheet calculates it");
  const { known } = await inviting.follow(file.match(/^C-2,https:\/\/[^\s"]+\/invitation#([\w-]{43})\r?$/m)[1]);
  assert.deepEqual([known.state, known.email], ["opened", null]);
  assert.equal(one(`SELECT invited_people('${o.congress}')`), "2");
  assert.equal(one(`SELECT count(*) FROM outbox WHERE organisation_id = '${o.id}'`), "0");
  pg.sql(`UPDATE sign_in SET proved_at = now() - interval '1 hour' WHERE account_id = '${o.staff.organiser.id}'`);
  assert.equal((await inviting.call("GET", `/api/invitation-rounds/${round.id}/links.csv`)).json.code, "auth.fresh");
});

rule("names are for organisers of the whole organisation, and of it alone", async () => {
  const round = await inviting.round(listOf(pg, o, [{ email: address("a") }]));
  const local = staff(pg, o, "local", ["organiser"], { congress: o.congress });
  const other = organisation(pg, "Autre");
  for (const [who, status] of [[local.cookie, 403], [other.staff.organiser.cookie, 404], [o.staff.host.cookie, 403]])
    for (const path of [`/api/invitation-rounds/${round.id}`, `/api/invitation-rounds/${round.id}/audience`, `/api/congresses/${o.congress}/invitations`, `/api/congresses/${o.congress}/invitation-rounds`])
      assert.equal((await inviting.call("GET", path, undefined, who)).status, status, path);
  const theirs = listOf(pg, other, [{ email: address("x") }]);
  assert.equal((await inviting.call("POST", `/api/congresses/${o.congress}/invitation-rounds`, { channel: "mail", target_list: theirs })).status, 422);
});

rule("whoever is erased, or taken off by hand, is named nowhere, and their opt-out still holds", async () => {
  const email = address("anne"), stranger = address("stranger");
  await invited([{ email, first_name: "Anne", last_name: "Martin" }, { email: stranger, last_name: "Stranger" }]);
  const mail = await mailTo(email);
  const { token, code } = await inviting.follow(mail.personal);
  const { json } = await open(`/api/registration-pages/${code}/invited`, { invitation: token, form: { ...FORM, email } });
  const { json: mine } = await open("/api/join", { token: json.token });
  await open("/api/opt-outs", { token: mail.optOut });
  const copy = one(`SELECT invitation_data(hcp_id) FROM registration WHERE id = '${mine.registration.id}'`);
  assert.match(copy, /"channel": "mail".*"opted_out_at"/);
  await inviting.ok("POST", `/api/registrations/${mine.registration.id}/erase`, undefined, 204);
  const { items } = await inviting.people("?q=stranger");
  await inviting.ok("DELETE", `/api/congresses/${o.congress}/invitations/${items[0].id}`, undefined, 204);
  assert.equal(one(`SELECT count(*) FROM invitation i WHERE i.congress_id = '${o.congress}' AND to_jsonb(i)::text ~* 'anne|martin|stranger'`), "0");
  assert.equal((await open("/api/invitations/open", { token })).status, 410);
  assert.equal(one(`SELECT invited_people('${o.congress}')`), "2");
  assert.equal((await inviting.audience(await inviting.round(listOf(pg, o, [{ email }])))).left_out.opted_out, 1);
});

rule("a congress for the invited alone lets in whoever holds a personal invitation, and nobody else", async () => {
  const [email, other, stranger] = [address("anne"), address("private"), address("stranger")];
  await inviting.ok("PUT", `/api/congresses/${o.congress}/registration-policy`, { policy: "invitation" });
  await invited([{ email, first_name: "Anne", last_name: "Martin" }, { email: other, first_name: "Paul", last_name: "Petit" }]);
  const { token, code } = await inviting.follow((await mailTo(email)).personal);
  for (const who of [stranger, email])
    assert.equal((await open(`/api/registration-pages/${code}`, { ...FORM, email: who })).json.code, "registration.not_admitted", "without the link nobody fills in a form");
  const { json } = await open(`/api/registration-pages/${code}/invited`, { invitation: token, form: { ...FORM, email } });
  assert.equal((await open("/api/join", { token: json.token })).status, 200);
  const second = await inviting.follow((await mailTo(other)).personal);
  const elsewhere = address("home");
  await open(`/api/registration-pages/${code}/invited`, { invitation: second.token, form: { ...FORM, email: elsewhere, first_name: "Paul", last_name: "Petit" } });
  const link = (await mailTo(elsewhere)).text.match(/\/join#([\w-]{43})/)[1];
  assert.equal((await open("/api/join", { token: link })).status, 200, "the invitation counts, whatever the address");
  pg.sql(`INSERT INTO registration_request (id, organisation_id, congress_id, link_id, token_hash, email, first_name, last_name, language, profession, practice_setting, region, age_band, consents, requested_at, expires_at)
    VALUES (gen_random_uuid(), '${o.id}', '${o.congress}', '${o.link}', sha256(decode(repeat('ab', 32), 'hex')), '${stranger}', 'A', 'B', 'fr', '10', 'SA01', '11', '45_54', '[]', now(), now() + interval '1 day')`);
  assert.equal((await open("/api/join", { token: Buffer.from("ab".repeat(32), "hex").toString("base64url") })).json.code, "registration.not_admitted", "a form of before, too");
});

const report = (id, action, status) => `From MAILER-DAEMON Sat Nov 28 12:00:00 2026
From: MAILER-DAEMON@mx.test
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.test

Final-Recipient: rfc822; x@x.test
Action: ${action}
Status: ${status}

--b
Content-Type: text/rfc822-headers

Message-ID: ${id}

--b--

`;

rule("mails that came back are read from a mailbox file; their addresses get no further invitations until they register", async () => {
  const [gone, full, fine] = [address("gone"), address("full"), address("fine")];
  const names = { first_name: "Anne", last_name: "Martin" };
  await invited([{ email: gone, last_name: "Gone" }, { email: full, last_name: "Full" }, { email: fine, ...names }]);
  const id = async (email) => (await mailTo(email)).header("Message-ID")[0];
  const box = `${server.data}/bounces.mbox`;
  const mails = [report(await id(gone), "failed", "5.1.1"), report(await id(full), "delayed", "4.2.2"), report(await id(fine), "failed", "5.1.1"), report("<00000000-0000-4000-8000-000000000000@x.test>", "failed", "5.0.0")];
  writeFileSync(box, mails.join(""));
  const run = () => execFileSync(server.binary, ["bounces", box], { env: server.environment(), cwd: root }).toString();
  assert.match(run(), /^4 messages, 3 of them .*: 2 invitations/);
  assert.match(run(), /: 0 invitations/, "read twice it changes nothing");
  assert.deepEqual([await inviting.stateOf("Gone"), await inviting.stateOf("Full"), await inviting.stateOf("Martin")], ["bounced", "invited", "bounced"]);
  assert.equal((await inviting.people("?state=bounced")).counts.bounced, 2);
  const there = elsewhere(pg, o, "congress");
  const round = await inviting.round(listOf(pg, o, [{ email: gone, last_name: "Gone" }, { email: fine, ...names }]), { congress: there.congress });
  assert.deepEqual((await inviting.audience(round)).left_out, { ...none, bounced: 2 });
  const { token, code } = await inviting.follow((await mailTo(fine)).personal);
  const { json } = await open(`/api/registration-pages/${code}/invited`, { invitation: token, form: { ...FORM, email: fine } });
  assert.equal((await open("/api/join", { token: json.token })).status, 200);
  assert.deepEqual((await inviting.audience(round)).left_out, { ...none, bounced: 1 });
  assert.throws(() => execFileSync(server.binary, ["bounces", `${box}.none`], { env: server.environment(), cwd: root, stdio: "pipe" }), /No such file/);
});

rule("a round that is cancelled invites nobody further", async () => {
  const round = await inviting.round(listOf(pg, o, Array.from({ length: 3000 }, (_, i) => ({ email: address(`p${i}`) }))));
  await inviting.send(round);
  await waitFor("some of them", async () => (await inviting.ok("GET", `/api/invitation-rounds/${round.id}`)).invited > 0);
  const done = await inviting.ok("POST", `/api/invitation-rounds/${round.id}/cancel`);
  assert.equal(done.state, "cancelled");
  const { counts } = await inviting.people();
  assert.deepEqual([counts.queued, counts.invited], [0, done.invited]);
  assert.ok(done.invited < 3000, `${done.invited}`);
});
