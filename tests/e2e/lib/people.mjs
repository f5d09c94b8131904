// Organisations, sessions, HCPs and sign-ins put straight into the database: the tests that use them
// are about what happens afterwards. The scenario of the whole product goes through the pages instead.
import { createHash, randomBytes, randomUUID } from "node:crypto";

const quote = (text) => (text === null ? "NULL" : `'${String(text).replaceAll("'", "''")}'`);

export function token() {
  const bytes = randomBytes(32);
  return { text: bytes.toString("base64url"), hash: createHash("sha256").update(bytes).digest("hex") };
}

export const ROLES = ["organiser", "host", "moderator", "speaker"];

// Statements for an account, signed in with a proof that stays fresh, with `roles` for the scope {congress, session}; none: for the whole
// organisation. Returns {id, cookie, sql}.
function account(o, name, roles, { congress = null, session = null, expires = null } = {}) {
  const id = randomUUID();
  const t = token();
  const sql = [
    `INSERT INTO account (id, organisation_id, email, name, language, created_at) VALUES ('${id}', '${o.id}', '${name}-${id}@example.org', ${quote(name)}, 'fr', now())`,
    ...roles.map((role) => `INSERT INTO role_grant (organisation_id, account_id, role, congress_id, session_id, granted_at, expires_at)
       VALUES ('${o.id}', '${id}', '${role}', ${quote(congress)}, ${quote(session)}, now(), ${expires ?? "NULL"})`),
    `INSERT INTO sign_in (token_hash, organisation_id, account_id, created_at, proved_at, expires_at) VALUES ('\\x${t.hash}', '${o.id}', '${id}', now(), now() + interval '1 day', now() + interval '1 day')`,
  ];
  return { id, cookie: t.text, sql };
}

// A member of staff whose roles count in a scope only.
export function staff(pg, o, name, roles, scope) {
  const { id, cookie, sql } = account(o, name, roles, scope);
  pg.sql(sql.join(";\n"));
  return { id, cookie };
}

function newCongress(o, { capacity = 100000, live = false } = {}) {
  Object.assign(o, { congress: randomUUID(), hall: randomUUID(), link: randomUUID(), code: code() });
  return [
    `INSERT INTO congress (id, organisation_id, title, language, time_zone, created_at) VALUES ('${o.congress}', '${o.id}', 'Congrès', 'fr', 'Europe/Paris', now())`,
    `INSERT INTO hall (id, organisation_id, congress_id, name) VALUES ('${o.hall}', '${o.id}', '${o.congress}', 'A')`,
    ...newSession(o, { capacity, live }),
    `INSERT INTO registration_link (id, organisation_id, congress_id, channel, code, created_at) VALUES ('${o.link}', '${o.id}', '${o.congress}', 'email', '${o.code}', now())`,
  ];
}

function newSession(o, { capacity = 100000, live = false } = {}) {
  o.session = randomUUID();
  return [
    `INSERT INTO session (id, organisation_id, congress_id, hall_id, title, language, starts_at, planned_minutes, capacity, state, live_at, created_at)
       VALUES ('${o.session}', '${o.id}', '${o.congress}', '${o.hall}', 'Session', 'fr', now() + interval '1 hour', 60, ${capacity}, ${live ? "'live', now()" : "'lobby', NULL"}, now())`,
  ];
}

// One organisation with staff of every role, a congress and one session. Returns ids and cookies.
export function organisation(pg, name, options = {}) {
  const o = { id: randomUUID(), name, staff: {} };
  const sql = [
    `INSERT INTO organisation (id, name, contact_email, created_at) VALUES ('${o.id}', ${quote(name)}, 'contact@example.org', now())`,
    `INSERT INTO consent_text VALUES ('${o.id}', 'participation', 1, 'Oui', 'Yes', now()), ('${o.id}', 'contact', 1, 'Contact', 'Contact', now())`,
    ...newCongress(o, options),
  ];
  for (const role of ROLES) {
    o.staff[role] = account(o, role, [role]);
    sql.push(...o.staff[role].sql);
  }
  pg.sql(sql.join(";\n"));
  return o;
}

// The same organisation with another congress, or with another session of the congress.
export function elsewhere(pg, o, what) {
  const there = { ...o };
  pg.sql((what === "congress" ? newCongress(there) : newSession(there)).join(";\n"));
  return there;
}

const code = () => [...randomBytes(12)].map((b) => "abcdefghijkmnpqrstuvwxyz23456789"[b % 32]).join("");

// Another registration link of the congress, which nobody came by.
export function link(pg, o) {
  const id = randomUUID();
  pg.sql(`INSERT INTO registration_link (id, organisation_id, congress_id, channel, label, code, created_at) VALUES ('${id}', '${o.id}', '${o.congress}', 'other', '${id}', '${code()}', now())`);
  return id;
}

// n registered HCPs of the organisation's congress: [{registration, cookie, email}].
export function hcps(pg, o, n, attributes = {}) {
  const a = { profession: "10", specialty: "SM04", practice_setting: "SA01", region: "11", age_band: "45_54", ...attributes };
  const people = Array.from({ length: n }, (_, i) => {
    const t = token();
    return { hcp: randomUUID(), registration: randomUUID(), cookie: t.text, hash: t.hash, email: `hcp-${i}-${randomBytes(4).toString("hex")}@example.org` };
  });
  for (let i = 0; i < n; i += 2000) {
    const slice = people.slice(i, i + 2000);
    const many = (f) => slice.map(f).join(",");
    pg.sql([
      `INSERT INTO hcp (id, organisation_id, email, first_name, last_name, created_at) VALUES ${many((p) => `('${p.hcp}','${o.id}','${p.email}','Prénom','Nom',now())`)}`,
      `INSERT INTO registration (id, organisation_id, congress_id, hcp_id, link_id, channel, language, state, profession, specialty, practice_setting, region, age_band, registered_at)
         VALUES ${many((p) => `('${p.registration}','${o.id}','${o.congress}','${p.hcp}','${o.link}','email','fr','registered','${a.profession}',${quote(a.specialty)},'${a.practice_setting}','${a.region}','${a.age_band}',now())`)}`,
      `INSERT INTO sign_in (token_hash, organisation_id, registration_id, created_at, expires_at) VALUES ${many((p) => `('\\x${p.hash}','${o.id}','${p.registration}',now(),now() + interval '1 day')`)}`,
    ].join(";\n"));
  }
  return people;
}

// Polls at positions from `first` on; returns their ids.
export function polls(pg, o, first, count, { choice = "single", options = ["A", "B", "C"], state = "draft" } = {}) {
  const ids = Array.from({ length: count }, () => randomUUID());
  const opened = state === "draft" ? "NULL" : "now()";
  pg.sql([
    `INSERT INTO poll (id, organisation_id, session_id, position, question, choice, state, opened_at, created_at)
       VALUES ${ids.map((id, i) => `('${id}','${o.id}','${o.session}',${first + i},'Question ${first + i}','${choice}','${state}',${opened},now())`)}`,
    `INSERT INTO poll_option VALUES ${ids.flatMap((id) => options.map((t, i) => `('${id}',${i + 1},${quote(t)})`))}`,
  ].join(";\n"));
  return ids;
}

export const poll = (pg, o, position, how) => polls(pg, o, position, 1, how)[0];

// A deck whose pages are ready and have no images. Returns its id.
export function deck(pg, o, pages) {
  const id = randomUUID();
  pg.sql([
    `INSERT INTO deck (id, organisation_id, session_id, file_name, pdf, bytes, state, page_count, created_at, created_by)
       VALUES ('${id}', '${o.id}', '${o.session}', 'deck.pdf', sha256('${id}'), 1, 'ready', ${pages}, now(), '${o.staff.organiser.id}')`,
    `INSERT INTO slide (deck_id, page, state, width, height, text) SELECT '${id}', page, 'ready', 960, 540, 'Page ' || page FROM generate_series(1, ${pages}) page`,
  ].join(";\n"));
  return id;
}
