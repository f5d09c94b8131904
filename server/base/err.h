/* Outcomes inside the server. Every fallible function returns one; ERR_OK is 0.
 * An outcome is control flow, not a message: what a peer reads is a stable wire code
 * ("poll.closed"), chosen where the rule is known; err_code() gives the generic one. */
#ifndef AMPHI_BASE_ERR_H
#define AMPHI_BASE_ERR_H

#define MUST_CHECK __attribute__((warn_unused_result))

enum err {
    ERR_OK = 0,
    ERR_INVALID,         /* the peer sent something malformed */
    ERR_TOO_LARGE,       /* a limit the peer chose to pass */
    ERR_UNAUTHENTICATED, /* nobody is signed in */
    ERR_FORBIDDEN,       /* signed in, but not allowed */
    ERR_NOT_FOUND,       /* does not exist, or belongs to another organisation */
    ERR_CONFLICT,        /* state forbids it now */
    ERR_RATE,            /* too often */
    ERR_BUSY,            /* a bounded queue is full or the database is away: try again */
    ERR_UPGRADING,       /* a server of an older version still runs: not yet */
    ERR_RETRY,           /* another transaction was in the way; nothing was written: try again */
    ERR_INTERNAL,        /* our fault; details are in the log */
};

/* The wire code of a generic outcome, e.g. "server.busy". Static storage. */
const char *err_code(enum err err);
/* The HTTP status that goes with it, e.g. 503. */
int err_status(enum err err);

#endif
