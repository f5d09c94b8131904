/* What a browser sends of passkeys. The first byte says what the rest is: 'o' an attestation
 * object, 'c' client data, 'u' authenticator data that is used with a key (of 'o' inputs, the last
 * one that was good), else CBOR. What is taken holds what was promised of it. */
#include "base/json.h"
#include "crypto/webauthn.h"
#include "fuzz/fuzz.h"
#include <string.h>

static struct webauthn_site site;
static struct passkey last;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    MUST(crypto_start() == ERR_OK);
    MUST(webauthn_site_of("https://amphi.test", &site));
    return 0;
}

static void try_object(const uint8_t *bytes, size_t len)
{
    struct passkey key;
    if (!webauthn_made(&site, bytes, len, &key))
        return;
    MUST(key.id_len > 0 && key.id_len <= PASSKEY_ID_MAX);
    MUST(key.key_len > 0 && key.key_len <= COSE_DER_MAX);
    last = key;
}

static void try_client_data(const uint8_t *bytes, size_t len)
{
    char challenge[TOKEN_TEXT_SIZE];
    for (int act = WEBAUTHN_CREATE; act <= WEBAUTHN_GET; act++)
        if (webauthn_client_data(&site, (enum webauthn_act)act, (const char *)bytes, len,
                                 challenge))
            MUST(strlen(challenge) == TOKEN_TEXT_SIZE - 1 && utf8_valid((const char *)bytes, len));
}

/* The signature is the last half of it. */
static void try_use(const uint8_t *bytes, size_t len)
{
    uint32_t counter = 0;
    bool backed_up = false;
    struct webauthn_use use = {.authenticator_data = bytes,
                               .authenticator_data_len = len / 2,
                               .signature = bytes + len / 2,
                               .signature_len = len - len / 2,
                               .client_data = bytes,
                               .client_data_len = len};
    MUST(!webauthn_used(&site, &use, last.key, last.key_len, &counter, &backed_up));
}

static void try_cbor(const uint8_t *bytes, size_t len)
{
    struct cbor_reader r = {.at = bytes, .end = bytes + len};
    while (cbor_pass(&r))
        MUST(r.at > bytes && r.at <= r.end);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    uint8_t *exact = malloc(size); /* so that a byte beyond is seen */
    MUST(exact);
    memcpy(exact, data, size);
    if (data[0] == 'o')
        try_object(exact + 1, size - 1);
    else if (data[0] == 'c')
        try_client_data(exact + 1, size - 1);
    else if (data[0] == 'u')
        try_use(exact + 1, size - 1);
    else
        try_cbor(exact, size);
    free(exact);
    return 0;
}
