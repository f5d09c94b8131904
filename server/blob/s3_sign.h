/* AWS Signature Version 4 of a request to an S3-compatible store, as its documentation has it. Any
 * thread. libcurl's own (7.88) neither sorts nor encodes a query. Private to blob/. */
#ifndef AMPHI_BLOB_S3_SIGN_H
#define AMPHI_BLOB_S3_SIGN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define S3_HEX_SIZE  65
#define S3_DATE_SIZE 17   /* "20261127T103000Z" */
#define S3_SIGNED    1024 /* bytes of an Authorization header, at most */

struct s3_signing {
    const char *access_key, *secret_key, *region;
};

/* What is signed. path and query are encoded already, the query sorted; content: hex of the body's
 * SHA-256; source: x-amz-copy-source, or NULL. */
struct s3_request {
    const char *method, *host, *path, *query, *content, *source, *date;
};

void s3_hex(const uint8_t *hash, char hex[static S3_HEX_SIZE]);
/* "Authorization: AWS4-HMAC-SHA256 …". False: it does not fit. */
bool s3_sign(const struct s3_signing *key, const struct s3_request *request,
             char header[static S3_SIGNED]);

#endif
