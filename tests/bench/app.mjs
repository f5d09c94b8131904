// What the application figures share: a server and a database placed as the README says (server
// alone on core 0 with one loop, everything else on core 1), its memory and processor time, and the
// SQL text that the server itself uses, read from its source so that there is no second copy.
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { Postgres } from "../e2e/lib/postgres.mjs";
import { Server } from "../e2e/lib/server.mjs";
import { root } from "../e2e/lib/need.mjs";

export const SERVER_CORE = "0";
export const OTHER_CORE = "1";

// All threads of a process; children started later inherit.
export function pin(pid, core) {
  execFileSync("taskset", ["-acp", core, String(pid)], { stdio: "ignore" });
}

export function database() {
  const pg = new Postgres({ durable: true });
  pin(readFileSync(`${pg.folder}/data/postmaster.pid`, "utf8").split("\n")[0], OTHER_CORE);
  for (const pid of childrenOf(readFileSync(`${pg.folder}/data/postmaster.pid`, "utf8").split("\n")[0])) pin(pid, OTHER_CORE);
  return pg;
}

function childrenOf(parent) {
  return readdirSync("/proc").filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      return readFileSync(`/proc/${pid}/stat`, "utf8").replace(/.*\) /s, "").split(" ")[1] === parent;
    } catch {
      return false; // gone meanwhile
    }
  });
}

export async function serve(pg, env = {}) {
  const server = new Server({ database: pg, env: { AMPHI_LOOPS: "1", ...env }, binary: process.env.AMPHI_BENCH_SERVER ?? `${root}build/release/amphi` });
  await server.start();
  pin(server.process.pid, SERVER_CORE);
  return server;
}

export const rssKb = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]);
export const openFiles = (pid) => readdirSync(`/proc/${pid}/fd`).length;

// Processor time of all threads, in microseconds. A thread that ended meanwhile is missed.
export function cpuUs(pid) {
  return readdirSync(`/proc/${pid}/task`).reduce((sum, task) => {
    try {
      return sum + Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, "utf8").split(" ")[0]) / 1000;
    } catch {
      return sum;
    }
  }, 0);
}

// A string constant of the server's source: its pieces put together as the compiler does.
export function sqlOf(file, name) {
  const source = readFileSync(`${root}server/${file}`, "utf8");
  const found = new RegExp(`static const char ${name}\\[\\] =\\s*((?:"(?:[^"\\\\]|\\\\.)*"\\s*)+);`).exec(source);
  if (!found) throw new Error(`no ${name} in ${file}`);
  return [...found[1].matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, piece]) => JSON.parse(`"${piece}"`)).join("");
}

export const seconds = (from) => Number(process.hrtime.bigint() - from) / 1e9;
export const median = (list) => [...list].sort((a, b) => a - b)[Math.floor((list.length - 1) / 2)];
