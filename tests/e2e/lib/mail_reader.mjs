// Reads a mail that the server wrote with Python's e-mail package, an independent reader, which stays.
import { temporaryFolder } from "./postgres.mjs";
import { Resident } from "./resident.mjs";

const READER = `
import email, email.policy, json, sys
for path in sys.stdin:
    with open(path.rstrip("\\n"), "rb") as file:
        m = email.message_from_binary_file(file, policy=email.policy.default)
    body = m.get_body(("plain",))
    html = m.get_body(("html",))
    cal = [p.get_content() if isinstance(p.get_content(), str) else p.get_content().decode() for p in m.walk() if p.get_content_type() == "text/calendar"]
    print(json.dumps({"to": m["To"], "subject": m["Subject"], "text": body.get_content() if body else "", "html": html.get_content() if html else "", "calendar": cal}), flush=True)
`;
const read = new Map();
let reader;

// {to, subject, text, html, calendar}
export function decodeMail(file) {
  if (!read.has(file)) {
    reader ??= new Resident(["python3", "-c", READER], temporaryFolder("mails"));
    read.set(file, JSON.parse(reader.ask(`${file}\n`, "\n")));
  }
  return read.get(file);
}
