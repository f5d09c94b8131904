// Rule: an overview is read, not filled in: what comes next, what it is, how far it is from its goals. Organisers correct the end of a
// session there, and its figures follow. Forms say beside the field what is missing, in the page's own words.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { axe, counted, openBrowser, openContext } from "./lib/browser.mjs";
import { cleanup, waitFor } from "./lib/cleanup.mjs";
import { request } from "./lib/http.mjs";
import { elsewhere, hcps, organisation, token } from "./lib/people.mjs";
import { Postgres } from "./lib/postgres.mjs";
import { Server } from "./lib/server.mjs";

after(cleanup);

let pg, server, browser, o, past;
before(async () => {
  pg = new Postgres();
  server = await new Server({ database: pg }).start();
  browser = await openBrowser();
  o = organisation(pg, "Laboratoire Exemple", { capacity: 200 });
  pg.sql(`INSERT INTO target_profile (id, organisation_id, congress_id, name, position, goal_registrations, created_at)
    VALUES (gen_random_uuid(), '${o.id}', '${o.congress}', 'Cardiologues', 1, 10, now())`);
  past = ended();
});

// Live from an hour ago until five minutes ago; one was there for all of it, one for its first half hour. Nothing else happened.
function ended() {
  const there = elsewhere(pg, o, "congress");
  const people = hcps(pg, there, 2);
  const east = 12 - new Date().getUTCHours(); // where it is noon, so that it does not begin on another day than it ends
  pg.sql(`UPDATE congress SET title = 'Congrès passé', time_zone = 'Etc/GMT${east > 0 ? "-" : "+"}${Math.abs(east)}' WHERE id = '${there.congress}';
    UPDATE session SET state = 'ended', live_at = date_trunc('minute', now()) - interval '60 minutes', ended_at = date_trunc('minute', now()) - interval '5 minutes' WHERE id = '${there.session}'`);
  for (const [i, minutes] of [[0, 55], [1, 30]]) {
    const id = randomUUID();
    pg.sql(`INSERT INTO span (id, organisation_id, session_id, registration_id, kind, connection, node_id, joined_at, left_at)
      SELECT '${id}', '${o.id}', s.id, '${people[i].registration}', 'connected', '${id}', (SELECT id FROM node ORDER BY lease_at DESC LIMIT 1), s.live_at, s.live_at + interval '${minutes} minutes' FROM session s WHERE s.id = '${there.session}'`);
  }
  return there;
}

const WORDS = {
  en: { details: "Details", settings: "Settings", title: "Title", copy: "Copy", link: "Registration link", console: "Host console", correct: "Correct the end", time: "End: Time", outside: /Please choose a time between/, instead: /^Live time: 35 min instead of 55 min/, done: /End corrected/, back: /^Back to/, ahead: "Upcoming", past: "Past", goals: "Goals", fresh: "New congress", create: "Create", missing: "Please fill this in.", completed: "Completed" },
  fr: { details: "Détails", settings: "Réglages", title: "Titre", copy: "Copier", link: "Lien d’inscription", console: "Régie", correct: "Corriger la fin", time: "Fin : Heure", outside: /Veuillez choisir une heure entre/, instead: /^Durée du direct\s: 35 min au lieu de 55 min/, done: /Fin corrigée/, back: /^Revenir à/, ahead: "À venir", past: "Passés", goals: "Objectifs", fresh: "Nouveau congrès", create: "Créer", missing: "Veuillez compléter ce champ.", completed: "Ont suivi" },
};
const LOOKS = [{ language: "fr", width: 390, dark: false }, { language: "en", width: 1440, dark: true }];

async function open(who, path, { language, width, dark }) {
  const context = await openContext(browser, { locale: language === "fr" ? "fr-FR" : "en-GB", width, dark, bypassCSP: true });
  await context.addCookies([{ name: "__Host-amphi", value: (o.staff[who] ?? who).cookie, url: server.url, secure: true, httpOnly: true, sameSite: "Strict" }]);
  const page = await context.newPage();
  await page.goto(server.url + path);
  return page;
}

async function look(page) {
  await page.waitForFunction(() => document.getAnimations().every((a) => a.playState !== "running" || a.effect?.getComputedTiming().iterations === Infinity));
  assert.deepEqual(await axe(page), []);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "scrolls sideways");
}

const figure = (page, label) => page.locator(".figure").filter({ hasText: label }).locator(".figure__value").innerText();

for (const at of LOOKS) {
  const w = WORDS[at.language];
  const name = `${at.language}, ${at.width} px`;

  test(`a session is read by its host, and its organiser has the link to share: ${name}`, async () => {
    const host = await open("host", `/sessions/${o.session}`, at);
    await host.getByRole("heading", { name: w.details }).waitFor();
    assert.equal(await host.locator("main :is(input, textarea, select)").count(), 0, "no form");
    assert.equal(await host.getByRole("link", { name: w.settings }).count(), 0);
    await look(host);
    const organiser = await open("organiser", `/sessions/${o.session}`, at);
    await organiser.getByRole("button", { name: w.copy }).waitFor();
    assert.equal(await organiser.getByLabel(w.link, { exact: true }).inputValue(), `${server.url}/r/${o.code}`);
    await look(organiser);
    await organiser.getByRole("link", { name: w.settings }).click();
    await organiser.getByLabel(w.title).waitFor();
    await host.context().close();
    await organiser.context().close();
  });

  test(`congresses that are over stand apart; one is a board with its goals: ${name}`, async () => {
    const page = await open("organiser", "/congresses", at);
    const group = (title) => page.getByRole("region", { name: title, exact: true });
    await group(w.past).getByRole("link", { name: /Congrès passé/ }).waitFor();
    await counted(group(w.past).getByRole("link"), 1);
    assert.equal(await group(w.ahead).getByRole("link", { name: /Congrès passé/ }).count(), 0);
    await look(page);
    await group(w.ahead).getByRole("link").first().click();
    await page.getByRole("region", { name: w.goals }).getByRole("img", { name: /10/ }).waitFor();
    assert.equal(await page.getByRole("textbox", { name: w.link }).inputValue(), `${server.url}/r/${o.code}`);
    await look(page);
    await page.context().close();
  });

  test(`the end of a session is corrected, the figures follow, and it can be put back: ${name}`, async () => {
    const page = await open("organiser", `/sessions/${past.session}`, at);
    await waitFor("the figures", async () => (await figure(page, w.completed)) === "1");
    await page.getByRole("button", { name: w.correct }).click();
    const dialog = page.getByRole("dialog", { name: w.correct });
    const time = dialog.getByLabel(w.time);
    const [hour, minute] = (await time.inputValue()).split(":").map(Number);
    const earlier = (by) => new Date(Date.UTC(2026, 0, 1, hour, minute - by)).toISOString().slice(11, 16);
    await look(page);
    await time.fill(earlier(59)); // before it began
    await dialog.getByRole("button", { name: w.correct }).click();
    await dialog.getByText(w.outside).waitFor();
    assert.ok(await page.evaluate(() => document.activeElement.getAttribute("aria-invalid") === "true"), "the focus is where it is wrong");
    await time.fill(earlier(20));
    await dialog.getByText(w.instead).waitFor();
    await dialog.getByRole("button", { name: w.correct }).click();
    await page.getByText(w.done).first().waitFor();
    await dialog.waitFor({ state: "detached" });
    await waitFor("the figures to follow", async () => (await figure(page, w.completed)) === "2");
    await look(page);
    await page.getByRole("button", { name: w.correct }).click();
    await dialog.getByRole("button", { name: w.back }).click();
    await dialog.waitFor({ state: "detached" });
    await waitFor("the figures to follow", async () => (await figure(page, w.completed)) === "1");
    assert.equal(pg.sql(`SELECT count(*) > 1 FROM audit_log WHERE object_id = '${past.session}' AND action = 'session.end_corrected'`)[0][0], "t");
    await page.context().close();
  });

  test(`a form says itself what is missing, beside the field: ${name}`, async () => {
    const page = await open("organiser", "/congresses", at);
    await page.getByRole("button", { name: w.fresh }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: w.create }).click();
    const title = dialog.getByLabel(w.title);
    await dialog.getByText(w.missing).waitFor();
    assert.deepEqual(await title.evaluate((input) => [document.activeElement === input, input.form.noValidate, document.getElementById(input.getAttribute("aria-describedby").split(" ")[0]).innerText.trim()]), [true, true, w.missing]);
    await look(page);
    await title.fill("X");
    await dialog.getByText(w.missing).waitFor({ state: "detached" });
    await page.context().close();
  });
}

test("only an ended session names where its end may be put", async () => {
  const get = (path) => request({ port: server.port, path, cookie: o.staff.organiser.cookie });
  const { json } = await get(`/api/sessions/${past.session}`);
  assert.deepEqual([json.end_range.from, json.end_range.until], [json.live_at, json.ended_at]);
  assert.equal((await get(`/api/sessions/${o.session}`)).json.end_range, undefined);
  const [listed] = (await get(`/api/congresses/${past.congress}`)).json.sessions;
  assert.equal(listed.end_range, undefined);
});

test("a host console whose sign-in has ended leads to the sign-in and back", async () => {
  const t = token();
  pg.sql(`INSERT INTO sign_in (token_hash, organisation_id, account_id, created_at, proved_at, expires_at) VALUES ('\\x${t.hash}', '${o.id}', '${o.staff.host.id}', now(), now(), now() + interval '1 hour')`);
  const path = `/host/${o.session}`;
  const page = await open({ cookie: t.text }, path, LOOKS[1]);
  await page.getByRole("button", { name: "Start the session" }).waitFor();
  assert.equal((await request({ port: server.port, method: "POST", path: "/api/sign-out", cookie: t.text })).status, 204);
  await page.getByText("You are signed out").waitFor();
  assert.equal(await page.getByText("personal link").count(), 0);
  await look(page);
  await page.getByRole("button", { name: "Sign in again" }).click();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  assert.equal(new URL(page.url()).searchParams.get("to"), path);
  await page.context().close();
});

test("moderators see beside a question what its asker is, of anonymous ones too; of the erased nothing", async () => {
  const there = elsewhere(pg, o, "session"); // whose room nobody opened yet
  const [doctor, erased] = hcps(pg, there, 2);
  pg.sql(`UPDATE registration SET profession = '10', specialty = 'SM04' WHERE id = '${doctor.registration}';
    INSERT INTO registration_profile (organisation_id, congress_id, registration_id, target_profile_id) SELECT organisation_id, congress_id, '${doctor.registration}', id FROM target_profile WHERE congress_id = '${o.congress}' ON CONFLICT DO NOTHING;
    INSERT INTO question (id, organisation_id, session_id, registration_id, text, anonymous, asked_at, state_at) VALUES
      ('${randomUUID()}', '${o.id}', '${there.session}', '${doctor.registration}', 'Et après 75 ans ?', true, now(), now()),
      ('${randomUUID()}', '${o.id}', '${there.session}', '${erased.registration}', '', false, now(), now());
    UPDATE hcp SET erased_at = now(), email = NULL, first_name = '', last_name = '' WHERE id = (SELECT hcp_id FROM registration WHERE id = '${erased.registration}')`);
  const page = await open("moderator", `/host/${there.session}`, LOOKS[1]);
  const asked = page.getByRole("listitem").filter({ hasText: "Et après 75 ans ?" });
  await asked.getByText("Physician · ").waitFor();
  await asked.getByText("Cardiologues").waitFor();
  await counted(page.locator(".question__asker"), 1);
  await look(page);
  await page.context().close();
  assert.equal((await request({ port: server.port, path: `/api/sessions/${there.session}/askers`, cookie: o.staff.speaker.cookie })).status, 403);
});

test("on a phone a button leads past a long description to the registration form, and is gone there", async () => {
  pg.sql(`UPDATE congress SET description = repeat('Une heure pour la pratique, avec des cas et vos questions. ', 40) WHERE id = '${o.congress}'`);
  const page = await open({ cookie: "" }, `/r/${o.code}`, LOOKS[0]);
  const button = page.getByRole("button", { name: "Aller au formulaire" });
  await button.waitFor();
  await look(page);
  await button.click();
  await button.waitFor({ state: "detached" });
  assert.ok(await page.locator("#register input").first().evaluate((input) => document.activeElement === input));
  await page.context().close();
});
