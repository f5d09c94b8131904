/* The live control of a session: start, extend, end, and what everybody sees of its schedule. The
 * rules here are plain; the session's row decides, under its lock, in sessions_store. */
#ifndef AMPHI_FEATURES_SESSIONS_H
#define AMPHI_FEATURES_SESSIONS_H

#include "base/identity.h"
#include "room/room.h"

extern const struct feature sessions_feature;

enum session_verb { SESSION_START, SESSION_EXTEND, SESSION_END };

#define PLANNED_MINUTES_MIN 5
#define PLANNED_MINUTES_MAX 1440

const char *session_verb_action(enum session_verb verb); /* "session.start" */
const char *session_verb_event(enum session_verb verb);  /* "session.started" */
bool session_allows(enum session_state state, enum session_verb verb);

/* What the event of a verb says; at: when it was done. A new reference. */
json_t *session_verb_data(enum session_verb verb, int64_t version, int64_t planned_minutes,
                          int64_t at);
/* What people are told of session.changed: of the session as they see it, what an edit can change.
 * A new reference. */
json_t *session_changed_data(const json_t *shown);
/* What those who follow the congress are told of it. A new reference. */
json_t *session_notice_data(const json_t *shown);
/* Brings shown (common.session of the snapshot) and the room up to date with what an event says. */
void session_update(struct room *room, json_t *shown, const json_t *data);

/* own.me */
json_t *session_me(const struct identity *who, const char *name);

#endif
