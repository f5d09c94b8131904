// One real webinar through the pages: an organiser, a host and three HCPs of two profiles; one is
// there on two tabs and away for a while, one is reset, one's packets vanish for ten seconds. The
// exported files must say what the proxies saw.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import { attendance, parseCsv } from "./lib/attendance.mjs";
import { openBrowser, openContext, saveScreens } from "./lib/browser.mjs";
import { cleanup, waitFor } from "./lib/cleanup.mjs";
import { Hcp } from "./lib/hcp.mjs";
import { HostConsole } from "./lib/host.mjs";
import { root } from "./lib/need.mjs";
import { Postgres, rolesOf, temporaryFolder } from "./lib/postgres.mjs";
import { Server } from "./lib/server.mjs";
import * as staff from "./lib/staff.mjs";

after(cleanup);

const PAGES = 24;
const GAP_MS = 30000;
const QUESTION = "Quel traitement en première intention ?";
const ANSWERS = ["Bêta-bloquant", "Inhibiteur SGLT2", "Diurétique"];
const CARDIOLOGISTS = {
  name: "Cardiologues",
  criteria: [
    ["Profession", "physi", "Physician"],
    ["Specialty", "cardio", /^Cardiology/],
  ],
  registrations: 2,
  attendees: 2,
  rate: 80,
  universe: 160,
  source: "Registre national, 2026",
};
const PHARMACISTS = { name: "Pharmaciens, officine", criteria: [["Profession", "pharmacist", "Pharmacist"]], registrations: 5, attendees: 1, rate: 50 };

const anne = new Hcp({ email: "anne.lefevre@example.org", first: "Anne", last: "Lefèvre", language: "fr", profession: "10", specialty: "SM04", practice_setting: "SA01", region: "11", age_band: "45_54" });
const ben = new Hcp({ email: "ben.okoye@example.org", first: "Ben", last: "Okoye", language: "en", profession: "10", specialty: "SM04", practice_setting: "SA07", region: "76", age_band: "35_44" });
const clara = new Hcp({ email: "clara.duval@example.org", first: "Clara", last: "Duval", language: "en", profession: "21", practice_setting: "SA33", region: "11", age_band: "under_35" });
const people = [anne, ben, clara];

function createOrganisation(server) {
  const env = { PATH: process.env.PATH, ...rolesOf(server.database), AMPHI_PORT: String(server.port), AMPHI_MIGRATIONS: `${root}migrations` };
  const args = ["--name", "Laboratoire Exemple", "--contact", "contact@example.org", "--organiser", "olga@example.org", "--organiser-name", "Olga Martin", "--language", "en"];
  const out = execFileSync(server.binary, ["admin", "create-organisation", ...args], { env, cwd: root }).toString();
  return out.match(/https:\/\/\S+/)[0];
}

function deck() {
  const file = `${temporaryFolder("deck")}/Insuffisance cardiaque.pdf`;
  execFileSync("python3", [`${root}tests/fixtures/make_pdf.py`, "--pages", String(PAGES), file]);
  return file;
}

// Tomorrow in the congress' zone, as the form's date field takes it.
const tomorrow = () => new Date(Date.now() + 86400000).toLocaleDateString("sv-SE", { timeZone: "Europe/Paris" });

async function prepare(server, olga) {
  await staff.signIn(olga, createOrganisation(server));
  await staff.createCongress(olga, { title: "Webinaire cœur", description: "Une heure pour la pratique.", language: "French", zone: "Europe/Paris" });
  const session = await staff.scheduleSession(olga, { title: "Insuffisance cardiaque", date: tomorrow(), time: "18:30", minutes: 45, listenAt: "+33 1 23 45 67 89, code 4711" });
  await staff.publish(olga);
  await olga.getByRole("link", { name: "Webinaire cœur" }).click();
  await olga.getByRole("link", { name: "Audience" }).click();
  await staff.createProfile(olga, CARDIOLOGISTS);
  await staff.createProfile(olga, PHARMACISTS);
  await olga.getByRole("link", { name: "Links" }).click();
  const email = await staff.createLink(olga, { channel: "E-mail", label: "Newsletter" });
  const representative = await staff.createLink(olga, { channel: "Representative", label: "Nord" });
  await staff.inviteHost(olga, { name: "Hugo Host", email: "hugo@example.org" });
  return { session, links: { email, representative } };
}

async function prepareHost(server, hugo, session) {
  await staff.signIn(hugo, await server.link("hugo@example.org", "sign-in"));
  await hugo.getByRole("link", { name: /Webinaire cœur/ }).click();
  await hugo.getByRole("link", { name: /^Sessions/ }).click();
  await hugo.getByRole("link", { name: /Insuffisance cardiaque/ }).click();
  await staff.uploadDeck(hugo, deck(), PAGES);
  await staff.preparePoll(hugo, { question: QUESTION, answers: ANSWERS });
  await hugo.getByRole("link", { name: "Host console" }).click();
  await hugo.waitForURL(`**/host/${session}`);
  return new HostConsole(hugo, PAGES);
}

async function download(page, name, format) {
  const exports = page.getByRole("region", { name: "Exports" });
  if (format) await exports.getByLabel("Format").selectOption({ label: format });
  const [file] = await Promise.all([page.waitForEvent("download"), exports.getByRole("link", { name, exact: true }).click()]);
  return { text: readFileSync(await file.path(), "utf8"), name: file.suggestedFilename() };
}

// What a reader of each language finds: the file's name, its separator, its headers, its zone.
async function checkFormats(page) {
  const english = await download(page, "Attendance");
  assert.equal(english.name, `Attendance - Webinaire cœur - Insuffisance cardiaque - ${tomorrow()}.csv`);
  assert.ok(english.text.startsWith("\ufeffRegistration,Last name,First name,E-mail,"), english.text.slice(0, 80));
  const french = await download(page, "Attendance", "Excel in French (semicolons, decimal comma)");
  assert.equal(french.name, `Présence - Webinaire cœur - Insuffisance cardiaque - ${tomorrow()}.csv`);
  assert.ok(french.text.startsWith("\ufeffInscription;Nom;Prénom;E-mail;"), french.text.slice(0, 80));
  assert.match(french.text, /;20\d\d-\d\d-\d\d \d\d:\d\d:\d\d \+0[12]:00;inscrit;/);
  assert.match(french.text, /;0,\d{4};(oui|non);/);
}

const MACHINE = "CSV for other software (RFC 4180)";

const sees = (number, pages) => Promise.all(pages.map(([person, page]) => person.seesSlide(number, PAGES, { page })));

// Everything while live. Returns when it began and ended.
async function conduct(host) {
  const live = [await host.start(people.length)];
  const second = anne.second;
  await host.next(2);
  await sees(2, [[anne], [anne, second], [ben], [clara]]);

  await anne.ask("Faut-il adapter la dose chez l’insuffisant rénal ?");
  await ben.ask("Which dose on day one?");
  await host.approve("Faut-il adapter la dose");
  await clara.page.getByText("Faut-il adapter la dose").waitFor();
  await clara.page.getByRole("button", { name: "Upvote, 0 so far" }).click();
  await host.supported("Faut-il adapter la dose", 1);
  await host.dismiss("Which dose on day one?");
  await host.answer("Faut-il adapter la dose");
  await anne.page.getByText("Traitée", { exact: true }).first().waitFor();

  await anne.page.close(); // the other tab stays
  await host.openPoll(QUESTION);
  await anne.vote(QUESTION, ANSWERS[1], second);
  await ben.vote(QUESTION, ANSWERS[1]);

  const before = ben.proxy.websockets.length;
  ben.proxy.reset();
  await host.key("ArrowRight", 3);
  await ben.seesSlide(3, PAGES);
  await waitFor("Ben's browser to connect again by itself", () => ben.proxy.websockets.length === before + 1);
  await ben.page.getByText(ben.words.voted).waitFor(); // the vote is still known
  await host.present(3);

  const away = Date.now();
  await second.close();
  await host.present(2);
  const vanished = clara.proxy.vanish(10000);
  await host.jump(17);
  await ben.seesSlide(17, PAGES);
  await host.present(1); // silence was noticed while it lasted
  await vanished;
  await clara.seesSlide(17, PAGES);
  await clara.vote(QUESTION, ANSWERS[0]);
  await host.closePoll(QUESTION);
  await host.showResults(QUESTION);
  for (const person of [ben, clara]) await person.seesResult(QUESTION, [/SGLT2.*67%.*\(2\)/, /Bêta-bloquant.*33%.*\(1\)/, /Diurétique.*0%.*\(0\)/]);

  await waitFor("Anne to be away longer than the gap", () => Date.now() - away > GAP_MS + 3000, 60000);
  anne.page = await anne.openTab();
  await anne.seesSlide(17, PAGES);
  await host.attended(2);
  live.push(await host.end());
  for (const person of people) await person.seesEnd();
  return live;
}

const near = (what, actual, expected, within) => assert.ok(Math.abs(actual - expected) <= within, `${what}: ${actual}, expected ${expected} ± ${within}`);

const facts = new Map([
  [anne, { target_profiles: "Cardiologues", channel: "email", questions: "1", votes: "1", attended: "no", completed: "no" }],
  [ben, { target_profiles: "Cardiologues", channel: "representative", questions: "1", votes: "1", attended: "yes", completed: "yes" }],
  [clara, { target_profiles: "Pharmaciens, officine", channel: "email", questions: "0", votes: "1", attended: "yes", completed: "yes" }],
]);

function checkAttendance(text, live) {
  const lines = parseCsv(text);
  assert.equal(lines.length, people.length);
  for (const person of people) {
    const line = lines.find((l) => l.email === person.email);
    const expected = attendance(person.proxy.log, live, { gapMs: GAP_MS });
    const { profession, specialty = "", practice_setting, region, age_band } = person;
    const said = { last_name: person.last, first_name: person.first, profession, specialty, practice_setting, region, age_band, state: "registered", ...facts.get(person) };
    for (const [column, value] of Object.entries(said)) assert.equal(line[column], value, `${person.first}: ${column}`);
    near(`${person.first}: first join`, Date.parse(line.first_join), expected.firstJoin, 1000);
    near(`${person.first}: last leave`, Date.parse(line.last_leave), expected.lastLeave, 1000);
    near(`${person.first}: seconds present`, Number(line.seconds_present), expected.seconds, expected.edges);
    near("live seconds", Number(line.live_seconds), expected.liveSeconds, 2);
    assert.match(line.first_join, /\+0[12]:00$/, "in the congress's zone");
    const [present, all, share] = [line.seconds_present, line.live_seconds, line.share_of_live_time].map(Number);
    assert.equal(present >= 60, line.attended === "yes", "what is shown decides as the rule does");
    assert.equal(present >= 60 && share >= 0.75, line.completed === "yes", `${present} of ${all} s, ${share}: ${line.completed}`);
    near(`${person.first}: share`, Number(line.share_of_live_time), Number(line.seconds_present) / Number(line.live_seconds), 0.02);
    assert.equal(line.attended, expected.attended ? "yes" : "no", `${person.first}: attended by the log`);
    assert.equal(line.completed, expected.completed ? "yes" : "no", `${person.first}: completed by the log`);
    assert.ok(Number(line.seconds_attentive) <= Number(line.seconds_present) + 1);
  }
}

// By hand: Anne and Ben are cardiologists, Ben attended; Clara is a pharmacist and attended.
const participation = {
  "All registrations": { registered: "3", attended: "2", completed: "2", coverage: "not known", participation_rate: "0.6666", participation_rate_numerator: "2", participation_rate_denominator: "3", completion_rate: "1.0000" },
  "No target profile": { registered: "0", attended: "0", completed: "0", participation_rate: "" },
  Cardiologues: {
    ...{ goal_registrations: "2", goal_attendees: "2", goal_participation_rate: "0.8000", universe: "160", universe_source: "Registre national, 2026" },
    ...{ registered: "2", attended: "1", completed: "1", registration_rate: "0.0125", registration_rate_numerator: "2", registration_rate_denominator: "160" },
    ...{ coverage: "0.0062", coverage_numerator: "1", coverage_denominator: "160", participation_rate: "0.5000", participation_rate_numerator: "1", participation_rate_denominator: "2" },
    ...{ completion_rate: "1.0000", completion_rate_numerator: "1", completion_rate_denominator: "1", registrations_reached: "yes", attendees_reached: "no", participation_rate_reached: "no" },
  },
  "Pharmaciens, officine": {
    ...{ goal_registrations: "5", goal_attendees: "1", goal_participation_rate: "0.5000", universe: "", registered: "1", attended: "1", completed: "1" },
    ...{ registration_rate: "not known", coverage: "not known", coverage_denominator: "", participation_rate: "1.0000", completion_rate: "1.0000" },
    ...{ registrations_reached: "no", attendees_reached: "yes", participation_rate_reached: "yes" },
  },
};

function checkParticipation(text) {
  const lines = parseCsv(text);
  assert.deepEqual(lines.map((l) => l.target_profile), Object.keys(participation));
  for (const line of lines)
    for (const [column, value] of Object.entries(participation[line.target_profile])) assert.equal(line[column], value, `${line.target_profile}: ${column}`);
}

test("a webinar from the first link to the attendance file", { timeout: 240000 }, () =>
  webinar().catch(async (error) => {
    await saveScreens("webinar");
    throw error;
  }));

async function webinar() {
  const server = await new Server({ database: new Postgres(), env: { AMPHI_PING_MS: "2000" } }).start();
  const office = await openBrowser();
  const contexts = [await openContext(office, { acceptDownloads: true }), await openContext(office)];
  const [olga, hugo] = await Promise.all(contexts.map((context) => context.newPage()));
  const { session, links } = await prepare(server, olga);
  const hosting = prepareHost(server, hugo, session);
  hosting.catch(() => {});
  for (const person of people) {
    await person.arrive(server);
    await person.register(person === ben ? links.representative : links.email);
  }
  for (const person of people) await person.enterLobby();
  for (const person of people) await person.page.getByText("+33 1 23 45 67 89, code 4711").waitFor();
  anne.second = await anne.openTab();
  const host = await hosting;
  await host.present(3);
  await host.jump(1);

  const live = await conduct(host);
  const [[nodes]] = server.database.sql(`SELECT count(DISTINCT node_id) FROM span WHERE session_id = '${session}'`);
  assert.equal(Number(nodes), Math.max(server.nodes.length, 1), "nodes that had people");
  await olga.goto(`${server.url}/sessions/${session}/participation`);
  await checkFormats(olga);
  checkAttendance((await download(olga, "Attendance", MACHINE)).text, live);
  checkParticipation((await download(olga, "Participation", MACHINE)).text);
  // Only the broken connections may have been complained about.
  const complaints = [...contexts, ...people.map((p) => p.context)].flatMap((c) => c.errors).filter((e) => !/WebSocket connection|ERR_CONNECTION_RESET|ERR_TIMED_OUT/.test(e));
  assert.deepEqual(complaints, []);
}
