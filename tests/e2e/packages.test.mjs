// Rule: what the server needs of Debian is there and as new as what Debian offers, and asking for it costs nothing when it is; an
// update that cannot be had stops nobody, a missing package does. Nothing that npm fetches runs anything when it is installed.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { after, test } from "node:test";
import { cleanup } from "./lib/cleanup.mjs";
import { root } from "./lib/need.mjs";
import { temporaryFolder } from "./lib/postgres.mjs";

const NPM = /npm (ci|i|install)\b/;
const wanted = readFileSync(`${root}.packages`, "utf8").trim().split("\n");
const everything = () => new Map(wanted.map((name) => [name, ["1.0", "1.0"]]));
after(cleanup);

// The programs that it asks, as a machine with these packages has them: name → [installed, candidate]. `lists` is what
// an update finds; `broken`: what apt-get cannot do.
function machine({ packages = everything(), lists = packages, user = 0, broken = "none" } = {}) {
  const folder = temporaryFolder("packages");
  const policy = (list) => [...list].map(([name, [installed, candidate]]) => `${name} ${installed} ${candidate}`).join("\n");
  const program = (name, text) => {
    writeFileSync(`${folder}/${name}`, `#!/bin/sh\n${text}\n`);
    chmodSync(`${folder}/${name}`, 0o755);
  };
  writeFileSync(`${folder}/now`, policy(packages));
  writeFileSync(`${folder}/offered`, policy(lists));
  program("id", `echo ${user}`);
  program("sudo", "exit 1");
  program("dpkg-query", `awk '$2 != "(none)" { print $1, "installed" }' ${folder}/now`);
  program("apt-cache", `shift; for name; do awk -v n="$name" '$1 == n { printf "%s:\\n  Installed: %s\\n  Candidate: %s\\n", n, $2, $3 }' ${folder}/now; done`);
  program("apt-get", `echo "$@" >>${folder}/asked\n[ "$1" = ${broken} ] && exit 100\n[ "$1" = update ] && cp ${folder}/offered ${folder}/now\nexit 0`);
  return (...args) => {
    const { status, stdout, stderr } = spawnSync(`${root}server/packages.sh`, args, { encoding: "utf8", env: { ...process.env, PATH: `${folder}:${process.env.PATH}` } });
    const asked = existsSync(`${folder}/asked`) ? readFileSync(`${folder}/asked`, "utf8").trim().split("\n") : [];
    return { status, stdout, stderr, asked };
  };
}

const install = (...names) => ["update -q", `install -yq --no-install-recommends ${names.join(" ")}`];
const [first, second] = wanted.filter((name) => name.startsWith("lib"));

test("when all is there and new, nothing is asked and nothing said", () => {
  assert.deepEqual(machine()(), { status: 0, stdout: "", stderr: "", asked: [] });
});

test("what is missing and what is older than what is offered is installed, and no more", () => {
  const packages = everything().set(first, ["(none)", "1.0"]).set(second, ["1.0", "1.0+deb13u1"]);
  const { status, stdout, asked } = machine({ packages })();
  assert.deepEqual([status, asked], [0, install(first, second)]);
  assert.match(stdout, /^packages installed/);
});

test("what is newer than what is offered stays", () => {
  assert.deepEqual(machine({ packages: everything().set(first, ["2.0", "1.0"]) })().asked, []);
});

test("a package that apt has not heard of yet is missing", () => {
  const packages = everything();
  packages.delete(first);
  assert.deepEqual(machine({ packages, lists: everything().set(first, ["(none)", "1.0"]) })().asked, install(first));
});

test("a scheduled run fetches the lists first, and installs what they offer", () => {
  assert.deepEqual(machine()("--upgrade").asked, ["update -q"]);
  const lists = everything().set(second, ["1.0", "1.1"]);
  assert.deepEqual(machine({ lists })("--upgrade").asked, install(second));
  assert.deepEqual(machine({ lists })().asked, [], "any other run goes by the lists that are there");
});

test("an update that cannot be had stops nobody; a missing package does", () => {
  const outdated = everything().set(first, ["1.0", "1.1"]), missing = everything().set(first, ["(none)", "1.0"]);
  for (const broken of ["update", "install"]) {
    const goesOn = machine({ packages: outdated, broken })();
    assert.equal(goesOn.status, 0);
    assert.match(goesOn.stderr, /going on with what is there/);
    assert.equal(machine({ packages: missing, broken })().status, 1);
  }
});

test("without root the command is told, and nothing is tried", () => {
  const stopped = machine({ packages: everything().set(first, ["(none)", "1.0"]), user: 1000 })();
  assert.deepEqual([stopped.status, stopped.asked], [1, []]);
  assert.match(stopped.stderr, new RegExp(`apt-get install -y --no-install-recommends ${first}\n`));
  const goesOn = machine({ packages: everything().set(first, ["1.0", "1.1"]), user: 1000 })();
  assert.deepEqual([goesOn.status, goesOn.asked], [0, []]);
  assert.match(goesOn.stderr, new RegExp(`There are updates.* ${first}\n`));
});

test("no package of npm runs a script when it is installed", () => {
  const scripts = ["server", "tests"].flatMap((folder) => readdirSync(root + folder).filter((name) => name.endsWith(".sh")).map((name) => `${folder}/${name}`));
  const files = ["Makefile", ...scripts].filter((file) => NPM.test(readFileSync(root + file, "utf8")));
  assert.ok(files.length > 0);
  for (const file of files)
    for (const line of readFileSync(root + file, "utf8").split("\n").filter((text) => NPM.test(text)))
      assert.match(line, /--ignore-scripts/, file);
  const setting = execFileSync("npm", ["config", "get", "ignore-scripts"], { cwd: `${root}web`, encoding: "utf8" });
  assert.equal(setting.trim(), "true", "whoever installs by hand");
});
