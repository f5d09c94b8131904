/* Shared by the two files of the accounts' routes. */
#ifndef AMPHI_FEATURES_ACCOUNTS_ROUTES_H
#define AMPHI_FEATURES_ACCOUNTS_ROUTES_H

#include "features/accounts/accounts.h"
#include "http/http.h"

struct json_reader;
/* The field "name" of a form: of a person, as in base/person_name.h. */
const char *read_person_name(struct json_reader *r);

/* Tells the live rooms that this person is not signed in any more. sign_in: that one only, NULL:
 * wherever they are. */
void accounts_revoked(struct http_exchange *x, const struct id *person, const struct id *sign_in);

/* Tells them that this person's grants have changed: their browsers join again with what they may
 * do now. */
void accounts_grants_changed(struct http_exchange *x, const struct id *person);

http_handler post_sign_in, post_sign_in_link, post_password_link, post_sign_in_token, post_sign_out,
    get_me, patch_me, put_password, get_sign_ins, delete_sign_in;

/* On the loop: see struct http_route. */
bool gate_sign_in(struct http_exchange *x);

/* staff_routes.c */
http_handler get_organisation, patch_organisation, get_consents, post_consent, get_staff,
    post_staff, patch_staff, post_staff_invite;

#endif
