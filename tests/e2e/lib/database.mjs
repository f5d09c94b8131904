// Between the server and PostgreSQL: a TCP proxy in front of a database's unix socket. A test extends
// it and says what happens to the bytes of either direction.
import net from "node:net";
import { onCleanup } from "./cleanup.mjs";

export class DatabaseProxy {
  constructor(socket) {
    this.links = new Set();
    this.server = net.createServer((client) => this.#link(client, net.connect(socket)));
    onCleanup(() => this.close());
  }

  async listen() {
    await new Promise((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    const as = (role) => `postgresql://${role}@127.0.0.1:${this.server.address().port}/amphi?sslmode=disable`;
    this.applicationUrl = as("amphi_app");
    this.ownerUrl = as("amphi_owner");
    return this;
  }

  #link(client, database) {
    const link = { client, database };
    link.end = () => {
      client.destroy();
      database.destroy();
      this.links.delete(link);
    };
    this.links.add(link);
    client.on("data", (bytes) => this.asked(link, bytes));
    database.on("data", (bytes) => this.answered(link, bytes));
    for (const side of [client, database]) side.on("close", link.end).on("error", link.end);
  }

  asked(link, bytes) {
    link.database.write(bytes);
  }

  answered(link, bytes) {
    link.client.write(bytes);
  }

  close() {
    for (const link of [...this.links]) link.end();
    this.server.close();
  }
}

// Every answer comes late by `ms`, in order.
export class SlowDatabase extends DatabaseProxy {
  constructor(socket, ms) {
    super(socket);
    this.ms = ms;
  }

  answered(link, bytes) {
    link.due = Math.max(performance.now() + this.ms, link.due ?? 0); // in order, also when ms changes
    setTimeout(() => link.client.destroyed || link.client.write(bytes), link.due - performance.now());
  }
}
