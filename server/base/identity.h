/* Who is signed in. HTTP routes and live rooms both name it, so it lives below both.
 * A staff member has roles in one organisation; an HCP is known by one registration. */
#ifndef AMPHI_BASE_IDENTITY_H
#define AMPHI_BASE_IDENTITY_H

#include "base/id.h"

enum role {
    ROLE_HCP = 1 << 0,
    ROLE_ORGANISER = 1 << 1,
    ROLE_HOST = 1 << 2,
    ROLE_MODERATOR = 1 << 3,
    ROLE_SPEAKER = 1 << 4,
};
#define ROLE_NONE  0u /* a route anybody may call */
#define ROLE_STAFF (ROLE_ORGANISER | ROLE_HOST | ROLE_MODERATOR | ROLE_SPEAKER)
#define ROLE_ANY   (ROLE_STAFF | ROLE_HCP)

#define TOKEN_HASH_SIZE 32
#define NAME_MAX_BYTES  256

struct identity {
    unsigned roles; /* enum role bits; 0: nobody */
    struct id organisation;
    struct id person;   /* registration.id of an HCP, account.id of staff */
    struct id congress; /* HCP: the congress of the registration */
    struct id sign_in;  /* sign_in.id, so that it can be revoked */
};

#endif
