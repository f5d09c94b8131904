/* What serving and administering have in common at start: the data folder, privileges, the
 * database. Every function returns false with one line in why[]. */
#ifndef AMPHI_START_H
#define AMPHI_START_H

#include "config.h"
#include "db/db.h"
#include <stdbool.h>
#include <stddef.h>

#define WHY_SIZE 512

/* Makes config->data; started by root, gives it to config->user and becomes that user for good. */
bool start_data(const struct config *config, char why[static WHY_SIZE]);
/* One server per data folder. The lock is held until the process ends. */
bool start_lock(const struct config *config, char why[static WHY_SIZE]);
void raise_file_limit(void);
/* version as PostgreSQL counts: 140011, before 10 90624. */
bool start_supports(int version, char why[static WHY_SIZE]);
/* Connects, refuses a PostgreSQL older than 14 by name, migrates (or only checks). */
struct db_conn *start_connect(const struct config *config, const char *url, bool migrate,
                              char why[static WHY_SIZE]);

#endif
