// Rules of mailed links: each works for its own person however it was altered, reloaded or left; opening one spends
// nothing; its token is in no address that a server sees and in no log. Without one, and without cookies, a page says
// what to do.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { axe, openBrowser, openContext, saveScreens } from "./lib/browser.mjs";
import { cleanup, onCleanup, waitFor } from "./lib/cleanup.mjs";
import { request } from "./lib/http.mjs";
import { personalLink, rename, staffLink } from "./lib/links.mjs";
import { need } from "./lib/need.mjs";
import { hcps, organisation } from "./lib/people.mjs";
import { Postgres, temporaryFolder } from "./lib/postgres.mjs";
import { Server } from "./lib/server.mjs";

const { chromium } = need("playwright-core");
let pg, server, browser, o, anne, bruno;
after(cleanup);

before(async () => {
  pg = new Postgres();
  server = await new Server({ database: pg }).start();
  browser = await openBrowser();
});

const rule = (name, run) => test(name, { timeout: 120000 }, async () => {
  o = organisation(pg, "Laboratoire Exemple");
  [anne, bruno] = hcps(pg, o, 2);
  rename(pg, anne, "Anne", "Martin");
  rename(pg, bruno, "Bruno", "Petit");
  const context = await openContext(browser, { bypassCSP: true });
  await context.addInitScript(() => localStorage.setItem("amphi.language", "en"));
  try {
    await run(context, await context.newPage());
  } catch (error) {
    await saveScreens("links");
    throw error;
  } finally {
    await context.close();
  }
});

const url = (path) => server.url + path;
const state = (person) => pg.sql(`SELECT state FROM registration WHERE id = '${person.registration}'`)[0][0];
const cancel = (page) => page.getByRole("button", { name: "Cancel my registration" });
const used = (account) => pg.sql(`SELECT count(*) FROM one_time_link WHERE account_id = '${account.id}' AND used_at IS NOT NULL`)[0][0] !== "0";

rule("a second link in the same tab is another one", async (_, page) => {
  await page.goto(url(`/cancel#${personalLink(pg, anne)}`));
  await cancel(page).waitFor();
  await page.goto(url(`/cancel#${personalLink(pg, bruno)}`));
  await cancel(page).click();
  await page.getByRole("heading", { name: "Your registration is cancelled" }).waitFor();
  assert.deepEqual([state(anne), state(bruno)], ["registered", "cancelled"]);
});

rule("Back leads to the first link again, with what it is for", async (_, page) => {
  await page.goto(url(`/cancel#${personalLink(pg, anne)}`));
  await cancel(page).waitFor();
  await page.goto(url(`/cancel#${personalLink(pg, bruno)}`));
  await cancel(page).waitFor();
  await page.goBack();
  await cancel(page).click();
  await page.getByRole("heading", { name: "Your registration is cancelled" }).waitFor();
  assert.deepEqual([state(anne), state(bruno)], ["cancelled", "registered"]);
});

rule("a reload and Back before the button lose nothing, and afterwards nothing is left", async (_, page) => {
  const token = personalLink(pg, anne);
  await page.goto(url(`/join#${token}`));
  const enter = page.getByRole("button", { name: "Enter" });
  await enter.waitFor();
  assert.ok(!page.url().includes(token));
  await page.reload();
  await enter.waitFor();
  await page.goto("about:blank");
  await page.goBack();
  await enter.click();
  await page.getByText("You are in the lobby", { exact: true }).waitFor();
  assert.equal(await page.evaluate(() => JSON.stringify([history.state, { ...localStorage }, { ...sessionStorage }])).then((kept) => kept.includes(token)), false);
});

rule("a link of staff too, which works once", async (_, page) => {
  const { organiser } = o.staff;
  const token = staffLink(pg, o, organiser);
  await page.goto(url(`/sign-in?to=%2Fteam#${token}`));
  const now = page.getByRole("button", { name: "Sign in now" });
  await now.waitFor();
  await page.reload();
  await now.waitFor();
  await page.goto("about:blank");
  await page.goBack();
  await now.click();
  await page.getByRole("heading", { name: "Team" }).waitFor();
  assert.ok(used(organiser));
  await page.goto(url(`/sign-in#${token}`));
  await now.click();
  await page.getByRole("heading", { name: "This link did not work" }).waitFor();
});

rule("a link works however mail programs altered it", async (_, page) => {
  const altered = (token) => [`/join%23${token}`, `/join#${token}%3E`, `/join#${token}.`, `/join#${token})`, `/join#${token}%20`, `/join#${token}?utm_source=mail`, `/join%23${token}?utm_source=mail`, `/join#${token}&data=05%7C01&reserved=0`, `/join/#${token}`];
  for (const path of altered(personalLink(pg, anne))) {
    await page.goto("about:blank");
    await page.goto(url(path));
    await page.getByRole("button", { name: "Enter" }).click();
    await page.getByText("You are in the lobby", { exact: true }).waitFor();
  }
  const { organiser } = o.staff;
  await page.goto(url(`/sign-in%23${staffLink(pg, o, organiser)}%3E`));
  await page.getByRole("button", { name: "Sign in now" }).click();
  await page.getByRole("heading", { name: "Congresses" }).waitFor();
});

rule("whoever opens a link without pressing its button spends nothing", async (context, page) => {
  const { organiser } = o.staff;
  const links = [`/sign-in#${staffLink(pg, o, organiser)}`, `/join#${personalLink(pg, anne)}`, `/cancel#${personalLink(pg, anne)}`];
  for (const link of links) {
    for (const method of ["GET", "HEAD"])
      for (const headers of [{}, { "Sec-Purpose": "prefetch;prerender" }, { Purpose: "prefetch" }])
        assert.equal((await request({ port: server.port, method, path: link.replace("#", "%23"), headers })).status, 200);
    const scanner = await context.newPage(); // runs scripts, presses nothing
    await scanner.goto(url(link));
    await scanner.getByRole("button").last().waitFor();
    await scanner.waitForLoadState("networkidle");
    await scanner.close();
  }
  assert.equal(used(organiser), false);
  assert.equal(state(anne), "registered");
  assert.deepEqual(await context.cookies(), []);
  await page.goto(url(links[0]));
  await page.getByRole("button", { name: "Sign in now" }).click();
  await page.getByRole("heading", { name: "Congresses" }).waitFor();
});

rule("no request and no line of the log has the token", async (context, page) => {
  const token = personalLink(pg, anne);
  const seen = [];
  context.on("request", (r) => seen.push(r.url(), JSON.stringify(r.headers())));
  await page.goto(url(`/join#${token}`));
  await page.getByRole("button", { name: "Enter" }).click();
  await page.getByText("You are in the lobby", { exact: true }).waitFor();
  const altered = personalLink(pg, bruno); // whose address a mail program has sent to the server
  await page.goto("about:blank");
  await page.goto(url(`/join%23${altered}`));
  await page.getByRole("button", { name: "Enter" }).waitFor();
  assert.ok(seen.length > 10 && !seen.some((text) => text.includes(token)));
  const log = JSON.stringify(server.log);
  assert.ok(log.length > 100 && !log.includes(token) && !log.includes(altered));
});

rule("without a sign-in, and without a whole link, a page sends the link again", async (_, page) => {
  for (const [path, title] of [["/my", "Open your personal link"], [`/live/${o.session}`, "Open your personal link"], ["/join", "This link is incomplete"], [`/join#${"x".repeat(43)}`, "This link is no longer valid"]]) {
    const before = server.mails().length;
    await page.goto("about:blank");
    await page.goto(url(path));
    await page.getByRole("heading", { name: title }).waitFor();
    assert.deepEqual(await axe(page), [], path);
    pg.sql("DELETE FROM outbox");
    await page.getByLabel("E-mail address").fill(anne.email);
    await page.getByRole("button", { name: "Send my link again" }).click();
    await page.getByText("If this address is registered").waitFor();
    await waitFor("the mail", () => server.mails().length > before);
  }
  await page.goto(await server.link(anne.email, "join"));
  await page.getByRole("button", { name: "Enter" }).click();
  await page.getByText("You are in the lobby", { exact: true }).waitFor();
  await page.goto(url("/my"));
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("link", { name: "Sign in here" }).click();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
});

// A browser that blocks cookies: by its settings, as people do it.
async function withoutCookies() {
  const profile = temporaryFolder("profile");
  mkdirSync(`${profile}/Default`, { recursive: true });
  writeFileSync(`${profile}/Default/Preferences`, JSON.stringify({ profile: { default_content_setting_values: { cookies: 2 } } }));
  const context = await chromium.launchPersistentContext(profile, { executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu", "--no-first-run"], ignoreHTTPSErrors: true, locale: "en-GB", bypassCSP: true });
  onCleanup(() => context.close());
  context.setDefaultTimeout(30000);
  return context;
}

rule("where cookies are blocked a page says so, and spends no link", async () => {
  const context = await withoutCookies();
  const page = await context.newPage();
  const help = page.getByText("Your browser blocks cookies");
  const { organiser } = o.staff;
  await page.goto(url(`/join#${personalLink(pg, anne)}`));
  await page.getByRole("button", { name: "Enter" }).click();
  await help.waitFor();
  assert.deepEqual(await axe(page), []);
  await page.reload(); // the link is kept without any storage
  await page.getByRole("button", { name: "Enter" }).waitFor();
  await page.goto(url(`/sign-in#${staffLink(pg, o, organiser)}`));
  await page.getByRole("button", { name: "Sign in now" }).click();
  await help.waitFor();
  assert.equal(used(organiser), false);
  await page.goto(url("/my"));
  await help.waitFor();
});

rule("a sign-in that the browser did not keep is said to be lost", async (context, page) => {
  await context.route(/\/api\/(join|sign-in\/token)$/, async (route) => {
    const response = await route.fetch();
    const { "set-cookie": _, ...headers } = response.headers();
    await context.clearCookies();
    await route.fulfill({ response, headers });
  });
  const help = page.getByText("Your browser blocks cookies");
  await page.goto(url(`/join#${personalLink(pg, anne)}`));
  await page.getByRole("button", { name: "Enter" }).click();
  await help.waitFor();
  await page.goto(url(`/sign-in#${staffLink(pg, o, o.staff.organiser)}`));
  await page.getByRole("button", { name: "Sign in now" }).click();
  await help.waitFor();
  await page.getByRole("button", { name: "Get a new link" }).waitFor();
});

rule("a mail has its organiser's colour, readable, and asks nobody for a picture", async (context) => {
  pg.sql(`INSERT INTO organisation_branding (organisation_id, accent) VALUES ('${o.id}', '#e8b400')`);
  const [[email]] = pg.sql(`SELECT email FROM hcp h JOIN registration r ON r.hcp_id = h.id WHERE r.id = '${anne.registration}'`);
  assert.equal((await request({ port: server.port, method: "POST", path: "/api/send-link", body: { email } })).status, 202);
  const html = await waitFor("the mail", () => server.mails().find((mail) => mail.to.includes(email) && mail.html.includes("/join#"))?.html);
  assert.doesNotMatch(html, /<img|url\(|#0b5d59/);
  const mail = await context.newPage();
  for (const colorScheme of ["light", "dark"]) {
    await mail.emulateMedia({ colorScheme });
    await mail.setContent(html);
    assert.deepEqual((await axe(mail)).filter((fault) => /contrast|lang|title/.test(fault)), []);
  }
  if (process.env.SHOTS) await mail.screenshot({ path: `${process.env.SHOTS}/mail.png`, fullPage: true });
});
