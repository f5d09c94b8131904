/* HTTP routes of the exports. */
#ifndef AMPHI_FEATURES_EXPORTS_ROUTES_H
#define AMPHI_FEATURES_EXPORTS_ROUTES_H

#include "http/http.h"

http_handler get_attendance_csv, get_registrations_csv;

#endif
