/* The ways into live rooms from any thread: committed events, and news that is in no log. On one
 * node these post to the loops' mailboxes; between nodes a bus will carry the same. */
#ifndef AMPHI_ROOM_TELL_H
#define AMPHI_ROOM_TELL_H

#include "base/id.h"
#include "base/list.h"
#include <jansson.h>

struct app;
struct event;

/* Whom a piece of news concerns: the room of a session, the rooms of a congress, or, for a person,
 * every room: which of them has the person is for each room's features to find out. */
enum scope_kind { SCOPE_SESSION, SCOPE_CONGRESS, SCOPE_PERSON };
struct scope {
    enum scope_kind kind;
    struct id id;
};
static inline struct scope scope_session(const struct id *session)
{
    return (struct scope){SCOPE_SESSION, *session};
}
static inline struct scope scope_congress(const struct id *congress)
{
    return (struct scope){SCOPE_CONGRESS, *congress};
}
static inline struct scope scope_person(const struct id *person)
{
    return (struct scope){SCOPE_PERSON, *person};
}

/* Something was committed that a live room shows but that is no event of its session's log (a
 * registration, a sign-in that ended, progress). Each feature's `told` gets it on the home loop of
 * each room in the scope, if that room is open; a room that is opening gets it when it is open.
 * Takes data (NULL: {}).
 *
 * The topic "revoked", with the scope of a person, is for connections: those that data names are
 * closed with 4401, by {"person":id} or, with "sign_in":id, that browser alone; with "again":true
 * they are closed with 1001 and join again with what they may do now.
 *
 * The topic "notice", with the scope of a congress, is for connections too: those that follow the
 * congress get data as a frame. */
void tell(struct app *app, struct scope scope, const char *topic, json_t *data);

/* Tells those who follow the event's congress, if its type has a notice. */
void event_notice(struct app *app, const struct event *event);

/* Hands committed events to the rooms of their sessions. Empties the list. */
void tell_committed(struct app *app, struct list *events);
/* Nobody knows whether these events were committed: the rooms of their sessions read the log.
 * Empties the list. */
void tell_unknown(struct app *app, struct list *events);

#endif
