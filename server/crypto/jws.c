#include "crypto/jws.h"
#include "base/json.h"
#include "crypto/base64url.h"
#include <cjose/cjose.h>
#include <stdlib.h>
#include <string.h>

#define HEADER_MAX   2048
#define RSA_BITS_MIN 2048
#define EC_BITS      256
#define EC_CHARS     43   /* of a coordinate */
#define RSA_CHARS    1366 /* of a modulus: 8192 bits */

/* --- what comes from outside is read here first: the library takes more than is let in, and ends
 * the process (assert) over what is no base64url --- */

static bool is_base64url(const char *text, size_t len)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
    return len > 0 && len % 4 != 1 && strspn(text, letters) >= len;
}

/* Three parts. */
static bool is_compact(const char *text)
{
    for (int part = 0; part < 3; part++) {
        size_t len = strcspn(text, ".");
        if (!is_base64url(text, len) || (part < 2) != (text[len] == '.'))
            return false;
        text += len + 1;
    }
    return true;
}

/* Before the first dot; NULL: it is none. */
static json_t *read_header(const char *compact)
{
    char bytes[HEADER_MAX];
    size_t dot = strcspn(compact, "."), len = 0;
    if (!base64url_read(compact, dot, bytes, sizeof bytes, &len))
        return NULL;
    json_t *header = json_parse(bytes, len);
    if (json_is_object(header))
        return header;
    json_decref(header);
    return NULL;
}

/* The kind of key that goes with it; NULL: it is not let in. */
static const char *kind_of(const json_t *header)
{
    const char *alg = json_text_of(header, "alg");
    if (json_object_get(header, "crit")) /* something that must be understood */
        return NULL;
    return strcmp(alg, "RS256") == 0 ? "RSA" : strcmp(alg, "ES256") == 0 ? "EC" : NULL;
}

/* --- keys --- */

static bool absent_or(const json_t *object, const char *name, const char *wanted)
{
    const json_t *value = json_object_get(object, name);
    return !value || strcmp(json_text_of(object, name), wanted) == 0;
}

static bool is_meant(const json_t *key, const json_t *header, const char *kind)
{
    const char *kid = json_text_of(header, "kid");
    return strcmp(json_text_of(key, "kty"), kind) == 0 && absent_or(key, "use", "sig") &&
           absent_or(key, "alg", json_text_of(header, "alg")) &&
           (!*kid || strcmp(json_text_of(key, "kid"), kid) == 0);
}

/* The members that are needed, checked; NULL: they are none. */
static json_t *public_part(const json_t *key, bool rsa)
{
    const char *one = json_text_of(key, rsa ? "n" : "x"), *two = json_text_of(key, rsa ? "e" : "y");
    size_t len = strlen(one), other = strlen(two);
    if (!is_base64url(one, len) || !is_base64url(two, other))
        return NULL;
    if (rsa)
        return len <= RSA_CHARS && other < 10
                   ? json_pack("{s:s,s:s,s:s}", "kty", "RSA", "n", one, "e", two)
                   : NULL;
    bool curve = len == EC_CHARS && other == EC_CHARS && !strcmp(json_text_of(key, "crv"), "P-256");
    return curve ? json_pack("{s:s,s:s,s:s,s:s}", "kty", "EC", "crv", "P-256", "x", one, "y", two)
                 : NULL;
}

static cjose_jwk_t *import_part(json_t *part)
{
    cjose_err err;
    char *text = part ? json_dumps(part, JSON_COMPACT) : NULL;
    cjose_jwk_t *jwk = text ? cjose_jwk_import(text, strlen(text), &err) : NULL;
    free(text);
    json_decref(part);
    return jwk;
}

/* NULL: no good key. */
static cjose_jwk_t *import_key(const json_t *key, const char *kind)
{
    cjose_err err;
    bool rsa = strcmp(kind, "RSA") == 0;
    cjose_jwk_t *jwk = import_part(public_part(key, rsa));
    if (!jwk)
        return NULL;
    size_t bits = cjose_jwk_get_keysize(jwk, &err);
    bool good = cjose_jwk_get_kty(jwk, &err) == (rsa ? CJOSE_JWK_KTY_RSA : CJOSE_JWK_KTY_EC) &&
                (rsa ? bits >= RSA_BITS_MIN : bits == EC_BITS);
    if (good)
        return jwk;
    cjose_jwk_release(jwk);
    return NULL;
}

/* --- the signature --- */

static json_t *payload_of(const cjose_jws_t *jws)
{
    cjose_err err;
    uint8_t *bytes = NULL;
    size_t len = 0;
    if (!cjose_jws_get_plaintext(jws, &bytes, &len, &err))
        return NULL;
    json_t *payload = json_parse((const char *)bytes, len);
    if (json_is_object(payload))
        return payload;
    json_decref(payload);
    return NULL;
}

static enum jws_verdict verify_by(const char *compact, const cjose_jwk_t *jwk, json_t **payload)
{
    cjose_err err;
    cjose_jws_t *jws = cjose_jws_import(compact, strlen(compact), &err);
    if (!jws)
        return JWS_MALFORMED;
    enum jws_verdict verdict = JWS_SIGNATURE;
    if (cjose_jws_verify(jws, jwk, &err)) {
        *payload = payload_of(jws);
        verdict = *payload ? JWS_GOOD : JWS_MALFORMED;
    }
    cjose_jws_release(jws);
    return verdict;
}

static enum jws_verdict verify(const char *compact, const json_t *header, const char *kind,
                               const json_t *keys, json_t **payload)
{
    enum jws_verdict verdict = JWS_NO_KEY;
    const json_t *list = json_object_get(keys, "keys");
    size_t n = json_array_size(list);
    for (size_t i = 0; i < n && i < JWS_KEYS_MAX && verdict != JWS_GOOD; i++) {
        const json_t *key = json_array_get(list, i);
        cjose_jwk_t *jwk = is_meant(key, header, kind) ? import_key(key, kind) : NULL;
        if (jwk)
            verdict = verify_by(compact, jwk, payload);
        cjose_jwk_release(jwk);
    }
    return verdict;
}

enum jws_verdict jws_verify(const char *compact, const json_t *keys, json_t **payload)
{
    *payload = NULL;
    json_t *header = read_header(compact);
    if (!header)
        return JWS_MALFORMED;
    const char *kind = kind_of(header);
    enum jws_verdict verdict = JWS_ALGORITHM;
    if (kind)
        verdict = strlen(compact) <= JWS_MAX && is_compact(compact)
                      ? verify(compact, header, kind, keys, payload)
                      : JWS_MALFORMED;
    json_decref(header);
    return verdict;
}
