// How fast a register of 2.3 million lines comes in beside `psql \copy` of the same file into one text column, in turns
// in one run; how much memory the import takes, and how long a count of its people.
import { execFileSync, spawnSync } from "node:child_process";
import { openSync, rmSync } from "node:fs";
import { Postgres, temporaryFolder } from "../../e2e/lib/postgres.mjs";
import { root } from "../../e2e/lib/need.mjs";
import { figure } from "../lib/figures.mjs";

export const names = ["registry.import", "registry.memory", "registry.count"];

// The universe of a profile: three codes that stand for one another, two regions, hospitals.
const PROFILE = "00000000-0000-4000-8000-000000000001";
const CRITERIA = [["profession", "10"], ["specialty", "SM54"], ["region", "11,53"], ["practice_setting", "SA07,SA08"]]
  .map(([attribute, codes], n) => `('${PROFILE}', ${n + 1}, 'all_of', '${attribute}', '{${codes}}')::target_profile_criterion`);
const COUNT = `SELECT universe_count('registry', NULL, rule) FROM profile_rules(ARRAY['${PROFILE}'::uuid], ARRAY[${CRITERIA}]) rule`;

const seconds = (work) => {
  const begin = process.hrtime.bigint();
  work();
  return Number(process.hrtime.bigint() - begin) / 1e9;
};

export async function run({ build, n, repeats }) {
  const folder = temporaryFolder("registry"), file = `${folder}/PS_LibreAcces_Personne_activite_202611270600.txt`;
  const lines = n === 10000 ? 2300000 : n * 230;
  spawnSync(`${build}/bench/registry_lines`, ["1", String(lines)], { stdio: ["ignore", openSync(file, "w"), "inherit"] });
  const pg = new Postgres(), env = { ...process.env, AMPHI_DATA: folder, DATABASE_URL: pg.url };
  const copied = [], imported = [], counted = [], memory = [];
  execFileSync(`${build}/amphi`, ["admin", "storage"], { cwd: root, env, stdio: "ignore" }); // migrates
  for (let i = 0; i < repeats; i++) {
    pg.sql("DROP TABLE IF EXISTS raw; CREATE TABLE raw (line text)");
    copied.push(seconds(() => execFileSync("psql", [pg.url, "-qc", `\\copy raw from '${file}' with (format csv, delimiter e'\\x01', quote e'\\x02')`])));
    const usage = execFileSync("python3", ["-c", `import resource, subprocess, sys, time
t = time.time()
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
print(time.time() - t, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)`, `${build}/amphi`, "registry", "import", file], { cwd: root, env, encoding: "utf8" });
    const [took, mb] = usage.split(" ").map(Number);
    imported.push(took);
    memory.push(mb);
    counted.push(seconds(() => pg.sql(COUNT)));
  }
  rmSync(file);
  const rate = (all) => all.map((took) => Math.round(lines / took));
  return [
    figure("registry.import", "lines/s", { amphi: rate(imported), psql: rate(copied) }, { text: "at least 0.4 of psql \\copy", holds: ({ amphi, psql }) => amphi >= 0.4 * psql }),
    figure("registry.memory", "MB", { amphi: memory }, { text: "at most 100", holds: ({ amphi }) => amphi <= 100 }),
    figure("registry.count", "s", { amphi: counted }, { text: "at most 1", holds: ({ amphi }) => amphi <= 1 }),
  ];
}
