#include "features/oidc/oidc_token.h"
#include "base/clock.h"
#include "base/json.h"
#include "features/oidc/oidc.h"
#include <stdbool.h>
#include <string.h>

#define CLOCKS_DIFFER_S 60
#define AGE_MAX_S       600 /* since it was issued */
#define SUBJECT_MAX     255

/* Whether it is for us: alone, or among others, then as the party that asked for it. */
static const char *audience_fault(const json_t *claims, const char *client)
{
    const json_t *aud = json_object_get(claims, "aud"), *item;
    const json_t *azp = json_object_get(claims, "azp");
    size_t i, n = json_is_string(aud) ? 1 : json_array_size(aud);
    bool ours = json_is_string(aud) && strcmp(json_string_value(aud), client) == 0;
    json_array_foreach(aud, i, item)
    {
        const char *text = json_string_value(item);
        ours |= text && strcmp(text, client) == 0;
    }
    if (!ours)
        return "aud";
    if ((n > 1 && !azp) || (azp && strcmp(json_text_of(claims, "azp"), client) != 0))
        return "azp";
    return NULL;
}

static const char *time_fault(const json_t *claims, int64_t now_s)
{
    const json_t *exp = json_object_get(claims, "exp"), *iat = json_object_get(claims, "iat");
    const json_t *nbf = json_object_get(claims, "nbf");
    if (!json_is_integer(exp) || json_integer_value(exp) <= now_s - CLOCKS_DIFFER_S)
        return "exp";
    if (!json_is_integer(iat) || json_integer_value(iat) > now_s + CLOCKS_DIFFER_S ||
        json_integer_value(iat) < now_s - AGE_MAX_S)
        return "iat";
    if (nbf && (!json_is_integer(nbf) || json_integer_value(nbf) > now_s + CLOCKS_DIFFER_S))
        return "nbf";
    return NULL;
}

static const char *claims_fault(const json_t *claims, const struct id_token_wanted *w)
{
    const char *subject = json_text_of(claims, "sub"), *acr = json_text_of(claims, "acr");
    if (strcmp(json_text_of(claims, "iss"), w->issuer) != 0)
        return "iss";
    const char *fault = audience_fault(claims, w->client_id);
    if (!fault)
        fault = time_fault(claims, w->now / US_PER_S);
    if (fault)
        return fault;
    if (strcmp(json_text_of(claims, "nonce"), w->nonce) != 0)
        return "nonce";
    if (!*subject || strlen(subject) > SUBJECT_MAX)
        return "sub";
    return *acr && w->acr_values[0] && !oidc_has_word(w->acr_values, acr) ? "acr" : NULL;
}

enum jws_verdict id_token_check(const char *token, const json_t *keys,
                                const struct id_token_wanted *wanted, json_t **claims,
                                const char **fault)
{
    static const char *const words[] = {[JWS_GOOD] = NULL,
                                        [JWS_MALFORMED] = "malformed",
                                        [JWS_ALGORITHM] = "algorithm",
                                        [JWS_NO_KEY] = "key",
                                        [JWS_SIGNATURE] = "signature"};
    enum jws_verdict verdict = jws_verify(token, keys, claims);
    *fault = verdict == JWS_GOOD ? claims_fault(*claims, wanted) : words[verdict];
    if (*fault && verdict == JWS_GOOD)
        verdict = JWS_MALFORMED;
    if (*fault) {
        json_decref(*claims);
        *claims = NULL;
    }
    return verdict;
}
