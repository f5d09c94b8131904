// The table, and build/bench/results.json.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import os from "node:os";
import { need, root } from "../../e2e/lib/need.mjs";

const said = (command, args) => {
  try {
    return execFileSync(command, args, { stdio: ["ignore", "pipe", "pipe"] }).toString().trim().split("\n")[0];
  } catch {
    return "not installed";
  }
};

const packageVersion = (name) => said("dpkg-query", ["-W", "-f", "${Version}", name]);

export function machine() {
  const mitigations = readFileSync("/proc/cmdline", "utf8").includes("mitigations=off") ? "off" : "on";
  return { cpu: os.cpus()[0]?.model, processors: os.cpus().length, memory_gb: Math.round(os.totalmem() / 2 ** 30), kernel: os.release(), mitigations, load_before: os.loadavg()[0] };
}

export function versions(pg) {
  return {
    amphi: said("git", ["-C", root, "describe", "--always", "--dirty"]),
    postgresql: pg.sql("SHOW server_version")[0][0],
    synchronous_commit: pg.sql("SHOW synchronous_commit")[0][0],
    libwebsockets: said("pkg-config", ["--modversion", "libwebsockets"]),
    openssl: said("openssl", ["version"]),
    nchan: packageVersion("libnginx-mod-nchan"),
    nginx: packageVersion("nginx-light"),
    ws: JSON.parse(readFileSync(need.resolve("ws/package.json"))).version,
    node: process.version,
  };
}

const number = (value) => {
  if (value === null || value === undefined) return "";
  if (typeof value !== "number") return String(value).split(":")[0];
  return Math.abs(value) >= 1000 ? value.toFixed(0) : Math.abs(value) >= 100 ? value.toFixed(1) : value.toFixed(2);
};

const others = (peers) => Object.entries(peers).filter(([name]) => !["nchan", "ws"].includes(name)).map(([name, value]) => `${name} ${number(value)}`).join(" ");

const verdict = (f) => (f.error ? `not measured: ${f.error}` : f.holds === null ? "" : f.holds ? "holds" : "DOES NOT HOLD");

export function table(figures) {
  const rows = [["figure", "unit", "amphi", "raw", "ratio", "nchan", "ws", "other", "must be", ""]];
  for (const f of figures) rows.push([f.name, f.unit, number(f.amphi), number(f.raw), f.ratio === null ? "" : `${number(f.ratio)} x`, number(f.peers.nchan), number(f.peers.ws), others(f.peers), f.must ?? "", verdict(f)]);
  const widths = rows[0].map((_, i) => Math.max(...rows.map((row) => row[i].length)));
  return rows.map((row) => row.map((cell, i) => (i >= 2 && i <= 7 ? cell.padStart(widths[i]) : cell.padEnd(widths[i]))).join("  ").trimEnd()).join("\n");
}

export function write(results) {
  mkdirSync(`${root}build/bench`, { recursive: true });
  writeFileSync(`${root}build/bench/results.json`, `${JSON.stringify(results, null, 1)}\n`);
}
