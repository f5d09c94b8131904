// A large congress, written straight into the database as the server would have written it: what
// the application figures read. The people behind it never connect.
import { randomUUID } from "node:crypto";
import { organisation } from "../e2e/lib/people.mjs";

const NEVER_COMES = 8;

// Who is who: code lists have different lengths, so the attributes mix by themselves.
const PEOPLE = `
  CREATE TEMP TABLE person AS
    SELECT n, gen_random_uuid() AS hcp, gen_random_uuid() AS registration, $$PROFESSION$$ AS profession,
           $$SPECIALTY$$ AS specialty, $$SETTING$$ AS practice_setting, $$REGION$$ AS region, $$AGE$$ AS age_band
      FROM generate_series(1, PEOPLE) n`;

// Not those abroad: as at a congress here, and so that regions are not all but empty.
const listed = (list) => `(SELECT code, row_number() OVER (ORDER BY position, code) AS n FROM code WHERE list = '${list}' AND active AND section <> 'abroad') c`;
const pick = (list, divisor) =>
  `(ARRAY(SELECT code FROM ${listed(list)} ORDER BY n))[1 + (n / ${divisor}) % (SELECT count(*) FROM ${listed(list)})]`;

function people(o, n) {
  return PEOPLE.replace("PEOPLE)", `${n})`)
    .replace("$$PROFESSION$$", pick("profession", 7))
    .replace("$$SPECIALTY$$", pick("specialty", 1))
    .replace("$$SETTING$$", pick("practice_setting", 3))
    .replace("$$REGION$$", pick("region", 1))
    .replace("$$AGE$$", pick("age_band", 2))
    .concat(`;
  INSERT INTO hcp (id, organisation_id, email, first_name, last_name, created_at)
    SELECT hcp, '${o.id}', 'bench-' || n || '@example.org', 'Prénom ' || n % 997, 'Nom ' || n, now() FROM person;
  INSERT INTO registration (id, organisation_id, congress_id, hcp_id, link_id, channel, language, state, profession,
                            specialty, practice_setting, region, age_band, registered_at, cancelled_at)
    SELECT registration, '${o.id}', '${o.congress}', hcp, '${o.link}', 'email', 'fr',
           CASE WHEN n % 50 = 0 THEN 'cancelled' ELSE 'registered' END, profession, specialty, practice_setting,
           region, age_band, now() - make_interval(secs => n), CASE WHEN n % 50 = 0 THEN now() END FROM person`);
}

// Profiles of one to three criteria; some reach a third of all, some a handful.
function profiles(o, n) {
  const codes = (list, i) => `ARRAY(SELECT code FROM ${listed(list)} ORDER BY (n * 7 + ${i}) % 11, n LIMIT ${1 + (i % 4)})`;
  const sql = [];
  for (let i = 0; i < n; i++) {
    const id = randomUUID();
    sql.push(`INSERT INTO target_profile (id, organisation_id, congress_id, name, position, goal_registrations, goal_attendees,
                                         goal_participation_rate, universe, universe_source, created_at)
      VALUES ('${id}', '${o.id}', '${o.congress}', 'Profile ${i + 1}', ${i + 1}, ${1000 + i * 10}, ${500 + i * 5}, 0.5, ${50000 + i}, 'bench', now())`);
    const lists = [["all_of", "region"], ["all_of", "age_band"], ["none_of", "practice_setting"]].slice(0, 1 + (i % 3));
    lists.forEach(([mode, list], k) => sql.push(`INSERT INTO target_profile_criterion VALUES ('${id}', ${k + 1}, '${mode}', '${list}', ${codes(list, i + k)})`));
  }
  return sql.join(";\n");
}

// `each` visits a person over the two hours that the session was live; one person in eight never
// comes. One in three stays for about the share that completes, the others for a while each time.
// One visit in four has an attentive span inside. Connections overlap now and then, as devices do.
function spans(o, node, each) {
  const every = (5400 / each).toFixed(3);
  return `
  INSERT INTO node (id, name, started_at, lease_at, stopped_at)
    VALUES ('${node}', 'bench-seed', now() - interval '3 hours', now() - interval '1 second', now() - interval '1 second');
  CREATE TEMP TABLE visit AS
    SELECT gen_random_uuid() AS id, p.registration, p.n, k, s.live_at + make_interval(secs => at) AS joined_at,
           s.live_at + make_interval(secs => at + CASE WHEN p.n % 3 = 0 THEN ${every} + p.n % 240
                                                       ELSE 60 + (p.n::bigint * 7919 + k * 104729) % 340 END) AS left_at
      FROM person p CROSS JOIN generate_series(1, ${each}) k
     CROSS JOIN LATERAL (SELECT (k - 1) * ${every} + (p.n::bigint * 31) % 400 + p.n % 997 / 997.0 - 60 AS at) a
     CROSS JOIN (SELECT live_at FROM session WHERE id = '${o.session}') s
     WHERE p.n % ${NEVER_COMES} <> 0;
  INSERT INTO span (id, organisation_id, session_id, registration_id, kind, connection, node_id, joined_at, left_at)
    SELECT id, '${o.id}', '${o.session}', registration, 'connected', id, '${node}', joined_at, left_at FROM visit;
  INSERT INTO span (id, organisation_id, session_id, registration_id, kind, connection, node_id, joined_at, left_at)
    SELECT gen_random_uuid(), '${o.id}', '${o.session}', registration, 'attentive', id, '${node}',
           joined_at + interval '5 seconds', left_at - interval '5 seconds' FROM visit WHERE (n + k) % 4 = 0`;
}

// The organisation with its congress and a session that has been live for two hours.
// Foreign keys hold by construction; checking each of them would take most of the time.
export function congress(pg, { registrations = 100000, profiles: count = 20, spans: total = 1000000 } = {}) {
  const o = organisation(pg, "Bench", { live: true });
  pg.sql(`SET session_replication_role = replica;
    UPDATE session SET starts_at = now() - interval '2 hours', live_at = now() - interval '2 hours', planned_minutes = 180 WHERE id = '${o.session}';
    ${people(o, registrations)};
    ${profiles(o, count)};
    ${spans(o, randomUUID(), Math.ceil(total / (registrations - Math.floor(registrations / NEVER_COMES))))};
    DO $$ BEGIN PERFORM match_congress('${o.congress}'); END $$`);
  pg.sql("ANALYZE");
  o.spans = Number(pg.sql(`SELECT count(*) FROM span WHERE session_id = '${o.session}' AND kind = 'connected'`)[0][0]);
  o.registrations = registrations;
  o.profiles = count;
  return o;
}
