// Pages that the browser translates: it puts <font> in the place of text nodes, and what changes live goes on to
// change. `replace` is what Chromium does, `wrap` what some extensions do.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openBrowser } from "./lib/browser.mjs";
import { cleanup, waitFor } from "./lib/cleanup.mjs";
import { hcps, organisation } from "./lib/people.mjs";
import { Postgres } from "./lib/postgres.mjs";
import { PAGES, Room } from "./lib/room.mjs";
import { Server } from "./lib/server.mjs";

let pg, server, browser, o;
after(cleanup);

before(async () => {
  pg = new Postgres();
  server = await new Server({ database: pg }).start();
  o = organisation(pg, "Laboratoire Exemple");
  o.people = hcps(pg, o, 3);
  browser = await openBrowser();
});

// Translates all texts of a page, and those that come later.
function translate(how) {
  const apart = (node) => node.parentElement?.closest("font, script, style, textarea, [translate=no]");
  const one = (text) => {
    if (!text.data.trim() || apart(text)) return;
    const [outer, inner] = [document.createElement("font"), document.createElement("font")];
    outer.append(inner);
    if (how === "replace") inner.textContent = text.data;
    text.replaceWith(outer);
    if (how === "wrap") inner.append(text);
  };
  const all = (root) => {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    const texts = [];
    while (walker.nextNode()) texts.push(walker.currentNode);
    if (root.nodeType === Node.TEXT_NODE) texts.push(root);
    for (const text of texts) one(text);
  };
  all(document.body);
  new MutationObserver((records) => {
    for (const { addedNodes } of records) for (const node of addedNodes) if (node.isConnected) all(node);
  }).observe(document.body, { childList: true, subtree: true });
}

// What somebody reads in a part of the page.
const read = (page, selector) => page.locator(selector).first().innerText().then((text) => text.replace(/\s+/g, " ").trim(), () => "");
const reads = (page, selector, pattern) =>
  waitFor(`${selector} to read ${pattern}`, async () => pattern.test(await read(page, selector))).catch(async (error) => {
    throw new Error(`${error.message}, it reads "${await read(page, selector)}"`);
  });

for (const how of ["replace", "wrap"])
  test(`what changes live goes on to change in a page that is translated (${how})`, { timeout: 120000 }, async () => {
    const room = await new Room({ pg, server, browser, o }).prepare();
    const [hcp, host] = [await room.visit(0), await room.visit("host")];
    for (const page of [hcp, host]) await page.evaluate(translate, how);
    const clock = () => read(hcp, ".countdown__value");
    const first = await clock();
    assert.match(first, /^(\d+ days? )?\d+:\d\d(:\d\d)?$/);
    await waitFor("the countdown to go on", async () => (await clock()) !== first);
    assert.match(await clock(), /^(\d+ days? )?\d+:\d\d(:\d\d)?$/);
    await reads(host, ".host-bar__facts", / 1 participant /);
    const second = await room.person(1);
    await reads(host, ".host-bar__facts", / 2 participants /);
    await reads(hcp, ".room__facts", / 2 participants /);
    await room.start();
    await reads(host, ".host-bar__facts", /^Live \d+:\d\d Time left/);
    await reads(hcp, ".room__facts", /^Live Live for \d+:\d\d 2 participants Connected$/);
    await room.show(1);
    await reads(hcp, ".stage__bar", new RegExp(`Slide 1 of ${PAGES}$`));
    await room.show(2);
    await reads(hcp, ".stage__bar", new RegExp(`Slide 2 of ${PAGES}$`));
    await room.openPoll(0);
    await reads(hcp, ".call__text", /Question 1$/);
    await reads(hcp, '[role="tab"]:has-text("Polls")', /^Polls open$/);
    await host.getByRole("tab", { name: /Polls/ }).click();
    await reads(host, ".poll", /^Poll open 0 answers from 2 present /);
    await second.command("poll.vote", { poll: room.polls[0], choices: [2] });
    await reads(host, ".poll", /^Poll open 1 answer from 2 present /);
    await reads(host, ".poll .result:nth-child(2)", /^Inhibiteur SGLT2 100 ?% \(1\)$/);
    await hcp.getByRole("tab", { name: /Polls/ }).click();
    await reads(hcp, ".poll", /^Poll open /);
    await hcp.getByLabel("Inhibiteur SGLT2").check();
    await hcp.getByRole("button", { name: "Send my answer" }).click();
    await reads(hcp, ".poll__done", /^Your answer is recorded\.$/);
    await room.showResults(0);
    await reads(hcp, ".poll .result:nth-child(2)", /^Inhibiteur SGLT2 · your answer 100 ?% \(2\)$/);
    await room.closePoll(0);
    await reads(hcp, ".poll", /^Poll closed /);
    assert.equal(await read(hcp, ".poll__done"), "", "what was said of the open poll is gone");
    await second.close();
    await reads(host, ".host-bar__facts", / 1 participant /);
    await room.end();
    await reads(hcp, ".over__state", /^The session has ended$/);
    await reads(host, ".host__main", /^This session has ended /);
    for (const page of [hcp, host]) assert.deepEqual(page.context().errors.filter((error) => !error.startsWith("about:blank")), []);
  });
