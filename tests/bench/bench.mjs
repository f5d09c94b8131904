// Measures amphi beside the limit (raw/) and peers: node tests/bench/bench.mjs <build folder>, by `make
// bench`. N: members in one room (10000). ONLY: figures whose name, or whose module's, contains it; several
// with commas. REPEATS: 3. A figure that does not hold is said plainly and is no failure of the run.
import { readdirSync } from "node:fs";
import { cleanup } from "../e2e/lib/cleanup.mjs";
import { root } from "../e2e/lib/need.mjs";
import { Server } from "../e2e/lib/server.mjs";
import { notMeasured } from "./lib/figures.mjs";
import { Generator } from "./lib/generator.mjs";
import { machine, table, versions, write } from "./lib/report.mjs";
import { Amphi, Nchan, Raw, Ws } from "./lib/servers.mjs";
import { Stage } from "./lib/stage.mjs";

const build = process.argv[2] ?? `${root}build/release`;
const n = Number(process.env.N || 10000);
const only = (process.env.ONLY || "").split(",").filter(Boolean);
const wanted = (name) => only.length === 0 || only.some((o) => name.includes(o));

function say(text) {
  console.error(`${new Date().toISOString().slice(11, 19)} ${text}`);
}

// What each module's run(context) gets. servers are classes, in the order of a round.
async function prepare() {
  const context = { build, n, wanted, say, repeats: Number(process.env.REPEATS || 3), keys: new Server({}).keys, servers: { Amphi, Raw, Nchan, Ws } };
  context.sizes = n === 10000 ? [1000, 10000, 19000] : [Math.max(1, Math.round(n / 10)), n, Math.min(19000, Math.round(n * 1.9))];
  context.generator = () => new Generator(build);
  context.stage = await new Stage(build).prepare();
  context.eventText = null; // amphi's event, once it was seen: what the others send, too
  return context;
}

// figures/<x>.mjs exports names, all that it may answer with (without the sizes), and run(context) →
// [figure()]. It may skip what context.wanted(name) does not want.
async function modules() {
  const files = readdirSync(`${root}tests/bench/figures`).filter((f) => f.endsWith(".mjs")).sort();
  const all = await Promise.all(files.map(async (f) => ({ file: f.replace(".mjs", ""), ...(await import(`./figures/${f}`)) })));
  return all.filter((m) => m.run && (wanted(m.file) || m.names.some((name) => wanted(name) || only.some((o) => o.startsWith(name)))));
}

async function main() {
  const chosen = await modules();
  if (chosen.length === 0) throw new Error(`no figure is named like ${only.join(", ")}`);
  const context = await prepare();
  const results = { at: new Date().toISOString(), n, machine: machine(), versions: versions(context.stage.pg), figures: [] };
  for (const module of chosen) {
    say(`${module.file} …`);
    try {
      results.figures.push(...(await module.run(context)));
    } catch (error) {
      say(`${module.file}: ${error.stack}`);
      results.figures.push(notMeasured(module.file, error.message));
    }
    write(results);
  }
  console.log(table(results.figures));
  console.log("written to build/bench/results.json; how to read it: tests/bench/README.md");
  return results.figures.some((f) => f.error) ? 1 : 0;
}

let status = 1;
try {
  status = await main();
} finally {
  await cleanup();
}
process.exit(status);
