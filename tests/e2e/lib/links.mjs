// Mailed links put straight into the database, and names for the people of people.mjs.
import { token } from "./people.mjs";

// A personal link of an HCP: its token.
export function personalLink(pg, person) {
  const t = token();
  pg.sql(`SELECT join_link_add('${person.registration}', '\\x${t.hash}', now())`);
  return t.text;
}

// A sign-in link of staff: its token.
export function staffLink(pg, o, person) {
  const t = token();
  pg.sql(`INSERT INTO one_time_link (token_hash, organisation_id, purpose, account_id, created_at, expires_at)
    VALUES ('\\x${t.hash}', '${o.id}', 'sign_in', '${person.id}', now(), now() + interval '15 minutes')`);
  return t.text;
}

export function rename(pg, person, first, last) {
  pg.sql(`UPDATE hcp SET first_name = '${first}', last_name = '${last}' WHERE id = '${person.hcp}'`);
}
