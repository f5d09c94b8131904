/* Shared by the two files of the registration routes. */
#ifndef AMPHI_FEATURES_REGISTRATION_ROUTES_H
#define AMPHI_FEATURES_REGISTRATION_ROUTES_H

#include "features/registration/registration_store.h"
#include "http/http.h"

/* Tells the live rooms of the congress: the registration is new, changed or, when revoked, over. */
void registration_changed(struct http_exchange *x, const struct registration_touched *touched,
                          bool revoked);
void registration_wake_mail(struct http_exchange *x);

http_handler get_registration_page, post_registration, post_send_link, post_join, post_join_cancel,
    get_my_registration, patch_my_registration, post_my_cancel, get_my_data;

/* registrations_routes.c */
http_handler get_registrations, post_erase, post_cancel_registration, get_links, post_link;

#endif
