// Rule: a mail holds a personal link, so it leaves only encrypted and only to the mail server that was
// meant. Without STARTTLS, with a certificate of somebody unknown or of another name, it stays in the
// outbox; with the right one it arrives.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { Authority, read } from "./lib/authority.mjs";
import { cleanup, onCleanup, waitFor } from "./lib/cleanup.mjs";
import { request } from "./lib/http.mjs";
import { organisation } from "./lib/people.mjs";
import { Postgres } from "./lib/postgres.mjs";
import { Server } from "./lib/server.mjs";
import { Smtp } from "./lib/smtp.mjs";

const ADDRESS = "127.0.0.2"; // names of this machine are let off: see README.md, Mail
after(cleanup);

test("a mail leaves encrypted, to the server that was meant, or stays in the outbox", { timeout: 60000 }, async () => {
  const authority = new Authority();
  const files = authority.all(`IP:${ADDRESS}`, "IP:127.0.0.9");
  const keys = Object.fromEntries(Object.entries(files).map(([name, pair]) => [name, read(pair)]));
  const smtp = new Smtp({ address: ADDRESS });
  await smtp.listen();
  onCleanup(() => smtp.close());
  const pg = new Postgres();
  const env = { AMPHI_SMTP_URL: `smtp://${ADDRESS}:${smtp.port}`, AMPHI_SMTP_CA: authority.ca };
  let server = await new Server({ database: pg, env }).start();
  const o = organisation(pg, "Un");
  const email = `host-${o.staff.host.id}@example.org`;
  const refused = [
    ["no STARTTLS", null],
    ["a certificate nobody vouches for", keys.unknown],
    ["a certificate of another name", keys.otherName],
    ["a certificate that has expired", keys.expired],
  ];
  const reply = await request({ port: server.port, method: "POST", path: "/api/sign-in/link", body: { email } });
  assert.ok(reply.status < 300, reply.text);

  let tried = 0;
  for (const [what, offered] of [...refused, ["the right certificate", keys.right]]) {
    if (offered !== null) {
      await server.kill(); // the pause after a failure ends with it
      smtp.keys = offered;
      pg.sql("UPDATE outbox SET due_at = now()");
      server = await new Server({ database: pg, env }).start();
    }
    if (offered === keys.right) break;
    tried++;
    await waitFor(`a mail that is not sent: ${what}`, () => pg.sql("SELECT attempts FROM outbox")[0]?.[0] === String(tried));
    const [[sent, failed, message, why]] = pg.sql("SELECT sent_at, failed_at, message IS NOT NULL, last_error FROM outbox");
    assert.deepEqual([sent, failed, message], ["\\N", "\\N", "t"], `${what}: it waits, whole`);
    assert.match(why, /TLS|SSL|certificate/i, what);
    assert.equal(smtp.mails.length, 0, `${what}: nothing arrived`);
  }
  assert.ok(smtp.clear.every((line) => /^(EHLO|STARTTLS|QUIT)/.test(line)), `nothing else in clear: ${smtp.clear}`);

  await waitFor("the mail", () => smtp.mails.length > 0);
  await waitFor("the outbox to know", () => pg.sql("SELECT 1 FROM outbox WHERE sent_at IS NOT NULL AND message IS NULL").length === 1);
  assert.equal(smtp.mails.length, 1);
  const [mail] = smtp.mails;
  assert.ok(mail.encrypted);
  assert.match(mail.protocol, /^TLSv1\.[23]$/);
  assert.deepEqual(mail.to, [`<${email}>`]);
  assert.match(mail.text.replaceAll("=\r\n", ""), /sign-in#/);
  assert.ok(smtp.clear.every((line) => /^(EHLO|STARTTLS|QUIT)/.test(line)));
});
