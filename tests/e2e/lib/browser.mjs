// Debian's Chromium, driven by playwright-core. A person is a browser of their own where a proxy
// stands between it and the server: its resolver leads the origin to the proxy, so that pages,
// cookies and the websocket's Origin stay those of the server's own address.
import { onCleanup } from "./cleanup.mjs";
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

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export async function openBrowser({ server, proxy } = {}) {
  const rules = proxy ? [`--host-resolver-rules=MAP localhost:${server.port} 127.0.0.1:${proxy.port}`] : [];
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: [...FLAGS, ...rules] });
  onCleanup(() => browser.close());
  return browser;
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
  context.setDefaultTimeout(15000);
  contexts.push(context);
  context.errors = [];
  context.on("console", (message) => {
    if (message.type() === "error") context.errors.push(`${message.page()?.url()} ${message.text()} ${message.location().url}`);
  });
  context.on("weberror", (error) => context.errors.push(`${error.page()?.url()} ${error.error().stack}`));
  return context;
}

// The button of a link that acts only when it is pressed.
export async function pressLink(page, url, button) {
  await page.goto(url);
  await page.getByRole("button", { name: button }).click();
}
