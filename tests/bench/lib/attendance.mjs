// The attendance file of a large congress: what it costs the server's memory, and how fast it comes
// beside psql sending the same query's rows to nowhere.
import { execFile, execFileSync } from "node:child_process";
import { promisify } from "node:util";
import { residentBytes } from "./cpu.mjs";
import { logged, seconds } from "./sql.mjs";

const run = promisify(execFile);
const SAMPLE_MS = 10;
const QUERY = /execute [^:]*: (.* ORDER BY r\.registered_at, r\.id)$/;

async function download(server, o) {
  const pid = server.process.pid;
  const before = residentBytes([pid]);
  let most = before;
  const sampling = setInterval(() => (most = Math.max(most, residentBytes([pid]))), SAMPLE_MS);
  const begin = process.hrtime.bigint();
  const { stdout } = await run("bash", ["--norc", "-c", `set -o pipefail; curl -sSfk --http1.1 -H "Cookie: __Host-amphi=$COOKIE" "$URL" | wc -l`], {
    env: { PATH: process.env.PATH, COOKIE: o.staff.organiser.cookie, URL: `${server.url}/api/sessions/${o.session}/attendance.csv` },
  }).finally(() => clearInterval(sampling));
  const took = seconds(begin);
  if (Number(stdout) !== o.registrations + 1) throw new Error(`the attendance file has ${stdout.trim()} lines`);
  return { took, grown: most - before };
}

// The query of the file, which the server puts together from its columns, as the database saw it.
async function queryOf(pg, server, o) {
  const lines = await logged(pg, () => download(server, o));
  const at = lines.findIndex((line) => QUERY.test(line));
  if (at < 0) throw new Error("the database did not log the query of the attendance file");
  const values = new Map([...lines[at + 1].matchAll(/\$(\d+) = ('(?:[^']|'')*'|NULL)/g)].map(([, n, value]) => [n, value]));
  return QUERY.exec(lines[at])[1].replace(/\$(\d+)/g, (_, n) => values.get(n));
}

function copy(pg, o, sql) {
  const begin = process.hrtime.bigint();
  const said = execFileSync("psql", [pg.url, "-X", "-c", `\\copy (${sql}) to '/dev/null' csv`]).toString();
  const took = seconds(begin);
  if (!said.includes(`COPY ${o.registrations}`)) throw new Error(`psql said ${said}`);
  return took;
}

// One sample a repeat: {grownMb, amphi, psql}, rates in lines a second; taking turns.
export async function attendance({ pg, server, o, repeats }) {
  const sql = await queryOf(pg, server, o);
  const samples = { grownMb: [], amphi: [], psql: [] };
  for (let i = 0; i < repeats; i++) {
    const { took, grown } = await download(server, o);
    samples.grownMb.push(grown / 1048576);
    samples.amphi.push(o.registrations / took);
    samples.psql.push(o.registrations / copy(pg, o, sql));
  }
  return samples;
}
