// The attendance file of a large congress: what it costs the server's memory, and how fast it comes
// beside psql sending the same query's rows to a file.
import { execFile, execFileSync } from "node:child_process";
import { promisify } from "node:util";
import { median, OTHER_CORE, rssKb, seconds, sqlOf } from "../app.mjs";

const run = promisify(execFile);
const SAMPLE_MS = 10;

async function download(server, o) {
  const pid = server.process.pid;
  const before = rssKb(pid);
  let most = before;
  const sampling = setInterval(() => (most = Math.max(most, rssKb(pid))), SAMPLE_MS);
  const begin = process.hrtime.bigint();
  const { stdout } = await run("taskset", ["-c", OTHER_CORE, "sh", "-c",
    `curl -sSfk --http1.1 -H "Cookie: __Host-amphi=$COOKIE" "$URL" | wc -lc`], {
    env: { PATH: process.env.PATH, COOKIE: o.staff.organiser.cookie, URL: `${server.url}/api/sessions/${o.session}/attendance.csv` },
  });
  const took = seconds(begin);
  clearInterval(sampling);
  const [lines, bytes] = stdout.trim().split(/\s+/).map(Number);
  if (lines !== o.registrations + 1) throw new Error(`the attendance file has ${lines} lines`);
  return { took, bytes, grown: most - before };
}

function copy(pg, o) {
  const sql = sqlOf("features/exports/exports_store.c", "ATTENDANCE").replaceAll("$1", `'${o.id}'::uuid`).replaceAll("$2", `'${o.session}'::uuid`);
  const begin = process.hrtime.bigint();
  const said = execFileSync("taskset", ["-c", OTHER_CORE, "psql", pg.url, "-X", "-c", `\\copy (${sql}) to '/dev/null' csv`]).toString();
  const took = seconds(begin);
  if (!said.includes(`COPY ${o.registrations}`)) throw new Error(`psql said ${said}`);
  return took;
}

export async function attendance({ pg, server, o, repeats = 3 }) {
  const runs = [];
  for (let i = 0; i < repeats; i++) runs.push({ ...(await download(server, o)), psql: copy(pg, o) });
  const grown = Math.max(...runs.map((r) => r.grown)) / 1024;
  const rate = (r, took) => o.registrations / took;
  const amphi = median(runs.map((r) => rate(r, r.took))), psql = median(runs.map((r) => rate(r, r.psql)));
  const size = `${o.spans} spans, ${o.registrations} registrations`;
  return [
    { name: `attendance export, ${size}: resident memory grows`, unit: "MB", amphi: grown, raw: null, peers: {}, ratio: null, must: "<= 32 MB",
      holds: grown <= 32, repeats: runs.map((r) => r.grown / 1024) },
    { name: `attendance export, ${size}: rate beside psql \\copy`, unit: "lines/s", amphi, raw: null, peers: { psql }, ratio: amphi / psql,
      must: ">= 0.5 x psql", holds: amphi >= 0.5 * psql, repeats: runs.map((r) => ({ amphi: r.took, psql: r.psql })) },
  ];
}
