/* The two ceremonies of passkeys (W3C WebAuthn), as far as a server that asks for no attestation
 * takes part: what a browser sends when a passkey is made, and when it is used. The person must
 * have been verified (by a fingerprint, a PIN …), which makes a passkey two factors by itself.
 * Pure; any thread. */
#ifndef AMPHI_CRYPTO_WEBAUTHN_H
#define AMPHI_CRYPTO_WEBAUTHN_H

#include "crypto/cose.h"
#include "crypto/crypto.h"
#include "crypto/sha256.h"

#define PASSKEY_ID_MAX 1023

struct passkey {
    uint8_t id[PASSKEY_ID_MAX];
    size_t id_len;
    uint8_t key[COSE_DER_MAX]; /* its public key, DER */
    size_t key_len;
    uint32_t counter; /* of its uses; 0 where it does not count */
    bool backed_up;   /* its maker keeps copies: it is on other devices, too */
};

struct webauthn_site {
    const char *origin;        /* "https://amphi.example.org" */
    char rp_id[256];           /* its host, which passkeys are for */
    uint8_t hash[SHA256_SIZE]; /* of rp_id */
};
/* False: passkeys cannot be for this address (https and a name are needed). origin is kept. */
bool webauthn_site_of(const char *origin, struct webauthn_site *out);

enum webauthn_act { WEBAUTHN_CREATE, WEBAUTHN_GET };
/* What the browser says it was asked: the challenge, which has the form of a token and must be
 * looked up. False: malformed, another act, another site, or inside a frame of one. */
bool webauthn_client_data(const struct webauthn_site *site, enum webauthn_act act, const char *json,
                          size_t len, char challenge[static TOKEN_TEXT_SIZE]);
/* The passkey of an attestation object. False: malformed, of another site, the person was not
 * verified, or of an algorithm that is not known. */
bool webauthn_made(const struct webauthn_site *site, const uint8_t *object, size_t len,
                   struct passkey *out);
/* Whether the passkey with this key was used, by a verified person, for this client data. counter
 * and backed_up: as it says now. */
struct webauthn_use {
    const uint8_t *authenticator_data, *signature, *client_data;
    size_t authenticator_data_len, signature_len, client_data_len;
};
bool webauthn_used(const struct webauthn_site *site, const struct webauthn_use *use,
                   const uint8_t *key, size_t key_len, uint32_t *counter, bool *backed_up);

#endif
