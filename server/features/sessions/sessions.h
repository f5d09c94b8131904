/* The live control of a session: start, extend, end, and what everybody sees of its schedule. The
 * rules here are plain; the session's row decides, under its lock, in sessions_store. */
#ifndef AMPHI_FEATURES_SESSIONS_H
#define AMPHI_FEATURES_SESSIONS_H

#include "base/identity.h"
#include "features/feature.h"
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
/* session.changed, from the snapshot's form. A new reference. */
json_t *session_changed_data(const json_t *shown);
/* Whether two snapshots differ in what session.changed tells. */
bool session_shown_differs(const json_t *a, const json_t *b);
/* Brings the snapshot's form and the room up to date with a committed event. */
void session_apply(struct room *room, json_t *shown, const char *type, const json_t *data);

/* own.me */
json_t *session_me(const struct identity *who, const char *name);

#endif
