// An OpenID Connect provider for tests: npm's oidc-provider, a certified one, signing in whoever comes at once.
import { createServer } from "node:http";
import { writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { onCleanup } from "./cleanup.mjs";
import { endServer } from "./http.mjs";
import { need } from "./need.mjs";
import { temporaryFolder } from "./postgres.mjs";

let OidcProvider = null;
try {
  const here = need.resolve.paths("oidc-provider").map((folder) => `${folder}/oidc-provider/lib/index.js`);
  for (const path of here) OidcProvider ??= await import(pathToFileURL(path)).then((module) => module.default, () => null);
} catch {
  // the tests are skipped by name
}
export const skip = OidcProvider ? false : "oidc-provider is not installed";

const CLIENT = "amphi-tests";
const SECRET = "a secret & that nobody/tells";

export class Provider {
  // person: the claims of whoever signs in, with sub. alg: how ID tokens are signed.
  constructor({ person, alg = "RS256" }) {
    this.person = person;
    this.alg = alg;
    this.refuses = false;
    this.away = false;
    this.asked = [];
    // rewrite(path, body): what is answered instead, for what no provider would do.
    this.rewrite = null;
    onCleanup(() => this.stop());
  }

  async start() {
    this.server = createServer((rq, rs) => this.#answer(rq, rs));
    await new Promise((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    this.issuer = `http://127.0.0.1:${this.server.address().port}`;
    return this;
  }

  // Where the browser may be sent back to is known once the server runs.
  allow(url) {
    const claims = Object.keys(this.person).filter((name) => name !== "sub");
    this.provider = new OidcProvider(this.issuer, {
      clients: [{ client_id: CLIENT, client_secret: SECRET, redirect_uris: [`${url}/api/provider/back`], id_token_signed_response_alg: this.alg }],
      jwks: this.keys,
      claims: { openid: ["sub", "acr"], profile: claims, email: ["email"], scope_all: claims },
      scopes: ["openid", "profile", "email", "scope_all"],
      acrValues: ["eidas1"],
      pkce: { required: () => true },
      cookies: { keys: ["k"] },
      features: { devInteractions: { enabled: false } },
      interactions: { url: (_, interaction) => `/sign-in/${interaction.uid}` },
      findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ ...this.person, sub }) }),
      renderError: (context, out) => (context.body = JSON.stringify(out)),
    });
    this.callback = this.provider.callback();
    return this;
  }

  async #answer(rq, rs) {
    const [path] = rq.url.split("?");
    this.asked.push(`${rq.method} ${path}`);
    this.onAsked?.(rq);
    if (this.away && !path.startsWith("/sign-in")) return void rs.writeHead(503).end();
    if (path.startsWith("/sign-in/")) return this.#signIn(rq, rs);
    if (this.rewrite) this.#listen(path, rs);
    return this.callback(rq, rs);
  }

  #listen(path, rs) {
    const end = rs.end.bind(rs);
    rs.end = (body, ...more) => {
      const other = body && this.rewrite(path, String(body));
      if (!other) return end(body, ...more);
      rs.setHeader("Content-Length", Buffer.byteLength(other));
      return end(other, ...more);
    };
  }

  async #signIn(rq, rs) {
    const { params, grantId } = await this.provider.interactionDetails(rq, rs);
    if (this.refuses) return this.provider.interactionFinished(rq, rs, { error: "access_denied" });
    const grant = grantId ? await this.provider.Grant.find(grantId) : new this.provider.Grant({ accountId: this.person.sub, clientId: params.client_id });
    grant.addOIDCScope(params.scope);
    return this.provider.interactionFinished(rq, rs, { login: { accountId: this.person.sub, acr: "eidas1" }, consent: { grantId: await grant.save() } });
  }

  async stop() {
    const server = this.server;
    this.server = null;
    if (server) await endServer(server);
  }

  env(more = {}) {
    const file = `${temporaryFolder("oidc")}/secret`;
    writeFileSync(file, `${SECRET}\n`);
    return { AMPHI_OIDC_ISSUER: this.issuer, AMPHI_OIDC_CLIENT_ID: CLIENT, AMPHI_OIDC_CLIENT_SECRET_FILE: file, AMPHI_OIDC_PRESET: "pro_sante_connect", ...more };
  }
}
export const secret = SECRET;
