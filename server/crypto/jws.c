#include "crypto/jws.h"
#include "base/json.h"
#include "crypto/base64url.h"
#include <cjose/cjose.h>
#include <stdlib.h>
#include <string.h>

#define HEADER_MAX   2048
#define RSA_BITS_MIN 2048
#define EC_BITS      256

/* --- the header, read here first: it comes from outside, and the library takes more --- */

/* The part before the first dot, of three; NULL: it is none. */
static json_t *read_header(const char *compact)
{
    char bytes[HEADER_MAX];
    size_t dot = strcspn(compact, "."), len = 0;
    const char *second = compact[dot] ? strchr(compact + dot + 1, '.') : NULL;
    if (!second || strchr(second + 1, '.') || strlen(compact) > JWS_MAX ||
        !base64url_read(compact, dot, bytes, sizeof bytes, &len))
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

/* NULL: no good key. */
static cjose_jwk_t *import_key(const json_t *key, const char *kind)
{
    cjose_err err;
    char *text = json_dumps(key, JSON_COMPACT);
    cjose_jwk_t *jwk = text ? cjose_jwk_import(text, strlen(text), &err) : NULL;
    free(text);
    if (!jwk)
        return NULL;
    bool rsa = strcmp(kind, "RSA") == 0;
    size_t bits = cjose_jwk_get_keysize(jwk, &err);
    bool good = cjose_jwk_get_kty(jwk, &err) == (rsa ? CJOSE_JWK_KTY_RSA : CJOSE_JWK_KTY_EC) &&
                (rsa ? bits >= RSA_BITS_MIN
                     : bits == EC_BITS && !strcmp(json_text_of(key, "crv"), "P-256"));
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
    enum jws_verdict verdict = kind ? verify(compact, header, kind, keys, payload) : JWS_ALGORITHM;
    json_decref(header);
    return verdict;
}
