/* HTTP routes of participation. */
#ifndef AMPHI_FEATURES_PARTICIPATION_ROUTES_H
#define AMPHI_FEATURES_PARTICIPATION_ROUTES_H

#include "http/http.h"

http_handler get_participation, get_participation_csv;

#endif
