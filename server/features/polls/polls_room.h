/* The live side of the polls in one room. Home loop. */
#ifndef AMPHI_FEATURES_POLLS_ROOM_H
#define AMPHI_FEATURES_POLLS_ROOM_H

#include "features/polls/polls_store.h"
#include "room/feature.h"

/* all is what was committed: events change it (polls_events.c), and votes by what their commit
 * returned. */
struct polls_room {
    struct polls all;
};

struct polls_room *polls_room_of(const struct room *room);
/* The tally's audience may have changed: what was pushed for the other one must not stay. */
void poll_push_tally_afresh(struct room *room, struct poll *p);

/* --- what polls_feature.c declares --- */
command_handler poll_vote_command, poll_open_command, poll_close_command, poll_show_command,
    poll_hide_command;
apply_event poll_apply_changed, poll_apply_opened, poll_apply_closed, poll_apply_shown,
    poll_apply_hidden;
words_of_event poll_encode_closed;
enum err polls_load_room(struct db_conn *c, const struct id *session, void **loaded);
void polls_drop(void *loaded);
void polls_take(struct room *room, void *loaded);
void polls_take_count(struct room *room, void *loaded);
void polls_close(struct room *room);
void polls_told(struct room *room, const char *topic, const json_t *data);
void polls_tick(struct room *room);
/* A vote of this node, for the others. */
void poll_share_vote(struct room *room, const struct poll *p, const struct id *person);
void polls_snapshot(struct room *room, unsigned audience, json_t *common);
void polls_snapshot_own(struct room *room, const struct member *member, json_t *own);

#endif
