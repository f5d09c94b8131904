/* HTTP routes of the polls: preparing them. Opening and voting are live commands. */
#ifndef AMPHI_FEATURES_POLLS_ROUTES_H
#define AMPHI_FEATURES_POLLS_ROUTES_H

#include "http/http.h"

extern const struct http_route polls_routes[];

#endif
