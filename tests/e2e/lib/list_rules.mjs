// What becomes of a target list when a file is imported, computed from the rules in words, line by line: an evaluator
// that shares nothing with the server's.
const FIELDS = ["rpps", "email", "last_name", "first_name", "postcode", "segment"];

const folded = (text) => text.normalize("NFKD").toLowerCase().replace(/[\u0300-\u036f]/g, "").replace(/[\s'’.,-]+/g, " ").trim();
const nameOf = (p) => folded(`${p.first_name ?? ""} ${p.last_name ?? ""}`);
const wordsOf = (name) => name.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
const share = (a, b) => wordsOf(a).some((w) => wordsOf(b).includes(w));
const nobodyElse = (a, b) => !a.rpps || !b.rpps || a.rpps === b.rpps;

// The three ways in which two may be one person, the surest first.
const WAYS = [
  (a, b) => Boolean(a.rpps) && a.rpps === b.rpps,
  (a, b) => Boolean(a.email) && a.email === b.email && nobodyElse(a, b) && (nameOf(a) === "" || nameOf(b) === "" || share(nameOf(a), nameOf(b))),
  (a, b) => Boolean(a.postcode) && a.postcode === b.postcode && nameOf(a) !== "" && nameOf(a) === nameOf(b) && nobodyElse(a, b),
];

// For each of `who` its place among `whom`, or -1: by the first way that finds anybody, the first of them.
const search = (who, whom, before) => who.map((p, i) => {
  for (const way of WAYS) {
    const found = whom.findIndex((other, k) => (!before || k < i) && way(p, other));
    if (found >= 0) return found;
  }
  return -1;
});

// The first line about the same person, for each line of the file.
function firsts(file) {
  const same = search(file, file, true);
  return file.map((_, i) => {
    let first = i;
    while (same[first] >= 0) first = same[first];
    return first;
  });
}

const filled = (p) => Object.fromEntries(FIELDS.filter((f) => p[f]).map((f) => [f, p[f]]));
const merged = (all) => Object.assign({}, ...all.map(filled).reverse()); // the first one's counts

// list: its people in order, file: the good lines, both as {rpps, email, …}. → {people, counts}
export function imported(list, file, rule) {
  const first = firsts(file);
  const heads = [...new Set(first)];
  const found = search(heads.map((h) => file[h]), list, false);
  const chief = new Map(); // of somebody of the list, the first head that is about them
  found.forEach((k, n) => k >= 0 && !chief.has(k) && chief.set(k, heads[n]));
  const headOf = (i) => {
    const k = found[heads.indexOf(first[i])];
    return k >= 0 ? chief.get(k) : first[i];
  };
  const groups = new Map();
  file.forEach((p, i) => groups.set(headOf(i), [...(groups.get(headOf(i)) ?? []), p]));
  const one = (lines) => (rule === "keep" ? lines[0] : rule === "merge" ? merged(lines) : lines.at(-1));
  const people = list.map((p, k) => {
    if (rule === "keep" || !chief.has(k)) return filled(p);
    const said = one(groups.get(chief.get(k)));
    return rule === "merge" ? merged([p, said]) : filled(said);
  });
  const listed = new Set(chief.values());
  const added = [...groups].filter(([head]) => !listed.has(head)).map(([, lines]) => filled(one(lines)));
  return { people: [...people, ...added], counts: { new: added.length, twice_in_file: file.length - groups.size, on_list: listed.size, added: added.length, changed: rule === "keep" ? 0 : listed.size } };
}

// Whom of the HCPs, in the order in which they came, a line is about; null: nobody.
export function known(hcps, p) {
  const byNumber = hcps.find((h) => p.rpps && h.rpps === p.rpps);
  const name = nameOf(p);
  const byAddress = hcps.filter((h) => p.email && h.email === p.email && nobodyElse(h, p) && (name === "" || share(nameOf(h), name)));
  return (byNumber ?? byAddress.find((h) => nameOf(h) === name) ?? byAddress[0])?.id ?? null;
}
