/* Passkeys: made on the account page, used to sign in and to show that it is oneself. */
#include "base/app.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/text.h"
#include "crypto/base64url.h"
#include "features/accounts/accounts_routes.h"
#include "features/accounts/entry_store.h"
#include "features/accounts/passkey_store.h"
#include <string.h>

/* Characters of base64url. */
#define CLIENT_DATA_MAX 4096
#define OBJECT_MAX      (32 * 1024)
#define STATEMENT_MAX   6000
#define SIGNATURE_MAX   1024
#define ID_MAX          1364

/* False after having replied. */
static bool find_site(struct http_exchange *x, struct webauthn_site *site)
{
    if (webauthn_site_of(x->app->base_url, site))
        return true;
    http_problem(x, 409, "passkey.no_site", "Passkeys need an address with a name.");
    return false;
}

static void ask(struct http_exchange *x, enum passkey_act act, const struct identity *who)
{
    struct webauthn_site site;
    json_t *asked = NULL;
    if (!find_site(x, &site))
        return;
    enum err err = passkey_ask(x->db, &site, act, who, clock_now_us(x->clock), &asked);
    if (err == ERR_TOO_LARGE)
        http_problem(x, 409, "passkey.many", "The account has as many passkeys as it may have.");
    else if (err == ERR_OK)
        http_reply_json(x, 200, asked);
    else
        http_problem_err(x, err);
}

void post_passkey_challenge(struct http_exchange *x)
{
    ask(x, PASSKEY_MAKE, &x->who);
}

void post_sign_in_passkey_challenge(struct http_exchange *x)
{
    ask(x, PASSKEY_SIGN_IN, NULL);
}

void post_proof_passkey_challenge(struct http_exchange *x)
{
    ask(x, PASSKEY_PROVE, &x->who);
}

/* True when it was; else it has replied. */
static bool is_good(struct http_exchange *x, enum err err, enum passkey_verdict verdict)
{
    if (err != ERR_OK) {
        http_problem_err(x, err);
        return false;
    }
    switch (verdict) {
    case PASSKEY_GOOD:
        return true;
    case PASSKEY_OVER:
        http_problem(x, 409, "auth.passkey_over", "It took too long; try once more.");
        return false;
    case PASSKEY_UNKNOWN:
        http_problem(x, 403, "auth.passkey_unknown", "This passkey is not known here.");
        return false;
    case PASSKEY_KNOWN:
        http_problem(x, 409, "passkey.exists", "This passkey is known already.");
        return false;
    default:
        http_problem(x, 403, "auth.passkey", "The passkey was not accepted.");
        return false;
    }
}

/* --- what browsers send --- */

struct blob {
    uint8_t *bytes;
    size_t len;
};

/* A field in base64url. */
static void read_blob(struct json_reader *r, const char *name, size_t max, struct blob *out)
{
    const char *text = json_read_string(r, name, 1, max);
    if (!text)
        return;
    size_t len = strlen(text);
    out->bytes = mem_new(len);
    if (!base64url_read(text, len, out->bytes, len, &out->len))
        json_reader_fault(r, name, "not base64url");
}

/* False after having replied. */
static bool reader_good(struct http_exchange *x, struct json_reader *r)
{
    bool good = json_reader_end(r);
    if (!good)
        http_problem_field(x, r->field, r->reason);
    return good;
}

struct claim_body {
    struct blob id, client_data, authenticator_data, signature, user;
    struct id account;
    char challenge[TOKEN_TEXT_SIZE];
    struct webauthn_site site;
};

static void release(struct claim_body *b)
{
    free(b->id.bytes);
    free(b->client_data.bytes);
    free(b->authenticator_data.bytes);
    free(b->signature.bytes);
    free(b->user.bytes);
}

static bool read_body(struct http_exchange *x, struct claim_body *b)
{
    json_t *body = http_body_json(x);
    if (!body)
        return false;
    struct json_reader r = json_reader(body);
    read_blob(&r, "id", ID_MAX, &b->id);
    read_blob(&r, "client_data", CLIENT_DATA_MAX, &b->client_data);
    read_blob(&r, "authenticator_data", STATEMENT_MAX, &b->authenticator_data);
    read_blob(&r, "signature", SIGNATURE_MAX, &b->signature);
    if (json_read_has(&r, "user"))
        read_blob(&r, "user", 100, &b->user);
    return reader_good(x, &r);
}

/* What was used, for this site. False after having replied; release() in any case. */
static bool read_claim(struct http_exchange *x, struct claim_body *b, struct passkey_claim *out)
{
    if (!find_site(x, &b->site) || !read_body(x, b))
        return false;
    bool names = b->user.len == sizeof b->account;
    if (names)
        memcpy(&b->account, b->user.bytes, sizeof b->account);
    if ((b->user.bytes && !names) ||
        !webauthn_client_data(&b->site, WEBAUTHN_GET, (const char *)b->client_data.bytes,
                              b->client_data.len, b->challenge)) {
        is_good(x, ERR_OK, PASSKEY_BAD);
        return false;
    }
    *out = (struct passkey_claim){
        .site = &b->site,
        .challenge = b->challenge,
        .id = b->id.bytes,
        .id_len = b->id.len,
        .account = names ? &b->account : NULL,
        .use = {.authenticator_data = b->authenticator_data.bytes,
                .authenticator_data_len = b->authenticator_data.len,
                .signature = b->signature.bytes,
                .signature_len = b->signature.len,
                .client_data = b->client_data.bytes,
                .client_data_len = b->client_data.len},
    };
    return true;
}

/* --- used --- */

void post_sign_in_passkey(struct http_exchange *x)
{
    struct deed deed = accounts_deed(x);
    struct claim_body body = {0};
    struct passkey_claim claim;
    enum passkey_verdict verdict = PASSKEY_BAD;
    struct identity who;
    uint8_t half[TOKEN_HASH_SIZE], hash[TOKEN_HASH_SIZE];
    char token[TOKEN_TEXT_SIZE], via[16];
    if (read_claim(x, &body, &claim)) {
        token_new(token, hash);
        bool in_half = half_cookie_read(x, half);
        enum err err =
            passkey_sign_in(x->db, &deed, &claim, in_half ? half : NULL, hash, &verdict, &who, via);
        if (is_good(x, err, verdict) && http_vouch(x, NULL)) {
            if (in_half)
                half_cookie_set(x, NULL);
            accounts_reply_signed_in(x, token, &who, purpose_of_via(via), NULL);
        }
    }
    release(&body);
}

void post_proof_passkey(struct http_exchange *x)
{
    struct deed deed = accounts_deed(x);
    struct claim_body body = {0};
    struct passkey_claim claim;
    enum passkey_verdict verdict = PASSKEY_BAD;
    if (read_claim(x, &body, &claim)) {
        enum err err = passkey_prove(x->db, &deed, &x->who, &claim, &verdict);
        if (is_good(x, err, verdict))
            http_reply_empty(x, 204);
    }
    release(&body);
}

/* --- made, removed --- */

struct made_body {
    const char *name; /* borrowed from the body */
    struct blob client_data, object;
    char challenge[TOKEN_TEXT_SIZE];
    struct passkey key;
};

/* False after having replied. */
static bool read_made(struct http_exchange *x, struct made_body *b)
{
    struct webauthn_site site;
    json_t *body = http_body_json(x);
    if (!body || !find_site(x, &site))
        return false;
    struct json_reader r = json_reader(body);
    b->name = read_signature(&r, "name", 1, PASSKEY_NAME_MAX);
    read_blob(&r, "client_data", CLIENT_DATA_MAX, &b->client_data);
    read_blob(&r, "attestation", OBJECT_MAX, &b->object);
    if (!reader_good(x, &r))
        return false;
    if (webauthn_client_data(&site, WEBAUTHN_CREATE, (const char *)b->client_data.bytes,
                             b->client_data.len, b->challenge) &&
        webauthn_made(&site, b->object.bytes, b->object.len, &b->key))
        return true;
    is_good(x, ERR_OK, PASSKEY_BAD);
    return false;
}

void post_passkey(struct http_exchange *x)
{
    struct deed deed = accounts_deed(x);
    struct made_body b = {0};
    enum passkey_verdict verdict = PASSKEY_BAD;
    struct recovery_codes codes;
    if (read_made(x, &b)) {
        struct passkey_new made = {.name = b.name, .challenge = b.challenge, .key = &b.key};
        enum err err = passkey_add(x->db, &deed, &x->who, &made, &verdict, &codes);
        if (is_good(x, err, verdict)) {
            accounts_wake_mail(x);
            http_reply_json(x, 201,
                            json_pack("{s:o}", "recovery_codes", recovery_codes_json(&codes)));
        }
    }
    free(b.client_data.bytes);
    free(b.object.bytes);
}

void delete_passkey(struct http_exchange *x)
{
    struct deed deed = accounts_deed(x);
    struct id passkey;
    if (!http_path_id(x, "passkey", &passkey))
        return;
    enum err err = passkey_remove(x->db, &deed, &x->who, &passkey);
    accounts_wake_mail(x);
    if (err == ERR_CONFLICT)
        http_problem(x, 409, "factor.required", "The organisation requires a second factor.");
    else if (err == ERR_OK)
        http_reply_empty(x, 204);
    else
        http_problem_err(x, err);
}
