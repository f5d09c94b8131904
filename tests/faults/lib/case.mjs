// What every case is wrapped in: a bound in time, one line that says how it went, and an end that
// leaves nothing behind. SHORT=1 asks for the form of at most ten seconds, SEED for another course.
import { basename } from "node:path";
import { cleanup } from "../../e2e/lib/cleanup.mjs";
import { seeded } from "../../e2e/lib/random.mjs";

export const short = process.env.SHORT === "1";
export const name = basename(process.argv[1], ".mjs");
export const SKIPPED = 77; // exit status

class Skip extends Error {}

// This machine cannot run the case: that is not the same as having passed it.
export function skip(why) {
  throw new Skip(why);
}

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export function quantile(values, q) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0;
}

// The same seed makes the same choices. [0, 1)
export const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 1e9));
export const random = seeded(seed);
export const between = (from, to) => from + random() * (to - from);

// What is told besides when a case fails, such as the last lines of the server's log.
const witnesses = [];
export const onFailure = (tell) => witnesses.push(tell);

function end(word, began, figures, status) {
  const told = Object.entries(figures).map(([key, value]) => `${key}=${typeof value === "number" ? Math.round(value * 100) / 100 : value}`);
  const line = `${name.padEnd(18)} ${word.padEnd(8)} ${((Date.now() - began) / 1000).toFixed(1).padStart(7)} s  ${told.join(" ")}`;
  process.stdout.write(`${line.trimEnd()}\n`, () => process.exit(status));
}

// body(figures): sets figures, throws when what must hold does not. limit: seconds, of which the
// short form takes ten on a machine that has nothing else to do.
export async function fault({ limit }, body) {
  const began = Date.now();
  const figures = {};
  const seconds = short ? 60 : limit;
  let timer;
  const late = new Promise((_, reject) => (timer = setTimeout(() => reject(new Error(`not done within ${seconds} s`)), seconds * 1000)));
  const stopped = new Promise((_, reject) => ["SIGTERM", "SIGINT"].forEach((s) => process.on(s, () => reject(new Error(s)))));
  let error = null;
  try {
    await Promise.race([body(figures), late, stopped]);
  } catch (thrown) {
    error = thrown;
  }
  clearTimeout(timer);
  if (error && !(error instanceof Skip)) witnesses.forEach((tell) => console.error(tell()));
  await cleanup();
  if (!error) end("passed", began, figures, 0);
  else if (error instanceof Skip) end(`SKIPPED (${error.message})`, began, {}, SKIPPED);
  else {
    console.error(`${name}: SEED=${seed}\n${error.stack}`);
    end("FAILED", began, { why: error.message.split("\n")[0], seed, ...figures }, 1);
  }
}
