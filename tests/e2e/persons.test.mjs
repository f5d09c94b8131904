// Rules of a browser that several people use: staff and HCPs are signed in side by side; a tab acts for the person it
// shows, or says that somebody else is signed in; nothing is ever done in the name of whoever came later.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openBrowser, openContext, saveScreens } from "./lib/browser.mjs";
import { cleanup, onCleanup, waitFor } from "./lib/cleanup.mjs";
import { request } from "./lib/http.mjs";
import { personalLink, rename, staffLink } from "./lib/links.mjs";
import { Live } from "./lib/live.mjs";
import { hcps, organisation } from "./lib/people.mjs";
import { Postgres } from "./lib/postgres.mjs";
import { faults } from "./lib/room.mjs";
import { Server } from "./lib/server.mjs";

let pg, server, browser, o, anne, bruno;
after(cleanup);

before(async () => {
  pg = new Postgres();
  server = await new Server({ database: pg }).start();
  browser = await openBrowser();
});

const rule = (name, run) => test(name, { timeout: 120000 }, async () => {
  o = organisation(pg, "Laboratoire Exemple", { live: true });
  [anne, bruno] = hcps(pg, o, 2);
  rename(pg, anne, "Anne", "Martin");
  rename(pg, bruno, "Bruno", "Petit");
  const context = await openContext(browser, { bypassCSP: true });
  await context.addInitScript(() => localStorage.setItem("amphi.language", "en"));
  try {
    await run(context);
  } catch (error) {
    await saveScreens("persons");
    throw error;
  } finally {
    await context.close();
  }
});

async function open(context, path) {
  const page = await context.newPage();
  await page.goto(server.url + path);
  return page;
}

// A tab of the HCP, in the live session, by their own link.
async function enter(context, person) {
  const page = await open(context, `/join#${personalLink(pg, person)}`);
  await page.getByRole("button", { name: "Enter" }).click();
  await page.getByText("Connected", { exact: true }).waitFor();
  return page;
}

async function signIn(context, account) {
  const page = await open(context, `/sign-in#${staffLink(pg, o, account)}`);
  await page.getByRole("button", { name: "Sign in now" }).click();
  await page.getByRole("heading", { name: "Congresses" }).waitFor();
  return page;
}

const isBruno = (page) => page.getByRole("dialog", { name: "Bruno Petit is now signed in here" });
const named = (person) => pg.sql(`SELECT first_name || ' ' || last_name FROM hcp WHERE id = '${person.hcp}'`)[0][0];
const count = (table, person) => Number(pg.sql(`SELECT count(*) FROM ${table} WHERE registration_id = '${person.registration}'`)[0][0]);

rule("a member of staff who opens an HCP's link stays signed in, and each page knows who it is for", async (context) => {
  const desk = await signIn(context, o.staff.organiser);
  const room = await enter(context, anne);
  await room.getByText("Anne Martin").waitFor();
  await desk.goto(`${server.url}/account`);
  await desk.getByLabel("Name", { exact: true }).fill("Olga");
  await desk.getByRole("button", { name: "Save" }).first().click();
  await waitFor("the new name", () => pg.sql(`SELECT name FROM account WHERE id = '${o.staff.organiser.id}'`)[0][0] === "Olga");
  await desk.goto(`${server.url}/host/${o.session}`);
  await desk.getByRole("tab").first().waitFor();
  const people = () => pg.sql(`SELECT registration_id IS NOT NULL, account_id IS NOT NULL FROM span WHERE session_id = '${o.session}' AND left_at IS NULL AND kind = 'connected' ORDER BY 1`);
  await waitFor("one HCP and one of staff", () => JSON.stringify(people()) === JSON.stringify([["f", "t"], ["t", "f"]]));
  await room.goto(`${server.url}/my`);
  await room.getByRole("heading", { name: "Welcome, Anne Martin" }).waitFor();
  // One signs out, the other one stays.
  await room.getByRole("button", { name: "Sign out" }).click();
  await room.getByRole("heading", { name: "Open your personal link" }).waitFor();
  await desk.goto(`${server.url}/congresses`);
  await desk.getByRole("heading", { name: "Congresses" }).waitFor();
  const again = await enter(context, anne);
  await again.getByLabel("Your question").fill("Et après 75 ans ?");
  await desk.getByRole("button", { name: "Sign out" }).click();
  await desk.getByRole("heading", { name: "Sign in" }).waitFor();
  await again.reload();
  await again.getByText("Connected", { exact: true }).waitFor();
  assert.equal(await again.getByLabel("Your question").inputValue(), "Et après 75 ans ?", "a draft is its writer's");
});

rule("after a lost connection nothing counts for whoever signed in meanwhile", async (context) => {
  const page = await enter(context, anne);
  await page.getByLabel("Your question").fill("Question of Anne");
  const other = await enter(context, bruno);
  await other.close();
  await waitFor("Bruno to be gone", () => pg.sql(`SELECT 1 FROM span WHERE registration_id = '${bruno.registration}' AND left_at IS NULL`).length === 0);
  const before = count("span", bruno);
  await page.getByRole("button", { name: "Send question" }).click(); // it is still Anne's connection
  await page.getByText("Your question was received.").waitFor();
  await page.context().setOffline(true);
  await page.getByText("Your device is offline.").waitFor();
  await page.getByLabel("Your question").fill("Another one of Anne");
  await page.getByRole("button", { name: "Send question" }).click();
  await page.context().setOffline(false);
  await isBruno(page).waitFor();
  assert.deepEqual(await faults(page), []);
  assert.equal(count("span", bruno), before, "no presence");
  assert.equal(count("question", bruno), 0, "no question");
  assert.equal(count("question", anne), 1);
  await isBruno(page).getByRole("button", { name: "Continue as Bruno Petit" }).click();
  await page.getByText("Connected", { exact: true }).waitFor();
  await page.getByText("Bruno Petit").first().waitFor();
  assert.equal(await page.getByLabel("Your question").inputValue(), "", "a draft is its writer's");
});

rule("a tab that is loaded again is still its person's, who comes back by their own link", async (context) => {
  const page = await enter(context, anne);
  await enter(context, bruno);
  const before = count("span", bruno);
  await page.reload();
  await isBruno(page).waitFor();
  assert.equal(count("span", bruno), before);
  await page.goto(`${server.url}/join#${personalLink(pg, anne)}`);
  await page.getByRole("button", { name: "Enter" }).click();
  await page.getByText("Connected", { exact: true }).waitFor();
  await page.getByText("Anne Martin").first().waitFor();
});

rule("one's own page changes nothing of somebody else's", async (context) => {
  const page = await open(context, `/join#${personalLink(pg, anne)}`);
  await page.getByRole("button", { name: "Enter" }).click();
  await page.getByText("Connected", { exact: true }).waitFor();
  await page.goto(`${server.url}/my`);
  await page.getByRole("heading", { name: "Welcome, Anne Martin" }).waitFor();
  await enter(context, bruno);
  await page.getByRole("button", { name: "Edit (Name)" }).click();
  await page.getByLabel("First name").fill("Annette");
  await page.getByRole("button", { name: "Save" }).click();
  await isBruno(page).waitFor();
  assert.equal(named(bruno), "Bruno Petit");
  await isBruno(page).getByRole("button", { name: "Close" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
  let downloads = 0;
  page.on("download", () => downloads++);
  await page.getByRole("link", { name: "Download my data" }).click();
  await isBruno(page).waitFor();
  await isBruno(page).getByRole("button", { name: "Close" }).click();
  await page.getByRole("button", { name: "Cancel my registration" }).click();
  await page.getByRole("dialog", { name: "Cancel your registration?" }).getByRole("button", { name: "Cancel my registration" }).click();
  await isBruno(page).waitFor();
  assert.deepEqual(pg.sql(`SELECT DISTINCT state FROM registration WHERE congress_id = '${o.congress}'`), [["registered"]]);
  assert.equal(downloads, 0);
});

rule("a console of one account does nothing as another one", async (context) => {
  const [first, second] = [o.staff.organiser, o.staff.host];
  const page = await signIn(context, first);
  await page.goto(`${server.url}/account`);
  await page.getByLabel("Name", { exact: true }).waitFor();
  await signIn(context, second);
  await page.getByLabel("Name", { exact: true }).fill("Someone");
  await page.getByRole("button", { name: "Save" }).first().click();
  const said = page.getByRole("dialog", { name: "host is now signed in here" });
  await said.waitFor();
  assert.equal(pg.sql(`SELECT name FROM account WHERE id = '${second.id}'`)[0][0], "host");
  await said.getByRole("button", { name: "Continue as host" }).click();
  await page.getByLabel("Name", { exact: true }).waitFor();
  assert.equal(await page.getByLabel("Name", { exact: true }).inputValue(), "host");
});

rule("a connection is for one person, whom it must name where the browser has two sign-ins", async () => {
  const cookie = `${o.staff.host.cookie}; __Host-amphi-hcp=${anne.cookie}`;
  const enter = async (person) => {
    const live = new Live({ port: server.port, cookie, person, session: o.session });
    onCleanup(() => live.close());
    return (await live.open()).joined.snapshot.own.me.roles;
  };
  assert.deepEqual(await enter(anne.registration), ["hcp"]);
  assert.deepEqual(await enter(o.staff.host.id), ["host"]);
  await assert.rejects(enter(bruno.registration), /auth.other_person/);
  await assert.rejects(enter(undefined), /request.invalid/);
});

rule("a connection that requests carry is its browser's, whatever the other side does", async () => {
  const [mine, hers, his] = [`__Host-amphi=${o.staff.host.cookie}`, `__Host-amphi-hcp=${anne.cookie}`, `__Host-amphi-hcp=${bruno.cookie}`];
  const post = (path, cookies, body) => request({ port: server.port, method: "POST", path, body, headers: { Cookie: cookies.join("; "), Origin: server.url } });
  const { connection } = (await post("/api/live", [mine, hers], { protocol: 2 })).json;
  let number = 0;
  for (const [cookies, status] of [[[mine, hers], 204], [[hers], 204], [[mine, his], 204], [[his], 404], [[hers, hers], 400]])
    assert.equal((await post(`/api/live/${connection}/commands`, cookies, `{"number":${++number}}\n`)).status, status, cookies.length);
});

rule("a request says for whom it is, and takes the sign-in of that person", async () => {
  const cookie = `__Host-amphi=${o.staff.organiser.cookie}; __Host-amphi-hcp=${anne.cookie}`;
  const get = (path, person) => request({ port: server.port, path, headers: { Cookie: cookie, ...(person ? { "X-Amphi-Person": person } : {}) } });
  assert.equal((await get("/api/me")).json.kind, "staff");
  assert.equal((await get("/api/me", anne.registration)).json.registration.first_name, "Anne");
  assert.equal((await get("/api/my/registration")).json.first_name, "Anne");
  assert.equal((await get("/api/congresses")).status, 200);
  const refused = await get("/api/my/registration", bruno.registration);
  assert.deepEqual([refused.status, refused.json.code], [409, "auth.other_person"]);
  assert.equal((await get(`/api/my/data?person=${bruno.registration}`)).status, 409);
  assert.equal((await get(`/api/my/data?person=${anne.registration}`)).status, 200);
  assert.equal((await get("/api/my/registration", "x")).status, 400);
  assert.equal((await get("/api/congresses", anne.registration)).status, 403, "not as somebody else who may");
  assert.equal((await get("/api/codes", bruno.registration)).status, 200, "what anybody may see");
});
