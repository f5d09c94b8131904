// Rules of the live room's pages: nothing that was begun is lost; what happens is said once and takes no focus; the
// slide has the width of the screen; the focus goes to what follows; the end says what one did.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { counted, openBrowser, openContext, saveScreens } from "./lib/browser.mjs";
import { cleanup, waitFor } from "./lib/cleanup.mjs";
import { chooseCode } from "./lib/hcp.mjs";
import { hcps, organisation } from "./lib/people.mjs";
import { Postgres } from "./lib/postgres.mjs";
import { announced, faults, focused, PAGES, Room } from "./lib/room.mjs";
import { Server } from "./lib/server.mjs";

const QUESTION = "Faut-il adapter la dose chez l’insuffisant rénal ?";
let pg, server, browser, o;
after(cleanup);

before(async () => {
  pg = new Postgres();
  server = await new Server({ database: pg }).start();
  o = organisation(pg, "Laboratoire Exemple");
  o.people = hcps(pg, o, 3);
  browser = await openBrowser();
});

const prepared = (options) => new Room({ pg, server, browser, o }).prepare(options);
const box = (page) => page.getByLabel(/^(Your question|Votre question)$/);
const drafts = (page) => page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith("amphi.draft.")));
const rule = (name, run) => test(name, { timeout: 120000 }, () => run().catch(async (error) => {
  await saveScreens("room");
  throw error;
}));

rule("a question that is being typed survives the start, a poll, tabs, a lost connection and a reload", async () => {
  const room = await prepared();
  const page = await room.visit(0);
  await box(page).pressSequentially(QUESTION);
  await room.start();
  await room.show(2);
  await page.getByText(`Slide 2 of ${PAGES}`, { exact: true }).waitFor();
  await room.openPoll(0);
  await page.getByText("Poll: Question 1").waitFor();
  const untouched = () => box(page).evaluate((e) => [e.value, e === document.activeElement, e.selectionEnd]);
  assert.deepEqual(await untouched(), [QUESTION, true, QUESTION.length], "the caret stays where it was");
  await page.getByRole("tab", { name: "Polls" }).click();
  await page.getByLabel("Inhibiteur SGLT2").check();
  await page.getByRole("tab", { name: "Questions" }).click();
  assert.equal(await box(page).inputValue(), QUESTION);
  await page.context().setOffline(true);
  await page.getByText("Your device is offline.").waitFor();
  await page.context().setOffline(false);
  await page.getByText("Connected", { exact: true }).waitFor();
  assert.equal(await box(page).inputValue(), QUESTION);
  await page.reload();
  await box(page).waitFor();
  assert.equal(await box(page).inputValue(), QUESTION);
  assert.ok(await page.getByLabel("Inhibiteur SGLT2").isChecked(), "the choice too");
  await page.getByRole("button", { name: "Send question" }).click();
  await page.getByText("Your question was received.").waitFor();
  assert.equal(await focused(page), "Your question was received.");
  await page.getByRole("tab", { name: "Polls" }).click();
  await page.getByRole("button", { name: "Send my answer" }).click();
  await page.getByText("Your answer is recorded.").waitFor();
  assert.deepEqual(await drafts(page), [], "what was sent is kept no longer");
});

rule("one's own question stands once, and nothing covers it or asks for the first", async () => {
  const room = await prepared({ deck: false, count: 0 });
  const page = await room.visit(0, { width: 390, height: 844 });
  await page.getByText("No questions yet. Be the first to ask one.").waitFor();
  await box(page).fill(QUESTION);
  await page.getByRole("button", { name: "Send question" }).click();
  const mine = page.getByText(QUESTION, { exact: true });
  await mine.waitFor();
  const once = async () => {
    await counted(mine, 1);
    assert.equal(await page.getByText("Be the first to ask").count(), 0);
    await page.getByText("No other questions yet.").waitFor();
    assert.equal(await page.locator(".toast").count(), 0);
    assert.ok(await mine.evaluate((e) => {
      e.scrollIntoView({ block: "center" });
      const { x, y, width, height } = e.getBoundingClientRect();
      return e.contains(document.elementFromPoint(x + width / 2, y + height / 2));
    }), "nothing lies over it");
  };
  await once();
  const [[id]] = room.pg.sql(`SELECT id FROM question WHERE session_id = '${room.o.session}'`);
  await room.host.command("question.approve", { question: id });
  await page.getByText("Shown", { exact: true }).waitFor();
  await once();
});

rule("drafts belong to one person and go with the session", async () => {
  const room = await prepared({ deck: false });
  const page = await room.visit(0);
  await box(page).fill(QUESTION);
  assert.equal((await drafts(page)).length, 1);
  const become = async ({ cookie }) => {
    await page.context().addCookies([{ name: "__Host-amphi", value: cookie, url: server.url, secure: true, httpOnly: true, sameSite: "Strict" }]);
    await page.reload();
    await page.getByRole("button", { name: "Continue as Prénom Nom" }).click();
    await box(page).waitFor();
  };
  await become(o.people[1]);
  assert.equal(await box(page).inputValue(), "");
  await become(o.people[0]);
  assert.equal(await box(page).inputValue(), QUESTION);
  await room.start();
  await room.end();
  await page.getByText("The session has ended", { exact: true }).waitFor();
  assert.deepEqual(await drafts(page), []);
});

rule("a phone shows an open poll over the slide, and the slide stays while panels pass", async () => {
  const room = await prepared();
  const page = await room.visit(0, { width: 375, height: 667, hasTouch: true, isMobile: true });
  await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
  await room.start();
  await room.show(3);
  const slide = page.getByRole("img", { name: `Slide 3 of ${PAGES}` });
  await slide.waitFor();
  const inView = async (locator) => {
    const { y, height } = await locator.boundingBox();
    return y >= 0 && y + height <= 667;
  };
  await waitFor("the stage in view", () => inView(slide));
  await box(page).focus();
  await room.openPoll(0);
  const call = page.getByRole("button", { name: "Answer", exact: true });
  await call.waitFor();
  assert.ok((await inView(call)) && (await inView(slide)));
  assert.equal(await box(page).evaluate((e) => e === document.activeElement), true);
  assert.equal(await page.getByRole("tab", { name: /Polls/ }).textContent(), "Pollsopen");
  await call.click();
  await waitFor("the poll in view", () => inView(page.getByLabel("Bêta-bloquant")));
  assert.ok(await inView(slide), "the slide stays at the top");
  assert.equal((await slide.boundingBox()).width, 375);
  await page.getByLabel("Bêta-bloquant").check();
  await page.getByRole("button", { name: "Send my answer" }).click();
  await call.waitFor({ state: "detached" });
  assert.equal(await focused(page), "Your answer is recorded.", "the focus goes to what follows");
});

const said = async (page, pattern) => {
  await announced(page).getByText(pattern).waitFor({ state: "attached" });
  return (await announced(page).locator("p").allTextContents()).filter((text) => pattern.test(text)).length;
};

rule("start, slides with their titles, polls, results and the end are said, politely and once", async () => {
  const room = await prepared();
  const page = await room.visit(0);
  assert.equal(await announced(page).getAttribute("aria-live"), "polite");
  assert.equal(await announced(page).textContent(), "", "the region is there, and empty");
  await announced(page).evaluate((region) => {
    region.dataset.first = "yes";
  });
  const steps = [
    [() => room.start(), /^The session has started\.$/],
    [() => room.show(2), /^Slide 2 of 12: Slide of page 2\.$/],
    [() => room.openPoll(0), /^A poll is open: Question 1$/],
    [() => room.closePoll(0), /^The poll is closed: Question 1$/],
    [() => room.showResults(0), /^The results of the poll are shown: Question 1$/],
    [() => room.end(), /^The session has ended\.$/],
  ];
  for (const [act, pattern] of steps) {
    await act();
    assert.equal(await said(page, pattern), 1, String(pattern));
  }
  assert.equal(await announced(page).getAttribute("data-first"), "yes", "it was the same region all the time");
  assert.equal(await page.locator('[aria-live="assertive"]').count(), 0);
});

rule("the slide has all the width that the screen gives", async () => {
  const room = await prepared();
  await room.start();
  await room.show(1);
  const sizes = [
    [320, 256, {}, 280], // 400 % zoom on 1280 × 1024
    [720, 450, {}, 680], // 200 % zoom on 1440 × 900
    [844, 390, {}, 800],
    [844, 390, { hasTouch: true, isMobile: true }, 530], // a phone: the panel is beside it
    [390, 844, { hasTouch: true, isMobile: true }, 390],
    [820, 1180, { hasTouch: true, isMobile: true }, 820],
    [1440, 900, {}, 900],
  ];
  for (const [width, height, look, least] of sizes) {
    const page = await room.visit(0, { width, height, ...look });
    const slide = page.getByRole("img", { name: `Slide 1 of ${PAGES}` });
    await slide.waitFor();
    const shown = await slide.boundingBox();
    assert.ok(shown.width >= least && Math.abs(shown.width * 9 / 16 - shown.height) < 2, `${width}×${height}: ${JSON.stringify(shown)}`);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${width}×${height} scrolls sideways`);
    await page.context().close();
  }
});

rule("the whole screen: a wide image, controls that hide, poll and question over it, a way out", async () => {
  const room = await prepared();
  await room.start();
  await room.show(1);
  const page = await room.visit(0, { width: 1440, height: 900 });
  const slide = page.getByRole("img", { name: `Slide 1 of ${PAGES}` });
  await slide.waitFor();
  await page.getByRole("button", { name: "Full screen" }).focus();
  await page.keyboard.press("Enter");
  const leave = page.getByRole("button", { name: "Leave full screen" });
  await leave.waitFor();
  const shown = await slide.evaluate((img) => ({ ...img.getBoundingClientRect().toJSON(), fit: getComputedStyle(img).objectFit, back: getComputedStyle(img).backgroundColor }));
  const screen = await page.evaluate(() => [innerWidth, innerHeight]);
  assert.deepEqual([shown.width, shown.height, shown.fit, shown.back], [...screen, "contain", "rgba(0, 0, 0, 0)"]);
  const widths = room.pg.sql(`SELECT DISTINCT width FROM slide_image WHERE deck_id = '${room.deck}' ORDER BY 1`).flat().map(Number);
  const wanted = widths.find((w) => w >= screen[0]) ?? widths.at(-1);
  await page.waitForFunction(([img, w]) => img.currentSrc.endsWith(`/${w}`), [await slide.elementHandle(), wanted]);
  const bar = page.locator(".stage__bar");
  const opacity = () => bar.evaluate((e) => getComputedStyle(e).opacity);
  await page.mouse.move(300, 300);
  await leave.evaluate((e) => e.blur());
  await waitFor("the bar to hide", async () => (await opacity()) === "0");
  await page.keyboard.press("Tab");
  await waitFor("the bar to come back", async () => (await opacity()) === "1");
  await room.openPoll(0);
  await page.getByRole("button", { name: "Answer", exact: true }).click();
  const [slideBox, panelBox] = [await slide.boundingBox(), await page.getByRole("complementary").boundingBox()];
  assert.ok(slideBox.x + slideBox.width <= panelBox.x, "the panel stands beside the slide");
  await page.getByLabel("Bêta-bloquant").check();
  await page.getByRole("button", { name: "Send my answer" }).click();
  await page.getByText("Your answer is recorded.").waitFor();
  await page.getByRole("complementary").getByRole("button", { name: "Close" }).click();
  await page.getByRole("button", { name: "Questions" }).click();
  await box(page).fill(QUESTION);
  assert.deepEqual(await faults(page), []);
  await page.keyboard.press("Escape");
  if (await leave.isVisible()) await page.evaluate(() => document.exitFullscreen()); // headless: Escape is the browser's
  await page.getByRole("button", { name: "Full screen" }).waitFor();
  assert.equal(await box(page).inputValue(), QUESTION);
});

rule("results stand on the stage as large bars until the next slide", async () => {
  const room = await prepared();
  await room.start();
  await room.show(1);
  const page = await room.visit(0, { locale: "fr-FR" });
  await room.openPoll(0);
  const voter = await room.person(1);
  await voter.command("poll.vote", { poll: room.polls[0], choices: [2] });
  await room.showResults(0);
  const stage = page.getByRole("region", { name: "Résultats du sondage" });
  await stage.getByText("100 %").waitFor();
  assert.deepEqual(await faults(page), []);
  await room.show(2);
  await stage.waitFor({ state: "detached" });
});

rule("the end says what one did, and thanks only who was there", async () => {
  const room = await prepared({ deck: false });
  await room.start();
  const page = await room.visit(0, { locale: "fr-FR", width: 390 });
  await box(page).fill(QUESTION);
  await page.getByRole("button", { name: "Envoyer la question" }).click();
  await page.getByText("Votre question a bien été reçue.").waitFor();
  await room.openPoll(0);
  await page.getByRole("button", { name: "Répondre", exact: true }).click();
  await page.getByLabel("Bêta-bloquant").check();
  await page.getByRole("button", { name: "Envoyer ma réponse" }).click();
  await page.getByText("Votre réponse est enregistrée.").waitFor();
  await room.end();
  const over = (p) => p.getByText("La session est terminée", { exact: true });
  const thanks = (p) => p.getByText("Merci de votre participation.");
  await over(page).waitFor();
  await waitFor("the focus", async () => (await page.evaluate(() => document.activeElement.tagName)) === "H1");
  for (const again of [false, true]) {
    if (again) await page.reload();
    await over(page).waitFor();
    await thanks(page).waitFor();
    await page.getByRole("region", { name: "Mes questions" }).getByText(QUESTION).waitFor();
    await page.getByRole("region", { name: "Sondages" }).getByText("✓ Bêta-bloquant").waitFor();
    assert.deepEqual(await faults(page), []);
  }
  const absent = await room.visit(2, { locale: "fr-FR" });
  await over(absent).waitFor();
  assert.equal(await thanks(absent).count(), 0);
});

rule("the console: nothing moves at the first slide, the strip follows, polls are written in it", async () => {
  const room = await prepared({ count: 0 });
  const page = await room.visit("host", { width: 1024, height: 768 });
  await page.getByRole("button", { name: "Start the session" }).click();
  const dialog = page.getByRole("dialog", { name: "Start the session now?" });
  await waitFor("a question to focus the button that does nothing", async () => (await focused(page)) === "Cancel");
  await dialog.getByRole("button", { name: "Start the session" }).click();
  await dialog.waitFor({ state: "detached" });
  assert.equal(await page.evaluate(() => document.activeElement.id), "main");
  const tab = await page.getByRole("tab", { name: /Polls/ }).boundingBox();
  assert.ok(tab.y < 300, `the tabs are at ${tab.y}`);
  const next = page.getByRole("button", { name: "Next slide" });
  const place = await next.boundingBox();
  await next.click();
  await page.getByText(`Slide 1 of ${PAGES}`, { exact: true }).waitFor();
  assert.deepEqual(await next.boundingBox(), place);
  await page.keyboard.press("End");
  await page.getByText(`Slide ${PAGES} of ${PAGES}`, { exact: true }).waitFor();
  const thumb = page.getByRole("button", { name: `Go to slide ${PAGES}`, exact: true });
  const strip = page.getByRole("list", { name: "All slides" });
  await waitFor("the strip to follow", async () => {
    const [a, b] = [await thumb.boundingBox(), await strip.boundingBox()];
    return a.x >= b.x - 4 && a.x + a.width <= b.x + b.width + 4;
  });
  await page.getByRole("tab", { name: /Polls/ }).click();
  await page.getByRole("button", { name: "New poll" }).click();
  const editor = page.getByRole("dialog", { name: "New poll" });
  await editor.waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.tagName), "TEXTAREA", "a form focuses its first field");
  await page.keyboard.type("Et maintenant ?");
  await editor.getByLabel("Answer 1", { exact: true }).fill("Oui");
  await editor.getByLabel("Answer 2", { exact: true }).fill("Non");
  await editor.getByRole("button", { name: "Create" }).click();
  const poll = page.getByRole("region", { name: "Et maintenant ?" });
  await poll.getByRole("button", { name: "Open", exact: true }).click();
  await poll.getByText("Poll open").waitFor();
  assert.deepEqual(await faults(page), []);
});

rule("who looks back returns to the live slide, and the focus is on its number", async () => {
  const room = await prepared();
  await room.start();
  await room.show(2);
  await room.show(3);
  const page = await room.visit(0);
  await page.getByText(`Slide 3 of ${PAGES}`, { exact: true }).waitFor();
  await page.getByRole("button", { name: "Previous slide" }).click();
  await page.getByText(`Slide 2 of ${PAGES}`, { exact: true }).waitFor();
  await room.show(4);
  await page.getByRole("button", { name: "Back to the live slide" }).click();
  await page.getByText(`Slide 4 of ${PAGES}`, { exact: true }).waitFor();
  assert.equal(await focused(page), `Slide 4 of ${PAGES}`);
});

rule("after registering the focus is on what to do next", async () => {
  const page = await (await openContext(browser)).newPage();
  await page.goto(`${server.url}/r/${o.code}`);
  const english = page.getByRole("button", { name: "English", exact: true });
  await page.getByRole("button", { name: /^(M’inscrire|Register)$/ }).waitFor();
  if (await english.isVisible()) await english.click();
  const form = page.locator("form").filter({ has: page.getByRole("button", { name: "Register", exact: true }) });
  await form.getByLabel("E-mail address").fill("dora@example.org");
  await form.getByLabel("First name").fill("Dora");
  await form.getByLabel("Last name").fill("Weiss");
  for (const [label, list, code] of [["Profession", "profession", "10"], ["Specialty", "specialty", "SM04"], ["Practice setting", "practice_setting", "SA01"], ["Region", "region", "11"]])
    await chooseCode(form, label, list, code);
  await form.getByLabel("Age band").selectOption("45_54");
  for (const checkbox of await form.getByRole("checkbox").all()) await checkbox.check();
  await form.getByRole("button", { name: "Register", exact: true }).click();
  await waitFor("the focus", async () => (await page.evaluate(() => document.activeElement.tagName)) === "H2");
});

rule("a page that is opened from another one has the focus on its heading", async () => {
  const room = await prepared({ deck: false });
  const page = await room.visit("organiser", { path: `/sessions/${room.o.session}` });
  await page.getByRole("link", { name: "Team" }).click();
  await page.getByRole("heading", { name: "Team", level: 1 }).waitFor();
  await waitFor("the focus", async () => (await page.evaluate(() => document.activeElement.tagName)) === "H1");
});
