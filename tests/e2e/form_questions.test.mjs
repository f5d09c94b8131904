// Rule: an organiser's own questions go the whole way: written in both languages and put in order without a mouse, asked of whom they are
// for as somebody types, checked on the page and by the server, kept with the registration, changed on one's own page, read by organisers,
// a column of the file, and gone with the person.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openBrowser, openContext, pressLink, signedInContext } from "./lib/browser.mjs";
import { cleanup } from "./lib/cleanup.mjs";
import { chooseCode } from "./lib/hcp.mjs";
import { request } from "./lib/http.mjs";
import { lookAt } from "./lib/look.mjs";
import { organisation } from "./lib/people.mjs";
import { Postgres } from "./lib/postgres.mjs";
import { Server } from "./lib/server.mjs";

after(cleanup);

let pg, server, browser;
before(async () => {
  pg = new Postgres();
  server = await new Server({ database: pg }).start();
  browser = await openBrowser();
});

const WORDS = {
  en: { add: "Add a question", choice: "Choice", text: "Text", number: "Number", save: "Save", fr: "Question in French", en: "Question in English", option: (n, l) => `Option ${n} in ${l === "fr" ? "French" : "English"}`, required: "An answer is required", several: "More than one option may be chosen", free: "Free text invites personal data",
    limited: "Only people whom one of these target profiles matches", whole: "Whole numbers only", least: /^Least/, up: "Move up: Beds", edit: "Edit", hide: "Hide", more: (q) => `More actions: ${q}`, remove: "Remove", hidden: "Hidden", answers: "1 answer", preview: "Preview", meal: "Meal", beds: "Beds", why: "What do you expect?", fish: "Fish", meat: "Meat",
    profession: "Profession", specialty: "Specialty", practice: "Practice setting", region: "Region or country", age: "Age band", email: "E-mail address", first: "First name", last: "Last name", submit: "Register", sent: "One step left: check your inbox", confirm: "Confirm my registration", consent: /participation|take part|registration/i, choose: "Please choose.", notWhole: "Please enter a whole number.",
    mine: "Your answers", see: "Answers to the questions", dialog: "Answers of Anne Martin" },
  fr: { add: "Ajouter une question", choice: "Choix", text: "Texte", number: "Nombre", save: "Enregistrer", fr: "Question en français", en: "Question en anglais", option: (n, l) => `Choix ${n} en ${l === "fr" ? "français" : "anglais"}`, required: "Réponse obligatoire", several: "Plusieurs choix possibles", free: "Un texte libre attire des données personnelles",
    limited: "Seulement aux personnes qui correspondent à l’un de ces profils cibles", whole: "Nombres entiers seulement", least: /^Minimum/, up: "Monter : Lits", edit: "Modifier", hide: "Masquer", more: (q) => `Autres actions : ${q}`, remove: "Supprimer", hidden: "Masquée", answers: "1 réponse", preview: "Aperçu", meal: "Repas", beds: "Lits", why: "Qu’attendez-vous ?", fish: "Poisson", meat: "Viande",
    profession: "Profession", specialty: "Spécialité", practice: "Lieu d’exercice", region: "Région ou pays", age: "Tranche d’âge", email: "Adresse e-mail", first: "Prénom", last: "Nom", submit: "M’inscrire", sent: "Dernière étape : votre messagerie", confirm: "Confirmer mon inscription", consent: /./, choose: "Veuillez faire un choix.", notWhole: "Veuillez saisir un nombre entier.",
    mine: "Vos réponses", see: "Réponses aux questions", dialog: "Réponses de Anne Martin" },
};

async function look(page, name) {
  await page.waitForLoadState("networkidle");
  await lookAt(page, `form-${name}`);
}

const cardiologists = (o) => {
  const [[id]] = pg.sql(`INSERT INTO target_profile (organisation_id, congress_id, name, position, created_at) VALUES ('${o.id}', '${o.congress}', 'Cardio', 1, now()) RETURNING id`);
  pg.sql(`INSERT INTO target_profile_criterion VALUES ('${id}', 1, 'all_of', 'specialty', '{SM04}')`);
};

async function write(page, w, kind, fr, en, rest = async () => {}) {
  await page.getByRole("button", { name: w.add }).first().click();
  const dialog = page.getByRole("dialog", { name: w.add });
  await dialog.getByText(kind, { exact: true }).click();
  await dialog.getByLabel(w.fr, { exact: true }).fill(fr);
  await dialog.getByLabel(w.en, { exact: true }).fill(en);
  await rest(dialog);
  await dialog.getByRole("button", { name: w.save }).click();
  await dialog.waitFor({ state: "detached" });
}

async function define(o, w, name, { language, width, dark }) {
  const context = await signedInContext(browser, { server, cookie: o.staff.organiser.cookie, language, width, dark, bypassCSP: true });
  const page = await context.newPage();
  await page.goto(`${server.url}/congresses/${o.congress}/form`);
  await page.getByRole("button", { name: w.add }).waitFor();
  await look(page, `${name}-empty`);
  await write(page, w, w.choice, "Repas", "Meal", async (dialog) => {
    for (const [n, [fr, en]] of [["Poisson", "Fish"], ["Viande", "Meat"]].entries()) {
      await dialog.getByLabel(w.option(n + 1, "fr")).fill(fr);
      await dialog.getByLabel(w.option(n + 1, "en")).fill(en);
    }
    await dialog.getByLabel(w.required).check();
    await look(page, `${name}-choice`);
  });
  await write(page, w, w.text, "Qu’attendez-vous ?", "What do you expect?", async (dialog) => {
    await dialog.getByText(w.free).waitFor();
    await look(page, `${name}-text`);
  });
  await write(page, w, w.number, "Lits", "Beds", async (dialog) => {
    await dialog.getByLabel(w.whole).check();
    await dialog.getByLabel(w.least).fill("1");
    await dialog.getByLabel(w.limited).check();
    await dialog.getByLabel("Cardio").check();
    await look(page, `${name}-number`);
  });
  const up = page.getByRole("button", { name: w.up });
  await up.focus();
  await page.keyboard.press("Enter");
  await page.waitForFunction((beds) => document.querySelectorAll(".form-question")[1]?.textContent.includes(beds), w.beds);
  assert.deepEqual(pg.sql(`SELECT key FROM form_question WHERE congress_id = '${o.congress}' ORDER BY position`).flat(), ["meal", "beds", "what_do_you_expect"]);
  const preview = page.getByRole("region", { name: w.preview });
  await preview.getByText("English", { exact: true }).click();
  await preview.getByText("Fish").waitFor();
  await look(page, `${name}-editor`);
  await context.close();
}

async function registerOn(page, w, o, name) {
  await page.goto(`${server.url}/r/${o.code}`);
  const form = page.locator("form#register");
  await form.getByText(w.meal, { exact: true }).waitFor();
  assert.equal(await form.getByLabel(w.beds).count(), 0, "asked of cardiologists");
  await chooseCode(form, w.profession, "profession", "10");
  await chooseCode(form, w.specialty, "specialty", "SM04");
  await form.getByLabel(w.beds).waitFor(); // as soon as it matches
  await chooseCode(form, w.practice, "practice_setting", "SA01");
  await chooseCode(form, w.region, "region", "11");
  await form.getByLabel(w.age, { exact: true }).selectOption("45_54");
  await form.getByLabel(w.email, { exact: true }).fill(`${name}@example.org`);
  await form.getByLabel(w.first, { exact: true }).fill("Anne");
  await form.getByLabel(w.last, { exact: true }).fill("Martin");
  await form.getByRole("checkbox").first().check();
  await form.getByLabel(w.beds).fill("2,5");
  await form.getByRole("button", { name: w.submit }).click();
  await form.getByText(w.choose).waitFor();
  await form.getByText(w.notWhole).waitFor();
  await look(page, `${name}-faults`);
  await form.getByLabel(w.fish).check();
  await form.getByLabel(w.beds).fill("12");
  await form.getByLabel(w.why).fill("=1+1");
  await look(page, `${name}-filled`);
  await form.getByRole("button", { name: w.submit }).click();
  await page.getByText(w.sent).waitFor();
}

const kept = (o) => pg.sql(`SELECT question_key, value FROM form_answer WHERE congress_id = '${o.congress}' ORDER BY 1`);

async function changeMine(page, w, o, name) {
  const card = page.getByRole("region", { name: w.mine });
  await card.getByText("12", { exact: true }).waitFor();
  await look(page, `${name}-my`);
  await card.getByRole("button", { name: new RegExp(w.edit) }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel(w.meat).check();
  await look(page, `${name}-my-dialog`);
  await dialog.getByRole("button", { name: w.save }).click();
  await dialog.waitFor({ state: "detached" });
  await card.getByText(w.meat).waitFor();
  assert.deepEqual(kept(o), [["beds", "12"], ["meal", '["meat"]'], ["what_do_you_expect", '"=1+1"']]);
}

async function readAndHide(o, w, name, { language, width, dark }) {
  const context = await signedInContext(browser, { server, cookie: o.staff.organiser.cookie, language, width, dark, bypassCSP: true });
  const page = await context.newPage();
  await page.goto(`${server.url}/congresses/${o.congress}/registrations`);
  await page.getByRole("button", { name: w.more("Anne Martin") }).click();
  await page.getByRole("menuitem", { name: w.see }).click();
  await page.getByRole("dialog", { name: w.dialog }).getByText(w.meat).waitFor();
  await look(page, `${name}-answers`);
  pg.sql(`UPDATE registration SET state = 'in_review' WHERE congress_id = '${o.congress}';
    INSERT INTO registration_review (registration_id, organisation_id, since) SELECT id, organisation_id, now() FROM registration WHERE congress_id = '${o.congress}'`);
  await page.goto(`${server.url}/congresses/${o.congress}/review`);
  await page.locator(".review__answers").getByText(w.meat).waitFor();
  await look(page, `${name}-review`);
  await page.goto(`${server.url}/congresses/${o.congress}/form`);
  await page.getByText(w.answers).first().waitFor();
  await page.getByRole("button", { name: w.more(w.meal) }).click();
  assert.equal(await page.getByRole("menuitem", { name: w.remove }).count(), 0, "it has answers");
  await page.getByRole("menuitem", { name: w.hide }).click();
  await page.getByText(w.hidden, { exact: true }).waitFor();
  await look(page, `${name}-hidden`);
  assert.deepEqual(context.errors, []);
  await context.close();
}

const organiser = (o, method, path) => request({ port: server.port, method, path, cookie: o.staff.organiser.cookie });

for (const [language, width, dark] of [["en", 1440, false], ["fr", 390, true]])
  test(`from the question to its column and its end (${language}, ${width} px)`, { timeout: 180000 }, async () => {
    const w = WORDS[language], o = organisation(pg, `Labo ${language}`), name = `${language}-${width}`, size = { language, width, dark };
    cardiologists(o);
    await define(o, w, name, size);
    const context = await openContext(browser, { locale: language === "fr" ? "fr-FR" : "en-GB", width, dark, bypassCSP: true });
    await context.addInitScript((chosen) => location.protocol === "https:" && localStorage.setItem("amphi.language", chosen), language);
    const page = await context.newPage();
    await registerOn(page, w, o, name);
    assert.deepEqual(kept(o), [], "nothing before it is confirmed");
    await pressLink(page, await server.link(`${name}@example.org`, "join"), w.confirm);
    await page.waitForURL("**/my");
    await changeMine(page, w, o, name);
    await readAndHide(o, w, name, size);
    const file = await organiser(o, "GET", `/api/sessions/${o.session}/attendance.csv?dialect=excel-${language}`);
    const [head, line] = file.text.split("\r\n");
    assert.ok(head.endsWith(language === "fr" ? ";Repas;Lits;Qu’attendez-vous ?" : ",Meal,Beds,What do you expect?"), head);
    assert.ok(line.endsWith(language === "fr" ? ";Viande;12;'=1+1" : ",Meat,12,'=1+1"), line);
    const all = (await organiser(o, "GET", `/api/congresses/${o.congress}/registrations.csv?dialect=machine`)).text.split("\r\n");
    assert.ok(all[0].endsWith(",answer_meal,answer_beds,answer_what_do_you_expect"), all[0]);
    assert.ok(all[1].endsWith(",meat,12,=1+1"), all[1]);
    const [[registration]] = pg.sql(`SELECT registration_id FROM form_answer WHERE congress_id = '${o.congress}' LIMIT 1`);
    assert.equal((await organiser(o, "POST", `/api/registrations/${registration}/erase`)).status, 204);
    assert.deepEqual(kept(o), []);
    assert.ok((await organiser(o, "GET", `/api/sessions/${o.session}/attendance.csv?dialect=machine`)).text.includes(",answer_beds,answer_what_do_you_expect\r\n"), "a hidden question without answers has no column");
    assert.deepEqual(context.errors.filter((e) => !/401|403/.test(e)), []);
    await context.close();
  });
