#include "crypto/webauthn.h"
#include "base/json.h"
#include <arpa/inet.h>
#include <string.h>

#define AUTHENTICATOR_DATA_MAX 4096

bool webauthn_site_of(const char *origin, struct webauthn_site *out)
{
    static const char scheme[] = "https://";
    struct in_addr address;
    out->origin = origin;
    if (strncmp(origin, scheme, sizeof scheme - 1) != 0)
        return false;
    const char *host = origin + sizeof scheme - 1;
    size_t len = strcspn(host, ":/");
    if (len == 0 || len >= sizeof out->rp_id || host[0] == '[')
        return false;
    memcpy(out->rp_id, host, len);
    out->rp_id[len] = '\0';
    sha256(out->rp_id, len, out->hash);
    return inet_pton(AF_INET, out->rp_id, &address) != 1;
}

/* --- what the browser says --- */

static bool is_text(const json_t *object, const char *field, const char *wanted)
{
    const char *text = json_string_value(json_object_get(object, field));
    return text && strcmp(text, wanted) == 0;
}

bool webauthn_client_data(const struct webauthn_site *site, enum webauthn_act act, const char *json,
                          size_t len, char challenge[static TOKEN_TEXT_SIZE])
{
    json_t *said = json_parse(json, len);
    const char *text = json_string_value(json_object_get(said, "challenge"));
    bool good =
        is_text(said, "type", act == WEBAUTHN_CREATE ? "webauthn.create" : "webauthn.get") &&
        is_text(said, "origin", site->origin) &&
        !json_is_true(json_object_get(said, "crossOrigin")) && text &&
        strlen(text) == TOKEN_TEXT_SIZE - 1;
    if (good)
        memcpy(challenge, text, TOKEN_TEXT_SIZE);
    json_decref(said);
    return good;
}

/* --- what the authenticator says (WebAuthn, 6.1) --- */

enum { FLAG_PRESENT = 0x01, FLAG_VERIFIED = 0x04, FLAG_BACKED_UP = 0x10, FLAG_KEY = 0x40 };
#define FIXED_SIZE  (SHA256_SIZE + 1 + 4)
#define AAGUID_SIZE 16

struct statement {
    uint8_t flags;
    uint32_t counter;
    const uint8_t *rest; /* the new passkey, and extensions */
    size_t rest_len;
};

static bool read_statement(const struct webauthn_site *site, const uint8_t *bytes, size_t len,
                           struct statement *out)
{
    if (len < FIXED_SIZE || memcmp(bytes, site->hash, SHA256_SIZE) != 0)
        return false;
    const uint8_t *counter = bytes + SHA256_SIZE + 1;
    out->flags = bytes[SHA256_SIZE];
    out->counter = (uint32_t)counter[0] << 24 | (uint32_t)counter[1] << 16 |
                   (uint32_t)counter[2] << 8 | (uint32_t)counter[3];
    out->rest = bytes + FIXED_SIZE;
    out->rest_len = len - FIXED_SIZE;
    return (out->flags & FLAG_PRESENT) && (out->flags & FLAG_VERIFIED);
}

/* AAGUID, length and id of the credential, its key; then extensions, or nothing. */
static bool read_passkey(const struct statement *s, struct passkey *out)
{
    const uint8_t *at = s->rest, *end = s->rest + s->rest_len;
    if (!(s->flags & FLAG_KEY) || end - at < AAGUID_SIZE + 2)
        return false;
    at += AAGUID_SIZE;
    out->id_len = (size_t)at[0] << 8 | at[1];
    at += 2;
    if (out->id_len == 0 || out->id_len > PASSKEY_ID_MAX || (size_t)(end - at) < out->id_len)
        return false;
    memcpy(out->id, at, out->id_len);
    struct cbor_reader r = {.at = at + out->id_len, .end = end};
    if (!cose_key_read(&r, out->key, &out->key_len))
        return false;
    out->counter = s->counter;
    out->backed_up = s->flags & FLAG_BACKED_UP;
    return r.at == end || (cbor_pass(&r) && r.at == end);
}

/* The bytes of "authData"; NULL: malformed. What attests is passed over: nobody asked for it. */
static const uint8_t *authenticator_data(const uint8_t *object, size_t object_len, size_t *len)
{
    static const char name[] = "authData";
    const uint8_t *found = NULL;
    struct cbor_reader r = {.at = object, .end = object + object_len};
    struct cbor_value map, key, value;
    if (!cbor_read(&r, &map) || map.kind != CBOR_KIND_MAP || map.number > 8)
        return NULL;
    for (uint64_t i = 0; i < map.number; i++) {
        if (!cbor_read(&r, &key) || key.kind != CBOR_KIND_TEXT)
            return NULL;
        struct cbor_reader ahead = r;
        if (!cbor_read(&ahead, &value) || !cbor_pass(&r))
            return NULL;
        if (key.len == sizeof name - 1 && memcmp(key.bytes, name, key.len) == 0 &&
            value.kind == CBOR_KIND_BYTES) {
            found = value.bytes;
            *len = value.len;
        }
    }
    return r.at == r.end ? found : NULL;
}

bool webauthn_made(const struct webauthn_site *site, const uint8_t *object, size_t len,
                   struct passkey *out)
{
    size_t data_len = 0;
    struct statement s;
    const uint8_t *data = authenticator_data(object, len, &data_len);
    return data && read_statement(site, data, data_len, &s) && read_passkey(&s, out);
}

bool webauthn_used(const struct webauthn_site *site, const struct webauthn_use *use,
                   const uint8_t *key, size_t key_len, uint32_t *counter, bool *backed_up)
{
    uint8_t text[AUTHENTICATOR_DATA_MAX + SHA256_SIZE];
    size_t len = use->authenticator_data_len;
    struct statement s;
    if (len > AUTHENTICATOR_DATA_MAX || !read_statement(site, use->authenticator_data, len, &s))
        return false;
    memcpy(text, use->authenticator_data, len);
    sha256(use->client_data, use->client_data_len, text + len);
    *counter = s.counter;
    *backed_up = s.flags & FLAG_BACKED_UP;
    return cose_signed(key, key_len, text, len + SHA256_SIZE, use->signature, use->signature_len);
}
