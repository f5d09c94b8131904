// An authority of the test's own and what it vouches for, also what is wrong: other names, certificates that have expired.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { temporaryFolder, unprivileged } from "./postgres.mjs";

const EC = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];

export class Authority {
  // reader "postgres": the keys are the database user's, and nobody else can read them.
  constructor({ reader = "" } = {}) {
    this.folder = temporaryFolder("ca");
    this.run = (...args) => (reader === "postgres" ? unprivileged("openssl", args, { cwd: this.folder }) : execFileSync("openssl", args, { cwd: this.folder, stdio: "ignore" }));
    this.run("req", "-x509", ...EC, "-days", "2", "-subj", "/CN=Authority", "-keyout", "ca.key", "-out", "ca.pem");
    this.ca = `${this.folder}/ca.pem`;
  }

  // Files {certificate, key} for a subjectAltName as "IP:127.0.0.1"; days 0: it has expired; own: it vouches for itself.
  certificate(name, { names, days = 2, own = false }) {
    writeFileSync(`${this.folder}/${name}.ext`, `subjectAltName=${names}\n`);
    this.run("req", ...EC, "-subj", `/CN=${name}`, "-keyout", `${name}.key`, "-out", `${name}.csr`);
    const by = own ? ["-signkey", `${name}.key`] : ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial"];
    this.run("x509", "-req", "-in", `${name}.csr`, "-days", String(days), "-extfile", `${name}.ext`, "-out", `${name}.pem`, ...by);
    return { certificate: `${this.folder}/${name}.pem`, key: `${this.folder}/${name}.key` };
  }

  // The four of a server of these names.
  all(names, otherNames) {
    return {
      right: this.certificate("right", { names }),
      otherName: this.certificate("other", { names: otherNames }),
      expired: this.certificate("expired", { names, days: 0 }),
      unknown: this.certificate("unknown", { names, own: true }),
    };
  }
}

// As Node's TLS wants them.
export const read = ({ certificate, key }) => ({ cert: readFileSync(certificate), key: readFileSync(key) });
