// Files of people for target lists.
const luhn = (digits) => [...digits].reverse().reduce((sum, c, i) => sum + (i % 2 ? (2 * c > 9 ? 2 * c - 9 : 2 * c) : +c), 0);

// The nth number that passes the check.
export const rpps = (n) => { const body = String(1000000000 + n); return body + ((10 - (luhn(body + "0") % 10)) % 10); };

const row = (n) => [rpps(n), `Nom${n}`, "Prénom", `p${n}@x.test`, n % 2 ? "SM04" : "Neurologie", String(n % 95000).padStart(5, "0")];

// A CSV file of as many people, of whom some have a wrong number, a wrong address or a wrong specialty, in turn.
export function listFile(people, faulty = 0) {
  const rows = Array.from({ length: people }, (_, n) => row(n));
  for (let n = 0; n < faulty; n++) rows[n * 16][[0, 3, 4][n % 3]] = ["12345", "nobody", "no specialty"][n % 3];
  return `RPPS;Nom;Prénom;E-mail;Spécialité;Code postal\n${rows.map((cells) => cells.join(";")).join("\n")}\n`;
}
