/* Shared by the two files of the accounts' routes. */
#ifndef AMPHI_FEATURES_ACCOUNTS_ROUTES_H
#define AMPHI_FEATURES_ACCOUNTS_ROUTES_H

#include "features/accounts/accounts.h"
#include "http/http.h"

/* Characters. */
#define PERSON_NAME_MAX       200
#define ORGANISATION_NAME_MAX 200

/* Tells the live rooms that this person is not signed in any more. sign_in: that one only, NULL:
 * wherever they are. */
void accounts_revoked(struct http_exchange *x, const struct id *person, const struct id *sign_in);

/* Tells them that this person's grants have changed: their browsers join again with what they may
 * do now. */
void accounts_grants_changed(struct http_exchange *x, const struct id *person);

struct deed accounts_deed(const struct http_exchange *x);
/* Something may have been queued. */
void accounts_wake_mail(const struct http_exchange *x);

/* The one field "code" of a body, borrowed; NULL after having replied. */
const char *read_code(struct http_exchange *x);
/* True when the code was right; else it has replied. over: the code of the problem with which one
 * is refused that came too late. */
struct code_try;
bool code_is_right(struct http_exchange *x, enum err err, const struct code_try *tried,
                   const char *over);

/* The cookie of a half sign-in; NULL clears it. */
void half_cookie_set(struct http_exchange *x, const char *token);
bool half_cookie_read(struct http_exchange *x, uint8_t token[static TOKEN_HASH_SIZE]);
/* The word of the link that a sign-in came by. */
const char *purpose_of_via(const char *via);
struct recovery_codes;
json_t *recovery_codes_json(const struct recovery_codes *codes); /* null where there are none */

struct entrance;
/* The reply to who came in: a sign-in, or half of one, whose cookie is set. purpose: of the link,
 * NULL where none was used. */
void accounts_reply_entrance(struct http_exchange *x, const char *token,
                             const struct entrance *entrance, const char *purpose);
/* The same for a sign-in. codes: recovery codes to be shown (taken), NULL: there was no question of
 * them. */
void accounts_reply_signed_in(struct http_exchange *x, const char *token,
                              const struct identity *who, const char *purpose, json_t *codes);

http_handler post_sign_in, post_sign_in_link, post_password_link, post_sign_in_token, post_sign_out,
    get_me, patch_me, put_password, get_sign_ins, delete_sign_in;

/* On the loop: see struct http_route. */
bool gate_sign_in(struct http_exchange *x);

/* factor_routes.c */
http_handler get_half, delete_half, post_half_code, post_half_totp, post_half_totp_confirm,
    get_factors, post_totp, post_totp_confirm, delete_totp, post_recovery_codes,
    delete_staff_factors;

/* passkey_routes.c */
http_handler post_passkey_challenge, post_passkey, delete_passkey, post_sign_in_passkey_challenge,
    post_sign_in_passkey, post_proof_passkey_challenge, post_proof_passkey;

/* proof_routes.c */
http_handler get_proof, post_proof_password, post_proof_code, post_proof_mail;

/* staff_routes.c */
http_handler get_organisation, patch_organisation, get_consents, post_consent, get_staff,
    post_staff, patch_staff, post_staff_invite, put_second_factor;

#endif
