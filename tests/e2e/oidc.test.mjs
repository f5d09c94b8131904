// Rule: where a provider such as Pro Santé Connect is configured, whoever signs in there first finds the form filled in, and
// staff sees who vouches for them; whatever goes wrong leads back to the form, which can always be filled in by hand. No
// token is believed that is not signed for this very trip, and none is kept.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { generateKeyPairSync, randomUUID, sign } from "node:crypto";
import { readFileSync, readdirSync, statSync } from "node:fs";
import http from "node:http";
import { after, before, test } from "node:test";
import { axe, openBrowser, openContext } from "./lib/browser.mjs";
import { cleanup } from "./lib/cleanup.mjs";
import { request } from "./lib/http.mjs";
import { root } from "./lib/need.mjs";
import { Provider, secret, skip } from "./lib/oidc.mjs";
import { organisation } from "./lib/people.mjs";
import { Postgres } from "./lib/postgres.mjs";
import { Server } from "./lib/server.mjs";

after(cleanup);

const shots = process.env.SHOTS; // a folder: what each page looks like
const ANNE = { sub: "f:anne", given_name: "Anne", family_name: "Lefèvre", SubjectNameID: "810000001916", SubjectRefPro: { exercices: [{ codeProfession: "10", codeSavoirFaire: "SM04" }] } };
let pg, provider, server, browser, o;
before(async () => {
  if (skip) return;
  pg = new Postgres();
  provider = await new Provider({ person: ANNE }).start();
  server = await new Server({ database: pg, env: provider.env() }).start();
  provider.allow(server.url);
  o = organisation(pg, "Laboratoire Exemple", { live: false });
  browser = await openBrowser();
});

const WORDS = {
  fr: { go: "Continuer avec Pro Santé Connect", good: "Votre identité est confirmée par Pro Santé Connect", last: "Nom", first: "Prénom", rpps: /^Numéro RPPS/, email: "Adresse e-mail", specialty: /^Spécialité/, cardiology: /Cardiologie/, refused: /Vous avez interrompu l’identification/, away: /ne répond pas/, failed: /n’a pas pu confirmer/, expired: /pris trop de temps/, differs: /Pro Santé Connect indique d’autres informations\s:\snom/ },
  en: { go: "Continue with Pro Santé Connect", good: "Your identity is confirmed by Pro Santé Connect", last: "Last name", first: "First name", rpps: /^RPPS number/, email: "E-mail address", specialty: /^Specialty/, cardiology: /Cardiology/, refused: /You did not sign in there/, away: /does not answer/, failed: /could not confirm/, expired: /took too long/, differs: /Pro Santé Connect has another name/ },
};

async function openForm(language, width) {
  const context = await openContext(browser, { locale: language === "fr" ? "fr-FR" : "en-GB", width, bypassCSP: Boolean(shots) || width === 390 });
  await context.addInitScript((chosen) => localStorage.setItem("amphi.language", chosen), language);
  const page = await context.newPage();
  await page.goto(`${server.url}/r/${o.code}`);
  return { context, page, w: WORDS[language] };
}

async function look(page, name) {
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${name} scrolls sideways`);
  if (shots) await page.screenshot({ path: `${shots}/oidc-${name}.png`, fullPage: true });
}

for (const [language, width] of [["fr", 390], ["en", 1440]])
  test(`who signs in at the provider finds the form filled in (${language}, ${width} pixels)`, { skip }, async () => {
    const { context, page, w } = await openForm(language, width);
    await page.locator("#register").getByLabel(w.email, { exact: true }).fill("kept@example.org");
    await page.getByRole("button", { name: w.go }).waitFor();
    await look(page, `before-${language}`);
    await page.getByRole("button", { name: w.go }).click();
    await page.getByText(w.good).waitFor();
    assert.equal(new URL(page.url()).hash, "", "nothing of it stays in the address");
    assert.equal(await page.getByLabel(w.last, { exact: true }).inputValue(), "Lefèvre");
    assert.equal(await page.getByLabel(w.rpps).inputValue(), "10000001916");
    assert.match(await page.getByRole("combobox", { name: w.specialty }).inputValue(), w.cardiology);
    assert.equal(await page.locator("#register").getByLabel(w.email, { exact: true }).inputValue(), "kept@example.org", "what was typed before is still there");
    await look(page, `good-${language}`);
    if (width === 390) assert.deepEqual(await axe(page), []);
    await page.getByLabel(w.last, { exact: true }).fill("Durand");
    await page.getByText(w.differs).waitFor();
    await look(page, `differs-${language}`);
    await context.close();
  });

for (const language of ["fr", "en"])
  test(`what goes wrong leads back to the form in plain words (${language})`, { skip }, async () => {
    const { context, page, w } = await openForm(language, 390);
    const go = () => page.getByRole("button", { name: w.go }).click();
    await page.getByLabel(w.first, { exact: true }).fill("Anne");
    provider.refuses = true;
    await go();
    await page.getByText(w.refused).waitFor();
    provider.refuses = false;
    assert.equal(await page.getByLabel(w.first, { exact: true }).inputValue(), "Anne");
    await look(page, `refused-${language}`);
    provider.rewrite = (path, body) => path === "/token" && body.replace(/("id_token":"[^."]+\.[^."]+\.)./, (_, head) => `${head}${body.includes(`${head}A`) ? "B" : "A"}`);
    await go();
    await page.getByText(w.failed).waitFor();
    provider.rewrite = null;
    provider.onAsked = ({ url }) => (provider.away ||= url.startsWith("/token"));
    await go();
    await page.getByText(w.away).waitFor();
    provider.onAsked = null;
    provider.away = false;
    await look(page, `away-${language}`);
    await page.goto(`${server.url}/r/${o.code}#provider=expired`);
    await page.reload();
    await page.getByText(w.expired).waitFor();
    await context.close();
  });

// --- the trip without a browser ---

const cookieOf = (answer) => /__Host-amphi-provider=([^;]*)/.exec(String(answer.headers["set-cookie"]))?.[1];
const ask = (method, path, cookie, body) => request({ port: server.port, method, path, headers: cookie ? { Cookie: `__Host-amphi-provider=${cookie}` } : {}, body });

async function depart() {
  const left = await ask("POST", `/api/registration-pages/${o.code}/provider`);
  assert.equal(left.status, 200, left.text);
  assert.match(String(left.headers["set-cookie"]), /; Path=\/; Max-Age=600; Secure; HttpOnly; SameSite=Lax$/);
  return { cookie: cookieOf(left), url: new URL(left.json.url) };
}

const visit = (at, headers) => new Promise((resolve, reject) => http.get(at, { headers }, (answer) => resolve(answer.resume())).on("error", reject));

// Through the provider's pages, to where it sends the browser.
async function signIn(url) {
  const jar = new Map();
  for (let at = url.href; ; ) {
    const { statusCode, headers } = await visit(at, { Cookie: [...jar].map(([name, value]) => `${name}=${value}`).join("; ") });
    for (const line of headers["set-cookie"] ?? []) jar.set(...line.split(";")[0].split(/=(.*)/s));
    assert.ok(headers.location, `${at}: ${statusCode}`);
    const next = new URL(headers.location, at);
    if (next.origin === server.url) return next;
    at = next.href;
  }
}

async function arrive(back, cookie) {
  const answer = await ask("GET", back.pathname + back.search, cookie);
  return { word: answer.headers.location?.split("#provider=")[1], cookie: cookieOf(answer), answer };
}

test("the way there asks for a code with S256, state and nonce, and for the preset's scopes", { skip }, async () => {
  const { url } = await depart();
  const said = Object.fromEntries(url.searchParams);
  assert.match(said.state, new RegExp(`^[A-Za-z0-9_-]{43}\\.${o.code}$`));
  assert.match(said.nonce, /^[A-Za-z0-9_-]{43}$/);
  assert.match(said.code_challenge, /^[A-Za-z0-9_-]{43}$/);
  assert.deepEqual([said.response_type, said.code_challenge_method, said.scope, said.acr_values, said.redirect_uri], ["code", "S256", "openid scope_all", "eidas1", `${server.url}/api/provider/back`]);
});

test("a state is good once, in the browser that asked, for ten minutes", { skip }, async () => {
  const { cookie, url } = await depart();
  const back = await signIn(url);
  assert.equal((await arrive(back, undefined)).word, "expired", "another browser");
  assert.equal((await arrive(back, (await depart()).cookie)).word, "expired", "another trip");
  const first = await arrive(back, cookie);
  assert.equal(first.word, "good");
  assert.notEqual(first.cookie, cookie, "the cookie is another one afterwards");
  assert.equal((await arrive(back, cookie)).word, "expired", "replayed");
  const failing = await depart();
  const failed = await signIn(failing.url);
  const elsewhere = new URL(failed);
  elsewhere.searchParams.set("iss", "https://evil.example.org");
  assert.equal((await arrive(elsewhere, failing.cookie)).word, "failed");
  assert.equal((await arrive(failed, failing.cookie)).word, "expired", "a trip that failed is over, too");
  const late = await depart();
  const lateBack = await signIn(late.url);
  pg.sql("UPDATE provider_sign_in SET expires_at = now() - interval '1 second' WHERE spent_at IS NULL");
  assert.equal((await arrive(lateBack, late.cookie)).word, "expired", "too late");
});

test("an answer of another issuer is refused, and one without an issuer where it says that it names itself", { skip }, async () => {
  for (const iss of ["https://evil.example.org", null]) {
    const { cookie, url } = await depart();
    const back = await signIn(url);
    assert.equal(back.searchParams.get("iss"), provider.issuer);
    if (iss) back.searchParams.set("iss", iss);
    else back.searchParams.delete("iss");
    assert.equal((await arrive(back, cookie)).word, "failed");
  }
});

const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const forger = generateKeyPairSync("rsa", { modulusLength: 2048 });

// The ID token with other claims or another header, signed by nobody, or by a stranger.
function forge(change) {
  return (path, body) => {
    if (path !== "/token") return null;
    const answer = JSON.parse(body);
    const [header, claims, signature] = answer.id_token.split(".");
    const read = (text) => JSON.parse(Buffer.from(text, "base64url"));
    answer.id_token = change(read(header), read(claims), signature);
    return JSON.stringify(answer);
  };
}
const FORGERIES = {
  "signed by nobody": forge((header, claims) => `${part({ ...header, alg: "none" })}.${part(claims)}.`),
  "signed by a stranger": forge((header, claims) => {
    const text = `${part(header)}.${part(claims)}`;
    return `${text}.${sign("sha256", Buffer.from(text), forger.privateKey).toString("base64url")}`;
  }),
  "of somebody else": forge((header, claims, signature) => `${part(header)}.${part({ ...claims, sub: "f:mary" })}.${signature}`),
  "userinfo of somebody else": (path, body) => (path === "/me" ? body.replace("f:anne", "f:mary") : null),
  "an answer of more than 64 KB": (path) => (path === "/me" ? JSON.stringify({ sub: "f:anne", x: "x".repeat(70000) }) : null),
  "an answer that is no JSON": (path) => (path === "/token" ? "<html></html>" : null),
};

for (const [what, rewrite] of Object.entries(FORGERIES))
  test(`a token or answer is refused: ${what}`, { skip }, async () => {
    const { cookie, url } = await depart();
    const back = await signIn(url);
    provider.rewrite = rewrite;
    const { word } = await arrive(back, cookie);
    provider.rewrite = null;
    assert.equal(word, "failed");
    assert.equal((await ask("GET", `/api/registration-pages/${o.code}/provider`, cookie)).status, 404);
  });

test("keys that change are asked for again, not more than once a minute", { skip }, async () => {
  const ec = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ format: "jwk" });
  const other = await new Provider({ person: ANNE, alg: "ES256" }).start();
  other.keys = { keys: [{ ...ec, kid: "one", use: "sig" }] };
  const mine = [server, o], database = new Postgres();
  server = await new Server({ database, env: other.env({ AMPHI_OIDC_NAME: "Exemple ID", AMPHI_OIDC_PRESET: "" }) }).start();
  o = organisation(database, "Autre", { live: false });
  other.allow(server.url);
  const trip = async () => {
    const { cookie, url } = await depart();
    return arrive(await signIn(url), cookie);
  };
  assert.equal((await trip()).word, "good", "ES256");
  other.keys = { keys: [{ ...generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ format: "jwk" }), kid: "two", use: "sig" }] };
  other.allow(server.url);
  assert.equal((await trip()).word, "failed", "they were asked for a moment ago");
  assert.equal((await trip()).word, "failed");
  assert.equal(other.asked.filter((line) => line === "GET /jwks").length, 1);
  const page = await ask("GET", `/api/registration-pages/${o.code}`);
  assert.equal(page.json.provider, "Exemple ID");
  await server.kill();
  [server, o] = mine;
});

// --- what becomes of it ---

async function returned() {
  const { cookie, url } = await depart();
  const back = await arrive(await signIn(url), cookie);
  assert.equal(back.word, "good");
  return back.cookie;
}

const form = (email, more = {}) => ({ email, first_name: "Anne", last_name: "Lefevre", rpps: "10000001916", language: "fr", profession: "10", specialty: "SM04", practice_setting: "SA07", region: "53", age_band: "45_54",
  consents: [{ kind: "participation", version: 1, given: true }, { kind: "contact", version: 1, given: false }], ...more });

async function register(email, cookie, more) {
  const sent = await ask("POST", `/api/registration-pages/${o.code}`, cookie, form(email, more));
  if (sent.status !== 202) return sent;
  const token = (await server.link(email, "join")).split("#")[1];
  assert.equal((await request({ port: server.port, method: "POST", path: "/api/join", body: { token } })).status, 200);
  return sent;
}

test("what the provider said goes with one form, is confirmed by mail, and staff sees it", { skip }, async () => {
  const cookie = await returned();
  const shown = (await ask("GET", `/api/registration-pages/${o.code}/provider`, cookie)).json;
  assert.deepEqual(shown, { provider: "Pro Santé Connect", first_name: "Anne", last_name: "Lefèvre", email: null, rpps: "10000001916", profession: "10", specialty: "SM04" });
  assert.equal((await register("anne@example.org", cookie, { provider: true })).status, 202);
  const again = await register("again@example.org", cookie, { provider: true });
  assert.deepEqual([again.status, again.json.code], [409, "provider.expired"], "once");
  await register("durand@example.org", await returned(), { provider: true, last_name: "Durand", profession: "21", specialty: null });
  await register("blanc@example.org", await returned());
  const list = await request({ port: server.port, path: `/api/congresses/${o.congress}/registrations`, cookie: o.staff.organiser.cookie });
  const marks = Object.fromEntries(list.json.items.map((row) => [row.email, row.provider && [row.provider.verdict, row.provider.differs.join()]]));
  assert.deepEqual(marks, { "anne@example.org": ["verified", ""], "durand@example.org": ["differs", "name,profession"], "blanc@example.org": null });
  const [kept] = pg.sql("SELECT source, provider, last_name, rpps FROM provider_identity JOIN hcp h ON h.id = hcp_id WHERE email = 'anne@example.org'".replace("last_name, rpps", "provider_identity.last_name, provider_identity.rpps"));
  assert.deepEqual(kept, [provider.issuer, "Pro Santé Connect", "Lefèvre", "10000001916"]);
});

for (const width of [390, 1440])
  test(`staff sees who vouches for whom (${width} pixels)`, { skip }, async () => {
    const context = await openContext(browser, { locale: "fr-FR", width, bypassCSP: true });
    const page = await context.newPage();
    await context.addCookies([{ name: "__Host-amphi", value: o.staff.organiser.cookie, url: server.url, secure: true, httpOnly: true, sameSite: "Strict" }]);
    await page.goto(`${server.url}/congresses/${o.congress}/registrations`);
    await page.locator("tbody").getByText("Confirmé", { exact: true }).waitFor();
    await page.locator("tbody").getByText(/Pro Santé Connect\s: nom, profession/).waitFor();
    await look(page, `staff-${width}`);
    await context.close();
  });

test("nothing of tokens and secrets is kept or logged", { skip }, async () => {
  const seen = [secret, encodeURIComponent(secret)];
  provider.rewrite = (path, body) => {
    if (path === "/token") seen.push(JSON.parse(body).id_token, JSON.parse(body).access_token);
    return null;
  };
  const { cookie, url } = await depart();
  const back = await signIn(url);
  seen.push(cookie, back.searchParams.get("code"), back.searchParams.get("state").split(".")[0], url.searchParams.get("nonce"));
  const end = await arrive(back, cookie);
  provider.rewrite = null;
  assert.equal(end.word, "good");
  seen.push(end.cookie);
  assert.equal(seen.length, 9);
  const rows = pg.sql("SELECT row_to_json(t)::text FROM provider_sign_in t UNION ALL SELECT row_to_json(t)::text FROM provider_identity t UNION ALL SELECT row_to_json(t)::text FROM audit_log t").flat().join("\n");
  const files = readdirSync(server.data, { recursive: true }).map((f) => `${server.data}/${f}`).filter((f) => statSync(f).isFile()).map((f) => readFileSync(f, "latin1")).join("\n");
  for (const text of seen) for (const where of [rows, files, JSON.stringify(server.log)]) assert.ok(!where.includes(text));
});

test("what is over is deleted by itself", { skip }, async () => {
  await returned();
  assert.notEqual(pg.sql("SELECT count(*) FROM provider_sign_in WHERE claims IS NOT NULL")[0][0], "0");
  const jobs = pg.sql("SELECT count(*) FROM provider_sign_in p WHERE NOT EXISTS (SELECT 1 FROM job WHERE kind = 'oidc.expire' AND object_id = p.id)");
  assert.deepEqual(jobs, [["0"]]);
});

test("without a provider there is no way to one, and half a configuration does not start", async () => {
  const database = new Postgres();
  const plain = await new Server({ database }).start();
  const { code } = organisation(database, "Laboratoire Exemple", { live: false });
  const get = (method, path) => request({ port: plain.port, method, path });
  assert.equal((await get("GET", `/api/registration-pages/${code}`)).json.provider, null);
  for (const [method, path] of [["POST", `/api/registration-pages/${code}/provider`], ["GET", `/api/registration-pages/${code}/provider`], ["GET", `/api/provider/back?state=${"A".repeat(43)}.${code}&code=${randomUUID()}`]])
    assert.equal((await get(method, path)).status, 404, path);
  const check = (env) => spawnSync(plain.binary, ["check-config"], { cwd: root, env: { PATH: process.env.PATH, ...env }, encoding: "utf8" });
  const half = check({ AMPHI_OIDC_ISSUER: "https://id.example.org" });
  assert.equal(half.status, 1);
  assert.match(half.stderr, /oidc_issuer is set and oidc_client_id is not/);
  assert.match(check({ AMPHI_OIDC_PRESET: "pro_sante_connect" }).stderr, /oidc_preset is set and oidc_issuer is not/);
  await plain.kill();
});
