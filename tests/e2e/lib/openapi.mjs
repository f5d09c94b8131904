// The description of the HTTP routes as one document: server/openapi.yaml with the features' files in it, as any
// reader of OpenAPI resolves their references.
import { readFileSync } from "node:fs";
import { need, root } from "./need.mjs";

const YAML = need("yaml");
const read = (path) => YAML.parse(readFileSync(`${root}server/${path}`, "utf8"));

// A reference into the common file, or into the feature's own, becomes one into the whole document.
function inOne(value) {
  if (Array.isArray(value)) return value.map(inOne);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, v]) => [key, key === "$ref" ? v.replace("../../openapi.yaml#", "#") : inOne(v)]));
}

const unescaped = (pointer) => pointer.replaceAll("~1", "/").replaceAll("~0", "~");

function merge(api, path) {
  const part = inOne(read(path));
  for (const [kind, things] of Object.entries(part.components ?? {})) {
    const all = (api.components[kind] ??= {});
    for (const [name, thing] of Object.entries(things)) {
      if (all[name]) throw new Error(`${path}: ${name} is described twice`);
      all[name] = thing;
    }
  }
  return part.paths;
}

export function bundle() {
  const api = read("openapi.yaml");
  const parts = {};
  for (const [path, item] of Object.entries(api.paths)) {
    if (!item.$ref) continue;
    const [file, pointer] = item.$ref.split("#/paths/");
    parts[file] ??= merge(api, file);
    if (unescaped(pointer) !== path) throw new Error(`${path} refers to ${item.$ref}`);
    api.paths[path] = parts[file][path];
    delete parts[file][path];
  }
  const left = Object.entries(parts).flatMap(([file, paths]) => Object.keys(paths).map((path) => `${file}: ${path}`));
  if (left.length) throw new Error(`not in openapi.yaml: ${left.join(", ")}`);
  return api;
}
