/* SQL files that come with the program: run as they are, without parameters, several statements
 * allowed. */
#ifndef AMPHI_DB_SCRIPT_H
#define AMPHI_DB_SCRIPT_H

#include "base/buf.h"
#include "base/err.h"

#define SCRIPT_MAX      (1024 * 1024) /* bytes of one file */
#define SCRIPT_WHY_SIZE 512

struct db_conn;

/* Into an empty buffer of at least SCRIPT_MAX; false when it cannot be read, is empty or longer. */
bool script_read(const char *folder, const char *name, struct buf *text) MUST_CHECK;
/* Within the caller's transaction, if there is one. A failure leaves one line in why: "failed at
 * line 3: relation x exists". */
enum err script_run(struct db_conn *c, const char *text,
                    char why[static SCRIPT_WHY_SIZE]) MUST_CHECK;
enum err script_run_file(struct db_conn *c, const char *folder, const char *name,
                         char why[static SCRIPT_WHY_SIZE]) MUST_CHECK;

#endif
