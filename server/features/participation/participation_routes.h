/* HTTP routes of participation. */
#ifndef AMPHI_FEATURES_PARTICIPATION_ROUTES_H
#define AMPHI_FEATURES_PARTICIPATION_ROUTES_H

#include "http/http.h"

extern const struct http_route participation_routes[];

#endif
