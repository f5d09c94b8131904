// Rule: an organiser chooses a list, writes the invitation in French and English, sees it and who gets it, and sends it; whoever follows
// the personal link registers with what is known of them, declines, or wants no more. In both languages, in all widths.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openBrowser, openContext, signedInContext } from "./lib/browser.mjs";
import { cleanup, waitFor } from "./lib/cleanup.mjs";
import { Inviting, listOf, mailServer, read } from "./lib/inviting.mjs";
import { lookAt, shots } from "./lib/look.mjs";
import { elsewhere, organisation } from "./lib/people.mjs";
import { Postgres } from "./lib/postgres.mjs";
import { Server } from "./lib/server.mjs";

let pg, server, smtp, browser;
before(async () => {
  pg = new Postgres();
  smtp = await mailServer();
  server = await new Server({ database: pg, env: smtp.env }).start();
  browser = await openBrowser();
});
after(cleanup);

const look = (page, name) => lookAt(page, name);

const WORDS = {
  en: { begin: "New round of invitations", list: "Target list", next: "Continue", save: "Save", subject: "Subject", english: "English", preview: "Preview", show: /^Show/, close: "Close", reason: "Reason", over: /invited too often lately, too$/,
    send: "Send 3 invitations", sent: "Invitations sent", people: "Invited people", decline: "I cannot attend", undo: "Take it back", register: "Register", out: "Send me no more invitations", again: "Send me invitations again", test: "Send me a test",
    hello: /, you are invited$/, change: "Change", byInvitation: "Only people who hold a personal invitation", only: "By personal invitation" },
  fr: { begin: "Nouvel envoi d’invitations", list: "Liste de ciblage", next: "Continuer", save: "Enregistrer", subject: "Objet", english: "Anglais", preview: "Aperçu", show: /^Voir/, close: "Fermer", reason: "Motif", over: /trop sollicitée récemment$/,
    send: "Envoyer 3 invitations", sent: "Invitations envoyées", people: "Personnes invitées", decline: "Je ne peux pas participer", undo: "Revenir sur ma réponse", register: "M’inscrire", out: "Ne plus m’envoyer d’invitations", again: "Recevoir de nouveau des invitations", test: "M’envoyer un essai",
    hello: /, cette invitation est pour vous$/, change: "Modifier", byInvitation: "Seulement les personnes munies d’une invitation personnelle", only: "Sur invitation personnelle" },
};

// Somebody who was invited too often, somebody who opted out, and two more.
async function furnish(name) {
  const o = organisation(pg, "Laboratoire Exemple");
  const inviting = new Inviting(server, pg, o);
  await inviting.ok("PUT", "/api/contact-pressure", { most: 1, days: 30 });
  const people = [
    { email: `anne-${name}@x.test`, first_name: "Anne", last_name: "Martin", language: "fr", external_id: "CRM-1", profession: "10", specialty: "SM04", practice_setting: "SA01", region: "11", age_band: "45_54" },
    { email: `often-${name}@x.test`, first_name: "Zoé", last_name: "Girard", language: "en", external_id: "CRM-2" },
    { email: `gone-${name}@x.test`, first_name: "Karim", last_name: "Benali", external_id: "CRM-3" },
    { email: `paul-${name}@x.test`, first_name: "Paul", last_name: "Le Goff", language: "en", external_id: "CRM-4" },
    { first_name: "Élise", last_name: "Moreau", external_id: "CRM-5" },
  ];
  const there = elsewhere(pg, o, "congress");
  const before = await inviting.round(listOf(pg, o, [people[1]]), { congress: there.congress });
  await inviting.send(before);
  await inviting.sent(before);
  pg.sql(`INSERT INTO invitation_opt_out VALUES ('${o.id}', address_mark('${o.id}', '${people[2].email}'), now())`);
  const list = listOf(pg, o, people);
  pg.sql(`UPDATE target_list SET name = 'Comptes clés 2027' WHERE id = '${list}'`);
  return { o, inviting, people };
}

for (const [language, width, dark] of [["fr", 390, true], ["en", 1440, false], ...(shots ? [["fr", 820, true]] : [])]) {
  const w = WORDS[language], name = `${language}-${width}`;
  test(`from the list to the registration, ${name}`, { timeout: 120000 }, async () => {
    const { o, inviting, people } = await furnish(name);
    const context = await signedInContext(browser, { server, cookie: o.staff.organiser.cookie, language, width, dark, bypassCSP: true });
    const page = await context.newPage();
    const button = (text) => page.getByRole("button", { name: text, exact: true });
    await page.goto(`${server.url}/congresses/${o.congress}/invitations`);
    await button(w.begin).waitFor();
    await look(page, `${name}-1-empty`);
    await button(w.begin).click();
    await page.getByLabel(w.list).selectOption({ label: "Comptes clés 2027" });
    await look(page, `${name}-2-begin`);
    await button(w.next).click();
    await page.waitForURL("**/invitations/*");
    await button(w.save).click(); // the words that are there can be sent
    await page.getByRole("region", { name: w.preview }).getByText("Camille Martin").first().waitFor();
    await page.getByText(w.english, { exact: true }).click();
    await page.getByLabel(w.subject).fill("You, {nobody}");
    await button(w.save).click();
    await page.locator('[aria-invalid="true"]').waitFor();
    await look(page, `${name}-3-fault`);
    await page.getByLabel(w.subject).fill("{first_name}, join us");
    await button(w.save).click();
    await page.getByText("Camille, join us").waitFor();
    await button(w.test).click();
    await waitFor("the test", () => smtp.of(`organiser-${o.staff.organiser.id}@example.org`).length === 1);
    await page.getByRole("button", { name: w.show }).first().click();
    await page.getByRole("dialog").getByRole("row").nth(1).waitFor();
    await look(page, `${name}-4-left-out`);
    await page.getByRole("dialog").getByRole("button", { name: w.close }).click();
    await page.getByRole("checkbox", { name: w.over }).check();
    assert.ok(await button(w.send).isDisabled(), "not without a reason");
    await page.getByLabel(w.reason).fill("Oratrice du congrès");
    await look(page, `${name}-5-ready`);
    await button(w.send).click();
    await page.getByRole("dialog").getByRole("button", { name: w.send }).click();
    await page.getByRole("heading", { name: w.sent }).waitFor();
    await look(page, `${name}-6-sent`);
    await waitFor("the mails", () => smtp.of(people[0].email).length === 1 && smtp.of(people[3].email).length === 1);
    assert.equal(smtp.of(people[2].email).length, 0);

    await guest(name, language, width, dark, people, inviting);
    await page.goto(`${server.url}/congresses/${o.congress}/links`);
    await button(w.change).click();
    await page.getByRole("radio", { name: w.byInvitation }).check();
    await look(page, `${name}-10-policy`);
    await button(w.save).click();
    await page.getByText(w.byInvitation).waitFor();
    await page.goto(`${server.url}/r/${o.code}`);
    await page.getByText(w.only, { exact: true }).waitFor();
    await look(page, `${name}-11-only`);
    await page.goto(`${server.url}/congresses/${o.congress}/invitations`);
    await page.getByRole("heading", { name: w.people }).waitFor();
    await page.getByRole("row", { name: /Martin Anne/ }).waitFor();
    await look(page, `${name}-9-people`);
    assert.deepEqual(context.errors.filter((e) => !/422/.test(e)), []);
  });
}

// Anne declines, thinks again and registers; Paul wants no more invitations, and thinks again.
async function guest(name, language, width, dark, people, inviting) {
  const w = WORDS[language];
  const context = await openContext(browser, { locale: language === "fr" ? "fr-FR" : "en-GB", width, dark, bypassCSP: true });
  await context.addInitScript((chosen) => location.protocol === "https:" && localStorage.setItem("amphi.language", chosen), language);
  const page = await context.newPage();
  const button = (text) => page.getByRole("button", { name: text, exact: true });
  await page.goto(`${server.url}/invitation#${read(smtp.of(people[0].email)[0]).personal}`);
  await page.getByRole("heading", { name: w.hello }).waitFor();
  assert.ok(!page.url().includes("#"), "the token is not in the address");
  await look(page, `${name}-7-invitation`);
  await button(w.decline).click();
  await button(w.undo).waitFor();
  assert.equal(await inviting.stateOf("Martin"), "declined");
  await button(w.undo).click();
  await button(w.decline).waitFor();
  assert.equal(await page.getByLabel(/^E-mail|^Adresse e-mail/).first().inputValue(), people[0].email);
  await page.locator('form#register input[type="checkbox"]').first().check();
  await page.locator("form#register").getByRole("button", { name: w.register }).click();
  await page.waitForURL("**/my");
  assert.equal(await inviting.stateOf("Martin"), "registered");

  await page.goto("about:blank");
  await page.goto(`${server.url}/unsubscribe#${read(smtp.of(people[3].email)[0]).optOut}`);
  await button(w.out).waitFor();
  assert.equal(await inviting.stateOf("Le Goff"), "invited");
  await button(w.out).click();
  await button(w.again).waitFor();
  await look(page, `${name}-8-opted-out`);
  assert.equal(await inviting.stateOf("Le Goff"), "opted_out");
  await button(w.again).click();
  await button(w.out).waitFor();
  assert.equal(await inviting.stateOf("Le Goff"), "invited");
  assert.deepEqual(context.errors, []);
}
