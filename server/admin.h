/* `amphi admin …`: what an administrator does on the server's machine, beside a running server or
 * without one. */
#ifndef AMPHI_ADMIN_H
#define AMPHI_ADMIN_H

#include "base/config.h"

struct admin_organisation {
    const char *name, *contact, *organiser, *organiser_name, *language;
    const char *mb; /* of its quota; NULL: not said */
};

/* The process's exit status. */
int admin_run(struct config *config, const char *verb,
              const struct admin_organisation *organisation);

#endif
