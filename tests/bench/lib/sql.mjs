// The SQL text that the server itself uses, read from its source: there is no second copy.
import { readFileSync } from "node:fs";
import { root } from "../../e2e/lib/need.mjs";

// A string constant of a source file: its pieces put together as the compiler does.
export function sqlOf(file, name) {
  const source = readFileSync(`${root}server/${file}`, "utf8");
  const found = new RegExp(`static const char ${name}\\[\\] =\\s*((?:"(?:[^"\\\\]|\\\\.)*"\\s*)+);`).exec(source);
  if (!found) throw new Error(`no ${name} in ${file}`);
  return [...found[1].matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, piece]) => JSON.parse(`"${piece}"`)).join("");
}

// The same with its parameters written in, as ids.
export function withIds(sql, ...ids) {
  return ids.reduce((text, id, i) => text.replaceAll(`$${i + 1}`, `'${id}'::uuid`), sql);
}

export const seconds = (from) => Number(process.hrtime.bigint() - from) / 1e9;
