#include "blob/s3_sign.h"
#include "crypto/hmac.h"
#include <stdio.h>
#include <string.h>

#define CANONICAL 4096

void s3_hex(const uint8_t *hash, char hex[static S3_HEX_SIZE])
{
    for (int i = 0; i < SHA256_SIZE; i++)
        snprintf(hex + 2 * i, 3, "%02x", hash[i]);
}

static void hash_text(const char *text, char hex[static S3_HEX_SIZE])
{
    uint8_t hash[SHA256_SIZE];
    sha256(text, strlen(text), hash);
    s3_hex(hash, hex);
}

/* The names of the headers that are signed, in order; those of source are there when it is. */
static const char *names(const struct s3_request *r)
{
    return r->source ? "host;x-amz-content-sha256;x-amz-copy-source;x-amz-date"
                     : "host;x-amz-content-sha256;x-amz-date";
}

static bool canonical(const struct s3_request *r, char hex[static S3_HEX_SIZE])
{
    char text[CANONICAL];
    int n = snprintf(text, sizeof text,
                     "%s\n%s\n%s\nhost:%s\nx-amz-content-sha256:%s\n%s%s%sx-amz-date:%s\n\n%s\n%s",
                     r->method, r->path, r->query, r->host, r->content,
                     r->source ? "x-amz-copy-source:" : "", r->source ? r->source : "",
                     r->source ? "\n" : "", r->date, names(r), r->content);
    hash_text(text, hex);
    return n > 0 && (size_t)n < sizeof text;
}

/* The key of a day, a region and the service. */
static bool signing_key(const struct s3_signing *key, const char *date,
                        uint8_t mac[static SHA256_SIZE])
{
    char first[256], day[9];
    int n = snprintf(first, sizeof first, "AWS4%s", key->secret_key);
    if (n < 0 || (size_t)n >= sizeof first)
        return false;
    snprintf(day, sizeof day, "%.8s", date);
    hmac_sha256(first, (size_t)n, day, strlen(day), mac);
    hmac_sha256(mac, SHA256_SIZE, key->region, strlen(key->region), mac);
    hmac_sha256(mac, SHA256_SIZE, "s3", 2, mac);
    hmac_sha256(mac, SHA256_SIZE, "aws4_request", 12, mac);
    return true;
}

bool s3_sign(const struct s3_signing *key, const struct s3_request *request,
             char header[static S3_SIGNED])
{
    char hex[S3_HEX_SIZE], text[512], scope[128];
    uint8_t mac[SHA256_SIZE];
    snprintf(scope, sizeof scope, "%.8s/%s/s3/aws4_request", request->date, key->region);
    if (!canonical(request, hex) || !signing_key(key, request->date, mac))
        return false;
    snprintf(text, sizeof text, "AWS4-HMAC-SHA256\n%s\n%s\n%s", request->date, scope, hex);
    hmac_sha256(mac, sizeof mac, text, strlen(text), mac);
    s3_hex(mac, hex);
    int n = snprintf(header, S3_SIGNED,
                     "Authorization: AWS4-HMAC-SHA256 Credential=%s/%s, SignedHeaders=%s, "
                     "Signature=%s",
                     key->access_key, scope, names(request), hex);
    return n > 0 && n < S3_SIGNED;
}
