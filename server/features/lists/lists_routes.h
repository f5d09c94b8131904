/* HTTP routes of target lists. */
#ifndef AMPHI_FEATURES_LISTS_ROUTES_H
#define AMPHI_FEATURES_LISTS_ROUTES_H

#include "http/http.h"

http_handler get_target_lists, get_target_list, patch_target_list, delete_target_list,
    get_target_list_people, delete_target_list_person;

#endif
