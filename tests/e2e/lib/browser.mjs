// Debian's Chromium, driven by playwright-core. A person is a browser of their own where a proxy
// stands between it and the server: its resolver leads the origin to the proxy, so that pages,
// cookies and the websocket's Origin stay those of the server's own address.
import assert from "node:assert/strict";
import { createHash, X509Certificate } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { onCleanup, waitFor } from "./cleanup.mjs";
import { need, root } from "./need.mjs";

const { chromium } = need("playwright-core");

const contexts = [];

// What every open page shows, for whoever has to find out why a test failed.
export async function saveScreens(name) {
  const pages = contexts.flatMap((context) => context.pages());
  for (const [index, page] of pages.entries()) {
    const path = `${root}build/screens/${name}-${index}.png`;
    await page.screenshot({ path, timeout: 5000 }).then(
      () => console.error(`${path}: ${page.url().split("#")[0]}`),
      () => {},
    );
  }
}

const CHROMIUM = "/usr/bin/chromium";
// The same engine without what only windows need, at a third of the processor's time.
const SHELL = "/usr/bin/chromium-headless-shell";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

// A microphone that beeps, a camera that paints, and nobody who has to allow them.
const DEVICES = ["--use-fake-device-for-media-stream=fps=5", "--use-fake-ui-for-media-stream", "--autoplay-policy=no-user-gesture-required"];

// devices: with ones that are not there. trusted: a certificate file whose key the browser takes for good, where overlooking its faults is not enough.
export async function openBrowser({ server, proxy, trusted, devices } = {}) {
  const rules = proxy ? [`--host-resolver-rules=MAP localhost:${server.port} 127.0.0.1:${proxy.port}`] : [];
  const browser = await chromium.launch({ executablePath: devices || !existsSync(SHELL) ? CHROMIUM : SHELL, args: [...FLAGS, ...rules, ...(devices ? DEVICES : []), ...(trusted ? [trust(trusted)] : [])] });
  onCleanup(() => browser.close());
  return browser;
}

function trust(file) {
  const spki = new X509Certificate(readFileSync(file)).publicKey.export({ type: "spki", format: "der" });
  return `--ignore-certificate-errors-spki-list=${createHash("sha256").update(spki).digest("base64")}`;
}

// A context of its own: cookies, language, size. `errors` gathers what the pages complained about.
export async function openContext(browser, { locale = "en-GB", width = 1440, height = 900, dark = false, ...rest } = {}) {
  const context = await browser.newContext({
    ignoreHTTPSErrors: true,
    locale,
    timezoneId: "Europe/Paris",
    viewport: { width, height },
    colorScheme: dark ? "dark" : "light",
    ...rest,
  });
  context.setDefaultTimeout(30000);
  contexts.push(context);
  context.errors = [];
  context.on("console", (message) => {
    if (message.type() === "error") context.errors.push(`${message.page()?.url()} ${message.text()} ${message.location().url}`);
  });
  context.on("weberror", (error) => context.errors.push(`${error.page()?.url()} ${error.error().stack}`));
  return context;
}

// One in which somebody is signed in at the server, and reads this language.
export async function signedInContext(browser, { server, cookie, language = "en", ...rest }) {
  const context = await openContext(browser, { locale: language === "fr" ? "fr-FR" : "en-GB", ...rest });
  // A page that is still empty has no storage.
  await context.addInitScript((chosen) => location.protocol === "https:" && localStorage.setItem("amphi.language", chosen), language);
  await context.addCookies([{ name: "__Host-amphi", value: cookie, url: server.url, secure: true, httpOnly: true, sameSite: "Strict" }]);
  return context;
}

const axeSource = readFileSync(need.resolve("axe-core/axe.min.js"), "utf8");
const AXE = {
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
  rules: { "heading-order": { enabled: true }, "page-has-heading-one": { enabled: true } },
  resultTypes: ["violations"],
};

// What axe finds against WCAG 2.2 AA on the page once nothing moves, each as "rule: where". The context needs bypassCSP.
// also: further tags of rules.
export async function axe(page, also = []) {
  await page.evaluate(() => Promise.all(document.getAnimations().map((a) => (a.effect?.getComputedTiming().iterations === Infinity ? null : a.finished.catch(() => null)))));
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axeSource);
  const { violations } = await page.evaluate((how) => globalThis.axe.run(document, how), { ...AXE, runOnly: [...AXE.runOnly, ...also] });
  return violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(" ")).slice(0, 2).join(" | ")}`);
}

// That there are n (> 0) of them, as soon as there are: a list may come after the heading that was waited for.
export async function counted(locator, n, what = "elements") {
  let found;
  await waitFor(`${n} ${what}`, async () => (found = await locator.count()) === n).catch(() => assert.equal(found, n, what));
}

// The button of a link that acts only when it is pressed.
export async function pressLink(page, url, button) {
  await page.goto(url);
  await page.getByRole("button", { name: button }).click();
}
