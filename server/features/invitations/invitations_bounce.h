/* Mails that came back: reads a mailbox file (mbox, or one message) for reports that a mail cannot
 * be delivered (RFC 3464). Constant memory. Any thread. */
#ifndef AMPHI_FEATURES_INVITATIONS_BOUNCE_H
#define AMPHI_FEATURES_INVITATIONS_BOUNCE_H

#include "base/err.h"
#include "base/id.h"
#include <stdint.h>
#include <stdio.h>

/* A mail of ours that failed for good: its id, as its Message-ID has it, and the status, "5.1.1".
 */
struct bounce {
    struct id mail;
    char status[16];
};
struct bounce_counts {
    int64_t messages; /* in the file */
    int64_t failed;   /* of these, that a mail of ours failed for good */
};
/* each(): once for a message; anything but ERR_OK ends the reading. ERR_INTERNAL: the file cannot
 * be read to its end. */
enum err bounces_read(FILE *file, enum err (*each)(void *arg, const struct bounce *bounce),
                      void *arg, struct bounce_counts *counts) MUST_CHECK;

#endif
