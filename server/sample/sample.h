/* The sample congress that `make run` serves: an invented organisation with a congress in its lobby
 * and one that has ended, so that every page has something to show. The folder `sample` holds it:
 * SQL, and the PDF of its deck. Loaded once; no account has a password, so each start makes new
 * one-time links. */
#ifndef AMPHI_SAMPLE_H
#define AMPHI_SAMPLE_H

#include "base/err.h"
#include "base/id.h"
#include "crypto/crypto.h"
#include "room/feature.h"

#define SAMPLE_LINK_SIZE 512

/* "" where the sample has nobody (left) to give the link to. */
struct sample_links {
    char organiser[SAMPLE_LINK_SIZE], host[SAMPLE_LINK_SIZE]; /* sign-in, once, for a day */
    char hcp[SAMPLE_LINK_SIZE];                               /* a registered HCP's join link */
};

/* Start-up thread, schema current; one transaction. Needs app->clock and app->base_url; the deck is
 * left out without app->blobs. */
enum err sample_load(struct db_conn *conn, const struct app *app, const char *folder,
                     struct sample_links *links) MUST_CHECK;

/* What the program needs that plays the sample's synthetic speaker (sample/speaker.mjs): where to,
 * and a token to sign in with, once, within a minute. */
struct sample_speaker {
    struct id session;
    char token[TOKEN_TEXT_SIZE];
};

/* ERR_NOT_FOUND: the database holds no sample, or none with a session that is to come or live. */
enum err sample_speaker(struct db_conn *conn, int64_t now,
                        struct sample_speaker *speaker) MUST_CHECK;

#endif
