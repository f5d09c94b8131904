/* Builds the server in order, waits for a signal, takes it down in reverse. */
#ifndef AMPHI_SERVE_H
#define AMPHI_SERVE_H

#include "base/config.h"
#include <stdbool.h>

struct feature;

struct serve_options {
    const struct feature *const *features; /* NULL-terminated */
    bool sample; /* load the sample congress once, print addresses and one-time links */
};

#define SERVE_AGAIN 75 /* the run is over, the process may begin anew */
/* The process's exit status. Errors at start are one line on standard error. */
int serve(struct config *config, const struct serve_options *options);

#endif
