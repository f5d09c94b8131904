/* The live side of the questions in one room. Home loop. */
#ifndef AMPHI_FEATURES_QUESTIONS_ROOM_H
#define AMPHI_FEATURES_QUESTIONS_ROOM_H

#include "features/questions/questions.h"
#include "room/feature.h"

/* all is what was committed: events change it (questions_events.c), and votes by what their commit
 * returned. */
struct questions_room {
    struct questions all;
};

struct questions_room *questions_room_of(const struct room *room);
/* Nobody votes for it any more, or for now: its votes came with the event of its change, and those
 * who join from here on have them in the snapshot. */
void questions_room_votes_end(struct room *room, struct question *q);

/* A vote of this node, for the others. */
void question_share_vote(struct room *room, const struct question *q, const struct id *person);

/* --- what questions_feature.c declares --- */
command_handler question_ask_command, question_vote_command, question_approve_command,
    question_answer_command, question_dismiss_command, question_stage_command;
attach_event question_attach;
release_event question_release;
apply_event question_apply_asked, question_apply_changed, question_apply_staged;
words_of_event question_encode_asked, question_encode_changed, question_encode_for_hcps;
person_of_event question_author_of;
enum err questions_load_room(struct db_conn *c, const struct id *session, void **loaded);
void questions_drop(void *loaded);
void questions_take(struct room *room, void *loaded);
enum err questions_load_votes(struct db_conn *c, const struct id *session, void **loaded);
void questions_drop_votes(void *loaded);
void questions_take_votes(struct room *room, void *loaded);
void questions_close(struct room *room);
void questions_told(struct room *room, const char *topic, const json_t *data);
void questions_tick(struct room *room);
void questions_snapshot(struct room *room, unsigned audience, json_t *common);
void questions_snapshot_own(struct room *room, const struct member *member, json_t *own);
void questions_on_event(struct room *room, const struct event *event);

#endif
