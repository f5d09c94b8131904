/* Sign-in at an OpenID Connect provider in front of the registration form: what it says of a person
 * fills the form in and is kept as said by it. Off unless it is configured. Here: what is
 * configured, and rules without a network; pure but for the file of the secret. */
#ifndef AMPHI_FEATURES_OIDC_H
#define AMPHI_FEATURES_OIDC_H

#include "base/clock.h"
#include "base/config.h"
#include "room/feature.h"
#include <jansson.h>
#include <stdbool.h>

extern const struct feature oidc_feature;

#define OIDC_URL_MAX        1000
#define OIDC_PATH_SIZE      100                  /* of a claim, "a.0.b" with its end */
#define OIDC_ASK_LIFE_US    (10 * 60 * US_PER_S) /* at the provider */
#define OIDC_CLAIMS_LIFE_US (30 * 60 * US_PER_S) /* until the form is sent */

enum oidc_claim {
    OIDC_FIRST_NAME,
    OIDC_LAST_NAME,
    OIDC_EMAIL,
    OIDC_RPPS,
    OIDC_PROFESSION,
    OIDC_SPECIALTY,
    OIDC_CLAIMS
};

struct oidc_settings {
    const struct config *config; /* issuer, client_id, name, userinfo and ca as they are there */
    const char *scopes, *acr_values;
    char *secret;
    bool local; /* the issuer is on this machine: without TLS then, for tests */
    char claims[OIDC_CLAIMS][OIDC_PATH_SIZE]; /* what they are called; "": not given */
};

/* True with *s, which the caller releases; also where nothing is configured: secret is NULL then.
 * False with one line in why. */
bool oidc_settings_read(const struct config *config, struct oidc_settings *s, char *why,
                        size_t why_size);
void oidc_settings_release(struct oidc_settings *s);
/* Whether they can be read; false with one line in why. */
bool oidc_settings_good(const struct config *config, char *why, size_t why_size);
bool oidc_is_on(const struct config *config);
/* Whether a list with blanks between its words has this one. */
bool oidc_has_word(const char *list, const char *word);

/* https, or http on this machine where that is local; a host, no user, no fragment. */
bool oidc_url_good(const char *url, bool local);

/* --- what the provider's metadata say (OpenID Connect Discovery) --- */
struct oidc_metadata {
    char authorization[OIDC_URL_MAX], token[OIDC_URL_MAX], keys[OIDC_URL_MAX];
    char userinfo[OIDC_URL_MAX]; /* "": there is none */
    bool says_issuer;            /* with each answer (RFC 9207) */
    bool secret_in_body;         /* it takes client_secret_post and not client_secret_basic */
};
/* NULL, or what is wrong with it. */
const char *oidc_metadata_read(const json_t *said, const struct oidc_settings *s,
                               struct oidc_metadata *out);

/* --- what the token endpoint answers --- */
/* Borrowed from said. False: it is none. */
bool oidc_tokens_read(const json_t *said, const char **id_token, const char **access_token);

/* --- what is said of the person --- */
/* {source, provider, first_name, last_name, email, rpps, profession, specialty}, as the form takes
 * them: what is malformed is null. Of userinfo (NULL: none) before the ID token's claims. */
json_t *oidc_claims_read(const struct oidc_settings *s, const json_t *userinfo,
                         const json_t *id_claims);

#endif
