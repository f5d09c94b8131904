/* Who is signed in. HTTP routes and live rooms both name it, so it lives below both.
 * A staff member has roles in one organisation; an HCP is known by one registration. What roles a
 * person has at a place is answered by grants/. */
#ifndef AMPHI_BASE_IDENTITY_H
#define AMPHI_BASE_IDENTITY_H

#include "base/err.h"
#include "base/id.h"
#include <stdbool.h>
#include <stdint.h>

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

/* A browser may be signed in twice: as staff and as an HCP, each by a cookie of its own. */
enum side { SIDE_STAFF, SIDE_HCP, SIDES };

/* The tokens that a browser holds, as hashes. Whose each is, and whether it is good, is not known
 * yet: one of an HCP may still be in the cookie of staff, from when there was one cookie. */
struct sign_ins {
    bool held[SIDES];
    uint8_t token[SIDES][TOKEN_HASH_SIZE];
};

static inline int sign_ins_count(const struct sign_ins *s)
{
    return s->held[SIDE_STAFF] + s->held[SIDE_HCP];
}

struct identity {
    /* enum role bits in force where it is asked, at a route's place or in a live session. ROLE_HCP
     * with a registration, and never without one. */
    unsigned roles;
    struct id organisation;
    struct id person;   /* registration.id of an HCP, account.id of staff; all-zero: nobody */
    struct id congress; /* HCP: the congress of the registration */
    struct id sign_in;  /* sign_in.id, so that it can be revoked */
    bool guest;         /* staff by a personal link for one session, with no account of their own */
    /* Of the control log (nodes/): what transactions before this one changed is in here. */
    int64_t horizon;
};

static inline bool identity_known(const struct identity *who)
{
    static const struct id nobody;
    return !id_equal(&who->person, &nobody);
}

/* Whether who may do what is declared for these roles: the one answer for routes, commands and
 * media. ERR_OK, ERR_UNAUTHENTICATED or ERR_FORBIDDEN. */
static inline enum err identity_may(const struct identity *who, unsigned roles)
{
    if (roles == ROLE_NONE || (who->roles & roles))
        return ERR_OK;
    return identity_known(who) ? ERR_FORBIDDEN : ERR_UNAUTHENTICATED;
}

#endif
