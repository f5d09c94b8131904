/* Builds the server in order, waits for a signal, takes it down in reverse. */
#ifndef AMPHI_SERVE_H
#define AMPHI_SERVE_H

#include "config.h"
#include <stdbool.h>

struct feature;

struct serve_options {
    const struct feature *const *features; /* NULL-terminated, slots set */
    bool sample; /* load the sample congress once, print addresses and one-time links */
};

/* The process's exit status. Errors at start are one line on standard error. */
int serve(struct config *config, const struct serve_options *options);

/* Opens the database that the configuration names, for `amphi admin`: the private cluster's when it
 * runs or can be started. Returns the exit status of work(). */
struct app;
struct db_conn;
int with_database(struct config *config,
                  int (*work)(struct config *, struct db_conn *, const char *url, void *arg),
                  void *arg);

#endif
