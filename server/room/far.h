/* What comes from other nodes for this node's rooms. Plain JSON on the bus, written by tell.c;
 * nothing depends on a message (nodes/bus.h): what is missing is read from the database. Texts and
 * names that somebody may have erased do not travel: where an event names such, the log is read
 * here.
 *
 *   events   {"session", "congress", "events": [[seq, at, type, version, audience, actor,
 * payload]], "look": true when there is more in the log} news     {"scope", "id", "topic", "data"},
 * as tell() has them
 */
#ifndef AMPHI_ROOM_FAR_H
#define AMPHI_ROOM_FAR_H

#include "nodes/node.h"
#include "room/tell.h"

extern const struct node_hooks far_hooks;

/* One message, delivered to the rooms. False: it is not one of these. Any thread. */
bool far_receive(struct app *app, const struct id *from, const char *kind, const char *data,
                 size_t len);

#endif
