/* Public keys as authenticators write them (COSE, RFC 9052), of the two algorithms that passkeys
 * use, as DER of a SubjectPublicKeyInfo, and what they have signed. Any thread. */
#ifndef AMPHI_CRYPTO_COSE_H
#define AMPHI_CRYPTO_COSE_H

#include "crypto/cbor_reader.h"

#define COSE_ES256   (-7)   /* ECDSA over P-256 with SHA-256 */
#define COSE_RS256   (-257) /* RSASSA-PKCS1-v1_5 with SHA-256 */
#define COSE_DER_MAX 600    /* an RSA key of 4096 bits is 550 */

/* Reads one key. False: malformed, of another algorithm, or no good key (a point off the curve, RSA
 * of less than 2048 bits). */
bool cose_key_read(struct cbor_reader *r, uint8_t der[static COSE_DER_MAX], size_t *len);
/* Whether the key has signed the text. */
bool cose_signed(const uint8_t *der, size_t der_len, const void *text, size_t text_len,
                 const uint8_t *signature, size_t signature_len);

#endif
