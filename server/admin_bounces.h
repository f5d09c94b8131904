/* `amphi bounces`: mails that came back, for operators. */
#ifndef AMPHI_ADMIN_BOUNCES_H
#define AMPHI_ADMIN_BOUNCES_H

#include "base/config.h"

/* file: a mailbox file, "-" for what comes in; NULL: not said. The process's exit status. */
int admin_bounces(struct config *config, const char *file);

#endif
