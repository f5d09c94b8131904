// Rule: whoever has a registration link reads the programme of its congress: published sessions and breaks, by day, with rooms, tracks,
// talks and speakers, in both languages, without JavaScript too; filters are in the address and say the same on the server and in the
// browser; the times are also the reader's. What is a draft is nowhere. Programs read it as schedule.xml, schedule.json and iCal.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { after, before, test } from "node:test";
import { openBrowser, openContext } from "./lib/browser.mjs";
import { cleanup, onCleanup } from "./lib/cleanup.mjs";
import { request } from "./lib/http.mjs";
import { lookAt, shots } from "./lib/look.mjs";
import { hcps, organisation } from "./lib/people.mjs";
import { Postgres } from "./lib/postgres.mjs";
import { Server } from "./lib/server.mjs";

after(cleanup);

let pg, server, browser, o, person;

// Two days around the present, in three rooms; a session over midnight; words that would break HTML and XML.
const SESSIONS = [
  [-1, "09:00", 45, "A", "plenary", "Ouverture", "Le mot des présidents.", "fr", "introductory", "ended"],
  [-1, "10:00", 90, "A", "heart", "Insuffisance cardiaque : titrer à plusieurs", "Du dépistage en ville au suivi partagé.", "fr", "intermediate", "ended"],
  [-1, "10:00", 90, "B", "kidney", "Kidney & heart <b>together</b>", "What \"cardiorenal\" means in practice.", "en", "advanced", "ended"],
  [-1, "10:00", 90, "C", "practice", "Atelier : lire un holter", "", "fr", "introductory", "ended"],
  [0, "NOW", 60, "A", "heart", "Anticoagulation en 2027", "Trois cas, trois décisions.", "fr", "intermediate", "live"],
  [0, "NOW", 60, "B", "kidney", "Late-breaking trials", "", "en", "advanced", "lobby"],
  [1, "14:00", 60, "A", "practice", "Téléconsultation : ce qui change", "", "fr", null, "lobby"],
  [1, "14:00", 60, "B", "heart", "Rhythm devices at home", "", "en", "intermediate", "lobby"],
  [1, "14:00", 60, "C", "kidney", "Dialyse : cas cliniques", "", "fr", "advanced", "cancelled"],
  [1, "23:30", 90, "A", "plenary", "Nuit des internes", "Jusqu’après minuit.", "fr", null, "lobby"],
  [1, "16:00", 60, "A", "heart", "Brouillon secret", "", "fr", null, "draft"],
];

function congress() {
  const id = o.congress, org = o.id;
  pg.sql(`DELETE FROM session WHERE congress_id = '${id}' AND false;
    UPDATE congress SET title = 'Journées du cœur et du rein', description = 'Deux jours pour les médecins qui suivent des patients cardiorénaux.' WHERE id = '${id}';
    UPDATE session SET state = 'draft', title = 'Ancien brouillon' WHERE congress_id = '${id}';
    INSERT INTO hall (organisation_id, congress_id, name, position) VALUES ('${org}', '${id}', 'Salle A', 1), ('${org}', '${id}', 'Salle B', 2), ('${org}', '${id}', 'Salle C', 3);
    INSERT INTO track (organisation_id, congress_id, name, position, colour) VALUES ('${org}', '${id}', 'plenary', 1, 'slate'), ('${org}', '${id}', 'heart', 2, 'rose'), ('${org}', '${id}', 'kidney', 3, 'blue'), ('${org}', '${id}', 'practice', 4, 'amber');
    INSERT INTO speaker (organisation_id, congress_id, name, affiliation, country, created_at) VALUES ('${org}', '${id}', 'Pr Inès Valmont', 'CHU de Port-Clair', '', now()), ('${org}', '${id}', 'Dr Marc O''Neil', 'Royal Infirmary', 'Scotland', now()), ('${org}', '${id}', 'Dr Œnone Petit', '', '', now());`);
  for (const [day, time, minutes, room, track, title, about, language, level, state] of SESSIONS) {
    const at = time === "NOW" ? "date_trunc('hour', now())" : `(((now() AT TIME ZONE 'Europe/Paris')::date + ${day}) + time '${time}') AT TIME ZONE 'Europe/Paris'`;
    const q = (value) => (value === null ? "NULL" : `'${value.replaceAll("'", "''")}'`);
    pg.sql(`INSERT INTO session (organisation_id, congress_id, hall_id, track_id, title, description, language, starts_at, planned_minutes, capacity, state, live_at, ended_at, created_at, level)
      SELECT '${org}', '${id}', (SELECT id FROM hall WHERE congress_id = '${id}' AND name = 'Salle ${room}'), (SELECT id FROM track WHERE congress_id = '${id}' AND name = '${track}'),
        ${q(title)}, ${q(about)}, '${language}', ${at}, ${minutes}, 500, '${state}', ${state === "live" || state === "ended" ? at : "NULL"}, ${state === "ended" ? `${at} + interval '1 hour'` : "NULL"}, now(), ${q(level)}`);
  }
  pg.sql(`INSERT INTO session (organisation_id, congress_id, hall_id, title, language, starts_at, planned_minutes, capacity, kind, created_at)
      SELECT '${org}', '${id}', (SELECT id FROM hall WHERE congress_id = '${id}' AND name = 'Salle A'), 'Pause déjeuner', 'fr', (((now() AT TIME ZONE 'Europe/Paris')::date - 1) + time '12:00') AT TIME ZONE 'Europe/Paris', 90, 1, 'break', now();
    INSERT INTO session_speaker (organisation_id, session_id, talk_id, speaker_id, position, role)
      SELECT s.organisation_id, s.id, NULL, p.id, 1, 'chair' FROM session s JOIN speaker p ON p.name LIKE '%Valmont' WHERE s.title LIKE 'Insuffisance%' OR s.title LIKE 'Anticoag%';
    INSERT INTO talk (id, organisation_id, session_id, position, title, abstract, start_minute, minutes)
      SELECT gen_random_uuid(), s.organisation_id, s.id, n, (ARRAY['Dépister plus tôt en ville', 'Titrer à plusieurs mains'])[n], (ARRAY['Deux ans de protocole entre médecins et infirmières, et ce qu’ils changent.', ''])[n], (n - 1) * 30, 30
        FROM session s, generate_series(1, 2) n WHERE s.title LIKE 'Insuffisance%' OR s.title LIKE 'Anticoag%';
    INSERT INTO session_speaker (organisation_id, session_id, talk_id, speaker_id, position, role)
      SELECT k.organisation_id, k.session_id, k.id, p.id, 1, 'speaker' FROM talk k JOIN speaker p ON p.name LIKE CASE k.position WHEN 1 THEN '%Neil' ELSE '%Petit' END;`);
}

before(async () => {
  pg = new Postgres();
  server = await new Server({ database: pg }).start();
  browser = await openBrowser();
  o = organisation(pg, "Laboratoire Exemple", { live: false });
  [person] = hcps(pg, o, 1);
  congress();
});

const path = (rest = "") => `/programme/${o.code}${rest}`;
const fetched = (rest, headers) => request({ port: server.port, path: path(rest), headers });

async function open({ locale = "fr-FR", width = 390, dark = false, scripts = true, zone = "Europe/Paris" } = {}) {
  const context = await openContext(browser, { locale, width, dark, bypassCSP: true, javaScriptEnabled: scripts, timezoneId: zone });
  onCleanup(() => context.close());
  return context.newPage();
}

const look = (page, name) => lookAt(page, `public-${name}`);

const titles = async (page) => (await page.locator(".card:not([hidden]) h3").allTextContents()).map((title) => title.replaceAll("\u00a0", " "));

test("the page has what is published, escaped, and no draft", { timeout: 60000 }, async () => {
  const { status, text, headers } = await fetched("?lang=en");
  assert.equal(status, 200);
  assert.match(headers["content-type"], /^text\/html/);
  assert.match(headers["content-security-policy"], /script-src 'self'/);
  assert.ok(text.includes("Kidney &amp; heart &lt;b&gt;together&lt;/b&gt;") && !text.includes("<b>together"));
  assert.ok(!text.includes("secret") && !text.includes("Ancien brouillon"), "drafts are not public");
  assert.ok(text.includes("Pause déjeuner") && text.includes("Pr Inès Valmont"));
  assert.equal((await request({ port: server.port, path: "/programme/nothinghere" })).status, 404);
  assert.equal((await request({ port: server.port, path: "/programme" })).status, 404);
});

test("without scripts the address filters", { timeout: 60000 }, async () => {
  const page = await open({ scripts: false });
  await page.goto(server.url + path("?q=coeur+rein"));
  assert.deepEqual(await titles(page), []);
  await page.getByRole("heading", { name: "Aucune session ne correspond" }).waitFor();
  await page.goto(server.url + path());
  const [[room]] = pg.sql(`SELECT id FROM hall WHERE congress_id = '${o.congress}' AND name = 'Salle C'`);
  await page.getByText("Filtrer le programme").click();
  await page.getByLabel("Salle").selectOption(room);
  await page.getByRole("button", { name: "Afficher", exact: true }).click();
  assert.deepEqual(await titles(page), ["Atelier : lire un holter", "Dialyse : cas cliniques"]);
  assert.ok(page.url().includes(`room=${room}`));
  const [[speaker]] = pg.sql("SELECT id FROM speaker WHERE name LIKE '%Petit'");
  await page.goto(server.url + path(`?speaker=${speaker}&q=OENONE`));
  assert.deepEqual(await titles(page), ["Insuffisance cardiaque : titrer à plusieurs", "Anticoagulation en 2027"]);
});

test("with scripts it filters in place and keeps the address, the same as the server", { timeout: 90000 }, async () => {
  const page = await open({ locale: "en-GB" });
  await page.goto(server.url + path());
  await page.getByLabel("Search").fill("valmont");
  await page.getByText("Sessions: 2 of 10").waitFor();
  assert.ok(page.url().includes("q=valmont"));
  await page.reload();
  assert.deepEqual(await titles(page), ["Insuffisance cardiaque : titrer à plusieurs", "Anticoagulation en 2027"]);
  await page.getByRole("link", { name: "Show all" }).click();
  await page.getByText("Sessions: 10", { exact: true }).waitFor();
  for (const query of ["track=%", "room=%", "language=en", "level=advanced", "q=d'hui", "q=o’neil", "q=COEUR", "language=fr&level=introductory"]) {
    const name = query.split("=")[0];
    const [[id]] = name === "track" || name === "room" ? pg.sql(`SELECT id FROM ${name === "room" ? "hall" : "track"} WHERE congress_id = '${o.congress}' ORDER BY position DESC LIMIT 1`) : [[""]];
    const plain = await open({ locale: "en-GB", scripts: false });
    await plain.goto(server.url + path(`?${query.replace("%", id)}`));
    await page.goto(server.url + path(`?${query.replace("%", id)}`));
    await page.getByLabel("Search").dispatchEvent("input");
    assert.deepEqual(await titles(page), await titles(plain), query);
    await plain.context().close();
  }
});

test("times are those of the reader, with the congress's beside", { timeout: 60000 }, async () => {
  const page = await open({ locale: "en-GB", zone: "America/New_York" });
  await page.goto(server.url + path());
  const card = page.locator(".card", { hasText: "Nuit des internes" });
  await card.getByText("17:30").first().waitFor();
  assert.match(await card.locator(".card__time").textContent(), /17:30.*23:30.*19:00.*01:00/);
  await page.getByText("America/New York").waitFor();
  assert.equal(await page.locator(".now").evaluate((line) => line.previousElementSibling.querySelector("h3").textContent), "Anticoagulation en 2027", "now stands behind what has begun");
  await page.locator(".now").waitFor();
  await look(page, "new-york-390");
});

test("every size and shade", { timeout: 180000 }, async () => {
  for (const [locale, width, dark, query] of [["fr-FR", 390, false], ["en-GB", 390, true], ["fr-FR", 820, false], ["en-GB", 820, true], ["fr-FR", 1440, false], ["en-GB", 1440, true], ["fr-FR", 390, true, "?q=rien+de+tel"]]) {
    const page = await open({ locale, width, dark });
    await page.goto(server.url + path(query));
    await page.locator(query ? ".nothing:visible" : ".card--now").first().waitFor();
    await look(page, `${locale}-${width}${dark ? "-dark" : ""}${query ? "-nothing" : ""}`);
  }
  const page = await open({ width: 820 });
  await page.goto(server.url + path());
  await page.emulateMedia({ media: "print" });
  assert.ok(await page.locator(".filters").isHidden());
  if (shots) await page.screenshot({ path: `${shots}/public-print.png`, fullPage: true });
});

test("the registration page and one's own page lead to it", { timeout: 90000 }, async () => {
  for (const [at, who] of [[`/r/${o.code}`, null], ["/my", person]]) {
    const page = await open();
    if (who) await page.context().addCookies([{ name: "__Host-amphi", value: who.cookie, url: server.url, secure: true, httpOnly: true, sameSite: "Strict" }]);
    await page.context().addInitScript(() => location.protocol === "https:" && localStorage.setItem("amphi.language", "fr"));
    await page.goto(server.url + at);
    const link = page.getByRole("link", { name: "Programme avec recherche et filtres" });
    await link.waitFor();
    await look(page, who ? "my-390" : "register-390");
    await link.click();
    await page.locator(".card", { hasText: "Nuit des internes" }).waitFor();
    assert.equal(new URL(page.url()).pathname, path());
  }
});

// The rules of the public XSD (c3voc schedule.xsd of 2026), read by another parser.
const RULES = `
import re, sys, xml.etree.ElementTree as E
root = E.fromstring(sys.stdin.buffer.read())
def need(ok, what):
    if not ok: sys.exit(what)
TZ = re.compile(r'\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?(Z|[+-]\\d\\d:\\d\\d)$')
UUID = re.compile(r'[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$')
need([c.tag for c in root][:4] == ['generator', 'url', 'version', 'conference'], 'order')
need(all(c.tag == 'day' for c in root[4:]) and len(root) > 4, 'days')
conference = root.find('conference')
need(re.match(r'[a-z0-9_-]{4,}$', conference.findtext('acronym')), 'acronym')
need(int(conference.findtext('days')) == len(root.findall('day')), 'number of days')
need({c.tag for c in conference} <= {'title','acronym','start','end','days','timeslot_duration','base_url','logo','url','time_zone_name','color','track'}, 'conference')
for track in conference.findall('track'):
    need(track.get('name') is not None and re.match(r'#[0-9a-f]{6}$', track.get('color')), 'track')
ALL = {'room','title','subtitle','type','date','start','duration','abstract','slug','track'}
MORE = {'logo','persons','language','description','recording','links','attachments','video_download_url','url','feedback_url','origin_url'}
ids, guids, slugs, index = [], [], [], []
for day in root.findall('day'):
    need(TZ.match(day.get('start')) and TZ.match(day.get('end')), 'day')
    index.append(int(day.get('index')))
    for room in day:
        need(room.tag == 'room' and room.get('name') and UUID.match(room.get('guid')), 'room')
        for event in room:
            tags = [c.tag for c in event]
            need(event.tag == 'event' and len(tags) == len(set(tags)) and ALL <= set(tags) <= ALL | MORE, f'event {tags}')
            need(int(event.get('id')) > 0 and UUID.match(event.get('guid')), 'ids')
            need(TZ.match(event.findtext('date')), 'date')
            need(re.match(r'[0-2]\\d:[0-5]\\d$', event.findtext('start')) and re.match(r'\\d\\d:\\d\\d$', event.findtext('duration')), 'times')
            need(event.findtext('date')[11:16] == event.findtext('start'), 'local time')
            need(re.match(r'[a-z0-9_]{4,}-[a-z0-9\\-_]{4,}$', event.findtext('slug')), 'slug')
            need(re.match(r'https?://', event.findtext('url')), 'url')
            for person in event.find('persons'):
                need(person.tag == 'person' and int(person.get('id')) > 0 and UUID.match(person.get('guid')) and person.text, 'person')
            ids.append(event.get('id')); guids.append(event.get('guid')); slugs.append(event.findtext('slug'))
            print(event.findtext('type'), event.findtext('title'), sep='|')
for what in (ids, guids, slugs, index): need(len(what) == len(set(what)), 'unique')
`;

test("schedule.xml keeps the rules of its schema", { timeout: 60000 }, async () => {
  pg.sql(`UPDATE session SET description = E'a\\x01b\\x0b c \\uFFFE <&> ]]> "d"' WHERE title LIKE 'Kidney%'`);
  const { status, text, headers } = await fetched("/schedule.xml");
  assert.equal(status, 200);
  assert.match(headers["content-type"], /^application\/vnd\.c3voc\.schedule\+xml/);
  const read = execFileSync("python3", ["-c", RULES], { input: text }).toString();
  assert.ok(read.includes("session|Kidney & heart <b>together</b>") && read.includes("break|Pause déjeuner"), read);
  assert.ok(!read.includes("secret") && !read.includes("Dialyse"), "drafts and cancelled sessions are left out");
  assert.equal(read.trim().split("\n").length, 10);
  assert.equal((await fetched("/schedule.xml")).text, text, "the same again: ids are stable");
});

test("schedule.json and the calendars say the same", { timeout: 60000 }, async () => {
  const { json } = await fetched("/schedule.json");
  const { conference } = json.schedule;
  const events = conference.days.flatMap(({ rooms }) => Object.entries(rooms).flatMap(([room, list]) => list.map((event) => ({ ...event, in: room }))));
  assert.equal(conference.daysCount, conference.days.length);
  assert.equal(conference.time_zone_name, "Europe/Paris");
  assert.equal(events.length, 10);
  assert.ok(events.every((event) => event.room === event.in && /^\d{4}-.*[+-]\d\d:\d\d$/.test(event.date)));
  assert.deepEqual(conference.tracks.map(({ color_name }) => color_name), ["slate", "rose", "blue", "amber"]);
  const all = (await fetched("/calendar.ics")).text.replaceAll("\r\n ", "");
  assert.match(all, /METHOD:PUBLISH/);
  assert.match(all, /X-WR-CALNAME:Journées du cœur et du rein/);
  assert.equal(all.match(/BEGIN:VEVENT/g).length, 10, "breaks are not in calendars, cancelled sessions are");
  assert.equal(all.match(/STATUS:CANCELLED/g).length, 1);
  const [[id]] = pg.sql("SELECT id FROM session WHERE title LIKE 'Anticoag%'");
  assert.ok(all.includes(`UID:${id}@amphi`) && all.includes("LOCATION:Salle A"));
  const [[room]] = pg.sql(`SELECT id FROM hall WHERE congress_id = '${o.congress}' AND name = 'Salle C'`);
  assert.equal((await fetched(`/calendar.ics?room=${room}`)).text.match(/BEGIN:VEVENT/g).length, 2);
});
