/* What one client may ask for, over all nodes: each tells the others ten times a second what was
 * taken there (base/rate.h). Binary: which table, then its news. Where the bus is away each node
 * counts for itself. */
#ifndef AMPHI_NODES_LIMITS_H
#define AMPHI_NODES_LIMITS_H

#include "base/app.h"
#include "nodes/bus.h"

#define LIMITS_KIND     "limits"
#define LIMITS_EVERY_US (100 * US_PER_MS)

/* Before anything is asked for. secret: the installation's. */
void limits_share(const struct app *app, const uint8_t secret[static sizeof(uint64_t)]);
/* Tells what is to be told. One thread. */
void limits_tell(const struct app *app, struct bus *bus);
/* Any thread. False: not one of these messages. */
bool limits_hear(const struct app *app, const char *data, size_t len);

#endif
