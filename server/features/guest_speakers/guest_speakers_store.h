/* Guest speakers in the database. Worker thread; each function is its own transaction. */
#ifndef AMPHI_FEATURES_GUEST_SPEAKERS_STORE_H
#define AMPHI_FEATURES_GUEST_SPEAKERS_STORE_H

#include "base/identity.h"
#include "db/db.h"
#include "room/change.h"
#include <jansson.h>

#define GUESTS_MAX      50              /* of a session, with those who were taken back */
#define GUEST_SIGN_IN_S (7 * 24 * 3600) /* at most; never longer than the link (guest_until) */

struct guest_new {
    struct id session, congress;
    const char *name, *email, *language; /* "fr" or "en" */
    const struct id *speaker;            /* of the congress's programme; NULL: none */
    const char *base_url;
    const char *refused; /* of ERR_CONFLICT: the problem's code */
};

/* Those of a session, in the order of their invitations. */
enum err guest_speakers_list(struct db_conn *c, const struct id *session,
                             json_t **items) MUST_CHECK;
/* Makes their account, which is a speaker of the session and nothing else, and mails the link.
 * ERR_CONFLICT: wanted->refused says why; ERR_INVALID: the congress has no such speaker. */
enum err guest_speakers_add(struct db_conn *c, const struct identity *who, struct guest_new *wanted,
                            int64_t now, json_t **out) MUST_CHECK;
/* Mails a new link; the one before opens nothing more, who came by it stays. ERR_NOT_FOUND: it was
 * taken back; ERR_RATE: they had one within the last minute; ERR_CONFLICT: the session is over. */
enum err guest_speakers_send(struct db_conn *c, const struct identity *who, const struct id *guest,
                             const char *base_url, int64_t now) MUST_CHECK;
/* Takes it back: off the stage, signed out, the link dead. Their connections are the caller's to
 * close. ERR_NOT_FOUND: it was taken back. */
enum err guest_speakers_end(struct db_conn *c, struct change *change, const struct id *session,
                            const struct id *guest) MUST_CHECK;

/* Whose link this is, if it is good now. ERR_NOT_FOUND: nobody's. */
enum err guest_of_secret(struct db_conn *c, const uint8_t secret[static TOKEN_HASH_SIZE],
                         int64_t now, struct id *guest) MUST_CHECK;
/* What the link's page says before it is used. */
enum err guest_preview(struct db_conn *c, const struct id *guest, json_t **out) MUST_CHECK;
/* Signs them in, as a browser that holds the token. ERR_NOT_FOUND: taken back at this moment. */
enum err guest_enter(struct db_conn *c, const struct id *guest,
                     const uint8_t token[static TOKEN_HASH_SIZE], int64_t now,
                     json_t **out) MUST_CHECK;

#endif
