/* SQL of recordings, nothing else. Worker threads. */
#ifndef AMPHI_FEATURES_RECORDING_STORE_H
#define AMPHI_FEATURES_RECORDING_STORE_H

#include "features/recording/recording.h"
#include "recording/tape.h"
#include "room/lane_call.h"
#include "storage/storage.h"

/* out is zeroed. */
enum err recording_load(struct db_conn *c, const struct id *session,
                        struct recording_state *out) MUST_CHECK;

/* --- commands, and what the server does by itself --- */

struct recording_call {
    struct lane_call lc;
    enum { RECORDING_START, RECORDING_STOP, RECORDING_CONSENT } act;
    bool given; /* of a consent */
};
/* Refused with session.state when there is nothing to record any more. */
enum err recording_call_write(struct db_conn *c, struct lane_call *lc) MUST_CHECK;
/* In a change that has the session's row. Nothing happens when it runs already, or does not. */
enum err recording_start(struct db_conn *c, struct change *change,
                         const struct id *session) MUST_CHECK;
enum err recording_stop(struct db_conn *c, struct change *change, const struct id *session,
                        const char *why) MUST_CHECK;
/* In a transaction of its own: starts what is set to start with the session; stops a recording that
 * cannot go on; stops those whose sessions are over. */
enum err recording_start_alone(struct db_conn *c, struct app *app, const struct id *session,
                               int64_t now) MUST_CHECK;
enum err recording_fail(struct db_conn *c, struct app *app, const struct id *recording,
                        const char *why, int64_t now) MUST_CHECK;
enum err recording_end_all(struct db_conn *c, struct app *app, int64_t now) MUST_CHECK;

/* --- what is on the disk --- */

struct recording_piece {
    struct tape_name name;
    int64_t to_us;
    int width, height;
    size_t bytes;
    blob_hash hash;
    struct blob_draft *file; /* sealed; NULL afterwards */
};
/* ERR_NOT_FOUND: nobody wants it any more, as the person did not agree, or the recording was
 * deleted; ERR_CONFLICT: it is above the organisation's quota. */
enum err recording_keep(struct db_conn *c, struct app *app, struct recording_piece *piece,
                        int64_t now) MUST_CHECK;

/* The HCP's chunks go, and the films with them. */
enum err recording_erase(struct db_conn *c, const struct id *hcp) MUST_CHECK;

/* There is a disk to record to (recording_disk.c). Worker's thread. */
bool recording_has_room(void);

#endif
