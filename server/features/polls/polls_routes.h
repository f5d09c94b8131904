/* HTTP routes of the polls: preparing them. Opening and voting are live commands. */
#ifndef AMPHI_FEATURES_POLLS_ROUTES_H
#define AMPHI_FEATURES_POLLS_ROUTES_H

#include "http/http.h"

http_handler get_polls, post_poll, patch_poll, delete_poll, put_poll_order;

#endif
