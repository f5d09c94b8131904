// Rule: an HCP matches a target profile by its definition, which is written down here a second time: random people and
// random profiles over all attributes, in all modes, with groups of codes, on lists and on other profiles.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { cleanup, waitFor } from "./lib/cleanup.mjs";
import { organisation } from "./lib/people.mjs";
import { Postgres } from "./lib/postgres.mjs";
import { seeded } from "./lib/random.mjs";
import { registryEdition } from "./lib/registry.mjs";
import { Server } from "./lib/server.mjs";

const PEOPLE = 100, PROFILES = 30, LISTS = [randomUUID(), randomUUID(), randomUUID()], COUNTED_IN = randomUUID();
const MODES = ["all_of", "any_of", "none_of"];
// Few of each, so that criteria hold often; specialties in groups.
const VALUES = {
  profession: ["10", "60", "21"],
  specialty: ["SM04", "SM26", "SM53", "SM54", "SM16", "SM62"],
  skill_type: ["S", "CAPA"],
  practice_setting: ["SA01", "SA07", "SA25", "SA29"],
  practice_mode: ["L", "S"],
  professional_category: ["C", "M"],
  region: ["53", "11", "BE"],
  department: ["35", "29", "75"],
  country: ["FR", "BE"],
  age_band: ["under_35", "45_54"],
  segment: ["A", "B"],
  tier: ["t1", "t2"],
  language: ["fr", "en"],
  therapeutic_interest: ["lipids", "diabetes"],
};
const NEEDED = ["profession", "practice_setting", "region", "age_band", "language"];
const random = seeded(13); // the same ones each time
const below = (n) => Math.floor(random() * n);
const chance = (share) => random() < share;
const of = (list) => list[below(list.length)];
const quote = (value) => (value === null ? "NULL" : `'${value}'`);
const array = (values) => `'{${values.join(",")}}'`;
let pg, o, groups;

before(async () => {
  pg = new Postgres();
  await new Server({ database: pg }).start();
  o = organisation(pg, "Laboratoire Exemple");
  for (const list of [...LISTS, COUNTED_IN]) pg.sql(`INSERT INTO target_list (id, organisation_id, name, created_at, changed_at) VALUES ('${list}', '${o.id}', '${list}', now(), '2026-11-20')`);
  groups = new Map(pg.sql("SELECT list || ' ' || code, coalesce(grouped_as, code) FROM code"));
});
after(cleanup);

function person() {
  // `alike`: lists with a line that could be theirs and is not linked to them, which is nobody's.
  const one = { id: randomUUID(), known: chance(0.7), target_list: LISTS.filter(() => chance(0.4)), alike: LISTS.filter(() => chance(0.2)) };
  for (const [attribute, values] of Object.entries(VALUES))
    one[attribute] = !NEEDED.includes(attribute) && chance(0.3) ? null : of(values);
  one.country = one.region === "BE" ? "BE" : "FR";
  one.category = chance(0.85) ? "hcp" : "press"; // of a registration: whatever else is known, only HCPs match
  return one;
}

function criteria(earlier, lists = LISTS) {
  const attributes = [...Object.keys(VALUES), ...(earlier.length ? ["target_profile"] : [])];
  return MODES.flatMap((mode) =>
    Array.from({ length: below(mode === "all_of" ? 3 : 2) }, () => {
      const attribute = chance(0.25) ? attributes.at(-1) : chance(0.25) ? "target_list" : of(attributes);
      const values = VALUES[attribute] ?? (attribute === "target_list" ? lists : earlier.map((profile) => profile.id));
      const some = mode === "all_of" && !VALUES[attribute] ? 1 : 1 + below(3);
      return { mode, attribute, codes: [...new Set(Array.from({ length: some }, () => of(values)))] };
    }),
  );
}

const stored = (profile) => {
  const rows = profile.criteria.map((c, n) => `('${profile.id}', ${n + 1}, '${c.mode}', '${c.attribute}', ${array(c.codes)})`);
  return rows.length ? `INSERT INTO target_profile_criterion VALUES ${rows};` : "";
};

// The second reading of the rule. `profiles`: whether the person matches those that this one may build on.
function matches(profile, one, profiles) {
  const group = (attribute, code) => groups.get(`${attribute} ${code}`) ?? code;
  const holds = ({ attribute, codes }) => {
    if (attribute === "target_profile") return codes.some((id) => profiles.get(id));
    if (attribute === "target_list") return codes.some((id) => one.target_list.includes(id));
    return one[attribute] !== null && codes.some((code) => group(attribute, code) === group(attribute, one[attribute]));
  };
  const all = (mode) => profile.criteria.filter((criterion) => criterion.mode === mode);
  return all("all_of").every(holds) && (!all("any_of").length || all("any_of").some(holds)) && !all("none_of").some(holds);
}

function check(people, profiles, when) {
  const found = new Set(pg.sql("SELECT registration_id || ' ' || target_profile_id FROM registration_profile").map(([both]) => both));
  for (const one of people) {
    const known = new Map();
    for (const profile of profiles) {
      known.set(profile.id, one.category === "hcp" && matches(profile, one, known));
      if (found.has(`${one.id} ${profile.id}`) !== known.get(profile.id)) assert.fail(`${when}: ${JSON.stringify({ one, profile })}`);
    }
  }
}

// The lines of lists that are about them, and those that are not linked to them.
function onLists(people) {
  const lines = people.flatMap((p) => [...p.target_list.map((list) => [list, `'${p.id}'`]), ...p.alike.map((list) => [list, "NULL"])]);
  pg.sql(`INSERT INTO target_list_person (organisation_id, target_list_id, position, last_name, hcp_id) VALUES ${lines.map(([list, hcp], n) => `('${o.id}', '${list}', ${n}, 'B', ${hcp})`)}`);
}

const hcps = (people) => pg.sql(`INSERT INTO hcp (id, organisation_id, email, first_name, last_name, created_at)
  VALUES ${people.map((p) => `('${p.id}', '${o.id}', '${p.id}@example.org', 'A', 'B', now())`)}`);

function register(people) {
  const own = ["profession", "specialty", "skill_type", "practice_setting", "practice_mode", "professional_category", "region", "department", "age_band", "segment", "tier", "language", "therapeutic_interest", "category"];
  hcps(people);
  onLists(people);
  pg.sql(`INSERT INTO registration (id, organisation_id, congress_id, hcp_id, link_id, channel, state, registered_at, ${own})
    VALUES ${people.map((p) => `('${p.id}', '${o.id}', '${o.congress}', '${p.id}', '${o.link}', 'email', 'registered', now(), ${own.map((a) => quote(p[a]))})`)}`);
}

const counted = () => waitFor("what is due", () => pg.sql("SELECT 1 FROM target_profile WHERE universe_work IS NOT NULL OR matches_due").length === 0, 60000);

test("registrations match whom the second reading matches, all at once, one by one, after a change below, and of lists", async () => {
  const people = Array.from({ length: PEOPLE }, person);
  register(people);
  const profiles = [];
  while (profiles.length < PROFILES) profiles.push({ id: randomUUID(), criteria: criteria(profiles) });
  pg.sql(`INSERT INTO target_profile (id, organisation_id, congress_id, name, position, created_at)
    VALUES ${profiles.map(({ id }, n) => `('${id}', '${o.id}', '${o.congress}', '${id}', ${n}, now())`)};
    ${profiles.map(stored).join("")} SELECT match_congress('${o.congress}')`);
  check(people, profiles, "all at once");
  pg.sql("DELETE FROM registration_profile; SELECT match_registration(id) FROM registration");
  check(people, profiles, "one by one");
  for (let n = 0; n < 3; n++) {
    const at = below(PROFILES / 2), changed = profiles[at];
    changed.criteria = criteria(profiles.slice(0, at));
    pg.sql(`DELETE FROM target_profile_criterion WHERE target_profile_id = '${changed.id}'; ${stored(changed)}
      SELECT match_congress('${o.congress}', '${changed.id}')`);
    check(people, profiles, "after a change");
  }
  const before = pg.sql("SELECT * FROM registration_profile ORDER BY 1, 2, 3, 4");
  for (const one of people) one.target_list = LISTS.filter(() => chance(0.4));
  pg.sql("DELETE FROM target_list_person");
  onLists(people);
  pg.sql("UPDATE target_list SET version = version + 1");
  await counted();
  check(people, profiles, "after a change of lists");
  assert.notDeepEqual(pg.sql("SELECT * FROM registration_profile ORDER BY 1, 2, 3, 4"), before);
});

const OF_REGISTRY = ["profession", "specialty", "skill_type", "practice_setting", "practice_mode", "professional_category", "region", "department"];

// A line for each; who is not known to the organisation is on this list alone.
function listed(people) {
  const columns = Object.keys(VALUES);
  hcps(people.filter((p) => p.known));
  onLists(people.filter((p) => p.known));
  pg.sql(`INSERT INTO target_list_person (organisation_id, target_list_id, position, hcp_id, ${columns})
    VALUES ${people.map((p, n) => `('${o.id}', '${COUNTED_IN}', ${n}, ${p.known ? quote(p.id) : "NULL"}, ${columns.map((a) => quote(p[a]))})`)}`);
  return people.map((p) => ({ ...p, target_list: [...(p.known ? p.target_list : []), COUNTED_IN] }));
}

// Of each profile: what its job counted, from the list or the registry that `from` names.
async function universes(profiles, from, list) {
  const ids = `ARRAY[${profiles.map(({ id }) => `'${id}'::uuid`)}]`;
  pg.sql(`UPDATE target_profile SET universe_from = '${from}', universe_list = ${quote(list)} WHERE id = ANY (${ids})`);
  await counted();
  return new Map(pg.sql(`SELECT id, universe_counted FROM target_profile WHERE id = ANY (${ids})`));
}

test("a universe counts whom the second reading matches, in a list and in the registry, on other profiles too", async () => {
  const people = Array.from({ length: PEOPLE }, person), french = people.filter((p) => p.country === "FR");
  const profiles = [];
  const listsAlone = () => [0, 1].map(() => ({ mode: of(MODES), attribute: "target_list", codes: [of([...LISTS, COUNTED_IN])] }));
  while (profiles.length < PROFILES) profiles.push({ id: randomUUID(), criteria: profiles.length % 2 ? listsAlone() : criteria(profiles) });
  // As many again that ask nothing which the registry does not know.
  const asks = ({ attribute, codes }) => [...OF_REGISTRY, "country"].includes(attribute) || (attribute === "target_profile" && codes.every((id) => profiles.slice(PROFILES).some((p) => p.id === id)));
  while (profiles.length < 2 * PROFILES) profiles.push({ id: randomUUID(), criteria: criteria(profiles.slice(PROFILES)).filter(asks) });
  pg.sql(`DELETE FROM target_profile; INSERT INTO target_profile (id, organisation_id, congress_id, name, position, created_at)
    VALUES ${profiles.map(({ id }, n) => `('${id}', '${o.id}', '${o.congress}', '${id}', ${n}, now())`)}; ${profiles.map(stored).join("")} SELECT match_congress('${o.congress}')`);
  const lines = listed(people);
  registryEdition(pg, french.map((p) => Object.fromEntries(OF_REGISTRY.map((a) => [a, p[a]]))), "2026-11-05");
  const inList = await universes(profiles, "target_list", COUNTED_IN), inRegister = await universes(profiles, "registry", null);
  const count = (all, profile) => all.filter((one) => {
    const known = new Map();
    for (const each of profiles) known.set(each.id, matches(each, one, known));
    return known.get(profile.id);
  }).length;
  const lacks = (profile) => profile.criteria.some((c) => !(OF_REGISTRY.includes(c.attribute) || ["country", "target_profile"].includes(c.attribute)) || (c.attribute === "target_profile" && c.codes.some((id) => lacks(profiles.find((p) => p.id === id)))));
  const some = (p) => p.criteria.some((c) => c.attribute === "target_list") && Number(inList.get(p.id)) > 0 && Number(inList.get(p.id)) < PEOPLE;
  assert.ok(profiles.filter(some).length > 5, "some are counted by lists");
  const unknown = Object.fromEntries(Object.keys(VALUES).filter((a) => !OF_REGISTRY.includes(a)).map((a) => [a, null]));
  const registered = french.map((p) => ({ ...p, ...unknown, country: "FR" }));
  for (const profile of profiles) {
    assert.equal(inList.get(profile.id), String(count(lines, profile)), JSON.stringify(profile));
    assert.equal(inRegister.get(profile.id), lacks(profile) ? "\\N" : String(count(registered, profile)), JSON.stringify(profile));
  }
  assert.ok([...inRegister.values()].filter((n) => Number(n) > 0).length > 10, "some are counted in the registry");
});

test("rows of a list match by the same function", () => {
  const people = Array.from({ length: PEOPLE }, person);
  const facts = (p, n) => `(${n}, ROW(${Object.keys(VALUES).map((a) => quote(p[a]))}, ${array(p.target_list)}, NULL)::hcp_facts)`;
  pg.sql(`CREATE TABLE listed (n, facts) AS VALUES ${people.map(facts)}`);
  const profiles = Array.from({ length: 40 }, () => ({ id: randomUUID(), criteria: criteria([]) }));
  const rows = profiles.flatMap(({ id, criteria }) => criteria.map((c, k) => `ROW('${id}', ${k + 1}, '${c.mode}', '${c.attribute}', ${array(c.codes)})::target_profile_criterion`));
  const found = new Set(pg.sql(`SELECT rule.target_profile_id || ' ' || n FROM listed
    CROSS JOIN profile_rules(ARRAY[${profiles.map(({ id }) => `'${id}'::uuid`)}], ARRAY[${rows}]) rule WHERE profile_accepts(rule, facts)`).map(([both]) => both));
  for (const profile of profiles)
    people.forEach((one, n) => assert.equal(found.has(`${profile.id} ${n}`), matches(profile, one), JSON.stringify({ one, profile })));
  assert.ok(found.size > 50);
});
