// Registering: forms a second (a request, the job that forgets it and its mail), and confirmations a second (person,
// registration, consents, match, audit, mail, sign-in and seat), in an empty congress and in one with many registrations;
// the last seats of one that fills up. Beside them, on as many connections as the server has, transactions that write
// as much log with one bare INSERT each: what disk and machine can do at all at that moment. `costs` tells apart where
// the processors' time goes, microseconds a request, and how often the log is flushed for one; mails are sent meanwhile.
import { execFileSync } from "node:child_process";
import { hcps, organisation, token } from "../../e2e/lib/people.mjs";
import { processes } from "../../e2e/lib/postgres.mjs";
import { cpuClock } from "../lib/cpu.mjs";
import { figure } from "../lib/figures.mjs";
import { checkpoint } from "../lib/stage.mjs";

export const names = ["register"];

const AT_ONCE = 16;
const BATCH = 100; // connections: an idle one is closed before long
const WORKERS = 8; // workers_short
const MANY = 20000;
const WANTED = 300; // a second
const FLAT = 0.85; // in a full congress, of the rate in an empty one

const form = (email) =>
  JSON.stringify({
    email, first_name: "Prénom", last_name: "Nom", language: "fr", profession: "10", specialty: "SM04", practice_setting: "SA01", region: "11", age_band: "45_54",
    consents: [{ kind: "participation", version: 1, given: true }, { kind: "contact", version: 1, given: false }],
  });

function congressOf(pg, registered) {
  const o = organisation(pg, `Register ${registered} ${Math.random()}`, { live: false });
  for (let left = registered; left > 0; left -= 5000) hcps(pg, o, Math.min(left, 5000));
  pg.sql("ANALYZE");
  return o;
}

function requests(pg, o, n) {
  const tokens = Array.from({ length: n }, () => token());
  const consents = '[{"kind":"participation","version":1,"given":true},{"kind":"contact","version":1,"given":false}]';
  const rows = tokens.map((t, i) => `('${o.id}','${o.congress}','${o.link}','\\x${t.hash}','asks-${i}@example.org','Prénom','Nom','fr','10','SM04','SA01','11','45_54','${consents}',now(),now() + interval '1 day')`);
  pg.sql(`INSERT INTO registration_request (organisation_id, congress_id, link_id, token_hash, email, first_name, last_name, language, profession, specialty, practice_setting, region, age_band, consents, requested_at, expires_at) VALUES ${rows.join(",")}`);
  return tokens.map((t) => t.text);
}

// What a request of each kind writes into the log, roughly.
const LOG_BYTES = { forms: 3000, confirmations: 7000 };

// Bare transactions a second.
function commits(context, bytes) {
  const { pg } = context.stage;
  pg.sql(`DROP TABLE IF EXISTS bare; CREATE TABLE bare (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, x text); ALTER TABLE bare ALTER x SET STORAGE PLAIN`);
  checkpoint(pg);
  const script = context.stage.file("bare.sql", [`INSERT INTO bare (x) VALUES (repeat('x', ${bytes}));`]);
  const said = execFileSync("taskset", ["-c", "0", `${pg.bin}/pgbench`, pg.url, "-n", "-M", "prepared", "-c", String(WORKERS), "-j", "1", "-T", "3", "-f", script], { stdio: ["ignore", "pipe", "pipe"] });
  return Number(/tps = ([\d.]+)/.exec(said.toString())[1]);
}

// {per_second, costs} of what `during` asks n times.
async function cost(context, server, gen, n, during) {
  const { pg } = context.stage;
  const flushes = () => Number(pg.sql("SELECT wal_sync FROM pg_stat_wal")[0][0]);
  const us = (ns) => Math.round(ns / 1000 / n);
  const database = cpuClock(processes(`${pg.folder}/data`)), generator = cpuClock([gen.process.pid]), before = server.cpu(), flushed = flushes();
  const ms = await during();
  const costs = { server: us(server.cpu() - before), database: us(database()), generator: us(generator()), flushes: +((flushes() - flushed) / n).toFixed(2) };
  return { per_second: (n / ms) * 1000, costs };
}

async function measure(context, registered, seats = 100000) {
  const n = Math.min(1500, context.n);
  const { pg } = context.stage;
  const o = congressOf(pg, registered);
  pg.sql(`UPDATE session SET capacity = ${seats} WHERE id = '${o.session}'`);
  checkpoint(pg);
  const server = new context.servers.Amphi(context);
  const gen = context.generator();
  await server.start({ tls: false });
  const batch = async (head, body, lines) => {
    const { first } = await gen.connect(lines.length, { bytes: true, member: false });
    const answer = await gen.run("requests", { first, count: lines.length, head, body, lines: context.stage.file("lines", lines), inflight: AT_ONCE });
    if (answer.good !== lines.length) throw new Error(`of ${lines.length} ${answer.good} were taken: ${answer.refusal}`);
    return answer.ms;
  };
  const ask = async (path, body, lines) => {
    const head = `POST ${path} HTTP/1.1\r\nHost: localhost:${server.port}\r\nOrigin: ${server.target().origin}\r\nX-Amphi: 1\r\nContent-Type: application/json\r\n`;
    return cost(context, server, gen, lines.length, async () => {
      let ms = 0;
      for (let from = 0; from < lines.length; from += BATCH) ms += await batch(head, body, lines.slice(from, from + BATCH));
      return ms;
    });
  };
  try {
    await gen.run("target", server.target());
    const forms = await ask(`/api/registration-pages/${o.code}`, form("new-%@example.org"), Array.from({ length: n }, (_, i) => String(i)));
    const confirmations = await ask("/api/join", '{"token":"%"}', requests(pg, o, n));
    const said = ({ per_second, costs }) => `${per_second.toFixed(0)} a second ${JSON.stringify(costs)}`;
    context.say(`amphi register in a congress of ${registered}, ${seats} seats: forms ${said(forms)}, confirmations ${said(confirmations)}`);
    return { forms, confirmations };
  } finally {
    await gen.end();
    await server.stop();
  }
}

const enough = { text: `>= ${WANTED}`, holds: ({ amphi }) => amphi >= WANTED };
const flat = { text: `>= ${FLAT} x empty`, holds: ({ amphi, empty }) => amphi >= FLAT * empty };

export async function run(context) {
  const n = Math.min(1500, context.n);
  const empty = [], full = [], last = [], bare = { forms: [], confirmations: [] };
  for (let repeat = 0; repeat < context.repeats; repeat++) {
    for (const what in bare) bare[what].push(commits(context, LOG_BYTES[what]));
    empty.push(await measure(context, 0));
    full.push(await measure(context, MANY));
    last.push(await measure(context, 0, n));
  }
  const of = (samples, what) => samples.map((s) => s[what].per_second);
  const costs = (samples, what) => ({ costs: samples.map((s) => s[what].costs) });
  return [...["forms", "confirmations"].flatMap((what) => [
    figure(`register.${what}`, "1/s", { amphi: of(empty, what), commits: bare[what] }, enough, costs(empty, what)),
    figure(`register.${what}.${MANY}`, "1/s", { amphi: of(full, what), empty: of(empty, what) }, flat, costs(full, what)),
  ]), figure("register.confirmations.last", "1/s", { amphi: of(last, "confirmations"), empty: of(empty, "confirmations") }, flat, costs(last, "confirmations"))];
}
