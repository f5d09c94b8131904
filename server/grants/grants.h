/* Rights. A grant is a role held by an account or by the holder of a personal link, for an
 * organisation, a congress or a session, until it expires or is revoked (table role_grant).
 * grants_check() alone says what a signed-in person may do at a place: HTTP asks it before each
 * handler, a live connection at its join and while it lasts, media will. What is needed is declared
 * in the tables of routes and commands, as `roles`, and compared by identity_may(). */
#ifndef AMPHI_GRANTS_GRANTS_H
#define AMPHI_GRANTS_GRANTS_H

#include "base/err.h"
#include "base/identity.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GRANTS_BATCH 500 /* checks answered by one statement */

struct db_conn;

/* An organisation (congress all-zero), one of its congresses (session all-zero) or a session. */
struct grants_place {
    struct id organisation, congress, session;
};

struct grants_check {
    uint8_t token[TOKEN_HASH_SIZE];
    struct id thing; /* what is asked for, of the kind */

    /* The answer. ERR_OK; ERR_UNAUTHENTICATED: nobody, or somebody who may do nothing anywhere;
     * ERR_NOT_FOUND: no such thing in their organisation, or nothing of it is theirs. */
    enum err err;
    struct identity who; /* roles: in force at the place. Not with ERR_UNAUTHENTICATED */
    unsigned inside;     /* in force at the place or at something inside it: what may be seen */
    struct grants_place place;
    int64_t until;     /* Unix us: when the first of this ends by itself */
    int64_t proved_at; /* Unix us: when the person last showed that it is them */
    bool unseen;       /* staff, and not written down as used for ten minutes: grants_seen() */
    char *name;        /* the person's own, from malloc(); NULL: not known */
};

/* Worker thread. One statement for n checks, at most GRANTS_BATCH; when it fails none is answered.
 * kind: of the things ("session", "deck" …), a known one; NULL: nothing is asked for, the place is
 * a member of staff's organisation, an HCP's congress. */
enum err grants_check(struct db_conn *c, const char *kind, struct grants_check *const *checks,
                      size_t n, int64_t now) MUST_CHECK;
/* The sign-in was used by its person, which a staff sign-in needs every twelve hours. Requests say
 * so; an open page that only listens does not. */
enum err grants_seen(struct db_conn *c, const struct id *sign_in, int64_t now) MUST_CHECK;
/* Whether things of this kind have a place. */
bool grants_has_kind(const char *kind);

/* Worker thread, inside the caller's transaction: the account holds these roles in the whole
 * organisation from now on. Narrower grants stay. by: the account that decides; NULL: nobody's. */
enum err grants_set(struct db_conn *c, const struct id *organisation, const struct id *account,
                    unsigned roles, const struct id *by, int64_t now) MUST_CHECK;

#endif
