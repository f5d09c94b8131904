/* Shared by the files of the registration routes. */
#ifndef AMPHI_FEATURES_REGISTRATION_ROUTES_H
#define AMPHI_FEATURES_REGISTRATION_ROUTES_H

#include "base/json.h"
#include "features/registration/registration_store.h"
#include "http/http.h"

/* Tells the live rooms of the congress: the registration is new, changed or, when revoked, over. */
void registration_changed(struct http_exchange *x, const struct registration_touched *touched,
                          bool revoked);
/* The same of all registrations of a person, whose connections all end. */
void registrations_revoked(struct http_exchange *x, const struct registrations_touched *touched);
/* False after having replied. */
bool registration_not_refused(struct http_exchange *x, enum registration_refusal refusal);
void registration_wake_mail(struct http_exchange *x);
/* Cancelled: its connections end, its mail leaves, and whoever waits for a place is looked for. */
void registration_left(struct http_exchange *x, const struct registration_touched *touched);
/* The code in the path; NULL after having replied 404. */
const char *registration_path_code(struct http_exchange *x);
/* Part of forms. */
void registration_read_attributes(struct json_reader *r, struct registration_form *f);
/* A whole form; it borrows from body. False: *field and *reason say what is wrong. */
bool registration_read_form(const struct app *app, json_t *body, struct registration_form *f,
                            const char **field, const char **reason);

http_handler get_registration_page, post_registration, post_registration_invited, post_send_link,
    post_send_links, get_my_registration, patch_my_registration, post_my_cancel, get_my_data;

/* registration_join_routes.c */
http_handler post_join_preview, post_join, post_join_cancel;

/* registration_my_routes.c */
http_handler get_my_profile, patch_my_profile, post_my_consent, post_my_address,
    post_my_address_confirm;

/* registrations_routes.c */
http_handler get_registrations, post_erase, post_cancel_registration, post_remind;

/* registration_policy_routes.c */
http_handler get_registration_policy, put_registration_policy;

/* registration_review_routes.c */
http_handler get_reviews, post_review;

/* links_routes.c */
http_handler get_links, post_link, patch_link, delete_link;

#endif
