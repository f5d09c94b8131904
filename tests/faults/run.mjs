// make faults: runs the cases beside this file, each a program of its own, and says how each went.
// CASE names some of them, SHORT=1 asks for their short form, JOBS runs so many at a time (the
// short form two, the long form, which measures, one). What they say besides is in build/faults.
import { spawn } from "node:child_process";
import { createWriteStream, mkdirSync, readFileSync, readdirSync } from "node:fs";
import { basename } from "node:path";
import { SKIPPED } from "./lib/case.mjs";

const folder = new URL(".", import.meta.url).pathname;
const logs = new URL("../../build/faults/", import.meta.url).pathname;
const all = readdirSync(folder).filter((f) => f.endsWith(".mjs") && f !== "run.mjs").map((f) => basename(f, ".mjs")).sort();
const wanted = (process.env.CASE ?? "").split(/[\s,]+/).filter(Boolean);
const jobs = Number(process.env.JOBS || (process.env.SHORT === "1" ? 2 : 1));
for (const name of wanted) if (!all.includes(name)) throw new Error(`no case '${name}'; there are: ${all.join(" ")}`);

const count = { passed: 0, failed: 0, skipped: 0 };
const failed = []; // what each of them said, which the end says again
const children = new Set();
for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, () => children.forEach((child) => child.kill(signal)));

function run(name) {
  return new Promise((resolve) => {
    const log = createWriteStream(`${logs}${name}.log`);
    const child = spawn(process.execPath, [`${folder}${name}.mjs`], { stdio: ["ignore", "pipe", "pipe"] });
    children.add(child);
    child.stderr.pipe(log);
    let said = "";
    child.stdout.on("data", (bytes) => (said += bytes));
    child.on("close", (status, signal) => {
      children.delete(child);
      said ||= `${name.padEnd(18)} FAILED   without a word (${status ?? signal})\n`;
      process.stdout.write(said);
      count[status === 0 ? "passed" : status === SKIPPED ? "skipped" : "failed"]++;
      if (status !== 0 && status !== SKIPPED) failed.push(said + readFileSync(`${logs}${name}.log`, "utf8").split("\n").slice(-40).join("\n"));
      resolve();
    });
  });
}

mkdirSync(logs, { recursive: true });
const queue = wanted.length > 0 ? wanted : all;
const began = Date.now();
const worker = async () => {
  for (let name; (name = queue.shift()); ) await run(name);
};
await Promise.all(Array.from({ length: jobs }, worker));
if (failed.length > 0) console.log(failed.join("\n"));
console.log(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped in ${Math.round((Date.now() - began) / 1000)} s`);
process.exit(count.failed > 0 ? 1 : 0);
