// A small SMTP server that speaks STARTTLS (RFC 3207) with the certificate it is told, and keeps what
// it was told by whom: lines before and after the handshake apart, and whole mails.
import { createServer } from "node:net";
import { TLSSocket, createSecureContext } from "node:tls";

export class Smtp {
  constructor({ address }) {
    this.address = address;
    this.keys = null; // {key, cert}: offers STARTTLS
    this.clear = []; // commands that came unencrypted
    this.failed = []; // handshakes
    this.mails = []; // {encrypted, protocol, from, to, text}
    this.server = createServer((socket) => this.#serve(socket));
  }

  listen() {
    return new Promise((resolve) => this.server.listen(0, this.address, () => resolve((this.port = this.server.address().port))));
  }

  close() {
    this.server.close();
  }

  #serve(plain) {
    plain.on("error", () => {});
    plain.write("220 mail.test ESMTP\r\n");
    this.#talk(plain, false);
  }

  #secure(plain) {
    const socket = new TLSSocket(plain, { isServer: true, secureContext: createSecureContext(this.keys) });
    socket.on("error", (error) => this.failed.push(error.code ?? error.message));
    this.#talk(socket, true);
  }

  #talk(socket, encrypted) {
    let waiting = "", mail = null, data = null;
    const read = (bytes) => {
      waiting += bytes.toString("latin1");
      for (let end; (end = waiting.indexOf("\r\n")) >= 0; ) {
        const line = waiting.slice(0, end);
        waiting = waiting.slice(end + 2);
        if (data) {
          if (line !== ".") data.push(line.replace(/^\./, ""));
          else {
            this.mails.push({ ...mail, text: data.join("\r\n") });
            data = null;
            socket.write("250 kept\r\n");
          }
          continue;
        }
        if (!encrypted) this.clear.push(line);
        const word = line.split(/[ :]/)[0].toUpperCase();
        if (word === "EHLO") socket.write(!encrypted && this.keys ? "250-mail.test\r\n250 STARTTLS\r\n" : "250 mail.test\r\n");
        else if (word === "STARTTLS") {
          socket.off("data", read);
          socket.write("220 go ahead\r\n");
          return this.#secure(socket);
        } else if (word === "MAIL") {
          mail = { encrypted, protocol: encrypted ? socket.getProtocol() : null, from: line.slice(10), to: [] };
          socket.write("250 ok\r\n");
        } else if (word === "RCPT") {
          mail.to.push(line.slice(8));
          socket.write("250 ok\r\n");
        } else if (word === "DATA") {
          data = [];
          socket.write("354 go on\r\n");
        } else if (word === "QUIT") socket.end("221 bye\r\n");
        else socket.write("502 what?\r\n");
      }
    };
    socket.on("data", read);
  }
}
