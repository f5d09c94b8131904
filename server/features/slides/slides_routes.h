/* HTTP routes of the slides: decks and their images. Moving is a live command. */
#ifndef AMPHI_FEATURES_SLIDES_ROUTES_H
#define AMPHI_FEATURES_SLIDES_ROUTES_H

#include "http/http.h"

extern const struct http_route slides_routes[];

#endif
