/* What sessions_feature.c declares: the live side of a session. Home loop. */
#ifndef AMPHI_FEATURES_SESSIONS_ROOM_H
#define AMPHI_FEATURES_SESSIONS_ROOM_H

#include "room/feature.h"

command_handler session_start_command, session_extend_command, session_end_command;
apply_event session_apply, session_apply_started, session_apply_ended;
words_of_event session_encode_changed;
notice_of_event session_notice_shown, session_notice_verb;
enum err sessions_load(struct db_conn *c, const struct id *session, void **loaded);
void sessions_drop(void *loaded);
void sessions_take(struct room *room, void *loaded);
void sessions_close(struct room *room);
void sessions_snapshot(struct room *room, unsigned audience, json_t *common);
void sessions_snapshot_own(struct room *room, const struct member *member, json_t *own);

#endif
