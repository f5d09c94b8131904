/* What a provider of identities answers. The first byte says what the rest is: 't' an ID token, 'k'
 * a key set that a good token is checked with, 'm' metadata, else a token response or claims. */
#include "base/json.h"
#include "crypto/jws.h"
#include "features/oidc/oidc.h"
#include "fuzz/fuzz.h"
#include <string.h>

/* A key of RFC 7515, A.3, and its example. */
static const char keys[] = "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\","
                           "\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","
                           "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}]}";
static const char signed_by_it[] =
    "eyJhbGciOiJFUzI1NiJ9."
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
    ".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

static struct config config = {.oidc_issuer = (char *)"https://id.example.org",
                               .oidc_name = (char *)"Exemple",
                               .rpps_check = true,
                               .oidc_userinfo = true};
static struct oidc_settings settings = {
    .config = &config,
    .claims = {"given_name", "family_name", "email", "SubjectNameID",
               "SubjectRefPro.exercices.0.codeProfession", "a.1"}};

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    json_t *known = json_parse(keys, strlen(keys)), *payload = NULL;
    MUST(jws_verify(signed_by_it, known, &payload) == JWS_GOOD && payload);
    json_decref(payload);
    json_decref(known);
    return 0;
}

/* Nobody has signed it but the example's author. */
static void try_token(const char *text)
{
    json_t *known = json_parse(keys, strlen(keys)), *payload = NULL;
    if (jws_verify(text, known, &payload) == JWS_GOOD)
        MUST(strstr(text, ".eyJpc3MiOiJqb2UiLA0K") != NULL);
    else
        MUST(!payload);
    json_decref(payload);
    json_decref(known);
}

static void try_keys(const json_t *said)
{
    json_t *payload = NULL;
    MUST((jws_verify(signed_by_it, said, &payload) == JWS_GOOD) == (payload != NULL));
    json_decref(payload);
}

static void try_metadata(const json_t *said)
{
    struct oidc_metadata m;
    if (oidc_metadata_read(said, &settings, &m))
        return;
    MUST(oidc_url_good(m.token, false) && oidc_url_good(m.keys, false));
    MUST(oidc_url_good(m.authorization, false) && oidc_url_good(m.userinfo, false));
}

static void try_claims(const json_t *said)
{
    const char *id_token, *access_token;
    if (oidc_tokens_read(said, &id_token, &access_token))
        MUST(*id_token && *access_token && !strpbrk(access_token, "\r\n "));
    json_t *claims = oidc_claims_read(&settings, said, said);
    MUST(json_object_size(claims) == 2 + OIDC_CLAIMS);
    MUST(strlen(json_text_of(claims, "profession")) <= 20);
    MUST(strlen(json_text_of(claims, "rpps")) <= 11);
    MUST(utf8_length(json_text_of(claims, "last_name")) <= 100);
    json_decref(claims);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    char *text = malloc(size); /* so that a byte beyond is seen */
    MUST(text);
    memcpy(text, data + 1, size - 1);
    text[size - 1] = '\0';
    if (data[0] == 't')
        try_token(text);
    json_t *said = data[0] == 't' ? NULL : json_parse(text, size - 1);
    if (said && data[0] == 'k')
        try_keys(said);
    else if (said && data[0] == 'm')
        try_metadata(said);
    else if (said)
        try_claims(said);
    json_decref(said);
    free(text);
    return 0;
}
