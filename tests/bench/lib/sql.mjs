// The SQL text that the server itself uses, read from its source: there is no second copy.
import { execFileSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { root } from "../../e2e/lib/need.mjs";

// A string constant of a source file: its pieces put together as the compiler does.
export function sqlOf(file, name) {
  const source = readFileSync(`${root}server/${file}`, "utf8");
  const found = new RegExp(`static const char ${name}\\[\\] =\\s*((?:"(?:[^"\\\\]|\\\\.)*"\\s*)+);`).exec(source);
  if (!found) throw new Error(`no ${name} in ${file}`);
  return [...found[1].matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, piece]) => JSON.parse(`"${piece}"`)).join("");
}

// The lines of the database's log for the statements that it ran meanwhile.
export async function logged(pg, during) {
  const set = (value) =>
    execFileSync("psql", [pg.url, "-Xq", "-o", "/dev/null", "-c", `ALTER SYSTEM SET log_min_duration_statement = ${value}`, "-c", "SELECT pg_reload_conf()"]);
  set(0);
  await delay(1000); // each connection of the server reads the setting with its next statement
  const log = `${pg.folder}/log`;
  const from = statSync(log).size;
  await during();
  const said = readFileSync(log).subarray(from).toString();
  set(-1);
  if (!/LOG: +duration/.test(said)) throw new Error("the database did not log its statements");
  return said.split("\n");
}

// The same with its parameters written in, as ids.
export function withIds(sql, ...ids) {
  return ids.reduce((text, id, i) => text.replaceAll(`$${i + 1}`, `'${id}'::uuid`), sql);
}

export const seconds = (from) => Number(process.hrtime.bigint() - from) / 1e9;
