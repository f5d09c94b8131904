#include "crypto/cose.h"
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/x509.h>
#include <string.h>

#define P256_BYTES  32
#define RSA_MIN     256 /* bytes: 2048 bits */
#define RSA_MAX     512
#define FIELDS_MOST 16

/* Labels of RFC 9053; -1 to -3 say different things of the two. */
enum { LABEL_KTY = 1, LABEL_ALG = 3, LABEL_1 = -1, LABEL_2 = -2, LABEL_3 = -3 };
enum { KTY_EC2 = 2, KTY_RSA = 3, CRV_P256 = 1 };

struct bytes {
    const uint8_t *at;
    size_t len;
};
struct fields {
    int64_t kty, alg, curve;
    struct bytes one, two, three; /* of labels -1, -2, -3 */
};

static void keep(struct fields *f, int64_t label, const struct cbor_value *v)
{
    struct bytes bytes = {v->bytes, v->len};
    int64_t n = 0;
    bool is_int = cbor_int(v, &n), is_bytes = v->kind == CBOR_KIND_BYTES;
    if (label == LABEL_KTY && is_int)
        f->kty = n;
    else if (label == LABEL_ALG && is_int)
        f->alg = n;
    else if (label == LABEL_1 && is_int)
        f->curve = n;
    else if (label == LABEL_1 && is_bytes)
        f->one = bytes;
    else if (label == LABEL_2 && is_bytes)
        f->two = bytes;
    else if (label == LABEL_3 && is_bytes)
        f->three = bytes;
}

static bool read_fields(struct cbor_reader *r, struct fields *f)
{
    struct cbor_value map, key, value;
    if (!cbor_read(r, &map) || map.kind != CBOR_KIND_MAP || map.number > FIELDS_MOST)
        return false;
    for (uint64_t i = 0; i < map.number; i++) {
        int64_t label = 0;
        if (!cbor_read(r, &key) || !cbor_int(&key, &label))
            return false;
        struct cbor_reader ahead = *r;
        if (!cbor_read(&ahead, &value) || !cbor_pass(r))
            return false;
        keep(f, label, &value);
    }
    return true;
}

/* NULL: the library makes no key of it. Takes the parameters. */
static EVP_PKEY *key_of(const char *type, OSSL_PARAM_BLD *builder)
{
    EVP_PKEY *key = NULL;
    OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(builder);
    EVP_PKEY_CTX *c = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
    if (!params || !c || EVP_PKEY_fromdata_init(c) != 1 ||
        EVP_PKEY_fromdata(c, &key, EVP_PKEY_PUBLIC_KEY, params) != 1)
        key = NULL;
    EVP_PKEY_CTX_free(c);
    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(builder);
    return key;
}

static EVP_PKEY *ec_key(const struct fields *f)
{
    uint8_t point[1 + 2 * P256_BYTES] = {POINT_CONVERSION_UNCOMPRESSED};
    if (f->curve != CRV_P256 || f->two.len != P256_BYTES || f->three.len != P256_BYTES)
        return NULL;
    memcpy(point + 1, f->two.at, P256_BYTES);
    memcpy(point + 1 + P256_BYTES, f->three.at, P256_BYTES);
    OSSL_PARAM_BLD *b = OSSL_PARAM_BLD_new();
    if (b && OSSL_PARAM_BLD_push_utf8_string(b, OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) &&
        OSSL_PARAM_BLD_push_octet_string(b, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point))
        return key_of("EC", b);
    OSSL_PARAM_BLD_free(b);
    return NULL;
}

static EVP_PKEY *rsa_key(const struct fields *f)
{
    static const uint8_t usual_exponent[] = {1, 0, 1};
    if (f->one.len < RSA_MIN || f->one.len > RSA_MAX || !(f->one.at[0] & 0x80) ||
        f->two.len != sizeof usual_exponent || memcmp(f->two.at, usual_exponent, f->two.len) != 0)
        return NULL;
    EVP_PKEY *key = NULL;
    BIGNUM *n = BN_bin2bn(f->one.at, (int)f->one.len, NULL);
    BIGNUM *e = BN_bin2bn(f->two.at, (int)f->two.len, NULL);
    OSSL_PARAM_BLD *b = OSSL_PARAM_BLD_new();
    if (n && e && b && OSSL_PARAM_BLD_push_BN(b, OSSL_PKEY_PARAM_RSA_N, n) &&
        OSSL_PARAM_BLD_push_BN(b, OSSL_PKEY_PARAM_RSA_E, e))
        key = key_of("RSA", b);
    else
        OSSL_PARAM_BLD_free(b);
    BN_free(n);
    BN_free(e);
    return key;
}

/* For EC: the point is on the curve, and not its zero. */
static bool is_sound(EVP_PKEY *key)
{
    EVP_PKEY_CTX *c = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
    bool sound = c && EVP_PKEY_public_check(c) == 1;
    EVP_PKEY_CTX_free(c);
    return sound;
}

bool cose_key_read(struct cbor_reader *r, uint8_t der[static COSE_DER_MAX], size_t *len)
{
    struct fields f = {0};
    EVP_PKEY *key = NULL;
    if (!read_fields(r, &f))
        return false;
    if (f.kty == KTY_EC2 && f.alg == COSE_ES256)
        key = ec_key(&f);
    else if (f.kty == KTY_RSA && f.alg == COSE_RS256)
        key = rsa_key(&f);
    int size = key && is_sound(key) ? i2d_PUBKEY(key, NULL) : 0;
    uint8_t *to = der;
    bool good = size > 0 && size <= COSE_DER_MAX && i2d_PUBKEY(key, &to) == size;
    *len = good ? (size_t)size : 0;
    EVP_PKEY_free(key);
    return good;
}

bool cose_signed(const uint8_t *der, size_t der_len, const void *text, size_t text_len,
                 const uint8_t *signature, size_t signature_len)
{
    const uint8_t *at = der;
    EVP_PKEY *key = d2i_PUBKEY(NULL, &at, (long)der_len);
    EVP_MD_CTX *c = EVP_MD_CTX_new();
    bool good = key && c && EVP_DigestVerifyInit(c, NULL, EVP_sha256(), NULL, key) == 1 &&
                EVP_DigestVerify(c, signature, signature_len, text, text_len) == 1;
    EVP_MD_CTX_free(c);
    EVP_PKEY_free(key);
    return good;
}
