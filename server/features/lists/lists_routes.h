/* HTTP routes of target lists. */
#ifndef AMPHI_FEATURES_LISTS_ROUTES_H
#define AMPHI_FEATURES_LISTS_ROUTES_H

#include "http/http.h"

http_handler get_target_lists, post_target_list, get_target_list, patch_target_list,
    delete_target_list, get_target_list_people, delete_target_list_person;

/* lists_import_routes.c */
http_handler post_list_import, get_list_import, put_list_mapping, get_list_report,
    post_list_confirm, delete_list_import;
bool admit_list_import(struct http_exchange *x);

#endif
