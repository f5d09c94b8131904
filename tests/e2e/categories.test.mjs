// Rule: where a congress admits more than health professionals, people say what they register as, and are asked what is of that category, in
// both languages, on a phone too, with and without JavaScript; where it does not, nothing looks different. An organiser says whom it admits;
// others than HCPs are shown as what they are, found by it, and left out of figures of HCPs, which say so.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openBrowser, openContext, signedInContext } from "./lib/browser.mjs";
import { cleanup } from "./lib/cleanup.mjs";
import { chooseCode } from "./lib/hcp.mjs";
import { request } from "./lib/http.mjs";
import { lookAt } from "./lib/look.mjs";
import { hcps, organisation } from "./lib/people.mjs";
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
  en: { as: "I register as…", student: "Student", press: "Journalist", email: "E-mail address", first: "First name", last: "Last name", profession: "Profession", studies: "Field of study", physician: /Physician/, school: "School or university", medium: "Publication or media outlet", submit: "Register", choose: "Please choose from the list.", missing: "Please fill this in.", sent: "One step left: check your inbox", registeredAs: "Registered as", admitted: "Who is admitted", change: "Change", save: "Save", students: "Students", pressMany: "Press", figures: /^These figures count/, admits: /^Admitted: Healthcare professionals(,)? .*Students/, category: "Category", only: /^The board counts healthcare professionals only/, reviewed: /organisers review/, goOn: "Continue", confirm: "Confirm my registration", request: "Confirm my request", inReview: /your request is in review/, edit: "Edit" },
  fr: { as: "Je participe en tant que…", student: "Étudiant", press: "Journaliste", email: "Adresse e-mail", first: "Prénom", last: "Nom", profession: "Profession", studies: "Domaine d’études", physician: /Médecin/, school: "École ou université", medium: "Média", submit: "M’inscrire", choose: "Veuillez choisir dans la liste.", missing: "Veuillez compléter ce champ.", sent: "Dernière étape : votre messagerie", registeredAs: "Inscription en tant que", admitted: "Publics admis", change: "Modifier", save: "Enregistrer", students: "Étudiants", pressMany: "Presse", figures: /^Ces chiffres ne portent/, admits: /^Publics admis\s: Professionnels de santé/, category: "Catégorie", only: /^Le tableau ne porte que sur les professionnels de santé/, reviewed: /organisateurs valident/, goOn: "Continuer", confirm: "Confirmer mon inscription", request: "Confirmer ma demande", inReview: /votre demande est en cours de validation/, edit: "Modifier" },
};
const VIEWS = [["en", 1440, false], ["fr", 390, true], ["fr", 1440, false], ["en", 390, true]];

const admit = (o, categories, policy = "open") =>
  request({ port: server.port, method: "PUT", path: `/api/congresses/${o.congress}/registration-policy`, cookie: o.staff.organiser.cookie, body: { policy, categories } });

async function open({ language, width, dark, ...rest }) {
  const context = await openContext(browser, { locale: language === "fr" ? "fr-FR" : "en-GB", width, dark, bypassCSP: true, ...rest });
  context.setDefaultTimeout(10000);
  await context.addInitScript((chosen) => location.protocol === "https:" && localStorage.setItem("amphi.language", chosen), language);
  return { context, page: await context.newPage() };
}

const look = (page, name) => lookAt(page, `categories-${name}`);

const linkTo = (email) => server.link(email, "join");

test("where only health professionals are admitted nothing is asked", async () => {
  const o = organisation(pg, "Labo as before");
  const { context, page } = await open({ language: "en", width: 1440 });
  await page.goto(`${server.url}/r/${o.code}`);
  await page.getByLabel(WORDS.en.profession).first().waitFor();
  assert.equal(await page.getByLabel(WORDS.en.as).count(), 0);
  await context.close();
});

for (const [language, width, dark] of VIEWS)
  test(`a student and a journalist register (${language}, ${width} px)`, { timeout: 120000 }, async () => {
    const w = WORDS[language], o = organisation(pg, `Labo ${language} ${width}`), email = `${language}${width}@example.org`;
    assert.equal((await admit(o, ["hcp", "student", "industry", "press", "public"], "matching")).status, 200);
    const { context, page } = await open({ language, width, dark });
    const label = (text) => page.getByLabel(text, { exact: false });
    await page.goto(`${server.url}/r/${o.code}`);
    await label(w.as).waitFor();
    await page.getByRole("button", { name: w.submit, exact: true }).click();
    await page.getByText(w.choose).first().waitFor();
    assert.equal(await label(w.profession).count(), 0, "nothing of a profession before it is known to be asked");
    await label(w.as).selectOption("press");
    await label(w.medium).waitFor();
    await label(w.as).selectOption("student");
    await page.getByText(w.reviewed).waitFor();
    await chooseCode(page.locator("#register"), w.studies, "profession", "10");
    await label(w.school).fill("Université de Lyon");
    await label(w.email).first().fill(email);
    await label(w.first).fill("Anne");
    await page.getByLabel(w.last, { exact: false }).last().fill("Martin");
    await page.getByRole("checkbox").first().check();
    await look(page, `${language}-${width}-form`);
    await page.getByRole("button", { name: w.submit, exact: true }).click();
    await page.getByText(w.sent).waitFor();
    await page.goto(await linkTo(email));
    await page.getByRole("button", { name: w.request }).click();
    await page.getByText(w.inReview).waitFor();
    assert.deepEqual(pg.sql(`SELECT category, profession, affiliation, state FROM registration r JOIN hcp h ON h.id = r.hcp_id WHERE h.email = '${email}'`), [["student", "10", "Université de Lyon", "in_review"]]);
    assert.deepEqual(context.errors, []);
    await context.close();
  });

for (const [language, width, dark] of VIEWS)
  test(`an organiser admits others, finds them, and reads figures without them (${language}, ${width} px)`, { timeout: 120000 }, async () => {
    const w = WORDS[language], o = organisation(pg, `Organiser ${language} ${width}`);
    const people = hcps(pg, o, 3);
    pg.sql(`UPDATE registration SET category = 'press', affiliation = 'Le Quotidien du médecin', profession = NULL, specialty = NULL, practice_setting = NULL, region = NULL, age_band = NULL WHERE id = '${people[0].registration}';
      UPDATE registration SET state = 'in_review', category = 'student', affiliation = 'Université de Lyon' WHERE id = '${people[1].registration}';
      INSERT INTO registration_review (registration_id, organisation_id, since) VALUES ('${people[1].registration}', '${o.id}', now())`);
    const context = await signedInContext(browser, { server, cookie: o.staff.organiser.cookie, language, width, dark, bypassCSP: true });
    context.setDefaultTimeout(10000);
    const page = await context.newPage(), at = (tab) => page.goto(`${server.url}/congresses/${o.congress}/${tab}`);
    await at("links");
    await page.getByRole("button", { name: w.change, exact: true }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel(w.students).check();
    await dialog.getByLabel(w.pressMany, { exact: true }).check();
    await look(page, `${language}-${width}-policy`);
    await dialog.getByRole("button", { name: w.save }).click();
    await page.getByText(w.admits).waitFor();
    assert.deepEqual(pg.sql(`SELECT categories FROM congress WHERE id = '${o.congress}'`), [["{hcp,student,press}"]]);
    await at("registrations");
    await page.getByLabel(w.category).selectOption("press");
    await page.getByText("Le Quotidien du médecin").waitFor();
    await page.waitForFunction(() => document.querySelectorAll("tbody tr").length === 1);
    await look(page, `${language}-${width}-registrations`);
    await at("review");
    await page.getByLabel(w.category).selectOption("student");
    await page.getByText("Université de Lyon", { exact: false }).waitFor();
    await look(page, `${language}-${width}-review`);
    await at("goals");
    await page.getByText(w.only).waitFor();
    await look(page, `${language}-${width}-goals`);
    await page.goto(`${server.url}/sessions/${o.session}/participation`);
    await page.getByText(w.figures).waitFor();
    assert.deepEqual(context.errors, []);
    await context.close();
  });

for (const [language, width, dark] of VIEWS.slice(0, 2))
  test(`a journalist corrects their medium, and registers without JavaScript, too (${language}, ${width} px)`, { timeout: 120000 }, async () => {
    const w = WORDS[language], o = organisation(pg, `Plain ${language}`), email = `plain.${language}@example.org`;
    assert.equal((await admit(o, ["hcp", "press"])).status, 200);
    const { context, page } = await open({ language, width, dark, javaScriptEnabled: false });
    await page.goto(`${server.url}/r/${o.code}`);
    await page.waitForURL("**/plain");
    const choice = page.getByRole("group", { name: w.as });
    await choice.getByLabel(w.press).check();
    await page.getByRole("button", { name: w.goOn }).click();
    assert.equal(await page.getByLabel(w.profession, { exact: true }).count(), 0);
    await page.getByLabel(w.email, { exact: true }).fill(email);
    await page.getByLabel(w.first, { exact: true }).fill("Paul");
    await page.getByLabel(w.last, { exact: true }).fill("Durand");
    await page.getByLabel(w.medium, { exact: true }).fill("Le Quotidien");
    await page.getByRole("checkbox").first().check();
    await page.getByRole("button", { name: w.submit, exact: true }).click();
    await page.getByText(w.sent).waitFor();
    await context.close();
    const looked = await open({ language, width, dark });
    for (const [name, query] of [["choose", ""], ["press", "?as=press"]]) {
      await looked.page.goto(`${server.url}/api/registration-pages/${o.code}/plain${query}`);
      await look(looked.page, `${language}-${width}-plain-${name}`);
    }
    await looked.page.goto(await linkTo(email));
    await looked.page.getByRole("button", { name: w.confirm }).click();
    await looked.page.waitForURL("**/my");
    await looked.page.getByText(w.registeredAs).first().waitFor();
    await look(looked.page, `${language}-${width}-my`);
    await looked.page.getByRole("button", { name: `${w.edit} (${w.registeredAs})` }).click();
    const dialog = looked.page.getByRole("dialog");
    await dialog.getByLabel(w.medium).fill("Le Soir");
    await look(looked.page, `${language}-${width}-my-dialog`);
    await dialog.getByRole("button", { name: w.save }).click();
    await looked.page.getByText("Le Soir").waitFor();
    assert.deepEqual(pg.sql(`SELECT category, affiliation FROM registration r JOIN hcp h ON h.id = r.hcp_id WHERE h.email = '${email}'`), [["press", "Le Soir"]]);
    assert.deepEqual(looked.context.errors, []);
    await looked.context.close();
  });
