/* Codes of an authenticator app (RFC 6238) in the form that every app knows: SHA-1, six digits, a
 * new one each 30 seconds. Any thread. */
#ifndef AMPHI_CRYPTO_TOTP_H
#define AMPHI_CRYPTO_TOTP_H

#include <stdbool.h>
#include <stdint.h>

#define TOTP_SECRET_SIZE 20
#define TOTP_TEXT_SIZE   33 /* of a secret, in base32 */
#define TOTP_DIGITS      6
#define TOTP_STEP_US     (30 * 1000000LL)

void totp_secret_new(uint8_t secret[static TOTP_SECRET_SIZE]);
/* As apps take it when it is typed; returns text. */
const char *totp_secret_text(const uint8_t secret[static TOTP_SECRET_SIZE],
                             char text[static TOTP_TEXT_SIZE]);
/* The step whose code this is: the present one, or a neighbour of it, since clocks differ. -1: it
 * is none's. code: six digits. */
int64_t totp_step(const uint8_t secret[static TOTP_SECRET_SIZE], const char *code, int64_t now_us);

#endif
