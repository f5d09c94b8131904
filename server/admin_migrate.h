/* `amphi migrate`: brings the database to this version, as its owner. Serving does so by itself
 * where it may sign in as the owner; this is for where it may not. */
#ifndef AMPHI_ADMIN_MIGRATE_H
#define AMPHI_ADMIN_MIGRATE_H

#include "base/config.h"

/* The process's exit status. */
int admin_migrate(struct config *config);

#endif
