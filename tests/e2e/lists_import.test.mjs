// Rule: a target list comes from a file only when somebody has seen what its columns are and confirmed it; each line that
// is refused says why; whoever is there twice becomes one, by the rule that was chosen; nothing of the file stays behind.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { cleanup, waitFor } from "./lib/cleanup.mjs";
import { parseCsv } from "./lib/attendance.mjs";
import { request } from "./lib/http.mjs";
import { listFile, rpps } from "./lib/listed.mjs";
import { organisation } from "./lib/people.mjs";
import { Postgres } from "./lib/postgres.mjs";
import { Server } from "./lib/server.mjs";

let pg, server, o, names = 0;
before(async () => {
  pg = new Postgres();
  server = await new Server({ database: pg }).start();
  o = organisation(pg, "Un");
});
after(cleanup);

const call = (method, path, body, headers) => request({ port: server.port, method, path, cookie: o.staff.organiser.cookie, body, headers });
const upload = (list, file, type = "text/csv") => call("POST", `/api/target-lists/${list}/imports?file_name=cardio.csv`, Buffer.from(file), { "Content-Type": type });
const one = (sql) => pg.sql(sql)[0][0];

async function newList() {
  const made = await call("POST", "/api/target-lists", { name: `List ${++names}`, source: "CRM" });
  assert.equal(made.status, 201, made.text);
  return made.json.id;
}

async function until(list, id, state) {
  const now = () => one(`SELECT state FROM target_list_import WHERE id = '${id}'`);
  await waitFor(state, () => now() === state || assert.notEqual(now(), "failed"));
  return (await call("GET", `/api/target-lists/${list}/imports/${id}`)).json;
}

async function checked(list, file, { duplicates = "keep", fields } = {}) {
  const up = await upload(list, file);
  assert.equal(up.status, 201, up.text);
  const mapped = await call("PUT", `/api/target-lists/${list}/imports/${up.json.id}/mapping`, { fields: fields ?? up.json.columns.map((c) => c.proposed), duplicates });
  assert.equal(mapped.status, 200, mapped.text);
  return until(list, up.json.id, "checked");
}

async function stored(list, file, how) {
  const seen = await checked(list, file, how);
  const confirmed = await call("POST", `/api/target-lists/${list}/imports/${seen.id}/confirm`);
  assert.equal(confirmed.status, 200, confirmed.text);
  return until(list, seen.id, "stored");
}

const people = (list) => pg.sql(`SELECT coalesce(rpps, ''), coalesce(email, ''), first_name, last_name, coalesce(postcode, ''), coalesce(segment, '') FROM target_list_person WHERE target_list_id = '${list}' ORDER BY position, id`).map((r) => r.join("|"));

test("columns are known by name, codes by label or code, and nothing is stored before it is confirmed", async () => {
  const list = await newList();
  const file = "N° RPPS;Nom;Prénom;E-mail;Spécialité;Code postal;Département;Segment;Remarque\r\n" +
    "10000001916;MARTIN;Anne;Anne@X.test;cardiologie et maladies vasculaires;29200;Finistère;A;\r\n" +
    `8 ${rpps(2)};Durand;Élise;;SM04;;;B;"dit ""vu"";\r\nau congrès"\r\n`;
  const up = await upload(list, file);
  assert.equal(up.status, 201, up.text);
  assert.deepEqual([up.json.state, up.json.encoding, up.json.delimiter, up.json.has_header, up.json.lines], ["read", "utf-8", ";", true, 2]);
  assert.deepEqual(up.json.columns.map((c) => c.proposed), ["rpps", "last_name", "first_name", "email", "specialty", "postcode", "department", "segment", null]);
  assert.deepEqual(up.json.preview.map((l) => l.line), [2, 3]);
  assert.equal(up.json.preview[1].cells[8], 'dit "vu"; au congrès');
  const seen = await checked(list, file);
  assert.deepEqual(seen.counts, { good: 2, refused: 0, new: 2, twice_in_file: 0, on_list: 0 }, JSON.stringify(seen.refused));
  assert.deepEqual(people(list), []);
  const done = await call("POST", `/api/target-lists/${list}/imports/${seen.id}/confirm`);
  assert.equal(done.status, 200, done.text);
  assert.deepEqual((await until(list, seen.id, "stored")).counts, { ...seen.counts, added: 2, changed: 0 });
  assert.deepEqual(people(list), ["10000001916|anne@x.test|Anne|MARTIN|29200|A", `${rpps(2)}||Élise|Durand||B`]);
  assert.deepEqual(pg.sql(`SELECT specialty, coalesce(department, ''), coalesce(region, '') FROM target_list_person WHERE target_list_id = '${list}' ORDER BY position`), [["SM04", "29", "53"], ["SM04", "", ""]]);
  assert.equal(one(`SELECT people FROM target_list WHERE id = '${list}'`), "2");
  assert.equal(one(`SELECT count(*) FROM target_list_import_line WHERE import_id = '${seen.id}'`), "0");
  assert.equal(one(`SELECT count(*) FROM target_list_import_person WHERE import_id = '${seen.id}'`), "0");
  const again = await call("POST", `/api/target-lists/${list}/imports/${seen.id}/confirm`);
  assert.deepEqual([again.status, again.json.code], [409, "import.state"]);
});

test("every encoding and delimiter is found out", async () => {
  const list = await newList();
  const text = (d) => `Nom${d}Prénom${d}E-mail\nLefèvre${d}Zoé${d}zoe@x.test\n`;
  const utf16 = (s) => Buffer.from(s, "utf16le");
  const swapped = (s) => Buffer.from(utf16(s)).swap16();
  const files = [
    [Buffer.from(`\ufeff${text(",")}`), "utf-8", ","], [Buffer.from(text("\t")), "utf-8", "\t"], [Buffer.from(text("|")), "utf-8", "|"],
    [Buffer.from(text(";"), "latin1"), "windows-1252", ";"],
    [utf16(`\ufeff${text("\t")}`), "utf-16le", "\t"], [swapped(`\ufeff${text(";")}`), "utf-16be", ";"], [utf16(text(";")), "utf-16le", ";"],
  ];
  for (const [file, encoding, delimiter] of files) {
    const { status, json } = await upload(list, file);
    assert.equal(status, 201, JSON.stringify(json));
    assert.deepEqual([json.encoding, json.delimiter, json.columns.map((c) => c.name), json.preview[0].cells], [encoding, delimiter, ["Nom", "Prénom", "E-mail"], ["Lefèvre", "Zoé", "zoe@x.test"]]);
    assert.equal((await call("DELETE", `/api/target-lists/${list}/imports/${json.id}`)).status, 204);
  }
  assert.equal(one(`SELECT count(*) FROM target_list_import_line l WHERE l.import_id NOT IN (SELECT id FROM target_list_import WHERE target_list_id <> '${list}')`), "0", "what is cancelled is gone");
});

test("each faulty line says why, and the report of it runs nothing", async () => {
  const list = await newList();
  const good = "10000001916,Martin,Anne,anne@x.test,SM04\n";
  const lines = [
    ["10000001917,A,B,,", "rpps.check_digit"], ["1,0001E+10,A,B,b@x.test,SM04", "line.columns"], ["123,A,B,,", "rpps.malformed"], [",A,B,not an address,", "email.malformed"],
    [",A,B,,=cmd|' /C calc'!A0", "code.unknown"], [",,B,,SM04", "person.missing"], [`,${"A".repeat(101)},B,,`, "cell.too_long"],
    [`,${"A".repeat(17000)},B,,`, "line.too_long"], [",A\0,B,,", "line.nul"], [",A", "line.columns"],
  ];
  const file = Buffer.concat([Buffer.from(`RPPS,Nom,Prénom,E-mail,Spécialité\n${good}${lines.map(([l]) => l).join("\n")}\n,A`), Buffer.from([0xe9]), Buffer.from(`,B,,\n,"open,B,,\n${"x".repeat(0)}`)]);
  const seen = await checked(list, file);
  const expected = [...lines.map(([, fault], i) => [i + 3, fault]), [13, "line.encoding"], [14, "line.quote"]];
  assert.deepEqual(seen.refused.map((r) => [r.line, r.fault]), expected);
  assert.deepEqual([seen.counts.good, seen.counts.refused], [1, 12]);
  const report = await call("GET", `/api/target-lists/${list}/imports/${seen.id}/report.csv?dialect=excel-en`);
  assert.equal(report.status, 200, report.text);
  const rows = parseCsv(report.text.replace(/^\ufeff/, ""));
  assert.deepEqual(rows.map((r) => r.Reason), expected.map(([, fault]) => fault));
  assert.equal(rows[4].Value, "'=cmd|' /C calc'!A0");
  assert.equal(rows[4].Column, "Spécialité");
});

test("what is no list of people is refused whole", async () => {
  const list = await newList();
  for (const [file, code] of [["\n;\n", "file.empty"], ["Nom,E-mail\n", "file.empty"], ["PK\x03\x04rest of a workbook", "file.spreadsheet"],
    [Buffer.alloc(5000, 3), "file.binary"], ["x".repeat(1 << 20), "file.header"], [`Nom\n${"A\n".repeat(200001)}`, "file.too_many_lines"]]) {
    const { status, json } = await upload(list, file);
    assert.deepEqual([status, json.code], [422, code]);
  }
  assert.equal((await upload(list, "Nom\nA\n", "text/html")).status, 415);
  assert.equal(one(`SELECT count(*) FROM target_list_import WHERE target_list_id = '${list}'`), "0");
  const { json } = await upload(list, "Nom;nom;Nom\nA;B;C\n");
  assert.deepEqual(json.columns.map((c) => [c.proposed, c.repeated]), [["last_name", true], [null, true], [null, true]]);
  for (const [body, reason] of [[{ fields: ["last_name"], duplicates: "keep" }, "not one for each column"], [{ fields: ["last_name", "last_name", null], duplicates: "keep" }, "repeated"],
    [{ fields: ["tier", null, null], duplicates: "keep" }, "nobody is named"], [{ fields: ["shoe_size", null, null], duplicates: "keep" }, "unknown"]]) {
    const bad = await call("PUT", `/api/target-lists/${list}/imports/${json.id}/mapping`, body);
    assert.deepEqual([bad.status, bad.json.reason], [422, reason], bad.text);
  }
  const early = await call("POST", `/api/target-lists/${list}/imports/${json.id}/confirm`);
  assert.deepEqual([early.status, early.json.code], [409, "import.state"]);
});

test("a file without a header loses no line", async () => {
  const list = await newList();
  const seen = await checked(list, "anne@x.test\nben@x.test\n", { fields: ["email"] });
  assert.deepEqual([seen.has_header, seen.lines, seen.counts.new], [false, 2, 2]);
});

test("whoever is there twice becomes one by the rule", async () => {
  const before = "RPPS;Nom;Prénom;E-mail;Code postal;Segment\n10000001916;Martin;Anne;;29200;A\n;Durand;Paul;cabinet@x.test;;\n;Petit;Zoé;;75001;\n";
  const file = "RPPS;Nom;Prénom;E-mail;Code postal;Segment\n" +
    "10000001916;Martin;Anne;anne@x.test;;B\n" + // by number
    ";DURAND;Paul;cabinet@x.test;69001;C\n" + // by address and a word of the name
    ";Moreau;Julie;cabinet@x.test;69001;D\n" + // another of the same practice
    ";petit;zoe;;75001;E\n" + // by name and postcode
    ";PETIT;Zoé;zoe@x.test;75001;\n" + // the same again
    ";New;Nina;nina@x.test;;\n;New;Nina;nina@x.test;13001;F\n";
  const outcome = {
    keep: [["10000001916||Anne|Martin|29200|A", "|cabinet@x.test|Paul|Durand||", "||Zoé|Petit|75001|", "|cabinet@x.test|Julie|Moreau|69001|D", "|nina@x.test|Nina|New||"], 0],
    merge: [["10000001916|anne@x.test|Anne|Martin|29200|A", "|cabinet@x.test|Paul|Durand|69001|C", "|zoe@x.test|Zoé|Petit|75001|E", "|cabinet@x.test|Julie|Moreau|69001|D", "|nina@x.test|Nina|New|13001|F"], 3],
    replace: [["10000001916|anne@x.test|Anne|Martin||B", "|cabinet@x.test|Paul|DURAND|69001|C", "|zoe@x.test|Zoé|PETIT|75001|", "|cabinet@x.test|Julie|Moreau|69001|D", "|nina@x.test|Nina|New|13001|F"], 3],
  };
  for (const [duplicates, [expected, changed]] of Object.entries(outcome)) {
    const list = await newList();
    await stored(list, before);
    const { counts } = await stored(list, file, { duplicates });
    assert.deepEqual(counts, { good: 7, refused: 0, new: 2, twice_in_file: 2, on_list: 3, added: 2, changed }, duplicates);
    assert.deepEqual(people(list), expected, duplicates);
    assert.equal(one(`SELECT people FROM target_list WHERE id = '${list}'`), "5");
  }
});

test("what nobody confirms is gone after a day", async () => {
  const list = await newList();
  const { json } = await upload(list, "Nom\nMartin\n");
  const [[kind, late]] = pg.sql(`SELECT kind, due_at BETWEEN created_at + interval '24 hours' AND created_at + interval '25 hours' FROM job WHERE object_id = '${json.id}'`);
  assert.deepEqual([kind, late], ["target_list.forget", "t"]);
  pg.sql(`UPDATE job SET due_at = now() WHERE object_id = '${json.id}'`);
  await waitFor("the import to go", () => one(`SELECT count(*) FROM target_list_import WHERE id = '${json.id}'`) === "0");
  assert.equal(one(`SELECT count(*) FROM target_list_import_line WHERE import_id = '${json.id}'`), "0");
});

test("of 5,000 people with 300 faulty lines the others are stored", { timeout: 60000 }, async () => {
  const list = await newList();
  const done = await stored(list, listFile(5000, 300));
  assert.deepEqual(done.counts, { good: 4700, refused: 300, new: 4700, twice_in_file: 0, on_list: 0, added: 4700, changed: 0 });
});

const memory = () => Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${server.process.pid}/status`, "utf8"))[1]);

test("200,000 lines are taken in bounded memory", { timeout: 120000 }, async () => {
  const list = await newList();
  const file = Buffer.from(listFile(200000));
  const peak = memory(), begun = Date.now();
  const up = await upload(list, file);
  assert.deepEqual([up.status, up.json.lines], [201, 200000]);
  console.log(`# ${file.length >> 20} MB in ${((Date.now() - begun) / 1000).toFixed(1)} s, ${(memory() - peak) >> 10} MB more memory`);
  assert.ok(memory() - peak < 16 << 10, "not with the file");
});
