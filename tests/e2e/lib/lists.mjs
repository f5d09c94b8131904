// Target lists as an organiser makes them: over HTTP, until the server's jobs are done.
import assert from "node:assert/strict";
import { waitFor } from "./cleanup.mjs";
import { request } from "./http.mjs";

export const FIELDS = ["rpps", "email", "last_name", "first_name", "postcode", "segment"];

export class Lists {
  #names = 0;

  constructor(server, pg, cookie, fields = FIELDS) {
    Object.assign(this, { server, pg, cookie, fields });
  }

  call(method, path, body, headers) {
    return request({ port: this.server.port, method, path: `/api/target-lists${path}`, cookie: this.cookie, body, headers });
  }

  async make() {
    const made = await this.call("POST", "", { name: `List ${++this.#names}`, source: "CRM" });
    assert.equal(made.status, 201, made.text);
    return made.json.id;
  }

  // people: {rpps, email, …}; → the import.
  async upload(list, people) {
    const file = [this.fields, ...people.map((p) => this.fields.map((f) => p[f] ?? ""))].map((cells) => cells.join(";")).join("\n");
    const up = await this.call("POST", `/${list}/imports?file_name=cardio.csv`, Buffer.from(file), { "Content-Type": "text/csv" });
    assert.equal(up.status, 201, up.text);
    return up.json.id;
  }

  async map(list, id, duplicates) {
    const mapped = await this.call("PUT", `/${list}/imports/${id}/mapping`, { fields: this.fields, duplicates });
    assert.equal(mapped.status, 200, mapped.text);
  }

  async confirm(list, id) {
    const confirmed = await this.call("POST", `/${list}/imports/${id}/confirm`);
    assert.equal(confirmed.status, 200, confirmed.text);
  }

  stateOf(id) {
    return this.pg.sql(`SELECT state FROM target_list_import WHERE id = '${id}'`)[0][0];
  }

  async until(list, id, state, timeout = 60000) {
    await waitFor(state, () => this.stateOf(id) === state || assert.notEqual(this.stateOf(id), "failed"), timeout);
    return (await this.call("GET", `/${list}/imports/${id}`)).json;
  }

  async store(list, people, duplicates) {
    const id = await this.upload(list, people);
    await this.map(list, id, duplicates);
    await this.until(list, id, "checked");
    await this.confirm(list, id);
    return this.until(list, id, "stored");
  }
}
