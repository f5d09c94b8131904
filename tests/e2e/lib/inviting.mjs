// Invitations as an organiser sends them over HTTP, and what arrives at a mail server of this machine.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { onCleanup, waitFor } from "./cleanup.mjs";
import { request } from "./http.mjs";
import { Smtp } from "./smtp.mjs";

const quote = (text) => (text === undefined || text === null ? "NULL" : `'${String(text).replaceAll("'", "''")}'`);
const COLUMNS = ["external_id", "rpps", "email", "first_name", "last_name", "language", "profession", "specialty", "practice_setting", "region", "age_band", "segment"];

// A target list of these people; one without names is called P with a number.
export function listOf(pg, o, people) {
  const id = randomUUID();
  pg.sql(`INSERT INTO target_list (id, organisation_id, name, people, created_at, changed_at) VALUES ('${id}', '${o.id}', 'L ${id}', ${people.length}, now(), now())`);
  for (let i = 0; i < people.length; i += 5000) {
    const rows = people.slice(i, i + 5000).map((p, n) => `('${o.id}', '${id}', ${i + n}, ${COLUMNS.map((c) => quote({ first_name: "Camille", last_name: `P${i + n}`, ...p }[c])).join(", ")})`);
    pg.sql(`INSERT INTO target_list_person (organisation_id, target_list_id, position, ${COLUMNS.join(", ")}) VALUES ${rows.join(",\n")}`);
  }
  return id;
}

export const TEXTS = {
  subject_fr: "{first_name}, rejoignez-nous : {congress}", text_fr: "Bonjour {first_name} {last_name},\n\n{organisation} vous invite le {date}.\n\n{link}\n\nÀ bientôt.",
  subject_en: "{first_name}, join us: {congress}", text_en: "Hello {first_name} {last_name},\n\n{organisation} invites you on {date}.\n\n{link}\n\nSee you soon.",
};

export class Inviting {
  constructor(server, pg, o) {
    Object.assign(this, { server, pg, o });
  }

  call(method, path, body, cookie = this.o.staff.organiser.cookie) {
    return request({ port: this.server.port, method, path, cookie, body });
  }

  async ok(method, path, body, status = 200) {
    const reply = await this.call(method, path, body);
    assert.equal(reply.status, status, `${method} ${path}: ${reply.text.slice(0, 400)}`);
    return reply.json ?? reply.text;
  }

  async round(list, { channel = "mail", profile, congress = this.o.congress, texts = TEXTS } = {}) {
    const round = await this.ok("POST", `/api/congresses/${congress}/invitation-rounds`, { channel, target_list: list, ...(profile ? { target_profile: profile } : {}) }, 201);
    return channel === "mail" && texts ? this.ok("PATCH", `/api/invitation-rounds/${round.id}`, texts) : round;
  }

  audience(round) {
    return this.ok("GET", `/api/invitation-rounds/${round.id}/audience`);
  }

  send(round, body = {}) {
    return this.ok("POST", `/api/invitation-rounds/${round.id}/send`, body);
  }

  async sent(round, timeout = 60000) {
    await waitFor("the round to be sent", async () => (await this.ok("GET", `/api/invitation-rounds/${round.id}`)).state === "sent", timeout);
    return this.ok("GET", `/api/invitation-rounds/${round.id}`);
  }

  async people(query = "", congress = this.o.congress) {
    return this.ok("GET", `/api/congresses/${congress}/invitations${query}`);
  }

  // Follows a personal link: {token, code of the registration page, what is known}.
  async follow(token) {
    const { status, text, json } = await request({ port: this.server.port, method: "POST", path: "/api/invitations/open", body: { token } });
    assert.equal(status, 200, text);
    return { token, code: json.page.replace("/r/", ""), known: json };
  }

  async stateOf(name) {
    const { items } = await this.people(`?q=${encodeURIComponent(name)}`);
    assert.equal(items.length, 1, name);
    return items[0].state;
  }
}

// A mail server for AMPHI_SMTP_URL; `of(address)`: the mails that came to it.
export async function mailServer() {
  const smtp = new Smtp({ address: "127.0.0.1" });
  await smtp.listen();
  onCleanup(() => smtp.close());
  smtp.env = { AMPHI_SMTP_URL: `smtp://127.0.0.1:${smtp.port}` };
  smtp.of = (address) => smtp.mails.filter((m) => m.to.some((to) => to.includes(`<${address}>`)));
  return smtp;
}

const unfold = (text) => text.replace(/=\r\n/g, "").replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
const words = (value) => value.replace(/\?=\s+=\?/g, "?==?").replace(/=\?UTF-8\?Q\?([^?]*)\?=/g, (_, q) => unfold(q.replaceAll("_", " ")));
// Of a mail: its header lines, its decoded text, and its links by page.
export function read(mail) {
  const end = mail.text.indexOf("\r\n\r\n");
  const headers = mail.text.slice(0, end).replace(/\r\n[ \t]/g, " ").split("\r\n");
  const text = Buffer.from(unfold(mail.text.slice(end)), "latin1").toString("utf8");
  const header = (name) => headers.filter((h) => h.toLowerCase().startsWith(`${name.toLowerCase()}: `)).map((h) => Buffer.from(words(h.slice(name.length + 2)), "latin1").toString("utf8"));
  return { header, text, personal: text.match(/\/invitation#([\w-]{43})/)?.[1], optOut: text.match(/\/unsubscribe#([\w-]{43})/)?.[1] };
}
