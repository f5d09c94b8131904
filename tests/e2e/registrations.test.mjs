// Rule: an organiser finds registrations by state, channel and profile, sees how many forms wait for their mail and where
// two people share an address, and sends somebody their link. In both languages, on a phone too.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { counted, openBrowser, openContext } from "./lib/browser.mjs";
import { cleanup, waitFor } from "./lib/cleanup.mjs";
import { request } from "./lib/http.mjs";
import { lookAt, shots } from "./lib/look.mjs";
import { hcps, link, organisation } from "./lib/people.mjs";
import { Postgres } from "./lib/postgres.mjs";
import { Server } from "./lib/server.mjs";

after(cleanup);

let pg, server, browser, o, anne;
before(async () => {
  pg = new Postgres();
  server = await new Server({ database: pg }).start();
  browser = await openBrowser();
  o = organisation(pg, "Laboratoire Exemple", { live: false });
  const profile = randomUUID();
  const bruno = hcps(pg, o, 1)[0], carl = hcps(pg, o, 1)[0], other = { ...o, link: link(pg, o) };
  [anne] = hcps(pg, o, 1);
  hcps(pg, other, 2, { profession: "21", specialty: null });
  const name = (person, first, last) => `UPDATE hcp SET first_name = '${first}', last_name = '${last}', email = '${person === bruno ? "cabinet" : first.toLowerCase()}@example.org' WHERE id = '${person.hcp}'`;
  pg.sql([
    name(anne, "Anne", "Lefèvre"), name(bruno, "Bruno", "Petit"), name(carl, "Carl", "Roux"),
    `UPDATE hcp SET email = 'cabinet@example.org' WHERE id = '${carl.hcp}'`,
    `UPDATE registration SET state = 'cancelled', cancelled_at = now() WHERE id = '${carl.registration}'`,
    `UPDATE registration SET confirmed_at = now()`,
    `UPDATE registration SET channel = 'congress_desk' WHERE link_id = '${other.link}'`,
    `INSERT INTO target_profile (id, organisation_id, congress_id, name, position, created_at) VALUES ('${profile}', '${o.id}', '${o.congress}', 'Pharmaciens d’officine', 1, now())`,
    `INSERT INTO target_profile_criterion VALUES ('${profile}', 1, 'all_of', 'profession', '{21}')`,
    `SELECT match_congress('${o.congress}')`,
  ].join(";\n"));
  for (const email of ["dora@example.org", "emil@example.org"]) {
    const body = { email, first_name: "Dora", last_name: "Blanc", language: "fr", profession: "10", specialty: "SM04", practice_setting: "SA01", region: "11", age_band: "45_54",
      consents: [{ kind: "participation", version: 1, given: true }, { kind: "contact", version: 1, given: false }] };
    assert.equal((await request({ port: server.port, method: "POST", path: `/api/registration-pages/${o.code}`, body })).status, 202);
  }
});

const WORDS = {
  fr: { search: "Rechercher par nom ou e-mail", state: "État", channel: "Canal", profiles: "Profils", cancelled: "Inscriptions annulées", any: "Tous les états", none: "Aucun profil", wait: "2 formulaires attendent leur confirmation par e-mail", shared: "Adresse partagée", send: "Envoyer le lien personnel", sent: /Le lien a été envoyé à/, nobody: "Aucun résultat" },
  en: { search: "Search by name or e-mail", state: "State", channel: "Channel", profiles: "Profiles", cancelled: "Cancelled registrations", any: "Any state", none: "No profile", wait: "2 forms are waiting for their confirmation by e-mail", shared: "Shared address", send: "Send the personal link", sent: /The link was sent to/, nobody: "Nobody found" },
};

async function look(page, name) {
  await page.waitForLoadState("networkidle");
  await lookAt(page, `registrations-${name}`);
}

const SIZES = [["fr", 390], ["en", 1440], ...(shots ? [["fr", 820], ["en", 820], ["en", 390], ["fr", 1440]] : [])];
for (const [language, width] of SIZES) {
  const w = WORDS[language], name = `${language}-${width}`;
  test(`finding registrations, ${name}`, { timeout: 90000 }, async () => {
    const context = await openContext(browser, { locale: language === "fr" ? "fr-FR" : "en-GB", width, bypassCSP: true });
    await context.addCookies([{ name: "__Host-amphi", value: o.staff.organiser.cookie, url: server.url, secure: true, httpOnly: true, sameSite: "Strict" }]);
    const page = await context.newPage();
    const rows = (n) => waitFor(`${n} rows`, async () => (await page.locator("tbody tr").count()) === n);
    await page.goto(`${server.url}/congresses/${o.congress}/registrations`);
    await rows(5);
    await page.getByText(w.wait).waitFor();
    await counted(page.getByText(w.shared, { exact: true }), 2);
    await look(page, `${name}-list`);

    await page.getByLabel(w.state, { exact: true }).selectOption({ label: w.cancelled });
    await rows(1);
    await page.getByText("Carl Roux").waitFor();
    await page.getByLabel(w.state, { exact: true }).selectOption({ label: w.any });
    await page.getByLabel(w.channel, { exact: true }).selectOption("congress_desk");
    await rows(2);
    await page.getByLabel(w.profiles, { exact: true }).selectOption({ label: w.none });
    await page.getByText(w.nobody).waitFor();
    await look(page, `${name}-none`);
    await page.getByLabel(w.channel, { exact: true }).selectOption("");
    await rows(3);
    await page.getByLabel(w.search).fill("lefevre");
    await rows(1);

    pg.sql(`DELETE FROM one_time_link`);
    const before = server.mails().length;
    await page.getByRole("button", { name: /Anne Lefèvre/ }).click();
    await page.getByRole("menuitem", { name: w.send }).click();
    await page.getByText(w.sent).waitFor();
    await waitFor("the mail", () => server.mails().slice(before).some((m) => m.to.includes("anne@example.org") && /join#/.test(m.text)));
    assert.deepEqual(context.errors, []);
  });
}
