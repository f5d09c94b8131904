// Debian's Firefox, driven by puppeteer-core over WebDriver BiDi, with a sound device of its own that nobody hears: without
// one its sound never starts. `missing` says what of it this machine does not have; null: nothing.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { onCleanup, waitFor } from "./cleanup.mjs";
import { need } from "./need.mjs";

const FIREFOX = ["/usr/bin/firefox-esr", "/usr/bin/firefox"].find(existsSync);
const PULSE = "/usr/bin/pulseaudio";
const wanted = [[FIREFOX, "firefox-esr"], [existsSync(PULSE), "pulseaudio"]];

export const missing = wanted.filter(([there]) => !there).map(([, name]) => name).join(" and ") || null;

// A daemon of this test alone. Returns where it listens.
async function silentDevice() {
  const folder = mkdtempSync(`${tmpdir()}/amphi-sound-`);
  const socket = `${folder}/socket`;
  const load = (module) => ["-L", module];
  const daemon = spawn(
    PULSE,
    ["-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", ...load("module-null-sink"), ...load(`module-native-protocol-unix socket=${socket} auth-anonymous=1`)],
    { env: { ...process.env, HOME: folder, XDG_RUNTIME_DIR: folder, PULSE_RUNTIME_PATH: folder }, stdio: "ignore" },
  );
  onCleanup(() => {
    daemon.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });
  await waitFor("a sound device", () => existsSync(socket));
  return `unix:${socket}`;
}

export async function openFirefox({ language = "fr-FR" } = {}) {
  const { default: puppeteer } = await import(need.resolve("puppeteer-core"));
  const sound = await silentDevice();
  const browser = await puppeteer.launch({
    browser: "firefox",
    executablePath: FIREFOX,
    headless: true,
    acceptInsecureCerts: true,
    defaultViewport: { width: 1280, height: 800 },
    env: { ...process.env, PULSE_SERVER: sound },
    extraPrefsFirefox: { "intl.accept_languages": language },
  });
  onCleanup(() => browser.close());
  return browser;
}
