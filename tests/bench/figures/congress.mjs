// A congress of ten registrations for each member of the other figures (100,000), 20 target profiles
// with goals and ten times as many spans (1,000,000) behind it: its attendance file and its live
// goal view, in a database of its own.
import { Postgres } from "../../e2e/lib/postgres.mjs";
import { Server } from "../../e2e/lib/server.mjs";
import { attendance } from "../lib/attendance.mjs";
import { figure } from "../lib/figures.mjs";
import { goals } from "../lib/goals.mjs";
import { congress } from "../seed.mjs";

export const names = ["attendance.memory", "attendance.rate", "goals.queries", "goals.refresh", "goals.again"];

function attendanceFigures(samples, size) {
  return [
    figure("attendance.memory", "MB more", { amphi: samples.grownMb }, { text: "<= 32 MB", holds: () => Math.max(...samples.grownMb) <= 32 }, size),
    figure("attendance.rate", "lines/s", { amphi: samples.amphi, psql: samples.psql }, { text: ">= 0.5 x psql \\copy", holds: (m) => m.amphi >= 0.5 * m.psql }, size),
  ];
}

function goalFigures({ live, change, agrees, again }, size) {
  const longest = Math.max(again.sql, again.opening, again.reopening);
  return [
    figure("goals.queries", "a refresh", { amphi: live.queries / live.refreshes }, { text: "0", holds: (m) => m.amphi === 0 }, { ...size, refreshes: live.refreshes }),
    figure("goals.refresh", "ms loop held up", { amphi: live.stallMs }, { text: "<= 300 ms", holds: (m) => m.amphi <= 300 && live.cpuMs <= 300 }, { ...size, cpu_ms_per_second: live.cpuMs, shown_after_change_s: change }),
    figure("goals.again", "s from spans", { amphi: longest }, { text: "<= 10 s, agrees", holds: (m) => agrees && m.amphi <= 10 }, { ...size, ...again, agrees }),
  ];
}

export async function run(context) {
  const { n, build, wanted, say, repeats } = context;
  const pg = new Postgres({ durable: true });
  const server = new Server({ database: pg, binary: `${build}/amphi`, wrapper: ["taskset", "-c", "0"], env: { AMPHI_LOOPS: "1" } });
  await server.start();
  try {
    const o = congress(pg, { registrations: n * 10, spans: n * 100 });
    const size = { registrations: o.registrations, profiles: o.profiles, spans: o.spans };
    say(`congress: seeded ${JSON.stringify(size)}`);
    const figures = [];
    if (names.filter((name) => name.startsWith("attendance")).some(wanted) || wanted("congress"))
      figures.push(...attendanceFigures(await attendance({ pg, server, o, repeats }), size));
    if (names.filter((name) => name.startsWith("goals")).some(wanted) || wanted("congress"))
      figures.push(...goalFigures(await goals({ pg, server, o }), size));
    return figures;
  } finally {
    await server.kill();
    pg.stop("immediate");
  }
}
