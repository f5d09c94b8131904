/* HTTP routes of representatives. */
#ifndef AMPHI_FEATURES_REPRESENTATIVES_ROUTES_H
#define AMPHI_FEATURES_REPRESENTATIVES_ROUTES_H

#include "http/http.h"

http_handler get_representatives, post_representative, post_representative_send,
    delete_representative, post_representative_page;

#endif
