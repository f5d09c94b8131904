/* The live side of the stage in one room. Home loop. */
#ifndef AMPHI_FEATURES_STAGE_ROOM_H
#define AMPHI_FEATURES_STAGE_ROOM_H

#include "features/stage/stage_store.h"

/* set and hands are what was committed: events change them (stage_events.c). */
struct stage_room {
    struct stage_set set;
    struct stage_hands hands;
    bool losing;      /* somebody is being taken off who was lost */
    int64_t retry_at; /* not before then */
};

struct stage_room *stage_room_of(const struct room *room);
struct stage_hand *stage_room_hand(const struct stage_room *s, const struct id *person);

/* stage_live.c: somebody is there from now on; is no more */
void stage_live_begin(struct room *room, struct stage_person *p);
void stage_live_end(struct room *room, const struct id *person);

/* --- what stage_feature.c declares --- */
struct media_rights stage_media_rights(struct room *room, const struct identity *who);
void stage_publishing(struct room *room, const struct id *person, int stream);
void stage_speaking(struct room *room, const struct id *person, int stream);
void stage_member_join(struct room *room, struct member *member);
void stage_member_leave(struct room *room, struct member *member, struct departure *departure);
void stage_other_enter(struct room *room, const struct other *other);
void stage_other_leave(struct room *room, const struct other *other);
void stage_room_tick(struct room *room);
command_handler stage_enter_command, stage_exit_command, stage_move_command, stage_remove_command,
    stage_mute_command, stage_camera_command, stage_screen_command, stage_spotlight_command,
    stage_layout_command, stage_invite_command, stage_decline_command, hand_raise_command,
    hand_lower_command, media_watch_command, media_hearing_command;
attach_event stage_attach, hand_attach;
apply_event stage_apply_person, stage_apply_gone, stage_apply_spotlight, stage_apply_layout,
    hand_apply_raised, hand_apply_lowered;
words_of_event stage_encode_person, hand_encode_raised;
person_of_event stage_person_of;
enum err stage_room_load(struct db_conn *c, const struct id *session, void **loaded);
void stage_room_drop(void *loaded);
void stage_room_take(struct room *room, void *loaded);
void stage_room_close(struct room *room);
void stage_room_snapshot(struct room *room, unsigned audience, json_t *common);
void stage_room_snapshot_own(struct room *room, const struct member *member, json_t *own);
void stage_room_event(struct room *room, const struct event *event);

#endif
