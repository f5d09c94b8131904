// A live session for tests of its pages: a deck, polls, HCPs, and a host who acts over the live protocol.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { axe, openContext } from "./browser.mjs";
import { onCleanup, waitFor } from "./cleanup.mjs";
import { request } from "./http.mjs";
import { Live } from "./live.mjs";
import { root } from "./need.mjs";
import { elsewhere, polls } from "./people.mjs";
import { temporaryFolder } from "./postgres.mjs";

export const PAGES = 12;

let pdf;
function deckFile() {
  if (!pdf) {
    pdf = `${temporaryFolder("pdf")}/deck.pdf`;
    execFileSync("python3", [`${root}tests/fixtures/make_pdf.py`, "--pages", String(PAGES), pdf]);
  }
  return readFileSync(pdf);
}

// The session of `o` (or, `again`, another one of its congress) with a deck and two polls that nobody opened.
export class Room {
  constructor({ pg, server, browser, o, again = true }) {
    Object.assign(this, { pg, server, browser, o: again ? elsewhere(pg, o, "session") : o });
    this.version = 0;
  }

  async prepare({ deck = true, count = 2 } = {}) {
    const { o, server, pg } = this;
    this.polls = count ? polls(pg, o, 1, count, { options: ["Bêta-bloquant", "Inhibiteur SGLT2", "Diurétique"] }) : [];
    if (deck) {
      const { json } = await request({ port: server.port, method: "POST", path: `/api/sessions/${o.session}/decks?file_name=deck.pdf`, cookie: o.staff.organiser.cookie, body: deckFile(), headers: { "Content-Type": "application/pdf" } });
      this.deck = json.id;
      await waitFor("the deck", () => pg.sql(`SELECT state FROM deck WHERE id = '${this.deck}'`)[0][0] === "ready", 60000);
    }
    this.host = await new Live({ port: server.port, cookie: o.staff.host.cookie, session: o.session }).open();
    onCleanup(() => this.host.close());
    return this;
  }

  #versioned = (command, data = {}) => this.host.command(command, { version: this.version++, ...data });
  start = () => this.#versioned("session.start");
  end = () => this.#versioned("session.end");
  show = (page) => this.#versioned("slide.move", { deck: this.deck, page });
  openPoll = (index) => this.host.command("poll.open", { poll: this.polls[index] });
  closePoll = (index) => this.host.command("poll.close", { poll: this.polls[index] });
  showResults = (index) => this.host.command("poll.show_results", { poll: this.polls[index] });

  // A person of the congress without pages.
  async person(index) {
    const live = await new Live({ port: this.server.port, cookie: this.o.people[index].cookie, session: this.o.session }).open();
    onCleanup(() => live.close());
    return live;
  }

  // A page of an HCP, or of staff by the name of the role.
  async visit(who, { locale = "en-GB", width = 1440, height = 900, dark = false, path, bypassCSP = true, ...rest } = {}) {
    const context = await openContext(this.browser, { locale, width, height, dark, bypassCSP, ...rest });
    const cookie = typeof who === "number" ? this.o.people[who].cookie : this.o.staff[who].cookie;
    await context.addCookies([{ name: "__Host-amphi", value: cookie, url: this.server.url, secure: true, httpOnly: true, sameSite: "Strict" }]);
    await context.addInitScript(([language]) => localStorage.setItem("amphi.language", language), [locale.slice(0, 2)]);
    const page = await context.newPage();
    await page.goto(this.server.url + (path ?? `/${typeof who === "number" ? "live" : "host"}/${this.o.session}`));
    await page.getByRole("tab").first().or(page.locator("main:not([aria-busy]) h1")).first().waitFor();
    return page;
  }
}

// What axe and the order of headings say against a page.
export async function faults(page) {
  const found = await axe(page);
  if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)) found.push("scrolls sideways");
  return found;
}

export const announced = (page) => page.locator("[data-announcer]");
export const focused = (page) => page.evaluate(() => document.activeElement?.textContent?.trim() ?? "");
