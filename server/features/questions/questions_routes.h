/* HTTP routes of the questions: what moderators see beside them. Asking and moderating are live
 * commands. */
#ifndef AMPHI_FEATURES_QUESTIONS_ROUTES_H
#define AMPHI_FEATURES_QUESTIONS_ROUTES_H

#include "http/http.h"

http_handler get_askers;

#endif
