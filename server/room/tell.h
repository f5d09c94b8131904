/* The ways into live rooms from any thread: committed events, and news that is in no log. They are
 * posted to this node's loops, and the other nodes hear of them by the bus (far.h). */
#ifndef AMPHI_ROOM_TELL_H
#define AMPHI_ROOM_TELL_H

#include "base/id.h"
#include "base/list.h"
#include <jansson.h>

struct app;
struct event;

#define TELL_EVENTS_MOST 1000 /* of one message between nodes; the log has the others */

/* Whom a piece of news concerns: the room of a session, the rooms of a congress, every room; or,
 * for a person, every room: which of them has the person is for each room's features to find out.
 */
enum scope_kind { SCOPE_SESSION, SCOPE_CONGRESS, SCOPE_PERSON, SCOPE_ALL };
extern const char *const scope_words[]; /* of those that travel, NULL-terminated */
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
 * closed with 4401, by {"person":id} or, with "sign_in":id, that browser alone; each may be a list
 * of ids. With "again":true they are closed with 1001 and join again with what they may do now;
 * with "xid", the transaction that changed it, only those that do not know it yet.
 *
 * The topic "notice", with the scope of a congress, is for connections too: those that follow the
 * congress get data as a frame.
 *
 * Of "revoked" other nodes hear by the control log, which the change's own transaction has written;
 * they are only told to look. */
void tell(struct app *app, struct scope scope, const char *topic, json_t *data);
/* The same on this node alone, and on the others alone. */
void tell_here(struct app *app, struct scope scope, const char *topic, json_t *data);
void tell_others(struct app *app, struct scope scope, const char *topic, json_t *data);

/* Tells those who follow the event's congress, if its type has a notice. */
void event_notice(struct app *app, const struct event *event);

/* Hands committed events to the rooms of their sessions. Empties the list. */
void tell_committed(struct app *app, struct list *events);
/* Nobody knows whether these events were committed: the rooms of their sessions read the log.
 * Empties the list. */
void tell_unknown(struct app *app, struct list *events);
/* The other nodes alone: events that this node has taken, or an outcome that nobody knows. Borrow.
 */
void tell_others_committed(struct app *app, const struct list *events);
void tell_others_look(struct app *app, const struct id *session);
/* On this node alone. */
void tell_committed_here(struct app *app, struct list *events);
/* The session's log has events of another node: its room, if it is open here, reads them. */
void tell_look_here(struct app *app, const struct id *session);

#endif
