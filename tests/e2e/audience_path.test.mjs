// Rule: an organiser goes from a plan to a board that says what is missing, through the pages alone: the list of the plan is imported,
// a profile counts in it with its goal, its day and its places, its people are invited, they come by their invitations and by a link of
// another channel, whoever finds no place waits, and the board shows each step, the channels, and by name who is not reached.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { counted, openBrowser, openContext, signedInContext } from "./lib/browser.mjs";
import { cleanup, waitFor } from "./lib/cleanup.mjs";
import { chooseCode } from "./lib/hcp.mjs";
import { mailServer, read } from "./lib/inviting.mjs";
import { rpps } from "./lib/listed.mjs";
import { lookAt } from "./lib/look.mjs";
import { organisation } from "./lib/people.mjs";
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

const WORDS = {
  en: {
    list: "Target list", file: "Choose the file", upload: "Upload and continue", columns: "What the columns mean", check: "Check the lines", report: "What the file holds", add: "Add 6 people", added: "6 people were added",
    profile: "New profile", name: "Name", criterion: "Add criterion", all: "All of these", attribute: "Attribute", is: "Specialty is one of", specialty: "Specialty", registrations: "Registrations", due: "Registrations by", places: "Number of places", from: "Where this number comes from", counted: "Counted in the target list “Plan Bretagne”", create: "Create",
    change: "Change", waiting: /Waiting list/, save: "Save", link: "New link", channel: "Channel", web: "Web site", label: "Label", make: "Create link", url: "Registration link: Web site · Société savante",
    begin: "New round of invitations", part: "only “Cardiologues”", next: "Continue", send: "Send 4 invitations", sent: "Invitations sent", register: "Register", confirm: "Confirm my registration", first: /You are the first in line/,
    email: "E-mail address", firstName: "First name", lastName: "Last name", profession: "Profession", setting: "Practice setting", region: "Region or country", age: "Age band",
    missing: "What is missing", by: "2 more registrations by 3 March", invited: "Invited", ofInvited: "25% (1/4) of the invited", channels: "By channel", reached: /2 of 4 people/, see: /^See/, people: "not registered yet",
  },
  fr: {
    list: "Liste de ciblage", file: "Choisissez le fichier", upload: "Téléverser et continuer", columns: "Signification des colonnes", check: "Vérifier les lignes", report: "Contenu du fichier", add: "Ajouter 6 personnes", added: "6 personnes ajoutées",
    profile: "Nouveau profil", name: "Nom", criterion: "Ajouter un critère", all: "Tous ces critères", attribute: "Attribut", is: "Spécialité parmi", specialty: "Spécialité", registrations: "Inscriptions", due: "Inscriptions d’ici au", places: "Nombre de places", from: "Origine de ce nombre", counted: "Compté dans la liste de ciblage « Plan Bretagne »", create: "Créer",
    change: "Modifier", waiting: /Liste d’attente/, save: "Enregistrer", link: "Nouveau lien", channel: "Canal", web: "Site web", label: "Libellé", make: "Créer le lien", url: "Lien d’inscription : Site web · Société savante",
    begin: "Nouvel envoi d’invitations", part: "seulement « Cardiologues »", next: "Continuer", send: "Envoyer 4 invitations", sent: "Invitations envoyées", register: "M’inscrire", confirm: "Confirmer mon inscription", first: /en tête de la liste/,
    email: "Adresse e-mail", firstName: "Prénom", lastName: "Nom", profession: "Profession", setting: "Lieu d’exercice", region: "Région ou pays", age: "Tranche d’âge",
    missing: "Ce qui manque", by: "2 inscriptions de plus d’ici au 3 mars", invited: "Invités", ofInvited: "25 % (1/4) des invités", channels: "Par canal", reached: /2 des 4/, see: /^Voir/, people: "pas encore",
  },
};

const look = (page, name) => lookAt(page, `path-${name}`);

// Four cardiologists, and two of another specialty.
const planned = (mark) => [["Martin", "SM04"], ["Girard", "SM04"], ["Le Goff", "SM04"], ["Benali", "SM04"], ["Moreau", "SM54"], ["Roux", "SM54"]].map(([last, specialty], n) => ({ last, specialty, rpps: rpps(n + 1), email: `${last.toLowerCase().replace(" ", "")}-${mark}@x.test` }));

async function importList(page, w, people) {
  await page.goto(`${server.url}/target-lists/new`);
  await page.getByRole("heading", { name: w.file, level: 2 }).waitFor();
  const lines = people.map((p) => `${p.rpps};${p.last};Camille;${p.email};${p.specialty};35000`);
  await page.locator("input[type=file]").setInputFiles({ name: "Plan_Bretagne.csv", mimeType: "text/csv", buffer: Buffer.from(`RPPS;Nom;Prénom;E-mail;Spécialité;Code postal\n${lines.join("\n")}\n`) });
  await page.getByRole("button", { name: w.upload }).click();
  await page.getByRole("heading", { name: w.columns, level: 2 }).waitFor();
  await page.getByRole("button", { name: w.check }).click();
  await page.getByRole("heading", { name: w.report, level: 2 }).waitFor();
  await page.getByRole("button", { name: w.add }).click();
  await page.getByRole("heading", { name: w.added }).waitFor();
}

async function plan(page, w, o) {
  await page.goto(`${server.url}/congresses/${o.congress}/audience`);
  await page.getByRole("button", { name: w.profile }).first().click();
  const dialog = page.getByRole("dialog", { name: w.profile });
  await dialog.getByLabel(w.name, { exact: true }).fill("Cardiologues");
  const group = dialog.getByRole("group", { name: w.all });
  await group.getByRole("button", { name: w.criterion }).click();
  await group.getByLabel(w.attribute).selectOption({ label: w.specialty });
  await group.getByRole("combobox", { name: w.is }).fill("cardio");
  await group.getByRole("listbox").getByRole("option").first().click();
  await group.getByRole("combobox", { name: w.is }).press("Escape");
  await dialog.getByRole("spinbutton", { name: w.registrations, exact: false }).first().fill("4");
  await dialog.getByLabel(w.due).fill("2027-03-03");
  await dialog.getByLabel(w.places).fill("2");
  await dialog.getByLabel(w.from).selectOption({ label: w.counted });
  await dialog.getByRole("button", { name: w.create }).click();
  await page.getByRole("heading", { name: "Cardiologues" }).waitFor();
  // Of those without a profile nobody gets in before them: as many seats as places.
  pg.sql(`UPDATE session SET capacity = 2 WHERE congress_id = '${o.congress}'`);
  await page.goto(`${server.url}/congresses/${o.congress}/links`);
  await page.getByRole("button", { name: w.change }).first().click();
  await page.getByRole("dialog").getByLabel(w.waiting).check();
  await page.getByRole("dialog").getByRole("button", { name: w.save }).click();
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.getByRole("button", { name: w.link }).first().click();
  const link = page.getByRole("dialog", { name: w.link });
  await link.getByLabel(w.channel).selectOption({ label: w.web });
  await link.getByLabel(w.label).fill("Société savante");
  await link.getByRole("button", { name: w.make }).click();
  return page.getByLabel(w.url).inputValue();
}

async function invite(page, w, o) {
  await page.goto(`${server.url}/congresses/${o.congress}/invitations`);
  await page.getByRole("button", { name: w.begin }).click();
  await page.getByLabel(w.list).selectOption({ label: "Plan Bretagne" });
  await page.getByRole("dialog").getByRole("combobox").last().selectOption({ label: w.part });
  await page.getByRole("button", { name: w.next, exact: true }).click();
  await page.waitForURL("**/invitations/*");
  await page.getByRole("button", { name: w.save, exact: true }).click();
  await page.getByRole("button", { name: w.send, exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: w.send, exact: true }).click();
  await page.getByRole("heading", { name: w.sent }).waitFor();
}

async function guest(look_) {
  const context = await openContext(browser, { locale: look_.language === "fr" ? "fr-FR" : "en-GB", ...look_, bypassCSP: true });
  await context.addInitScript((chosen) => location.protocol === "https:" && localStorage.setItem("amphi.language", chosen), look_.language);
  return { context, page: await context.newPage() };
}

// What an invitation does not know is filled in: profession, place, region and age.
async function fillIn(page, w, identity = null) {
  const form = page.locator("form#register");
  await form.waitFor();
  if (identity) {
    await form.getByLabel(w.email).fill(identity.email);
    await form.getByLabel(w.firstName).fill("Camille");
    await form.getByLabel(w.lastName, { exact: true }).fill(identity.last);
  }
  await chooseCode(form, w.profession, "profession", "10");
  await chooseCode(form, w.specialty, "specialty", "SM04");
  await chooseCode(form, w.setting, "practice_setting", "SA01");
  await chooseCode(form, w.region, "region", "53");
  await form.getByLabel(w.age).selectOption("45_54");
  await form.getByRole("checkbox").first().check();
  await form.getByRole("button", { name: w.register }).click();
}

for (const [language, width, dark] of [["fr", 1440, false], ["en", 390, true]])
  test(`from the plan to the board (${language}, ${width} px)`, { timeout: 120000 }, async () => {
    const w = WORDS[language], look_ = { language, width, dark }, tag = `${language}-${width}`;
    const o = organisation(pg, `Laboratoire ${language}`), people = planned(language);
    const staff = await signedInContext(browser, { server, cookie: o.staff.organiser.cookie, ...look_, bypassCSP: true });
    const page = await staff.newPage();
    await importList(page, w, people);
    const url = await plan(page, w, o);
    await invite(page, w, o);
    await waitFor("four mails", () => people.slice(0, 4).every(({ email }) => smtp.of(email).length === 1));
    assert.ok(people.slice(4).every(({ email }) => smtp.of(email).length === 0), "only whom the profile accepts");

    const invited = await guest({ ...look_, width: 390 }); // by their invitation
    await invited.page.goto(`${server.url}/invitation#${read(smtp.of(people[0].email)[0]).personal}`);
    await fillIn(invited.page, w);
    await invited.page.waitForURL("**/my");
    await look(invited.page, `my-${tag}`);
    for (const [n, identity] of [[1, { email: `julie-${language}@x.test`, last: "Petit" }], [2, { email: `late-${language}@x.test`, last: "Faure" }]]) {
      const other = await guest({ ...look_, width: 390 }); // by the web site: one finds a place, one waits
      await other.page.goto(url);
      await fillIn(other.page, w, identity);
      await waitFor("the mail that confirms", () => smtp.of(identity.email).length === 1);
      const link = read(smtp.of(identity.email)[0]).text.match(/https:\S+\/join#[\w-]{43}/)[0];
      await other.page.goto(link);
      await other.page.getByRole("button", { name: w.confirm }).click();
      if (n === 2) await other.page.getByText(w.first).waitFor();
      else await other.page.waitForURL("**/my");
      assert.deepEqual(other.context.errors, []);
      await other.context.close();
    }

    await page.goto(`${server.url}/congresses/${o.congress}/goals`);
    await page.getByRole("region", { name: w.missing }).waitFor();
    const said = async () => (await page.locator("main").innerText()).replace(/\s/g, " ");
    await waitFor("the board to count the list", async () => /4/.test(await page.getByRole("region", { name: "Cardiologues" }).locator("dd").first().innerText()));
    for (const words of [w.by, w.ofInvited]) assert.ok((await said()).includes(words), `${words}: ${await said()}`);
    const card = page.getByRole("region", { name: "Cardiologues" });
    const step = (name) => card.locator(".funnel__step", { has: page.getByText(name, { exact: true }) }).locator("dd").first().innerText();
    assert.deepEqual([(await step(w.invited)).trim()], ["4"]);
    await counted(page.getByRole("region", { name: w.channels }).locator(".ranked__row"), 2, "an invitation and the web site");
    await look(page, `board-${tag}`);
    await card.getByRole("link").click();
    await page.getByText(/Girard/i).first().waitFor();
    assert.equal(await page.getByRole("main").getByText(/Moreau/i).count(), 0, "nobody whom the profile does not accept");
    await look(page, `people-${tag}`);
    assert.deepEqual([staff.errors, invited.context.errors], [[], []]);
  });
