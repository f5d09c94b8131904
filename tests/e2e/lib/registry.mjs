// An edition of the register of health professionals, as its import publishes it. people: [{profession, specialty, …}, …], columns of
// registry_edition_person; day: of its data.
export function registryEdition(pg, people, day) {
  const columns = [...new Set(["profession", ...people.flatMap(Object.keys)])];
  const value = (one) => (one === null || one === undefined ? "NULL" : `'${one}'`);
  const rows = people.map((one, n) => `('${10000000000 + n}', ${n}, 'A', 'B', ${columns.map((c) => value(one[c] ?? (c === "profession" ? "10" : null)))}, '{}', '{}')`);
  pg.sql(`DO $$ DECLARE e int := registry_edition_make(); BEGIN
    EXECUTE format($x$INSERT INTO %I (rpps, rank, last_name, first_name, ${columns}, skill_types, practice_settings) VALUES ${rows}$x$, 'registry_edition_' || e);
    PERFORM registry_edition_settle(e); PERFORM registry_edition_attach(e);
    PERFORM registry_edition_publish(e, 'a.txt', '${day}', now(), ${people.length}, 0, ${people.length}); END $$`);
}
