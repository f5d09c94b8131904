#include "harness/authenticator.h"
#include <check.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <stdio.h>
#include <string.h>

void authenticator_init(struct authenticator *a, const char *rp_id, const char *origin, bool rsa)
{
    *a = (struct authenticator){
        .rp_id = rp_id, .origin = origin, .rsa = rsa, .counter = 1, .flags = 0x05};
    a->key = rsa ? EVP_RSA_gen(2048) : EVP_EC_gen("P-256");
    ck_assert_ptr_nonnull(a->key);
    ck_assert_int_eq(RAND_bytes(a->id, sizeof a->id), 1);
}

void authenticator_free(struct authenticator *a)
{
    EVP_PKEY_free(a->key);
}

/* --- CBOR --- */

struct out {
    uint8_t *at;
    size_t len;
};

static void add(struct out *o, const void *bytes, size_t len)
{
    ck_assert_uint_le(o->len + len, AUTHENTICATOR_BYTES);
    memcpy(o->at + o->len, bytes, len);
    o->len += len;
}

static void head(struct out *o, unsigned major, size_t n)
{
    uint8_t bytes[3] = {(uint8_t)(major << 5 | 25), (uint8_t)(n >> 8), (uint8_t)n};
    uint8_t small = (uint8_t)(major << 5 | n);
    if (n < 24)
        add(o, &small, 1);
    else
        add(o, bytes, 3);
}

static void integer(struct out *o, int n)
{
    head(o, n < 0, (size_t)(n < 0 ? -1 - n : n));
}

static void byte_string(struct out *o, const void *bytes, size_t len)
{
    head(o, 2, len);
    add(o, bytes, len);
}

static void text(struct out *o, const char *words)
{
    head(o, 3, strlen(words));
    add(o, words, strlen(words));
}

static void number(struct out *o, EVP_PKEY *key, const char *name, int size)
{
    uint8_t bytes[512];
    BIGNUM *n = NULL;
    ck_assert_int_eq(EVP_PKEY_get_bn_param(key, name, &n), 1);
    if (size == 0)
        size = BN_num_bytes(n);
    ck_assert_int_eq(BN_bn2binpad(n, bytes, size), size);
    byte_string(o, bytes, (size_t)size);
    BN_free(n);
}

static void cose_key(struct out *o, const struct authenticator *a)
{
    head(o, 5, a->rsa ? 4 : 5);
    integer(o, 1);
    integer(o, a->rsa ? 3 : 2);
    integer(o, 3);
    integer(o, a->rsa ? -257 : -7);
    integer(o, -1);
    if (a->rsa) {
        number(o, a->key, OSSL_PKEY_PARAM_RSA_N, 0);
        integer(o, -2);
        number(o, a->key, OSSL_PKEY_PARAM_RSA_E, 0);
        return;
    }
    integer(o, 1);
    integer(o, -2);
    number(o, a->key, OSSL_PKEY_PARAM_EC_PUB_X, 32);
    integer(o, -3);
    number(o, a->key, OSSL_PKEY_PARAM_EC_PUB_Y, 32);
}

/* --- what is said --- */

static void client_data(const struct authenticator *a, const char *type, const char *challenge,
                        struct said *said)
{
    int len = snprintf(said->client_data, sizeof said->client_data,
                       "{\"type\":\"%s\",\"challenge\":\"%s\",\"origin\":\"%s\","
                       "\"crossOrigin\":false,\"other_keys_can_be_added_here\":\"x\"}",
                       type, challenge, a->origin);
    said->client_data_len = (size_t)len;
}

static void statement(struct out *o, const struct authenticator *a, uint8_t flags)
{
    uint8_t hash[SHA256_SIZE];
    uint8_t fixed[5] = {flags, (uint8_t)(a->counter >> 24), (uint8_t)(a->counter >> 16),
                        (uint8_t)(a->counter >> 8), (uint8_t)a->counter};
    sha256(a->rp_id, strlen(a->rp_id), hash);
    add(o, hash, sizeof hash);
    add(o, fixed, sizeof fixed);
}

void authenticator_make(struct authenticator *a, const char *challenge, struct said *said)
{
    static const uint8_t aaguid[16] = {7};
    uint8_t length[2] = {0, sizeof a->id};
    struct out data = {.at = said->data}, object = {.at = said->object};
    client_data(a, "webauthn.create", challenge, said);
    statement(&data, a, a->flags | 0x40);
    add(&data, aaguid, sizeof aaguid);
    add(&data, length, sizeof length);
    add(&data, a->id, sizeof a->id);
    cose_key(&data, a);
    head(&object, 5, 3);
    text(&object, "fmt");
    text(&object, "none");
    text(&object, "attStmt");
    head(&object, 5, 0);
    text(&object, "authData");
    byte_string(&object, said->data, data.len);
    said->data_len = data.len;
    said->object_len = object.len;
}

void authenticator_use(struct authenticator *a, const char *challenge, struct said *said)
{
    uint8_t signed_text[AUTHENTICATOR_BYTES];
    struct out data = {.at = said->data};
    if (a->counter)
        a->counter++;
    client_data(a, "webauthn.get", challenge, said);
    statement(&data, a, a->flags);
    said->data_len = data.len;
    memcpy(signed_text, said->data, data.len);
    sha256(said->client_data, said->client_data_len, signed_text + data.len);
    EVP_MD_CTX *c = EVP_MD_CTX_new();
    said->signature_len = sizeof said->signature;
    ck_assert_int_eq(EVP_DigestSignInit(c, NULL, EVP_sha256(), NULL, a->key), 1);
    ck_assert_int_eq(EVP_DigestSign(c, said->signature, &said->signature_len, signed_text,
                                    data.len + SHA256_SIZE),
                     1);
    EVP_MD_CTX_free(c);
}
