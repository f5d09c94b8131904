/* Requests to the provider over libcurl, on a worker of DB_PROVIDER, each a few seconds at most. No
 * redirect is followed, no more than 64 KB are read, and nothing of a request or answer is logged.
 */
#ifndef AMPHI_FEATURES_OIDC_HTTP_H
#define AMPHI_FEATURES_OIDC_HTTP_H

#include "base/buf.h"
#include "base/err.h"
#include "features/oidc/oidc.h"

#define OIDC_BODY_MAX (64 * 1024)

struct oidc_call {
    const struct oidc_settings *settings;
    const char *url;
    const char *form;   /* what is posted; NULL: GET */
    bool with_secret;   /* the client's id and secret in the header */
    const char *bearer; /* an access token; NULL: none */
};
/* The answer as an object, a new reference. ERR_BUSY: the provider is away; ERR_INVALID: it
 * refuses, or answers nonsense. */
enum err oidc_call(const struct oidc_call *call, json_t **out) MUST_CHECK;

/* "&name=value" as forms and addresses have it; without "&" where b is empty. */
void oidc_form_add(struct buf *b, const char *name, const char *value);

enum err oidc_http_start(void) MUST_CHECK;

#endif
