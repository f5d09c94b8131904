/* The live side of recording in one room. Home loop. */
#ifndef AMPHI_FEATURES_RECORDING_ROOM_H
#define AMPHI_FEATURES_RECORDING_ROOM_H

#include "features/recording/recording_store.h"
#include "recording/recorder.h"

struct recording_room {
    struct recording_state state; /* what was committed */
};

struct recording_room *recording_room_of(const struct room *room);

/* --- the process (recording_disk.c) --- */
/* NULL: the recorder does not run. Any thread. */
struct recorder *recording_recorder(void);
/* Asks a worker to start what is set to start with the session. */
void recording_start_soon(struct app *app, const struct id *session);
enum err recording_process_start(struct app *app, struct db_conn *conn);
void recording_process_tick(struct app *app);
void recording_process_stop(struct app *app);

/* --- what recording_feature.c declares --- */
command_handler recording_start_command, recording_stop_command, recording_consent_command;
apply_event recording_apply_started, recording_apply_stopped, recording_apply_consented,
    recording_apply_set;
words_of_event recording_encode_started;
person_of_event recording_person_of;
enum err recording_room_load(struct db_conn *c, const struct id *session, void **loaded);
void recording_room_drop(void *loaded);
void recording_room_take(struct room *room, void *loaded);
void recording_room_close(struct room *room);
void recording_room_snapshot(struct room *room, unsigned audience, json_t *common);
void recording_room_snapshot_own(struct room *room, const struct member *member, json_t *own);
void recording_room_event(struct room *room, const struct event *event);
void recording_room_records(struct room *room, const struct identity *who, struct payload *records);

#endif
