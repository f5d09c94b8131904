// What a healthcare professional does on the pages, in French or in English.
import { openBrowser, openContext, pressLink } from "./browser.mjs";
import { Proxy } from "./proxy.mjs";

const words = {
  fr: {
    email: "Adresse e-mail",
    first: "Prénom",
    last: "Nom",
    profession: "Profession",
    specialty: "Spécialité",
    practice_setting: "Lieu d’exercice",
    region: "Région ou pays",
    age_band: "Tranche d’âge",
    submit: "M’inscrire",
    done: "Dernière étape : votre messagerie",
    confirm: "Confirmer mon inscription",
    enter: "Entrer dans la salle d’attente",
    lobby: "Vous êtes dans la salle d’attente",
    slide: (page, count) => `Diapositive ${page} sur ${count}`,
    question: "Votre question",
    send: "Envoyer la question",
    received: "Votre question a bien été reçue.",
    answer: "Répondre",
    vote: "Envoyer ma réponse",
    voted: "Votre réponse est enregistrée.",
    over: "La session est terminée",
    results: "Résultats",
    online: "Connecté",
    since: /En direct depuis (\d+):(\d\d)/,
  },
  en: {
    email: "E-mail address",
    first: "First name",
    last: "Last name",
    profession: "Profession",
    specialty: "Specialty",
    practice_setting: "Practice setting",
    region: "Region or country",
    age_band: "Age band",
    submit: "Register",
    done: "One step left: check your inbox",
    confirm: "Confirm my registration",
    enter: "Enter the lobby",
    lobby: "You are in the lobby",
    slide: (page, count) => `Slide ${page} of ${count}`,
    question: "Your question",
    send: "Send question",
    received: "Your question was received.",
    answer: "Answer",
    vote: "Send my answer",
    voted: "Your answer is recorded.",
    over: "The session has ended",
    results: "Results",
    online: "Connected",
    since: /Live for (\d+):(\d\d)/,
  },
};

// Chooses a code by its name in the page's language, as somebody does who types it.
export async function chooseCode(form, label, list, code) {
  const name = await form.evaluate(async (_, [list, code]) => {
    const answers = await Promise.all(["/api/codes", "/api/codes/countries"].map(async (path) => (await fetch(path)).json()));
    const { fr, en } = answers.flatMap((lists) => lists[list] ?? []).flatMap((part) => part.codes).find((one) => one.code === code);
    return document.documentElement.lang === "en" && en ? en : fr;
  }, [list, code]);
  await form.getByRole("combobox", { name: label }).fill(name);
  await form.getByRole("option", { name, exact: true }).click();
}

export class Hcp {
  constructor(identity) {
    Object.assign(this, identity); // email, first, last, language, profession (code) …
    this.words = words[this.language];
  }

  async arrive(server) {
    this.server = server;
    this.proxy = await new Proxy({ name: this.email, target: server.port, keys: server.keys }).listen();
    this.browser = await openBrowser({ server, proxy: this.proxy });
    this.context = await openContext(this.browser, { locale: this.language === "fr" ? "fr-FR" : "en-GB", width: 1280, height: 800 });
    this.page = await this.context.newPage();
    return this;
  }

  // The page speaks the congress' language until one switches.
  async register(url) {
    const { page, words: w } = this;
    await page.goto(url);
    const other = page.getByRole("button", { name: this.language === "fr" ? "Français" : "English", exact: true });
    await page.getByRole("button", { name: /^(M’inscrire|Register)$/ }).waitFor();
    if (await other.isVisible()) await other.click();
    const form = page.locator("form").filter({ has: page.getByRole("button", { name: w.submit }) });
    await form.getByLabel(w.email).fill(this.email);
    await form.getByLabel(w.first).fill(this.first);
    await form.getByLabel(w.last, { exact: true }).fill(this.last);
    for (const attribute of ["profession", "specialty", "practice_setting", "region"])
      if (this[attribute]) await chooseCode(form, w[attribute], attribute, this[attribute]);
    await form.getByLabel(w.age_band).selectOption(this.age_band);
    for (const box of await form.getByRole("checkbox").all()) await box.check();
    await form.getByRole("button", { name: w.submit }).click();
    await page.getByRole("heading", { name: w.done }).waitFor();
  }

  async enterLobby() {
    await pressLink(this.page, await this.server.link(this.email, "join"), this.words.confirm);
    await this.page.getByRole("link", { name: this.words.enter }).click();
    await this.page.getByText(this.words.lobby, { exact: true }).waitFor();
    this.room = this.page.url();
  }

  // The room again, in another tab or after leaving.
  async openTab() {
    const tab = await this.context.newPage();
    await tab.goto(this.room);
    await tab.getByText(this.words.online, { exact: true }).waitFor();
    return tab;
  }

  async seesSlide(number, count, { page = this.page, timeout = 30000 } = {}) {
    await page.getByText(this.words.slide(number, count), { exact: true }).waitFor({ timeout });
    const image = page.getByRole("img", { name: this.words.slide(number, count) });
    await image.waitFor({ timeout });
    await page.waitForFunction((img) => img.complete && img.naturalWidth > 0, await image.elementHandle());
  }

  async ask(text, page = this.page) {
    await page.getByLabel(this.words.question).fill(text);
    await page.getByRole("button", { name: this.words.send }).click();
    await page.getByText(this.words.received).waitFor();
  }

  async vote(question, answer, page = this.page) {
    const poll = page.getByRole("region", { name: question });
    const call = page.getByRole("button", { name: this.words.answer, exact: true });
    await poll.or(call).first().waitFor();
    if (await call.isVisible()) await call.click(); // whoever writes a question keeps the panel
    await poll.getByLabel(answer).check();
    await poll.getByRole("button", { name: this.words.vote }).click();
    await poll.getByText(this.words.voted).waitFor();
  }

  async seesResult(question, lines, page = this.page) {
    const list = page.getByRole("region", { name: question }).getByRole("list", { name: this.words.results });
    for (const line of lines) await list.getByRole("listitem").filter({ hasText: line }).waitFor();
  }

  // What the page's clock says that the session has been live for.
  async liveSeconds(page = this.page) {
    const match = (await page.getByText(this.words.since).textContent()).match(this.words.since);
    return Number(match[1]) * 60 + Number(match[2]);
  }

  async seesEnd(page = this.page) {
    await page.getByText(this.words.over, { exact: true }).waitFor();
  }
}
