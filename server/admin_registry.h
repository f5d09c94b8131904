/* `amphi registry`: the French register of health professionals, for operators. */
#ifndef AMPHI_ADMIN_REGISTRY_H
#define AMPHI_ADMIN_REGISTRY_H

#include "base/config.h"

struct admin_registry {
    const char *file, *date; /* NULL: not said */
    bool force;
};

/* verb: import or show. The process's exit status. */
int admin_registry(struct config *config, const char *verb, const struct admin_registry *asked);

#endif
