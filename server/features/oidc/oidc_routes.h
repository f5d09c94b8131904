#ifndef AMPHI_FEATURES_OIDC_ROUTES_H
#define AMPHI_FEATURES_OIDC_ROUTES_H

#include "http/http.h"

/* On the loop: 404 where no provider is configured, so that no worker is asked for. */
bool oidc_gate(struct http_exchange *x);
http_handler post_provider, get_provider, get_provider_back;

#endif
