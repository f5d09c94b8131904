/* `amphi nodes`: which servers use the database, for operators. Looks and changes nothing: the
 * schema may be of an older or a newer version's. */
#ifndef AMPHI_ADMIN_NODES_H
#define AMPHI_ADMIN_NODES_H

#include "base/config.h"

/* The process's exit status: 1 also when a node is away. */
int admin_nodes(struct config *config);

#endif
